"""Bad input on the lab's page: a sentence that calls it by its name, and the page goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from makers.browser import IN_BROWSER
from makers.lab_page import DEADLINE, TORKHAM, Moved

pytestmark = IN_BROWSER


@pytest.mark.parametrize(
    "content", [b"{}", b"not json", b'{"scenarios": [{"name": "x", "set": ["nothing"]}]}', b"\xff\xfe"]
)
def test_a_bad_file_is_answered_with_a_sentence(page: Any, content: bytes) -> None:
    """Opening something that holds no scenarios says so and leaves the page alive."""
    page.set_input_files("#upload", {"name": "x.json", "mimeType": "application/json", "buffer": content})
    page.locator("#said", has_text="no scenarios").wait_for()
    with Moved(page):
        page.select_option("#shipped", label="suspension")


def test_a_file_with_a_refused_path_shows_why(page: Any) -> None:
    """A scenario on enforcement strength is refused with the sentence of the closed list; undo goes on."""
    text = json.dumps({"scenarios": [{"name": "x", "set": ["enforcement.rate=2"]}]}).encode()
    page.set_input_files("#upload", {"name": "x.json", "mimeType": "application/json", "buffer": text})
    page.locator("#problem", has_text="Enforcement is an outside fact").wait_for()
    page.click("#undo")
    page.wait_for_selector("#problem:empty", state="attached")


def test_names_from_a_file_stay_text(page: Any) -> None:
    """Markup in a name is shown as it is written and runs nothing."""
    text = json.dumps({"scenarios": [{"name": "<img src=x onerror=document.title=1>", "set": []}]}).encode()
    page.set_input_files("#upload", {"name": "x.json", "mimeType": "application/json", "buffer": text})
    page.locator("#kept button", has_text="<img src=x").wait_for()
    assert page.locator("#kept img, #side img").count() == 0


BAD = {
    "a day that has passed": ([(f"c-{DEADLINE}", "2020-01-01")], "the day has passed"),
    "a day far ahead": ([(f"c-{DEADLINE}", "2999-01-01")], "more than ten years after"),
    "a period that ends before it starts": (
        [(f"c-{TORKHAM}-from", "2023-11-10"), (f"c-{TORKHAM}-to", "2023-11-01")], "ends before it starts",
    ),
    "a period beyond the last day": (
        [(f"c-{TORKHAM}-from", "2024-11-10"), (f"c-{TORKHAM}-to", "2024-11-12")], "after the last day of the run",
    ),
    "hours that a day does not have": (
        [("c-crossings.torkham.hours-from", "7"), ("c-crossings.torkham.hours-to", "29")], "0 to 24",
    ),
    "less than nobody": ([("c-stages.omari_reception.capacity-number", "-5")], "beyond what is possible"),
    "a camp for all the world": ([("c-stages.omari_reception.capacity-number", "1e12")], "beyond what is possible"),
    "desks of last year": (
        [("c-registration.torkham_zero_point.desks-number", "60"),
         ("c-registration.torkham_zero_point.desks-from", "2022-10-01")], "the day has passed",
    ),
    "more people than there are": (
        [("c-arrivals.torkham.surge-rate", "1e9"), ("c-arrivals.torkham.surge-from", "2023-11-01"),
         ("c-arrivals.torkham.surge-to", "2023-11-02")], "beyond what is possible",
    ),
}  # fmt: skip


def test_bad_input_is_answered_with_a_sentence_and_the_page_goes_on(page: Any) -> None:
    """One after another on the same page: the sentence calls the input by its name and the page stays alive."""
    for name, (entries, sentence) in BAD.items():
        for entry, value in entries:
            page.evaluate(
                "([id, value]) => { const at = document.getElementById(id); at.value = value;"
                " at.dispatchEvent(new Event('change')); }", [entry, value],
            )  # fmt: skip
        page.wait_for_selector("#problem:not(:empty)")
        said = page.inner_text("#problem")
        assert sentence in said and "=" not in said, name
        page.click("#clear")
        page.wait_for_selector("#problem:empty", state="attached")
    with Moved(page):
        page.fill(f"[id='c-{DEADLINE}']", "2023-11-21")
        page.locator(f"[id='c-{DEADLINE}']").blur()
    assert page.inner_text("#problem") == ""


def test_a_wave_that_names_nobody_and_a_wave_suspended_and_moved_are_refused(page: Any) -> None:
    """The last status cannot be left out: a sentence says what can, and stands when the answer before it comes."""
    boxes = [f"c-calendar.undocumented.statuses-{status}" for status in ("undocumented", "other")]
    with Moved(page):  # both clicks in one breath: the answer to the first comes after the second is refused
        page.evaluate("(ids) => ids.forEach((id) => document.getElementById(id).click())", boxes)
    assert "suspend it" in page.inner_text("#problem")
    assert page.locator("[id='c-calendar.undocumented.statuses-other']").is_checked()
    page.click("#clear")
    page.wait_for_selector("#problem:empty", state="attached")
    page.locator("[id='c-calendar.undocumented.suspended']").check()
    page.fill(f"[id='c-{DEADLINE}']", "2023-12-01")
    page.locator(f"[id='c-{DEADLINE}']").blur()
    page.wait_for_selector("#problem:not(:empty)")
    assert "suspends this wave and changes it as well" in page.inner_text("#problem")


@pytest.mark.parametrize(
    ("field", "value"), [("budget", "-5"), ("budget", "1e15"), ("figure", "-3"), ("by", "2020-01-01")]
)
def test_a_budget_or_figure_that_is_none_is_said_before_the_page_asks(page: Any, field: str, value: str) -> None:
    """A sentence in the page's words, and nothing is chosen."""
    page.fill(f"#send-{field}", value)
    page.click("#send-go")
    page.wait_for_selector("#send-problem:not([hidden])")
    said = page.inner_text("#send-problem")
    assert "Input should" not in said and "body" not in said and len(said) > 30
    assert page.locator("#send-found").is_hidden()
