"""The briefing in a real browser: in each script, in light and dark, on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from makers.briefing import make_briefing
from makers.browser import IN_BROWSER, chromium
from sarai.publish.render import write_briefing

pytestmark = [*IN_BROWSER, pytest.mark.filterwarnings("ignore::ResourceWarning")]

SHOWN = [("en", "light"), ("en", "dark"), ("fr", "light"), ("prs", "dark"), ("ar", "light"), ("ps", "dark")]
SHOWN.append(("ur", "light"))


@pytest.mark.parametrize(("language", "scheme"), SHOWN)
def test_a_screen_reader_finds_nothing_to_complain_of(tmp_path: Path, language: str, scheme: str) -> None:
    """axe-core reports no violation, in light and dark, in each script; nothing overflows a phone."""
    from axe_playwright_python.sync_playwright import Axe

    write_briefing(make_briefing(language=language), tmp_path)
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 360, "height": 800}, color_scheme=scheme, bypass_csp=True)
        asked: list[str] = []
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "briefing.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
        width = page.evaluate("document.documentElement.scrollWidth")
        violations = Axe().run(page).response["violations"]
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in violations] == []
    assert width <= 360
    assert asked == [(tmp_path / "briefing.html").as_uri()]
