"""Rows that break one figure down by something that sarai does not read: taken as they are they would count rivals."""

from __future__ import annotations

from collections.abc import Sequence

from sarai.ledger.change import row_key
from sarai.ledger.record import SourcedRow
from sarai.observe.columns import Columns
from sarai.observe.headers import looks_like_number
from sarai.observe.raw_table import RawRow
from sarai.observe.sheet import Sheet
from sarai.world.errors import Fault


class Breakdown:
    """Remembers what each row of a sheet is about, and finds the row that is about the same thing again."""

    def __init__(self, sheet: Sheet, columns: Columns) -> None:
        self._sheet = sheet
        self._unread = [i for i, name in enumerate(sheet.header) if name and i not in columns.used]
        self._seen: dict[str, RawRow] = {}

    def find(self, row: RawRow, rows: Sequence[SourcedRow]) -> list[Fault]:
        """A fault if an earlier row is about the same window, crossing and kind and differs in an unread word."""
        for made in rows:
            earlier = self._seen.setdefault(row_key("observations.csv", made.cells), row)
            differing = [i for i in self._unread if _word(earlier, i) != _word(row, i)]
            if earlier is not row and differing:
                return [self._fault(row, earlier, differing[0])]
        return []

    def _fault(self, row: RawRow, earlier: RawRow, i: int) -> Fault:
        return Fault(
            file=self._sheet.raw.file,
            sheet=self._sheet.raw.sheet,
            row=row.line,
            column=self._sheet.column_name(i),
            what=f"this row and row {earlier.line} differ only in a column that sarai does not read",
            found=f"{_word(earlier, i)[:30]} and {_word(row, i)[:30]}",
            wanted="one row for each window, crossing, status and kind",
            mend="Say in a mapping that the column is the status or the kind, or add the rows up first.",
        )


def _word(row: RawRow, i: int) -> str:
    """The cell if it is a word: serial numbers and other figures break nothing down."""
    cell = row.cells[i] if i < len(row.cells) else ""
    return "" if looks_like_number(cell) else cell
