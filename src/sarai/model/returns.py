"""The returns law of one emergency as frozen arrays: who may leave, by which roads, through what, to where.

Every axis is in stable-id order (sorted ids; waves as in the calendar), so that the order of the input changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarai.model.build_faults import world_faults
from sarai.model.parameters import Parameters
from sarai.model.prior import ParameterPrior, build_priors, is_switched_on
from sarai.model.reception_network import ReceptionNetwork
from sarai.model.roads import Roads, build_roads, constant
from sarai.model.routing import NetworkBuilder
from sarai.model.table import parameter_table
from sarai.world.calendar import Wave
from sarai.world.civil import day_number
from sarai.world.errors import CaseError
from sarai.world.reopened import told_closures
from sarai.world.world import World

KINDS: tuple[str, ...] = ("deported", "facilitated", "other")
FACILITATED_STATUS = "por"  # UNHCR-facilitated repatriation is for holders of a Proof of Registration; A84
HOURS = 24
NEVER = 3_652_059  # the last civil day there is: 31 December 9999
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class ReturnsModel:
    """The structure of the law and its fixed numbers. What differs between members is in `Parameters`.

    origins, statuses, crossings, waves    ids: the axes of those names
    strata               (origin id, status id) pairs, sorted: the axis `stratum`
    stratum_origin, stratum_status         (stratum,) positions
    wave_announced, wave_deadline, wave_enforcement, wave_until   (wave,) civil days; no effect after wave_until
    wave_names           (wave, stratum) True where the wave names the stratum
    class_status, class_kind               (class,) a class is a status with a kind of return; positions, sorted by id
    holding_capacity     (origin,) persons, inf where not known, 0 where the origin has no holding centre
    holding_stay_days    (origin,) mean days held before the border; exogenous
    distance_km, road_days                 (origin, crossing) road km, and days at speed factor 1
    affinity             (origin, crossing) logit; settings `affinity.<origin>.<crossing>` of the case
    capacity_persons_day, service_log_sd   (crossing,) hours x desks x persons per desk-hour; sd of its daily log noise
    arrival_share, open_share              (crossing, hour) of a day's arrivals, of a day's capacity; rows sum to 1
    closure_crossing, closure_start, closure_end, closure_fraction   (closure,) end inclusive, last possible day if open
    divert_to, divert_days                 (crossing,) where a diverted share goes on to (-1: nowhere), days of road
    holidays             (holiday,) civil days
    reception            stages, routing and onward journeys
    priors               by parameter name, over the axes before `member`
    switches             names of the optional effects that the case's settings switched on
    """

    name: str
    first_day: int
    as_of_day: int
    origins: tuple[str, ...]
    statuses: tuple[str, ...]
    crossings: tuple[str, ...]
    waves: tuple[str, ...]
    strata: tuple[tuple[str, str], ...]
    stratum_origin: Ints
    stratum_status: Ints
    wave_announced: Ints
    wave_deadline: Ints
    wave_enforcement: Ints
    wave_until: Ints
    wave_names: Bools
    class_status: Ints
    class_kind: Ints
    holding_capacity: Floats
    holding_stay_days: Floats
    distance_km: Floats
    road_days: Floats
    affinity: Floats
    capacity_persons_day: Floats
    service_log_sd: Floats
    arrival_share: Floats
    open_share: Floats
    closure_crossing: Ints
    closure_start: Ints
    closure_end: Ints
    closure_fraction: Floats
    divert_to: Ints
    divert_days: Floats
    holidays: Ints
    reception: ReceptionNetwork
    priors: Mapping[str, ParameterPrior] = field(default_factory=dict)
    switches: tuple[str, ...] = ()

    @property
    def stages(self) -> tuple[str, ...]:
        """Ids of the reception stages: the axis `stage`."""
        return self.reception.stages

    @property
    def destinations(self) -> tuple[str, ...]:
        """Ids of the places people go on to: the axis `destination`."""
        return self.reception.destinations


def build_returns(world: World) -> ReturnsModel:
    """The returns law of a case as known on its as-of date.

    Raises CaseError with every fault found: negative or non-finite rates and capacities, hours or calendars out of
    order, shares that do not sum to 1, places that cannot be reached.
    """
    faults = list(world_faults(world))
    if faults:
        raise CaseError(faults)
    origins = tuple(sorted({stratum.origin for stratum in world.strata}))
    statuses = tuple(sorted(status.id for status in world.statuses))
    strata = tuple(sorted((stratum.origin, stratum.status) for stratum in world.strata))
    crossings = tuple(sorted(crossing.place_id for crossing in world.crossings))
    roads = build_roads(world)
    classes = list_classes(world, statuses)
    labels = [(statuses[status], KINDS[kind]) for status, kind in classes]
    axis_ids = {
        "stratum": tuple("|".join(stratum) for stratum in strata),
        "origin": origins,
        "status": statuses,
        "crossing": crossings,
        "wave": tuple(wave.id for wave in world.calendar.waves),
        "weekday": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    }
    return freeze(
        ReturnsModel(
            name=world.name,
            first_day=day_number(world.start),
            as_of_day=day_number(world.as_of),
            origins=origins,
            statuses=statuses,
            crossings=crossings,
            waves=axis_ids["wave"],
            strata=strata,
            stratum_origin=positions([origin for origin, _ in strata], origins),
            stratum_status=positions([status for _, status in strata], statuses),
            class_status=np.array([status for status, _ in classes], dtype=np.int64),
            class_kind=np.array([kind for _, kind in classes], dtype=np.int64),
            affinity=build_affinity(world, origins, crossings),
            reception=NetworkBuilder(world, roads, crossings, labels).build(),
            priors=build_priors(world, axis_ids),
            switches=tuple(
                row.name for row in parameter_table().values() if row.switch and is_switched_on(world, row.name)
            ),
            holidays=np.array(sorted(day_number(day) for day, _ in world.calendar.holidays), dtype=np.int64),
            **wave_arrays(world, strata),
            **holding_arrays(world, origins),
            **road_arrays(roads, origins, crossings),
            **crossing_arrays(world, crossings),
            **closure_arrays(world, crossings),
        )
    )


def positions(ids: list[str], axis: tuple[str, ...]) -> Ints:
    """The position on an axis of each id."""
    return np.array([axis.index(one) for one in ids], dtype=np.int64)


def list_classes(world: World, statuses: tuple[str, ...]) -> list[tuple[int, int]]:
    """The (status, kind) pairs that can occur, by status id, then in the order of KINDS."""
    classes = []
    for position, status in enumerate(statuses):
        for kind, name in enumerate(KINDS):
            eligible = status == FACILITATED_STATUS or f"facilitated_fraction.{status}" in world.settings
            if name != "facilitated" or eligible:
                classes.append((position, kind))
    return classes


def names_stratum(wave: Wave, origin: str, status: str) -> bool:
    """True where a wave names a stratum. No status named, or `all`, means every status; no origin means everywhere."""
    by_status = not wave.statuses or "all" in wave.statuses or status in wave.statuses
    return by_status and (not wave.origins or origin in wave.origins)


def wave_arrays(world: World, strata: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """The calendar of the waves. A wave that was called off has no effect after the as-of date."""
    waves = world.calendar.waves
    return {
        "wave_announced": np.array([day_number(w.announced) for w in waves], dtype=np.int64),
        "wave_deadline": np.array([day_number(w.deadline) for w in waves], dtype=np.int64),
        "wave_enforcement": np.array([day_number(w.enforcement) for w in waves], dtype=np.int64),
        "wave_until": np.array(
            [day_number(w.called_off or world.as_of) if w.withdrawn else NEVER for w in waves], dtype=np.int64
        ),
        "wave_names": np.array(
            [[names_stratum(wave, *stratum) for stratum in strata] for wave in waves], dtype=np.bool_
        ).reshape(len(waves), len(strata)),
    }


def holding_arrays(world: World, origins: tuple[str, ...]) -> dict[str, Any]:
    """Holding centres by origin: capacities add up, stays are averaged. Exogenous."""
    capacity, stay = np.zeros(len(origins)), np.zeros(len(origins))
    for position, origin in enumerate(origins):
        centres = [centre for centre in world.holding if centre.origin == origin]
        if centres:
            known = [centre.capacity.value for centre in centres]
            capacity[position] = sum(np.inf if value is None else value for value in known)
            stay[position] = sum(centre.stay_days for centre in centres) / len(centres)
    return {"holding_capacity": capacity, "holding_stay_days": stay}


def build_affinity(world: World, origins: tuple[str, ...], crossings: tuple[str, ...]) -> Floats:
    """Attraction of crossings that differs between origins, from the case's settings; 0 elsewhere."""
    table = np.zeros((len(origins), len(crossings)))
    for row, origin in enumerate(origins):
        for column, crossing in enumerate(crossings):
            setting = world.settings.get(f"affinity.{origin}.{crossing}")
            table[row, column] = 0.0 if setting is None else setting.value
    return table


