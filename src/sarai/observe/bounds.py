"""How much of a file is ever looked at. Whatever is offered, reading ends in bounded time and memory."""

from __future__ import annotations

from pathlib import Path

from sarai.world.errors import Fault, InputError

MOST_FILE_BYTES = 50_000_000  # A208
MOST_UNZIPPED_BYTES = 300_000_000
MOST_PARTS = 2_000
MOST_SHEETS = 60
MOST_ROWS = 100_000
MOST_COLUMNS = 400
MOST_CELLS = 2_000_000
MOST_CELL_CHARACTERS = 20_000
MOST_JSON_DEPTH = 20
MOST_FAULTS = 200


def read_bounded(path: Path) -> bytes:
    """The bytes of a file. Raises InputError: missing, a folder or device, unreadable, empty, too large."""
    name = path.name
    try:
        if not path.exists():
            raise InputError(Fault(file=name, what="there is no such file", mend="Check the path."))
        if not path.is_file():
            raise InputError(Fault(file=name, what="this is not a file", wanted="a CSV, XLSX or JSON file"))
        if path.stat().st_size > MOST_FILE_BYTES:
            raise InputError(too_much(name, "the file is too large", path.stat().st_size, MOST_FILE_BYTES, "bytes"))
        data = path.read_bytes()
    except OSError as error:
        raise InputError(Fault(file=name, what="the file cannot be read", found=error.strerror or "")) from error
    if not data.strip():
        raise InputError(Fault(file=name, what="the file is empty"))
    return data


def too_much(file: str, what: str, found: int, most: int, unit: str, *, sheet: str = "", row: int = 0) -> Fault:
    """The fault of a thing that is larger than sarai reads."""
    return Fault(
        file=file,
        sheet=sheet,
        row=row,
        what=what,
        found=f"{found:,} {unit}",
        wanted=f"at most {most:,} {unit}",
        mend="Cut the file to the table of counts and try again.",
    )


class CellBudget:
    """Counts rows, columns and cells of one file while it is read, and stops the reading when a limit is passed."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.cells = 0

    def take_row(self, row: int, width: int, longest: int, *, sheet: str = "") -> None:
        """Count one row. Raises InputError at the first limit passed."""
        self.cells += width
        checks = (
            ("the table has too many rows", row, MOST_ROWS, "rows"),
            ("the row has too many columns", width, MOST_COLUMNS, "columns"),
            ("the file has too many cells", self.cells, MOST_CELLS, "cells"),
            ("a cell is too long", longest, MOST_CELL_CHARACTERS, "characters"),
        )
        for what, found, most, unit in checks:
            if found > most:
                raise InputError(too_much(self.file, what, found, most, unit, sheet=sheet, row=row))
