"""Who leaves home: the people of day 0 in camps, and those who set out each day, by place and group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.binomial import binomial
from sarai.simulate.flight.arrays import STAGE_GROUP, STAGE_POISSON, STAGE_SPAWN, Law, draw_cell
from sarai.simulate.flight.cells import FULL, Cells, pack_who, put
from sarai.simulate.flight.choice import Choices
from sarai.simulate.kernel import kernel
from sarai.simulate.philox import uniform_at
from sarai.simulate.poisson import poisson

Ints = NDArray[np.int64]
MODE_DATA, MODE_CONSTANT, MODE_POISSON, MODE_RATIO = range(4)


@kernel()
def put_groups(law: Law, now: Cells, place: int, persons: int, since: int, visit: int, stream: np.uint64, identity: int,
               day_word: int) -> bool:  # fmt: skip
    """Newcomers at a place, split into groups by the shares of the place."""
    first = 1 if law.on_foot else 0
    left = persons
    rest = 1.0
    last = law.own_start[place + 1] - 1
    for k in range(law.own_start[place], last + 1):
        group = law.own[k]
        share = law.shares[place, group]
        count = left
        if k < last:
            count = 0
            if left > 0:
                cell = draw_cell(law.path_key[place], STAGE_GROUP, group, 0, visit, 0, 0, 0)
                count = binomial(uniform_at(stream, identity, day_word, cell), left, min(share / rest, 1.0))
        if count > 0 and put(now, pack_who(place, group, first, 0, since), 0, count, 0) == FULL:
            return False
        left = left - count
        rest = rest - share
    return True


@kernel()
def place_day0(law: Law, now: Cells, stream: np.uint64, identity: int, day_word: int) -> bool:
    """The people counted in camps on the morning of day 0."""
    for place in range(law.places):
        if law.initial[place] > 0 and not put_groups(
            law, now, place, law.initial[place], 0, 1, stream, identity, day_word
        ):
            return False
    return True


@kernel()
def share_out(law: Law, spawned: Ints, population: Ints, row: int, persons: int, stream: np.uint64, identity: int,
              day_word: int) -> None:  # fmt: skip
    """Split those who leave today over places by population times weight, in the order of the places."""
    total = 0.0
    last = -1
    for place in range(law.places):
        weight = law.spawn[row, place] * population[place]
        if weight > 0.0:
            total = total + weight
            last = place
    left = persons
    for place in range(last + 1):
        weight = law.spawn[row, place] * population[place]
        if weight <= 0.0 or left == 0:
            continue
        count = left
        if place < last:
            cell = draw_cell(law.path_key[place], STAGE_SPAWN, 0, 0, 0, 0, 0, 0)
            count = binomial(uniform_at(stream, identity, day_word, cell), left, min(weight / total, 1.0))
        spawned[place] = count
        left = left - count
        total = total - weight


@kernel()
def set_out_by_rate(law: Law, spawned: Ints, population: Ints, row: int, stream: np.uint64, identity: int,
                    day_word: int) -> None:  # fmt: skip
    """Departures driven by conflict intensity or flood level."""
    for place in range(law.places):
        level = law.spawn[row, place]
        if level <= 0.0:
            continue
        if law.mode == MODE_CONSTANT:
            spawned[place] = np.int64(law.rate * level)
        elif law.mode == MODE_RATIO:
            spawned[place] = np.int64(law.rate * population[place] * level)
        else:
            cell = draw_cell(law.path_key[place], STAGE_POISSON, 0, 0, 0, 0, 0, 0)
            spawned[place] = poisson(uniform_at(stream, identity, day_word, cell), law.rate * level)


@kernel()
def send_out(law: Law, now: Cells, population: Ints, spawned: Ints, choices: Choices, day: int, track: bool,
             stream: np.uint64, identity: int, day_word: int) -> bool:  # fmt: skip
    """The people who leave home today stand at their place, ready to act."""
    row = law.spawn_row[day]
    for place in range(law.places):
        spawned[place] = 0
    if law.mode != MODE_DATA:
        set_out_by_rate(law, spawned, population, row, stream, identity, day_word)
    elif law.leaving[day] > 0:
        share_out(law, spawned, population, row, law.leaving[day], stream, identity, day_word)
    else:
        return True
    since = day + 1 if track else 0
    for place in range(law.places):
        count = spawned[place]
        if count == 0:
            continue
        if law.take:
            count = min(count, population[place])
            spawned[place] = count
            population[place] -= count
            if law.pop_weight:
                for k in range(law.reach_start[place], law.reach_start[place + 1]):
                    choices.stale[law.reach[k]] = 1
        if count > 0 and not put_groups(law, now, place, count, since, 0, stream, identity, day_word):
            return False
    return True
