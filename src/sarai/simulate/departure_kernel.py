"""Kernel of the law before the border: who leaves, held before the border, which crossing, the journey to it.

The readable form of every line is in `returns_twin/`; the two agree bit for bit. Inner loops run over members.
Each function takes the arrays that it reads and writes: a bundle of all of them would take a minute to compile.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.blocks import (
    MEAN,
    allot,
    clump_fractions,
    draw_counts,
    fill_row,
    fill_uniforms,
    has_persons,
    put_on_road,
    road_days,
)
from sarai.simulate.kernel import kernel
from sarai.simulate.layout import (
    AFFINITY,
    ANNOUNCED,
    CHOOSE,
    CLASS_ORDER,
    CLUMP,
    DEADLINE,
    DEPORT,
    ENFORCEMENT,
    FACILITATE,
    HOLD,
    JOURNEY,
    LEAVE,
    ROAD_KM,
    UNTIL,
)
from sarai.simulate.small_math import exp, floor
from sarai.simulate.state import (
    ALL,
    ANNOUNCE,
    CAPACITY_FACTOR,
    CONDITION,
    CONTAGION,
    CROSSING_AFFINITY,
    DEPORTED_BASE,
    DEPORTED_ENFORCED,
    DISTANCE_WEIGHT,
    ENFORCE,
    ENFORCE_DAYS,
    ENFORCED,
    FACILITATED_SHARE,
    FALL_DAYS,
    HOUSEHOLD,
    INTENSITY,
    LAG,
    LEFT,
    LONGEST_WAIT_DAYS,
    ONSET_DAYS,
    POOL,
    PULL,
    RECENT,
    RISE,
    RISE_DAYS,
    WAIT_WEIGHT,
    WEEK_DAYS,
)

DEPARTURES, DEPARTURES_STATUS = 0, 1  # positions in ensemble.AXES
DEPORTED, FACILITATED, OTHER = 0, 1, 2  # positions in model.returns.KINDS
TENTHS = 10.0

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]


@kernel(nogil=True)
def step_hazards(
    day: int,
    wave_day: Ints,
    pattern_wave: Ints,
    wave: Floats,
    wave_weight: Floats,
    wave_hazard: Floats,
    pattern_hazard: Floats,
) -> None:
    """Hazard of each wave today, and of each pattern of waves: all of it, and the part that is enforcement."""
    lanes = wave_hazard.shape[2]
    wave_hazard[:] = 0.0
    pattern_hazard[:] = 0.0
    for w in range(wave_day.shape[1]):
        if day < wave_day[ANNOUNCED, w] or day > wave_day[UNTIL, w]:
            continue
        since_deadline = float(day - wave_day[DEADLINE, w])
        since_enforcement = float(day - wave_day[ENFORCEMENT, w] + 1)
        for m in range(lanes):
            tau = since_deadline - wave[LAG, w, m]
            after = tau if tau > 0.0 else 0.0
            before = tau if tau < 0.0 else 0.0
            t2 = since_enforcement - wave[LAG, w, m]
            t2 = t2 if t2 > 0.0 else 0.0
            fade = exp(-(after / wave[ENFORCE_DAYS, w, m]))
            rise = exp(before / wave[RISE_DAYS, w, m] - after / wave[FALL_DAYS, w, m])
            onset = 1.0 - exp(-(t2 / wave[ONSET_DAYS, w, m]))
            lasting = exp(-(t2 / wave[ENFORCE_DAYS, w, m]))
            enforced = wave[ENFORCE, w, m] * (onset * lasting)
            wave_hazard[ENFORCED, w, m] = enforced
            wave_hazard[ALL, w, m] = wave[ANNOUNCE, w, m] * fade + wave[RISE, w, m] * rise + enforced
    for k in range(pattern_wave.shape[0]):
        for w in range(pattern_wave.shape[1]):
            if pattern_wave[k, w] == 1:
                for m in range(lanes):
                    pattern_hazard[ALL, k, m] += wave_weight[k, w, m] * wave_hazard[ALL, w, m]
                    pattern_hazard[ENFORCED, k, m] += wave_weight[k, w, m] * wave_hazard[ENFORCED, w, m]


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
def day_factor(log_effect: Floats, stratum: Floats, common: Floats, tally: Floats, factor: Floats) -> None:
    """Factor of the day on every wave hazard: discrepancy, optional effects and contagion. Starts today's tally."""
    factor[:] = 0.0
    for g in range(stratum.shape[1]):
        for m in range(len(factor)):
            factor[m] += stratum[POOL, g, m]
    for m in range(len(factor)):
        share = tally[RECENT, m] / factor[m] if factor[m] > 0.0 else 0.0
        factor[m] = exp(log_effect[m] + common[CONTAGION, m] * (TENTHS * share))
        tally[LEFT, m] = 0.0


