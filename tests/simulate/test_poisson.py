"""Poisson quantiles against a 40-digit cdf at every boundary."""

import math

import mpmath
import pytest

from sarai.simulate.plain import plain
from sarai.simulate.poisson import poisson


@pytest.mark.parametrize("mean", [0.003, 0.7, 4.0, 8.99, 9.01, 23.4, 310.0, 12_345.6])
def test_boundaries(mean):
    """A hair below F(k) the count is k, a hair above it is k + 1; a hair is 1e-13 or a millionth of the pmf."""
    with mpmath.workdps(40):
        spread = math.sqrt(mean)
        first = max(0, int(mean - 7 * spread))
        total = mpmath.nsum(lambda j: mpmath.exp(-mean) * mpmath.mpf(mean) ** j / mpmath.factorial(j), [0, first])
        for k in range(first, int(mean + 7 * spread) + 3):
            pmf = mpmath.exp(-mean + (k + 1) * mpmath.log(mean) - mpmath.loggamma(k + 2))
            if 1e-10 < total < 1 - 1e-10:
                hair = max(1e-13, float(pmf) * 1e-6)
                assert poisson(float(total) - hair, mean) <= k < poisson(float(total) + hair, mean)
            total += pmf


def test_plain_python_and_edges():
    """Plain Python gives the same counts; no mean, nobody; the ends of the interval stay finite."""
    assert poisson(0.5, 0.0) == 0
    for mean in (0.2, 8.0, 9.5, 1e4, 1e7):
        assert poisson(1.0, mean) == poisson(1 - 2.0**-53, mean)
        for u in (2.0**-54, 0.1, 0.5, 0.987, 1 - 2.0**-53):
            k = poisson(u, mean)
            assert plain(poisson)(u, mean) == k
            assert abs(k - mean) < 9 * math.sqrt(mean) + 25


def test_monotone():
    """Never falls as the uniform or the mean grows."""
    for u in (0.001, 0.3, 0.99):
        counts = [poisson(u, mean / 7) for mean in range(1, 700)]
        assert counts == sorted(counts)
    counts = [poisson(i / 1000, 11.0) for i in range(1, 1000)]
    assert counts == sorted(counts)
