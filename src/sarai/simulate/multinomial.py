"""Multinomial counts as conditional binomials in stable-id order, one key for each alternative.

Each alternative has its own cell, so its uniform does not depend on how many others there are. A closed alternative
keeps its place with share 0 and draws nothing; an added one stands last (`keys.stable_order`).

What is left of the shares is held as two doubles. In one, the shares that come last would be shares of a rounded rest:
after a share of 1, those of 10^-5 split a rest that is wrong by 10^-11 of itself, and a chain of a hundred of them lay
10^-8 from its law.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.binomial import binomial, binomial_fast
from sarai.simulate.kernel import kernel
from sarai.simulate.philox import Key, uniform_at


@kernel(inline=True)
def add_exactly(high: float, low: float, more: float) -> tuple[float, float]:
    """high + low + more as two doubles; what `high` cannot hold goes to `low` (Knuth's sum of two)."""
    total = high + more
    part = total - high
    return total, low + ((high - (total - part)) + (more - part))


@kernel()
def multinomial_into(
    counts: NDArray[np.int64],
    n: int,
    shares: NDArray[np.float64],
    stream: Key,
    member: Key,
    day: Key,
    cells: NDArray[np.uint64],
    exact: bool,
) -> int:
    """Split n people over alternatives; writes persons into `counts` and returns those left over.

    counts  (alternative,) overwritten    shares  (alternative,) >= 0, need not sum to 1: only proportions matter
    cells   (alternative,) one key each, all arrays in stable order
    exact   exact quantiles, or the fast ones
    returns n where every share is 0, otherwise 0
    """
    rest, below = 0.0, 0.0
    last = -1
    for k in range(len(shares)):
        counts[k] = 0
        if shares[k] > 0.0:
            rest, below = add_exactly(rest, below, shares[k])
            last = k
    left = int(n)
    for k in range(last + 1):
        if left == 0:
            break
        share = shares[k]
        if share <= 0.0:
            continue
        if k == last:
            taken = left
        else:
            fraction = share / (rest + below)
            u = uniform_at(stream, member, day, cells[k])
            taken = binomial(u, left, fraction) if exact else binomial_fast(u, left, fraction)
        counts[k] = taken
        left = left - taken
        rest, below = add_exactly(rest, below, -share)
    return left