@kernel(nogil=True)
def leave_stratum(
    word: int,
    cell: np.uint64,
    streams: Keys,
    members: Ints,
    mode: int,
    stock: Floats,
    base: Floats,
    hazard_all: Floats,
    hazard_enforced: Floats,
    intensity: Floats,
    status: Floats,
    s: int,
    common: Floats,
    factor: Floats,
    class_of: Ints,
    leaving: Floats,
    lanes: Floats,
    left: Floats,
) -> None:
    """People of one stratum who leave today, into `left`, and by class into `leaving`; `stock` shrinks by them."""
    p, deported_share = lanes[4], lanes[5]
    for m in range(len(stock)):
        scale = intensity[m] * status[INTENSITY, s, m] * factor[m]
        steady = base[m] / stock[m] if stock[m] > 0.0 else 0.0
        enforced = hazard_enforced[m] * scale
        hazard = hazard_all[m] * scale + steady
        p[m] = 1.0 - exp(-hazard)
        share = enforced / hazard if hazard > 0.0 else 0.0
        deported_share[m] = share * status[DEPORTED_ENFORCED, s, m] + (1.0 - share) * status[DEPORTED_BASE, s, m]
    clump_fractions(
        p, stock, common[HOUSEHOLD], lanes[7], lanes[8], lanes[9], members, streams[CLUMP], word, cell, mode
    )
    draw_counts(left, stock, p, members, streams[LEAVE], word, cell, mode)
    deported, other = leaving[class_of[s, DEPORTED]], leaving[class_of[s, OTHER]]
    draw_counts(deported, left, deported_share, members, streams[DEPORT], word, cell, mode)
    for m in range(len(stock)):
        stock[m] -= left[m]
        other[m] = left[m] - deported[m]
    if class_of[s, FACILITATED] >= 0:
        facilitated = leaving[class_of[s, FACILITATED]]
        share_row = status[FACILITATED_SHARE, s]
        draw_counts(facilitated, other, share_row, members, streams[FACILITATE], word, cell, mode)
        for m in range(len(stock)):
            other[m] -= facilitated[m]


@kernel(nogil=True)
def hold_deported(
    word: int,
    cell: np.uint64,
    streams: Keys,
    members: Ints,
    mode: int,
    stay_days: float,
    stay_factor: Floats,
    held: Floats,
    deported: Floats,
    lanes: Floats,
) -> None:
    """Deported people enter holding, those whose stay ends go on; `deported` becomes those who go on. Exogenous."""
    p, out = lanes[4], lanes[6]
    for m in range(len(held)):
        stay = stay_days * stay_factor[m]
        p[m] = 1.0 / stay if stay > 1.0 else 1.0
    draw_counts(out, held, p, members, streams[HOLD], word, cell, mode)
    for m in range(len(held)):
        held[m] += deported[m] - out[m]
        deported[m] = out[m]


@kernel(nogil=True)
def release_above_capacity(capacity: float, held: Floats, statuses: Ints, class_of: Ints, leaving: Floats) -> None:
    """People held above the capacity of an origin's centres go on the same day, statuses in order.

    held  (stratum of the origin, member)    statuses  (stratum of the origin,)
    """
    for m in range(held.shape[1]):
        total = 0.0
        for g in range(held.shape[0]):
            total += held[g, m]
        excess = total - floor(capacity)
        for g in range(held.shape[0]):
            if excess > 0.0:
                released = held[g, m] if held[g, m] < excess else excess
                held[g, m] -= released
                leaving[class_of[statuses[g], DEPORTED], m] += released
                excess -= released


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


@kernel(nogil=True)
def end_tally(tally: Floats) -> None:
    """The running week of departures: yesterday's less a seventh, plus today's."""
    for m in range(tally.shape[1]):
        tally[RECENT, m] = tally[RECENT, m] * (1.0 - 1.0 / WEEK_DAYS) + tally[LEFT, m]
