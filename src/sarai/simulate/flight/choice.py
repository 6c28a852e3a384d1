"""Where people go: weights of routes, kept until something changes them, and the split of a group over routes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.fixed import ORDINARY
from sarai.simulate.flight.arrays import STAGE_ROUTE, Law, draw_cell
from sarai.simulate.flight.few import count_of, pick_one
from sarai.simulate.kernel import kernel
from sarai.simulate.philox import uniform_at
from sarai.simulate.small_math import exp, log

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
HALF_ROOM = 0.5  # below this a camp turns people back as they leave for it (law of Flee, action of an agent)
UNPRUNED_BELOW = 1.001  # Flee prunes from this threshold on (law, routes)


class Choices(NamedTuple):
    """What a member remembers about choices.

    room      (place,) m of the law: 1 far from full, 0 full                stale  (place,) weights must be made anew
    running   (kind, routes + places) running sums of weights, one run a place, starting with 0
    usable    (path,) all its links are open and it is short enough for the awareness
    units     (path,) places on it that use up awareness today
    in_table  (path,) 1: the fixed route of the day from its first place to its end
    listed    (place,) while the tables are made: the last place that has a fixed route to it
    leaf_path, leaf_count   result of a split         stack  (3, 64) lower bound, upper bound, persons
    leave     (view, place) chance to leave today, without a route    full   (place,) 1: a camp that turns people back
    """

    room: Floats
    stale: NDArray[np.uint8]
    running: Floats
    usable: NDArray[np.uint8]
    units: Ints
    in_table: NDArray[np.uint8]
    listed: Ints
    leaf_path: Ints
    leaf_count: Ints
    stack: Ints
    leave: Floats
    full: NDArray[np.uint8]


def new_choices(law: Law) -> Choices:
    """Nothing known yet."""
    kinds = len(law.exponents)
    widest = int(np.max(np.diff(law.routes_start))) if law.places else 0
    return Choices(
        room=np.ones(law.places),
        stale=np.ones(law.places, dtype=np.uint8),
        running=np.zeros((kinds, len(law.routes) + law.places)),
        usable=np.zeros(len(law.path_end), dtype=np.uint8),
        units=np.zeros(len(law.path_end), dtype=np.int64),
        in_table=np.zeros(len(law.path_end) if law.fixed else 1, dtype=np.uint8),
        listed=np.full(law.places, -1, dtype=np.int64),
        leaf_path=np.zeros(max(widest, 1), dtype=np.int64),
        leaf_count=np.zeros(max(widest, 1), dtype=np.int64),
        stack=np.zeros((3, 128), dtype=np.int64),
        leave=np.zeros((law.steady.shape[1], law.places)),
        full=np.zeros(law.places, dtype=np.uint8),
    )


@kernel()
def power(base: float, exponent: float) -> float:
    """base^exponent for base >= 0, with 0^0 = 1."""
    if exponent == 1.0:
        return base
    if base <= 0.0:
        return 1.0 if exponent == 0.0 else 0.0
    return exp(exponent * log(base))


@kernel()
def open_paths(law: Law, choices: Choices, link_row: int, place_row: int) -> None:
    """Mark the paths that can be taken today; all weights become stale."""
    for path in range(law.places):
        choices.usable[path] = 1
        choices.units[path] = 0
    for path in range(law.places, len(law.path_end)):
        after = law.path_after[path]
        through = law.path_origin[after]
        counts = law.marker[place_row, through] == 0 or not law.free_markers
        choices.units[path] = choices.units[after] + (1 if counts else 0)
        is_open = law.open_links[link_row, law.path_link[path]] == 1 and choices.usable[after] == 1
        choices.usable[path] = 1 if is_open else 0
    for place in range(law.places):
        choices.stale[place] = 1
    if law.fixed:
        fill_tables(law, choices, place_row)


@kernel()
def fill_tables(law: Law, choices: Choices, place_row: int) -> None:
    """Fixed routes of the day: from each place the first candidate to each end that can be taken.

    Candidates stand in the order of their weight, ordinary ones first; a major route also needs the ordinary route
    that leads to it in the table.
    """
    listed, in_table = choices.listed, choices.in_table
    for place in range(law.places):
        listed[place] = -1
    for path in range(len(law.path_end)):
        in_table[path] = 0
    for place in range(law.places):
        for k in range(law.routes_start[place], law.routes_start[place + 1]):
            path = law.routes[k]
            end = law.path_end[path]
            via = law.via[k]
            if choices.usable[path] == 0 or law.marker[place_row, end] == 1 or listed[end] == place:
                continue
            if (via == ORDINARY and choices.units[path] > law.awareness) or (via >= 0 and in_table[via] == 0):
                continue
            in_table[path] = 1
            listed[end] = place


@kernel(inline=True)
def room_left(law: Law, place_row: int, place: int, day: int, persons: int) -> float:
    """m of the law: 1 up to the buffer, falling to 0 where the capacity is reached; 1 without a capacity."""
    if law.capped[place_row, place] == 0:
        return 1.0
    limit = (law.capacity[place] + law.capacity_per_day[place] * (day + 1)) * law.scaling
    if limit < 1.0:
        return 1.0
    held = float(persons)
    if held <= law.buffer * limit:
        return 1.0
    if held >= limit:
        return 0.0
    return float(1.0 - (held - law.buffer * limit) / (limit * (1.0 - law.buffer)))


@kernel()
def update_leave(law: Law, choices: Choices, row: int, day: int, population: Ints) -> None:
    """Chance of the day to leave each place, for people without a route (p of the law)."""
    for place in range(law.places):
        chance = law.chance[row, place]
        if law.flood_chance[row, place] >= 0.0:
            chance = law.flood_chance[row, place]
        else:
            if law.chance_factor != 0.0:
                held = max(population[place], law.capacity[place] + law.capacity_per_day[place] * (day + 1), 0)
                chance = chance * power(float(held) / law.chance_base, law.chance_factor)
            hungry = law.starving[row, place]
            if hungry > 0.0:
                chance = hungry + (1.0 - hungry) * chance
        for view in range(len(choices.leave)):
            choices.leave[view, place] = chance * law.steady[row, view, place] + law.ahead[row, view, place]


@kernel()
def update_room(law: Law, choices: Choices, place_row: int, day: int, here: Ints) -> None:
    """New m of every place from the persons who count; weights of routes that end at a changed place become stale."""
    for place in range(law.places):
        now = room_left(law, place_row, place, day, here[place])
        choices.full[place] = 1 if law.camp[place_row, place] == 1 and now < HALF_ROOM else 0
        if now != choices.room[place]:
            choices.room[place] = now
            for k in range(law.reach_start[place], law.reach_start[place + 1]):
                choices.stale[law.reach[k]] = 1


@kernel()
def note_scores(law: Law, choices: Choices, row: int, before: int) -> None:
    """Weights of routes that end at a place whose score or factor changed become stale."""
    for place in range(law.places):
        changed = law.score[row, place] != law.score[before, place]
        for view in range(law.factor.shape[1]):
            changed = changed or law.factor[row, view, place] != law.factor[before, view, place]
        if changed:
            for k in range(law.reach_start[place], law.reach_start[place + 1]):
                choices.stale[law.reach[k]] = 1


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


@kernel()
def split_over_routes(
    sums: Floats, start: int, count: int, base: int, routes: Ints, keys: NDArray[np.uint64], leaf_path: Ints,
    leaf_count: Ints, stack: Ints, group: int, first: int, visit: int, moved: int, recent: int, since: int,
    persons: int,
    stream: np.uint64, member: int, day_word: int,
) -> int:  # fmt: skip
    """Split persons over the routes from a place: an exact multinomial by halving, one keyed binomial a half; one draw
    for a person who is alone in a half.

    sums[base : base + count + 1]  running weights of routes[start : start + count]
    Returns how many routes got somebody (in leaf_path, leaf_count); 0 where there is no route.
    """
    if count == 0 or sums[base + count] <= 0.0:
        return 0
    stack[0, 0] = 0
    stack[1, 0] = count
    stack[2, 0] = persons
    top = 1
    found = 0
    while top > 0:
        top = top - 1
        low = stack[0, top]
        high = stack[1, top]
        left_over = stack[2, top]
        while high - low > 1:
            middle = (low + high) // 2
            below = sums[base + middle] - sums[base + low]
            all_of_it = sums[base + high] - sums[base + low]
            if below <= 0.0:
                low = middle
                continue
            if below >= all_of_it:
                high = middle
                continue
            cell = draw_cell(keys[routes[start + middle]], STAGE_ROUTE, group, first, visit, moved, recent, since)
            u = uniform_at(stream, member, day_word, cell)
            if left_over == 1:
                low = low + pick_one(u, sums, base + low, high - low)
                break
            taken = count_of(u, left_over, below / all_of_it)
            if taken < left_over:
                if taken == 0:
                    low = middle
                    continue
                stack[0, top] = middle
                stack[1, top] = high
                stack[2, top] = left_over - taken
                top = top + 1
            left_over = taken
            high = middle
        leaf_path[found] = routes[start + low]
        leaf_count[found] = left_over
        found = found + 1
    return found
