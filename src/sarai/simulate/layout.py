"""Layout: the law of one run as flat arrays and random keys, the form in which the kernel and its twin read it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sarai.model.returns import KINDS, ReturnsModel
from sarai.simulate.draws import cell_key, day_word, purpose_key, stream_key
from sarai.simulate.ensemble import AXES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]

PURPOSES: tuple[str, ...] = (
    "household clumping",
    "departure",
    "deported",
    "facilitated",
    "holding stay",
    "crossing choice",
    "journey",
    "diversion",
    "service",
    "queue order",
    "stage stay",
    "routing",
    "onward",
    "onward journey",
    "class order",
    "onward order",
)
(
    CLUMP,
    LEAVE,
    DEPORT,
    FACILITATE,
    HOLD,
    CHOOSE,
    JOURNEY,
    DIVERT,
    SERVE,
    ORDER,
    STAY,
    ROUTE,
    ONWARD,
    ONWARD_ROAD,
    CLASS_ORDER,
    ONWARD_ORDER,
) = range(len(PURPOSES))


DAY, WORD = 0, 1  # rows of Layout.calendar
ORIGIN, STATUS, PATTERN = 0, 1, 2  # rows of Layout.stratum
KIND = 0  # row of Layout.label; STATUS (1) is the other
ANNOUNCED, DEADLINE, ENFORCEMENT, UNTIL = 0, 1, 2, 3  # rows of Layout.wave_day
HOLDING_CAPACITY, HOLDING_STAY = 0, 1  # rows of Layout.holding
ROAD_DAYS, ROAD_KM, AFFINITY = 0, 1, 2  # rows of Layout.road
CAPACITY, SERVICE_LOG_SD, DIVERT_DAYS = 0, 1, 2  # rows of Layout.crossing
ARRIVING, OPEN = 0, 1  # rows of Layout.hours
STAGE_CAPACITY, STAGE_DAILY, STAGE_STAY = 0, 1, 2  # rows of Layout.stage
SHARE, LENGTH = 0, 1  # rows of Layout.onward_edge


class Layout(NamedTuple):
    """What is the same in every member. T days, G strata, O origins, X crossings, F classes, C cells, E edges.

    calendar       (2, T)       DAY: civil day, WORD: day word of the draws
    stratum        (3, G)       ORIGIN, STATUS, PATTERN (a pattern is a set of waves that name a stratum)
    origin_start   (O + 1,)     strata of an origin are contiguous
    pattern_wave   (P, W)       1 where the pattern has the wave
    wave_day       (4, W)       ANNOUNCED, DEADLINE, ENFORCEMENT, UNTIL: civil days
    class_of       (status, kind) class, -1 where there is none; label (2, F): KIND, STATUS of a class
    holding        (2, O)       HOLDING_CAPACITY persons, HOLDING_STAY days
    road           (3, O, X)    ROAD_DAYS at speed factor 1, ROAD_KM, AFFINITY
    crossing       (3, X)       CAPACITY persons/day, SERVICE_LOG_SD, DIVERT_DAYS; divert_to (X,) -1: nowhere
    open_fraction  (T, X)       part of a day's capacity that closures leave
    hours          (2, X, 24)   ARRIVING, OPEN: cumulative shares of a day's arrivals, of its capacity
    stage          (3, S)       STAGE_CAPACITY persons (nan: not known), STAGE_DAILY 1 if a day, STAGE_STAY nights
    cell_stage, entry_start, edge_start, edge_to   as in `ReceptionNetwork`
    edge_cond      (E,)         share among the edges that are still to come; the last is 1
    group_start    (group + 1,) sources that share a table of destinations
    source_start, onward_to     as in `ReceptionNetwork`; onward_edge (2, onward edge): SHARE as edge_cond, LENGTH days
    ..._key                     cell keys of the draws; streams (purpose,)
    row            (observable + 1,) first row of each observable in a day's record
    """

    calendar: Ints
    stratum: Ints
    origin_start: Ints
    pattern_wave: Ints
    wave_day: Ints
    class_of: Ints
    label: Ints
    holding: Floats
    road: Floats
    crossing: Floats
    divert_to: Ints
    open_fraction: Floats
    hours: Floats
    stage: Floats
    cell_stage: Ints
    entry_start: Ints
    edge_start: Ints
    edge_to: Ints
    edge_cond: Floats
    group_start: Ints
    source_start: Ints
    onward_to: Ints
    onward_edge: Floats
    stratum_key: Keys
    choice_key: Keys
    journey_key: Keys
    crossing_key: Keys
    queue_key: Keys
    cell_key: Keys
    edge_key: Keys
    source_key: Keys
    onward_key: Keys
    streams: Keys
    row: Ints


def build_layout(model: ReturnsModel, first_day: int, last_day: int, seed: int) -> Layout:
    """The layout of one run from first_day to last_day (civil days, inclusive)."""
    network = model.reception
    days = np.arange(first_day, last_day + 1, dtype=np.int64)
    patterns, pattern_of = unique_patterns(model.wave_names)
    labels = [(model.statuses[s], KINDS[k]) for s, k in zip(model.class_status, model.class_kind, strict=True)]
    return Layout(
        calendar=np.stack([days, np.array([day_word(int(day)) for day in days], dtype=np.int64)]),
        stratum=np.stack([model.stratum_origin, model.stratum_status, pattern_of]),
        origin_start=np.searchsorted(model.stratum_origin, np.arange(len(model.origins) + 1)).astype(np.int64),
        pattern_wave=patterns,
        wave_day=np.stack([model.wave_announced, model.wave_deadline, model.wave_enforcement, model.wave_until]),
        class_of=class_table(model),
        label=np.stack([model.class_kind, model.class_status]),
        holding=np.stack([model.holding_capacity, model.holding_stay_days]),
        road=np.stack([model.road_days, model.distance_km, model.affinity]),
        crossing=np.stack([model.capacity_persons_day, model.service_log_sd, model.divert_days]),
        divert_to=model.divert_to,
        open_fraction=open_fractions(model, days),
        hours=np.stack([cumulative(model.arrival_share), cumulative(model.open_share)]),
        stage=np.stack([network.stage_capacity, network.capacity_daily.astype(np.float64), network.stage_stay_days]),
        cell_stage=network.cell_stage,
        entry_start=network.entry_start,
        edge_start=network.edge_start,
        edge_to=network.edge_to,
        edge_cond=conditional(network.edge_share, [*network.entry_start, *network.edge_start[1:]]),
        group_start=group_starts(network.source_name),
        source_start=network.source_start,
        onward_to=network.onward_destination,
        onward_edge=np.stack([conditional(network.onward_share, network.source_start), network.onward_days]),
        **layout_keys(model, labels),
        streams=np.array([stream_key(seed, purpose_key(name)) for name in PURPOSES], dtype=np.uint64),
        row=observable_rows(model),
    )


def layout_keys(model: ReturnsModel, labels: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The cell keys of every draw, from stable ids alone."""
    network = model.reception
    onward = [
        ("onward", name.split("|")[2], model.destinations[network.onward_destination[edge]])
        for index, name in enumerate(network.source_name)
        for edge in range(network.source_start[index], network.source_start[index + 1])
    ]
    choice = [("choice", o, x) for o in model.origins for x in model.crossings]
    journey = [("journey", o, x) for o in model.origins for x in model.crossings]
    queue = [("queue", x, *label) for x in model.crossings for label in labels]
    origins, classes, crossings = len(model.origins), len(labels), len(model.crossings)
    return {
        "stratum_key": keys([("stratum", *stratum) for stratum in model.strata]),
        "choice_key": keys(choice, (origins, crossings)),
        "journey_key": keys(journey, (origins, crossings)),
        "crossing_key": keys([("crossing", x) for x in model.crossings]),
        "queue_key": keys(queue, (crossings, classes)),
        "cell_key": keys([("cell", *name.split("|")) for name in network.cell_name]),
        "edge_key": keys(edge_names(model, labels)),
        "source_key": keys([("source", name) for name in network.source_name]),
        "onward_key": keys(onward),
    }


