"""Contrast: the same members under two scenarios with the same draws, and the difference between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.ensemble import Ensemble
from sarai.whatif.indicators import HARM_DAYS, INDICATORS, Indicator, measure
from sarai.world.civil import day_date

Floats = NDArray[np.float64]
BAND = (0.05, 0.5, 0.95)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One indicator under both scenarios: (5 %, median, 95 %) of each and of the paired difference.

    less_probability  share of members in which the change makes the number smaller; equal_probability: leaves it
    """

    indicator: Indicator
    base: tuple[float, float, float]
    changed: tuple[float, float, float]
    difference: tuple[float, float, float]
    less_probability: float
    equal_probability: float


@dataclass(frozen=True, kw_only=True)
class Course:
    """One daily series under both scenarios: bands (quantile, day) of each and of the paired difference."""

    name: str
    place: str
    base: Floats
    changed: Floats
    difference: Floats


@dataclass(frozen=True, kw_only=True)
class Breach:
    """When a stage is first above its capacity: median day of members that are, and the probability that it is."""

    stage: str
    base_probability: float
    changed_probability: float
    base_day: str
    changed_day: str


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """What one scenario changes, from the day after the as-of date on. No scenario is called best.

    harm_falls   probability that nights without shelter and waits past 24 hours, added up, become fewer
    """

    scenario: str
    days: NDArray[np.int64]
    member_count: int
    lines: tuple[Line, ...]
    courses: tuple[Course, ...]
    breaches: tuple[Breach, ...]
    harm_falls: float


COURSES: tuple[tuple[str, str], ...] = (("crossed", "crossing"), ("queue", "crossing"), ("occupancy", "stage"))


def contrast(scenario: str, base: Ensemble, changed: Ensemble, first_day: int, desks: NDArray[np.bool_]) -> Contrast:
    """Pair two ensembles of the same members, member by member, from first_day on; `desks` as in `measure`.

    Raises ValueError when the members or the days are not the same: then nothing would be paired.
    """
    if not np.array_equal(base.member_ids, changed.member_ids) or not np.array_equal(base.days, changed.days):
        raise ValueError("only ensembles of the same members and days can be paired")
    before, after = measure(base, first_day, desks), measure(changed, first_day, desks)
    lines = tuple(_line(indicator, before[indicator.id], after[indicator.id]) for indicator in INDICATORS)
    harm = next(line for line in lines if line.indicator is HARM_DAYS)
    keep = base.days >= first_day
    return Contrast(
        scenario=scenario,
        days=base.days[keep],
        member_count=len(base.member_ids),
        lines=lines,
        courses=tuple(
            course for name, axis in COURSES for course in _courses(name, base.axes[axis], base, changed, keep)
        ),
        breaches=tuple(_breach(place, base, changed, keep) for place in range(len(base.axes["stage"]))),
        harm_falls=harm.less_probability,
    )


def _line(indicator: Indicator, base: Floats, changed: Floats) -> Line:
    difference = changed - base
    return Line(
        indicator=indicator,
        base=_band(base),
        changed=_band(changed),
        difference=_band(difference),
        less_probability=float(np.mean(difference < 0.0)),
        equal_probability=float(np.mean(difference == 0.0)),
    )


def _band(values: Floats) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, BAND)
    return float(low), float(middle), float(high)


def _courses(
    name: str, places: tuple[str, ...], base: Ensemble, changed: Ensemble, keep: NDArray[np.bool_]
) -> list[Course]:
    before, after = _daily(base, name, keep), _daily(changed, name, keep)
    gap = after - before
    bands = [np.quantile(values, BAND, axis=-1) for values in (before, after, gap)]
    return [
        Course(name=name, place=place, base=bands[0][:, :, i], changed=bands[1][:, :, i], difference=bands[2][:, :, i])
        for i, place in enumerate(places)
    ]


def _daily(ensemble: Ensemble, name: str, keep: NDArray[np.bool_]) -> Floats:
    values = np.asarray(ensemble[name][keep], dtype=np.float64)
    return values.sum(axis=2) if values.ndim == 4 else values


def _breach(place: int, base: Ensemble, changed: Ensemble, keep: NDArray[np.bool_]) -> Breach:
    days = base.days[keep]
    before, after = (ensemble["above_capacity"][keep][:, place] > 0 for ensemble in (base, changed))
    return Breach(
        stage=base.axes["stage"][place],
        base_probability=float(before.any(axis=0).mean()),
        changed_probability=float(after.any(axis=0).mean()),
        base_day=_first_day(before, days),
        changed_day=_first_day(after, days),
    )


def _first_day(above: NDArray[np.bool_], days: NDArray[np.int64]) -> str:
    """Median first day above capacity among the members that get there, ISO; empty where fewer than half do."""
    ever = above.any(axis=0)
    if ever.mean() < BAND[1]:
        return ""
    first = np.sort(days[above[:, ever].argmax(axis=0)])
    return day_date(int(first[len(first) // 2])).isoformat()
