"""Binomial counts as monotone quantiles of one uniform: exact, and fast with a stated bound.

Two steps, the cheap one first; it either knows the answer or says UNDECIDED.
  1. `expand_quantile` (n p q >= 3): the Cornish-Fisher expansion of the lattice law with a cheap normal quantile is a
     real number whose floor is the count. Exact mode believes it only farther from an integer than its own error.
     It has no branch on a random value, so that loops over members vectorise.
  2. `settle`: below n p q = 9 the pmf summed from 0; above it an accurate normal quantile and the next order of the
     expansion; where that is too near to call, the exact tail (`binomial_tail`).
Rows of members take other steps first (`rows`). A step answers only where it is sure, so that all ways give the one
number that `settle` gives. Bounds and how they were measured: docs/explanation/draws.md.
"""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np

from sarai.simulate.binomial_tail import binomial_reaches, product_exact
from sarai.simulate.kernel import kernel
from sarai.simulate.small_math import atanh_rest, exp, floor, normal_quantile_pair

F = TypeVar("F", float, np.float32)
UNDECIDED = -1.0
LN2 = 0.6931471805599453
EXPANSION_FROM = 3.0  # n p q from which a draw alone tries the expansion (A190)
FAST_FROM = 9.0  # n p q from which fast mode believes it (A191)
SMALL_TAIL, SUM_ROUNDING = 0.01, 4e-15  # beyond a share of 0.99 a sum this near to it is settled by the tail (A217)
INVERSION_BELOW = 9.0  # n p q below which an undecided draw sums the pmf from 0 (A190)
TAIL = 5e-4  # the cheap normal quantile serves TAIL < u < 1 - TAIL (A192)
QUANTILE_ERROR = 4e-6  # bound on its absolute error, measured 2.7e-6 (A192)
CENTRAL_TOP = (
    1.733489026474e-11, 9.911928931094e-08, 7.424687509324e-05, 0.01091551883781, 0.336604677718, 1.893833425445,
    0.9659438466086,
)  # fmt: skip
CENTRAL_BASE = (
    2.165218037678e-12, 1.486682498534e-08, 1.314131321298e-05, 0.00234593491595, 0.09399121326359, 0.7962462967513,
)  # fmt: skip
TRUSTED_FROM = 1e8  # n p q from which the last expansion is believed: its error is below 1e-9 persons there (A193)


@kernel(inline=True)
def central_sums(y: F, c: tuple[F, ...], d: tuple[F, ...]) -> tuple[F, F]:
    """Polynomials of degree 6 in y, in the precision of its arguments; the last coefficient of the second is 1."""
    y2 = y * y
    y4 = y2 * y2
    top = (c[0] + y * c[1]) + y2 * (c[2] + y * c[3])
    base = (d[0] + y * d[1]) + y2 * (d[2] + y * d[3])
    return top + y4 * ((c[4] + y * c[5]) + y2 * c[6]), base + y4 * ((d[4] + y * d[5]) + y2)


@kernel(inline=True)
def central_ratio(u: float, v: float) -> tuple[float, float]:
    """Numerator and denominator of the standard normal quantile, within 4e-6 for TAIL <= u <= 1 - TAIL; v = 1 - u.

    Rational of degree 6 in u v, fitted by iteratively reweighted least squares towards the minimax error.
    """
    top, base = central_sums(u * v, CENTRAL_TOP, CENTRAL_BASE)
    return (u - 0.5) * top, base


@kernel(inline=True)
def skewed_terms(z: float, spread: float, inverse: float, product: float, skew: float) -> float:
    """Quantile minus mean to order 1/spread: Cornish-Fisher with the cumulants of the lattice law.

    spread = sqrt(n p q), inverse = 1 / spread, product = p q, skew = q - p. At p = 0 this is the Poisson expansion.
    Derivation: docs/explanation/draws.md.
    """
    square = z * z
    second = z * (product * (14.0 - 2.0 * square) - (square + 2.0)) * (1.0 / 72.0)
    return 0.5 + spread * z + skew * (square - 1.0) * (1.0 / 6.0) + inverse * second


