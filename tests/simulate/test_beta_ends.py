"""Beta values at the ends: of the uniforms, and of both parameters."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from sarai.simulate.beta import beta_quantile, clumped_fraction
from sarai.simulate.beta_row import clump_row

SMALLEST, LARGEST = 2.0**-54, 1.0 - 2.0**-53
TAILS = np.concatenate([[SMALLEST, 2.0**-53], 10.0 ** -np.arange(15.5, 3.0, -0.5)])
U = np.concatenate([TAILS, [0.3, 0.5, 0.8], 1.0 - TAILS[:1:-1], [1.0 - 2.0**-52, LARGEST]])


def misses(u: float, a: float, b: float, x: float) -> float:
    """How far u lies from I(a, b) of the doubles on either side of x; in the nearer tail, which scipy knows better."""
    below, above = np.nextafter(x, 0.0), np.nextafter(x, 1.0)
    if u < 0.5:
        return max(float(special.betainc(a, b, below)) - u, u - float(special.betainc(a, b, above)), 0.0)
    rest = 1.0 - u
    return max(rest - float(special.betaincc(a, b, below)), float(special.betaincc(a, b, above)) - rest, 0.0)


@pytest.mark.parametrize("a", [1e-3, 0.06, 0.6, 2.8, 9.4, 29.9, 30.0, 620.0, 1e6])
@pytest.mark.parametrize("b", [1e-3, 0.15, 1.0, 7.2, 15.0, 29.9, 170.0, 4_050.0, 90_000.0, 1e6])
def test_the_value_is_right_and_never_falls_up_to_the_last_uniform(a: float, b: float) -> None:
    """Newton's steps once ran away within 1e-13 of 1, where log I is flat: the value of the last uniforms was 0."""
    x = [beta_quantile(u, a, b) for u in U.tolist()]
    assert min(x) >= 0.0 and max(x) <= 1.0
    assert (np.diff(x) >= 0.0).all()
    bound = 1e-5 if min(a, b) >= 30.0 else 1e-12
    assert max(misses(u, a, b, value) for u, value in zip(U.tolist(), x, strict=True)) < bound


@pytest.mark.parametrize("p", [1e-12, 1e-6, 0.03, 0.5, 1.0 - 1e-9])
def test_stocks_hardly_above_a_household_and_rare_departures(p: float) -> None:
    """One household and a little more, and p next to 0 and 1: all of it, none of it, hardly ever a part of it."""
    for n, size in ((7, 6.999), (2, 1.5), (1_000, 999.5), (10**7, 6.0)):
        x = [clumped_fraction(u, n, p, size) for u in U.tolist()]
        assert (np.diff(x) >= 0.0).all() and 0.0 <= min(x) <= max(x) <= 1.0
        weight = (n - size) / (size - 1.0)
        a, b = p * weight, weight - p * weight
        if min(a, b) > 1e-9:
            assert max(misses(u, a, b, value) for u, value in zip(U.tolist(), x, strict=True)) < 1e-5


def test_rows_have_the_bits_of_scalars_at_the_ends() -> None:
    """The last uniforms among others, in rows that share a vector register."""
    a, b = np.meshgrid([0.05, 0.6, 5.0, 28.0], [0.1, 3.0, 29.0, 200.0, 5_000.0])
    lanes = [(u, *pair) for u in U.tolist() for pair in zip(a.ravel().tolist(), b.ravel().tolist(), strict=True)]
    u, first, second = np.array(lanes).T
    size = 3.5
    n = np.floor((first + second) * (size - 1.0) + size)
    p = first / (first + second)
    row = p.copy()
    clump_row(row, n, np.full(len(u), size), u, True)
    assert row.tolist() == [clumped_fraction(x, int(k), q, size) for x, k, q in zip(u.tolist(), n, p, strict=True)]
