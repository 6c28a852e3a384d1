"""A table as it stands in a file: text cells with the line that each row came from; nothing understood yet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_FORMULA_SIGNS = frozenset({"=", "@", "+", "-"})
_FORMULA = re.compile(r"=|@[A-Za-z]|[+-][A-Za-z(@=]")


@dataclass(frozen=True, kw_only=True)
class RawRow:
    """One row: its line in the file or sheet (the first is 1) and its cells as text, trimmed.

    formulas   column numbers (from 1) of cells that hold a formula rather than a value
    """

    line: int
    cells: tuple[str, ...]
    formulas: tuple[int, ...] = ()

    @property
    def filled(self) -> int:
        """Number of cells that are not empty."""
        return sum(cell != "" for cell in self.cells)


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """All rows of one sheet or file, title rows and notes too. Empty rows are left out.

    merged   ranges of merged cells as (first row, first column, last row, last column), all from 1
    beside   texts of the file outside its tables: comments, text boxes, keys and values of a document around its lists;
             looked at for personal data and never kept
    """

    file: str
    file_hash: str
    rows: tuple[RawRow, ...]
    sheet: str = ""
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    beside: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """Number of columns of the widest row."""
        return max((len(row.cells) for row in self.rows), default=0)


def column_letter(number: int) -> str:
    """The letters of a column of a workbook: 1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def find_formulas(cells: Sequence[str]) -> tuple[int, ...]:
    """Numbers of the columns (from 1) whose text a spreadsheet would take for a formula."""
    return tuple(i for i, cell in enumerate(cells, start=1) if cell[:1] in _FORMULA_SIGNS and _FORMULA.match(cell))


def tidy(text: str) -> str:
    """A cell without line breaks and outer blanks."""
    return " ".join(text.split()) if ("\n" in text or "\r" in text or "\t" in text) else text.strip()
