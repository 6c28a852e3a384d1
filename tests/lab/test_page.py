"""The lab's page in a real browser: it answers planning questions, by mouse, by keyboard, on a desk, on a phone."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="NO CHROMIUM: the lab's page was not tested in a browser"),
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DEADLINE = "calendar.undocumented.deadline"
TORKHAM = "crossings.torkham.closed"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.fixture()
def page(browser: Any, address: str) -> Iterator[Any]:
    """The page on a desk, with nothing changed; anything that it logs as an error fails the test."""
    yield from open_page(browser, address, 1280, "light")


def open_page(browser: Any, address: str, width: int, scheme: str) -> Iterator[Any]:
    """A page of a width and a colour scheme."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True)
    made = context.new_page()
    problems: list[str] = []
    made.on("pageerror", lambda error: problems.append(str(error)))
    made.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    made.goto(address)
    made.wait_for_selector("body[data-ready]")
    yield made
    assert [text for text in problems if "422" not in text] == []
    context.close()


class Moved:
    """What is done inside changes the answer; leaving waits until it is drawn."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def __enter__(self) -> None:
        self.before = self.page.get_attribute("body", "data-answer")

    def __exit__(self, *error: object) -> None:
        if error[0] is None:
            self.page.wait_for_selector(f"body:not([data-answer='{self.before}'])")


def asked(address: str, *changes: str) -> dict[str, Any]:
    """What the API says, asked beside the page."""
    query = "&".join(f"set={change}" for change in changes)
    with urllib.request.urlopen(f"{address}api/compare?{query}") as reply:
        found: dict[str, Any] = json.loads(reply.read())
    return found


def shown(page: Any, indicator: str, column: int) -> list[int]:
    """The numbers of one cell of the table of differences."""
    text = page.locator(f".lines tr[data-id={indicator}] td").nth(column - 1).inner_text()
    return [int(one.replace(",", "").replace("−", "-").replace("+", "")) for one in re.findall(r"[−+]?[\d,]+", text)]


def near(found: list[int], wanted: list[float]) -> bool:
    """Median and ends of the range are those of the API, up to the rounding of the page."""
    order = [wanted[1], wanted[0], wanted[2]]
    return len(found) == 3 and all(abs(a - b) <= max(1.0, 0.05 * abs(b)) for a, b in zip(found, order, strict=True))


def test_how_many_fewer_cross_in_the_first_week_if_the_deadline_moves(page: Any, address: str) -> None:
    """First planning question: set the day, choose the first seven days, read the difference."""
    with Moved(page):
        page.fill(f"[id='c-{DEADLINE}']", "2024-03-31")
        page.locator(f"[id='c-{DEADLINE}']").blur()
    page.get_by_role("radio", name="First 7 days").check()
    line = next(
        one for one in asked(address, f"{DEADLINE}=2024-03-31")["windows"][0]["lines"] if one["id"] == "arrivals"
    )
    assert line["difference"][1] < 0
    assert near(shown(page, "arrivals", 3), line["difference"])
    assert "fewer" in page.locator("#lines tr[data-id=arrivals] td").last.inner_text()
    assert "31 March 2024, after the last day counted" in page.inner_text("#notes")
    assert "31 March 2024" in page.inner_text("#chips li")


def test_how_many_more_nights_in_the_open_if_torkham_closes_ten_days(page: Any, address: str) -> None:
    """Second planning question: one press in Torkham's lane, then the row of nights without shelter."""
    with Moved(page):
        page.get_by_role("button", name="Torkham: closed: add 10 days").click()
    line = next(
        one
        for one in asked(address, f"{TORKHAM}=2023-11-05..2023-11-14")["windows"][-1]["lines"]
        if one["id"] == "open_nights"
    )
    assert near(shown(page, "open_nights", 3), line["difference"])
    assert page.locator("#chips li").inner_text().startswith("Torkham, closed: 5 Nov to 14 Nov")


