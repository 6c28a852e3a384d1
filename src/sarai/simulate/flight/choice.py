"""What a member remembers about choices, and the paths and fixed routes that can be taken today."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.fixed import ORDINARY
from sarai.simulate.flight.arrays import Law
from sarai.simulate.kernel import kernel
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
