"""Kernel of the law before the border: who leaves, held before the border, which crossing, the journey to it.

The readable form of every line is in `returns_twin.py`; the two agree bit for bit. Inner loops run over members.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sarai.simulate.blocks import MEAN, clump_fractions, draw_counts, fill_uniforms, has_persons
from sarai.simulate.layout import CHOOSE, CLUMP, DEPORT, FACILITATE, HOLD, JOURNEY, LEAVE, Layout
from sarai.simulate.small_math import exp
from sarai.simulate.state import LONGEST_WAIT_DAYS, WEEK_DAYS, Beliefs, State

DEPARTURES, DEPARTURES_STATUS = 0, 1  # positions in ensemble.AXES
DEPORTED, FACILITATED, OTHER = 0, 1, 2  # positions in model.returns.KINDS
TENTHS = 10.0


@njit(cache=True, error_model="numpy", nogil=True)
def step_hazards(layout: Layout, beliefs: Beliefs, state: State, t: int) -> None:
    """Hazard of each wave today, and of each pattern of waves: all of it, and the part that is enforcement."""
    day = layout.days[t]
    lanes = len(beliefs.members)
    for w in range(layout.pattern_wave.shape[1]):
        hazard, enforced = state.wave_hazard[w], state.wave_enforced[w]
        hazard[:] = 0.0
        enforced[:] = 0.0
        if day < layout.wave_announced[w] or day > layout.wave_until[w]:
            continue
        since_deadline = float(day - layout.wave_deadline[w])
        since_enforcement = float(day - layout.wave_enforcement[w] + 1)
        for m in range(lanes):
            tau = since_deadline - beliefs.lag_days[w, m]
            after = tau if tau > 0.0 else 0.0
            before = tau if tau < 0.0 else 0.0
            t2 = since_enforcement - beliefs.lag_days[w, m]
            t2 = t2 if t2 > 0.0 else 0.0
            fade = exp(-(after / beliefs.enforce_days[w, m]))
            rise = exp(before / beliefs.rise_days[w, m] - after / beliefs.fall_days[w, m])
            onset = 1.0 - exp(-(t2 / beliefs.enforce_onset_days[w, m]))
            lasting = exp(-(t2 / beliefs.enforce_days[w, m]))
            enforced[m] = beliefs.enforce_rate[w, m] * (onset * lasting)
            hazard[m] = beliefs.announce_rate[w, m] * fade + beliefs.rise_rate[w, m] * rise + enforced[m]
    for k in range(layout.pattern_wave.shape[0]):
        hazard, enforced = state.pattern_hazard[k], state.pattern_enforced[k]
        hazard[:] = 0.0
        enforced[:] = 0.0
        for w in range(layout.pattern_wave.shape[1]):
            if layout.pattern_wave[k, w] == 1:
                for m in range(lanes):
                    hazard[m] += beliefs.wave_weight[k, w, m] * state.wave_hazard[w, m]
                    enforced[m] += beliefs.wave_weight[k, w, m] * state.wave_enforced[w, m]


@njit(cache=True, error_model="numpy", nogil=True)
def step_pull(layout: Layout, beliefs: Beliefs, state: State, t: int) -> None:
    """Pull of each crossing that changes with the day: expected wait and the slow discrepancy; 0 where closed."""
    lanes = len(beliefs.members)
    crossings = len(layout.capacity)
    top = state.lanes[0]
    top[:] = -math.inf
    any_open = False
    for x in range(crossings):
        if layout.open_fraction[t, x] > 0.0 and layout.capacity[x] > 0.0:
            any_open = True
    for x in range(crossings):
        pull = state.pull[x]
        usual = layout.capacity[x] * layout.open_fraction[t, x]
        if any_open and not usual > 0.0:
            pull[:] = -math.inf
            continue
        for m in range(lanes):
            queue = 0.0
            for f in range(len(layout.class_status)):
                queue += state.waiting_old[x, f, m] + state.waiting_new[x, f, m]
            usual_here = usual * beliefs.capacity_factor[x, m]
            wait = queue / usual_here if usual_here > 0.0 else LONGEST_WAIT_DAYS
            wait = wait if wait < LONGEST_WAIT_DAYS else LONGEST_WAIT_DAYS
            pull[m] = beliefs.crossing_effect[t, x, m] - beliefs.wait_weight[m] * wait
            top[m] = pull[m] if pull[m] > top[m] else top[m]
    for x in range(crossings):
        for m in range(lanes):
            state.pull[x, m] = exp(state.pull[x, m] - top[m])


@njit(cache=True, error_model="numpy", nogil=True)
def start_attraction(layout: Layout, beliefs: Beliefs, state: State) -> None:
    """Attraction of each crossing from each origin that stays the same: road km and affinity; 1 for the strongest."""
    crossings = len(layout.capacity)
    for o in range(len(layout.origin_start) - 1):
        for m in range(len(beliefs.members)):
            top = -math.inf
            for x in range(crossings):
                value = layout.affinity[o, x] + beliefs.crossing_affinity[x, m]
                value -= beliefs.distance_weight[m] * (layout.distance_km[o, x] / 100.0)
                state.attraction[o, x, m] = value
                top = value if value > top else top
            for x in range(crossings):
                state.attraction[o, x, m] = exp(state.attraction[o, x, m] - top)


@njit(cache=True, error_model="numpy", nogil=True)
def leave_stratum(
    layout: Layout, beliefs: Beliefs, state: State, t: int, g: int, factor: NDArray[np.float64], mode: int
) -> None:
    """People of one stratum who leave today, into `state.leaving` by class; deported people through holding."""
    lanes = len(beliefs.members)
    word = layout.words[t]
    o, s, k = layout.stratum_origin[g], layout.stratum_status[g], layout.stratum_pattern[g]
    stock = state.pool[g]
    p, deported_share, out, u = state.lanes[4], state.lanes[5], state.lanes[6], state.lanes[7]
    for m in range(lanes):
        scale = beliefs.origin_intensity[o, m] * beliefs.status_intensity[s, m] * factor[m]
        base = beliefs.base_daily[g, m] / stock[m] if stock[m] > 0.0 else 0.0
        enforced = state.pattern_enforced[k, m] * scale
        hazard = state.pattern_hazard[k, m] * scale + base
        p[m] = 1.0 - exp(-hazard)
        by_enforcement = enforced / hazard if hazard > 0.0 else 0.0
        deported_share[m] = (
            by_enforcement * beliefs.deported_enforced[s, m] + (1.0 - by_enforcement) * beliefs.deported_base[s, m]
        )
    cell = layout.stratum_key[g]
    clump_fractions(p, stock, beliefs.household_size, u, layout.streams[CLUMP], beliefs.members, word, cell, mode)
    draw_counts(out, stock, p, u, layout.streams[LEAVE], beliefs.members, word, cell, mode)
    by_origin = state.record[layout.row[DEPARTURES] + o]
    by_status = state.record[layout.row[DEPARTURES_STATUS] + s]
    left = state.recent[1]
    for m in range(lanes):
        stock[m] -= out[m]
        by_origin[m] += out[m]
        by_status[m] += out[m]
        left[m] += out[m]
    deported = state.leaving[layout.class_of[s, DEPORTED]]
    other = state.leaving[layout.class_of[s, OTHER]]
    draw_counts(deported, out, deported_share, u, layout.streams[DEPORT], beliefs.members, word, cell, mode)
    for m in range(lanes):
        other[m] = out[m] - deported[m]
    if layout.class_of[s, FACILITATED] >= 0:
        facilitated = state.leaving[layout.class_of[s, FACILITATED]]
        for m in range(lanes):
            out[m] = other[m]
            p[m] = beliefs.facilitated[s, m]
        draw_counts(facilitated, out, p, u, layout.streams[FACILITATE], beliefs.members, word, cell, mode)
        for m in range(lanes):
            other[m] = out[m] - facilitated[m]
    if layout.holding_capacity[o] > 0.0 and layout.holding_stay[o] > 0.0:
        hold_deported(layout, beliefs, state, t, g, deported, mode)


@njit(cache=True, error_model="numpy", nogil=True)
def hold_deported(
    layout: Layout, beliefs: Beliefs, state: State, t: int, g: int, deported: NDArray[np.float64], mode: int
) -> None:
    """Deported people enter holding, those whose stay ends go on; `deported` becomes those who go on. Exogenous."""
    lanes = len(beliefs.members)
    o = layout.stratum_origin[g]
    held = state.held[g]
    p, out, u = state.lanes[4], state.lanes[6], state.lanes[7]
    for m in range(lanes):
        stay = layout.holding_stay[o] * beliefs.holding_stay_factor[m]
        p[m] = 1.0 / stay if stay > 1.0 else 1.0
    draw_counts(out, held, p, u, layout.streams[HOLD], beliefs.members, layout.words[t], layout.stratum_key[g], mode)
    for m in range(lanes):
        held[m] += deported[m] - out[m]
        deported[m] = out[m]


@njit(cache=True, error_model="numpy", nogil=True)
def release_above_capacity(layout: Layout, beliefs: Beliefs, state: State, o: int) -> None:
    """People held above the capacity of an origin's centres go on the same day, statuses in order."""
    if not (layout.holding_capacity[o] > 0.0 and layout.holding_stay[o] > 0.0):
        return
    if layout.holding_capacity[o] == math.inf:
        return
    first, last = layout.origin_start[o], layout.origin_start[o + 1]
    for m in range(len(beliefs.members)):
        held = 0.0
        for g in range(first, last):
            held += state.held[g, m]
        excess = held - math.floor(layout.holding_capacity[o])
        for g in range(first, last):
            if excess > 0.0:
                released = state.held[g, m] if state.held[g, m] < excess else excess
                state.held[g, m] -= released
                state.leaving[layout.class_of[layout.stratum_status[g], DEPORTED], m] += released
                excess -= released


