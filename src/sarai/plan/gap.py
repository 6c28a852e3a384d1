"""Gap: what each site needs of each supply, what is in place, what is missing, by when to order and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sarai.plan.care import GRANTS, QUEUES, Service, add_up
from sarai.plan.in_place import funds_in_place
from sarai.world.world import World

Floats = NDArray[np.float64]
LEVELS = (0.5, 0.8, 0.95)
PLANNED = 0.8
"""The level at which missing units, order days and staff are said: enough in four of five possible worlds."""


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One supply at one site over the horizon; whole units of the supply.

    need        (P50, P80, P95): of what is held the largest day, of what is used up the sum of the days
    in_place    the least in place on a day, or the sum that comes to hand; None where nothing says
    missing     at P80, what the need leaves beyond what is in place, taken in each member first
    first_short first day on which it is missing at P80; order_by: that day less the time an order takes
    staff       people that the need at P80 takes      batches  deliveries that shelf life asks for, 1 where it keeps
    """

    site: str
    sector: str
    item: str
    unit: str
    need: tuple[float, float, float]
    in_place: float | None
    missing: float
    first_short: date | None
    lead_days: int
    order_by: date | None
    shelf_days: int
    batches: int
    staff: float
    cost_usd: float
    why: str


@dataclass(frozen=True, kw_only=True)
class Budget:
    """US dollars over the horizon: (P50, P80, P95) of meeting every need, of what is given, of what is missing.

    funds       pledged or given, as the case says or as asked; None where nothing says
    gap         (P50, P80, P95) of what the funds leave of the cost of every need; None without funds
    """

    every_need: tuple[float, float, float]
    in_place: tuple[float, float, float]
    missing: tuple[float, float, float]
    funds: float | None
    gap: tuple[float, float, float] | None


def find_gaps(world: World, services: Sequence[Service], days: Sequence[date]) -> tuple[Gap, ...]:
    """A line for each supply at each site, in order of site and sector."""
    found = [_gap(world, service, days) for service in services]
    return tuple(sorted(found, key=lambda gap: (gap.site, gap.sector, gap.item)))


def _gap(world: World, service: Service, days: Sequence[date]) -> Gap:
    supply = service.supply
    wanted = net_wanted(service)
    short = units_short(service)
    total = wanted.sum(axis=0) if supply.use == "consumed" else wanted.max(axis=0)
    lacking = short.sum(axis=0) if supply.use == "consumed" else short.max(axis=0)
    missing = float(np.ceil(np.quantile(lacking, PLANNED)))
    first = _first_short(short, days) if missing > 0.0 else None
    need = whole(quantiles(total))
    return Gap(
        site=service.site, sector=supply.sector, item=supply.item, unit=supply.unit, need=need,
        in_place=_in_place(service), missing=missing, first_short=first, lead_days=supply.resupply_days,
        order_by=first - timedelta(days=supply.resupply_days) if first else None, shelf_days=supply.shelf_days,
        batches=-(-len(days) // supply.shelf_days) if supply.shelf_days else 1, staff=need[1] * supply.staff,
        cost_usd=missing * (supply.cost_usd if supply.use == "consumed" else supply.cost_over(1.0, len(days))),
        why=_why(service, missing, first, world.as_of),
    )  # fmt: skip


def net_wanted(service: Service) -> Floats:
    """Units wanted on each day, (day, member): of tents those for whom the stages of the site have no room."""
    if service.supply.sector != "Shelter" or not service.known:
        return service.wanted
    stages = service.limit / service.reach - service.units
    return np.maximum(0.0, service.wanted - stages[:, None])


def units_short(service: Service) -> Floats:
    """Units missing on each day beyond what is known to be in place, (day, member)."""
    return service.short if service.known else net_wanted(service)


def _in_place(service: Service) -> float | None:
    if not service.known:
        return None
    consumed = service.supply.use == "consumed"
    return float(service.units.sum() if consumed else service.units.min(initial=np.inf))


def _first_short(short: Floats, days: Sequence[date]) -> date | None:
    """First day by which units have been missing in one of five possible worlds."""
    ever = np.logical_or.accumulate(short > 0.0, axis=0).mean(axis=1)
    likely = np.flatnonzero(ever >= 1.0 - PLANNED)
    return days[int(likely[0])] if likely.size else None


def _why(service: Service, missing: float, first: date | None, as_of: date) -> str:
    supply = service.supply
    if not service.known:
        return "what is in place is not stated; the whole need is shown as missing"
    if missing <= 0.0 or first is None:
        return "enough is in place in four of five possible worlds"
    late = (as_of - (first - timedelta(days=supply.resupply_days))).days
    if late > 0:
        days = "1 day" if late == 1 else f"{late} days"
        return f"an order placed today comes {days} after the first day on which it is missing"
    what = (
        "people wait" if supply.id in QUEUES else "families go unpaid" if supply.id == GRANTS else "people go without"
    )
    return f"without it {what} from the day it is first missing"


def make_budget(world: World, services: Sequence[Service], funds: float | None = None) -> Budget:
    """Cost of the need, of what is given, of what is missing, and what the funds leave. Quantiles of sums."""
    every = add_up([_cost(service, net_wanted(service)) for service in services])
    given = add_up([_cost(one, one.used) for one in services if one.known] or [np.zeros_like(every)])
    missing = add_up([_cost(service, units_short(service)) for service in services])
    known = funds if funds is not None else (funds_in_place(world) or None)
    left = None if known is None else quantiles(np.maximum(0.0, every - known))
    return Budget(
        every_need=quantiles(every), in_place=quantiles(given), missing=quantiles(missing), funds=known, gap=left
    )


def _cost(service: Service, units: Floats) -> Floats:
    supply = service.supply
    once = supply.cost_usd if supply.use == "consumed" else supply.cost_over(1.0, len(units))
    total: Floats = units.sum(axis=0) if supply.use == "consumed" else units.max(axis=0)
    return total * once


def whole(levels: tuple[float, float, float]) -> tuple[float, float, float]:
    """Rounded up to whole units."""
    low, middle, high = (float(np.ceil(level)) for level in levels)
    return low, middle, high


def quantiles(values: Floats) -> tuple[float, float, float]:
    """P50, P80, P95 over members."""
    low, middle, high = np.quantile(values, LEVELS)
    return float(low), float(middle), float(high)
