"""Counts of a few people, and the route of one: the quantile of the binomial law, and never more than there are."""

from __future__ import annotations

import numpy as np
import pytest

from sarai.simulate.binomial import binomial
from sarai.simulate.flight.few import FEW, count_of, pick_one

LAST, FIRST = 1.0 - 2.0**-53, 2.0**-54


@pytest.mark.parametrize("n", [*range(1, FEW + 2), 40])
def test_few_are_counted_as_many_are(n: int) -> None:
    """For every chance the count of the exact draw, and none more than all at the last uniform of 2^53."""
    rng = np.random.default_rng(n)
    for p in (*np.linspace(0.005, 0.995, 100).tolist(), 1e-9, 1.0 - 1e-9):
        for u in rng.uniform(size=6).tolist():
            assert count_of(u, n, p) == binomial(u, n, p)
        assert 0 <= count_of(FIRST, n, p) <= count_of(LAST, n, p) <= n
    assert [count_of(0.3, n, p) for p in (0.0, 1.0)] == [0, n]
    assert count_of(0.3, 0, 0.5) == 0


def test_one_person_takes_the_route_whose_weight_reaches_its_part() -> None:
    """Of running weights 3, 5, 5, 8 routes 0 and 2 weigh 2 and 3, route 1 nothing; each from its own first part on."""
    sums = np.array([9.0, 3.0, 5.0, 5.0, 8.0, 9.0])
    for v, route in ((FIRST, 0), (0.3999, 0), (0.4, 2), (0.4001, 2), (LAST, 2), (1.0, 2)):
        assert pick_one(v, sums, 1, 3) == route
    assert pick_one(0.5, sums, 2, 1) == -1 and pick_one(0.5, sums, 1, 0) == -1
