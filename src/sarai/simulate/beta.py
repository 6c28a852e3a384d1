"""Beta values as quantiles of one uniform, and the binomial count that rides on them (household clumping).

Households of mean size s leave together, so departures from a stock of n have variance about s n p q. That is a
beta-binomial count: a Beta value with its own key in the place of p, with intra-class correlation (s - 1) / (n - 1).

Both parameters large: Cornish-Fisher expansion of log(X / (1 - X)), whose cumulants are polygamma differences; no
branch on a random value. Otherwise Newton steps on log I_x(a, b) against log x, which is concave, so that they cannot
run away.
Bounds: docs/explanation/draws.md.
"""

from __future__ import annotations

import math

from sarai.simulate.binomial import TAIL, binomial, binomial_fast, central_ratio
from sarai.simulate.kernel import kernel
from sarai.simulate.small_math import exp, log, log1p, normal_quantile_pair

EXPANSION_FROM = 30.0  # both parameters from which the expansion is used: error of I below 1e-5 (A194)
FAST_FROM = 8.0  # the same in fast mode: error of I below 5e-4 (A194)
UNDECIDED = -1.0
SMALLEST_TERM = 1e-17  # of the sum of a series: smaller ones change no bit of it
CONVERGED = 1e-7  # a Newton step of log x below which the next one would change nothing that counts
LAST_SHARE = 1.0 - 2.0**-40  # above it log I is flat, and rounding would send Newton's steps anywhere (A194)
LAST_NORMAL = 7.047700256664409  # its normal quantile
LOG_HALF = -0.6931471805599453
HALF_LOG_2PI = 0.9189385332046728


@kernel()
def log_gamma(x: float) -> float:
    """log Gamma(x) for x > 0: recurrence up to 16, then Stirling's series."""
    product = 1.0
    y = x
    while y < 16.0:
        product = product * y
        y = y + 1.0
    w = 1.0 / (y * y)
    series = (
        1.0 / 12.0
        - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0 - w * (1.0 / 1188.0 - w * (691.0 / 360360.0)))))
    ) / y
    return (y - 0.5) * log(y) - y + HALF_LOG_2PI + series - log(product)


@kernel()
def log_beta(a: float, b: float) -> float:
    """log B(a, b), a <= b; for large b the difference of its two log-gammas is taken without cancellation."""
    if b < 16.0:
        return log_gamma(a) + log_gamma(b) - log_gamma(a + b)
    c = a + b
    v = 1.0 / (b * b)
    w = 1.0 / (c * c)
    at_b = (1.0 / 12.0 - v * (1.0 / 360.0 - v * (1.0 / 1260.0 - v * (1.0 / 1680.0)))) / b
    at_c = (1.0 / 12.0 - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0)))) / c
    return log_gamma(a) - ((b - 0.5) * log1p(a / b) + a * (log(c) - 1.0) + (at_c - at_b))


