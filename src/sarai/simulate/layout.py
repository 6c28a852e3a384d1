"""Layout: the law of one run as flat arrays and random keys, the form in which the kernel and its twin read it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

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
)
CLUMP, LEAVE, DEPORT, FACILITATE, HOLD, CHOOSE, JOURNEY, DIVERT, SERVE, ORDER, STAY, ROUTE, ONWARD, ONWARD_ROAD = range(
    len(PURPOSES)
)


class Layout(NamedTuple):
    """Arrays that are the same in every member. T days, G strata, O origins, X crossings, F classes, C cells.

    days, words (T,)    stratum_* (G,)    origin_start (O + 1,) strata of an origin are contiguous
    pattern_wave (P, W) 1 where the pattern of a stratum has the wave    class_of (status, kind) class or -1
    open_fraction (T, X) part of a day's capacity that closures leave    arrival_cum, open_cum (X, hour) cumulative
    edge_cond (edge,)   share among the edges that are still to come; the last is 1
    keys: cell keys of draws, by stage of the law    streams (purpose,)
    row (observable + 1,) first row of each observable in a day's record
    """

    days: Ints
    words: Ints
    stratum_origin: Ints
    stratum_status: Ints
    stratum_pattern: Ints
    origin_start: Ints
    pattern_wave: Ints
    wave_announced: Ints
    wave_deadline: Ints
    wave_enforcement: Ints
    wave_until: Ints
    class_of: Ints
    class_status: Ints
    class_kind: Ints
    holding_capacity: Floats
    holding_stay: Floats
    distance_km: Floats
    road_days: Floats
    affinity: Floats
    capacity: Floats
    service_log_sd: Floats
    open_fraction: Floats
    arrival_cum: Floats
    open_cum: Floats
    divert_to: Ints
    divert_days: Floats
    stage_capacity: Floats
    capacity_daily: Ints
    stage_stay: Floats
    cell_stage: Ints
    entry_start: Ints
    edge_start: Ints
    edge_to: Ints
    edge_cond: Floats
    source_start: Ints
    onward_to: Ints
    onward_cond: Floats
    onward_days: Floats
    stratum_key: Keys
    choice_key: Keys
    journey_key: Keys
    crossing_key: Keys
    queue_key: Keys
    cell_keys: Keys
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
        days=days,
        words=np.array([day_word(int(day)) for day in days], dtype=np.int64),
        stratum_origin=model.stratum_origin,
        stratum_status=model.stratum_status,
        stratum_pattern=pattern_of,
        origin_start=np.searchsorted(model.stratum_origin, np.arange(len(model.origins) + 1)).astype(np.int64),
        pattern_wave=patterns,
        wave_announced=model.wave_announced,
        wave_deadline=model.wave_deadline,
        wave_enforcement=model.wave_enforcement,
        wave_until=model.wave_until,
        class_of=class_table(model),
        class_status=model.class_status,
        class_kind=model.class_kind,
        holding_capacity=model.holding_capacity,
        holding_stay=model.holding_stay_days,
        distance_km=model.distance_km,
        road_days=model.road_days,
        affinity=model.affinity,
        capacity=model.capacity_persons_day,
        service_log_sd=model.service_log_sd,
        open_fraction=open_fractions(model, days),
        arrival_cum=cumulative(model.arrival_share),
        open_cum=cumulative(model.open_share),
        divert_to=model.divert_to,
        divert_days=model.divert_days,
        stage_capacity=network.stage_capacity,
        capacity_daily=network.capacity_daily.astype(np.int64),
        stage_stay=network.stage_stay_days,
        cell_stage=network.cell_stage,
        entry_start=network.entry_start,
        edge_start=network.edge_start,
        edge_to=network.edge_to,
        edge_cond=conditional(network.edge_share, [*network.entry_start, *network.edge_start[1:]]),
        source_start=network.source_start,
        onward_to=network.onward_destination,
        onward_cond=conditional(network.onward_share, network.source_start),
        onward_days=network.onward_days,
        stratum_key=keys([("stratum", *stratum) for stratum in model.strata]),
        choice_key=keys(
            [("choice", o, *label, x) for o in model.origins for label in labels for x in model.crossings],
            (len(model.origins), len(labels), len(model.crossings)),
        ),
        journey_key=keys(
            [("journey", o, x) for o in model.origins for x in model.crossings],
            (len(model.origins), len(model.crossings)),
        ),
        crossing_key=keys([("crossing", x) for x in model.crossings]),
        queue_key=keys(
            [("queue", x, *label) for x in model.crossings for label in labels], (len(model.crossings), len(labels))
        ),
        cell_keys=keys([("cell", *name.split("|")) for name in network.cell_name]),
        edge_key=keys(edge_names(model, labels)),
        source_key=keys([("source", name) for name in network.source_name]),
        onward_key=keys(
            [
                ("onward", name, model.destinations[network.onward_destination[edge]])
                for index, name in enumerate(network.source_name)
                for edge in range(network.source_start[index], network.source_start[index + 1])
            ]
        ),
        streams=np.array([stream_key(seed, int(purpose_key(name))) for name in PURPOSES], dtype=np.uint64),
        row=observable_rows(model),
    )


def keys(names: Sequence[tuple[str, ...]], shape: tuple[int, ...] | None = None) -> Keys:
    """Cell keys of named cells."""
    listed = np.array([cell_key(*name) for name in names], dtype=np.uint64)
    return listed if shape is None else listed.reshape(shape)


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
