"""Tables as data, before any format: what HTML, workbook, Markdown and PDF all render from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from sarai.publish.figures import Estimate
from sarai.publish.levels import Level
from sarai.publish.words import Words

Kind = Literal["text", "persons", "span", "count", "quantity", "share", "date", "date_year", "chance"]


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """A cell that is not shown, because it is small or because it would give a small one away. The two look alike."""


HIDDEN = Hidden()
VAGUE_SHARE = 0.5
"""A158: a share whose range is wider than this is hardly known and is said so."""
Cell = str | float | Estimate | date | Hidden | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: key for files, label for people, kind for the way its cells are written."""

    key: str
    label: str
    kind: Kind = "text"


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under columns. `lead` says how many first columns name the row; `level` is its sensitivity,
    `asked_by` the flag (`levels.INCLUDES`) without which a confidential one does not go out.

    A cell that is None is not known on this date; a Hidden cell is held back.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = field(default=())
    lead: int = 1
    level: Level = "restricted"
    asked_by: str = ""

    def __post_init__(self) -> None:
        wrong = [index for index, row in enumerate(self.rows) if len(row) != len(self.columns)]
        if wrong:
            raise ValueError(f"table {self.id}: rows {wrong} have another number of cells than there are columns")


def cell_text(words: Words, column: Column, cell: Cell) -> str:
    """One cell in the words of a language."""
    if cell is None:
        return words.say("not_known")
    if isinstance(cell, Hidden):
        return words.say("held_back")
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return words.day(cell, year=column.kind == "date_year")
    if isinstance(cell, Estimate):
        if column.kind == "span":
            return words.span(cell)
        return vague_share(words, cell) if column.kind == "share" else words.persons(cell)
    if column.kind == "share":
        return words.percent(cell)
    if column.kind == "chance":
        return words.chance(cell)
    return words.count(cell)


def share_range(words: Words, figure: Estimate) -> str:
    """A share with its range in percent, or the one figure where there is no range."""
    low, high = words.percent(figure.low), words.percent(figure.high)
    if low == high:
        return low
    return words.say("share_range", low=low, high=high)


def vague_share(words: Words, figure: Estimate) -> str:
    """A share with its range; one that reports hardly narrow is said to be hardly known."""
    text = share_range(words, figure)
    return words.say("hardly_known", span=text) if figure.high - figure.low > VAGUE_SHARE else text


def share_figure(words: Words, figure: Estimate) -> str:
    """A share with its range behind it, `about 68 % (44 % to 91 %)`, or alone where there is no range."""
    mid, span = words.percent(figure.mid), share_range(words, figure)
    if mid == span:
        return words.say("about", mid=mid)
    return words.say("about_span", mid=mid, span=span)
