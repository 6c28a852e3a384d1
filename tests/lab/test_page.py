"""The lab's page in a real browser: it answers, it is accessible, it fits a phone."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from datetime import date

import pytest
import uvicorn

from sarai.lab.server import create_app
from sarai.lab.session import open_session
from sarai.observe.case_folder import load_case
from sarai.observe.scenario_file import case_scenarios

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


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A running lab on a free port of this machine."""
    world = load_case("pakistan-2023").as_of(date(2023, 10, 28))
    session = open_session(world, case_scenarios("pakistan-2023"), horizon_days=30, member_count=50, seed=1)
    server = uvicorn.Server(uvicorn.Config(create_app(session), host="127.0.0.1", port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.mark.parametrize(("width", "scheme"), [(1920, "light"), (360, "dark")])
def test_the_page_works_and_is_accessible(browser: object, address: str, width: int, scheme: str) -> None:
    """A scenario is picked, the answer drawn; axe finds nothing; it fits the screen; no error is logged."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[attr-defined]
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    first = page.get_attribute("body", "data-answer")
    page.select_option("#shipped", label="Torkham closed for ten days")
    page.wait_for_selector(f"body:not([data-answer='{first}'])")
    assert "possible worlds" in page.inner_text("#sentence")
    assert page.locator("#courses svg").count() >= 5
    assert page.locator("#courses details table").count() == page.locator("#courses svg").count()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("#undo")
    page.wait_for_selector(f"body[data-answer='{first}']")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert problems == []
    context.close()


def test_a_slider_moves_by_keyboard_and_the_answer_follows(browser: object, address: str) -> None:
    """Without a mouse: focus the capacity, press an arrow key, and the answer changes."""
    page = browser.new_page()  # type: ignore[attr-defined]
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    first = page.get_attribute("body", "data-answer")
    page.evaluate("document.querySelectorAll('details.group').forEach(group => (group.open = true))")
    page.focus("input[type=range]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.wait_for_selector(f"body:not([data-answer='{first}'])")
    page.close()


def test_a_bad_file_is_answered_with_a_sentence(browser: object, address: str) -> None:
    """Opening something that holds no scenarios says so and leaves the page alive."""
    page = browser.new_page()  # type: ignore[attr-defined]
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    page.set_input_files("#upload", {"name": "x.json", "mimeType": "application/json", "buffer": b"{}"})
    page.locator("#problem", has_text="no scenarios").wait_for()
    page.close()
