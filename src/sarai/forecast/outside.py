"""Forecasts of other models in the hubs' columns: read row by row, refused where they contradict themselves.

A file speaks of `day crossings` or `week crossings` by location (a crossing, or `all`), as 23 quantiles or as joint
samples. A target is answered by quantiles where one row of the file is that very window and scope and nowhere else, as
quantiles do not add up; else by samples where they cover every day and crossing of its window, because sums come from
sums within a sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.forecast import COLUMNS, QUANTILE_LEVELS
from sarai.forecast.targets import Target
from sarai.world.errors import Fault, RequestError

Floats = NDArray[np.float64]
Row = tuple[int, Mapping[str, str]]  # line in the file, cells by column
Slot = tuple[int, str, date]  # days of the window, location, last day
V = TypeVar("V")
K = TypeVar("K")

DAYS = {"day crossings": 1, "week crossings": 7}
KINDS = ("quantile", "sample")
ALL = "all"
MOST_FAULTS = 20
TOLERANCE = 1e-9


@dataclass(frozen=True, kw_only=True)
class OutsideForecast:
    """What one outside model said on one day, by (days of the window, location, last day).

    quantiles  at QUANTILE_LEVELS      samples   by sample id, in the order of the file
    """

    model: str
    reference_date: date
    quantiles: Mapping[Slot, Floats]
    samples: Mapping[Slot, Mapping[str, float]]

    def answer(self, target: Target, crossings: Sequence[str]) -> tuple[Floats, str] | None:
        """(values, `sample` or `quantile`) for a target of a case with these crossings; None where it says nothing."""
        days = (target.end - target.start).days + 1
        places = [ALL] if set(target.crossings) == set(crossings) else []
        places += list(target.crossings) if len(target.crossings) == 1 else []
        for place in places:
            if (days, place, target.end) in self.quantiles:
                return self.quantiles[(days, place, target.end)], "quantile"
        for place in places:
            if (days, place, target.end) in self.samples:
                return np.array(list(self.samples[(days, place, target.end)].values())), "sample"
        summed = self._summed(target, places)
        return None if summed is None else (summed, "sample")

    def _summed(self, target: Target, places: Sequence[str]) -> Floats | None:
        """Sums of daily samples over the window: at one place of `places`, else over the crossings of the target."""
        count = (target.end - target.start).days + 1
        window = [target.start + timedelta(days=k) for k in range(count)]
        for choice in (*[(place,) for place in places], target.crossings):
            parts = [self.samples.get((1, place, day)) for place in choice for day in window]
            if all(part is not None for part in parts):
                shared = [part for part in parts if part is not None]
                ids = [name for name in shared[0] if all(name in part for part in shared)]
                if ids:
                    return np.array([sum(part[name] for part in shared) for name in ids])
        return None


def read_outside(rows: Iterable[Row], *, model: str, file: str, locations: Sequence[str]) -> list[OutsideForecast]:
    """The forecasts of one file, one for each reference date. Raises RequestError with every fault and its row.

    rows       (line in the file, cells); other targets and output types than ours are passed over
    locations  crossings of the case, besides `all`
    """
    faults: list[Fault] = []
    found: dict[date, tuple[dict[Slot, dict[float, Cell]], dict[Slot, dict[str, float]]]] = {}
    for line, cells in rows:
        cell = read_row(line, cells, file, locations, faults)
        if cell is None:
            continue
        quantiles, samples = found.setdefault(cell.reference, ({}, {}))
        key = (cell.days, cell.location, cell.end)
        if cell.level is not None:
            put(quantiles.setdefault(key, {}), cell.level, cell, cell, file, faults)
        else:
            put(samples.setdefault(key, {}), cell.id, cell.value, cell, file, faults)
    whole = not faults
    made = [
        OutsideForecast(
            model=model, reference_date=day, samples=samples,
            quantiles={key: ordered(cells, file, faults, whole) for key, cells in quantiles.items()},
        )
        for day, (quantiles, samples) in sorted(found.items())
    ]  # fmt: skip
    if not found and not faults:
        faults.append(Fault(file=file, what="no row of this file is a forecast of people who cross",
                            wanted=f"target {' or '.join(DAYS)}, output_type {' or '.join(KINDS)}"))  # fmt: skip
    if faults:
        raise RequestError(sorted(faults, key=lambda fault: fault.row)[:MOST_FAULTS])
    return made


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One row as read. `level` is None for a sample, whose `id` then counts."""

    line: int
    reference: date
    days: int
    location: str
    end: date
    level: float | None
    id: str
    value: float


