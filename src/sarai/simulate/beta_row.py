"""Beta values of household clumping for a row of members: by the expansion at once, the others `LANES` at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.beta import (
    EXPANSION_FROM,
    FAST_FROM,
    clump_weight,
    expand_beta,
    expand_clumped,
    is_single,
)
from sarai.simulate.beta_lanes import solve_lanes
from sarai.simulate.kernel import kernel
from sarai.simulate.small_math import normal_quantile_pair
from sarai.simulate.stack_row import LANES, stack_row


@kernel()
def settle_clumps(
    p: NDArray[np.float64], n: NDArray[np.float64], household_size: NDArray[np.float64], u: NDArray[np.float64]
) -> None:
    """Replace p, where it is negative, by `settle_clumped` of -p; all arrays (member,)."""
    where, share, a, b, x = stack_row(), stack_row(), stack_row(), stack_row(), stack_row()
    count = 0
    for m in range(len(p)):
        if p[m] < 0.0:
            if (household_size[m] - 1.0) / (n[m] - 1.0) >= 1.0:
                p[m] = 1.0 if u[m] > 1.0 + p[m] else 0.0
                continue
            weight = clump_weight(n[m], household_size[m])
            first = -p[m] * weight
            second = weight - first
            if first >= EXPANSION_FROM and second >= EXPANSION_FROM:
                p[m] = expand_beta(normal_quantile_pair(u[m], 1.0 - u[m]), first, second)
                continue
            where[count], share[count], a[count], b[count] = float(m), u[m], first, second
            count += 1
        if count == LANES:
            solve_lanes(x, share, a, b, count)
            for i in range(count):
                p[int(where[i])] = x[i]
            count = 0
    if count > 0:
        solve_lanes(x, share, a, b, count)
        for i in range(count):
            p[int(where[i])] = x[i]


@kernel()
def any_expands(
    p: NDArray[np.float64], n: NDArray[np.float64], household_size: NDArray[np.float64], smallest: float
) -> bool:
    """Whether the expansion can serve any member of a row: where households are few in all of them it is left out."""
    found = 0
    for m in range(len(p)):
        weight = clump_weight(n[m], household_size[m])
        a = p[m] * weight
        found += (a >= smallest) & (weight - a >= smallest)
    return found > 0


@kernel()
def expand_clumps(
    p: NDArray[np.float64],
    n: NDArray[np.float64],
    household_size: NDArray[np.float64],
    u: NDArray[np.float64],
    smallest: float,
) -> int:
    """Replace p by `expand_clumped` for a row of members; where it is undecided p becomes -p. Returns how many are."""
    undecided = 0
    if not any_expands(p, n, household_size, smallest):
        for m in range(len(p)):
            left = not is_single(n[m], p[m], household_size[m])
            p[m] = -p[m] if left else p[m]
            undecided += left
        return undecided
    for m in range(len(p)):
        value = expand_clumped(u[m], n[m], p[m], household_size[m], smallest)
        p[m] = value if value >= 0.0 else -p[m]
        undecided += value < 0.0
    return undecided


@kernel()
def clump_row(
    p: NDArray[np.float64],
    n: NDArray[np.float64],
    household_size: NDArray[np.float64],
    u: NDArray[np.float64],
    exact: bool,
) -> None:
    """Replace p by `clumped_fraction` (or the fast one) for a row of members; all arrays (member,), n whole.

    u  uniforms with a purpose of their own
    """
    if expand_clumps(p, n, household_size, u, EXPANSION_FROM if exact else FAST_FROM) > 0:
        settle_clumps(p, n, household_size, u)
