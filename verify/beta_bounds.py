"""How far a Beta value lies from the quantile of its law, against an incomplete beta function of 50 digits."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np

DIGITS = 50


def _series(x: Any, a: Any, b: Any) -> Any:
    """I_x(a, b) divided by x^a (1 - x)^b / (a B(a, b)): terms fall from the first where x < a / (a + b)."""
    total = term = mpmath.mpf(1)
    j = 0
    while term > total * mpmath.mpf(10) ** -DIGITS:
        term = term * (a + b + j) / (a + 1 + j) * x
        total += term
        j += 1
    return total


def exact_beta(x: float, a: float, b: float) -> tuple[Any, Any]:
    """I_x(a, b) and 1 - I_x(a, b), each to 40 digits of its own where x lies in its tail."""
    one = mpmath.mpf(1)
    if not 0.0 < x < 1.0:
        return (one * 0, one) if x <= 0.0 else (one, one * 0)
    p, q = mpmath.mpf(x), 1 - mpmath.mpf(x)
    a_, b_ = mpmath.mpf(a), mpmath.mpf(b)
    scale = mpmath.loggamma(a_ + b_) - mpmath.loggamma(a_) - mpmath.loggamma(b_)
    front = mpmath.exp(a_ * mpmath.log(p) + b_ * mpmath.log(q) + scale)
    if p * (a_ + b_) < a_:
        lower = front * _series(p, a_, b_) / a_
        return lower, 1 - lower
    upper = front * _series(q, b_, a_) / b_
    return 1 - upper, upper


def beta_miss(u: float, a: float, b: float, x: float) -> float:
    """How far u lies outside what the doubles on either side of x have as I(a, b): 0 where no double is nearer."""
    with mpmath.workdps(DIGITS + 10):
        share = mpmath.mpf(u)
        low = exact_beta(float(np.nextafter(x, 0.0)), a, b)[0] - share
        high = share - exact_beta(float(np.nextafter(x, 1.0)), a, b)[0]
        return float(max(low, high, 0))