def read_row(
    line: int, cells: Mapping[str, str], file: str, locations: Sequence[str], faults: list[Fault]
) -> Cell | None:
    """One row, or None where it is of another kind or faulty (then a fault is added)."""
    if cells["target"] not in DAYS or cells["output_type"] not in KINDS:
        return None
    days = DAYS[cells["target"]]
    before = len(faults)

    def fault(column: str, what: str, wanted: str) -> None:
        faults.append(Fault(file=file, row=line, column=column, what=what, found=cells[column], wanted=wanted))

    reference, end = (parse_date(cells[column]) for column in ("reference_date", "target_end_date"))
    horizon, value = parse_number(cells["horizon"]), parse_number(cells["value"])
    if reference is None:
        fault("reference_date", "this is not a day", "a day written YYYY-MM-DD")
    elif horizon is None or horizon < 1 or horizon != int(horizon):
        fault("horizon", "this is not a horizon", f"a whole number of {days}-day steps from 1")
    elif end != reference + timedelta(days=days * int(horizon)):
        wanted = reference + timedelta(days=days * int(horizon))
        fault("target_end_date", "horizon and last day do not agree", f"{wanted} for horizon {horizon:g}")
    if cells["location"] not in (ALL, *locations):
        fault("location", "the case has no such crossing", ", ".join((ALL, *locations)))
    if value is None or value < 0.0:
        fault("value", "this is not a number of persons", "a number, 0 or more")
    level = parse_number(cells["output_type_id"]) if cells["output_type"] == "quantile" else None
    if cells["output_type"] == "quantile" and (level is None or not 0.0 < level < 1.0):
        fault("output_type_id", "this is not a quantile level", "a number between 0 and 1")
    if len(faults) > before or reference is None or end is None or value is None:
        return None
    return Cell(line=line, reference=reference, days=days, location=cells["location"], end=end, level=level,
                id=cells["output_type_id"], value=value)  # fmt: skip


def put(held: dict[K, V], key: K, value: V, cell: Cell, file: str, faults: list[Fault]) -> None:
    """Hold a value; a second one for the same thing is a fault."""
    if key in held:
        faults.append(Fault(file=file, row=cell.line, column="output_type_id", what="this value is given twice",
                            found=cell.id, wanted="each level or sample once"))  # fmt: skip
    held[key] = value


def ordered(cells: Mapping[float, Cell], file: str, faults: list[Fault], whole: bool) -> Floats:
    """Values at QUANTILE_LEVELS. Adds a fault for a row that falls below the level before it, and for missing levels.

    whole  every row could be read; otherwise a missing level is the fault of a row that is named already
    """
    rising = [cells[level] for level in sorted(cells)]
    for before, after in pairwise(rising):
        if after.value < before.value:
            faults.append(
                Fault(file=file, row=after.line, column="value", what="quantiles cross",
                      found=f"{after.value:g} at level {after.level:g}, row {before.line} has {before.value:g} at "
                      f"level {before.level:g}", wanted="values that do not fall as the level rises",
                      mend="sort them, or fit that model again")
            )  # fmt: skip
    values = []
    for level in QUANTILE_LEVELS:
        near = [cell.value for at, cell in cells.items() if abs(at - level) < TOLERANCE]
        values += near
    if len(values) != len(QUANTILE_LEVELS) and not whole:
        return np.zeros(len(QUANTILE_LEVELS))
    if len(values) != len(QUANTILE_LEVELS):
        faults.append(
            Fault(file=file, row=rising[0].line, column="output_type_id",
                  what=f"levels are missing for {rising[0].location} to {rising[0].end}",
                  found=f"{len(values)} of {len(QUANTILE_LEVELS)}", wanted="0.01, 0.025, 0.05, 0.1 ... 0.99")
        )  # fmt: skip
        return np.zeros(len(QUANTILE_LEVELS))
    return np.array(values)


def parse_date(text: str) -> date | None:
    """A day, or None."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def parse_number(text: str) -> float | None:
    """A finite number, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def check_columns(columns: Sequence[str], file: str) -> None:
    """Raise RequestError where columns of the hubs are missing."""
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        raise RequestError(Fault(file=file, row=1, what="columns are missing", found=", ".join(missing),
                                 wanted=", ".join(COLUMNS)))  # fmt: skip
