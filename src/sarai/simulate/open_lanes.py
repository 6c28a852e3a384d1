"""Members of a row that no pass has decided: gathered, and summed side by side in single precision.

One draw in some hundreds stays open, and a row has a few of them far apart. One by one each takes as long as fifty
members of a pass. Gathered they stand in one vector register: the pmf of the rarer outcome is summed from 0 for all at
once until every sum is beyond its share. A count is given only where no sum lies within `WIDE_ERROR` of the share, so
it is the count of `settle`, which takes the rest. Who is open is new in every row, and a branch on it guessed wrong as
often as not: until the few are left that `settle` takes, hardly any step branches on it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.binomial import FAST_FROM, UNDECIDED, expand_quantile, settle
from sarai.simulate.kernel import kernel
from sarai.simulate.open_marks import LOOK, open_marks
from sarai.simulate.single import none_single
from sarai.simulate.small_math import float_bits
from sarai.simulate.stack_row import SINGLES, stack_doubles, stack_places, stack_singles

RARER_BELOW = 11.0  # mean of the rarer outcome up to which sums from 0 serve (A217)
WIDE_ERROR = 1.5e-5  # bound on the error of these sums, measured below 6e-6 (A217)
VECTOR = 16  # lanes of a vector register: a row of open members is filled up to whole ones
MOST_TERMS = 48.0  # so many terms hold all but 1e-7 of every law with a mean below 11
Numbers = NDArray[np.float64] | NDArray[np.int64]
Singles = NDArray[np.float32]
Places = NDArray[np.int64]
Doubles = NDArray[np.float64]
_ERROR = np.float32(WIDE_ERROR)
_0 = np.float32(0.0)
_HALF = np.float32(0.5)
_1 = np.float32(1.0)
_2 = np.float32(2.0)
_UNKNOWN = np.float32(-1.0)


@kernel()
def sum_lanes(share: Singles, small: Singles, large: Singles, count: Singles, size: int) -> None:
    """Replace count by how many sums of the pmf lie below share, or by -1 where one may lie on either side of it."""
    scale, term, total, first, found = (
        stack_singles(),
        stack_singles(),
        stack_singles(),
        stack_singles(),
        stack_singles(),
    )
    for i in range(size):
        other = _2 - small[i]
        each = _1 / (large[i] * other)
        odds = small[i] * other * each
        half = none_single(count[i] * _HALF, small[i] * large[i] * each)  # of half: that exponential serves down to -8
        none = half * half
        large[i] = odds
        scale[i] = (count[i] + _1) * odds
        term[i] = none
        total[i] = none
        first[i] = none
        found[i] = _1 if none < share[i] - _ERROR else _0
    j = 1.0
    going = 1
    while going > 0 and j < MOST_TERMS:
        each1, each2 = np.float32(1.0 / j), np.float32(1.0 / (j + 1.0))
        each3, each4 = np.float32(1.0 / (j + 2.0)), np.float32(1.0 / (j + 3.0))
        j = j + 4.0
        going = 0
        for i in range(size):
            low, scaled, odds = share[i] - _ERROR, scale[i], large[i]
            sum0 = total[i]
            term1 = term[i] * (scaled * each1 - odds)
            sum1 = sum0 + term1
            term2 = term1 * (scaled * each2 - odds)
            sum2 = sum1 + term2
            term3 = term2 * (scaled * each3 - odds)
            sum3 = sum2 + term3
            term4 = term3 * (scaled * each4 - odds)
            sum4 = sum3 + term4
            begun = first[i]
            begun = sum1 if sum0 < low else begun
            begun = sum2 if sum1 < low else begun
            begun = sum3 if sum2 < low else begun
            first[i] = sum4 if sum3 < low else begun
            more = found[i] + (_1 if sum1 < low else _0)
            more = more + (_1 if sum2 < low else _0)
            more = more + (_1 if sum3 < low else _0)
            found[i] = more + (_1 if sum4 < low else _0)
            term[i] = term4
            total[i] = sum4
            going += sum4 < low
    for i in range(size):
        known = (first[i] >= share[i] + _ERROR) & (total[i] >= share[i] - _ERROR)
        k = found[i] if found[i] < count[i] else count[i]
        count[i] = k if known else _UNKNOWN


@kernel()
def sum_open(u: Doubles, n: Doubles, p: Doubles, size: int, exact: bool) -> int:
    """Replace the uniforms in u, (size,), by counts where sums in single precision give one; how many stay open.

    u, n, p  with room for whole vector registers
    """
    share, small, large, count = stack_singles(), stack_singles(), stack_singles(), stack_singles()
    whole = (size + VECTOR - 1) // VECTOR * VECTOR
    for j in range(size, whole):
        u[j], n[j], p[j] = 0.0, 0.0, 0.0
    for j in range(whole):
        chance, other = p[j], 1.0 - p[j]
        flip = chance > 0.5
        rarer = other if flip else chance
        served = (n[j] * rarer < RARER_BELOW) & (exact | (n[j] * (chance * other) < FAST_FROM))
        share[j] = np.float32((1.0 - u[j] if flip else u[j]) if served else 0.0)
        small[j] = np.float32(rarer if served else 0.0)
        large[j] = np.float32((chance if flip else other) if served else 1.0)
        count[j] = np.float32(n[j] if served else -1.0)  # below zero it stays: unknown
    sum_lanes(share, small, large, count, whole)
    left = 0
    for j in range(size):
        k = float(count[j])
        u[j] = (n[j] - k if p[j] > 0.5 else k) if k >= 0.0 else u[j]
        left += k < 0.0
    return left


@kernel()
def settle_open(
    out: NDArray[np.float64], n: Numbers, p: NDArray[np.float64], where: Places, size: int, exact: bool
) -> None:
    """Replace the uniforms at `where`, (size,) indices, by counts."""
    uniform, persons, chance = stack_doubles(), stack_doubles(), stack_doubles()
    for j in range(size):
        i = where[j]
        uniform[j], persons[j], chance[j] = out[i], float(n[i]), p[i]
    left = sum_open(uniform, persons, chance, size, exact)
    for j in range(size):
        out[where[j]] = uniform[j]
    if left == 0:
        return
    for j in range(size):
        u = uniform[j]
        if u - u * u > 0.0:
            k = UNDECIDED
            if not exact and persons[j] * (chance[j] * (1.0 - chance[j])) >= FAST_FROM:
                k = expand_quantile(u, persons[j], chance[j], False)
            out[where[j]] = k if k >= 0.0 else settle(u, persons[j], chance[j])


@kernel()
def settle_row(out: NDArray[np.float64], n: Numbers, p: NDArray[np.float64], exact: bool) -> None:
    """Replace by counts what is still a uniform, 0 < u < 1, in a row of members."""
    where = stack_places()
    waiting = 0
    for first in range(0, len(out), LOOK):
        marks = 0
        if first + LOOK <= len(out):
            marks = open_marks(out, first)
        else:
            for i in range(first, len(out)):
                marks |= (out[i] - out[i] * out[i] > 0.0) << (i - first)
        for _ in range(2):  # without a branch: hardly ever are more than two open
            lowest = marks & -marks
            where[waiting] = first + ((float_bits(float(lowest)) >> 52) - 1023)
            waiting += lowest != 0
            marks ^= lowest
        while marks != 0:
            lowest = marks & -marks
            where[waiting] = first + ((float_bits(float(lowest)) >> 52) - 1023)
            waiting += 1
            marks ^= lowest
        if waiting > SINGLES - LOOK:
            settle_open(out, n, p, where, waiting, exact)
            waiting = 0
    if waiting > 0:
        settle_open(out, n, p, where, waiting, exact)
