"""The quarantine file: rows of a partly bad file that did not go in, with the reason for each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sarai.ledger.hashing import hash_bytes
from sarai.ledger.redact import QUARANTINE
from sarai.ledger.table_text import render_table
from sarai.ledger.write_file import write_whole
from sarai.world.errors import Fault

COLUMNS = ("file", "sheet", "row", "column", "what", "found", "wanted", "mend")


def write_quarantine(folder: Path, files: Sequence[Path], faults: Sequence[Fault]) -> Path:
    """Write one line a fault beside the tables; returns the path. The same faults give the same file."""
    rows = [tuple(_safe(str(getattr(fault, name))) for name in COLUMNS) for fault in sorted(faults)]
    data = render_table(COLUMNS, rows)
    place = folder / QUARANTINE
    place.mkdir(exist_ok=True)
    path = place / f"{files[0].stem}-{hash_bytes(data)[:8]}.csv"
    write_whole(path, data)
    return path


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell
