"""Claims: drawn counts follow their laws, uniforms are uniform and independent across keys, blocks change no bit."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import stats

from sarai.simulate.beta import EXPANSION_FROM
from sarai.simulate.draws import (
    beta_binomial,
    beta_quantile,
    binomial_row,
    cell_key,
    multinomial_into,
    poisson,
    purpose_key,
    stream_key,
)
from verify.beta_bounds import beta_miss
from verify.chi_square import chi_square, pooled
from verify.claims import claim
from verify.multinomial_bounds import chain_distance
from verify.uniforms import DAY, uniforms


@claim(
    states="Beta values solve the incomplete beta function: to 1e-5 by the expansion, to 1e-12 by Newton's steps",
    sees="a parameter wrong by 1e-4 of itself",
    runs=24,
    exact=True,
)
def beta_distance(seed: int, runs: int, planted: bool) -> float:
    """1 if every visited cell keeps the bound, 0 otherwise: parameters from 1e-3 to 1e5, u up to its ends."""
    rng = np.random.default_rng(seed)
    for visit in range(runs):
        a, b = (float(10 ** rng.uniform(-3, 5)) for _ in range(2))
        tail = float(10 ** rng.uniform(-16, -3))
        u = (float(rng.uniform()), tail, 1.0 - tail, float(rng.choice([2.0**-54, 1.0 - 2.0**-53])))[visit % 4]
        if visit == 0:
            a, b, u = 12.0, 3.0, 0.4
        x = beta_quantile(u, a * 1.0001 if planted else a, b)
        if not beta_miss(u, a, b, x) < (1e-5 if min(a, b) >= EXPANSION_FROM else 1e-12):
            return 0.0
    return 1.0


@claim(
    states="the chain of a multinomial of 10^7 people and up to 1,000 alternatives lies within 1e-9 of its law",
    sees="every other share wrong by 1e-9 of itself",
    runs=6,
    exact=True,
)
def multinomial_distance(seed: int, runs: int, planted: bool) -> float:
    """1 if every visited chain keeps the bound, 0 otherwise. Some shares are closed, some small beyond all others."""
    rng = np.random.default_rng(seed)
    for _ in range(runs):
        count = int(10 ** rng.uniform(0.5, 3.0))
        shares = rng.gamma(0.5, size=count) * 10.0 ** -rng.uniform(0, 9, count) * (rng.uniform(size=count) < 0.8)
        shares = [1.0, *shares.tolist(), 0.3 * 10.0 ** -rng.uniform(0, 9)]
        law = [share * (1.0 + 1e-9 * (place % 2)) for place, share in enumerate(shares)] if planted else None
        if chain_distance(10**7, shares, bisected=0, law=law) >= 1e-9:
            return 0.0
        few = chain_distance(10**5, shares[:3] + shares[-1:], bisected=3)
        if few >= 1e-9:
            return 0.0
    return 1.0


@claim(
    states="multinomial counts have the right marginal and pair laws, closed alternatives included",
    sees="shares wrong by 2 in 100",
    runs=20_000,
)
def multinomial_law(seed: int, runs: int, planted: bool) -> float:
    """For 60 share vectors, the sum of a random half of the alternatives is binomial."""
    rng = np.random.default_rng(seed)
    stream = stream_key(seed, purpose_key("multinomial"))
    parts = []
    for i in range(60):
        size = int(rng.integers(2, 9))
        shares = rng.gamma(0.7, size=size) * (rng.uniform(size=size) < 0.8)
        half = rng.uniform(size=size) < 0.5
        if shares.sum() == 0 or half.all() or not half.any():
            continue
        n = int(10 ** rng.uniform(0.5, 4))
        keys = np.array([cell_key("choice", str(i), str(k)) for k in range(size)])
        used = shares * np.where(half, 1.02, 1.0) if planted else shares
        counts = _split_many(n, used, keys, stream, runs, half)
        fraction = float(min(shares[half].sum() / shares.sum(), 1.0))
        parts.append(chi_square(counts, lambda k, n=n, f=fraction: stats.binom.pmf(k, n, f)))
    return pooled(parts)


@njit
def _split_many(n, shares, keys, stream, runs, half):  # type: ignore[no-untyped-def]
    sums = np.empty(runs, np.int64)
    counts = np.empty(len(shares), np.int64)
    for member in range(runs):
        left = multinomial_into(counts, n, shares, stream, member, DAY, keys, True)
        if left != 0 or counts.sum() != n:
            raise AssertionError("a multinomial did not conserve its people")
        sums[member] = 0
        for k in range(len(shares)):
            if counts[k] != 0 and shares[k] == 0.0:
                raise AssertionError("people went to a closed alternative")
            sums[member] += counts[k] if half[k] else 0
    return sums


@claim(
    states="departures of households are beta-binomial: mean n p, variance about size n p q, and the whole law",
    sees="household ties stronger by 8 in 100",
    runs=20_000,
)
def beta_binomial_law(seed: int, runs: int, planted: bool) -> float:
    """Pooled chi-square over 40 cells."""
    rng = np.random.default_rng(seed)
    parts = []
    for i in range(40):
        n = int(10 ** rng.uniform(1.2, 4.5))
        p = float(10 ** rng.uniform(-2.5, -0.1))
        size = float(rng.uniform(1.5, 9.0))
        together = (size - 1) / (n - 1)
        a, b = p * (1 - together) / together, (1 - p) * (1 - together) / together
        first = uniforms(seed, "fraction", np.arange(runs), DAY, str(i))
        second = uniforms(seed, "count", np.arange(runs), DAY, str(i))
        used = 1 + (size - 1) * 1.08 if planted else size
        counts = np.array([beta_binomial(u, v, n, p, used) for u, v in zip(first, second, strict=True)])
        parts.append(chi_square(counts, lambda k, n=n, a=a, b=b: stats.betabinom.pmf(k, n, a, b)))
    return pooled(parts)


@claim(states="Poisson counts follow their law for means from 0.01 to 10^6", sees="a mean wrong by 1 %", runs=20_000)
def poisson_law(seed: int, runs: int, planted: bool) -> float:
    """Pooled chi-square over 60 means."""
    rng = np.random.default_rng(seed)
    parts = []
    for i in range(60):
        mean = float(10 ** rng.uniform(-2, 6))
        u = uniforms(seed, "poisson", np.arange(runs), DAY, str(i))
        counts = np.array([poisson(x, mean * 1.01 if planted else mean) for x in u])
        parts.append(chi_square(counts, lambda k, m=mean: stats.poisson.pmf(k, m)))
    return pooled(parts)


def pair_statistic(first: NDArray[np.float64], second: NDArray[np.float64]) -> tuple[float, int]:
    """Chi-square of pairs of uniforms over 16 x 16 cells."""
    index = np.floor(first * 16).astype(int) * 16 + np.floor(second * 16).astype(int)
    seen = np.bincount(index, minlength=256)
    expected = len(first) / 256
    return float(((seen - expected) ** 2).sum() / expected), 255


@claim(
    states="uniforms are uniform and independent across neighbouring members, days, cells, purposes and seeds",
    sees="a uniform that is shared by two keys once in 50",
    runs=200_000,
)
def keys_independent(seed: int, runs: int, planted: bool) -> float:
    """Pairs of uniforms whose keys differ in one word, by the least and the most that is usual."""
    members = np.arange(runs)
    base = uniforms(seed, "a", members, DAY, "x")
    others = [
        uniforms(seed, "a", members + 1, DAY, "x"),
        uniforms(seed, "a", members + 2, DAY, "x"),
        uniforms(seed, "a", members + runs, DAY, "x"),
        uniforms(seed, "a", members, DAY + 1, "x"),
        uniforms(seed, "a", members, DAY + 1024, "x"),
        uniforms(seed, "a", members, DAY, "y"),
        uniforms(seed, "b", members, DAY, "x"),
        uniforms(seed + 1, "a", members, DAY, "x"),
    ]
    if planted:
        others[3] = np.where(np.arange(runs) % 50 == 0, base, others[3])
    digits = np.floor(np.modf(base * 2.0**37)[0] * 256).astype(int)  # bits 38 to 45: the low word counts too
    low = float(((np.bincount(digits, minlength=256) - runs / 256) ** 2).sum() / (runs / 256))
    return pooled([*(pair_statistic(base, other) for other in others), (low, 255)])


@claim(
    states="a row of draws has the same bits whole, in blocks of any size, in any order of members",
    sees="one uniform of one member taken from its neighbour",
    runs=40,
    exact=True,
)
def blocks_identical(seed: int, runs: int, planted: bool) -> float:
    """1 if every cut of every row gives the same counts, 0 otherwise."""
    rng = np.random.default_rng(seed)
    stream = stream_key(seed, purpose_key("blocks"))
    for _ in range(runs):
        size = int(rng.integers(2, 900))
        members = np.arange(size) + int(rng.integers(0, 1000))
        n = np.floor(10 ** rng.uniform(0, 6, size)).astype(np.int64)
        p = 10 ** rng.uniform(-5, 0, size)
        exact = bool(rng.integers(0, 2))
        whole, cut = np.empty(size, np.int64), np.empty(size, np.int64)
        binomial_row(whole, n, p, members, stream, DAY, cell_key("row"), exact)
        order = rng.permutation(size) if rng.uniform() < 0.5 else np.arange(size)
        edges = [0, *sorted(rng.integers(0, size + 1, 5).tolist()), size]
        for low, high in pairwise(edges):
            lanes = order[low:high]
            block = np.empty(len(lanes), np.int64)
            ids = members[lanes] + (np.arange(len(lanes)) == 0) if planted else members[lanes]
            binomial_row(block, n[lanes], p[lanes], ids, stream, DAY, cell_key("row"), exact)
            cut[lanes] = block
        if not np.array_equal(whole, cut):
            return 0.0
    return 1.0
