"""Kernel of departure: who leaves home, who of them is deported, who is held before the border.

The readable form of every line is in `returns_twin/departure.py`; the two agree bit for bit. Inner loops run over
members. Each function takes the arrays that it reads and writes: a bundle of all would take a minute to compile.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.blocks import clump_fractions, draw_counts
from sarai.simulate.kernel import kernel
from sarai.simulate.layout import ANNOUNCED, CLUMP, DEADLINE, DEPORT, ENFORCEMENT, FACILITATE, HOLD, LEAVE, UNTIL
from sarai.simulate.small_math import exp, floor
from sarai.simulate.state import (
    ALL,
    ANNOUNCE,
    CONTAGION,
    DEPORTED_BASE,
    DEPORTED_ENFORCED,
    ENFORCE,
    ENFORCE_DAYS,
    ENFORCED,
    FACILITATED_SHARE,
    FALL_DAYS,
    HOUSEHOLD,
    INTENSITY,
    LAG,
    LEFT,
    ONSET_DAYS,
    POOL,
    RECENT,
    RISE,
    RISE_DAYS,
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
def end_tally(tally: Floats) -> None:
    """The running week of departures: yesterday's less a seventh, plus today's."""
    for m in range(tally.shape[1]):
        tally[RECENT, m] = tally[RECENT, m] * (1.0 - 1.0 / WEEK_DAYS) + tally[LEFT, m]
