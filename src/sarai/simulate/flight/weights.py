"""Weights of routes, kept until something changes them, as running sums over the routes from a place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.flight.arrays import Law
from sarai.simulate.flight.choice import UNPRUNED_BELOW, Choices, power
from sarai.simulate.kernel import kernel

Ints = NDArray[np.int64]


@kernel()
def appeal(law: Law, row: int, path: int, kind: int, population: Ints) -> float:
    """b of the law: how good the end of a path looks to people of one kind."""
    end = law.path_end[path]
    score = law.score[row, end]
    value = 1.0
    for _ in range(law.exponents[kind]):
        value = value * score
    value = value * law.path_near[path]
    value = value * law.factor[row, law.views[kind], end]
    if law.pop_weight and law.camp[row, end] == 0:
        value = value * power(max(1.0, float(population[end])), law.pop_power)
    return float(value)


@kernel()
def fixed_weight(law: Law, choices: Choices, row: int, path: int, kind: int, population: Ints) -> float:
    """W under fixed routes: weight of the entry in the table times b, so the score counts twice and m does not.

    An entry without weight is none, as in Flee.
    """
    if choices.in_table[path] == 0:
        return -1.0
    end = law.path_end[path]
    value = (law.weight_softening + law.score[row, end] * law.factor[row, law.views[kind], end]) / law.path_km[path]
    entry = power(value, law.weight_power) if value > 0.0 else 0.0
    if entry <= 0.0:
        return -1.0
    return float(entry * appeal(law, row, path, kind, population))


@kernel(inline=True)
def route_weight(law: Law, choices: Choices, row: int, path: int, kind: int, population: Ints) -> float:
    """W of the law; 0 where the path is closed, too long for the awareness, or ends at a marker."""
    end = law.path_end[path]
    if law.fixed:
        return fixed_weight(law, choices, row, path, kind, population)
    if choices.usable[path] == 0 or choices.units[path] > law.awareness or law.marker[row, end] == 1:
        return -1.0
    value = (law.weight_softening + appeal(law, row, path, kind, population)) / law.path_km[path] * choices.room[end]
    return power(value, law.weight_power)


@kernel()
def weigh(law: Law, choices: Choices, row: int, place: int, population: Ints) -> None:
    """Running sums of the weights of all routes from a place, for every kind of choice."""
    start = law.routes_start[place]
    stop = law.routes_start[place + 1]
    base = start + place
    for kind in range(len(law.exponents)):
        sums = choices.running[kind]
        heaviest = 0.0
        total = 0.0
        there_is_one = False
        sums[base] = 0.0
        for k in range(start, stop):
            weight = route_weight(law, choices, row, law.routes[k], kind, population)
            sums[base + 1 + k - start] = weight
            if weight >= 0.0:
                there_is_one = True
                total = total + weight
                heaviest = max(heaviest, weight)
        least = heaviest / law.pruning if law.pruning >= UNPRUNED_BELOW else 0.0
        even = there_is_one and total <= 0.0 and law.uniform
        running = 0.0
        for k in range(1, stop - start + 1):
            weight = sums[base + k]
            if weight >= 0.0:
                if even:
                    running = running + 1.0
                elif weight >= least:
                    running = running + weight
            sums[base + k] = running
    choices.stale[place] = 0
