"""Kernel of the border: arrivals, diversion, the queue through the hours of a day, who of it crosses.

The readable form of every line is in `returns_twin.py`; the two agree bit for bit. Inner loops run over members.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sarai.simulate.blocks import MEAN, draw_counts, fill_uniforms, has_persons
from sarai.simulate.layout import DIVERT, ORDER, SERVE, Layout
from sarai.simulate.small_math import exp, log, normal_cdf, normal_quantile
from sarai.simulate.state import Beliefs, State

CROSSED, CROSSED_STATUS, QUEUE, WAITING = 2, 3, 4, 5  # positions in ensemble.AXES
KINDS = 3
FAR_TAIL = 8.0  # standard deviations beyond which the noise of the service cannot matter (probability 1e-15)


@njit(cache=True, error_model="numpy", nogil=True)
def expected_served(queue: float, capacity: float, log_sd: float) -> float:
    """Expectation of min(queue, capacity x noise), noise lognormal with mean 1: smooth in both where log_sd > 0.

    E = queue P(noise too good) + capacity P(...), by the normal cdf. At log_sd = 0 it is the plain minimum.
    """
    if capacity <= 0.0 or queue <= 0.0:
        return 0.0
    if log_sd <= 0.0:
        return queue if queue < capacity else capacity
    d = log(queue / capacity) / log_sd + 0.5 * log_sd
    if d < -FAR_TAIL:
        return queue
    if d > FAR_TAIL + log_sd:
        return capacity
    return queue * normal_cdf(-d) + capacity * normal_cdf(d - log_sd)


@njit(cache=True, error_model="numpy", nogil=True)
def divert_arrivals(layout: Layout, beliefs: Beliefs, state: State, t: int, x: int, mode: int) -> None:
    """A share of today's arrivals at one crossing goes on to the next one when the wait is long or it is closed."""
    to = layout.divert_to[x]
    if to < 0 or not layout.open_fraction[t, to] > 0.0 or not layout.capacity[to] > 0.0:
        return
    lanes = len(beliefs.members)
    slots = state.road.shape[0]
    slot = t % slots
    fraction, arriving, out, u = state.lanes[4], state.lanes[5], state.lanes[6], state.lanes[7]
    usual = layout.capacity[x] * layout.open_fraction[t, x]
    for m in range(lanes):
        queue = 0.0
        for f in range(len(layout.class_status)):
            queue += state.waiting_old[x, f, m]
        usual_here = usual * beliefs.capacity_factor[x, m]
        excess = queue / usual_here - beliefs.diversion_wait[m] if usual_here > 0.0 else math.inf
        ramp = excess / (excess + beliefs.diversion_wait[m]) if excess < math.inf else 1.0
        fraction[m] = beliefs.diversion_fraction[m] * ramp if excess > 0.0 else 0.0
    if not has_persons(fraction):
        return
    for f in range(len(layout.class_status)):
        if not has_persons(state.road[slot, x, f]):
            continue
        for m in range(lanes):
            arriving[m] = state.road[slot, x, f, m]
        cell = layout.queue_key[x, f]
        draw_counts(out, arriving, fraction, u, layout.streams[DIVERT], beliefs.members, layout.words[t], cell, mode)
        for m in range(lanes):
            days = math.floor(layout.divert_days[x] * beliefs.slowness[m] + 0.5)
            days = days if days > 1.0 else 1.0
            state.road[slot, x, f, m] -= out[m]
            state.road[(slot + int(days)) % slots, to, f, m] += out[m]


@njit(cache=True, error_model="numpy", nogil=True)
def join_queue(
    layout: Layout, state: State, t: int, x: int, old: NDArray[np.float64], new: NDArray[np.float64]
) -> None:
    """Yesterday's queue becomes the old part, today's arrivals the new part; their totals go into `old` and `new`."""
    slot = t % state.road.shape[0]
    old[:] = 0.0
    new[:] = 0.0
    for f in range(len(layout.class_status)):
        for m in range(len(old)):
            arrived = state.road[slot, x, f, m]
            state.waiting_new[x, f, m] = arrived
            state.road[slot, x, f, m] = 0.0
            old[m] += state.waiting_old[x, f, m]
            new[m] += arrived


@njit(cache=True, error_model="numpy", nogil=True)
def serve_hours(
    layout: Layout,
    x: int,
    queue: NDArray[np.float64],
    arriving: NDArray[np.float64],
    capacity: NDArray[np.float64],
    served: NDArray[np.float64],
    mode: int,
) -> None:
    """Persons who cross today: hour by hour, at most what the crossing processes in that hour.

    queue, arriving, capacity   persons waiting at midnight, arriving today, processed in a full day; `queue` is used up
    """
    log_sd = layout.service_log_sd[x]
    served[:] = 0.0
    came_before, done_before = 0.0, 0.0
    for hour in range(layout.open_cum.shape[1]):
        came, done = layout.arrival_cum[x, hour], layout.open_cum[x, hour]
        if came == came_before and done == done_before:
            continue
        if mode == MEAN:
            for m in range(len(queue)):
                queue[m] += arriving[m] * (came - came_before)
                passed = expected_served(queue[m], capacity[m] * (done - done_before), log_sd)
                served[m] += passed
                queue[m] -= passed
        else:
            for m in range(len(queue)):
                here = queue[m] + (math.floor(arriving[m] * came) - math.floor(arriving[m] * came_before))
                room = math.floor(capacity[m] * done) - math.floor(capacity[m] * done_before)
                passed = here if here < room else room
                served[m] += passed
                queue[m] = here - passed
        came_before, done_before = came, done


