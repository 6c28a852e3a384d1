"""Counts of a few people: the same quantile of the binomial law without exponentials, and one choice of one person."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.binomial import binomial
from sarai.simulate.kernel import kernel

BELOW_ONE = 1.0 - 2.0**-52
FEW = 16  # up to here the smallest probability is a product of at most 16 factors


@kernel()
def _few(u: float, n: int, p: float) -> int:
    """Smallest k with P(X <= k) >= u, p at most a half, n at most FEW."""
    stay = 1.0 - p
    term = 1.0
    for _ in range(n):
        term = term * stay
    total = term
    odds = p / stay
    k = 0
    while total < u and k < n:
        k = k + 1
        term = term * (float(n - k + 1) / float(k) * odds)
        total = total + term
    return k


@kernel(inline=True)
def count_of(u: float, n: int, p: float) -> int:
    """Quantile of Binomial(n, p) at u; for more than FEW people that of `sarai.simulate.binomial`."""
    if n > FEW:
        return int(binomial(u, n, p))
    if p <= 0.0 or n <= 0:
        return 0
    if p >= 1.0:
        return int(n)
    if p > 0.5:
        return int(n) - _few(1.0 - u, n, 1.0 - p)
    return _few(u, n, p)


@kernel()
def pick_one(v: float, sums: NDArray[np.float64], base: int, count: int) -> int:
    """Index of the route of one person: the first whose running weight exceeds v of the whole; -1 where there is none.

    v in (0, 1)   sums[base : base + count + 1] running weights
    """
    if count == 0 or sums[base + count] <= sums[base]:
        return -1
    aim = sums[base] + min(v, BELOW_ONE) * (sums[base + count] - sums[base])
    low = 0
    high = count
    while high - low > 1:
        middle = (low + high) // 2
        if sums[base + middle] <= aim:
            low = middle
        else:
            high = middle
    return low