def road_arrays(roads: Roads, origins: tuple[str, ...], crossings: tuple[str, ...]) -> dict[str, Any]:
    """Roads from origins to crossings, and from each crossing to the nearest other one."""
    legs = roads.matrix(origins, crossings)
    between = roads.matrix(crossings, crossings)[..., 0].copy()
    np.fill_diagonal(between, np.inf)
    between[~np.isfinite(between)] = np.inf
    nearest = between.argmin(axis=1) if len(crossings) > 1 else np.zeros(len(crossings), dtype=np.int64)
    reachable = np.array([np.isfinite(between[row, nearest[row]]) for row in range(len(crossings))], dtype=np.bool_)
    days = [roads.leg(start, crossings[nearest[row]])[1] for row, start in enumerate(crossings)]
    return {
        "distance_km": np.ascontiguousarray(legs[..., 0]),
        "road_days": np.ascontiguousarray(legs[..., 1]),
        "divert_to": np.where(reachable, nearest, -1).astype(np.int64),
        "divert_days": np.where(reachable, np.array(days, dtype=np.float64), 0.0),
    }


def hour_shares(first_hour: float, last_hour: float) -> Floats:
    """(hour,) share of an even flow from first_hour to last_hour that falls into each hour of the day."""
    hours = np.arange(HOURS, dtype=np.float64)
    overlap = np.clip(np.minimum(hours + 1.0, last_hour) - np.maximum(hours, first_hour), 0.0, 1.0)
    shares: Floats = overlap / overlap.sum()
    return shares