@kernel(inline=True)
def expand_beta(z: float, a: float, b: float) -> float:
    """Beta quantile at the normal quantile z, for a, b >= 30 (fast: 8): expansion of the logit to fifth order."""
    i = 1.0 / a
    j = 1.0 / b
    i2 = i * i
    j2 = j * j
    mean = log(a * j) - 0.5 * (i - j) - (i2 - j2) * (1.0 / 12.0) + (i2 * i2 - j2 * j2) * (1.0 / 120.0)
    variance = i + j + 0.5 * (i2 + j2) + (i2 * i + j2 * j) * (1.0 / 6.0) - (i2 * i2 * i + j2 * j2 * j) * (1.0 / 30.0)
    third = -i2 * (1.0 + i + 0.5 * i2) + j2 * (1.0 + j + 0.5 * j2)
    fourth = i2 * i * (2.0 + 3.0 * i + 2.0 * i2) + j2 * j * (2.0 + 3.0 * j + 2.0 * j2)
    fifth = -i2 * i2 * (6.0 + 12.0 * i) + j2 * j2 * (6.0 + 12.0 * j)
    sixth = 24.0 * (i2 * i2 * i + j2 * j2 * j)
    spread = math.sqrt(variance)
    r = 1.0 / variance
    q = z * z
    skew = third * r
    tails = fourth * r
    value = mean + skew * (q - 1.0) * (1.0 / 6.0)
    value = value + r * (
        fifth * r * ((q - 6.0) * q + 3.0) * (1.0 / 120.0)
        - skew * tails * ((q - 5.0) * q + 2.0) * (1.0 / 24.0)
        + skew * skew * skew * ((12.0 * q - 53.0) * q + 17.0) * (1.0 / 324.0)
    )
    odd = 1.0 + r * (tails * (q - 3.0) * (1.0 / 24.0) - skew * skew * (2.0 * q - 5.0) * (1.0 / 36.0))
    odd = odd + r * r * (
        sixth * r * ((q - 10.0) * q + 15.0) * (1.0 / 720.0)
        - tails * tails * ((3.0 * q - 24.0) * q + 29.0) * (1.0 / 384.0)
        - skew * fifth * r * ((2.0 * q - 17.0) * q + 21.0) * (1.0 / 180.0)
        + skew * skew * tails * ((14.0 * q - 103.0) * q + 107.0) * (1.0 / 288.0)
        - skew * skew * skew * skew * ((252.0 * q - 1688.0) * q + 1511.0) * (1.0 / 7776.0)
    )
    return 1.0 / (1.0 + exp(-(value + spread * z * odd)))


@kernel(inline=True)
def is_single(n: float, p: float, household_size: float) -> bool:
    """Whether nothing clumps: p stays as it is."""
    return (n <= 1.0) | (p <= 0.0) | (p >= 1.0) | (household_size <= 1.0)


@kernel(inline=True)
def clump_weight(n: float, household_size: float) -> float:
    """Sum of both parameters of the Beta value."""
    return (n - household_size) / (household_size - 1.0 if household_size > 1.0 else 1.0)


@kernel(inline=True)
def expand_clumped(u: float, n: float, p: float, household_size: float, smallest: float) -> float:
    """The fraction that leaves where both parameters reach `smallest`, p where nothing clumps, else UNDECIDED.

    Branch-free.
    """
    single = is_single(n, p, household_size)
    weight = clump_weight(n, household_size)
    a = p * weight
    b = weight - a
    held = (a >= smallest) & (b >= smallest) & (u > TAIL) & (u < 1.0 - TAIL)
    top, base = central_ratio(u, 1.0 - u)
    value = expand_beta(top / base, a if held else smallest, b if held else smallest)
    return p if single else (value if held else UNDECIDED)


@kernel()
def lower_series(x: float, a: float, b: float) -> float:
    """I_x(a, b) divided by x^a (1 - x)^b / (a B(a, b)): a series of positive terms."""
    total = 1.0
    term = 1.0
    j = 0.0
    while term > SMALLEST_TERM * total and j < 20000.0:
        term = term * ((a + b + j) / (a + 1.0 + j) * x)
        total = total + term
        j = j + 1.0
    return total


@kernel()
def beta_cdf(x: float, a: float, b: float) -> float:
    """Regularised incomplete beta function I_x(a, b), a, b > 0, from the series on the side with the shorter way."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    front = exp(a * log(x) + b * log1p(-x) - (log_beta(a, b) if a < b else log_beta(b, a)))
    if x * (a + b) <= a and x <= 0.5:
        return front * lower_series(x, a, b) / a
    return 1.0 - front * lower_series(1.0 - x, b, a) / b


@kernel()
def _start_beta(z: float, u: float, a: float, b: float, constant: float) -> float:
    """A first guess of log x: Wilson and Hilferty's cube root of a gamma value, or the power law at 0."""
    root = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * math.sqrt(a))
    if a < 0.6 or root < 0.2:
        return (log(u) + log(a) + constant) / a
    gamma = a * root * root * root
    return log(gamma / (gamma + b))


