"""A small case folder on disk, a clock that steps, and rows for its tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from makers.folder import smallest_case
from sarai.ledger.record import Origin, SourcedRow
from sarai.observe.ingest import HEADERS

FIRST_MOMENT = datetime(2030, 4, 1, 12, tzinfo=UTC)


def write_folder(path: Path, **replace: str | bytes | None) -> Path:
    """The smallest valid case on disk."""
    path.mkdir(parents=True, exist_ok=True)
    for name, data in smallest_case(**replace).items():
        (path / name).write_bytes(data)
    return path


def step_clock(step: timedelta = timedelta(days=1)) -> Callable[[], datetime]:
    """A clock that goes on by one step at each look."""
    looks = iter(range(1_000_000))
    return lambda: FIRST_MOMENT + next(looks) * step


def observation(**cells: str) -> SourcedRow:
    """A row of observations.csv with sensible cells where none are given."""
    full = {
        "start_date": "2030-03-07",
        "end_date": "2030-03-07",
        "crossing": "north_gate",
        "status": "all",
        "kind": "return_all",
        "persons": "140",
        "cumulative": "false",
        "source_id": "post",
        "series": "post_daily",
        "known": "2030-03-08",
        "known_inferred": "false",
    }
    full |= cells
    row = {name: full.get(name, "") for name in HEADERS["observations.csv"]}
    return SourcedRow(cells=row, origin=Origin(file_hash="ab" * 32, file="daily.csv", row=int(full["persons"] or 0)))
