"""Multinomial counts as conditional binomials in stable-id order, one key for each alternative.

Each alternative has its own cell, so its uniform does not depend on how many others there are. A closed alternative
keeps its place with share 0 and draws nothing; an added one stands last (`keys.stable_order`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.binomial import binomial, binomial_fast
from sarai.simulate.kernel import kernel
from sarai.simulate.philox import Key, uniform_at


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
    total = 0.0
    last = -1
    for k in range(len(shares)):
        counts[k] = 0
        if shares[k] > 0.0:
            total = total + shares[k]
            last = k
    left = int(n)
    rest = total
    for k in range(last + 1):
        if left == 0:
            break
        share = shares[k]
        if share <= 0.0:
            continue
        if k == last:
            taken = left
        else:
            fraction = share / rest
            u = uniform_at(stream, member, day, cells[k])
            taken = binomial(u, left, fraction) if exact else binomial_fast(u, left, fraction)
        counts[k] = taken
        left = left - taken
        rest = rest - share
    return left