@njit(cache=True, error_model="numpy", nogil=True)
def choice_conditions(layout: Layout, state: State, o: int) -> None:
    """Share of each crossing among those that are still to come, from one origin: a multinomial logit."""
    crossings = len(layout.capacity)
    rest = state.lanes[4]
    rest[:] = 0.0
    for x in range(crossings):
        for m in range(len(rest)):
            rest[m] += state.attraction[o, x, m] * state.pull[x, m]
    blocked = state.lanes[5]
    for m in range(len(rest)):
        blocked[m] = 0.0 if rest[m] > 0.0 else 1.0
    for x in range(crossings):
        for m in range(len(rest)):
            weight = state.attraction[o, x, m] * state.pull[x, m]
            share = weight / rest[m] if rest[m] > 0.0 else 0.0
            share = share if share < 1.0 else 1.0
            share = state.attraction[o, x, m] if blocked[m] > 0.0 else share
            state.condition[x, m] = share if share > 0.0 else 0.0
            rest[m] -= weight


@njit(cache=True, error_model="numpy", nogil=True)
def choose_crossings(layout: Layout, beliefs: Beliefs, state: State, t: int, o: int, last_open: int, mode: int) -> None:
    """Split today's leavers of one origin, class by class, over the crossings, into `state.chosen`."""
    lanes = len(beliefs.members)
    out_of, left, u = state.lanes[4], state.lanes[6], state.lanes[7]
    choice_conditions(layout, state, o)
    state.chosen[:] = 0.0
    for f in range(len(layout.class_status)):
        if not has_persons(state.leaving[f]):
            continue
        for m in range(lanes):
            left[m] = state.leaving[f, m]
        for x in range(last_open):
            if not (state.pull[x, 0] > 0.0 or has_persons(state.pull[x])):
                continue
            for m in range(lanes):
                out_of[m] = left[m]
            draw_counts(
                state.chosen[x, f], out_of, state.condition[x], u,
                layout.streams[CHOOSE], beliefs.members, layout.words[t], layout.choice_key[o, f, x], mode,
            )  # fmt: skip
            for m in range(lanes):
                left[m] = out_of[m] - state.chosen[x, f, m]
        for m in range(lanes):
            state.chosen[last_open, f, m] = left[m]


