"""Exact binomial quantiles against a 50-digit cdf, fast ones against their stated bound; edges and order."""

import math
from fractions import Fraction

import numpy as np
import pytest
from numba import njit
from verify.binomial_bounds import measure_distance

from sarai.simulate import binomial as room
from sarai.simulate.binomial import binomial, binomial_fast
from sarai.simulate.plain import plain
from sarai.simulate.small_math import normal_quantile

# small and large n p q, both sides of 1/2, around every switch (n p q = 3 and 9, mean 12, p = 1/2), up to n = 10^7
GRID = [
    (1, 0.5), (1, 1e-9), (2, 0.75), (5, 0.5), (12, 0.5), (13, 0.5), (13, 0.49), (30, 0.05), (30, 0.95), (36, 0.5),
    (37, 0.51), (90, 0.1), (100, 0.0309), (100, 0.031), (101, 0.9), (400, 0.0228), (400, 0.0232), (1000, 0.37),
    (4_000, 0.9991), (20_000, 0.5), (10**5, 3e-5), (10**6, 8.9e-6), (10**6, 9.1e-6), (10**7, 1e-7), (10**7, 3e-6),
    (10**7, 1 - 4e-5), (10**7, 1e-4),
]  # fmt: skip


@pytest.mark.parametrize(("n", "p"), GRID)
def test_exact_within_1e_9_of_the_law(n, p):
    """u is bisected at every boundary: the sum of all gaps to the exact cdf, and so total variation, is below 1e-9."""
    distance = measure_distance(binomial, n, p)
    assert distance.gap_sum < 1e-9
    assert distance.total_variation < 1e-9


def test_exact_where_the_largest_sizes_meet():
    """n = 10^7 at its widest: boundaries drawn from 9 standard deviations keep gaps whose sum is below 1e-9."""
    n, p = 10**7, 0.3
    spread = math.sqrt(n * p * (1 - p))
    rng = np.random.default_rng(1)
    for k in rng.integers(int(n * p - 4.5 * spread), int(n * p + 4.5 * spread), 6):
        distance = measure_distance(binomial, n, p, only=int(k))
        assert distance.largest_gap < 1e-9 / (9 * spread)


@pytest.mark.parametrize(
    ("n", "p"), [(36, 0.5), (90, 0.1112), (400, 0.9), (10**4, 1e-3), (10**7, 9.01e-7), (10**5, 0.4)]
)
def test_fast_within_its_stated_bound(n, p):
    """Fast mode keeps 1e-3 in total variation from n p q = 9 up, and below that it is the exact mode."""
    assert measure_distance(binomial_fast, n, p).total_variation < 1e-3


def test_fast_is_exact_below_nine():
    """Below n p q = 9 fast and exact draws are the same numbers."""
    rng = np.random.default_rng(2)
    for _ in range(4000):
        n = int(10 ** rng.uniform(0, 6))
        p = min(1.0, rng.uniform(0, 9) / n)
        if n * p * (1 - p) < 8.99:
            u = rng.uniform()
            assert binomial_fast(u, n, p) == binomial(u, n, p)


@njit
def one_less(u, n, p):
    """A quantile that forgets one person."""
    k = binomial(u, n, p)
    return k - 1 if k > 0 else k


def test_planted_faults_are_seen_by_the_distance():
    """The measure itself can fail: one person too few at each draw, or p off by 1e-8 of itself, is far beyond 1e-9."""
    assert measure_distance(binomial, 1000, 0.2, shift=-2e-9).gap_sum > 1e-9
    assert measure_distance(one_less, 1000, 0.2).total_variation > 1e-3


def test_small_laws_to_the_last_uniform():
    """For dyadic p the cdf is exact in binary: the quantile is right four uniforms below and above each boundary."""
    for n in (1, 2, 3, 4, 5):
        for eighths in range(1, 8):
            p = eighths / 8
            total = Fraction(0)
            for k in range(n):
                total += math.comb(n, k) * Fraction(eighths, 8) ** k * Fraction(8 - eighths, 8) ** (n - k)
                at = float(total)
                assert Fraction(at) == total
                assert binomial(at - 2.0**-51, n, p) == k, (n, p, k)
                assert binomial(at + 2.0**-51, n, p) == k + 1, (n, p, k)


def test_certain_outcomes():
    """Nobody to draw from, nobody leaves, everybody leaves; the smallest and the largest uniform stay in range."""
    for draw in (binomial, binomial_fast):
        for u in (2.0**-54, 0.3, 1 - 2.0**-53):
            assert draw(u, 0, 0.4) == 0
            assert draw(u, 10, 0.0) == 0
            assert draw(u, 10, 1.0) == 10
            assert draw(0.0, 1000, 0.4) == 0
            assert draw(1.0, 1000, 0.4) == 1000
            for n, p in GRID:
                assert 0 <= draw(u, n, p) <= n


def test_monotone_in_u_n_and_p():
    """A quantile: never falls as u, n or p grows, also across the switches between the steps."""
    rng = np.random.default_rng(3)
    for _ in range(3000):
        n = int(10 ** rng.uniform(0, 5))
        p = float(rng.choice([rng.uniform(), 10 ** rng.uniform(-5, 0), 1 - 10 ** rng.uniform(-5, 0)]))
        u = rng.uniform()
        k = binomial(u, n, p)
        assert binomial(u + (1 - u) * 1e-3, n, p) >= k
        assert binomial(u, n + 1, p) in (k, k + 1)
        assert binomial(u, n, p + (1 - p) * 1e-4) >= k


def test_one_more_person_across_the_switch():
    """n grows one by one through n p q = 3 and 9 with everything else fixed: the count rises by 0 or 1 each time."""
    for p in (0.02, 0.3, 0.5, 0.8):
        for u in (1e-6, 0.01, 0.3, 0.77, 0.9999):
            counts = [binomial(u, n, p) for n in range(int(12 / (p * (1 - p))))]
            assert set(np.diff(counts)) <= {0, 1}


def test_plain_python_gives_the_same_counts():
    """The twin in plain Python and the compiled function agree on every count, at every step of the decision."""
    rng = np.random.default_rng(5)
    for n, p in GRID:
        for u in (*rng.uniform(size=4).tolist(), 1e-7, 1 - 1e-7):
            assert plain(binomial)(u, n, p) == binomial(u, n, p)
            assert plain(binomial_fast)(u, n, p) == binomial_fast(u, n, p)


def test_cheap_normal_quantile_keeps_its_bound():
    """The rational of degree six stays within QUANTILE_ERROR of the normal quantile over the whole range it serves."""
    u = np.concatenate([np.linspace(room.TAIL, 1 - room.TAIL, 4001), room.TAIL * np.exp(np.linspace(0, 6, 2000))])
    for x in u.tolist():
        top, base = room.central_ratio(x, 1.0 - x)
        assert abs(top / base - normal_quantile(x)) < room.QUANTILE_ERROR


def test_beyond_ten_million():
    """Up to 2^53 people the count stays within its stated distance of the normal law's skew-corrected quantile."""
    for n in (10**9, 10**12, 2**53):
        for p in (1e-9, 0.25, 0.5, 0.75):
            spread = math.sqrt(n * p * (1 - p))
            for u in (0.001, 0.4, 0.5, 0.9):
                z = normal_quantile(u)
                near = n * p + spread * z + (1 - 2 * p) * (z * z - 1) / 6
                assert abs(binomial(u, n, p) - near) < 1.5 + 0.5 / max(spread, 1) + 1e-14 * n
