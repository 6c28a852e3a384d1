"""Draws for a block of members at once: the only place where the returns kernel meets randomness.

Persons are held as float64: whole numbers in mode `draws` (exact up to 2^53), real-valued expectations in mode `mean`.

The three functions that draw are compiled once, as C functions under a symbol of their own, and called by that symbol.
Called as numba functions they would be copied into, and optimised again with, every kernel that draws: first-call
compilation took 50 s that way.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import binding
from numba import carray, cfunc, types  # type: ignore[attr-defined]
from numpy.typing import NDArray

from sarai.simulate.beta import EXPANSION_FROM, FAST_FROM, expand_clumped
from sarai.simulate.beta_row import expand_clumps, settle_clumps
from sarai.simulate.binomial import binomial_fast
from sarai.simulate.kernel import kernel, no_collection
from sarai.simulate.kernel_cache import ENGINE, find_place
from sarai.simulate.kernel_passes import RootCompiler
from sarai.simulate.rows import quantile_row, uniform_row
from sarai.simulate.small_math import floor

MEAN, EXACT, FAST = 0, 1, 2

Lanes = NDArray[np.float64]
Rows = NDArray[np.float64]
Wholes = NDArray[np.int64]

_FLOATS = types.CPointer(types.float64)  # type: ignore[no-untyped-call]
_INTS = types.CPointer(types.int64)  # type: ignore[no-untyped-call]
_KEYS = (types.uint64, types.int64, types.uint64)  # stream, day word, cell
_QUANTILES = types.void(_FLOATS, _FLOATS, _FLOATS, types.int64, types.boolean)
_CLUMPS = types.void(
    _FLOATS, _FLOATS, _FLOATS, _FLOATS, _FLOATS, _FLOATS, _INTS, types.int64, types.int64, *_KEYS, types.boolean
)
_UNIFORMS = types.void(_FLOATS, _INTS, types.int64, types.int64, *_KEYS)


@kernel(nogil=True)
def clump_fast(u: float, n: float, p: float, household_size: float) -> float:
    """The fraction that leaves when households leave together, in fast mode.

    The Beta value by its expansion where 8 households or more are expected to leave and to stay; below that the share
    of households that leave is binomial over n / (s - 1) of them. Mean p and the variance s n p q of the count are
    those of the beta-binomial in both; below 8 the shape is that of whole households instead.
    """
    value = expand_clumped(u, n, p, household_size, FAST_FROM)
    return value if value >= 0.0 else settle_households(u, n, p, household_size)


@kernel(nogil=True)
def settle_households(u: float, n: float, p: float, household_size: float) -> float:
    """The fraction that leaves where fewer than 8 households are expected to leave or to stay, in fast mode."""
    households = math.floor(n / (household_size - 1.0) + 0.5)
    if households < 1.0:
        return 1.0 if u > 1.0 - p else 0.0
    return float(binomial_fast(u, int(households), p)) / households


def external(name: str, signature: Any, function: Any) -> Any:
    """Compile a function once under a symbol, and return what kernels call to reach it."""
    with no_collection():
        kept = find_place(ENGINE) is not None
        compiled = cfunc(signature, cache=kept, pipeline_class=RootCompiler, error_model="numpy")(function)
    binding.add_symbol(name, compiled.address)
    _KEPT.append(compiled)
    return types.ExternalFunction(name, signature)


_KEPT: list[Any] = []  # the compiled functions must live as long as the symbols


def _take_quantiles(u, n, p, size, exact):  # type: ignore[no-untyped-def]
    quantile_row(carray(u, (size,)), carray(n, (size,)), carray(p, (size,)), exact)


def _fill_uniforms(u, members, ids, size, stream, word, cell):  # type: ignore[no-untyped-def]
    uniform_row(carray(u, (size,)), carray(members, (ids,)), stream, word, cell)


_quantiles = external("sarai_take_quantiles", _QUANTILES, _take_quantiles)
_uniforms = external("sarai_fill_uniforms", _UNIFORMS, _fill_uniforms)


@kernel(nogil=True)
def gather_households(u: Lanes, n: Lanes, p: Lanes, household_size: Lanes, households: Lanes, chance: Lanes) -> int:
    """To the front of u, households and chance: members whose p is negative, with their households and -p. How many.

    Where there is less than one household, p becomes 1 or 0 by u instead.
    """
    count = 0
    for m in range(len(p)):
        number = floor(n[m] / (household_size[m] - 1.0) + 0.5)
        open_, share = p[m] < 0.0, u[m]
        u[count], households[count], chance[count] = share, number, -p[m]
        count += open_ & (number >= 1.0)
        p[m] = (1.0 if share > 1.0 + p[m] else 0.0) if open_ & (number < 1.0) else p[m]
    return count


@kernel(nogil=True)
def spread_households(u: Lanes, p: Lanes, households: Lanes) -> None:
    """Where p is negative it becomes the share of households that leave: u of `households`, both at the front."""
    count = 0
    for m in range(len(p)):
        if p[m] < 0.0:
            p[m] = u[count] / households[count]
            count += 1


def _clump_fractions(p, n, household_size, u, households, chance, members, ids, size, stream, word, cell, exact):  # type: ignore[no-untyped-def]
    _uniforms(u, members, ids, size, stream, word, cell)
    uniforms = carray(u, (size,))
    fractions, persons, sizes = carray(p, (size,)), carray(n, (size,)), carray(household_size, (size,))
    if expand_clumps(fractions, persons, sizes, uniforms, EXPANSION_FROM if exact else FAST_FROM) == 0:
        return
    if exact:
        settle_clumps(fractions, persons, sizes, uniforms)
        return
    number, share = carray(households, (size,)), carray(chance, (size,))
    _quantiles(u, households, chance, gather_households(uniforms, persons, fractions, sizes, number, share), False)
    spread_households(uniforms, fractions, number)


_clumps = external("sarai_clump_fractions", _CLUMPS, _clump_fractions)


@kernel(nogil=True)
def has_persons(n: Lanes) -> bool:
    """True where any member has persons here; empty cells are skipped."""
    if len(n) > 0 and n[0] > 0.0:
        return True
    found = 0
    for m in range(len(n)):  # all of them, without a branch: eight at a time
        found += n[m] > 0.0
    return found > 0


@kernel(nogil=True)
def copy_row(to: Lanes, row: Lanes) -> None:
    """to = row, by a loop: numba's slice assignment takes seconds to compile."""
    for m in range(len(to)):
        to[m] = row[m]