@kernel()
def _solve_beta(u: float, v: float, a: float, b: float) -> float:
    """The x <= 1/2 with I_x(a, b) = u, v = 1 - u: Newton steps of log I against log x."""
    constant = log_beta(a, b) if a < b else log_beta(b, a)
    z = normal_quantile_pair(u, v)
    z, u = (z, u) if u < LAST_SHARE else (LAST_NORMAL, LAST_SHARE)
    target = log(u)
    t = _start_beta(z, u, a, b, constant)
    for _ in range(60):
        t = t if t < LOG_HALF else LOG_HALF
        x = exp(t)
        series = lower_series(x, a, b)
        value = a * t + b * log1p(-x) - constant + log(series / a)
        step = (target - value) * (1.0 - x) * series / a
        t = t + step
        if step < CONVERGED and step > -CONVERGED:
            break
    return exp(t if t < LOG_HALF else LOG_HALF)


@kernel(inline=True)
def is_far(a: float, b: float) -> bool:
    """Whether the value lies below 1/2 for every u that counts."""
    return (b >= 64.0) & (a * 64.0 < b)


@kernel()
def beta_quantile(u: float, a: float, b: float) -> float:
    """The x in [0, 1] with I_x(a, b) = u, for u in (0, 1) and a, b > 0; |I_x(a, b) - u| below 1e-5."""
    v = 1.0 - u
    if a >= EXPANSION_FROM and b >= EXPANSION_FROM:
        return expand_beta(normal_quantile_pair(u, v), a, b)
    below = is_far(a, b) or u <= beta_cdf(0.5, a, b)  # else P(X > 1/2) may count
    return _solve_beta(u, v, a, b) if below else 1.0 - _solve_beta(v, u, b, a)


@kernel()
def settle_clumped(u: float, n: float, p: float, household_size: float) -> float:
    """The fraction that leaves where `expand_clumped` was undecided."""
    together = (household_size - 1.0) / (n - 1.0)
    if together >= 1.0:
        return 1.0 if u > 1.0 - p else 0.0
    weight = (n - household_size) / (household_size - 1.0)
    a = p * weight
    return beta_quantile(u, a, weight - a)


@kernel()
def _clumped(u: float, n: float, p: float, household_size: float, smallest: float) -> float:
    value = expand_clumped(u, n, p, household_size, smallest)
    return value if value >= 0.0 else settle_clumped(u, n, p, household_size)


@kernel()
def clumped_fraction(u: float, n: int, p: float, household_size: float) -> float:
    """The Beta value that takes the place of p when households of this mean size leave together.

    u in (0, 1), with its own key   n persons   p in [0, 1]   household_size >= 1 persons   returns a fraction
    n <= 1, p outside (0, 1) or household_size = 1: p itself. A household as large as the stock leaves whole or stays.
    """
    return _clumped(u, float(n), p, household_size, EXPANSION_FROM)


@kernel()
def clumped_fraction_fast(u: float, n: int, p: float, household_size: float) -> float:
    """As `clumped_fraction`, with the expansion from parameters of 8 up."""
    return _clumped(u, float(n), p, household_size, FAST_FROM)


@kernel()
def beta_binomial(u_fraction: float, u_count: float, n: int, p: float, household_size: float) -> int:
    """Departures of n people who travel in households: beta-binomial, mean n p, variance about size n p (1 - p).

    u_fraction, u_count  two uniforms with different purposes   returns persons
    """
    return binomial(u_count, n, clumped_fraction(u_fraction, n, p, household_size))


@kernel()
def beta_binomial_fast(u_fraction: float, u_count: float, n: int, p: float, household_size: float) -> int:
    """As `beta_binomial`, with the fast Beta value and the fast binomial."""
    return binomial_fast(u_count, n, clumped_fraction_fast(u_fraction, n, p, household_size))
