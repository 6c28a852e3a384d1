"""Kernel of reception and the onward journey: stages with a stay, routing, roads to provinces of return.

The readable form of every line is in `returns_twin.py`; the two agree bit for bit. Inner loops run over members.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sarai.simulate.blocks import MEAN, draw_counts, fill_uniforms, has_persons
from sarai.simulate.layout import ONWARD, ONWARD_ROAD, ROUTE, STAY, Layout
from sarai.simulate.state import Beliefs, State

STAGE_ARRIVALS, OCCUPANCY, ABOVE, ARRIVALS = 6, 7, 8, 9  # positions in ensemble.AXES


@njit(cache=True, error_model="numpy", nogil=True)
def route(
    layout: Layout,
    beliefs: Beliefs,
    state: State,
    t: int,
    persons: NDArray[np.float64],
    first: int,
    last: int,
    mode: int,
) -> None:
    """Send persons along the edges first .. last - 1 by their shares: a multinomial in stable order."""
    lanes = len(persons)
    left, share, out, u = state.lanes[4], state.lanes[5], state.lanes[6], state.lanes[7]
    for m in range(lanes):
        left[m] = persons[m]
    for edge in range(first, last):
        target = state.inflow[layout.edge_to[edge]]
        if edge == last - 1:
            for m in range(lanes):
                target[m] += left[m]
            return
        share[:] = layout.edge_cond[edge]
        key = layout.edge_key[edge]
        draw_counts(out, left, share, u, layout.streams[ROUTE], beliefs.members, layout.words[t], key, mode)
        for m in range(lanes):
            target[m] += out[m]
            left[m] -= out[m]


@njit(cache=True, error_model="numpy", nogil=True)
def step_cell(layout: Layout, beliefs: Beliefs, state: State, t: int, c: int, mode: int) -> None:
    """One day of one cell: arrivals in, those whose stay ends out and on."""
    lanes = len(beliefs.members)
    stage = layout.cell_stage[c]
    present, inflow = state.present[c], state.inflow[c]
    arrived = state.record[layout.row[STAGE_ARRIVALS] + stage]
    p, ending, passing, u = state.lanes[5], state.lanes[8], state.lanes[9], state.lanes[7]
    ending[:] = 0.0
    passing[:] = 0.0
    stay = layout.stage_stay[stage]
    word, key = layout.words[t], layout.cell_keys[c]
    if has_persons(present):
        for m in range(lanes):
            nights = stay * beliefs.stay_factor[m]
            p[m] = 1.0 / nights if nights > 1.0 else 1.0
        draw_counts(ending, present, p, u, layout.streams[STAY], beliefs.members, word, key, mode)
    if has_persons(inflow):
        for m in range(lanes):
            nights = stay * beliefs.stay_factor[m]
            p[m] = 1.0 - nights if nights < 1.0 else 0.0
            arrived[m] += inflow[m]
        draw_counts(passing, inflow, p, u, layout.streams[STAY], beliefs.members, word + 1, key, mode)
    for m in range(lanes):
        ending[m] += passing[m]
        present[m] += inflow[m] - ending[m]
    if has_persons(ending):
        route(layout, beliefs, state, t, ending, layout.edge_start[c], layout.edge_start[c + 1], mode)


@njit(cache=True, error_model="numpy", nogil=True)
def send_onward(layout: Layout, beliefs: Beliefs, state: State, t: int, source: int, mode: int) -> None:
    """People who go on from one place: shares of destinations, then the road; one uniform rounds the days."""
    lanes = len(beliefs.members)
    left = state.inflow[len(layout.cell_stage) + source]
    if not has_persons(left):
        return
    slots = state.onward.shape[0]
    share, out, u, late_u = state.lanes[5], state.lanes[6], state.lanes[7], state.lanes[8]
    if mode != MEAN:
        key = layout.source_key[source]
        fill_uniforms(late_u, layout.streams[ONWARD_ROAD], beliefs.members, layout.words[t], key)
    last = layout.source_start[source + 1] - 1
    for edge in range(layout.source_start[source], last + 1):
        if edge == last:
            for m in range(lanes):
                out[m] = left[m]
        else:
            share[:] = layout.onward_cond[edge]
            key = layout.onward_key[edge]
            draw_counts(out, left, share, u, layout.streams[ONWARD], beliefs.members, layout.words[t], key, mode)
        to = layout.onward_to[edge]
        for m in range(lanes):
            left[m] -= out[m]
            length = layout.onward_days[edge] * beliefs.slowness[m]
            days = math.floor(length)
            part = length - days
            late = out[m] * part if mode == MEAN else math.floor(out[m] * part + late_u[m])
            slot = (t + int(days)) % slots
            following = slot + 1 if slot + 1 < slots else 0
            state.onward[slot, to, m] += out[m] - late
            state.onward[following, to, m] += late


@njit(cache=True, error_model="numpy", nogil=True)
def step_reception(layout: Layout, beliefs: Beliefs, state: State, t: int, mode: int) -> None:
    """A day from the crossing to the province of return, with its observables."""
    lanes = len(beliefs.members)
    classes = len(layout.class_status)
    state.inflow[:] = 0.0
    for x in range(len(layout.capacity)):
        for f in range(classes):
            if has_persons(state.crossed[x, f]):
                entry = x * classes + f
                first, last = layout.entry_start[entry], layout.entry_start[entry + 1]
                route(layout, beliefs, state, t, state.crossed[x, f], first, last, mode)
    for c in range(len(layout.cell_stage)):
        step_cell(layout, beliefs, state, t, c, mode)
        occupancy = state.record[layout.row[OCCUPANCY] + layout.cell_stage[c]]
        for m in range(lanes):
            occupancy[m] += state.present[c, m]
    for stage in range(len(layout.stage_stay)):
        limit = layout.stage_capacity[stage]
        load = state.record[layout.row[STAGE_ARRIVALS] + stage]
        if layout.capacity_daily[stage] == 0:
            load = state.record[layout.row[OCCUPANCY] + stage]
        above = state.record[layout.row[ABOVE] + stage]
        for m in range(lanes):
            above[m] = load[m] - math.floor(limit) if load[m] > limit else 0.0
    for source in range(len(layout.source_start) - 1):
        send_onward(layout, beliefs, state, t, source, mode)
    slot = t % state.onward.shape[0]
    for to in range(state.onward.shape[1]):
        arrived = state.record[layout.row[ARRIVALS] + to]
        for m in range(lanes):
            arrived[m] = state.onward[slot, to, m]
            state.onward[slot, to, m] = 0.0
