"""Kernel of the border: arrivals, diversion, the queue through the hours of a day, who of it crosses.

The readable form of every line is in `returns_twin/`; the two agree bit for bit. Inner loops run over members.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.blocks import MEAN, draw_counts, fill_row, fill_uniforms, has_persons
from sarai.simulate.kernel import kernel
from sarai.simulate.layout import ARRIVING, OPEN
from sarai.simulate.small_math import exp, floor, log, normal_cdf, normal_row
from sarai.simulate.state import DIVERT_FRACTION, DIVERT_WAIT, EARLIER, SLOWNESS, TODAY

CROSSED, CROSSED_STATUS, QUEUE, WAITING = 2, 3, 4, 5  # positions in ensemble.AXES
KINDS = 3
FAR_TAIL = 8.0  # standard deviations beyond which the noise of the service cannot matter (probability 1e-15)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]


@kernel(nogil=True)
def expected_served(queue: float, capacity: float, log_sd: float, low: float, high: float) -> float:
    """Expectation of min(queue, capacity x noise), noise lognormal with mean 1: smooth in both where log_sd > 0.

    E = queue P(capacity x noise > queue) + capacity P'(...), by the normal cdf; the plain minimum at log_sd = 0.
    low, high  ratios of queue to capacity beyond which the noise cannot matter, from `noise_bounds`
    """
    if queue <= capacity * low:
        return queue
    if queue >= capacity * high:
        return capacity
    d = log(queue / capacity) / log_sd + 0.5 * log_sd
    return queue * normal_cdf(-d) + capacity * normal_cdf(d - log_sd)


@kernel(nogil=True)
def noise_bounds(log_sd: float) -> tuple[float, float]:
    """Ratios of queue to capacity outside which lognormal noise matters with a probability below 1e-15."""
    if log_sd <= 0.0:
        return 1.0, 1.0
    return exp(-log_sd * (FAR_TAIL + 0.5 * log_sd)), exp(log_sd * (FAR_TAIL + 0.5 * log_sd))


@kernel(nogil=True)
def divert_arrivals(
    t: int,
    word: int,
    keys: Keys,
    stream: np.uint64,
    members: Ints,
    mode: int,
    usual: float,
    capacity_factor: Floats,
    common: Floats,
    x: int,
    to: int,
    road_days: float,
    waiting: Floats,
    road: Floats,
    lanes: Floats,
) -> None:
    """A share of today's arrivals at crossing x goes on to crossing `to` when the wait is long or x is closed.

    usual  persons/day today before a member's factor    waiting  (class, member) since earlier days
    """
    slots = road.shape[0]
    slot = t % slots
    fraction, out = lanes[4], lanes[6]
    fill_row(fraction, 0.0)
    for f in range(waiting.shape[0]):
        for m in range(len(fraction)):
            fraction[m] += waiting[f, m]
    for m in range(len(fraction)):
        here = usual * capacity_factor[m]
        wait = fraction[m] / here if here > 0.0 else math.inf
        excess = wait - common[DIVERT_WAIT, m]
        ramp = excess / (excess + common[DIVERT_WAIT, m]) if excess < math.inf else 1.0
        fraction[m] = common[DIVERT_FRACTION, m] * ramp if excess > 0.0 else 0.0
    if not has_persons(fraction):
        return
    for f in range(waiting.shape[0]):
        if not has_persons(road[slot, x, f]):
            continue
        draw_counts(out, road[slot, x, f], fraction, members, stream, word, keys[f], mode)
        for m in range(len(out)):
            days = floor(road_days * common[SLOWNESS, m] + 0.5)
            days = days if days > 1.0 else 1.0
            road[slot, x, f, m] -= out[m]
            road[(slot + np.int64(days)) % slots, to, f, m] += out[m]


@kernel(nogil=True)
def join_queue(x: int, arriving: Floats, waiting: Floats, old: Floats, new: Floats, way: Floats) -> None:
    """Today's arrivals (class, member) join the queue of crossing x; totals of both parts of it go into old and new.

    way  (member,) those on the road, in all
    """
    fill_row(old, 0.0)
    fill_row(new, 0.0)
    for f in range(arriving.shape[0]):
        for m in range(len(old)):
            arrived = arriving[f, m]
            waiting[TODAY, x, f, m] = arrived
            arriving[f, m] = 0.0
            old[m] += waiting[EARLIER, x, f, m]
            new[m] += arrived
    for m in range(len(new)):
        way[m] -= new[m]


@kernel(nogil=True)
def day_capacity(
    word: int,
    cell: np.uint64,
    stream: np.uint64,
    members: Ints,
    mode: int,
    usual: float,
    log_sd: float,
    capacity_factor: Floats,
    u: Floats,
    capacity: Floats,
) -> None:
    """Persons whom a crossing can process in the full day: usual x member's factor x lognormal noise of mean 1."""
    for m in range(len(capacity)):
        capacity[m] = usual * capacity_factor[m]
    if mode == MEAN or log_sd <= 0.0:
        return
    fill_uniforms(u, members, stream, word, cell)
    normal_row(u)
    for m in range(len(capacity)):
        capacity[m] *= exp(log_sd * u[m] - 0.5 * log_sd * log_sd)


