"""The returns law, compiled: all days of one block of members. Threads run whole blocks, so they change no bit."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sarai.simulate.blocks import MEAN
from sarai.simulate.border_kernel import step_border
from sarai.simulate.departure_kernel import start_attraction, step_departures
from sarai.simulate.layout import Layout
from sarai.simulate.reception_kernel import step_reception
from sarai.simulate.state import Beliefs, State

REMAINING, HELD, ON_ROAD, ONWARD_ROAD = 10, 11, 12, 13  # positions in ensemble.AXES


@njit(cache=True, error_model="numpy", nogil=True)
def count_stocks(layout: Layout, beliefs: Beliefs, state: State, border: bool) -> None:
    """Persons not yet left, held, and on the road before and after the border, at the end of the day."""
    remaining = state.record[layout.row[REMAINING]]
    held = state.record[layout.row[HELD]]
    road = state.record[layout.row[ON_ROAD]]
    onward = state.record[layout.row[ONWARD_ROAD]]
    for g in range(state.pool.shape[0]):
        for m in range(len(held)):
            remaining[m] += state.pool[g, m] + beliefs.beyond[g, m]
            held[m] += state.held[g, m]
    for slot in range(state.road.shape[0]):
        for x in range(state.road.shape[1]):
            for f in range(state.road.shape[2]):
                for m in range(len(held)):
                    road[m] += state.road[slot, x, f, m]
    if border:
        return
    for slot in range(state.onward.shape[0]):
        for to in range(state.onward.shape[1]):
            for m in range(len(held)):
                onward[m] += state.onward[slot, to, m]


@njit(cache=True, error_model="numpy", nogil=True)
def keep_rows(
    record: NDArray[np.float64],
    kept: NDArray[np.int64],
    counts: NDArray[np.int32],
    means: NDArray[np.float64],
    t: int,
    first: int,
    mode: int,
) -> None:
    """Write the wanted rows of a day's record to the ensemble: int32 in mode `draws`, float64 in mode `mean`."""
    for k in range(len(kept)):
        row = record[kept[k]]
        if mode == MEAN:
            for m in range(len(row)):
                means[t, k, first + m] = row[m]
        else:
            for m in range(len(row)):
                counts[t, k, first + m] = np.int32(row[m])


@njit(cache=True, error_model="numpy", nogil=True)
def run_block(
    layout: Layout,
    beliefs: Beliefs,
    state: State,
    kept: NDArray[np.int64],
    counts: NDArray[np.int32],
    means: NDArray[np.float64],
    first: int,
    mode: int,
    border: bool,
) -> None:
    """Run one block of members through all days.

    kept    rows of the record to keep    counts, means (day, kept, member): the one that the mode writes is full size
    first   position of the block's first member    mode: blocks.MEAN, EXACT or FAST    border: stop after the crossing
    """
    state.pool[:] = beliefs.pool
    start_attraction(layout, beliefs, state)
    for t in range(len(layout.days)):
        state.record[:] = 0.0
        step_departures(layout, beliefs, state, t, mode)
        step_border(layout, beliefs, state, t, mode)
        if not border:
            step_reception(layout, beliefs, state, t, mode)
        count_stocks(layout, beliefs, state, border)
        keep_rows(state.record, kept, counts, means, t, first, mode)
