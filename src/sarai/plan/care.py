"""Care: what people who arrive find at each site, day by day, against what is known to be in place there.

Desks and buses are queues (who is not served today waits for tomorrow); stock and cash are stores that are filled and
used up; staff, blankets and shelter are there or not. Delays here do not move people later in the law itself (A233).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sarai.plan.in_place import deliveries, is_stated, level_in_place
from sarai.plan.loads import DAY_UNITS, OVERNIGHT_DAYS, capacity_persons
from sarai.plan.needs import PEAK_HOUR_FACTOR, WAITING, Demand
from sarai.plan.supplies import Supply
from sarai.world.world import World

Floats = NDArray[np.float64]
QUEUES = ("desks", "buses")
TENTS, GRANTS, PLACES, STAFF = "family_tents", "cash_grants", "shelter_places", "reception_staff"
SHIFT_HOURS = 8.0
"""A233: hours that one person works in a day."""
LONGEST_WAIT_DAYS = 3
"""A233: days after which a family goes on without being registered, or finds its own way."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """One supply at one site over the days.

    need     (day, member) persons who call for it that day
    unmet    (day, member) persons who go without, or still wait, at the end of the day
    late     (day, member) persons who wait and have waited since an earlier day
    units    (day,) units in place, or that come to hand, on the day
    used     (day, member) units used up; of what is held, the units in place
    reach    persons that one unit serves in a day
    limit    (day,) persons who can be served on the day by what is in place, infinite where nothing says
    known    False where nothing says what is in place: then nobody is counted as going without
    """

    site: str
    supply: Supply
    need: Floats
    unmet: Floats
    late: Floats
    units: Floats
    used: Floats
    reach: float
    known: bool
    limit: Floats

    @property
    def wanted(self) -> Floats:
        """Units that would leave nobody without on the day, (day, member)."""
        return self.need / self.reach

    @property
    def short(self) -> Floats:
        """Units missing on each day, (day, member); of a queue those that would end it the same day."""
        if self.supply.use == "held" and self.supply.id not in QUEUES:
            return self.unmet / self.reach
        return (
            np.maximum(0.0, self.wanted - self.units[:, None]) if self.supply.use == "held" else self.unmet / self.reach
        )


def list_services(
    world: World, demands: Sequence[Demand], supplies: Sequence[Supply], days: Sequence[date], *, stated: bool = False
) -> tuple[Service, ...]:
    """Every supply at every site that has a demand for it, shelter included.

    stated  leave out those of which nothing says what is in place: nobody would be counted as going without
    """
    found: list[Service] = []
    for demand in demands:
        for supply in supplies:
            if supply.basis != demand.basis or demand.setting not in supply.settings:
                continue
            if not stated or _is_counted(world, demand, supply):
                found.append(_serve(world, demand, supply, days))
    return tuple(_board(found))


def _is_counted(world: World, demand: Demand, supply: Supply) -> bool:
    if supply.id == TENTS or (supply.id == "desks" and _stage_pace(world, demand.site) is not None):
        return True
    return _is_known(world, demand, "cash_usd" if supply.id == GRANTS else supply.id)


def _is_known(world: World, demand: Demand, item: str) -> bool:
    """Whether it is known what is in place: a line says so; nothing is where people wait to cross (A239)."""
    return demand.setting == WAITING or is_stated(world, demand.site, item)


def _serve(world: World, demand: Demand, supply: Supply, days: Sequence[date]) -> Service:
    if supply.id == TENTS:
        return _shelter(world, demand, supply, days)
    if supply.use == "consumed":
        return _store(world, demand, supply, days)
    units = level_in_place(world, demand.site, supply.id, days)
    known = _is_known(world, demand, supply.id)
    reach = supply.persons_per_unit
    if demand.basis == "peak_hour":
        reach *= demand.hours / (1.0 if supply.id in QUEUES else PEAK_HOUR_FACTOR)
    if supply.id == "desks":
        pace = None if known else _stage_pace(world, demand.site)
        units, known = (units, known) if pace is None else (np.full(len(days), pace / reach), True)
        units = np.minimum(units, _staffed(world, demand, supply, days))
    return _held(demand.site, supply, demand.people, units, reach, known)


def _held(site: str, supply: Supply, need: Floats, units: Floats, reach: float, known: bool) -> Service:
    unmet = late = np.zeros_like(need)
    if known and supply.id in QUEUES:
        unmet, late = wait_in_line(need, units * reach)
    elif known:
        unmet = np.maximum(0.0, need - (units * reach)[:, None])
    used = np.broadcast_to(units[:, None], unmet.shape)
    limit = units * reach if known else np.full(len(units), np.inf)
    return Service(
        site=site, supply=supply, need=need, unmet=unmet, late=late, units=units, used=used, reach=reach, known=known,
        limit=limit,
    )  # fmt: skip


def _stage_pace(world: World, site: str) -> float | None:
    """Persons a day that registration at a site can take, where the case gives it for the stage itself."""
    paces = [
        capacity_persons(world, stage)
        for stage in world.stages
        if stage.site == site and stage.kind == "registration" and stage.capacity.unit in DAY_UNITS
    ]
    return sum(pace for pace in paces if pace is not None) if paces and None not in paces else None


def _board(services: list[Service]) -> list[Service]:
    """Buses take people after registration: at a site with desks those who were served that day."""
    desks = {service.site: service for service in services if service.supply.id == "desks"}
    found = []
    for service in services:
        desk = desks.get(service.site)
        if service.supply.id == "buses" and desk is not None:
            served = np.maximum(0.0, desk.need - np.diff(desk.unmet, axis=0, prepend=0.0))
            service = _held(service.site, service.supply, served, service.units, service.reach, service.known)
        found.append(service)
    return found


def wait_in_line(coming: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """Persons who wait at the end of each day, and of them those who came on an earlier day: both (day, member).

    coming  (day, member) persons     reach  (day,) persons who can be served in the day, first come first served
    Who has waited LONGEST_WAIT_DAYS goes on without (A233), so that a line is never longer than those days bring.
    """
    waiting, late = np.zeros_like(coming), np.zeros_like(coming)
    line = np.zeros((LONGEST_WAIT_DAYS + 1, coming.shape[1]))  # by days waited
    for day in range(len(coming)):
        line[1:] = line[:-1].copy()
        line[0] = coming[day]
        left = np.full(coming.shape[1], reach[day])
        for age in range(LONGEST_WAIT_DAYS, -1, -1):
            served = np.minimum(line[age], left)
            line[age] -= served
            left = left - served
        waiting[day] = line.sum(axis=0)
        late[day] = line[1:].sum(axis=0)
        line[-1] = 0.0
    return waiting, late


def _store(world: World, demand: Demand, supply: Supply, days: Sequence[date]) -> Service:
    """What is used up: a person whom the store does not reach that day goes without."""
    item = "cash_usd" if supply.id == GRANTS else supply.id
    known = _is_known(world, demand, item)
    arriving = deliveries(world, demand.site, item, days) / (supply.cost_usd if supply.id == GRANTS else 1.0)
    asked = demand.people / supply.persons_per_unit
    used, short = draw_down(arriving, asked)
    unmet = short * supply.persons_per_unit if known else np.zeros_like(asked)
    return Service(
        site=demand.site, supply=supply, need=demand.people, unmet=unmet, late=np.zeros_like(unmet), units=arriving,
        used=used, reach=supply.persons_per_unit, known=known, limit=arriving * supply.persons_per_unit,
    )  # fmt: skip


def draw_down(arriving: Floats, asked: Floats) -> tuple[Floats, Floats]:
    """Units used and units short on each day, (day, member), of a store that keeps what is left.

    arriving (day,) units that come to hand; asked (day, member) units
    """
    used = np.zeros_like(asked)
    if not arriving.any():
        return used, asked
    held = np.zeros(asked.shape[1])
    for day in range(len(asked)):
        held = held + arriving[day]
        used[day] = np.minimum(held, asked[day])
        held = held - used[day]
    return used, asked - used


def _shelter(world: World, demand: Demand, tents: Supply, days: Sequence[date]) -> Service:
    """Nights of people above the room of the site: its stages, places beside it, and tents. Nothing known: no night.

    A stage whose capacity is not known adds no night in the open, as no figure would be honest.
    """
    stages = [
        stage
        for stage in world.stages
        if stage.site == demand.site and stage.setting == demand.setting and stage.stay_days >= OVERNIGHT_DAYS
    ]
    rooms = [capacity_persons(world, stage) for stage in stages if stage.capacity.unit not in DAY_UNITS]
    units = level_in_place(world, demand.site, TENTS, days)
    extra = level_in_place(world, demand.site, PLACES, days) + units * tents.persons_per_unit
    known = bool(rooms) and all(room is not None for room in rooms)
    room = np.floor(sum(value or 0.0 for value in rooms)) + extra if known else np.full(len(days), np.inf)
    unmet = np.maximum(0.0, demand.people - room[:, None])
    used = np.broadcast_to(units[:, None], unmet.shape)
    return Service(
        site=demand.site, supply=tents, need=demand.people, unmet=unmet, late=np.zeros_like(unmet), units=units,
        used=used, reach=tents.persons_per_unit, known=known, limit=room,
    )  # fmt: skip


def _staffed(world: World, demand: Demand, supply: Supply, days: Sequence[date]) -> Floats:
    """Desks that the reception staff of the site can keep open; any number where no staff is stated."""
    staff = level_in_place(world, demand.site, STAFF, days)
    stated = is_stated(world, demand.site, STAFF)
    shifts = max(1.0, demand.hours / SHIFT_HOURS)
    return staff / (supply.staff * shifts) if stated and supply.staff else np.full(len(days), np.inf)


def unmet_by_sector(services: Sequence[Service]) -> dict[str, Floats]:
    """Person-days without, by sector: (member,). A sector of which nothing is known to be in place is missing."""
    found: dict[str, Floats] = {}
    for service in services:
        if service.known:
            sector = service.supply.sector
            found[sector] = found.get(sector, np.zeros(service.need.shape[1])) + service.unmet.sum(axis=0)
    return found


def weighted_unmet(services: Sequence[Service]) -> Floats:
    """Person-days without, each weighted by how hard it is to go without (supplies.csv): (member,)."""
    return add_up([service.unmet.sum(axis=0) * service.supply.severity for service in services])


def given_cost(services: Sequence[Service]) -> Floats:
    """US dollars for what is in place and used: (member,)."""
    return add_up([_cost(one, one.used, one.units[:, None]) for one in services])


def gap_cost(services: Sequence[Service]) -> Floats:
    """US dollars that would leave nobody without: (member,). Held units for the worst day, consumed ones added up."""
    return add_up([_cost(one, short, short) for one in services for short in (one.short,)])


def add_up(parts: Sequence[Floats]) -> Floats:
    """The sum of arrays of one shape; a single 0 where there is none."""
    total: Floats = np.sum(np.stack(parts), axis=0) if parts else np.zeros(1)
    return total


def _cost(service: Service, used: Floats, held: Floats) -> Floats:
    supply, members = service.supply, service.need.shape[1]
    total: Floats = used.sum(axis=0) * supply.cost_usd
    if supply.use == "held":
        total = held.max(axis=0) * supply.cost_over(1.0, len(service.units))
    return np.broadcast_to(total, (members,))
