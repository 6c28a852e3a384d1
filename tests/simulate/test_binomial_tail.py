"""The slow exact answer: every probability to the digits that it states, in the nearer tail."""

from __future__ import annotations

import mpmath
import pytest

from sarai.simulate.binomial_tail import binomial_pmf, binomial_reaches, product_exact, stirling_remainder

mpmath.mp.dps = 50


def exact_pmf(k: int, n: int, small: float) -> mpmath.mpf:
    """P(X = k) to 40 digits; small as the double that it is."""
    p = mpmath.mpf(small)
    choose = mpmath.loggamma(n + 1) - mpmath.loggamma(k + 1) - mpmath.loggamma(n - k + 1)
    return mpmath.exp(choose + k * mpmath.log(p) + (n - k) * mpmath.log1p(-p))


@pytest.mark.parametrize(
    ("n", "small"), [(17, 0.3), (40, 0.5), (900, 0.031), (33_333, 0.1), (10**7, 1e-6), (10**7, 0.1234567), (10**7, 0.5)]
)
def test_probabilities_hold_fourteen_digits(n: int, small: float) -> None:
    """At the mean, 1, 3 and 6 standard deviations from it, and at both ends where they are not too small."""
    spread = (n * small * (1.0 - small)) ** 0.5
    near = {round(n * small + away * spread) for away in (-6, -3, -1, 0, 1, 3, 6)} | {0, n}
    for k in sorted(k for k in near if 0 <= k <= n):
        wanted = exact_pmf(k, n, small)
        if wanted > 1e-20:
            found = binomial_pmf(float(k), float(n), small, 1.0 - small)
            assert abs(found / wanted - 1) < 1e-14, (k, float(wanted))


def test_all_and_nobody_are_powers() -> None:
    """P(X = n) = p^n and P(X = 0) = (1 - p)^n; nothing beyond."""
    for n, p in ((1, 0.25), (8, 0.5), (3, 1e-5), (25, 0.31)):
        assert binomial_pmf(float(n), float(n), p, 1.0 - p) == pytest.approx(p**n, rel=1e-13)
        assert binomial_pmf(0.0, float(n), p, 1.0 - p) == pytest.approx((1.0 - p) ** n, rel=1e-13)
        assert binomial_pmf(n + 1.0, float(n), p, 1.0 - p) == binomial_pmf(-1.0, float(n), p, 1.0 - p) == 0.0


def test_the_remainder_of_stirling_holds_sixteen_digits() -> None:
    """Table, and series from 16 on."""
    for k in (1, 2, 7, 15, 16, 17, 30, 250, 10**5):
        wanted = mpmath.loggamma(k + 1) - (mpmath.log(2 * mpmath.pi * k) / 2 + k * (mpmath.log(k) - 1))
        assert abs(stirling_remainder(float(k)) - wanted) < 2e-16 + abs(wanted) * 2e-15, k


def test_a_product_is_the_sum_of_two_doubles() -> None:
    """Nothing of n p is lost."""
    for n, p in ((10**7 - 1, 0.1), (9_999_991, 1.0 / 3.0), (7, 0.7), (2**53 - 1, 1.0 / 3.0), (10**15 + 7, 0.1)):
        high, low = product_exact(float(n), p)
        assert mpmath.mpf(high) + mpmath.mpf(low) == n * mpmath.mpf(p)


def test_whether_a_sum_reaches_a_share_is_right_next_to_it() -> None:
    """A share one part in 10^12 below the cdf is reached, one as far above it is not, in both tails."""
    n, p = 60, 0.2
    for k in (2, 8, 12, 16, 24):
        below = sum(exact_pmf(i, n, p) for i in range(k + 1))
        for nudge, reached in ((1 - 1e-12, True), (1 + 1e-12, False)):
            share = below * nudge if k <= n * p else 1 - (1 - below) * (2 - nudge)
            assert binomial_reaches(float(k), float(share), float(1 - share), False, float(n), p, 1.0 - p) == reached, (
                k,
                reached,
            )
