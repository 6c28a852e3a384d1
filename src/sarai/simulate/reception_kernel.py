"""Kernel of reception and the onward journey: stages with a stay, routing, roads to provinces of return.

The readable form of every line is in `returns_twin/`; the two agree bit for bit. Inner loops run over members.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.blocks import (
    MEAN,
    allot,
    copy_row,
    draw_counts,
    fill_row,
    fill_uniforms,
    has_persons,
    put_on_road,
)
from sarai.simulate.kernel import kernel
from sarai.simulate.layout import LENGTH, ONWARD, ONWARD_ORDER, ONWARD_ROAD, SHARE, STAGE_CAPACITY, STAGE_DAILY
from sarai.simulate.small_math import floor

STAGE_ARRIVALS, OCCUPANCY, ABOVE, ARRIVALS = 6, 7, 8, 9  # positions in ensemble.AXES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]


@kernel(nogil=True)
def route(
    word: int,
    keys: Keys,
    stream: np.uint64,
    members: Ints,
    mode: int,
    persons: Floats,
    first: int,
    last: int,
    edge_to: Ints,
    edge_cond: Floats,
    inflow: Floats,
    lanes: Floats,
) -> None:
    """Send persons along the edges first .. last - 1 by their shares: a multinomial in stable order."""
    left, share, out = lanes[4], lanes[5], lanes[6]
    copy_row(left, persons)
    for edge in range(first, last):
        target = inflow[edge_to[edge]]
        if edge == last - 1:
            for m in range(len(left)):
                target[m] += left[m]
            return
        fill_row(share, edge_cond[edge])
        draw_counts(out, left, share, members, stream, word, keys[edge], mode)
        for m in range(len(left)):
            target[m] += out[m]
            left[m] -= out[m]


@kernel(nogil=True)
def step_cell(
    word: int,
    cell: np.uint64,
    stream: np.uint64,
    members: Ints,
    mode: int,
    stay: float,
    stay_factor: Floats,
    present: Floats,
    inflow: Floats,
    ending: Floats,
    arrived: Floats,
    occupancy: Floats,
    lanes: Floats,
) -> None:
    """One day of one cell: arrivals in, those whose stay ends into `ending`.

    A stay of d >= 1 nights ends each day with probability 1 / d, from the day after arrival; of those who stay d < 1
    nights a part d stays for one night.
    """
    p, passing = lanes[5], lanes[9]
    fill_row(ending, 0.0)
    if has_persons(present):
        for m in range(len(present)):
            nights = stay * stay_factor[m]
            p[m] = 1.0 / nights if nights > 1.0 else 1.0
        draw_counts(ending, present, p, members, stream, word, cell, mode)
    if has_persons(inflow):
        for m in range(len(present)):
            nights = stay * stay_factor[m]
            p[m] = 1.0 - nights if nights < 1.0 else 0.0
            arrived[m] += inflow[m]
        if has_persons(p):
            draw_counts(passing, inflow, p, members, stream, word + 1, cell, mode)
            for m in range(len(present)):
                ending[m] += passing[m]
    for m in range(len(present)):
        present[m] += inflow[m] - ending[m]
        occupancy[m] += present[m]


@kernel(nogil=True)
def count_above(stage: Floats, row: Ints, record: Floats) -> None:
    """Persons above the capacity of each stage: present overnight, or arriving in a day where it is a daily one."""
    for s in range(stage.shape[1]):
        limit = stage[STAGE_CAPACITY, s]
        whole = floor(limit)
        daily = stage[STAGE_DAILY, s] > 0.0
        load = record[row[STAGE_ARRIVALS] + s] if daily else record[row[OCCUPANCY] + s]
        above = record[row[ABOVE] + s]
        for m in range(len(above)):
            above[m] = load[m] - whole if load[m] > limit else 0.0


@kernel(nogil=True)
def send_onward(
    t: int,
    word: int,
    keys: Keys,
    source_keys: Keys,
    streams: Keys,
    members: Ints,
    mode: int,
    starts: Ints,
    onward_to: Ints,
    onward_edge: Floats,
    slowness: Floats,
    pace: tuple[float, float],
    left: Floats,
    going: Floats,
    onward: Floats,
    way: Floats,
    lanes: Floats,
) -> None:
    """People who go on from the places of one group: destinations by shares, then the road.

    left (source, member): persons who go on; going (2, source, member): scratch for
    as many sources or more; way (member,): those on the road onward, in all.
    starts (source + 1,): the first onward edge of each source.
    All of a group choose together, a multinomial; the places they come from are in proportion, to a person (`allot`).
    One uniform a place rounds the days of the journey. pace: the least and the greatest slowness.
    """
    total, share, out, u, before, done = lanes[4], lanes[5], lanes[6], lanes[7], lanes[8], lanes[9]
    behind, ahead, days = lanes[12], lanes[13], lanes[14]
    quickest, slowest = pace
    fill_row(total, 0.0)
    for source in range(left.shape[0]):
        for m in range(len(total)):
            total[m] += left[source, m]
    if not has_persons(total):
        return
    for m in range(len(total)):
        way[m] += total[m]
    if mode != MEAN:
        for source in range(left.shape[0]):
            fill_uniforms(going[1, source], members, streams[ONWARD_ROAD], word, source_keys[source])
    edges = starts[1] - starts[0]
    for k in range(edges):
        edge = starts[0] + k
        if k < edges - 1:
            fill_row(share, onward_edge[SHARE, edge])
            draw_counts(out, total, share, members, streams[ONWARD], word, keys[edge], mode)
            if not has_persons(out):
                continue
            if mode != MEAN:
                fill_uniforms(u, members, streams[ONWARD_ORDER], word, keys[edge])
            allot(left, going[0], total, out, u, before, done, lanes[15], mode)
            for m in range(len(total)):
                total[m] -= out[m]
        for source in range(left.shape[0]):
            leaving = left[source] if k == edges - 1 else going[0, source]
            if not has_persons(leaving):
                continue
            length = onward_edge[LENGTH, starts[source] + k]
            for m in range(len(total)):
                journey = length * slowness[m]
                days[m] = floor(journey)
                later = leaving[m] * (journey - days[m])
                later = later if mode == MEAN else floor(later + going[1, source, m])
                behind[m] = later
                ahead[m] = leaving[m] - later
            least, most = math.floor(length * quickest), math.floor(length * slowest)
            put_on_road(onward, onward_to[edge], t, least, most, days, ahead, behind)


@kernel(nogil=True)
def arrive(arriving: Floats, arrived: Floats, way: Floats) -> None:
    """Persons whose journey ends today reach their destination. Both (destination, member); way (member,)."""
    for to in range(arriving.shape[0]):
        for m in range(arriving.shape[1]):
            arrived[to, m] = arriving[to, m]
            way[m] -= arriving[to, m]
            arriving[to, m] = 0.0
