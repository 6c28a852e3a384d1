"""The expansion of `binomial` in single precision: how far the count lies from the mean, and how far to believe it.

Sixteen lanes of a vector register instead of eight, and quotients and roots in half the time. It is a filter: a floor
is taken only where no integer lies nearer than the error of the expansion and of single precision together, so that it
is the floor of the same formula in double precision, or the exact count.
"""

from __future__ import annotations

import math

import numpy as np

from sarai.simulate.binomial import (
    CENTRAL_BASE,
    CENTRAL_TOP,
    FAST_FROM,
    QUANTILE_ERROR,
    TAIL,
    central_sums,
)
from sarai.simulate.kernel import kernel

SINGLE_FROM = 1.5  # n p q from which a row tries the expansion: its bound holds there too (A190)
SINGLE_ERROR = 3e-6  # bound on what single precision adds, in units of 1 + spread; measured 1.6e-6 (A218)
_NOT_SURE = np.float32(1.0)
_TAIL = np.float32(TAIL)
_FROM = np.float32(SINGLE_FROM)
_NEAR_FROM = (np.float32(FAST_FROM * (1.0 - 1e-5)), np.float32(FAST_FROM * (1.0 + 1e-5)))  # on neither side for certain
_ERROR = np.float32(SINGLE_ERROR)
_CHECKED_ERROR = np.float32(SINGLE_ERROR + QUANTILE_ERROR)
_HALF, _1, _2 = np.float32(0.5), np.float32(1.0), np.float32(2.0)
_TOP = tuple(np.float32(each / 2.0) for each in CENTRAL_TOP)  # over 2: they are multiplied by u - v = 2 (u - 1/2)
_BASE = tuple(np.float32(each) for each in CENTRAL_BASE)
_ODD = tuple(np.float32(each / 72.0) for each in (14.0, 2.0, 2.0, 1.0))
_SIXTH = np.float32(1.0 / 6.0)
_THIRD = tuple(np.float32(each / 1620.0) for each in (3.0, 7.0, 16.0))
_AWAY = tuple(np.float32(each) for each in (0.035, 0.012, 0.01))


@kernel(inline=True)
def expand_single(
    u: np.float32, v: np.float32, p: np.float32, q: np.float32, n: np.float32, fast: bool
) -> tuple[np.float32, np.float32]:
    """Quantile at u minus n p, and how near to it an integer is too near (1: any is).

    u + v = 1, p + q = 1, neither rounded away    fast: believed from n p q = 9 up, as `expand_quantile` does
    """
    product = p * q
    variance = n * product
    spread = np.float32(math.sqrt(variance if variance > _1 else _1))
    top, base = central_sums(u * v, _TOP, _BASE)
    both = _1 / (base * spread)  # one division for two quotients
    z = ((u - v) * top) * (both * spread)
    inverse = both * base
    square = z * z
    inverse2 = inverse * inverse
    odd = z * (spread + inverse * ((product * _ODD[0] - _ODD[1]) - square * (product * _ODD[2] + _ODD[3])))
    even = square * _SIXTH - _SIXTH
    third = even + (product + _2) * inverse2 * ((square * _THIRD[0] + _THIRD[1]) * square - _THIRD[2])
    away = (inverse2 * inverse) * (_AWAY[0] + square * (_AWAY[1] + square * _AWAY[2])) + (
        spread * _CHECKED_ERROR + _ERROR
    )
    known = (variance >= _FROM) & (u > _TAIL) & (v > _TAIL)
    if fast:
        believed = variance >= _NEAR_FROM[1]
        third = even if believed else third
        away = spread * _ERROR + _ERROR if believed else away
        known = known & (believed | (variance <= _NEAR_FROM[0]))
    return (_HALF + odd) + (q - p) * third, (away if known else _NOT_SURE)
