"""Any file that is offered: told apart by its content, read within bounds, and refused whole if it is about persons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sarai.observe.bounds import MOST_ROWS, read_bounded
from sarai.observe.personal import find_personal_data
from sarai.observe.raw_table import RawTable
from sarai.observe.table_csv import read_csv
from sarai.observe.table_json import read_json
from sarai.observe.table_xlsx import read_xlsx
from sarai.world.errors import Fault, InputError, PersonalDataError

_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_NOT_TABLES = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x1f\x8b", "a compressed file"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "a text document"),
)


def read_file(path: Path, *, encoding: str | None = None) -> tuple[RawTable, ...]:
    """The tables of a CSV, TSV, XLSX or JSON file. Raises InputError within bounded time and memory."""
    return read_tables(path.name, read_bounded(path), encoding=encoding)


def read_tables(file: str, data: bytes, *, encoding: str | None = None) -> tuple[RawTable, ...]:
    """The tables of a file by its bytes; what it is shows in its content, not in its name."""
    if data.startswith((_ZIP, _OLE)):
        return read_xlsx(file, data)
    for mark, name in _NOT_TABLES:
        if data.startswith(mark):
            raise InputError(
                Fault(file=file, what="this is not a table", found=name, wanted="a CSV, XLSX or JSON file")
            )
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<svg")):
        raise InputError(
            Fault(
                file=file,
                what="this is not a table",
                found="a web page or XML text, whatever the name of the file says",
                wanted="a CSV, XLSX or JSON file",
                mend="Open it in a spreadsheet and save it as .xlsx or CSV.",
            )
        )
    if head.startswith((b"[", b"{")) or file.lower().endswith((".json", ".geojson")):
        return read_json(file, data, encoding=encoding)
    return read_csv(file, data, encoding=encoding)


def check_personal(tables: tuple[RawTable, ...]) -> None:
    """Raise PersonalDataError if any table, also one that would not be used, looks like data on individuals.

    Each of the first rows is tried as the header, because a title may stand above it.
    """
    faults: list[Fault] = []
    for number, table in enumerate(tables, start=1):
        lines = [row.line for row in table.rows]
        faults += _screen_around(table, number)
        faults += _matches(table, lines)
    if faults:
        raise PersonalDataError(faults)


def _screen_around(table: RawTable, number: int) -> list[Fault]:
    """Faults of a sheet's name and of texts outside tables; the place is told without repeating either."""
    named = [(f"the name of sheet {number}", [(table.sheet,)]), ("a comment or text outside the table", [])]
    named[1][1].extend((text,) for text in table.beside)
    faults = []
    for place, texts in named:
        found = find_personal_data(table.file, (), texts)
        faults += [replace(fault, row=0, column=place) for fault in found]
    return list(dict.fromkeys(faults))


def _matches(table: RawTable, lines: list[int]) -> list[Fault]:
    padded: list[tuple[str, ...]] = [()] * min(max(lines, default=0), MOST_ROWS)
    for row in table.rows:
        if row.line <= len(padded):
            padded[row.line - 1] = row.cells
    faults = find_personal_data(table.file, (), padded, sheet=table.sheet, first_row=1)
    for i, row in enumerate(table.rows[:40]):
        below = [later.cells for later in table.rows[i + 1 : i + 200]]
        named = find_personal_data(table.file, row.cells, below, sheet=table.sheet, first_row=row.line + 1)
        faults += [fault for fault in named if "column named" in fault.found or "one row per person" in fault.found]
    return faults
