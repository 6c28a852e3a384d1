"""The law as plain arrays, the way kernels want it; and the keys of its draws."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.groups import Groups
from sarai.model.flight.law import MODES, FlightLaw
from sarai.simulate.kernel import kernel
from sarai.simulate.keys import cell_key
from sarai.simulate.philox import philox_block

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.uint8]
Keys = NDArray[np.uint64]


class Law(NamedTuple):
    """FlightLaw flattened; names and shapes as in `sarai.model.flight`. Lengths and speeds are in steps.

    exponents, views   (kind,) of choice: power of the score, view of a forecast
    kind, view, home   (group,) kind of choice, view of a forecast, place of the harvest or NO_HARVEST
    own_start, own     groups of those who set out at place i: own[own_start[i] : own_start[i + 1]]
    """

    days: int
    places: int
    link_start: Ints
    link_end: Ints
    link_length: Ints
    link_speed: Ints
    link_walk: Floats
    walk_speed: int
    full_day: int
    recent_step: int
    stop_step: int
    path_origin: Ints
    path_end: Ints
    path_link: Ints
    path_after: Ints
    path_back: Ints
    path_km: Floats
    path_near: Floats
    path_key: Keys
    routes_start: Ints
    routes: Ints
    via: Ints
    reach_start: Ints
    reach: Ints
    place_row: Ints
    score: Floats
    factor: Floats
    steady: Floats
    ahead: Floats
    chance: Floats
    starving: Floats
    flood_chance: Floats
    town: Flags
    camp: Flags
    marker: Flags
    capped: Flags
    link_row: Ints
    open_links: Flags
    closing_start: Ints
    closing_links: Ints
    spawn_row: Ints
    spawn: Floats
    leaving: Ints
    initial: Ints
    population: Ints
    capacity: Ints
    capacity_per_day: Ints
    sink: Floats
    exponents: Ints
    views: Ints
    kind: Ints
    view: Ints
    home: Ints
    own_start: Ints
    own: Ints
    shares: Floats
    harvest: Flags
    mode: int
    rate: float
    awareness: int
    fixed: bool
    free_markers: bool
    take: bool
    sinks: bool
    stints: bool
    on_foot: bool
    walkers: bool
    weight_softening: float
    weight_power: float
    pruning: float
    buffer: float
    scaling: float
    pop_weight: bool
    pop_power: float
    chance_base: float
    chance_factor: float
    beyond: bool
    empty_first: bool
    send_back: bool
    uniform: bool


FOUR_GROUPS = np.uint64(0x3E3779B97F4A5)  # 50 bits, so that a multiple by 2^14 four groups has no more than 64 (A184)
STAGE_BITS, VISITS = 12, 16  # widths in the key of a draw: a class of today's distance; visits in bits of their own
UNPRUNED = 1.0  # fixed routes are not pruned (law of Flee)
STAGE_SPAWN, STAGE_POISSON, STAGE_GROUP, STAGE_MOVE, STAGE_ROUTE, STAGE_WALK, STAGE_SINK, STAGE_WALK_BACK = range(8)


@kernel(checked=True)
def path_keys(parent: Ints, end: Ints, place_key: Keys) -> Keys:
    """64-bit key of every path from the keys of its places, the same whatever else is on the network."""
    low = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    keys = np.empty(len(parent), np.uint64)
    for path in range(len(parent)):
        if parent[path] < 0:
            keys[path] = place_key[end[path]]
            continue
        one = keys[parent[path]]
        two = place_key[end[path]]
        a, b, _, _ = philox_block(
            one & low, one >> half, two & low, two >> half, np.uint64(0x666C6967), np.uint64(0x6874)
        )
        keys[path] = (b << half) | a
    return keys


@kernel(inline=True)
def draw_cell(
    key: np.uint64, stage: int, group: int, first: int, visit: int, moved: int, recent: int, since: int
) -> np.uint64:
    """64-bit cell of a draw: the key of a place or path with the rest of the state folded in.

    Bits: stage 3, group 2, first 1, visit 4, moved 21, recent 21, since 12; each below its width, so that two states
    of one place never share a cell. Groups beyond the fourth have keys of their own (A184). Distances are those in
    steps, or their classes; classes of moved have STAGE_BITS, and the visits above VISITS stand before them.
    """
    packed = (
        (np.uint64(stage) << np.uint64(61))
        | (np.uint64(group & 3) << np.uint64(59))
        | (np.uint64(first) << np.uint64(58))
        | (np.uint64(visit & 15) << np.uint64(54))
        | (np.uint64(moved) << np.uint64(33))
        | (np.uint64(recent) << np.uint64(12))
        | np.uint64(since)
    )
    return np.uint64(key) ^ packed ^ (np.uint64(group >> 2) * FOUR_GROUPS)


def flatten_law(law: FlightLaw) -> Law:
    """Arrays of a law."""
    case, net, paths, cal, people, rules = law.case, law.network, law.paths, law.calendar, law.people, law.case.settings
    place_key = np.array([cell_key("place", place.name) for place in case.places], dtype=np.uint64)
    exponents, views, kind = _kinds(law.groups)
    own_start, own = _own_groups(law.groups)
    return Law(
        days=case.days, places=len(case.places), link_start=net.start, link_end=net.end, link_length=net.length,
        link_speed=net.speed, link_walk=net.walk_share, walk_speed=net.walk_speed, full_day=net.full_day,
        recent_step=law.recent_step, stop_step=law.stop_step,
        path_origin=paths.origin, path_end=paths.end, path_link=paths.link, path_after=paths.after,
        path_back=paths.back,
        path_km=law.divisor_km, path_near=law.nearness, path_key=path_keys(paths.parent, paths.end, place_key),
        routes_start=law.routes_start, routes=law.routes, via=law.via, reach_start=law.reach_start, reach=law.reach,
        place_row=cal.place_row, score=cal.score, factor=cal.factor, steady=cal.steady, ahead=cal.ahead,
        chance=cal.chance, starving=cal.starving,
        flood_chance=cal.flood_chance, town=cal.town, camp=cal.camp, marker=cal.marker, capped=cal.capped,
        link_row=cal.link_row, open_links=cal.open_links, closing_start=cal.closing_start,
        closing_links=cal.closing_links, spawn_row=cal.spawn_row, spawn=cal.spawn, leaving=people.leaving,
        initial=people.initial, population=people.population, capacity=people.capacity,
        capacity_per_day=people.capacity_per_day, sink=people.sink,
        exponents=exponents, views=views, kind=kind, view=law.groups.views, home=law.groups.homes,
        own_start=own_start, own=own, shares=law.groups.shares, harvest=cal.harvest,
        mode=MODES.index(law.mode), rate=law.rate, awareness=rules.awareness_level,
        fixed=rules.fixed_routes, free_markers=law.markers_are_free, take=rules.take_from_population,
        sinks=rules.camps_are_sinks, stints=rules.avoid_short_stints, on_foot=rules.start_on_foot,
        walkers=bool(np.any(net.walk_share > 0)), weight_softening=rules.weight_softening,
        weight_power=rules.weight_power, pruning=UNPRUNED if rules.fixed_routes else rules.pruning_threshold,
        buffer=rules.capacity_buffer,
        scaling=rules.capacity_scaling, pop_weight=rules.use_pop_for_loc_weight,
        pop_power=rules.pop_power_for_loc_weight,
        chance_base=rules.movechance_pop_base, chance_factor=rules.movechance_pop_scale_factor,

        beyond=law.quirks.arrive_only_beyond_length, empty_first=law.quirks.empty_camps_in_first_phase,
        send_back=law.quirks.send_back_after_reopening, uniform=law.quirks.uniform_where_all_weigh_nothing,
    )  # fmt: skip


def _kinds(groups: Groups) -> tuple[Ints, Ints, Ints]:
    """Distinct pairs of power and view, and the number of its pair for every group."""
    pairs, kind = np.unique(np.stack([groups.exponents, groups.views], axis=1), axis=0, return_inverse=True)
    return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1]), kind.reshape(-1).astype(np.int64)


def _own_groups(groups: Groups) -> tuple[Ints, Ints]:
    """For each place, the groups with any share among those who leave it: first number of each place, and the list."""
    place, group = np.nonzero(groups.shares > 0)
    return np.searchsorted(place, np.arange(len(groups.shares) + 1)).astype(np.int64), group.astype(np.int64)
