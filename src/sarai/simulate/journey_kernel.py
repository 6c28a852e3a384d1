"""Kernel of the way to the border: which crossing people make for, and the journey to it.

The readable form of every line is in `returns_twin/journey.py`; the two agree bit for bit. Inner loops run over
members.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.blocks import MEAN, allot, draw_counts, fill_row, fill_uniforms, has_persons, put_on_road, road_days
from sarai.simulate.kernel import kernel
from sarai.simulate.layout import AFFINITY, CHOOSE, CLASS_ORDER, JOURNEY, ROAD_KM
from sarai.simulate.small_math import exp, floor
from sarai.simulate.state import (
    CAPACITY_FACTOR,
    CONDITION,
    CROSSING_AFFINITY,
    DISTANCE_WEIGHT,
    LONGEST_WAIT_DAYS,
    PULL,
    WAIT_WEIGHT,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]


@kernel(nogil=True)
def start_attraction(road: Floats, crossing: Floats, common: Floats, attraction: Floats) -> None:
    """Attraction of each crossing from each origin that stays the same: road km and affinity; 1 for the strongest."""
    for o in range(attraction.shape[0]):
        for m in range(attraction.shape[2]):
            top = -math.inf
            for x in range(attraction.shape[1]):
                value = road[AFFINITY, o, x] + crossing[CROSSING_AFFINITY, x, m]
                value -= common[DISTANCE_WEIGHT, m] * (road[ROAD_KM, o, x] / 100.0)
                attraction[o, x, m] = value
                top = value if value > top else top
            for x in range(attraction.shape[1]):
                attraction[o, x, m] = exp(attraction[o, x, m] - top)


@kernel(nogil=True)
def step_pull(
    usual: Floats, waiting: Floats, crossing: Floats, common: Floats, effect: Floats, top: Floats, choice: Floats
) -> int:
    """Pull of each crossing that changes with the day: expected wait and the slow discrepancy; 0 where closed.

    usual  (crossing,) persons/day today before a member's factor    effect  (crossing, member) logit
    Returns the position of the last crossing that is open, the last of all where none is.
    """
    last_open = -1
    for x in range(len(usual)):
        if usual[x] > 0.0:
            last_open = x
    any_open = last_open >= 0
    top[:] = -math.inf
    for x in range(len(usual)):
        pull = choice[PULL, x]
        if any_open and not usual[x] > 0.0:
            pull[:] = -math.inf
            continue
        pull[:] = 0.0
        for part in range(waiting.shape[0]):
            for f in range(waiting.shape[2]):
                for m in range(len(top)):
                    pull[m] += waiting[part, x, f, m]
        for m in range(len(top)):
            here = usual[x] * crossing[CAPACITY_FACTOR, x, m]
            wait = pull[m] / here if here > 0.0 else LONGEST_WAIT_DAYS
            wait = wait if wait < LONGEST_WAIT_DAYS else LONGEST_WAIT_DAYS
            pull[m] = effect[x, m] - common[WAIT_WEIGHT, m] * wait
            top[m] = pull[m] if pull[m] > top[m] else top[m]
    for x in range(len(usual)):
        for m in range(len(top)):
            choice[PULL, x, m] = exp(choice[PULL, x, m] - top[m])
    return last_open if any_open else len(usual) - 1


@kernel(nogil=True)
def set_out(
    t: int,
    word: int,
    choice_keys: Keys,
    journey_keys: Keys,
    streams: Keys,
    members: Ints,
    mode: int,
    attraction: Floats,
    choice: Floats,
    last_open: int,
    length_days: Floats,
    slowness: Floats,
    pace: tuple[float, float],
    leaving: Floats,
    chosen: Floats,
    road: Floats,
    way: Floats,
    lanes: Floats,
) -> None:
    """Split today's leavers of one origin over the crossings, a multinomial logit of all together, and put them there.

    choice_keys, journey_keys, length_days (crossing,)    attraction (crossing, member)
    leaving (class, member), used up    chosen (class, member): scratch    way (member,) those on the road, in all
    A closed crossing keeps its place with share 0; the last open one takes those who are left. The classes of those
    who choose a crossing are in proportion to the origin's leavers of the day, to a person (`allot`).
    """
    rest, left, taken, u, before, done = lanes[4], lanes[6], lanes[5], lanes[7], lanes[8], lanes[9]
    fill_row(left, 0.0)
    for f in range(leaving.shape[0]):
        for m in range(len(left)):
            left[m] += leaving[f, m]
    if not has_persons(left):
        return
    fill_row(rest, 0.0)
    for m in range(len(left)):
        way[m] += left[m]
    for x in range(last_open + 1):
        for m in range(len(rest)):
            rest[m] += attraction[x, m] * choice[PULL, x, m]
    for x in range(last_open):
        share = choice[CONDITION, x]
        for m in range(len(rest)):
            weight = attraction[x, m] * choice[PULL, x, m]
            part = weight / rest[m] if rest[m] > 0.0 else 0.0
            share[m] = part if part < 1.0 else 1.0
            rest[m] -= weight
        if not (has_persons(share) and has_persons(left)):
            continue
        draw_counts(taken, left, share, members, streams[CHOOSE], word, choice_keys[x], mode)
        if not has_persons(taken):
            continue
        if mode != MEAN:
            fill_uniforms(u, members, streams[CLASS_ORDER], word, choice_keys[x])
        allot(leaving, chosen, left, taken, u, before, done, lanes[15], mode)
        for m in range(len(left)):
            left[m] -= taken[m]
        send_on_road(
            t, word, journey_keys[x], streams[JOURNEY], members, mode, length_days[x], slowness, pace, x, chosen, road,
            lanes,
        )  # fmt: skip
    x = last_open
    send_on_road(
        t, word, journey_keys[x], streams[JOURNEY], members, mode, length_days[x], slowness, pace, x, leaving, road,
        lanes,
    )  # fmt: skip


@kernel(nogil=True)
def send_on_road(
    t: int,
    word: int,
    cell: np.uint64,
    stream: np.uint64,
    members: Ints,
    mode: int,
    length_days: float,
    slowness: Floats,
    pace: tuple[float, float],
    x: int,
    chosen: Floats,
    road: Floats,
    lanes: Floats,
) -> None:
    """Put today's leavers of one origin for one crossing on the road.

    chosen (class, member)    road (slot, crossing x class, member)
    A journey of d days brings the part 1 - (d - floor d) after floor d days and the rest a day later; one uniform
    decides whom the rounding favours, so that each class keeps its expectation.
    """
    u, part, before, late, behind, ahead, days = (
        lanes[7], lanes[9], lanes[10], lanes[11], lanes[12], lanes[13], lanes[14]
    )  # fmt: skip
    least, most = math.floor(length_days * pace[0]), math.floor(length_days * pace[1])
    started = False
    for f in range(chosen.shape[0]):
        if not has_persons(chosen[f]) and not (started and mode == MEAN):  # mean: a last bit may be left over
            continue
        if not started:
            started = True
            fill_row(before, 0.0)
            fill_row(late, 0.0)
            road_days(length_days, slowness, days, part)
            if mode != MEAN:
                fill_uniforms(u, members, stream, word, cell)
        for m in range(len(u)):
            n = chosen[f, m]
            before[m] += n
            target = before[m] * part[m] if mode == MEAN else floor(before[m] * part[m] + u[m])
            later = target - late[m]
            later = later if later < n else n
            late[m] += later
            behind[m] = later
            ahead[m] = n - later
        put_on_road(road, x * chosen.shape[0] + f, t, least, most, days, ahead, behind)
