"""Claim: a row of members draws the counts that each member draws alone, at whatever n and p, beside boundaries too.

A row takes steps that a draw alone does not take, each of which answers only where it is sure. Random uniforms hardly
ever come near to where one would be sure and wrong, so half of them are set beside a boundary of the law that the draw
alone has, found by bisection, at distances from 10^-16 to 10^-2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.draws import binomial, binomial_fast
from sarai.simulate.kernel import kernel
from sarai.simulate.rows import quantile_row
from verify.claims import claim

Floats = NDArray[np.float64]
GRID = 2**53


@kernel(inline=True)
def draw(u: float, n: float, p: float, exact: bool) -> float:
    """One draw alone."""
    return float(binomial(u, int(n), p)) if exact else float(binomial_fast(u, int(n), p))


@kernel()
def draw_each(counts: Floats, u: Floats, n: Floats, p: Floats, exact: bool) -> None:
    """Every member alone."""
    for i in range(len(u)):
        counts[i] = draw(u[i], n[i], p[i], exact)


@kernel()
def move_to_boundary(u: Floats, n: Floats, p: Floats, exact: bool) -> None:
    """Replace each uniform by the last one that draws the same count."""
    for i in range(len(u)):
        low, high = int(u[i] * GRID), GRID - 1
        count = draw(u[i], n[i], p[i], exact)
        while high - low > 1:
            middle = low + (high - low) // 2
            if draw(float(middle) / GRID, n[i], p[i], exact) <= count:
                low = middle
            else:
                high = middle
        u[i] = float(low) / GRID


def make_row(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """n and p of the members of a row: of one kind, or of many kinds side by side, and on both sides of 1/2."""
    size, wide = int(rng.integers(20, 900)), rng.uniform() < 0.3
    variance = 10 ** (
        rng.uniform(-1.5, 5.0, size) if wide else rng.uniform(-1.5, 5.0) + 0.2 * rng.standard_normal(size)
    )
    low = 10 ** (rng.uniform(-7.0, -0.302, size) if wide else rng.uniform(-7.0, -0.302))
    n = np.floor(np.minimum(variance / (low * (1.0 - low)), 1e7)) + 1.0
    p = np.full(size, low)
    return n, np.where(rng.uniform(size=size) < 0.5, 1.0 - p, p) if wide or rng.uniform() < 0.3 else p


@claim(
    states="a row of members draws what each draws alone, also next to a boundary, at (n, p) new each night",
    sees="p of a row wrong by 1e-8 of itself",
    runs=300_000,
    exact=True,
)
def as_alone(seed: int, runs: int, planted: bool) -> float:
    """1 if so many members in rows of both modes all agree, 0 otherwise."""
    rng = np.random.default_rng(seed)
    while runs > 0:
        n, p = make_row(rng)
        size, exact = len(n), bool(rng.integers(2))
        u = rng.uniform(2.0**-53, 1.0 - 2.0**-53, size)
        near = slice(0, size, 2)
        beside = u[near].copy()
        move_to_boundary(beside, n[near].copy(), p[near].copy(), exact)
        beside += rng.choice([-1.0, 1.0], len(beside)) * 10 ** rng.uniform(-16.0, -2.0, len(beside))
        u[near] = np.clip(beside, 2.0**-53, 1.0 - 2.0**-53)
        alone, row = np.empty(size), u.copy()
        draw_each(alone, u, n, p, exact)
        quantile_row(row, n, p * (1.0 - 1e-8) if planted else p, exact)
        if not np.array_equal(row, alone):
            return 0.0
        runs -= size
    return 1.0
