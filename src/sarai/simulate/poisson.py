"""Poisson counts as exact monotone quantiles of one uniform."""

from __future__ import annotations

import math

from sarai.simulate.binomial import fourth_term, refined_error, skewed_terms, third_term
from sarai.simulate.binomial_tail import deviance_part, stirling_remainder
from sarai.simulate.kernel import kernel
from sarai.simulate.small_math import exp, normal_quantile_pair

_TWO_PI = 6.283185307179586


@kernel()
def poisson_pmf(k: int, mean: float) -> float:
    """P(X = k), X ~ Poisson(mean)."""
    if k < 0:
        return 0.0
    if k == 0:
        return exp(-mean)
    x = float(k)
    return exp(-stirling_remainder(x) - deviance_part(mean, x - mean)) / math.sqrt(_TWO_PI * x)


@kernel()
def poisson_reaches(k: int, u: float, v: float, mean: float) -> bool:
    """Whether P(X <= k) >= u, with v = 1 - u; decided in the nearer tail."""
    if k < 0:
        return False
    x = float(k)
    total = 1.0
    term = 1.0
    if x <= mean:
        i = x
        while i > 0.0 and term > 1e-18 * total:
            term = term * (i / mean)
            total = total + term
            i = i - 1.0
        return poisson_pmf(k, mean) * total >= u
    i = x + 2.0
    while term > 1e-18 * total:
        term = term * (mean / i)
        total = total + term
        i = i + 1.0
    return poisson_pmf(k + 1, mean) * total <= v


@kernel()
def walk_poisson(start: int, u: float, v: float, mean: float) -> int:
    """Smallest k with P(X <= k) >= u, walking from a guess by the exact tail."""
    k = start if start > 0 else 0
    if poisson_reaches(k, u, v, mean):
        while k > 0 and poisson_reaches(k - 1, u, v, mean):
            k = k - 1
        return k
    k = k + 1
    while not poisson_reaches(k, u, v, mean):
        k = k + 1
    return k


@kernel()
def poisson(u: float, mean: float) -> int:
    """Exact quantile of Poisson(mean) at u: the smallest k with P(X <= k) >= u. mean >= 0, up to 10^7.

    The expansion is the binomial one at p = 0; where an integer lies within its error the exact tail decides.
    """
    if mean <= 0.0 or u <= 0.0:
        return 0
    u = u if u < 1.0 else 1.0 - 2.0**-53
    if mean < 9.0:
        term = exp(-mean)
        total = term
        k = 0.0
        while total < u:
            k = k + 1.0
            term = term * mean / k
            total = total + term
            if term < 1e-18 and k > mean:
                break
        return int(k)
    v = 1.0 - u
    z = normal_quantile_pair(u, v)
    spread = math.sqrt(mean)
    inverse = 1.0 / spread
    x = mean + skewed_terms(z, spread, inverse, 0.0, 1.0)
    x = x + (third_term(z, inverse, 0.0, 1.0) + fourth_term(z, inverse, 0.0))
    x = x if x > 0.0 else 0.0
    below = int(x)
    away = x - float(below)
    error = refined_error(z, spread, inverse) + 4e-16 * mean
    if away > error and away < 1.0 - error:
        return below
    return walk_poisson(below, u, v, mean)