@kernel(inline=True)
def third_term(z: float, inverse: float, product: float, skew: float) -> float:
    """The term of order 1/variance."""
    square = z * z
    shape = ((3.0 * square + 7.0) * square - 16.0) * (1.0 / 1620.0)
    return skew * (product + 2.0) * shape * (inverse * inverse)


@kernel(inline=True)
def expansion_error(z: float, inverse: float) -> float:
    """Bound on the error of `skewed_terms` + `third_term` for n p q >= 1.5 and |z| <= 3.3 (A190)."""
    square = z * z
    return inverse * inverse * inverse * (0.035 + square * (0.012 + square * 0.01))


@kernel(inline=True)
def expand_quantile(u: float, n: float, p: float, checked: bool) -> float:
    """Binomial quantile by the expansion, or UNDECIDED; n whole and p in [0, 1] as doubles. Branch-free.

    checked  where n p q >= 3 and no integer is nearer than the error; else believed where n p q >= 9, with a term less
    """
    v = 1.0 - u
    q = 1.0 - p
    product = p * q
    variance = n * product
    spread = math.sqrt(variance if variance > 1.0 else 1.0)
    top, base = central_ratio(u, v)
    inverse = 1.0 / spread
    z = top / base
    x = n * p + skewed_terms(z, spread, inverse, product, q - p)
    if checked:
        x = x + third_term(z, inverse, product, q - p)
    x = x if x > 0.0 else 0.0
    x = x if x < n else n
    below = floor(x)
    sure = variance >= FAST_FROM
    if checked:
        away = x - below
        error = expansion_error(z, inverse) + QUANTILE_ERROR * spread + 1e-15 * n
        sure = (away > error) & (away < 1.0 - error) & (variance >= EXPANSION_FROM)
    return below if sure & (u > TAIL) & (v > TAIL) else UNDECIDED


@kernel(inline=True)
def none_of(n: float, small: float) -> float:
    """(1 - small)^n for 0 <= small <= 1/2 and n small < 700, branch-free.

    1 - small lies in [1/2, 1], so its logarithm needs no bit of the exponent: log(1 + f) with f = -small, or
    f = 1 - 2 small after taking out one ln 2; both are exact. Then exp by the same series as `small_math.exp`.
    """
    far = small > 0.2928932188134524
    f = 1.0 - 2.0 * small if far else -small
    s = f / (2.0 + f)
    w = s * s
    rest = atanh_rest(w)
    half_square = 0.5 * f * f
    value = f - (half_square - s * (half_square + rest))
    return exp(n * (value - LN2 if far else value))


@kernel()
def invert_binomial(
    share: float, rest: float, strict: bool, n: float, small: float, large: float
) -> tuple[float, bool]:
    """Smallest k with P(X <= k) >= share (strict: > share) by summing the pmf from 0, for means up to about 20.

    Also whether the exact tail should have the last word: near 1 the sums are rounded to more than the tail is worth.
    """
    odds = small / large
    term = none_of(n, small)
    total = term
    k = 0.0
    mean = n * small
    while (total < share or (strict and total == share)) and k < n:
        k = k + 1.0
        term = term * ((n - k + 1.0) / k * odds)
        total = total + term
        if term < 1e-18 and k > mean:
            break
    near = total - share < SUM_ROUNDING or share - (total - term) < SUM_ROUNDING
    return k, near and rest < SMALL_TAIL


@kernel()
def refine_binomial(share: float, rest: float, n: float, small: float, large: float) -> tuple[float, bool]:
    """Smallest k with P(X <= k) >= share for n p q >= 9 by one order more, and whether that is too near to call.

    share, rest   u and 1 - u of the rarer outcome, neither rounded away
    """
    product = small * large
    spread = math.sqrt(n * product)
    inverse = 1.0 / spread
    z = normal_quantile_pair(share, rest)
    high, low = product_exact(n, small)
    base = float(int(high))
    x = (high - base) + (low + skewed_terms(z, spread, inverse, product, large - small))
    x = x + (third_term(z, inverse, product, large - small) + fourth_term(z, inverse, product))
    error = refined_error(z, spread, inverse)
    near = float(math.floor(x + 0.5))
    if (x - near > error or near - x > error) or spread * spread >= TRUSTED_FROM:
        k = base + float(math.floor(x))
        k = k if k > 0.0 else 0.0
        return (k if k < n else n), False
    return base + near - 1.0, True