def test_where_queues_go_if_torkham_closes_and_by_how_much(page: Any, address: str) -> None:
    """A planning question of its own: the table of crossings has each crossing's longest queue and its difference."""
    with Moved(page):
        page.get_by_role("button", name="Torkham: closed: add 10 days").click()
    page.get_by_role("radio", name="First 14 days").check()
    crossings = asked(address, f"{TORKHAM}=2023-11-05..2023-11-14")["windows"][1]["crossings"]
    for one in crossings:
        cells = page.locator("#crossing-rows tr", has_text=one["name"]).locator("td")
        for at, triple in (
            (0, one["queue"]["base"]),
            (2, one["queue"]["difference"]),
            (5, one["crossed"]["difference"]),
        ):
            text = cells.nth(at).inner_text()
            found = [int(each.replace(",", "").replace("−", "-")) for each in re.findall(r"−?[\d,]+", text)]
            assert near(found, triple), (one["name"], at)
    torkham = next(one for one in crossings if one["place"] == "torkham")
    assert torkham["queue"]["difference"][1] > 0 > torkham["crossed"]["difference"][1]


def test_what_must_be_at_one_place_by_a_day_and_what_it_costs(page: Any, address: str) -> None:
    """A place and a day are chosen: only its lines stand there, and the sentence says their cost."""
    page.wait_for_selector("#ready[data-ready]:not(.waiting)")
    page.select_option("#ready-place", label="Torkham zero point")
    page.fill("#ready-to", "2023-11-03")
    page.locator("#ready-to").blur()
    page.wait_for_selector("#ready[data-ready='6']:not(.waiting)")
    with urllib.request.urlopen(f"{address}api/ready.csv?days=6") as reply:
        rows = [row for row in csv.DictReader(io.StringIO(reply.read().decode())) if row["in_place"]]
    short = [row for row in rows if row["site"] == "torkham_zero_point" and float(row["missing"]) > 0]
    assert page.locator("#ready-rows tr").count() == len(short) > 0
    cost = sum(float(row["cost_usd"]) for row in short)
    said = page.inner_text("#ready-said")
    assert "to 3 November 2023" in said
    assert int(re.findall(r"about ([\d,]+) US", said)[0].replace(",", "")) == pytest.approx(cost, rel=0.05)
    page.fill("#ready-to", "2031-01-01")
    page.locator("#ready-to").blur()
    assert "further ahead nothing was simulated" in page.inner_text("#ready-said")


def test_which_site_is_above_capacity_first_and_when(page: Any, address: str) -> None:
    """Third planning question: the answer stands in a sentence, and the table names every site with its day."""
    path = "stages.takhta_pul_reception.capacity"
    with Moved(page):
        page.fill(f"[id='c-{path}-number']", "200") if page.locator(f"[id='c-{path}-number']").is_visible() else None
        page.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")
        page.fill(f"[id='c-{path}-number']", "200")
        page.locator(f"[id='c-{path}-number']").blur()
    answer = asked(address, f"{path}=200")
    first = page.locator("#first .changed dd").inner_text()
    assert first == answer["first_above"]["changed"]
    assert first.startswith("Takhta Pul camp: reception centre, from about ")
    assert page.locator("#breaches tbody tr").first.inner_text().startswith("Takhta Pul camp")


def test_what_must_be_where_by_friday(page: Any, address: str) -> None:
    """Fourth planning question: choose the first seven days; the lines that are short, the most urgent first."""
    page.get_by_role("radio", name="First 7 days").check()
    page.wait_for_selector("#ready[data-ready='7']:not(.waiting)")
    with urllib.request.urlopen(f"{address}api/ready.csv?days=7") as reply:
        wanted = [row for row in csv.DictReader(io.StringIO(reply.read().decode())) if row["in_place"]]
    short = [row for row in wanted if float(row["missing"]) > 0]
    assert page.locator("#ready-rows tr, #ready-more-rows tr").count() == len(short) > 0
    first = page.locator("#ready-rows tr").first.inner_text()
    assert short[0]["name"] in first and f"{round(float(short[0]['missing'])):,}" in first
    assert f"{len(short)} of the {len(wanted)} lines" in page.inner_text("#ready-said")
    with Moved(page):
        page.select_option("#shipped", label="registration desks doubled")
    page.wait_for_selector("#ready-file[href*=desks]")


