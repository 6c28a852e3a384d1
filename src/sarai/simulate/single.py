"""Small binomial counts in single precision: a cheap answer that knows when it may be wrong.

Sixteen lanes of a vector register instead of eight, and an exponential of twelve operations. Every sum of the pmf is
within `SUM_ERROR` of the true cdf, so a count is given only where no sum lies nearer than that to u; there it is the
count that exact arithmetic gives. The rest, one draw in some thousands, is UNDECIDED.
"""

from __future__ import annotations

import numpy as np

from sarai.simulate.binomial import EXPANSION_FROM, UNDECIDED
from sarai.simulate.kernel import kernel

SUM_ERROR = 1e-5  # bound on the error of the sums, measured below 2.5e-6 (A217)
_ERROR = np.float32(SUM_ERROR)
_FARTHEST = np.float32(-1.0)  # with n p q < 3 the exponent stays above -0.53 and the scale below 14; others must not
_LARGEST = np.float32(16.0)  # overflow, though their result is not used
_UNKNOWN = np.float32(UNDECIDED)
_BELOW = np.float32(EXPANSION_FROM)
_COUNTED = np.float32(2.0**24)  # whole numbers below this are themselves
_0 = np.float32(0.0)
_NONE = np.float32(-0.0)  # what changes no number when it is added, and so needs no addition where it stands
_1 = np.float32(1.0)
_2 = np.float32(2.0)
_PART = np.float32(-2.0 / 16.0)
_ATANH = tuple(np.float32(1.0 / k) for k in (3, 5, 7, 9, 11, 13))
_EXP = tuple(np.float32(value) for value in (1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040))
_EACH = tuple(np.float32(1.0 / k) for k in range(1, 8))


@kernel(inline=True)
def none_single(n: np.float32, s: np.float32) -> np.float32:
    """(1 - small)^n for 0 <= small <= 1/2, s = small / (2 - small): log by 2 atanh(s), exp by a 16th and squarings."""
    w = s * s
    w2 = w * w
    series = w * ((_ATANH[0] + w * _ATANH[1]) + w2 * ((_ATANH[2] + w * _ATANH[3]) + w2 * (_ATANH[4] + w * _ATANH[5])))
    t = n * (s * _PART)
    t = t + t * series
    t = t if t > _FARTHEST else _FARTHEST
    t2 = t * t
    low = (_1 + t) + t2 * (_EXP[0] + t * _EXP[1])
    value = low + (t2 * t2) * ((_EXP[2] + t * _EXP[3]) + t2 * (_EXP[4] + t * _EXP[5]))
    value = value * value
    value = value * value
    value = value * value
    return value * value


@kernel(inline=True)
def count_single(u: np.float32, v: np.float32, p: np.float32, q: np.float32, n: np.float32, terms: int) -> np.float32:
    """Binomial quantile at u where n p q < 3, from the sums over 0 .. terms - 1, or -1 where one may be on either side.

    u + v = 1, p + q = 1, neither rounded away. Where p > 1/2 the rarer outcome is staying.
    """
    flip = p > q
    share, small, large = v if flip else u, q if flip else p, p if flip else q
    low, high = share - _ERROR, share + _ERROR
    other = _2 - small
    each = _1 / (large * other)  # one division for two quotients
    odds = small * other * each
    scale = (n + _1) * odds
    scale = scale if scale < _LARGEST else _LARGEST
    term = none_single(n, small * large * each)
    total = term
    first = total  # the first sum that is not surely below u; where it may be below, the count is not known
    below = total < low
    surely = _1 if below else _0
    for j in range(3):
        term = term * (scale * _EACH[j] - odds)
        total = total + term
        first = total if below else first
        below = total < low
        surely = surely + (_1 if below else _NONE)
    if terms > 4:
        for j in range(3, 7):
            term = term * (scale * _EACH[j] - odds)
            total = total + term
            first = total if below else first
            below = total < low
            surely = surely + (_1 if below else _NONE)
    surely = surely if surely < n else n
    known = (first >= high) & (total >= low) & (n * (p * q) < _BELOW) & (n < _COUNTED)
    return (n - surely if flip else surely) if known else _UNKNOWN


@kernel(inline=True)
def sum_single(u: float, n: float, p: float, terms: int) -> float:
    """Binomial quantile for n p (1 - p) < 3 by summing the rarer outcome over 0 .. terms - 1, or UNDECIDED.

    terms  4 or 8    Branch-free.
    """
    chance, other = np.float32(p), np.float32(1.0 - p)
    return float(count_single(np.float32(u), np.float32(1.0 - u), chance, other, np.float32(n), terms))