def crossing_arrays(world: World, crossings: tuple[str, ...]) -> dict[str, Any]:
    """What each crossing can process, and when."""
    known = {crossing.place_id: crossing for crossing in world.crossings}
    rows = [known[key] for key in crossings]
    arrival = hour_shares(constant(world, "arrival_first_hour"), constant(world, "arrival_last_hour"))
    return {
        "capacity_persons_day": np.array(
            [(row.closes_hour - row.opens_hour) * row.desks * row.persons_desk_hour for row in rows], dtype=np.float64
        ),
        "service_log_sd": np.array([row.service_log_sd for row in rows], dtype=np.float64),
        "arrival_share": np.tile(arrival, (len(rows), 1)),
        "open_share": np.array([hour_shares(row.opens_hour, row.closes_hour) for row in rows]).reshape(-1, HOURS),
    }


def closure_arrays(world: World, crossings: tuple[str, ...]) -> dict[str, Any]:
    """Closures in order of crossing and start; one without an end known or counted lasts as long as the simulation."""
    rows = sorted(told_closures(world), key=lambda c: (c.crossing, c.start, c.end or c.start))
    return {
        "closure_crossing": positions([row.crossing for row in rows], crossings),
        "closure_start": np.array([day_number(row.start) for row in rows], dtype=np.int64),
        "closure_end": np.array([NEVER if row.end is None else day_number(row.end) for row in rows], dtype=np.int64),
        "closure_fraction": np.array([row.fraction_closed for row in rows], dtype=np.float64),
    }


def freeze(model: ReturnsModel) -> ReturnsModel:
    """Mark every array of the model as read-only."""
    for holder in (model, model.reception):
        for value in vars(holder).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
    return model


def central_parameters(model: ReturnsModel, member_ids: NDArray[np.uint64]) -> Parameters:
    """Every member at the centre of its priors, with no discrepancy. The fit perturbs these."""
    count = len(member_ids)
    values = {}
    for name, prior in model.priors.items():
        rows = (0,) if "day" in prior.axes else ()
        shape = (*rows, *prior.centre.shape, count)
        values[name] = np.array(np.broadcast_to(prior.centre[..., None], shape), dtype=np.float64)
    return Parameters(member_ids=np.asarray(member_ids, dtype=np.uint64), first_day=model.first_day, **values)
