"""Binomial counts as monotone quantiles of one uniform: exact, and fast with a stated bound.

Small variance: summing the pmf from 0 until it reaches u (inversion). Otherwise the Cornish-Fisher expansion of the
lattice law gives a real number whose floor is the quantile, except where it lies within its own error of an integer;
there the exact tail decides (`binomial_tail`).
"""

from __future__ import annotations

import math

from numba import njit

from sarai.simulate.binomial_tail import settle_binomial
from sarai.simulate.small_math import exp, log1p, normal_quantile_pair

_INVERSION_BELOW = 9.0


@njit(cache=True, error_model="numpy")
def invert_binomial(u: float, n: int, small: float, large: float) -> int:
    """Smallest k with P(X <= k) >= u by summing from 0; for means up to about 20."""
    count = float(n)
    odds = small / large
    term = exp(count * log1p(-small))
    total = term
    k = 0.0
    while total < u and k < count:
        k = k + 1.0
        term = term * ((count - k + 1.0) / k * odds)
        total = total + term
        if term < 1e-18 and k > count * small:
            break
    return int(k)


@njit(cache=True, error_model="numpy", forceinline=True)
def expand_binomial(z: float, n: int, small: float, large: float) -> float:
    """Real quantile whose floor is the binomial quantile, to order 1/variance (Cornish-Fisher, lattice-corrected)."""
    count = float(n)
    variance = count * small * large
    skew = large - small
    third = variance * skew
    fourth = variance * (1.0 - 6.0 * small * large) + 1.0 / 120.0
    spread = math.sqrt(variance - 1.0 / 12.0)
    w = 1.0 / (variance - 1.0 / 12.0)
    square = z * z
    first = third * w * (square - 1.0) / 6.0
    second = z * w * (fourth * (square - 3.0) / 24.0 - third * third * w * (2.0 * square - 5.0) / 36.0) / spread
    return count * small + 0.5 + spread * z + first + second


@njit(cache=True, error_model="numpy")
def _lower_half(u: float, v: float, n: int, small: float, large: float) -> int:
    variance = float(n) * small * large
    if variance < _INVERSION_BELOW:
        return invert_binomial(u, n, small, large)
    guess = expand_binomial(normal_quantile_pair(u, v), n, small, large)
    start = int(min(max(guess, 0.0), float(n)))
    return settle_binomial(start, u, v, n, small, large)


@njit(cache=True, error_model="numpy")
def binomial(u: float, n: int, p: float) -> int:
    """Exact quantile of Binomial(n, p) at u: the smallest k with P(X <= k) >= u.

    u in (0, 1)   n persons, 0 .. 10^7 (larger: see docs/explanation/draws.md)   p in [0, 1]   returns persons
    """
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return int(n)
    if p > 0.5:
        return int(n) - _lower_half(1.0 - u, u, n, 1.0 - p, p)
    return _lower_half(u, 1.0 - u, n, p, 1.0 - p)


@njit(cache=True, error_model="numpy")
def binomial_fast(u: float, n: int, p: float) -> int:
    """Quantile of Binomial(n, p) at u, skew-corrected normal where n p (1 - p) >= 9, exact inversion below."""
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return int(n)
    small = 1.0 - p if p > 0.5 else p
    large = p if p > 0.5 else 1.0 - p
    a = 1.0 - u if p > 0.5 else u
    b = u if p > 0.5 else 1.0 - u
    if float(n) * small * large < _INVERSION_BELOW:
        k = invert_binomial(a, n, small, large)
    else:
        guess = expand_binomial(normal_quantile_pair(a, b), n, small, large)
        k = int(min(max(guess, 0.0), float(n)))
    return int(n) - k if p > 0.5 else k
