"""Members that no pass has decided: summed side by side they get the count that each gets alone."""

import mpmath
import numpy as np
import pytest
from scipy import stats
from verify.binomial_bounds import GRID, exact_cdf

from sarai.simulate.binomial import binomial, binomial_fast, settle
from sarai.simulate.open_lanes import RARER_BELOW, WIDE_ERROR, settle_open, settle_row, sum_lanes
from sarai.simulate.plain import plain
from sarai.simulate.rows import quantile_row

# n p q below 3, from 3 to 9 and above, both sides of 1/2, a mean of the rarer outcome up to and beyond RARER_BELOW
LAWS = [
    (47, 0.9888175277756476), (40, 0.02), (200, 0.012), (12, 0.5), (10**6, 2e-7), (10**7, 2.9e-7), (3, 0.999), (1, 0.3),
    (46, 0.23630085793191333), (22, 0.49), (35, 0.5), (300, 0.02), (300, 0.97), (10**6, 7.5e-6), (120, 0.15),
    (1000, 0.4),
]  # fmt: skip


def beside_boundaries(n, p):
    """Uniforms up to four steps below and above each boundary of the exact cdf, and the exact count at each."""
    first = max(0, int(n * p - 8 * (n * p * (1 - p)) ** 0.5 - 12))
    last = min(n - 1, first + 60)
    uniforms, counts = [], []
    for k, edge in zip(range(first, last + 1), exact_cdf(n, p, first, last), strict=True):
        with mpmath.workdps(60):
            at = int(edge * GRID)
        for step in range(-3, 5):
            if 0 < at + step < GRID:
                uniforms.append((at + step) / GRID)
                counts.append(k if step <= 0 else k + 1)
    return np.array(uniforms), np.array(counts)


@pytest.mark.parametrize(("n", "p"), LAWS)
def test_rows_and_scalars_agree_beside_every_boundary(n, p):
    """One function of its arguments: within four steps of 2^-53 of a boundary a row draws what a scalar draws."""
    uniforms, _ = beside_boundaries(n, p)
    for exact, draw in ((True, binomial), (False, binomial_fast)):
        alone = [draw(u, n, p) for u in uniforms]
        row = uniforms.copy()
        quantile_row(row, np.full(len(row), float(n)), np.full(len(row), p), exact)
        assert row.tolist() == alone
        among = np.resize(uniforms, 40 * 16 + 7)  # few of this kind among others, so that other passes see them
        size, chance = np.full(len(among), 1e5), np.full(len(among), 0.3)
        size[5::16], chance[5::16] = n, p
        row = among.copy()
        quantile_row(row, size, chance, exact)
        assert row[5::16].tolist() == [draw(u, n, p) for u in among[5::16]]


def test_the_last_hundredth_is_exact_to_the_uniform():
    """Where 1 - F is small a rounded sum near 1 says nothing: the tail decides, right to the last of 2^53 uniforms."""
    seen = 0
    for n, p in LAWS:
        if n * p * (1 - p) < 9 and p != 0.5:  # at 1/2 a boundary is itself a uniform
            for u, count in zip(*beside_boundaries(n, p), strict=True):
                beyond = u if p > 0.5 else 1 - u
                if 2**-50 < beyond < 0.005:
                    seen += 1
                    assert binomial(u, n, p) == count, (u, n, p)
    assert seen > 300


def test_sums_are_within_half_of_their_bound():
    """Where the mean of the rarer outcome is at most 11, sums of the pmf are within WIDE_ERROR / 2 of the cdf."""
    rng = np.random.default_rng(1)
    p = np.where(rng.uniform(size=4000) < 0.5, 10 ** rng.uniform(-6, -0.302, 4000), rng.uniform(0.05, 0.5, 4000))
    n = np.floor(rng.uniform(0, RARER_BELOW, 4000) / p) + 1
    n, p = n[n * p < RARER_BELOW], p[n * p < RARER_BELOW]
    k = np.floor(rng.uniform(0, 2 * n * p + 1))
    edge = stats.binom.cdf(k, n, p)
    inside = (edge > 1e-3) & (edge < 1 - 1e-3) & (k < n)
    n, p, k, edge = n[inside], p[inside], k[inside], edge[inside]
    assert len(n) > 2000
    for away, wanted in ((-1.5, 0.0), (-0.5, None), (0.5, None), (1.5, 1.0)):
        for low in range(0, len(n), 64):
            part = slice(low, low + 64)
            share, chance = (edge[part] + away * WIDE_ERROR).astype(np.float32), p[part].astype(np.float32)
            count = n[part].astype(np.float32)
            sum_lanes(share, chance, (1 - p[part]).astype(np.float32), count, len(count))
            clear = stats.binom.pmf(k[part] + (away > 0), n[part], p[part]) > 4 * WIDE_ERROR
            answer = np.full(clear.sum(), -1.0) if wanted is None else k[part][clear] + wanted
            assert np.array_equal(count[clear], answer)


@pytest.mark.parametrize("exact", [True, False])
def test_more_open_members_than_fit(exact):
    """300 members open at once, dense and sparse, are settled each as alone; plain Python does the same."""
    rng = np.random.default_rng(3)
    n, p = np.floor(10 ** rng.uniform(0, 6, 300)), 10 ** rng.uniform(-6, -0.01, 300)
    u = rng.uniform(size=300)
    row = u.copy()
    settle_row(row, n, p, exact)
    lanes = list(zip(u, n, p, strict=True))
    wanted = [settle(*lane) if exact else float(binomial_fast(lane[0], int(lane[1]), lane[2])) for lane in lanes]
    assert row.tolist() == wanted
    row = u.copy()
    row[::2] = 7.0
    plain(settle_row)(row, n, p, exact)
    assert row.tolist() == [7.0 if i % 2 == 0 else wanted[i] for i in range(300)]


def test_only_the_named_members_change():
    """What is not named keeps its number."""
    row, n, p = np.array([0.5, 0.9, 0.2]), np.array([10.0, 10.0, 1e6]), np.array([0.1, 0.1, 0.5])
    settle_open(row, n, p, np.array([1, 2] + [0] * 62), 2, True)
    assert row.tolist() == [0.5, float(binomial(0.9, 10, 0.1)), float(binomial(0.2, 10**6, 0.5))]
