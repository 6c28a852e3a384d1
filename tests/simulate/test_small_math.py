"""exp, log, log1p and the normal law: accuracy against 40 digits, and the same bits compiled and plain."""

import math

import mpmath
import numpy as np
import pytest

from sarai.simulate import small_math
from sarai.simulate.kernel import kernel
from sarai.simulate.plain import plain

mpmath.mp.dps = 40
RNG = np.random.default_rng(4)
CASES = {
    "exp": (mpmath.exp, np.concatenate([RNG.uniform(-700, 700, 300), RNG.uniform(-1, 1, 300)]), 4),
    "log": (mpmath.log, np.concatenate([np.exp(RNG.uniform(-740, 700, 300)), RNG.uniform(0.5, 2, 300)]), 4),
    "log1p": (mpmath.log1p, np.concatenate([RNG.uniform(-0.99, 3, 300), -np.exp(RNG.uniform(-40, -1, 300))]), 6),
    "normal_cdf": (mpmath.ncdf, np.concatenate([RNG.uniform(-8, 8, 300), RNG.uniform(-37, -8, 100)]), 40),
    "normal_quantile": (
        lambda u: mpmath.sqrt(2) * mpmath.erfinv(2 * u - 1),
        np.concatenate([RNG.uniform(0.001, 0.999, 300), np.exp(RNG.uniform(-36, -3, 100))]),
        24,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_accuracy_and_equal_bits(name):
    """The relative error stays within a few units of 2^-53, and plain Python gives the same bits."""
    exact, points, units = CASES[name]
    function = getattr(small_math, name)
    for x in points.tolist():
        value = function(x)
        assert plain(function)(x) == value
        truth = exact(mpmath.mpf(x))
        assert abs((mpmath.mpf(value) - truth) / truth) < units * 2.0**-53, (name, x)


def test_ends_of_the_range():
    """Zeros, infinities and what lies outside a domain are what mathematics says, not an accident."""
    assert small_math.exp(-1000.0) == 0.0
    assert small_math.exp(1000.0) == math.inf
    assert small_math.exp(0.0) == 1.0
    assert small_math.log(1.0) == 0.0
    assert small_math.log(0.0) == -math.inf
    assert math.isnan(small_math.log(-1.0))
    assert small_math.log(math.inf) == math.inf
    assert small_math.log1p(-1.0) == -math.inf
    assert small_math.log1p(0.0) == 0.0
    assert small_math.normal_quantile(0.0) == -math.inf
    assert small_math.normal_quantile(1.0) == math.inf
    assert small_math.normal_quantile(0.5) == 0.0
    assert small_math.normal_cdf(0.0) == 0.5
    assert small_math.normal_cdf(-50.0) == 0.0
    assert small_math.normal_cdf(50.0) == 1.0


def test_frozen_bits():
    """Bits frozen with scheme 1: a reordered sum or a fused multiply-add on another machine shows here."""
    assert small_math.exp(0.7).hex() == FROZEN["exp"]
    assert small_math.log(0.3).hex() == FROZEN["log"]
    assert small_math.log1p(-0.45).hex() == FROZEN["log1p"]
    assert small_math.normal_quantile(0.01).hex() == FROZEN["normal_quantile"]
    assert small_math.normal_cdf(-1.7).hex() == FROZEN["normal_cdf"]


FROZEN = {
    "exp": "0x1.01c2a61268987p+1",
    "log": "-0x1.34378fcbda721p+0",
    "log1p": "-0x1.3217b0fd2b117p-1",
    "normal_quantile": "-0x1.29c5c4630ff0ep+1",
    "normal_cdf": "0x1.6d148ca287905p-5",
}


def test_a_row_of_normal_quantiles_is_the_scalar_one():
    """Tails, middle, and the doubles on either side of where one method hands over to the other: bit for bit."""
    edges = [0.5 - small_math.CENTRAL, 0.5 + small_math.CENTRAL, 0.5]
    near = [np.nextafter(edge, side) for edge in edges for side in (0.0, 1.0)]
    u = np.concatenate([edges, near, [2.0**-54, 1.0 - 2.0**-53], np.random.default_rng(3).uniform(size=2_000)])
    row = u.copy()
    small_math.normal_row(row)
    assert row.tolist() == [small_math.normal_quantile(float(value)) for value in u]


def test_floor_is_a_whole_double():
    """Compiled and plain, of either sign and beyond what an integer of 64 bits holds."""
    values = np.array([-2.5, -1.0, -0.25, 0.0, 0.99999, 1.0, 7.5, 2.0**52 - 0.5, 2.0**53, 1e300])

    @kernel()
    def floors(row):
        for i in range(len(row)):
            row[i] = small_math.floor(row[i])

    compiled = values.copy()
    floors(compiled)
    assert compiled.tolist() == np.floor(values).tolist() == [small_math.floor(float(value)) for value in values]
