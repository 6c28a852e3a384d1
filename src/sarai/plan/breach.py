"""Breach: the first day on which a site is above what it can take, and what puts that off by three days."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sarai.plan.care import QUEUES, TENTS, Service
from sarai.plan.loads import OVERNIGHT_DAYS
from sarai.world.world import World

Floats = NDArray[np.float64]
POSTPONED_DAYS = 3
LIKELY, POSSIBLE = 0.5, 0.2
WATCHED = (TENTS, *QUEUES)


@dataclass(frozen=True, kw_only=True)
class Breach:
    """One site and what it has too little of: `room`, `desks` or `buses`.

    probability   that it happens within the horizon
    first         first day by which it is as likely as not; None where it stays less likely
    first_possible  first day by which one of five possible worlds is there
    units         more units (places, desks, buses) that put the earlier of the two off by three days at least
    stay_days     for room: the mean stay that would do the same; None where stay is not the matter
    """

    site: str
    what: str
    probability: float
    first: date | None
    first_possible: date | None
    in_place: float
    units: float
    stay_days: float | None

    def say(self, site_name: str, say_day: Callable[[date], str]) -> str:
        """When, and what puts it off, in words."""
        what = f"{self.what.capitalize()} at {site_name}"
        day = self.first or self.first_possible
        if day is None:
            return f"{what} will do in more than four of five possible worlds"
        state = "is too small" if self.what == "room" else "are too few"
        chance = "as likely as not" if self.first is not None else "in one of five possible worlds"
        more = f"{self.units:,.0f} more {'places' if self.what == 'room' else self.what}"
        stay = f", or a mean stay of {self.stay_days:.1f} days," if self.stay_days is not None else ""
        return f"{what} {state} by {say_day(day)}, {chance}; {more}{stay} put that off by three days or more"


def find_breaches(world: World, services: Sequence[Service], days: Sequence[date]) -> tuple[Breach, ...]:
    """Every site whose room, desks or buses are known, in order of site."""
    found = []
    for service in services:
        if service.known and service.supply.id in WATCHED:
            found.append(_breach(world, service, service.limit, days))
    return tuple(sorted(found, key=lambda one: (one.site, one.what)))


def _breach(world: World, service: Service, limit: Floats, days: Sequence[date]) -> Breach:
    over = service.need - limit[:, None]
    chance = np.logical_or.accumulate(over > 0.0, axis=0).mean(axis=1)
    first, possible = (_day(chance, share) for share in (LIKELY, POSSIBLE))
    units, stay = 0.0, None
    step = 1.0 if service.supply.id == TENTS else service.reach
    if possible is not None:
        share, start = (LIKELY, first) if first is not None else (POSSIBLE, possible)
        until = min(len(days), start + POSTPONED_DAYS)
        worst = over[:until].max(axis=0)
        units = units_to_hold(worst, share, step)
        if service.supply.id == TENTS:
            stay = _shorter_stay(world, service, limit[:until], service.need[:until], share)
    return Breach(
        site=service.site,
        what="room" if service.supply.id == TENTS else service.supply.id,
        probability=float(chance[-1]) if len(chance) else 0.0,
        first=days[first] if first is not None else None,
        first_possible=days[possible] if possible is not None else None,
        in_place=float(limit[0] / step),
        units=units,
        stay_days=stay,
    )


def units_to_hold(worst: Floats, share: float, step: float) -> float:
    """The fewest whole units of `step` persons with which fewer than `share` of members have anybody too many."""
    allowed = math.ceil(share * len(worst)) - 1  # members that may still be above
    ordered = np.sort(worst)
    return float(max(0, math.ceil(ordered[len(ordered) - 1 - allowed] / step)))


def _shorter_stay(world: World, service: Service, limit: Floats, need: Floats, share: float) -> float | None:
    """The mean stay at which the same people would fit, one night at least: people present fall with it."""
    stays = [s.stay_days for s in world.stages if s.site == service.site and s.stay_days >= OVERNIGHT_DAYS]
    ratio = np.sort((need / limit[:, None]).max(axis=0))[len(need[0]) - math.ceil(share * len(need[0]))]
    wanted = max(stays) / float(ratio) if stays and ratio > 0.0 else 0.0
    return wanted if wanted >= OVERNIGHT_DAYS else None


def _day(chance: Floats, share: float) -> int | None:
    found = np.flatnonzero(chance >= share)
    return int(found[0]) if found.size else None
