"""The expansion in single precision: near enough to the one in double precision, and silent where it may be wrong."""

import math

import numpy as np
import pytest
from scipy import special, stats

from sarai.simulate.binomial import (
    EXPANSION_FROM,
    FAST_FROM,
    TAIL,
    binomial,
    central_ratio,
    expansion_error,
    skewed_terms,
    third_term,
)
from sarai.simulate.expansion_single import SINGLE_ERROR, SINGLE_FROM, expand_single


def single(u, n, p, fast):
    """`expand_single` of doubles."""
    each = (np.float32(value) for value in (u, 1.0 - u, p, 1.0 - p, n))
    return [float(value) for value in expand_single(*each, fast)]


def double(u, n, p, fast):
    """The same formula in double precision."""
    q = 1.0 - p
    spread = math.sqrt(n * p * q)
    top, base = central_ratio(u, 1.0 - u)
    terms = skewed_terms(top / base, spread, 1.0 / spread, p * q, q - p)
    return terms if fast and n * p * q >= FAST_FROM else terms + third_term(top / base, 1.0 / spread, p * q, q - p)


def lanes(count, seed):
    """Uniforms to the ends of the range that is served, n p q from 1.5 to 10^7, p to both ends."""
    rng = np.random.default_rng(seed)
    tail = np.exp(rng.uniform(np.log(1.01 * TAIL), 0, count))
    u = np.clip(
        np.choose(np.arange(count) % 3, [tail, 1 - tail, rng.uniform(size=count)]), 1.01 * TAIL, 1 - 1.01 * TAIL
    )
    p = np.where(rng.uniform(size=count) < 0.5, rng.uniform(1e-3, 0.999, count), 10 ** rng.uniform(-6, -0.3, count))
    p[::5] = 1.0 - p[::5]
    n = np.floor(10 ** rng.uniform(math.log10(SINGLE_FROM), 7, count) / (p * (1 - p))) + 1
    return zip(u.tolist(), n.tolist(), p.tolist(), strict=True)


@pytest.mark.parametrize("fast", [True, False])
def test_within_two_thirds_of_the_bound(fast):
    """What single precision adds stays below 2/3 of SINGLE_ERROR (1 + spread) persons, and the answer is believed."""
    worst = 0.0
    for u, n, p in lanes(8_000, 1):
        delta, near = single(u, n, p, fast)
        assert near < 1.0 or n > 1e11
        worst = max(worst, abs(delta - double(u, n, p, fast)) / (1.0 + math.sqrt(n * p * (1.0 - p))))
    assert SINGLE_ERROR / 4 < worst < SINGLE_ERROR * 2 / 3


@pytest.mark.parametrize("fast", [True, False])
def test_silent_where_it_may_not_speak(fast):
    """Tails, small n p q, and in fast mode the edge of what is believed: any integer is too near."""
    for u, n, p in (
        (TAIL / 2, 1e4, 0.3),
        (1 - TAIL / 2, 1e4, 0.3),
        (0.4, 7.0, 0.3),
        (0.4, 10.0, 0.0),
        (0.4, 10.0, 1.0),
    ):
        assert single(u, n, p, fast)[1] == 1.0
    edge = FAST_FROM / (0.3 * 0.7)
    assert (single(0.4, edge * (1 + 1e-7), 0.3, fast)[1] == 1.0) == fast
    assert single(0.4, 1.001 * SINGLE_FROM / (0.3 * 0.7), 0.3, fast)[1] < 1.0


def test_fast_mode_believes_and_exact_mode_checks():
    """From n p q = 9 up fast mode asks for what single precision adds, exact mode also for the expansion's error."""
    assert single(0.4, 60.0, 0.3, True)[1] < 2e-5 < 5e-4 < single(0.4, 60.0, 0.3, False)[1]
    assert single(0.4, 30.0, 0.3, True) == single(0.4, 30.0, 0.3, False)


def small_laws(count, seed):
    """(n, p) with n p q from SINGLE_FROM to EXPANSION_FROM, every size of n, both sides of 1/2."""
    rng = np.random.default_rng(seed)
    while count > 0:
        variance = rng.uniform(SINGLE_FROM, EXPANSION_FROM)
        if rng.uniform() < 0.3:  # few persons, where p q is that of a law of its own
            n = int(rng.integers(6, 60))
            p = 0.5 - math.sqrt(max(0.25 - variance / n, 0.0))
        else:
            p = 10 ** rng.uniform(-7, -0.302)
            n = round(variance / (p * (1 - p)))
        if SINGLE_FROM <= n * p * (1 - p) < EXPANSION_FROM:
            count -= 1
            yield n, (p if count % 2 else 1 - p)


def test_the_bound_holds_below_three():
    """At every boundary of laws with n p q from 1.5 to 3 the expansion is off by half of its bound at most."""
    worst = 0.0
    for n, p in small_laws(1_500, 3):
        inside = np.arange(max(0, int(n * p) - 12), min(n, int(n * p) + 13))
        below, above = stats.binom.cdf(inside, n, p), stats.binom.sf(inside, n, p)
        served = (below > TAIL) & (above > TAIL)
        z = np.where(below < 0.5, special.ndtri(below), -special.ndtri(above))[served]
        variance = n * p * (1 - p)
        spread, skew = math.sqrt(variance), 1 - 2 * p
        x = n * p + skewed_terms.py_func(z, spread, 1 / spread, p * (1 - p), skew)
        x = x + third_term.py_func(z, 1 / spread, p * (1 - p), skew)
        off = np.abs(x - (inside[served] + 1)) / expansion_error.py_func(z, 1 / spread)
        worst = max(worst, float(off.max()))
    assert 0.35 < worst < 0.5


def test_an_answer_below_three_is_the_exact_count():
    """Beside boundaries, at all distances from them, a floor that is believed is the count that a draw alone gives."""
    rng = np.random.default_rng(5)
    believed = 0
    for n, p in small_laws(1_000, 4):
        k = stats.binom.ppf(rng.uniform(size=12), n, p)
        u = stats.binom.cdf(k, n, p) + rng.choice([-1, 1], 12) * 10 ** rng.uniform(-5, -1, 12)
        for each in u[(u > TAIL) & (u < 1 - TAIL)].tolist():
            delta, near = single(each, float(n), p, False)
            x = min(max(n * p + delta, 0.0), float(n))
            if math.floor(x) + near < x < math.floor(x) + 1 - near:
                believed += 1
                assert math.floor(x) == binomial(each, n, p), (each, n, p)
    assert believed > 2_500
