"""Beta values of a row of members: the bits of the scalar functions, whoever shares a vector register."""

import numpy as np

from sarai.simulate.beta import EXPANSION_FROM, clump_weight, clumped_fraction, is_far, is_single
from sarai.simulate.beta_row import clump_row


def test_members_together_have_the_bits_of_each_alone():
    """Every way to a value is there: far below 1/2, near it, above it, few households, one household, far tails."""
    rng = np.random.default_rng(20)
    count = 8_000
    n = np.floor(10 ** rng.uniform(0, 5, count))
    p = rng.uniform(size=count) ** rng.choice([0.3, 1.0, 4.0, 12.0], count)
    size = 1.0 + rng.exponential(5.0, count)
    u = rng.uniform(size=count)
    u[::9], u[1::9] = 10 ** -rng.uniform(0, 16, len(u[::9])), 1.0 - 10 ** -rng.uniform(0, 15.9, len(u[1::9]))
    wanted = np.array([clumped_fraction(*lane) for lane in zip(u, n.astype(int), p, size, strict=True)])
    weight = np.array([clump_weight(*lane) for lane in zip(n, size, strict=True)])
    a, b = p * weight, weight - p * weight
    newton = (np.minimum(a, b) < EXPANSION_FROM) & (a > 0.0) & (b > 0.0) & ~is_single.py_func(n, p, size)
    far = is_far.py_func(a, b)
    for kind in (far, ~far & (wanted < 0.5), ~far & (wanted > 0.5), np.maximum(a, b) < 16.0, a < 0.6):
        assert (kind & newton).sum() > 100
    assert ((wanted == 0.0) & (p > 0.0)).sum() > 100  # one household that stays
    assert ((np.minimum(a, b) > EXPANSION_FROM) & (u < 1e-4)).sum() > 20  # the expansion beyond its cheap quantile
    row = p.copy()
    clump_row(row, n, size, u, True)
    assert row.tolist() == wanted.tolist()


def test_a_value_does_not_depend_on_who_stands_beside_it():
    """In another order, or alone, a member keeps its bits, though easy and hard ones end their steps at other times."""
    rng = np.random.default_rng(21)
    u, p = rng.uniform(size=70), 10 ** rng.uniform(-6, -1, 70)
    n, size = np.full(70, 1_500.0), np.full(70, 6.0)
    together, order = p.copy(), rng.permutation(70)
    clump_row(together, n, size, u, True)
    shuffled = p[order]
    clump_row(shuffled, n, size, u[order], True)
    assert shuffled.tolist() == together[order].tolist()
    for m in range(70):
        alone = p[m : m + 1].copy()
        clump_row(alone, n[:1], size[:1], u[m : m + 1], True)
        assert alone[0] == together[m]
