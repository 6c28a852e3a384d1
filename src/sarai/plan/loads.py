"""Load of each stage of reception against what it can take."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from sarai.forecast.forecast import Forecast
from sarai.plan.arrivals import Samples, stage_arrivals
from sarai.plan.plan import SiteLoad
from sarai.world.reception import Stage
from sarai.world.world import World

OVERNIGHT_DAYS = 1.0
"""A146: mean stay from which a stage is a place where people sleep."""
HOUSEHOLD_PERSONS = 6.0
"""A132: persons in a household, to read a capacity given in families."""
DAY_UNITS = ("persons_day", "desks")


def site_loads(world: World, forecast: Forecast) -> tuple[SiteLoad, ...]:
    """One line a stage, in stage order: largest load over the horizon, capacity, chance and date of going above it.

    A capacity in families is read as persons (A132), one in desks as persons/day by hours and desk rate. Where the
    capacity is not known, chance and date are None and `needed_p80` says what would do.
    """
    arrivals = stage_arrivals(world, forecast)
    lines = []
    for stage in world.stages:
        load, unit = _load(stage, forecast, arrivals)
        if load is not None:
            lines.append(_site_load(world, stage, forecast, load, unit))
    return tuple(lines)


def capacity_persons(world: World, stage: Stage) -> float | None:
    """The capacity of a stage in persons (or persons/day for a desk); None where it is not known."""
    value = stage.capacity.value
    if value is None:
        return None
    if stage.capacity.unit == "families":
        return value * HOUSEHOLD_PERSONS
    if stage.capacity.unit == "desks":
        rates = [item.persons_desk_hour for item in world.crossings if item.persons_desk_hour > 0]
        return value * float(np.mean(rates)) * max(0.0, stage.closes_hour - stage.opens_hour) if rates else None
    return value


def _load(stage: Stage, forecast: Forecast, arrivals: dict[str, Samples]) -> tuple[Samples | None, str]:
    """Load (day, member) and its unit: people present at a stage with a stay or with room for so many persons, people
    passing in the day at a desk and at a stage that people only pass through.
    """
    series = forecast.series.get("site occupancy")
    short = stage.stay_days < OVERNIGHT_DAYS and stage.capacity.value is None
    if series is not None and stage.capacity.unit not in DAY_UNITS and not (short and stage.id in arrivals):
        for name in (stage.id, stage.site):
            if name in series.locations:
                return series.samples[:, series.locations.index(name), :], "persons"
    return arrivals.get(stage.id), "persons/day"


def _site_load(world: World, stage: Stage, forecast: Forecast, load: Samples, unit: str) -> SiteLoad:
    capacity = capacity_persons(world, stage)
    p50, p80, p95 = (float(value) for value in np.quantile(load.max(axis=0), (0.5, 0.8, 0.95)))
    chance, first = _breach(forecast, load, capacity)
    busiest = int(np.argmax(np.median(load, axis=1)))
    return SiteLoad(
        stage=stage.id, site=stage.site, capacity=capacity, capacity_assumed=stage.capacity.assumed, needed_p80=p80,
        breach_probability=chance, first_breach_p50=None if stage.capacity.assumed else first,
        unit=unit, peak_p50=p50, peak_p80=p80, peak_p95=p95,
        peak_day=forecast.reference_date + timedelta(days=busiest + 1),
    )  # fmt: skip


def _breach(forecast: Forecast, load: Samples, capacity: float | None) -> tuple[float | None, date | None]:
    """Chance that the load goes above the capacity, and the first day by which that is as likely as not.

    Read from the members themselves, so that chance, date and load in one line always agree.
    """
    if capacity is None:
        return None, None
    above = load > capacity
    by_day = np.logical_or.accumulate(above, axis=0).mean(axis=1)
    likely = np.flatnonzero(by_day >= 0.5)
    first = forecast.reference_date + timedelta(days=int(likely[0]) + 1) if likely.size else None
    return float(by_day[-1]), first
