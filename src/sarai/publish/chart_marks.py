"""Upright lines on days of a chart, with a word beside each that no other line or word crosses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sarai.publish.svg import Scale, element, label

LETTER = 6.8  # width of a letter in the type of a chart on a phone, on the generous side
GAP = 4.0  # between a line and its word
ROW = 12.0  # from one row of words to the next


@dataclass(frozen=True, kw_only=True)
class Mark:
    """An upright line on a day (`as_of`, `deadline`) with a word beside it."""

    day: date
    text: str
    style: str


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where a mark stands: its line at x; its word before or after the line, in a row from the top."""

    mark: Mark
    x: float
    before: bool
    row: int


def place_marks(marks: Sequence[Mark], across: Scale) -> list[Placed]:
    """Words stand before their line, or after it, where they meet no other line or word; else in a row of their own."""
    order = sorted(marks, key=lambda mark: mark.day)
    lines = [across(mark.day.toordinal()) for mark in order]
    placed: list[Placed] = []
    free, row = across.start, 0
    for k, (mark, x) in enumerate(zip(order, lines, strict=True)):
        room = GAP + LETTER * len(mark.text)
        following = lines[k + 1] if k + 1 < len(lines) else across.end
        before, after = x - free >= room, following - x >= room
        if not before and not after:
            row += 1
            before = across.end - x < room
            placed.append(Placed(mark=mark, x=x, before=before, row=row))
        else:
            placed.append(Placed(mark=mark, x=x, before=before, row=0))
        free = x if before else x + room
    return placed


def draw_marks(marks: Sequence[Mark], across: Scale, top: float, bottom: float) -> str:
    """The lines from top to bottom, with their words."""
    parts = []
    for one in place_marks(marks, across):
        parts.append(element("line", x1=one.x, x2=one.x, y1=top, y2=bottom, class_=f"mark {one.mark.style}"))
        x, anchor = (one.x - GAP, "end") if one.before else (one.x + GAP, "start")
        parts.append(label(one.mark.text, x, top + 8 + ROW * one.row, class_="note", text_anchor=anchor))
    return "".join(parts)