@njit(cache=True, error_model="numpy", nogil=True)
def send_on_road(layout: Layout, beliefs: Beliefs, state: State, t: int, o: int, x: int, mode: int) -> None:
    """Put today's leavers of one origin for one crossing on the road.

    A journey of d days brings the part 1 - (d - floor d) after floor d days and the rest a day later; one uniform
    decides whom the rounding favours, so that each class keeps its expectation.
    """
    lanes = len(beliefs.members)
    classes = len(layout.class_status)
    slots = state.road.shape[0]
    u, whole_days, part, before, late = (
        state.lanes[7],
        state.lanes[8],
        state.lanes[9],
        state.lanes[10],
        state.lanes[11],
    )
    for m in range(lanes):
        length = layout.road_days[o, x] * beliefs.slowness[m]
        whole_days[m] = math.floor(length)
        part[m] = length - whole_days[m]
        before[m] = 0.0
        late[m] = 0.0
    if mode != MEAN:
        cell = layout.journey_key[o, x]
        fill_uniforms(u, layout.streams[JOURNEY], beliefs.members, layout.words[t], cell)
    for f in range(classes):
        if not has_persons(state.chosen[x, f]):
            continue
        for m in range(lanes):
            n = state.chosen[x, f, m]
            before[m] += n
            target = before[m] * part[m] if mode == MEAN else math.floor(before[m] * part[m] + u[m])
            behind = target - late[m]
            behind = behind if behind < n else n
            late[m] += behind
            slot = (t + int(whole_days[m])) % slots
            following = slot + 1 if slot + 1 < slots else 0
            state.road[slot, x, f, m] += n - behind
            state.road[following, x, f, m] += behind


