"""Hours: people by hour of the busiest day at each place of entry, against its opening hours and desks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sarai.plan.arrivals import reach_shares
from sarai.plan.care import Service
from sarai.plan.needs import PEAK_HOUR_FACTOR
from sarai.world.reception import Crossing, Stage
from sarai.world.world import World

Floats = NDArray[np.float64]
HOURS = 24


@dataclass(frozen=True, kw_only=True)
class Hour:
    """One hour, local, of one site on its busiest day. Persons at P50 and P80; `reach`: registered at most.

    waiting   persons in line at the end of the hour at P80; None where no desks are stated
    """

    site: str
    day: date
    hour: int
    coming_p50: float
    coming_p80: float
    open: float
    reach: float | None
    waiting_p80: float | None


def list_hours(world: World, services: Sequence[Service], days: Sequence[date]) -> tuple[Hour, ...]:
    """Every hour of every place of entry that registers people, on the day with most of them in the middle case."""
    found: list[Hour] = []
    for service in services:
        if service.supply.id == "desks":
            busiest = int(np.argmax(np.median(service.need, axis=1)))
            found += _site_hours(world, service, busiest, days[busiest])
    return tuple(found)


def _site_hours(world: World, service: Service, at: int, day: date) -> list[Hour]:
    p50, p80 = (float(value) for value in np.quantile(service.need[at], (0.5, 0.8)))
    coming = coming_shares(world, service.site)
    opened = open_shares(world, service.site)
    reach = float(service.limit[at]) if service.known else None
    per_hour = None if reach is None else reach * opened / max(1e-9, float(opened.sum()))
    line = None if per_hour is None else wait_by_hour(p80 * coming, per_hour)
    return [
        Hour(
            site=service.site, day=day, hour=hour, coming_p50=p50 * float(coming[hour]),
            coming_p80=p80 * float(coming[hour]), open=float(opened[hour]),
            reach=None if per_hour is None else float(per_hour[hour]),
            waiting_p80=None if line is None else float(line[hour]),
        )
        for hour in range(HOURS)
    ]  # fmt: skip


def wait_by_hour(coming: Floats, reach: Floats) -> Floats:
    """Persons in line at the end of each hour of a day that begins with nobody in line: (hour,)."""
    line, waiting = np.zeros(HOURS), 0.0
    for hour in range(HOURS):
        waiting = max(0.0, waiting + float(coming[hour]) - float(reach[hour]))
        line[hour] = waiting
    return line


def coming_shares(world: World, site: str) -> Floats:
    """(hour,) share of a day's people who come in each hour: while the crossings that lead here are open.

    The first hour has twice the mean (A138): those who waited overnight come with it.
    """
    feeding = [crossing for crossing in world.crossings if _leads_to(world, crossing, site)]
    if not feeding:
        even: Floats = open_shares(world, site)
        even /= even.sum()
        return even
    shares = np.zeros(HOURS)
    for crossing in feeding:
        hours = overlap(crossing.opens_hour, crossing.closes_hour)
        hours[int(crossing.opens_hour)] *= PEAK_HOUR_FACTOR
        shares += hours / hours.sum() / len(feeding)
    return shares


def open_shares(world: World, site: str) -> Floats:
    """(hour,) part of each hour in which the place of entry works."""
    stages = [stage for stage in world.stages if stage.site == site and stage.setting == "zero_point"]
    hours: Sequence[Stage | Crossing] = stages or [item for item in world.crossings if item.place_id == site]
    shares: Floats = np.max([overlap(item.opens_hour, item.closes_hour) for item in hours], axis=0)
    return shares


def overlap(first: float, last: float) -> Floats:
    """(hour,) part of each hour of the day between two hours."""
    hours = np.arange(HOURS, dtype=np.float64)
    shares: Floats = np.clip(np.minimum(hours + 1.0, last) - np.maximum(hours, first), 0.0, 1.0)
    return shares


def _leads_to(world: World, crossing: Crossing, site: str) -> bool:
    if crossing.place_id == site:
        return True
    sites = {stage.id: stage.site for stage in world.stages}
    return any(sites[stage] == site for stage in reach_shares(world, crossing.place_id))
