"""Sums in single precision: right wherever they answer, and answering nearly always."""

import numpy as np
from scipy import stats

from sarai.simulate.binomial import UNDECIDED, binomial
from sarai.simulate.single import SUM_ERROR, none_single, sum_single


def small_cells(count, seed):
    """(n, p) with n p (1 - p) below 3, every size of n and both ends of p."""
    rng = np.random.default_rng(seed)
    cells = []
    while len(cells) < count:
        p = float(10 ** rng.uniform(-12, -0.302))
        n = max(1, int(10 ** rng.uniform(-3, 0.477) / (p * (1 - p))))
        if n <= 10**7 and n * p * (1 - p) < 3:
            cells.append((n, p if len(cells) % 2 else 1 - p))
    return cells


def test_none_is_within_its_error():
    """(1 - p)^n in single precision keeps well inside the bound that the sums are held to."""
    for n, p in small_cells(2_000, 1):
        small = min(p, 1 - p)
        none = float(none_single(np.float32(n), np.float32(small / (2 - small))))
        assert abs(none - np.exp(n * np.log1p(-small))) < SUM_ERROR / 3


def test_sums_are_within_a_quarter_of_their_bound():
    """7.5e-6 from a value of the cdf there is never an answer, 1.25e-5 from it and from the others there always is."""
    seen = 0
    for n, p in small_cells(3_000, 6):
        edges = stats.binom.cdf(np.arange(8), n, min(p, 1 - p))
        for k, edge in enumerate(edges[:7]):
            if not 2e-5 < edge < 1 - 2e-5 or (k and edge - edges[k - 1] < 4e-5) or edges[k + 1] - edge < 4e-5:
                continue
            seen += 1
            for away in (-1.25, -0.75, 0.75, 1.25):
                share = edge + away * SUM_ERROR
                answer = sum_single(1 - share if p > 0.5 else share, float(n), p, 8)
                assert (answer == UNDECIDED) == (abs(away) < 1), (n, p, k, away)
    assert seen > 5_000


def test_an_answer_is_the_exact_count():
    """Where a count is given it is that of the exact draw, close to the boundaries of the cdf too."""
    rng = np.random.default_rng(2)
    for n, p in small_cells(400, 3):
        edges = stats.binom.cdf(np.arange(6), n, p)
        near = np.clip(np.concatenate([edges + d for d in (-1e-4, -2e-5, 2e-5, 1e-4)]), 1e-9, 1 - 1e-9)
        for u in np.concatenate([rng.uniform(size=20), near]):
            for terms in (4, 8):
                k = sum_single(float(u), float(n), p, terms)
                assert k in (UNDECIDED, binomial(float(u), n, p)), (u, n, p)


def test_eight_terms_nearly_always_answer():
    """Fewer than one draw in 200 is left to the slower steps."""
    rng = np.random.default_rng(4)
    left = [sum_single(float(rng.uniform()), float(n), p, 8) == UNDECIDED for n, p in small_cells(20_000, 5)]
    assert np.mean(left) < 1 / 200