@njit(cache=True, error_model="numpy", nogil=True)
def step_departures(layout: Layout, beliefs: Beliefs, state: State, t: int, mode: int) -> None:
    """A day before the border: hazards, leaving, holding, crossing choice, road."""
    lanes = len(beliefs.members)
    step_hazards(layout, beliefs, state, t)
    last_open = last_open_crossing(layout, t)
    step_pull(layout, beliefs, state, t)
    factor, total, recent, left = state.lanes[1], state.lanes[2], state.recent[0], state.recent[1]
    total[:] = 0.0
    for g in range(len(layout.stratum_origin)):
        for m in range(lanes):
            total[m] += beliefs.pool[g, m]
    for m in range(lanes):
        share = recent[m] / total[m] if total[m] > 0.0 else 0.0
        factor[m] = exp(beliefs.log_effect[t, m] + beliefs.contagion[m] * (TENTHS * share))
        left[m] = 0.0
    for o in range(len(layout.origin_start) - 1):
        state.leaving[:] = 0.0
        for g in range(layout.origin_start[o], layout.origin_start[o + 1]):
            if has_persons(state.pool[g]) or has_persons(state.held[g]):
                leave_stratum(layout, beliefs, state, t, g, factor, mode)
        release_above_capacity(layout, beliefs, state, o)
        choose_crossings(layout, beliefs, state, t, o, last_open, mode)
        for x in range(len(layout.capacity)):
            send_on_road(layout, beliefs, state, t, o, x, mode)
    for m in range(lanes):
        recent[m] = recent[m] * (1.0 - 1.0 / WEEK_DAYS) + left[m]


@njit(cache=True, error_model="numpy", nogil=True)
def last_open_crossing(layout: Layout, t: int) -> int:
    """Position of the last crossing in stable order that is open today; the last one where none is."""
    last = -1
    for x in range(len(layout.capacity)):
        if layout.open_fraction[t, x] > 0.0 and layout.capacity[x] > 0.0:
            last = x
    return last if last >= 0 else len(layout.capacity) - 1
