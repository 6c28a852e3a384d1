"""Beta values of household clumping against scipy's incomplete beta function, and the law of the counts on them."""

import numpy as np
import pytest
from scipy import special, stats

from sarai.simulate import beta as room
from sarai.simulate.beta import beta_binomial, beta_quantile, clumped_fraction, clumped_fraction_fast
from sarai.simulate.beta_row import clump_row
from sarai.simulate.plain import plain

U = np.concatenate([np.linspace(0.001, 0.999, 60), [1e-9, 1e-6, 1e-4, 1 - 1e-4, 1 - 1e-6]])


@pytest.mark.parametrize("a", [0.05, 0.3, 1.0, 2.5, 12.0, 29.9, 30.1, 200.0, 5000.0])
@pytest.mark.parametrize("b", [0.5, 7.0, 29.9, 30.1, 70.0, 800.0, 60_000.0])
def test_quantile_solves_the_incomplete_beta_function(a, b):
    """|I_x(a, b) - u| stays below 1e-5, and below 1e-11 where Newton's steps find x."""
    bound = 1e-5 if min(a, b) >= room.EXPANSION_FROM else 1e-11
    for u in U.tolist():
        x = beta_quantile(u, a, b)
        assert 0.0 <= x <= 1.0
        slack = 1e-14 * stats.beta.pdf(x, a, b) if 0 < x < 1 else 0.0  # a double near 1 cannot lie closer
        assert abs(special.betainc(a, b, x) - u) < bound + slack


@pytest.mark.parametrize(("a", "b"), [(8.0, 8.0), (8.1, 4000.0), (900.0, 12.0)])
def test_fast_value_keeps_its_bound(a, b):
    """From parameters of 8 up the fast value solves the incomplete beta function to 5e-4."""
    size = 6.0
    n, p = (a + b) * (size - 1) + size, a / (a + b)
    for u in U.tolist():
        x = clumped_fraction_fast(u, round(n), p, size)
        assert abs(special.betainc(a, b, x) - u) < 5e-4 + 1e-5


def test_rows_scalars_and_plain_python_agree():
    """A row of members holds the bits of the scalar function, and plain Python gives them too."""
    rng = np.random.default_rng(1)
    n = np.floor(10 ** rng.uniform(0, 5, 400))
    p = rng.uniform(size=400) ** 4
    p[::11], p[::13] = 0.0, 1.0
    size = rng.uniform(1.0, 9.0, 400)
    size[::7] = 1.0
    u = rng.uniform(size=400)
    u[:3] = 1e-12
    for exact, one in ((True, clumped_fraction), (False, clumped_fraction_fast)):
        row = p.copy()
        clump_row(row, n, size, u, exact)
        assert row.tolist() == [one(*lane) for lane in zip(u, n.astype(int), p, size, strict=True)]
        for lane in list(zip(u.tolist(), n.astype(int).tolist(), p.tolist(), size.tolist(), strict=True))[:40]:
            assert plain(one)(*lane) == one(*lane)


def test_nothing_to_clump():
    """One person, nobody leaving, all leaving or households of one: the fraction is p itself."""
    for n, p, size in ((1, 0.3, 6.0), (0, 0.3, 6.0), (50, 0.0, 6.0), (50, 1.0, 6.0), (50, 0.3, 1.0)):
        assert clumped_fraction(0.9, n, p, size) == p
    assert clumped_fraction(0.69, 6, 0.3, 6.0) == 0.0
    assert clumped_fraction(0.71, 6, 0.3, 6.0) == 1.0


@pytest.mark.parametrize(("n", "p", "size"), [(2000, 0.03, 6.0), (60, 0.2, 4.0), (40_000, 0.002, 6.0), (25, 0.7, 3.0)])
def test_law_of_counts(n, p, size):
    """Mean n p and variance size n p q within five standard errors of 20,000 draws, and the cdf within 0.012."""
    runs = 20_000
    u, v = np.random.default_rng(7).uniform(size=(2, runs))
    counts = np.array([beta_binomial(a, b, n, p, size) for a, b in zip(u, v, strict=True)])
    variance = size * n * p * (1 - p)
    together = (size - 1) / (n - 1)
    law = stats.betabinom(n, p * (1 - together) / together, (1 - p) * (1 - together) / together)
    assert abs(counts.mean() - n * p) < 5 * np.sqrt(variance / runs)
    assert abs(counts.var() / variance - 1) < 5 * np.sqrt((law.stats("k") + 2) / runs)
    points = np.arange(counts.max() + 1)
    seen = np.cumsum(np.bincount(counts)) / runs
    assert np.abs(seen - law.cdf(points)).max() < 0.012
