"""Windows asked for in a file: date_from, date_to, crossing."""

from __future__ import annotations

import csv
import io
from datetime import date

from sarai.reconcile.table import Window
from sarai.world.errors import Fault, RequestError

WINDOW_COLUMNS = ("date_from", "date_to", "crossing")
MOST_WINDOWS = 100_000


def parse_windows(text: str, file: str) -> list[Window]:
    """Windows of a CSV text with the columns date_from, date_to, crossing. Raises RequestError with every fault.

    Whether the windows lie within a picture and name its crossings is checked when the table is made.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        header = [name.strip() for name in reader.fieldnames or []]
        reader.fieldnames = header
        rows = list(reader)
    except csv.Error as error:
        raise RequestError(Fault(file=file, what="this is not a CSV table", found=str(error))) from error
    missing = [name for name in WINDOW_COLUMNS if name not in header]
    if missing:
        raise RequestError(
            Fault(file=file, row=1, column=", ".join(missing), what="a column is missing", found=", ".join(header),
                  wanted=", ".join(WINDOW_COLUMNS), mend="name the columns in the first line")
        )  # fmt: skip
    if len(rows) > MOST_WINDOWS:
        raise RequestError(Fault(file=file, what="there are too many windows", found=str(len(rows)),
                                 wanted=f"at most {MOST_WINDOWS}", mend="ask in several files"))  # fmt: skip
    faults: list[Fault] = []
    windows = [parse_row(row, number, file, faults) for number, row in enumerate(rows, start=2)]
    if faults:
        raise RequestError(faults)
    return windows


def parse_row(row: dict[str, str | None], number: int, file: str, faults: list[Fault]) -> Window:
    """One window; faults are added to the list and leave a harmless window behind."""
    days = [parse_cell(row, name, number, file, faults) for name in WINDOW_COLUMNS[:2]]
    crossing = (row.get("crossing") or "").strip()
    if not crossing:
        faults.append(Fault(file=file, row=number, column="crossing", what="the crossing is missing",
                            wanted="all, an id, or ids joined by +"))  # fmt: skip
    return Window(start=days[0], end=days[1], crossing=crossing or "all")


def parse_cell(row: dict[str, str | None], name: str, number: int, file: str, faults: list[Fault]) -> date:
    """A date of one cell."""
    found = (row.get(name) or "").strip()
    try:
        return date.fromisoformat(found)
    except ValueError:
        faults.append(Fault(file=file, row=number, column=name, what="this is not a date", found=found,
                            wanted="YYYY-MM-DD", mend="write the day as in 2023-11-01"))  # fmt: skip
        return date.min
