"""The filled-in rows of the spreadsheet of a new case: each cell as its column wants it, every fault with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sarai.observe.dates import DateStyle, read_date
from sarai.observe.digits import read_count
from sarai.observe.personal_words import plain_words
from sarai.observe.raw_table import RawRow, RawTable
from sarai.observe.template_sheets import SHEETS, START, START_SHEET, TemplateColumn
from sarai.world.errors import Fault, InputError

Value = str | int | float | date | None


@dataclass
class Row:
    """A filled row: its values by column key, and where it stands; `lines` where each value has a line of its own."""

    sheet: str
    line: int
    values: dict[str, Value]
    lines: dict[str, int] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """A text, or an empty one."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def day(self, key: str) -> date | None:
        """A day, or None."""
        value = self.values.get(key)
        return value if isinstance(value, date) else None

    def count(self, key: str) -> int | None:
        """A whole number, or None."""
        value = self.values.get(key)
        return value if isinstance(value, int) else None

    def number(self, key: str) -> float | None:
        """A number, or None."""
        value = self.values.get(key)
        return float(value) if isinstance(value, int | float) else None


@dataclass
class Reading:
    """The faults found so far, and the rows of every sheet."""

    file: str
    rows: dict[str, list[Row]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(self, row: Row, key: str, what: str, wanted: str = "", mend: str = "") -> None:
        """A fault of a cell."""
        columns: Mapping[str, TemplateColumn] = {c.key: c for c in _columns(row.sheet)}
        value, line = row.values.get(key), row.lines.get(key, row.line)
        found = "" if value is None else str(value)
        self.faults.append(
            Fault(
                file=self.file, sheet=row.sheet, row=line, column=columns[key].header, what=what, found=found,
                wanted=wanted, mend=mend,
            )
        )  # fmt: skip


def _columns(sheet: str) -> Sequence[TemplateColumn]:
    return START if sheet == START_SHEET else next(s.columns for s in SHEETS if s.name == sheet)


def read_rows(file: str, tables: Sequence[RawTable]) -> Reading:
    """Every sheet of the template by its name; a sheet that is not there counts as empty, but for Start."""
    reading = Reading(file)
    by_name = {plain_words(table.sheet): table for table in tables}
    if plain_words(START_SHEET) not in by_name:
        mend = "start from an empty one: sarai new --template FILE.xlsx"
        found = ", ".join(table.sheet for table in tables)
        what = "this is not the spreadsheet of a new case: the sheet Start is missing"
        raise InputError(Fault(file=file, what=what, found=found, mend=mend))
    reading.rows[START_SHEET] = _read_start(reading, by_name[plain_words(START_SHEET)])
    for sheet in SHEETS:
        table = by_name.get(plain_words(sheet.name))
        reading.rows[sheet.name] = _read_sheet(reading, sheet.name, table) if table else []
    return reading


def _read_start(reading: Reading, table: RawTable) -> list[Row]:
    """The answers of the first sheet as one row; each fault names the line of its question."""
    lines = {_header(row.cells[0]): row for row in table.rows if row.cells}
    whole = Row(START_SHEET, 0, {})
    for column in START:
        row = lines.get(_header(column.header))
        cell = row.cells[1] if row is not None and len(row.cells) > 1 else ""
        here = Row(START_SHEET, row.line if row else 0, {})
        whole.lines[column.key] = here.line
        whole.values[column.key] = _value(reading, here, column, cell, row is not None and 2 in row.formulas)
    return [whole]


def _read_sheet(reading: Reading, name: str, table: RawTable) -> list[Row]:
    columns = {_header(column.header): column for column in _columns(name)}
    head = next((row for row in table.rows if {_header(cell) for cell in row.cells} >= {*list(columns)[:1]}), None)
    if head is None:
        mend = "keep the line of column names as it was in the empty spreadsheet"
        reading.faults.append(
            Fault(file=reading.file, sheet=name, what="the line of column names is missing", mend=mend)
        )
        return []
    places = {i: columns[_header(cell)] for i, cell in enumerate(head.cells) if _header(cell) in columns}
    return [_read_row(reading, name, row, places) for row in table.rows if row.line > head.line and row.filled]


def _read_row(reading: Reading, name: str, raw: RawRow, places: Mapping[int, TemplateColumn]) -> Row:
    row = Row(name, raw.line, {})
    for i, column in places.items():
        cell = raw.cells[i] if i < len(raw.cells) else ""
        row.values[column.key] = _value(reading, row, column, cell, i + 1 in raw.formulas)
    return row


def _header(text: str) -> str:
    return plain_words(text)


def _value(reading: Reading, row: Row, column: TemplateColumn, cell: str, formula: bool) -> Value:
    """A cell as the column wants it; None where it is empty. Faults are gathered."""
    probe = Row(row.sheet, row.line, {column.key: cell})
    if formula:
        reading.add(probe, column.key, "a formula stands here", "a value", "paste the value in its place")
        return None
    if not cell:
        if column.needed:
            reading.add(probe, column.key, "an answer is needed here", column.example.partition(";")[0])
        return None
    try:
        return _read_cell(column, cell)
    except ValueError as error:
        reading.add(probe, column.key, str(error), column.example.partition(";")[0])
        return None


def _read_cell(column: TemplateColumn, cell: str) -> Value:
    if column.choices:
        word = plain_words(cell).replace(" ", "_")
        if word not in column.choices:
            raise ValueError("one of these words is wanted: " + ", ".join(column.choices))
        return word
    if column.cells == "day":
        return read_date(cell, DateStyle())
    if column.cells == "count":
        return read_count(cell).value
    if column.cells == "number":
        try:
            return float(cell.replace(",", "."))
        except ValueError:
            raise ValueError("this is no number") from None
    return cell
