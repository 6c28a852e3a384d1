"""Reconciled tables as they may go out: small figures and those that would tell them are left blank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy import sparse

from sarai.publish.audit import Vector
from sarai.publish.disclosure import PAST_STEP, daily_means
from sarai.publish.figures import LEAST_STEP, digit_step, honest_digits, round_to
from sarai.publish.grid import Key, fold_days, key_sums
from sarai.publish.holding_back import figures_of
from sarai.publish.levels import LEVELS, THRESHOLDS, Level
from sarai.publish.past import Window
from sarai.publish.release import span_grid
from sarai.publish.suppression import Figures, hide_figures, hide_parts
from sarai.reconcile.picture import KINDS, Picture
from sarai.reconcile.table import COLUMNS
from sarai.world.errors import Fault, RequestError

Row = Sequence[object]
"""Date from, date to, crossing, status, kind, then quantiles in ascending order, the median in the middle."""
Sums = dict[tuple[tuple[int, int, str, str, str], ...], sparse.csr_array]
"""What `key_sums` makes of figures, by their days since the first one, crossing, status and kind."""
NAMES = 5
QUANTILE_NAMES = COLUMNS[NAMES:]
TOLD_COLUMNS = (*COLUMNS, "note")


def protect_rows(picture: Picture, rows: Sequence[Row], level: str) -> list[list[object]]:
    """The rows at a level, with a note behind each: quantiles in steps of A147, None where not shown.

    The note says why a cell is None: `held back`, or which quantiles are fewer than ten. None is ever a 0.
    Windows that overlap are protected together; others tell nothing of each other.
    Raises RequestError on a level that is not known, and on joined crossings at a level that holds figures back.
    """
    check_level(level)
    threshold = THRESHOLDS[level]
    if threshold == 0.0:
        return [[*row, ""] for row in rows]
    _check_crossings(rows, level)
    shown: list[list[object]] = [[] for _ in rows]
    known: Sums = {}
    parts = [_part_of(picture, rows, places, threshold, known) for places in _together(rows)]
    days = [part for part in parts if part.spans == 1]
    hidden = iter(hide_parts([part.figures for part in days], threshold, [part.counts for part in days]))
    for part in parts:
        hides = next(hidden) if part.spans == 1 else hide_figures(part.figures, threshold, spans=part.spans,
                                                                  counts=part.counts)  # fmt: skip
        for place, step, hide in zip(part.places, part.figures.steps, hides, strict=True):
            shown[place] = _told_row(rows[place], step, bool(hide))
    return shown


def check_level(level: str) -> Level:
    """The level; one that is not known is refused, so that nothing goes out by a slip of the pen."""
    found = next((one for one in LEVELS if one == level), None)
    if found is None:
        raise RequestError(
            Fault(column="--level", what="this level is not known", found=level, wanted=", ".join(LEVELS),
                  mend="name one of these, or leave the option out")
        )  # fmt: skip
    return found


def _check_crossings(rows: Sequence[Row], level: str) -> None:
    joined = sorted({str(row[2]) for row in rows if "+" in str(row[2])})
    if joined:
        raise RequestError(
            Fault(column="crossing", what="sums over some crossings cannot be protected", found=", ".join(joined),
                  wanted=f"one crossing or all at the level {level}",
                  mend="ask for the crossings one by one, or for --level confidential and keep the file in the house")
        )  # fmt: skip


def _together(rows: Sequence[Row]) -> Iterator[list[int]]:
    """Places of rows whose days overlap, directly or through others, earliest first."""
    order = sorted(range(len(rows)), key=lambda place: (_days(rows[place]), place))
    group: list[int] = []
    last = date.min
    for place in order:
        first, end = _days(rows[place])
        if group and first > last:
            yield group
            group = []
        group.append(place)
        last = max(last, end) if len(group) > 1 else end
    if group:
        yield group


@dataclass(frozen=True, kw_only=True)
class _Part:
    """Rows that overlap each other and no others: their places, their figures, and base cells over spans of days."""

    places: Sequence[int]
    figures: Figures
    counts: Vector
    spans: int


def _part_of(picture: Picture, rows: Sequence[Row], places: Sequence[int], threshold: float, known: Sums) -> _Part:
    """The part of these rows. known: what earlier parts found out, since one day is like another."""
    days = [_days(rows[place]) for place in places]
    first, last = min(day[0] for day in days), max(day[1] for day in days)
    grid = span_grid(first, last, days, picture.crossings, picture.statuses, KINDS)
    begin = first.toordinal() - int(picture.days[0])
    window = Window(key="", first=first, last=last, days=slice(begin, begin + (last - first).days + 1))
    means = daily_means(picture, window, len(picture.statuses), len(KINDS))
    keys = [
        Key(first=day[0], last=day[1], crossing=str(row[2]), status=str(row[3]), kind=str(row[4]))
        for day, row in zip(days, (rows[place] for place in places), strict=True)
    ]
    pattern = tuple(((key.first - first).days, (key.last - first).days, key.crossing, key.status, key.kind)
                    for key in keys)  # fmt: skip
    if pattern not in known:
        known[pattern] = key_sums(grid, keys)
    levels = [_levels(rows[place]) for place in places]
    counts = fold_days(grid, first, means)
    figures, _ = figures_of(
        keys, known[pattern], counts, threshold, steps=np.array([_step(values) for values in levels]),
        small=np.array([values[values.size // 2] for values in levels]) < threshold,
    )  # fmt: skip
    return _Part(places=places, figures=figures, counts=counts, spans=len(grid.spans))


def _told_row(row: Row, step: float, hide: bool) -> list[object]:
    values = _levels(row)
    return [*row[:NAMES], *(None if hide else _shown(value, step) for value in values), _note(values, hide)]


def _levels(row: Row) -> Vector:
    return np.array(row[NAMES:], dtype=np.float64)


def _shown(value: float, step: float) -> float | None:
    """A quantile in steps, finer where it would be rounded to nobody; None where it is fewer than ten."""
    if value < LEAST_STEP:
        return None
    return float(round_to(value, step) or round_to(value, digit_step(value, 1, PAST_STEP)))


def _note(values: Vector, hidden: bool) -> str:
    if hidden:
        return "held back"
    few = [name for name, value in zip(QUANTILE_NAMES, values, strict=True) if value < LEAST_STEP]
    return f"fewer than {LEAST_STEP:.0f}: {' '.join(few)}" if few else ""


def _step(values: Vector) -> float:
    low, mid, high = float(values[0]), float(values[values.size // 2]), float(values[-1])
    return digit_step(mid, honest_digits(low, mid, high), PAST_STEP)


def _days(row: Row) -> tuple[date, date]:
    first, last = row[0], row[1]
    if not isinstance(first, date) or not isinstance(last, date):
        raise TypeError("a row begins with two days")
    return first, last
