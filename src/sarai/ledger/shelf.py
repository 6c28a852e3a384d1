"""Shelf: where the forecasts of a case are kept, one file each, named by its day and its content."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sarai.ledger.hashing import hash_bytes
from sarai.ledger.places import cache_folder, keeps_own_ledger, ledger_place
from sarai.ledger.write_file import write_whole

SHELF = "forecasts"
ENDING = ".parquet"


def shelf_place(folder: Path) -> Path:
    """The folder of kept forecasts: in the case's own folder, or in the user's cache for a case that is not written."""
    if keeps_own_ledger(folder):
        return folder / SHELF
    return cache_folder() / SHELF / ledger_place(folder).stem


def put_on_shelf(folder: Path, day: date, data: bytes) -> Path:
    """Keep the file of a forecast; the same bytes are kept once. Raises OSError where the place cannot be written."""
    place = shelf_place(folder)
    path = place / f"{day.isoformat()}-{hash_bytes(data)[:12]}{ENDING}"
    if not path.exists():
        place.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    return path


def read_shelf(folder: Path) -> list[tuple[str, bytes]]:
    """Name and bytes of every kept forecast of a case, in order of their days."""
    place = shelf_place(folder)
    paths = sorted(place.glob(f"*{ENDING}")) if place.is_dir() else []
    return [(path.name, path.read_bytes()) for path in paths]
