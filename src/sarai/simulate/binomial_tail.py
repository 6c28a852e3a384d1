"""Is F(k) >= u? The slow exact answer for Binomial(n, p), from the saddle-point pmf and a sum of ratios.

pmf after Loader 2000, "Fast and accurate computation of binomial probabilities": Stirling remainders and deviances,
so that nothing of the size of log n! ever cancels (`lgamma` loses digits at n = 10^7). The mean n p is held as the
exact sum of two doubles, so that k - n p is right to the last bit.
The tail beyond k is pmf times a sum of positive, falling ratios.
"""

from __future__ import annotations

import math

from sarai.simulate.kernel import kernel
from sarai.simulate.small_math import exp, log, log1p

_SPLITTER = 134217729.0  # 2^27 + 1
_TWO_PI = 6.283185307179586
# log(k!) minus Stirling's formula log(sqrt(2 pi k) (k/e)^k), k = 0 (unused) .. 15, to 17 digits
_STIRLING_SMALL = (
    0.0,
    0.08106146679532726,
    0.0413406959554093,
    0.027677925684998338,
    0.020790672103765093,
    0.016644691189821193,
    0.013876128823070748,
    0.01189670994589177,
    0.010411265261972096,
    0.009255462182712733,
    0.00833056343336287,
    0.007573675487951841,
    0.00694284010720953,
    0.006408994188004207,
    0.0059513701127588475,
    0.005554733551962801,
)


@kernel(inline=True)
def product_exact(a: float, b: float) -> tuple[float, float]:
    """a * b as the exact sum of two doubles (Dekker 1971); no fused multiply-add needed."""
    high = a * b
    t = _SPLITTER * a
    a1 = t - (t - a)
    a2 = a - a1
    t = _SPLITTER * b
    b1 = t - (t - b)
    b2 = b - b1
    return high, ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2


@kernel()
def stirling_remainder(k: float) -> float:
    """log(k!) minus Stirling's formula, for k >= 1."""
    if k < 16.0:
        return _STIRLING_SMALL[int(k)]
    w = 1.0 / (k * k)
    return (
        1.0 / 12.0
        - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0 - w * (1.0 / 1188.0 - w * (691.0 / 360360.0)))))
    ) / k


@kernel()
def deviance_part(mean: float, away: float) -> float:
    """x log(x / mean) + mean - x with x = mean + away > 0, from `away` so that nothing cancels."""
    x = mean + away
    v = away / (mean + x)
    if v < 0.1 and v > -0.1:
        total = away * v
        power = 2.0 * x * v
        square = v * v
        j = 3.0
        while j < 60.0:
            power = power * square
            grown = total + power / j
            if grown == total:
                break
            total = grown
            j = j + 2.0
        return total
    return x * log1p(away / mean) - away


@kernel()
def binomial_pmf(k: float, n: float, small: float, large: float) -> float:
    """P(X = k), X ~ Binomial(n, small), k and n whole, with small + large = 1 and 0 < small <= 1/2.

    Relative error below 1e-14 wherever the pmf exceeds 1e-20 and n <= 10^7.
    """
    if k < 0.0 or k > n:
        return 0.0
    if k == 0.0:
        return exp(n * log1p(-small))
    if k == n:
        return exp(n * log(small))
    high, low = product_exact(n, small)
    away = (k - high) - low
    exponent = (stirling_remainder(n) - stirling_remainder(k)) - stirling_remainder(n - k)
    exponent = exponent - deviance_part(high, away) - deviance_part(n * large, -away)
    return exp(exponent) * math.sqrt(n / (_TWO_PI * k * (n - k)))


@kernel()
def tail_ratio(first: float, second: float, odds: float) -> float:
    """1 + t1 + t1 t2 + ... with t(i) = (first - i + 1) / (second + i) * odds: a tail divided by its largest term."""
    total = 1.0
    term = 1.0
    i = 1.0
    while first >= i:
        term = term * ((first - i + 1.0) / (second + i) * odds)
        total = total + term
        if term < 1e-18 * total:
            break
        i = i + 1.0
    return total


@kernel()
def binomial_reaches(k: float, share: float, rest: float, strict: bool, n: float, small: float, large: float) -> bool:
    """Whether P(X <= k) >= share (strict: > share), rest = 1 - share; in the nearer tail, so neither loses digits."""
    if k < 0.0:
        return False
    if k >= n:
        return True
    if k <= n * small:
        lower = binomial_pmf(k, n, small, large) * tail_ratio(k, n - k, large / small)
        return lower > share or (lower == share and not strict)
    upper = binomial_pmf(k + 1.0, n, small, large) * tail_ratio(n - k - 1.0, k + 1.0, small / large)
    return upper < rest or (upper == rest and not strict)