@njit(cache=True, error_model="numpy", nogil=True)
def cross_classes(
    waiting: NDArray[np.float64],
    crossed: NDArray[np.float64],
    total: NDArray[np.float64],
    served: NDArray[np.float64],
    u: NDArray[np.float64],
    before: NDArray[np.float64],
    done: NDArray[np.float64],
    mode: int,
) -> None:
    """Take `served` of `total` persons from the classes (class, member) in proportion, whole persons by one uniform.

    The k-th class gets floor(share x people up to it + u) less what came before it: its expectation is exact.
    """
    before[:] = 0.0
    done[:] = 0.0
    for f in range(waiting.shape[0]):
        for m in range(len(total)):
            n = waiting[f, m]
            before[m] += n
            share = served[m] / total[m] if total[m] > 0.0 else 0.0
            if served[m] == total[m]:
                target = before[m]
            elif mode == MEAN:
                target = share * before[m]
            else:
                target = math.floor(share * before[m] + u[m])
            taken = target - done[m]
            taken = taken if taken < n else n
            taken = taken if taken > 0.0 else 0.0
            done[m] += taken
            waiting[f, m] = n - taken
            crossed[f, m] += taken


@njit(cache=True, error_model="numpy", nogil=True)
def step_crossing(layout: Layout, beliefs: Beliefs, state: State, t: int, x: int, mode: int) -> None:
    """One day at one crossing: those who have waited since an earlier day go first."""
    lanes = len(beliefs.members)
    old, new, queue, capacity, served = (
        state.lanes[8],
        state.lanes[9],
        state.lanes[10],
        state.lanes[11],
        state.lanes[12],
    )
    u, before, done, part = state.lanes[7], state.lanes[4], state.lanes[5], state.lanes[13]
    divert_arrivals(layout, beliefs, state, t, x, mode)
    join_queue(layout, state, t, x, old, new)
    usual = layout.capacity[x] * layout.open_fraction[t, x]
    log_sd = layout.service_log_sd[x]
    noisy = mode != MEAN and log_sd > 0.0
    if noisy:
        fill_uniforms(u, layout.streams[SERVE], beliefs.members, layout.words[t], layout.crossing_key[x])
    for m in range(lanes):
        noise = exp(log_sd * normal_quantile(u[m]) - 0.5 * log_sd * log_sd) if noisy else 1.0
        capacity[m] = usual * beliefs.capacity_factor[x, m] * noise
        queue[m] = old[m]
    serve_hours(layout, x, queue, new, capacity, served, mode)
    if mode != MEAN:
        fill_uniforms(u, layout.streams[ORDER], beliefs.members, layout.words[t], layout.crossing_key[x])
    for m in range(lanes):
        part[m] = served[m] if served[m] < old[m] else old[m]
        served[m] -= part[m]
    crossed = state.crossed[x]
    crossed[:] = 0.0
    cross_classes(state.waiting_old[x], crossed, old, part, u, before, done, mode)
    cross_classes(state.waiting_new[x], crossed, new, served, u, before, done, mode)


@njit(cache=True, error_model="numpy", nogil=True)
def step_border(layout: Layout, beliefs: Beliefs, state: State, t: int, mode: int) -> None:
    """A day at all crossings, with its observables; at its end the whole queue counts as waiting since earlier."""
    lanes = len(beliefs.members)
    statuses = layout.class_of.shape[0]
    for x in range(len(layout.capacity)):
        step_crossing(layout, beliefs, state, t, x, mode)
    for x in range(len(layout.capacity)):
        queue = state.record[layout.row[QUEUE] + x]
        waiting = state.record[layout.row[WAITING] + x]
        for f in range(len(layout.class_status)):
            by_kind = state.record[layout.row[CROSSED] + x * KINDS + layout.class_kind[f]]
            by_status = state.record[layout.row[CROSSED_STATUS] + x * statuses + layout.class_status[f]]
            for m in range(lanes):
                by_kind[m] += state.crossed[x, f, m]
                by_status[m] += state.crossed[x, f, m]
                waiting[m] += state.waiting_old[x, f, m]
                state.waiting_old[x, f, m] += state.waiting_new[x, f, m]
                state.waiting_new[x, f, m] = 0.0
                queue[m] += state.waiting_old[x, f, m]
