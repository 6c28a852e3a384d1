"""Kernel of reception and the onward journey: stages with a stay, routing, roads to provinces of return.

The readable form of every line is in `returns_twin.py`; the two agree bit for bit. Inner loops run over members.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sarai.simulate.blocks import MEAN, copy_row, draw_counts, fill_uniforms, has_persons
from sarai.simulate.layout import LENGTH, SHARE, STAGE_CAPACITY, STAGE_DAILY

STAGE_ARRIVALS, OCCUPANCY, ABOVE, ARRIVALS = 6, 7, 8, 9  # positions in ensemble.AXES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]


@njit(cache=True, error_model="numpy", nogil=True)
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
    whole: Ints,
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
        share[:] = edge_cond[edge]
        draw_counts(out, left, share, whole, members, stream, word, keys[edge], mode)
        for m in range(len(left)):
            target[m] += out[m]
            left[m] -= out[m]


@njit(cache=True, error_model="numpy", nogil=True)
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
    whole: Ints,
) -> None:
    """One day of one cell: arrivals in, those whose stay ends into `ending`.

    A stay of d >= 1 nights ends each day with probability 1 / d, from the day after arrival; of those who stay d < 1
    nights a part d stays for one night.
    """
    p, passing = lanes[5], lanes[9]
    ending[:] = 0.0
    if has_persons(present):
        for m in range(len(present)):
            nights = stay * stay_factor[m]
            p[m] = 1.0 / nights if nights > 1.0 else 1.0
        draw_counts(ending, present, p, whole, members, stream, word, cell, mode)
    if has_persons(inflow):
        for m in range(len(present)):
            nights = stay * stay_factor[m]
            p[m] = 1.0 - nights if nights < 1.0 else 0.0
            arrived[m] += inflow[m]
        draw_counts(passing, inflow, p, whole, members, stream, word + 1, cell, mode)
        for m in range(len(present)):
            ending[m] += passing[m]
    for m in range(len(present)):
        present[m] += inflow[m] - ending[m]
        occupancy[m] += present[m]


@njit(cache=True, error_model="numpy", nogil=True)
def count_above(stage: Floats, row: Ints, record: Floats) -> None:
    """Persons above the capacity of each stage: present overnight, or arriving in a day where it is a daily one."""
    for s in range(stage.shape[1]):
        limit = stage[STAGE_CAPACITY, s]
        daily = stage[STAGE_DAILY, s] > 0.0
        load = record[row[STAGE_ARRIVALS] + s] if daily else record[row[OCCUPANCY] + s]
        above = record[row[ABOVE] + s]
        for m in range(len(above)):
            above[m] = load[m] - math.floor(limit) if load[m] > limit else 0.0


@njit(cache=True, error_model="numpy", nogil=True)
def send_onward(
    t: int,
    word: int,
    cell: np.uint64,
    keys: Keys,
    stream: np.uint64,
    road_stream: np.uint64,
    members: Ints,
    mode: int,
    first: int,
    last: int,
    onward_to: Ints,
    onward_edge: Floats,
    slowness: Floats,
    left: Floats,
    onward: Floats,
    lanes: Floats,
    whole: Ints,
) -> None:
    """People who go on from one place: shares of destinations, then the road; one uniform rounds the days."""
    slots = onward.shape[0]
    share, out, u = lanes[5], lanes[6], lanes[7]
    if mode != MEAN:
        fill_uniforms(u, members, road_stream, word, cell)
    for edge in range(first, last):
        if edge == last - 1:
            copy_row(out, left)
        else:
            share[:] = onward_edge[SHARE, edge]
            draw_counts(out, left, share, whole, members, stream, word, keys[edge], mode)
        to = onward_to[edge]
        for m in range(len(out)):
            left[m] -= out[m]
            length = onward_edge[LENGTH, edge] * slowness[m]
            days = math.floor(length)
            part = length - days
            late = out[m] * part if mode == MEAN else math.floor(out[m] * part + u[m])
            slot = (t + np.int64(days)) % slots
            following = slot + 1 if slot + 1 < slots else 0
            onward[slot, to, m] += out[m] - late
            onward[following, to, m] += late


@njit(cache=True, error_model="numpy", nogil=True)
def arrive(arriving: Floats, arrived: Floats) -> None:
    """Persons whose journey ends today reach their destination. Both (destination, member)."""
    for to in range(arriving.shape[0]):
        for m in range(arriving.shape[1]):
            arrived[to, m] = arriving[to, m]
            arriving[to, m] = 0.0
