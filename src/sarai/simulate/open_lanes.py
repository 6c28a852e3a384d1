"""Members of a row that no pass has decided: gathered, and summed side by side in single precision.

One draw in some hundreds stays open, and a row has a few of them far apart. One by one each takes as long as fifty
members of a pass. Gathered they stand in one vector register: the pmf of the rarer outcome is summed from 0 for all at
once until every sum is beyond its share. A count is given only where no sum lies within `WIDE_ERROR` of the share, so
it is the count of `settle`, which takes the rest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.binomial import FAST_FROM, UNDECIDED, expand_quantile, settle
from sarai.simulate.kernel import kernel
from sarai.simulate.single import none_single
from sarai.simulate.small_math import float_bits
from sarai.simulate.stack_row import SINGLES, stack_places, stack_singles

LOOK = 32  # members among which one that is still open is looked for together
RARER_BELOW = 11.0  # mean of the rarer outcome up to which sums from 0 serve (A217)
WIDE_ERROR = 1.5e-5  # bound on the error of these sums, measured below 6e-6 (A217)
VECTOR = 16  # lanes of a vector register: a row of open members is filled up to whole ones
MOST_TERMS = 48.0  # so many terms hold all but 1e-7 of every law with a mean below 11
Numbers = NDArray[np.float64] | NDArray[np.int64]
Singles = NDArray[np.float32]
Places = NDArray[np.int64]
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
        for _ in range(4):
            inverse = np.float32(1.0 / j)
            for i in range(size):
                low = share[i] - _ERROR
                below = total[i] < low
                next_term = term[i] * (scale[i] * inverse - large[i])
                grown = total[i] + next_term
                term[i] = next_term
                first[i] = grown if below else first[i]
                found[i] = found[i] + (_1 if grown < low else _0)
                total[i] = grown
            j = j + 1.0
        going = 0
        for i in range(size):
            going += total[i] < share[i] - _ERROR
    for i in range(size):
        known = (first[i] >= share[i] + _ERROR) & (total[i] >= share[i] - _ERROR)
        k = found[i] if found[i] < count[i] else count[i]
        count[i] = k if known else _UNKNOWN


@kernel()
def sum_open(
    out: NDArray[np.float64], n: Numbers, p: NDArray[np.float64], where: Places, size: int, exact: bool
) -> None:
    """Replace the uniforms at `where`, (size,) indices, by counts where sums in single precision give one."""
    share, small, large, count, chosen = (
        stack_singles(), stack_singles(), stack_singles(), stack_singles(), stack_places(),
    )  # fmt: skip
    few = 0
    for j in range(size):
        i = where[j]
        persons, flip = float(n[i]), p[i] > 0.5
        rarer, other = (1.0 - p[i] if flip else p[i]), (p[i] if flip else 1.0 - p[i])
        if persons * rarer < RARER_BELOW and (exact or persons * (p[i] * (1.0 - p[i])) < FAST_FROM):
            share[few] = np.float32(1.0 - out[i] if flip else out[i])
            small[few], large[few], count[few] = np.float32(rarer), np.float32(other), np.float32(persons)
            chosen[few] = i
            few += 1
    whole = (few + VECTOR - 1) // VECTOR * VECTOR
    for j in range(few, whole):
        share[j], small[j], large[j], count[j] = _0, _0, _1, _0
    sum_lanes(share, small, large, count, whole)
    for j in range(few):
        i, k = chosen[j], float(count[j])
        if k >= 0.0:
            out[i] = float(n[i]) - k if p[i] > 0.5 else k


@kernel()
def settle_open(
    out: NDArray[np.float64], n: Numbers, p: NDArray[np.float64], where: Places, size: int, exact: bool
) -> None:
    """Replace the uniforms at `where`, (size,) indices, by counts."""
    sum_open(out, n, p, where, size, exact)
    for j in range(size):
        i = where[j]
        u, persons = out[i], float(n[i])
        if u - u * u > 0.0:
            k = UNDECIDED
            if not exact and persons * (p[i] * (1.0 - p[i])) >= FAST_FROM:
                k = expand_quantile(u, persons, p[i], False)
            out[i] = k if k >= 0.0 else settle(u, persons, p[i])


@kernel()
def settle_row(out: NDArray[np.float64], n: Numbers, p: NDArray[np.float64], exact: bool) -> None:
    """Replace by counts what is still a uniform, 0 < u < 1, in a row of members."""
    where = stack_places()
    waiting = 0
    for first in range(0, len(out), LOOK):
        part = out[first : min(first + LOOK, len(out))]
        marks = 0
        for i in range(len(part)):
            marks |= (part[i] - part[i] * part[i] > 0.0) << i  # 0 < u < 1 as one comparison
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
