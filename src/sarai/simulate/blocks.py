"""Draws for a block of members at once: the only place where the returns kernel meets randomness.

Persons are held as float64: whole numbers in mode `draws` (exact up to 2^53), real-valued expectations in mode `mean`.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sarai.simulate.beta import clumped_fraction
from sarai.simulate.binomial import binomial, binomial_fast
from sarai.simulate.philox import uniform_at

MEAN, EXACT, FAST = 0, 1, 2

Lanes = NDArray[np.float64]
Members = NDArray[np.uint64]


@njit(cache=True, error_model="numpy", nogil=True)
def fill_uniforms(u: Lanes, stream: np.uint64, members: Members, word: int, cell: np.uint64) -> None:
    """One uniform a member."""
    for m in range(len(u)):
        u[m] = uniform_at(stream, members[m], word, cell)


@njit(cache=True, error_model="numpy", nogil=True)
def has_persons(n: Lanes) -> bool:
    """True where any member has persons here; empty cells are skipped."""
    total = 0.0
    for m in range(len(n)):
        total += n[m]
    return total > 0.0


@njit(cache=True, error_model="numpy", nogil=True)
def draw_counts(
    out: Lanes, n: Lanes, p: Lanes, u: Lanes, stream: np.uint64, members: Members, word: int, cell: np.uint64, mode: int
) -> None:
    """out = Binomial(n, p) a member, or n p in mode `mean`. `u` is scratch; no two arrays may be the same."""
    if mode == MEAN:
        for m in range(len(out)):
            out[m] = n[m] * p[m]
        return
    fill_uniforms(u, stream, members, word, cell)
    if mode == EXACT:
        for m in range(len(out)):
            out[m] = float(binomial(u[m], int(n[m]), p[m]))
    else:
        for m in range(len(out)):
            out[m] = float(binomial_fast(u[m], int(n[m]), p[m]))


@njit(cache=True, error_model="numpy", nogil=True)
def clump_fractions(
    p: Lanes,
    n: Lanes,
    household_size: Lanes,
    u: Lanes,
    stream: np.uint64,
    members: Members,
    word: int,
    cell: np.uint64,
    mode: int,
) -> None:
    """Replace p by the Beta value of households that leave together; nothing changes in mode `mean`."""
    if mode == MEAN:
        return
    fill_uniforms(u, stream, members, word, cell)
    for m in range(len(p)):
        p[m] = clumped_fraction(u[m], int(n[m]), p[m], household_size[m])