def test_what_to_send_where_under_a_budget(page: Any, address: str, tmp_path: Path) -> None:
    """Fifth planning question, by keyboard: a budget, Enter; lines, limits and the table are those of the API."""
    page.get_by_role("radio", name="First 7 days").check()
    page.fill("#send-budget", "500000")
    page.press("#send-budget", "Enter")
    page.wait_for_selector("#send-found:not([hidden])")
    with urllib.request.urlopen(f"{address}api/preposition.csv?budget_usd=500000&days=7") as reply:
        wanted = [row for row in csv.DictReader(io.StringIO(reply.read().decode())) if int(row["units"])]
    assert page.locator("#send-rows tr, #send-more-rows tr").count() == len(wanted)
    dearest = max(wanted, key=lambda row: float(row["cost_usd"]))
    assert f"{int(dearest['units']):,}" in page.locator("#send-rows tr").first.inner_text()
    assert page.locator("#send-unmet tr").count() == 4 and "another 10,000 USD" in page.inner_text("#send-limits")
    with page.expect_download() as saved:
        page.click("#send-file")
    saved.value.save_as(tmp_path / "send.csv")
    with (tmp_path / "send.csv").open(encoding="utf-8") as file:
        assert [row for row in csv.DictReader(file) if int(row["units"])] == wanted
    with Moved(page):
        page.select_option("#shipped", label="registration desks doubled")
    page.locator("#send-old").wait_for()
    page.click("#send-go")
    page.locator("#send-old").wait_for(state="hidden")


def test_a_plan_that_is_not_feasible_is_said_on_the_page(page: Any) -> None:
    """A promise beyond the budget: by how much; a budget that is none; then a plan again."""
    page.locator("#send-form details summary").click()
    page.select_option("#bound-what", "omari_camp:blankets")
    page.fill("#bound-units", "5000")
    page.press("#bound-units", "Enter")
    page.fill("#send-budget", "1000")
    page.click("#send-go")
    page.locator("#send-problem", has_text="39,000 USD more").wait_for()
    page.fill("#send-budget", "")
    page.click("#send-go")
    page.locator("#send-problem", has_text="Give a budget").wait_for()
    page.get_by_role("button", name="Take back: Omari camp, blankets: at least 5,000").click()
    page.fill("#send-budget", "1000")
    page.click("#send-go")
    page.wait_for_selector("#send-found:not([hidden])")
    assert page.locator("#send-problem").is_hidden()


@pytest.mark.parametrize(("width", "scheme"), [(1920, "light"), (1280, "dark"), (360, "light"), (360, "dark")])
def test_every_state_is_accessible_and_fits(browser: Any, address: str, width: int, scheme: str) -> None:
    """Nothing changed, changed, side by side, refused, tables opened: axe finds nothing, nothing scrolls sideways."""
    from axe_playwright_python.sync_playwright import Axe

    for page in open_page(browser, address, width, scheme):
        with Moved(page):
            page.select_option("#shipped", label="Torkham closed for ten days")
        page.click("#keep")
        page.wait_for_selector("#side tbody tr")
        page.wait_for_selector("#ready[data-ready]:not(.waiting)")
        page.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")
        page.fill("#bound-units", "5000")
        page.click("#bound-add")
        page.click("#send-go")
        page.wait_for_selector("#send-found:not([hidden])")
        page.fill("#send-budget", "1")
        page.click("#send-go")
        page.wait_for_selector("#send-problem:not([hidden])")
        page.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")
        pause = "[id='c-calendar.undocumented.pause-{}']"
        page.fill(pause.format("from"), "2023-12-20")
        page.fill(pause.format("to"), "2023-12-01")
        page.locator(pause.format("to")).blur()
        page.wait_for_selector("#problem:not(:empty)")
        assert "the period ends before it starts" in page.inner_text("#problem")
        assert page.locator(pause.format("to")).get_attribute("aria-invalid") == "true"
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for drawing in page.locator("svg[role=img]").all():
            assert len(drawing.get_attribute("aria-label")) > 20
        assert page.locator(".twin table").count() >= page.locator("svg[role=img]").count()


