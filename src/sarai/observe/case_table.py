"""Reading one table of a case folder: header and cells checked, every fault kept, typed rows out."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any

from sarai.observe.case_specs import CellKind, Column, TableSpec
from sarai.world.civil import FIRST_YEAR, LAST_YEAR
from sarai.world.errors import Fault

MOST_PERSONS = 10_000_000_000
MOST_ROWS = 1_000_000
_WHOLE = re.compile(r"-?\d+")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A typed row: cells by column name, the line on which it begins, and whether some cell could not be read."""

    line: int
    cells: Mapping[str, Any]
    bad: bool = False

    def __getitem__(self, name: str) -> Any:
        return self.cells[name]


@dataclass(kw_only=True)
class Table:
    """What reading made of a file: rows that could be read, and every fault."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_table(data: bytes, spec: TableSpec) -> Table:
    """Rows of a CSV file (UTF-8, comma). A row with a cell that cannot be read is marked `bad`, with a fault."""
    table = Table()
    text = decode_text(data, spec.file, table.faults)
    if text is None:
        return table
    lines = _split_lines(text, spec.file, table.faults)
    if not lines:
        wanted = ",".join(column.name for column in spec.columns)
        table.faults.append(Fault(file=spec.file, row=1, what="the file is empty", wanted=f"a header: {wanted}"))
        return table
    header = [cell.strip() for cell in lines[0][1]]
    places = _match_header(header, spec, table.faults)
    if places is None:
        return table
    for line, cells in lines[1:]:
        if any(cell.strip() for cell in cells):
            _read_row(line, cells, header, places, spec, table)
    return table


def decode_text(data: bytes, file: str, faults: list[Fault]) -> str | None:
    """The text of a file, or None with a fault that names the line where it stops being UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        mend = "save the file again as CSV UTF-8" if file.endswith(".csv") else "save the file again as UTF-8"
        what = "the file is not UTF-8 text"
        faults.append(Fault(file=file, row=row, what=what, found=f"byte {data[error.start]:#04x}", mend=mend))
        return None
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        faults.append(Fault(file=file, row=row, what="the file holds zero bytes: it is not a text file"))
        return None
    return text


def _split_lines(text: str, file: str, faults: list[Fault]) -> list[tuple[int, list[str]]]:
    """Records with the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    out: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            out.append((line, cells))
            line = reader.line_num + 1
            if len(out) > MOST_ROWS:
                faults.append(Fault(file=file, row=line, what=f"more than {MOST_ROWS} rows"))
                break
    except csv.Error as error:
        mend = "close the double quote, and double those that stand inside a cell"
        faults.append(Fault(file=file, row=line, what="the row is not valid CSV", found=str(error), mend=mend))
    return out


def _match_header(header: Sequence[str], spec: TableSpec, faults: list[Fault]) -> dict[str, int] | None:
    """Position of each column of the spec that the header names; None when nothing can be read."""
    names = {alias: column.name for column in spec.columns for alias in (column.name, *column.also)}
    places: dict[str, int] = {}
    for index, name in enumerate(header):
        if name in names and names[name] not in places:
            places[names[name]] = index
        else:
            faults.append(_header_fault(name, names, spec.file, repeated=name in names))
    missing = [column.name for column in spec.columns if column.needed and column.name not in places]
    faults.extend(
        Fault(
            file=spec.file,
            row=1,
            column=name,
            what="the column is missing",
            found=",".join(header)[:200],
            wanted=name,
            mend="add the column to the header and fill it"
            if "," in ",".join(header)
            else "separate columns by commas",
        )
        for name in missing
    )
    return None if missing else places


def _header_fault(name: str, names: Mapping[str, str], file: str, *, repeated: bool) -> Fault:
    if repeated:
        return Fault(file=file, row=1, column=name, what="the column stands twice", mend="keep one of the two")
    near = get_close_matches(name, list(names), n=1)
    mend = f"did you mean `{near[0]}`?" if near else "remove the column, or move its content to `note`"
    known = ", ".join(sorted(set(names.values())))
    return Fault(
        file=file, row=1, column=name or "(no name)", what="unknown column", found=name, wanted=known, mend=mend
    )


def _read_row(
    line: int, cells: Sequence[str], header: Sequence[str], places: Mapping[str, int], spec: TableSpec, table: Table
) -> None:
    if len(cells) > len(header):
        mend = "put a cell that holds a comma between double quotes"
        what = "the row has more cells than the header"
        table.faults.append(
            Fault(file=spec.file, row=line, what=what, found=f"{len(cells)}", wanted=f"{len(header)}", mend=mend)
        )
        return
    out: dict[str, Any] = {}
    bad = False
    for column in spec.columns:
        index = places.get(column.name)
        text = cells[index].strip() if index is not None and index < len(cells) else ""
        value, wanted = read_cell(text, column.kind)
        if wanted:
            bad = True
            mend = _MENDS.get(column.kind, "")
            what = _whats(column, text)
            table.faults.append(
                Fault(file=spec.file, row=line, column=column.name, what=what, found=text, wanted=wanted, mend=mend)
            )
        out[column.name] = value
    table.rows.append(Row(line=line, cells=out, bad=bad))


_MENDS: Mapping[str, str] = {
    "date": "write the date as year-month-day",
    "maybe_date": "write the date as year-month-day, or leave the cell empty",
    "count": "write whole persons without commas, spaces or words; the uncertainty goes into `note`",
    "number": "write a plain number, or leave the cell empty",
    "flag": "write true or false",
}


def _whats(column: Column, text: str) -> str:
    if column.kind in ("date", "maybe_date"):
        return "this is no date" if text else "the date is missing"
    if column.kind == "count":
        return "a count of persons is a whole number, zero or more"
    return "this is no number" if column.kind == "number" else "this is neither true nor false"


def read_cell(text: str, kind: CellKind) -> tuple[Any, str]:
    """The typed value of a cell, and what would have been right (empty when the cell is right)."""
    if kind == "text":
        return text, ""
    if kind in ("date", "maybe_date"):
        return _read_date(text, needed=kind == "date")
    if kind == "count":
        return _read_count(text)
    if kind == "number":
        return _read_number(text)
    flags = {"": False, "false": False, "true": True}
    return flags.get(text.lower()), "" if text.lower() in flags else "true or false"


def _read_date(text: str, *, needed: bool) -> tuple[date | None, str]:
    if not text:
        return None, "a date, for example 2023-10-28" if needed else ""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None, f"a date that exists, from {FIRST_YEAR} to {LAST_YEAR}, for example 2023-10-28"
    return day, ""


def _read_count(text: str) -> tuple[int | None, str]:
    if not text:
        return None, ""
    text = text.removesuffix(".0")  # how spreadsheets and data frames write a whole number beside an empty cell
    if not text.isascii() or not _WHOLE.fullmatch(text):
        return None, "a whole number of persons, for example 24800"
    value = int(text) if len(text) < 20 else MOST_PERSONS + 1
    return (value, "") if 0 <= value <= MOST_PERSONS else (None, "zero or more persons, for example 24800")


def _read_number(text: str) -> tuple[float | None, str]:
    if not text:
        return None, ""
    try:
        value = float(text)
    except ValueError:
        return None, "a number, for example 2.5"
    return (value, "") if math.isfinite(value) and "_" not in text else (None, "a finite number, for example 2.5")
