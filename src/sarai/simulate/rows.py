"""Draws for a whole row of members at once: the form in which kernels draw, vectorised and without scratch memory.

Same numbers as the scalar functions, bit for bit. Each row first holds its uniforms, all inside (0, 1); then each pass
replaces those that it can decide by counts, which are whole numbers; what is left inside (0, 1) is settled one by one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.binomial import FAST_FROM, expand_quantile
from sarai.simulate.expansion_single import SINGLE_FROM, expand_single
from sarai.simulate.kernel import kernel
from sarai.simulate.open_lanes import settle_row
from sarai.simulate.philox import Key, pair_at, uniform_at
from sarai.simulate.single import count_single
from sarai.simulate.small_math import bits_float, floor
from sarai.simulate.stack_row import SINGLES, stack_singles

RARE_BELOW = 0.3  # largest mean of a row of small counts up to which most are nobody, told by `_none_pass`
FOUR_BELOW = 1.6  # the same for sums of four terms; eight above
Numbers = NDArray[np.float64] | NDArray[np.int64]


@kernel()
def are_paired(members: NDArray[np.int64]) -> bool:
    """Whether the ids run m, m + 1, m + 2, ... from an even m, so that one block serves two neighbours."""
    if len(members) == 0 or members[0] % 2 != 0:
        return False
    broken = 0
    for i in range(1, len(members)):
        broken += members[i] - members[i - 1] != 1
    return broken == 0


@kernel()
def uniform_row(out: NDArray[np.float64], members: NDArray[np.int64], stream: Key, day: Key, cell: Key) -> None:
    """Write `uniform_at(stream, member, day, cell)` for each member into `out`, shape (member,).

    members  ids, (member,), or the first one alone, (1,), where the others run on from it (`are_paired`)
    """
    count = len(out)
    run_on = len(members) < count
    paired = count - count % 2 if run_on or are_paired(members) else 0
    for i in range(paired // 2):
        first, second = pair_at(stream, members[0] // 2 + i, day, cell)
        out[2 * i] = first
        out[2 * i + 1] = second
    for i in range(paired, count):
        out[i] = uniform_at(stream, members[0] + i if run_on else members[i], day, cell)


@kernel()
def _sample_kinds(n: Numbers, p: NDArray[np.float64]) -> tuple[int, int, int, float]:
    """Of every 16th lane: how many in all, with n p q from 1.5 to 9, below 1.5, and of these the largest mean.

    The mean is that of the rarer outcome. It only decides which passes are worth their time; the numbers do not depend
    on it.
    """
    large = 0
    medium = 0
    mean = 0.0
    for i in range(0, len(n), 16):
        count = float(n[i])
        variance = count * (p[i] * (1.0 - p[i]))
        large += variance >= FAST_FROM
        medium += (variance >= SINGLE_FROM) & (variance < FAST_FROM)
        rare = count * (1.0 - p[i] if p[i] > 0.5 else p[i])
        rare = rare if variance < SINGLE_FROM else 0.0
        mean = rare if rare > mean else mean
    seen = (len(n) + 15) // 16
    return seen, medium, seen - large - medium, mean


@kernel()
def _believe_pass(out: NDArray[np.float64], n: Numbers, p: NDArray[np.float64]) -> None:
    """The expansion without a check, for rows of fast mode with hardly a member below n p q = 9."""
    for i in range(len(out)):
        k = expand_quantile(out[i], float(n[i]), p[i], False)
        out[i] = k if k >= 0.0 else out[i]


@kernel()
def _single_pass(
    out: NDArray[np.float64], n: Numbers, p: NDArray[np.float64], exact: bool, expand: bool, terms: int
) -> None:
    """The expansion, if `expand`, and sums of 0, 4 or 8 terms, in single precision.

    What is in single precision stands in loops of its own, sixteen members at a time.
    """
    us, vs, ps, qs, ns = stack_singles(), stack_singles(), stack_singles(), stack_singles(), stack_singles()
    delta, near, found = stack_singles(), stack_singles(), stack_singles()
    for low in range(0, len(out), SINGLES):
        past = min(low + SINGLES, len(out))
        u, persons, chance = out[low:past], n[low:past], p[low:past]
        size = past - low
        for i in range(size):
            us[i], vs[i] = np.float32(u[i]), np.float32(1.0 - u[i])
            ps[i], qs[i], ns[i] = np.float32(chance[i]), np.float32(1.0 - chance[i]), np.float32(persons[i])
        if terms == 8:
            for i in range(size):
                found[i] = count_single(us[i], vs[i], ps[i], qs[i], ns[i], 8)
        elif terms == 4:
            for i in range(size):
                found[i] = count_single(us[i], vs[i], ps[i], qs[i], ns[i], 4)
        if not expand:
            for i in range(size):
                k = float(found[i])
                u[i] = k if k >= 0.0 else u[i]
            continue
        if exact:
            for i in range(size):
                delta[i], near[i] = expand_single(us[i], vs[i], ps[i], qs[i], ns[i], False)
        else:
            for i in range(size):
                delta[i], near[i] = expand_single(us[i], vs[i], ps[i], qs[i], ns[i], True)
        for i in range(size):
            whole = float(persons[i])
            x = whole * chance[i] + float(delta[i])
            x = x if x > 0.0 else 0.0
            x = x if x < whole else whole
            below = floor(x)
            error = float(near[i]) + 1e-15 * whole
            u[i] = below if (x - below > error) & (x - below < 1.0 - error) else u[i]
        if terms > 0:
            for i in range(size):
                k = float(found[i])
                u[i] = k if k >= 0.0 else u[i]


@kernel(inline=True)
def _none_pass(out: NDArray[np.float64], n: Numbers, p: NDArray[np.float64]) -> None:
    """Nobody where u lies below 1 - n p <= (1 - p)^n (Bernoulli's inequality), by more than rounding.

    Where p > 1/2 the rarer outcome is staying: everybody where 1 - u lies below 1 - n (1 - p).
    """
    for i in range(len(out)):
        u = out[i]
        count = float(n[i])
        flip = p[i] > 0.5
        rare = count * (1.0 - p[i] if flip else p[i])
        surely = ((1.0 - u if flip else u) < 1.0 - 4e-16 - rare) & (u > 0.0) & (u < 1.0)
        out[i] = (count if flip else 0.0) if surely else u


@kernel()
def quantile_row(out: NDArray[np.float64], n: Numbers, p: NDArray[np.float64], exact: bool) -> None:
    """Replace the uniforms in `out` by binomial counts, shape (member,); n whole, as floats or integers."""
    seen, medium, small, mean = _sample_kinds(n, p)
    terms = 0
    if small * 5 > seen and mean > RARE_BELOW:
        terms = 8 if mean > FOUR_BELOW else 4
    if terms == 0 and medium == 0 and small < seen and not exact:
        _believe_pass(out, n, p)
    elif terms > 0 or small < seen:
        _single_pass(out, n, p, exact, small < seen, terms)
    if small * 5 > seen and terms == 0:
        _none_pass(out, n, p)
    settle_row(out, n, p, exact)


@kernel()
def binomial_row(
    out: NDArray[np.int64],
    n: NDArray[np.int64],
    p: NDArray[np.float64],
    members: NDArray[np.int64],
    stream: Key,
    day: Key,
    cell: Key,
    exact: bool,
) -> None:
    """Binomial counts for a row of members, written into `out`; all arrays (member,) and contiguous.

    n      persons, 0 .. 10^7        p     fraction in [0, 1]      members   ids, 0 .. 2^32 - 1
    exact  True: `binomial`; False: `binomial_fast`. The numbers are those of the scalar functions.
    """
    counts = out.view(np.float64)  # the same memory: no scratch is needed
    uniform_row(counts, members, stream, day, cell)
    quantile_row(counts, n, p, exact)
    for i in range(len(out)):
        counts[i] = bits_float(int(counts[i]))  # under one name: under two the loop is not vectorised