@kernel(nogil=True)
def serve_hours(
    hours: Floats,
    x: int,
    log_sd: float,
    old: Floats,
    arriving: Floats,
    capacity: Floats,
    queue: Floats,
    served: Floats,
    served_old: Floats,
    mode: int,
) -> None:
    """Persons who cross today: hour by hour, at most what the crossing processes in that hour.

    old, arriving, capacity   persons waiting at midnight, arriving today, processed in a full day; `queue` is scratch
    served, served_old        persons of today's arrivals, and of the old part of the queue, which goes first
    """
    for m in range(len(queue)):
        queue[m] = old[m]
        served[m] = 0.0
    came_before, done_before = 0.0, 0.0
    low, high = noise_bounds(log_sd)
    for hour in range(hours.shape[2]):
        came, done = hours[ARRIVING, x, hour], hours[OPEN, x, hour]
        if came == came_before and done == done_before:
            continue
        if mode == MEAN:
            for m in range(len(queue)):
                queue[m] += arriving[m] * (came - came_before)
                passed = expected_served(queue[m], capacity[m] * (done - done_before), log_sd, low, high)
                served[m] += passed
                queue[m] -= passed
        else:
            for m in range(len(queue)):
                here = queue[m] + (floor(arriving[m] * came) - floor(arriving[m] * came_before))
                room = floor(capacity[m] * done) - floor(capacity[m] * done_before)
                passed = here if here < room else room
                served[m] += passed
                queue[m] = here - passed
        came_before, done_before = came, done
    for m in range(len(queue)):
        served_old[m] = served[m] if served[m] < old[m] else old[m]
        served[m] -= served_old[m]


@kernel(nogil=True)
def record_crossing(
    x: int, label: Ints, statuses: int, row: Ints, crossed: Floats, waiting: Floats, record: Floats
) -> None:
    """Observables of one crossing. Afterwards everybody in its queue has waited since an earlier day."""
    queue, waited = record[row[QUEUE] + x], record[row[WAITING] + x]
    for f in range(label.shape[1]):
        by_kind = record[row[CROSSED] + x * KINDS + label[0, f]]
        by_status = record[row[CROSSED_STATUS] + x * statuses + label[1, f]]
        for m in range(len(queue)):
            by_kind[m] += crossed[f, m]
            by_status[m] += crossed[f, m]
            waited[m] += waiting[EARLIER, x, f, m]
            waiting[EARLIER, x, f, m] += waiting[TODAY, x, f, m]
            waiting[TODAY, x, f, m] = 0.0
            queue[m] += waiting[EARLIER, x, f, m]
