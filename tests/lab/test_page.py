"""The lab's page in a real browser: every state of it, by mouse, by keyboard, on a desk, on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from makers.browser import IN_BROWSER
from makers.lab_page import DEADLINE, Moved, open_page

pytestmark = IN_BROWSER


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
