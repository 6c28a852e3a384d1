"""What changes by day and by phase: room in camps, the chance to leave, and which weights must be made anew."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.flight.arrays import Law
from sarai.simulate.flight.choice import HALF_ROOM, Choices, power
from sarai.simulate.kernel import kernel

Ints = NDArray[np.int64]


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
    """Weights of routes that end at a place whose score, factor or being a camp changed become stale."""
    for place in range(law.places):
        changed = law.score[row, place] != law.score[before, place]
        changed = changed or law.camp[row, place] != law.camp[before, place]
        for view in range(law.factor.shape[1]):
            changed = changed or law.factor[row, view, place] != law.factor[before, view, place]
        if changed:
            for k in range(law.reach_start[place], law.reach_start[place + 1]):
                choices.stale[law.reach[k]] = 1
