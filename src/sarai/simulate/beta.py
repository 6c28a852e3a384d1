"""Beta values as quantiles of one uniform, and the binomial count that rides on them (household clumping).

Households of mean size s leave together, so departures from a stock of n have variance about s n p q. That is a
beta-binomial count: a Beta value with its own key in the place of p, with intra-class correlation (s - 1) / (n - 1).
"""

from __future__ import annotations

from numba import njit

from sarai.simulate.binomial import binomial, binomial_fast
from sarai.simulate.small_math import exp, log, log1p

_HALF_LOG_2PI = 0.9189385332046728


@njit(cache=True, error_model="numpy")
def log_gamma(x: float) -> float:
    """log Gamma(x) for x > 0: recurrence up to 16, then Stirling's series."""
    shift = 0.0
    y = x
    while y < 16.0:
        shift = shift + log(y)
        y = y + 1.0
    w = 1.0 / (y * y)
    series = (
        1.0 / 12.0
        - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0 - w * (1.0 / 1188.0 - w * (691.0 / 360360.0)))))
    ) / y
    return (y - 0.5) * log(y) - y + _HALF_LOG_2PI + series - shift


@njit(cache=True, error_model="numpy")
def _beta_fraction(x: float, a: float, b: float) -> float:
    """Continued fraction of the incomplete beta function (Lentz), for x below (a + 1) / (a + b + 2)."""
    c = 1.0
    d = 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / d
    value = d
    for m in range(1, 100000):
        k = float(m)
        even = k * (b - k) * x / ((a + 2.0 * k - 1.0) * (a + 2.0 * k))
        d = 1.0 / (1.0 + even * d)
        c = 1.0 + even / c
        value = value * d * c
        odd = -(a + k) * (a + b + k) * x / ((a + 2.0 * k) * (a + 2.0 * k + 1.0))
        d = 1.0 / (1.0 + odd * d)
        c = 1.0 + odd / c
        step = d * c
        value = value * step
        if step > 1.0 - 1e-15 and step < 1.0 + 1e-15:
            break
    return value


@njit(cache=True, error_model="numpy")
def beta_cdf(x: float, a: float, b: float) -> float:
    """Regularised incomplete beta function I_x(a, b)."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _beta_fraction(x, a, b) / a
    return 1.0 - front * _beta_fraction(1.0 - x, b, a) / b


@njit(cache=True, error_model="numpy")
def beta_quantile(u: float, a: float, b: float) -> float:
    """The x in [0, 1] with I_x(a, b) = u, for a, b > 0."""
    low = 0.0
    high = 1.0
    x = a / (a + b)
    for _ in range(80):
        if beta_cdf(x, a, b) < u:
            low = x
        else:
            high = x
        x = 0.5 * (low + high)
    return x


@njit(cache=True, error_model="numpy")
def clumped_fraction(u: float, n: int, p: float, household_size: float) -> float:
    """The Beta value that takes the place of p when households of this mean size leave together.

    u in (0, 1), with its own key   n persons   p in [0, 1]   household_size >= 1 persons   returns a fraction
    n <= 1, p outside (0, 1) or household_size = 1: p itself.
    """
    if n <= 1 or p <= 0.0 or p >= 1.0 or household_size <= 1.0:
        return p
    together = (household_size - 1.0) / (float(n) - 1.0)
    if together >= 1.0:
        return 1.0 if u > 1.0 - p else 0.0
    weight = (1.0 - together) / together
    return beta_quantile(u, p * weight, (1.0 - p) * weight)


@njit(cache=True, error_model="numpy")
def beta_binomial(u_fraction: float, u_count: float, n: int, p: float, household_size: float) -> int:
    """Departures of n people who travel in households: beta-binomial, mean n p, variance about size n p (1 - p).

    u_fraction, u_count  two uniforms with different purposes   returns persons
    """
    return binomial(u_count, n, clumped_fraction(u_fraction, n, p, household_size))


@njit(cache=True, error_model="numpy")
def beta_binomial_fast(u_fraction: float, u_count: float, n: int, p: float, household_size: float) -> int:
    """As `beta_binomial`, with the fast binomial."""
    return int(binomial_fast(u_count, n, clumped_fraction(u_fraction, n, p, household_size)))
