"""The lab's page as a visitor has it, what the API says beside it, and how to read a cell."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from typing import Any

DEADLINE = "calendar.undocumented.deadline"
TORKHAM = "crossings.torkham.closed"


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