def test_undo_redo_and_taking_back(page: Any) -> None:
    """Each step can be taken back and made again, by buttons and by keys; a chip takes one change away."""
    start = page.get_attribute("body", "data-answer")
    with Moved(page):
        page.select_option("#shipped", label="registration desks doubled")
    both = page.get_attribute("body", "data-answer")
    with Moved(page):
        page.locator("#chips button").first.click()
    one = page.get_attribute("body", "data-answer")
    assert page.locator("#chips li").count() == 1
    for press, wanted in (("Control+z", both), ("Control+z", start), ("Control+y", both), ("Control+Shift+Z", one)):
        page.locator("h1").click()
        page.keyboard.press(press)
        page.wait_for_selector(f"body[data-answer='{wanted}']")
    page.click("#clear")
    page.wait_for_selector(f"body[data-answer='{start}']")
    assert page.locator("#clear").is_disabled()


def test_the_time_line_works_by_keyboard(page: Any) -> None:
    """A handle is a slider with a day as its value: arrows move it, Delete takes the bar away."""
    handle = page.get_by_role("slider", name="deadline")
    assert handle.get_attribute("aria-valuetext") == "31 October 2023"
    handle.focus()
    with Moved(page):
        page.keyboard.press("PageUp")
    assert handle.get_attribute("aria-valuetext") == "7 November 2023"
    assert page.input_value(f"[id='c-{DEADLINE}']") == "2023-11-07"
    with Moved(page):
        page.get_by_role("button", name="Chaman / Spin Boldak: closed: add 10 days").press("Enter")
    last = page.get_by_role("slider", name="Chaman / Spin Boldak: closed, last day")
    last.focus()
    with Moved(page):
        page.keyboard.press("ArrowLeft")
    assert last.get_attribute("aria-valuetext") == "13 November 2023"
    with Moved(page):
        page.keyboard.press("Delete")
    assert last.is_hidden()


def test_a_handle_is_dragged(page: Any) -> None:
    """By the mouse, to where it is let go; the number input follows."""
    handle = page.get_by_role("slider", name="deadline")
    box = handle.bounding_box()
    with Moved(page):
        page.mouse.move(box["x"] + 14, box["y"] + 14)
        page.mouse.down()
        page.mouse.move(box["x"] + 314, box["y"] + 14, steps=5)
        page.mouse.up()
    assert page.input_value(f"[id='c-{DEADLINE}']") > "2023-11-03"


def test_a_slider_moves_by_keyboard_and_the_number_follows(page: Any) -> None:
    """Without a mouse: focus the capacity, press an arrow key, and the answer changes."""
    page.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")
    slider = page.locator("[id='c-stages.omari_reception.capacity']")
    slider.focus()
    with Moved(page):
        page.keyboard.press("ArrowRight")
    assert "1.25 times" in slider.get_attribute("aria-valuetext")
    assert page.input_value("[id='c-stages.omari_reception.capacity-number']") == "12500"


def test_scenarios_are_kept_saved_and_opened_again(page: Any, tmp_path: Path) -> None:
    """Kept under a name, set side by side, saved to a file that the terminal reads, opened with the same table."""
    from sarai.observe.scenario_file import read_scenarios

    for number, label in enumerate(("suspension", "Torkham closed for ten days"), 1):
        with Moved(page):
            page.select_option("#shipped", label=label)
        page.click("#keep")
        page.wait_for_selector(f"#side thead th:nth-child({number + 1}):last-child")
    before = page.inner_text("#side")
    with page.expect_download() as saved:
        page.click("#download")
    file = tmp_path / "scenarios.json"
    saved.value.save_as(file)
    assert [(one.name, one.lines) for one in read_scenarios(file)] == [
        ("suspension", ("calendar.undocumented.suspended=true",)),
        ("Torkham closed for ten days", ("crossings.torkham.closed=2023-11-05..2023-11-14",)),
    ]
    page.reload()
    page.wait_for_selector("body[data-ready]")
    page.set_input_files("#upload", file)
    page.wait_for_selector("#side thead th:nth-child(3):last-child")
    assert page.inner_text("#side") == before
    assert "best" not in page.inner_text("#side tbody")


def test_scenarios_go_into_a_briefing(page: Any, tmp_path: Path) -> None:
    """The page asks the server to write it and hands it to the browser to keep."""
    with Moved(page):
        page.select_option("#shipped", label="suspension")
    with page.expect_download() as saved:
        page.click("#brief")
    assert saved.value.suggested_filename == "briefing.zip"
    saved.value.save_as(tmp_path / "b.html")
    assert (tmp_path / "b.html").read_text() == "<p>1</p>"


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
