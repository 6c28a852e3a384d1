"""Small binomial counts in single precision: a cheap answer that knows when it may be wrong.

Sixteen lanes of a vector register instead of eight, and an exponential of twelve operations. Every sum of the pmf is
within `SUM_ERROR` of the true cdf, so a count is given only where no sum lies nearer than that to u; there it is the
count that exact arithmetic gives. The rest, one draw in some thousands, is UNDECIDED.
"""

from __future__ import annotations

import numpy as np

from sarai.simulate.kernel import kernel

UNDECIDED = -1.0
SUM_ERROR = 1e-5  # bound on the error of the sums, measured below 2.5e-6 (A217)
_ERROR = np.float32(SUM_ERROR)
_FARTHEST = np.float32(-1.0)  # with n p q < 3 the exponent stays above -0.53 and the scale below 14; others must not
_LARGEST = np.float32(16.0)  # overflow, though their result is not used
_UNKNOWN = np.float32(UNDECIDED)
_0 = np.float32(0.0)
_NONE = np.float32(-0.0)  # what changes no number when it is added, and so needs no addition where it stands
_1 = np.float32(1.0)
_2 = np.float32(2.0)
_PART = np.float32(-2.0 / 16.0)
_ATANH = tuple(np.float32(1.0 / k) for k in (3, 5, 7, 9, 11, 13))
_EXP = tuple(np.float32(value) for value in (1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040))
_EACH = tuple(np.float32(1.0 / k) for k in range(1, 12))


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
def to_singles(u: float, n: float, p: float) -> tuple[np.float32, np.float32, np.float32, np.float32]:
    """What a sum needs, of the rarer outcome: share, its chance, that of the other, and n."""
    flip = p > 0.5
    small, large = np.float32(1.0 - p if flip else p), np.float32(p if flip else 1.0 - p)
    return np.float32(1.0 - u if flip else u), small, large, np.float32(n)


@kernel(inline=True)
def count_single(share: np.float32, small: np.float32, large: np.float32, count: np.float32, terms: int) -> np.float32:
    """How many of the sums over 0 .. terms - 1 lie below `share`, or -1 where one may lie on either side of it."""
    low, high = share - _ERROR, share + _ERROR
    other = _2 - small
    each = _1 / (large * other)  # one division for two quotients
    odds = small * other * each
    scale = (count + _1) * odds
    scale = scale if scale < _LARGEST else _LARGEST
    term = none_single(count, small * large * each)
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
    if terms > 8:
        for j in range(7, 11):
            term = term * (scale * _EACH[j] - odds)
            total = total + term
            first = total if below else first
            below = total < low
            surely = surely + (_1 if below else _NONE)
    surely = surely if surely < count else count
    return surely if (first >= high) & (total >= low) else _UNKNOWN


@kernel(inline=True)
def sum_single(u: float, n: float, p: float, terms: int) -> float:
    """Binomial quantile for n p (1 - p) < 3 by summing the rarer outcome over 0 .. terms - 1, or UNDECIDED.

    terms  4, 8 or 12    Branch-free.
    """
    share, small, large, count = to_singles(u, n, p)
    k = float(count_single(share, small, large, count, terms))
    return (n - k if p > 0.5 else k) if k >= 0.0 else UNDECIDED