def keys(names: Sequence[tuple[str, ...]], shape: tuple[int, ...] | None = None) -> Keys:
    """Cell keys of named cells."""
    listed = np.array([cell_key(*name) for name in names], dtype=np.uint64)
    return listed if shape is None else listed.reshape(shape)


def group_starts(source_names: Sequence[str]) -> Ints:
    """(group + 1,) where the sources of each group of destination shares begin."""
    groups = [name.split("|")[2] for name in source_names]
    starts = [index for index in range(len(groups)) if index == 0 or groups[index] != groups[index - 1]]
    return np.array([*starts, len(groups)], dtype=np.int64)


def unique_patterns(wave_names: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """The different sets of waves that name a stratum, (pattern, wave), and the pattern of each stratum."""
    columns = [tuple(int(flag) for flag in column) for column in wave_names.T]
    different = sorted(set(columns))
    table = np.array(different, dtype=np.int64).reshape(len(different), wave_names.shape[0])
    return table, np.array([different.index(column) for column in columns], dtype=np.int64)


def class_table(model: ReturnsModel) -> Ints:
    """(status, kind) -> class, -1 where there is none."""
    table = np.full((len(model.statuses), len(KINDS)), -1, dtype=np.int64)
    for position, (status, kind) in enumerate(zip(model.class_status, model.class_kind, strict=True)):
        table[status, kind] = position
    return table


def open_fractions(model: ReturnsModel, days: Ints) -> Floats:
    """(day, crossing) part of the capacity that closures leave; closures at the same time multiply."""
    fraction = np.ones((len(days), len(model.crossings)))
    for crossing, start, end, lost in zip(
        model.closure_crossing, model.closure_start, model.closure_end, model.closure_fraction, strict=True
    ):
        fraction[(days >= start) & (days <= end), crossing] *= 1.0 - lost
    return fraction


def cumulative(shares: Floats) -> Floats:
    """Running sums along the hours, the last set to 1 exactly."""
    sums = np.cumsum(shares, axis=1)
    sums[sums > 1.0 - 1e-12] = 1.0
    return sums


def conditional(shares: Floats, starts: Sequence[int] | Ints) -> Floats:
    """Share of each edge among those of its group that are not passed yet; the last of a group is 1."""
    result = np.ones(len(shares))
    for first, last in pairwise(starts):
        rest = 1.0
        for edge in range(first, last - 1):
            result[edge] = min(1.0, shares[edge] / rest) if rest > 0.0 else 1.0
            rest -= shares[edge]
    return result


def edge_names(model: ReturnsModel, labels: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Stable names of the routing edges: where from, for whom, where to."""
    network = model.reception
    origins: list[tuple[str, ...]] = [("entry", crossing, *label) for crossing in model.crossings for label in labels]
    origins += [("cell", *name.split("|")) for name in network.cell_name]
    starts = [*network.entry_start, *network.edge_start[1:]]
    names: list[tuple[str, ...]] = []
    for origin, (first, last) in zip(origins, pairwise(starts), strict=True):
        for edge in range(first, last):
            to = int(network.edge_to[edge])
            stage = "onward" if to >= len(network.cell_stage) else network.stages[network.cell_stage[to]]
            names.append(("edge", *origin, stage))
    return names


def axis_ids(model: ReturnsModel) -> dict[str, tuple[str, ...]]:
    """Ids along every axis of the observables."""
    return {
        "origin": model.origins,
        "status": model.statuses,
        "crossing": model.crossings,
        "kind": KINDS,
        "stage": model.stages,
        "destination": model.destinations,
    }


def observable_rows(model: ReturnsModel) -> Ints:
    """(observable + 1,) first row of each observable in a day's record."""
    ids = axis_ids(model)
    sizes = [int(np.prod([len(ids[axis]) for axis in axes[1:]], dtype=np.int64)) for axes in AXES.values()]
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