@kernel(inline=True)
def refined_error(z: float, spread: float, inverse: float) -> float:
    """Bound on the error of the expansion with its fourth term, for n p q >= 9, rounding included (A193)."""
    size = z if z > 0.0 else -z
    sixth = size * size * size * size * size * size
    return (0.1 + 0.004 * sixth) * inverse * inverse * inverse * inverse + 4e-15 * (spread * (size + 1.0) + 1.0)


@kernel(inline=True)
def fourth_term(z: float, inverse: float, product: float) -> float:
    """The term of order variance^(-3/2) of the expansion."""
    square = z * z
    inner = product * (1612.0 + 1024.0 * product) - 548.0 + square * (product * (468.0 + 36.0 * product) - 207.0)
    outer = 2684.0 - product * (5416.0 + 1732.0 * product)
    return z * (outer + square * inner) * (1.0 / 155520.0) * inverse * inverse * inverse


@kernel()
def walk_binomial(start: float, share: float, rest: float, strict: bool, n: float, small: float, large: float) -> float:
    """Smallest k with P(X <= k) >= share, walking from a guess by the exact tail."""
    k = start if start > 0.0 else 0.0
    k = k if k < n else n
    if binomial_reaches(k, share, rest, strict, n, small, large):
        while k > 0.0 and binomial_reaches(k - 1.0, share, rest, strict, n, small, large):
            k = k - 1.0
        return k
    k = k + 1.0
    while not binomial_reaches(k, share, rest, strict, n, small, large):
        k = k + 1.0
    return k


@kernel()
def settle(u: float, n: float, p: float) -> float:
    """The exact quantile where the cheap steps were undecided; 0 < p < 1."""
    flip = p > 0.5
    small = 1.0 - p if flip else p
    large = p if flip else 1.0 - p
    share = 1.0 - u if flip else u
    rest = u if flip else 1.0 - u
    if n * small * large < INVERSION_BELOW:
        k, near = invert_binomial(share, rest, flip, n, small, large)
    else:
        k, near = refine_binomial(share, rest, n, small, large)
    if near:
        k = walk_binomial(k, share, rest, flip, n, small, large)
    return n - k if flip else k


@kernel(inline=True)
def quantile(u: float, n: int, p: float, exact: bool) -> int:
    """`binomial` or `binomial_fast`: the cheapest step that is allowed, then `settle`."""
    if n <= 0 or p <= 0.0 or u <= 0.0:
        return 0
    if p >= 1.0 or u >= 1.0:
        return int(n)
    count = float(n)
    k, variance = UNDECIDED, count * (p * (1.0 - p))
    if exact or variance < FAST_FROM:
        if variance >= EXPANSION_FROM:
            k = expand_quantile(u, count, p, True)
    else:
        k = expand_quantile(u, count, p, False)
    return int(k if k >= 0.0 else settle(u, count, p))


@kernel()
def binomial(u: float, n: int, p: float) -> int:
    """Exact quantile of Binomial(n, p) at u: the smallest k with P(X <= k) >= u.

    u in (0, 1)   n persons, 0 .. 10^7 (beyond, up to 2^53: docs/explanation/draws.md)   p in [0, 1]   returns persons
    Non-decreasing in u, n and p. Total variation distance to the exact law below 1e-9.
    """
    return quantile(u, n, p, True)


@kernel()
def binomial_fast(u: float, n: int, p: float) -> int:
    """As `binomial`, but where n p (1 - p) >= 9 the expansion is believed without a check.

    Total variation distance to the exact law: docs/explanation/draws.md states the bound, tests hold it.
    """
    return quantile(u, n, p, False)