@kernel(nogil=True)
def fill_row(to: Lanes, value: float) -> None:
    """to = value."""
    for m in range(len(to)):
        to[m] = value


@kernel(nogil=True)
def allot(
    left: Rows, taken: Rows, total: Lanes, drawn: Lanes, u: Lanes, before: Lanes, done: Lanes, share: Lanes, mode: int
) -> None:
    """Take `drawn` of `total` persons from the rows of `left` in proportion; the rows of `taken` become them.

    left, taken (row, member); total is the sum of `left`. `drawn` has somebody. Whole persons by one uniform: the rows
    up to the k-th together give floor(share x persons in them + u), so that the expectation of each is exact.
    before, done, share: scratch.
    """
    for m in range(len(total)):
        before[m] = 0.0
        done[m] = 0.0
        share[m] = drawn[m] / total[m] if total[m] > 0.0 else 0.0
    for k in range(left.shape[0]):
        if mode != MEAN and not has_persons(left[k]):
            fill_row(taken[k], 0.0)
            continue
        for m in range(len(total)):
            n = left[k, m]
            before[m] += n
            target = share[m] * before[m]
            target = target if mode == MEAN else floor(target + u[m])
            target = before[m] if share[m] == 1.0 else target  # all of them are drawn
            part = target - done[m]
            part = part if part < n else n
            part = part if part > 0.0 else 0.0
            done[m] += part
            left[k, m] = n - part
            taken[k, m] = part


@kernel(nogil=True)
def road_days(length: float, slowness: Lanes, days: Lanes, part: Lanes) -> None:
    """Whole days of a journey of `length` days x slowness, and the part of the last day."""
    for m in range(len(part)):
        journey = length * slowness[m]
        whole = floor(journey)
        days[m] = whole
        part[m] = journey - whole


@kernel(nogil=True)
def put_on_road(
    road: NDArray[np.float64],
    to: int,
    t: int,
    least: int,
    most: int,
    days: Lanes,
    ahead: Lanes,
    behind: Lanes,
) -> None:
    """Persons ahead arrive `days` after day t, those behind a day later. road (slot, place, member).

    least, most  bounds of `days`: one pass over the members for each day between, instead of a scattered write
    """
    for day in range(least, most + 2):
        row = road[(t + day) % road.shape[0], to]  # contiguous: a slice of all slots would not be
        day_before = float(day - 1)
        for m in range(len(days)):
            row[m] += (ahead[m] if days[m] == day else 0.0) + (behind[m] if days[m] == day_before else 0.0)


@kernel(nogil=True)
def fill_uniforms(u: Lanes, members: Wholes, stream: np.uint64, word: int, cell: np.uint64) -> None:
    """One uniform a member."""
    _uniforms(u.ctypes, members.ctypes, len(members), len(u), stream, word, cell)


@kernel(nogil=True)
def draw_counts(
    out: Lanes,
    n: Lanes,
    p: Lanes,
    members: Wholes,
    stream: np.uint64,
    word: int,
    cell: np.uint64,
    mode: int,
) -> None:
    """out = Binomial(n, p) a member, or n p in mode `mean`. `out` is neither n nor p."""
    if mode == MEAN:
        for m in range(len(out)):
            out[m] = n[m] * p[m]
    else:
        _uniforms(out.ctypes, members.ctypes, len(members), len(out), stream, word, cell)
        _quantiles(out.ctypes, n.ctypes, p.ctypes, len(out), mode == EXACT)


@kernel(nogil=True)
def clump_fractions(
    p: Lanes,
    n: Lanes,
    household_size: Lanes,
    u: Lanes,
    households: Lanes,
    chance: Lanes,
    members: Wholes,
    stream: np.uint64,
    word: int,
    cell: np.uint64,
    mode: int,
) -> None:
    """Replace p by the Beta value of households that leave together; nothing changes in mode `mean`.

    u, households, chance: scratch
    """
    if mode != MEAN:
        _clumps(
            p.ctypes, n.ctypes, household_size.ctypes, u.ctypes, households.ctypes, chance.ctypes, members.ctypes,
            len(members), len(p), stream, word, cell, mode == EXACT,
        )  # fmt: skip
