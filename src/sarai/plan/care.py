"""Care: what people who arrive find at each site, day by day, against what is known to be in place there.

Desks and buses are queues (who is not served today waits for tomorrow); stock and cash are stores that are filled and
used up; staff, blankets and shelter are there or not. Delays here do not move people later in the law itself (A233).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sarai.plan.in_place import deliveries, is_stated, level_in_place
from sarai.plan.loads import DAY_UNITS, OVERNIGHT_DAYS, capacity_persons
from sarai.plan.needs import PEAK_HOUR_FACTOR, WAITING, Demand
from sarai.plan.supplies import Supply
from sarai.world.world import World

Floats = NDArray[np.float64]
DESKS, BUSES = "desks", "buses"
QUEUES = (DESKS, BUSES)
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
    wanted = [
        (demand, supply)
        for demand in demands
        for supply in supplies
        if supply.basis == demand.basis and demand.setting in supply.settings
        if not stated or _is_counted(world, demand, supply)
    ]
    desks = {demand.site: _serve(world, demand, supply, days) for demand, supply in wanted if supply.id == DESKS}
    return tuple(
        desks[demand.site] if supply.id == DESKS else _serve(world, _boarding(demand, supply, desks), supply, days)
        for demand, supply in wanted
    )


def _is_counted(world: World, demand: Demand, supply: Supply) -> bool:
    if supply.id == TENTS or (supply.id == DESKS and _stage_pace(world, demand.site) is not None):
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
    if supply.id == DESKS:
        pace = None if known else _stage_pace(world, demand.site)
        units, known = (units, known) if pace is None else (np.full(len(days), pace / reach), True)
        units = np.minimum(units, _staffed(world, demand, supply, days))
    return _held(demand.site, supply, demand.people, units, reach, known)


def _held(site: str, supply: Supply, need: Floats, units: Floats, reach: float, known: bool) -> Service:
    unmet = late = _nobody(need)
    if known and supply.id in QUEUES:
        unmet, late = wait_in_line(need, units * reach)
    elif known and not units.any():
        unmet = need
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


def _boarding(demand: Demand, supply: Supply, desks: Mapping[str, Service]) -> Demand:
    """Buses take people after registration: at a site with desks those who were served that day."""
    desk = desks.get(demand.site)
    if supply.id != BUSES or desk is None:
        return demand
    return replace(demand, persons=np.maximum(0.0, desk.need - np.diff(desk.unmet, axis=0, prepend=0.0)))


def wait_in_line(coming: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """Persons who wait at the end of each day, and of them those who came on an earlier day: both (day, member).

    coming  (day, member) persons     reach  (day,) persons who can be served in the day, first come first served
    Who has waited LONGEST_WAIT_DAYS goes on without (A233), so that a line is never longer than those days bring.
    """
    if np.all(coming <= reach[:, None]):
        return _nobody(coming), _nobody(coming)
    waiting, late = np.empty_like(coming), np.empty_like(coming)
    line = np.zeros((LONGEST_WAIT_DAYS + 1, coming.shape[1]))  # who have waited so many days, or longer
    for day in range(len(coming)):
        stay = line[:-1] - line[-1]
        line[0] = coming[day]
        line[1:] = stay
        line[0] += stay[0]
        np.maximum(0.0, line - reach[day], out=line)
        waiting[day], late[day] = line[0], line[1]
    return waiting, late


def _nobody(like: Floats) -> Floats:
    """No persons on any day in any member, at the cost of one number."""
    return np.broadcast_to(0.0, like.shape)


def _store(world: World, demand: Demand, supply: Supply, days: Sequence[date]) -> Service:
    """What is used up: a person whom the store does not reach that day goes without."""
    item = "cash_usd" if supply.id == GRANTS else supply.id
    known = _is_known(world, demand, item)
    arriving = deliveries(world, demand.site, item, days) / (supply.cost_usd if supply.id == GRANTS else 1.0)
    unmet = used = _nobody(demand.people)
    if arriving.any():
        used, short = draw_down(arriving, demand.people / supply.persons_per_unit)
        unmet = short * supply.persons_per_unit if known else unmet
    elif known:
        unmet = demand.people
    return Service(
        site=demand.site, supply=supply, need=demand.people, unmet=unmet, late=_nobody(unmet), units=arriving,
        used=used, reach=supply.persons_per_unit, known=known, limit=arriving * supply.persons_per_unit,
    )  # fmt: skip


def draw_down(arriving: Floats, asked: Floats) -> tuple[Floats, Floats]:
    """Units used and units short on each day, (day, member), of a store that keeps what is left.

    arriving (day,) units that come to hand; asked (day, member) units
    """
    used = np.zeros_like(asked)
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
        site=demand.site, supply=tents, need=demand.people, unmet=unmet, late=_nobody(unmet), units=units,
        used=used, reach=tents.persons_per_unit, known=known, limit=room,
    )  # fmt: skip


def _staffed(world: World, demand: Demand, supply: Supply, days: Sequence[date]) -> Floats:
    """Desks that the reception staff of the site can keep open; any number where no staff is stated."""
    staff = level_in_place(world, demand.site, STAFF, days)
    stated = is_stated(world, demand.site, STAFF)
    shifts = max(1.0, demand.hours / SHIFT_HOURS)
    return staff / (supply.staff * shifts) if stated and supply.staff else np.full(len(days), np.inf)


def add_up(parts: Sequence[Floats]) -> Floats:
    """The sum of arrays of one shape; a single 0 where there is none."""
    total: Floats = np.sum(np.stack(parts), axis=0) if parts else np.zeros(1)
    return total
