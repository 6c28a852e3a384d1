"""The yardstick: the same law as a straightforward numba loop over members, days and places, one generator, no keys.

What a careful person would write first: integer state, `Generator.binomial` and `Generator.multinomial`-style
conditional draws for every class and place. It knows nothing of blocks, keys, or draws for several classes together.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel
from sarai.simulate.layout import build_layout
from sarai.simulate.state import build_beliefs


@njit
def run_member(rng, lay, bel, first_road, first_onward, total):  # type: ignore[no-untyped-def]
    """All days of one member; adds its arrivals by destination to `total`."""
    (
        calendar,
        stratum,
        origin_start,
        wave_day,
        class_of,
        label,
        holding,
        road_table,
        crossing,
        open_fraction,
        hours,
        stage,
        cell_stage,
        entry_start,
        edge_start,
        edge_to,
        edge_cond,
        source_start,
        onward_to,
        onward_edge,
    ) = lay
    pool, base, wave, intensity, status, crossing_belief, common, log_effect, crossing_effect = bel
    people = pool.copy()
    crossings, classes = crossing.shape[1], label.shape[1]
    held = np.zeros(len(people), dtype=np.int64)
    road = np.zeros((first_road, crossings, classes), dtype=np.int64)
    queue = np.zeros((crossings, classes), dtype=np.int64)
    present = np.zeros(len(cell_stage), dtype=np.int64)
    onward = np.zeros((first_onward, len(total)), dtype=np.int64)
    weights = np.zeros(crossings)
    size = common[0]
    for t in range(calendar.shape[1]):
        day = calendar[0, t]
        hazard, enforced = 0.0, 0.0
        for w in range(wave_day.shape[1]):
            if day >= wave_day[0, w]:
                tau = day - wave_day[1, w] - wave[7, w]
                t2 = max(0.0, day - wave_day[2, w] + 1 - wave[7, w])
                enforcement = wave[4, w] * (1 - math.exp(-t2 / wave[5, w])) * math.exp(-t2 / wave[6, w])
                rise = math.exp(tau / wave[2, w]) if tau < 0 else math.exp(-tau / wave[3, w])
                fade = 1.0 if tau < 0 else math.exp(-tau / wave[6, w])
                hazard += wave[0, w] * fade + wave[1, w] * rise + enforcement
                enforced += enforcement
        factor = math.exp(log_effect[t])
        for o in range(len(origin_start) - 1):
            best = -1e300
            for x in range(crossings):
                waiting = 0
                for f in range(classes):
                    waiting += queue[x, f]
                usual = crossing[0, x] * open_fraction[t, x] * crossing_belief[1, x]
                wait = min(30.0, waiting / usual) if usual > 0 else 30.0
                weights[x] = road_table[2, o, x] + crossing_belief[0, x] + crossing_effect[t, x]
                weights[x] -= common[1] * road_table[1, o, x] / 100 + common[2] * wait
                best = max(best, weights[x])
            everything = 0.0
            for x in range(crossings):
                usual = crossing[0, x] * open_fraction[t, x]
                weights[x] = math.exp(weights[x] - best) if usual > 0 else 0.0
                everything += weights[x]
            for g in range(origin_start[o], origin_start[o + 1]):
                s = stratum[1, g]
                n = people[g]
                h = hazard * intensity[o] * status[0, s] * factor
                steady = base[g] / n if n > 0 else 0.0
                p = 1 - math.exp(-(h + steady))
                if n > size + 1 and 0 < p < 1:
                    weight = (n - size) / (size - 1)
                    p = rng.beta(p * weight, (1 - p) * weight)
                left = rng.binomial(n, p) if n > 0 else 0
                people[g] -= left
                share = enforced * intensity[o] * status[0, s] * factor / (h + steady) if h + steady > 0 else 0.0
                deported = rng.binomial(left, share * status[2, s] + (1 - share) * status[1, s]) if left > 0 else 0
                other = left - deported
                facilitated = 0
                if class_of[s, 1] >= 0 and other > 0:
                    facilitated = rng.binomial(other, status[3, s])
                if holding[0, o] > 0:
                    out = rng.binomial(held[g], 1 / max(1.0, holding[1, o])) if held[g] > 0 else 0
                    held[g] += deported - out
                    deported = out
                for kind in range(3):
                    f = class_of[s, kind]
                    if f < 0:
                        continue
                    going = deported if kind == 0 else (facilitated if kind == 1 else other - facilitated)
                    rest = everything
                    for x in range(crossings):
                        if going == 0:
                            break
                        p = 1.0 if x == crossings - 1 else min(1.0, weights[x] / rest)
                        chosen = rng.binomial(going, p)
                        going -= chosen
                        rest = max(rest - weights[x], 1e-300)
                        length = road_table[0, o, x] * common[3]
                        days = int(length)
                        late = rng.binomial(chosen, length - days) if chosen > 0 else 0
                        road[(t + days) % first_road, x, f] += chosen - late
                        road[(t + days + 1) % first_road, x, f] += late
        going_on = np.zeros(len(edge_start) - 1 + len(source_start) - 1, dtype=np.int64)
        for x in range(crossings):
            sigma = crossing[1, x]
            noise = math.exp(sigma * rng.standard_normal() - 0.5 * sigma * sigma)
            capacity = crossing[0, x] * open_fraction[t, x] * crossing_belief[1, x] * noise
            came, waiting = 0, 0
            for f in range(classes):
                came += road[t % first_road, x, f]
                waiting += queue[x, f]
                queue[x, f] += road[t % first_road, x, f]
                road[t % first_road, x, f] = 0
            served, standing = 0, waiting
            for hour in range(24):
                a = hours[0, x, hour] - (hours[0, x, hour - 1] if hour else 0.0)
                c = hours[1, x, hour] - (hours[1, x, hour - 1] if hour else 0.0)
                standing += int(a * came)
                passed = min(standing, int(c * capacity))
                standing -= passed
                served += passed
            remaining = waiting + came
            for f in range(classes):
                if served == 0 or queue[x, f] == 0:
                    remaining -= queue[x, f]
                    continue
                crossing_now = min(queue[x, f], rng.binomial(served, queue[x, f] / remaining))
                remaining -= queue[x, f]
                queue[x, f] -= crossing_now
                served -= crossing_now
                entry = x * classes + f
                left = crossing_now
                for edge in range(entry_start[entry], entry_start[entry + 1]):
                    sent = rng.binomial(left, edge_cond[edge]) if left > 0 else 0
                    going_on[edge_to[edge]] += sent
                    left -= sent
        for c in range(len(cell_stage)):
            nights = stage[2, cell_stage[c]] * common[6]
            ending = rng.binomial(present[c], 1 / max(1.0, nights)) if present[c] > 0 else 0
            passing = rng.binomial(going_on[c], max(0.0, 1 - nights)) if going_on[c] > 0 else 0
            present[c] += going_on[c] - ending - passing
            left = ending + passing
            for edge in range(edge_start[c], edge_start[c + 1]):
                sent = rng.binomial(left, edge_cond[edge]) if left > 0 else 0
                going_on[edge_to[edge]] += sent
                left -= sent
        for source in range(len(source_start) - 1):
            left = going_on[len(cell_stage) + source]
            for edge in range(source_start[source], source_start[source + 1]):
                if left == 0:
                    break
                sent = rng.binomial(left, onward_edge[0, edge])
                left -= sent
                length = onward_edge[1, edge] * common[3]
                days = int(length)
                late = rng.binomial(sent, length - days) if sent > 0 else 0
                onward[(t + days) % first_onward, onward_to[edge]] += sent - late
                onward[(t + days + 1) % first_onward, onward_to[edge]] += late
        for to in range(len(total)):
            total[to] += onward[t % first_onward, to]
            onward[t % first_onward, to] = 0


def run_yardstick(
    model: ReturnsModel, parameters: Parameters, first_day: int, last_day: int, seed: int
) -> NDArray[np.int64]:
    """Arrivals by destination over all members: enough to keep the work from being optimised away."""
    layout = build_layout(model, first_day, last_day, seed)
    beliefs = build_beliefs(model, parameters, layout, whole=True)
    lay = (
        layout.calendar, layout.stratum, layout.origin_start, layout.wave_day, layout.class_of, layout.label,
        layout.holding, layout.road, layout.crossing, layout.open_fraction, layout.hours, layout.stage,
        layout.cell_stage, layout.entry_start, layout.edge_start, layout.edge_to, layout.edge_cond,
        layout.source_start, layout.onward_to, layout.onward_edge,
    )  # fmt: skip
    slowest = float(beliefs.common[3].max())
    slots = int(np.ceil(layout.road[0].max() * slowest)) + 2
    onward = int(np.ceil(layout.onward_edge[1].max() * slowest)) + 2
    total = np.zeros(len(model.destinations), dtype=np.int64)
    rng = np.random.Generator(np.random.PCG64(seed))
    for m in range(parameters.member_count):
        bel = (
            beliefs.stratum[0, :, m].astype(np.int64), beliefs.stratum[2, :, m].copy(), beliefs.wave[..., m].copy(),
            beliefs.origin_intensity[:, m].copy(), beliefs.status[..., m].copy(), beliefs.crossing[..., m].copy(),
            beliefs.common[:, m].copy(), beliefs.log_effect[:, m].copy(), beliefs.crossing_effect[..., m].copy(),
        )  # fmt: skip
        run_member(rng, lay, bel, slots, onward, total)
    return total
