"""Claims: binomial counts follow their law, at sizes and fractions that are new each night."""

from __future__ import annotations

import numpy as np
from scipy import stats

from sarai.simulate.draws import (
    binomial,
    binomial_fast,
    binomial_row,
    cell_key,
    purpose_key,
    stream_key,
)
from verify.binomial_bounds import measure_distance
from verify.chi_square import Counts, chi_square, pooled
from verify.claims import claim
from verify.uniforms import DAY, uniforms

CELLS = 200


def grid(rng: np.random.Generator) -> list[tuple[int, float]]:
    """200 cells (n, p), new ones each night: n from 1 to 10^7, p close to 0, in the middle and close to 1."""
    sizes = np.floor(10 ** rng.uniform(0, 7, CELLS)).astype(int)
    small = 10 ** rng.uniform(-7, -0.3, CELLS)
    middle = rng.uniform(0, 1, CELLS)
    kind = rng.integers(0, 3, CELLS)
    fractions = np.where(kind == 0, small, np.where(kind == 1, middle, 1 - small))
    return [(int(n), float(p)) for n, p in zip(sizes, fractions, strict=True)]


def draw_row(seed: int, purpose: str, cell: str, n: int, p: float, runs: int, exact: bool) -> Counts:
    """`runs` keyed draws of Binomial(n, p)."""
    out = np.empty(runs, np.int64)
    stream = stream_key(seed, purpose_key(purpose))
    members = np.arange(runs)
    binomial_row(out, np.full(runs, n), np.full(runs, p), members, stream, DAY, cell_key(cell), exact)
    return out


def binomial_grid(seed: int, runs: int, planted: bool, exact: bool) -> float:
    """Pooled chi-square over the grid; the planted fault draws one person more in one of 50 draws."""
    parts = []
    for i, (n, p) in enumerate(grid(np.random.default_rng(seed))):
        counts = draw_row(seed, "binomial", str(i), n, p, runs, exact)
        if planted:
            more = uniforms(seed, "fault", np.arange(runs), DAY, str(i)) < 0.02
            counts = np.minimum(counts + more, n)
        parts.append(chi_square(counts, lambda k, n=n, p=p: stats.binom.pmf(k, n, p)))
    return pooled(parts)


@claim(
    states="exact binomial counts follow Binomial(n, p) on 200 (n, p) cells, new ones each night",
    sees="one person more in one draw of 50",
    runs=50_000,
)
def binomial_law(seed: int, runs: int, planted: bool) -> float:
    """Pooled chi-square of exact rows."""
    return binomial_grid(seed, runs, planted, True)


@claim(
    states="fast binomial counts cannot be told from Binomial(n, p) by 5,000 draws a cell",
    sees="one person more in one draw of 50",
    runs=5_000,
)
def binomial_fast_law(seed: int, runs: int, planted: bool) -> float:
    """Pooled chi-square of fast rows; the second look sees 20,000 draws, well below what the stated bound shows."""
    return binomial_grid(seed, runs, planted, False)


@claim(
    states="exact binomial draws lie within 1e-9 of the law in total variation, at (n, p) new each night",
    sees="p wrong by 1e-8 of itself",
    runs=12,
    exact=True,
)
def binomial_distance(seed: int, runs: int, planted: bool) -> float:
    """1 if every visited cell keeps the bound, 0 otherwise."""
    rng = np.random.default_rng(seed)
    for _ in range(runs):
        variance = 10 ** rng.uniform(-1, 4)
        p = 10 ** rng.uniform(-6.5, -0.302)
        n = min(max(1, int(variance / (p * (1 - p)))), 10**7)
        p = 1 - p if rng.uniform() < 0.5 else p
        distance = measure_distance(binomial, n, p, shift=-1e-8 * p * (1 - p) if planted else 0.0)
        if max(distance.total_variation, distance.gap_sum) >= 1e-9:
            return 0.0
    return 1.0


@claim(
    states="the same for p from 1e-12 to 1 - 1e-12, n from 1 to 10^7 and the first and last uniforms there are",
    sees="p wrong by 1e-8 of itself",
    runs=60,
    exact=True,
)
def binomial_ends(seed: int, runs: int, planted: bool) -> float:
    """1 if every visited cell keeps the bound and its ends, 0 otherwise."""
    rng = np.random.default_rng(seed)
    for visit in range(runs):
        n, small = int(10 ** rng.uniform(0, 7)), 10 ** rng.uniform(-12, -0.302)
        if visit == 0:
            n, small = 10**6, 1e-4  # nothing can be seen of p where hardly anybody is drawn
        if n * small > 3_000:  # the grid of `binomial_distance`, and too many boundaries here
            small = 3_000 / n
        p = 1 - small if rng.uniform() < 0.5 else small
        distance = measure_distance(binomial, n, p, shift=-1e-8 * p * (1 - p) if planted else 0.0)
        ends = [binomial(u, n, p) for u in (2.0**-54, 2.0**-53, 1 - 2.0**-52, 1 - 2.0**-53)]
        if distance.gap_sum >= 1e-9 or ends != sorted(ends) or not 0 <= ends[0] <= ends[-1] <= n:
            return 0.0
    return 1.0


@claim(
    states="fast binomial draws lie within 1e-3 of the law in total variation, at (n, p) new each night",
    sees="p wrong by a hundredth of a standard deviation",
    runs=12,
    exact=True,
)
def binomial_fast_distance(seed: int, runs: int, planted: bool) -> float:
    """1 if every visited cell keeps the bound, 0 otherwise."""
    rng = np.random.default_rng(seed)
    for _ in range(runs):
        variance = 10 ** rng.uniform(0.95, 3)
        p = 10 ** rng.uniform(-5, -0.302)
        n = min(max(1, int(variance / (p * (1 - p)))), 10**7)
        p = 1 - p if rng.uniform() < 0.5 else p
        shift = 0.01 * np.sqrt(p * (1 - p) / n) if planted else 0.0
        if measure_distance(binomial_fast, n, p, shift=-float(shift)).total_variation >= 1e-3:
            return 0.0
    return 1.0
