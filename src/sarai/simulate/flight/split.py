"""The split of a group over routes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.flight.arrays import STAGE_ROUTE, draw_cell
from sarai.simulate.flight.few import count_of, pick_one
from sarai.simulate.kernel import kernel
from sarai.simulate.philox import uniform_at

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


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
