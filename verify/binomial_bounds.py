"""Distance of a drawn law from the exact one: u bisected at every boundary against a 50-digit cdf.

A quantile function draws k for the uniforms in (F(k - 1), F(k)]; the boundary that it really has is found by bisecting
the 2^53 uniforms. Half the sum of |drawn pmf - exact pmf| is the total variation distance; the sum of the gaps at the
boundaries bounds it from above.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
from numba import njit

GRID = 2**53


@dataclass(frozen=True, kw_only=True)
class Distance:
    """Total variation, sum of gaps at all boundaries, the largest gap, and how many boundaries were bisected."""

    total_variation: float
    gap_sum: float
    largest_gap: float
    boundaries: int


@njit
def _bisect(draw: Any, k: int, low: int, high: int, n: int, p: float) -> int:
    """Largest x in [low, high) with draw(x 2^-53) <= k, given that it is so at low and not at high."""
    while high - low > 1:
        middle = low + (high - low) // 2
        if draw(float(middle) * 2.0**-53, n, p) <= k:
            low = middle
        else:
            high = middle
    return low


def exact_cdf(n: int, p: float, first: int, last: int) -> list[Any]:
    """F(first) .. F(last) to 50 digits; the mass below `first` is added by summing down until it no longer counts."""
    with mpmath.workdps(60):
        q = 1 - mpmath.mpf(p)
        odds = mpmath.mpf(p) / q
        start = mpmath.exp(
            mpmath.loggamma(n + 1)
            - mpmath.loggamma(first + 1)
            - mpmath.loggamma(n - first + 1)
            + first * mpmath.log(mpmath.mpf(p))
            + (n - first) * mpmath.log(q)
        )
        below, term, k = mpmath.mpf(0), start, first
        while k > 0 and term > mpmath.mpf(10) ** -25 * start:
            term = term * k / (n - k + 1) / odds
            below += term
            k -= 1
        values, total, term = [], below, start
        for k in range(first, last + 1):
            total += term
            values.append(total)
            term = term * (n - k) / (k + 1) * odds
        return values


def measure_distance(
    draw: Callable[[float, int, float], int], n: int, p: float, shift: float = 0.0, only: int | None = None
) -> Distance:
    """Distance of the law of `draw(u, n, p)` (a numba function) from Binomial(n, p).

    shift  moves the exact p: the planted fault     only  a single boundary, for laws with very many
    """
    spread = math.sqrt(n * p * (1 - p))
    first = max(0, math.floor(n * p - 9 * spread - 12)) if only is None else only
    last = min(n - 1, math.ceil(n * p + 9 * spread + 30)) if only is None else only
    gaps, drawn = [], []
    for k, exact in zip(range(first, last + 1), exact_cdf(n, p + shift, first, last), strict=True):
        low, high = _bracket(draw, k, float(exact), n, p)
        bound = mpmath.mpf(_bisect(draw, k, low, high, n, p)) / GRID
        gaps.append(float(bound - exact))
        drawn.append(bound)
    steps = np.diff(np.array([0.0, *gaps, 0.0]))
    return Distance(
        total_variation=float(np.abs(steps).sum()) / 2,
        gap_sum=float(np.abs(gaps).sum()),
        largest_gap=float(np.abs(gaps).max(initial=0.0)),
        boundaries=len(gaps),
    )


def _bracket(draw: Callable[[float, int, float], int], k: int, exact: float, n: int, p: float) -> tuple[int, int]:
    """Uniforms (as x) below and above the boundary: from the exact one outward in growing steps."""
    middle = min(max(int(exact * GRID), 0), GRID)
    width = 16
    low, high = max(middle - width, 0), min(middle + width, GRID)
    while low > 0 and draw(low / GRID, n, p) > k:
        width *= 16
        low = max(middle - width, 0)
    width = 16
    while high < GRID and draw(high / GRID, n, p) <= k:
        width *= 16
        high = min(middle + width, GRID)
    return low, high
