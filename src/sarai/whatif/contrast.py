"""Contrast: the same members under two scenarios with the same draws, and the difference between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.ensemble import Ensemble
from sarai.whatif.indicators import HARM, INDICATORS, Indicator, days_before
from sarai.world.civil import day_date

Floats = NDArray[np.float64]
Counts = NDArray[np.int32]
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

    harm_falls   probability that nights without shelter, waits past 24 hours, unmet need and people who return under
                 duress, added up, become fewer
    """

    scenario: str
    days: NDArray[np.int64]
    member_count: int
    lines: tuple[Line, ...]
    courses: tuple[Course, ...]
    breaches: tuple[Breach, ...]
    harm_falls: float


COURSES: tuple[tuple[str, str], ...] = (("crossed", "crossing"), ("queue", "crossing"), ("occupancy", "stage"))


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two ensembles of a contrast, counted once: the future as announced serves many scenarios.

    daily    name of a course -> (day, place, member) persons
    bands    name -> (quantile, day, place)            above    (day, stage, member) True above the capacity
    values   indicator id -> (member,); empty where nobody asks for lines
    """

    ensemble: Ensemble
    days: NDArray[np.int64]
    daily: dict[str, Counts]
    bands: dict[str, Floats]
    above: NDArray[np.bool_]
    values: Mapping[str, Floats] = field(default_factory=dict)


def take_side(
    ensemble: Ensemble, first_day: int, values: Mapping[str, Floats] | None = None, like: Side | None = None
) -> Side:
    """Count what a contrast needs of one ensemble, from first_day on.

    values  its indicators (`measure`), where the contrast is to have lines
    like    a side counted before: its bands serve for the days and places on which no member differs from it
    """
    begin = days_before(ensemble, first_day)
    daily = {name: _daily(ensemble, name, begin) for name, _ in COURSES}
    return Side(
        ensemble=ensemble,
        days=ensemble.days[begin:],
        daily=daily,
        bands={name: _bands(one, name, like) for name, one in daily.items()},
        above=ensemble["above_capacity"][begin:] > 0,
        values=values or {},
    )


def contrast(scenario: str, base: Side, changed: Side) -> Contrast:
    """Pair two ensembles of the same members, member by member.

    Raises ValueError when the members or the days are not the same: then nothing would be paired.
    """
    check_paired(base, changed)
    lines = contrast_lines(base.values, changed.values)
    return Contrast(
        scenario=scenario,
        days=base.days,
        member_count=len(base.ensemble.member_ids),
        lines=lines,
        courses=contrast_courses(base, changed),
        breaches=contrast_breaches(base, changed),
        harm_falls=next(line.less_probability for line in lines if line.indicator is HARM),
    )


def check_paired(base: Side, changed: Side) -> None:
    """Raise ValueError when the members or the days of two sides are not the same."""
    members = base.ensemble.member_ids, changed.ensemble.member_ids
    if not np.array_equal(*members) or not np.array_equal(base.days, changed.days):
        raise ValueError("only ensembles of the same members and days can be paired")


def contrast_lines(base: Mapping[str, Floats], changed: Mapping[str, Floats]) -> tuple[Line, ...]:
    """Every indicator of two ensembles paired: both are the result of `measure` on the same members."""
    shown = [one for one in INDICATORS if one.id in base and one.id in changed]
    before: Floats = np.array([base[one.id] for one in shown])
    after: Floats = np.array([changed[one.id] for one in shown])
    gap = after - before
    bands = [count_bands(values).T for values in (before, after, gap)]
    return tuple(
        Line(
            indicator=indicator,
            base=_triple(bands[0][place]),
            changed=_triple(bands[1][place]),
            difference=_triple(bands[2][place]),
            less_probability=float(np.mean(gap[place] < 0.0)),
            equal_probability=float(np.mean(gap[place] == 0.0)),
        )
        for place, indicator in enumerate(shown)
    )


def _triple(band: Floats) -> tuple[float, float, float]:
    low, middle, high = band
    return float(low), float(middle), float(high)


def count_bands(values: Counts | Floats) -> Floats:
    """(quantile, ...) of values (..., member): what `numpy.quantile` gives, linear, by one sort."""
    ordered: NDArray[Any] = np.sort(values, axis=-1)
    at = np.array(BAND) * (values.shape[-1] - 1)
    low = np.floor(at).astype(np.int64)
    high = np.minimum(low + 1, values.shape[-1] - 1)
    below, above = ordered[..., low], ordered[..., high]
    return np.moveaxis(below + (above - below) * (at - low), -1, 0)


def contrast_courses(base: Side, changed: Side) -> tuple[Course, ...]:
    """Every daily series under both scenarios and its paired difference."""
    axes = base.ensemble.axes
    return tuple(course for name, axis in COURSES for course in _courses(name, axes[axis], base, changed))


def contrast_breaches(base: Side, changed: Side) -> tuple[Breach, ...]:
    """When each stage is first above its capacity, under both scenarios."""
    return tuple(_breach(place, base, changed) for place in range(len(base.ensemble.axes["stage"])))


def _courses(name: str, places: tuple[str, ...], base: Side, changed: Side) -> list[Course]:
    bands = base.bands[name], changed.bands[name], count_bands(changed.daily[name] - base.daily[name])
    return [
        Course(name=name, place=place, base=bands[0][:, :, i], changed=bands[1][:, :, i], difference=bands[2][:, :, i])
        for i, place in enumerate(places)
    ]


def _daily(ensemble: Ensemble, name: str, begin: int) -> Counts:
    values = ensemble[name][begin:]
    if values.ndim == 4:
        total: Counts = values.sum(axis=2, dtype=np.int32)
        return total
    return values.astype(np.int32, copy=False)


def _bands(daily: Counts, name: str, like: Side | None) -> Floats:
    """(quantile, day, place) of persons (day, place, member)."""
    if like is None or like.daily[name].shape != daily.shape:
        return count_bands(daily)
    differ = (daily != like.daily[name]).any(axis=-1)
    bands = like.bands[name].copy()
    bands[:, differ] = count_bands(daily[differ])
    return bands


def _breach(place: int, base: Side, changed: Side) -> Breach:
    before, after = base.above[:, place], changed.above[:, place]
    return Breach(
        stage=base.ensemble.axes["stage"][place],
        base_probability=float(before.any(axis=0).mean()),
        changed_probability=float(after.any(axis=0).mean()),
        base_day=_first_day(before, base.days),
        changed_day=_first_day(after, base.days),
    )


def _first_day(above: NDArray[np.bool_], days: NDArray[np.int64]) -> str:
    """Median first day above capacity among the members that get there, ISO; empty where fewer than half do."""
    ever = above.any(axis=0)
    if ever.mean() < BAND[1]:
        return ""
    first = np.sort(days[above[:, ever].argmax(axis=0)])
    return day_date(int(first[len(first) // 2])).isoformat()
