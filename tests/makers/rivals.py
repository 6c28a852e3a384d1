"""Small feeds of reports by series that nobody described, days counted from 1 March 2030."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from makers.folder import OBSERVATIONS, smallest_case
from sarai.observe.case_folder import case_from_files
from sarai.world.world import World

FIRST = date(2030, 3, 1)
HEADER = OBSERVATIONS.splitlines()[0]


def row(series: str, first: int, last: int, persons: int | None, families: int | None = None, *, status: str = "all",
        crossing: str = "all", total: bool = False) -> str:  # fmt: skip
    """One line of observations.csv; days count from 1 March 2030."""
    start, end = FIRST + timedelta(days=first), FIRST + timedelta(days=last)
    figures = ",".join("" if value is None else str(value) for value in (persons, families))
    known = end + timedelta(days=1)
    where = f"{start},{end},{crossing},{status},return_all"
    return f"{where},{figures},{str(total).lower()},{end},post,,{series},{known},false"


def world_of(rows: Sequence[str], last: date = date(2030, 6, 30)) -> World:
    """The smallest case with these reports."""
    return case_from_files("small", smallest_case(observations="\n".join([HEADER, *rows]) + "\n")).as_of(last)
