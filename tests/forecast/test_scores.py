"""Scores against definitions and against two independent libraries."""

from __future__ import annotations

import numpy as np
import pytest
import scoringrules as sr
import xarray as xr
from scores.continuous import quantile_score
from scores.probability import brier_score as brier_of_scores
from scores.probability import crps_for_ensemble

from sarai.forecast.forecast import QUANTILE_LEVELS
from sarai.forecast.scores import (
    brier_score,
    central_interval,
    covers,
    crps_fair,
    interval_score,
    pit_from_quantiles,
    pit_from_samples,
    quantile_loss,
    reliability,
    weighted_interval_score,
)

LEVELS = np.array(QUANTILE_LEVELS)
RNG = np.random.default_rng(20231101)
OBSERVED = RNG.lognormal(8.0, 1.0, 60)
SAMPLES = RNG.lognormal(8.0, 0.7, (60, 200))
QUANTILES = np.quantile(SAMPLES, LEVELS, axis=1).T


def test_wis_equals_scoringrules() -> None:
    """The weighted interval score equals scoringrules to 1e-9 on the 23 usual levels."""
    half = LEVELS.size // 2
    expected = sr.weighted_interval_score(
        OBSERVED, QUANTILES[:, half], QUANTILES[:, :half], QUANTILES[:, :half:-1], 2.0 * LEVELS[:half]
    )
    np.testing.assert_allclose(weighted_interval_score(QUANTILES, OBSERVED, LEVELS).total, expected, rtol=1e-9)


def test_wis_is_twice_the_mean_pinball_loss() -> None:
    """The interval form and the quantile form of the score agree."""
    pinball = quantile_loss(QUANTILES, OBSERVED[:, None], LEVELS).mean(axis=1)
    np.testing.assert_allclose(weighted_interval_score(QUANTILES, OBSERVED, LEVELS).total, 2.0 * pinball, rtol=1e-12)


def test_wis_parts_add_up_and_point_the_right_way() -> None:
    """Dispersion, under and over add up to the total; an observation above all quantiles costs only `under`."""
    parts = weighted_interval_score(QUANTILES, OBSERVED, LEVELS)
    np.testing.assert_allclose(parts.total, parts.dispersion + parts.under + parts.over, rtol=1e-12)
    high = weighted_interval_score(QUANTILES[:1], np.array([1e9]), LEVELS)
    assert high.over[0] == 0.0 and high.under[0] > 1e8


def test_wis_refuses_crossing_quantiles() -> None:
    """Quantiles that fall as the level rises are refused, not sorted in silence."""
    crossed = QUANTILES.copy()
    crossed[3, [4, 5]] = crossed[3, [5, 4]]
    with pytest.raises(ValueError, match="cross"):
        weighted_interval_score(crossed, OBSERVED, LEVELS)


def test_wis_refuses_levels_without_symmetry() -> None:
    """Levels that are not symmetric around a median have no interval score."""
    with pytest.raises(ValueError, match="symmetric"):
        weighted_interval_score(QUANTILES[:, :4], OBSERVED, LEVELS[:4])


def test_pinball_equals_scores() -> None:
    """Quantile loss equals scores.continuous.quantile_score to 1e-9."""
    for position in (2, 11, 19):
        expected = quantile_score(
            xr.DataArray(QUANTILES[:, position], dims="t"), xr.DataArray(OBSERVED, dims="t"),
            alpha=float(LEVELS[position]), preserve_dims="all",
        )  # fmt: skip
        np.testing.assert_allclose(
            quantile_loss(QUANTILES[:, position], OBSERVED, LEVELS[position]), expected.values, rtol=1e-9
        )


def test_interval_score_equals_scoringrules() -> None:
    """Interval score equals scoringrules to 1e-9."""
    low, high = central_interval(QUANTILES, LEVELS, 0.9)
    expected = sr.interval_score(OBSERVED, low, high, 0.1)
    np.testing.assert_allclose(interval_score(low, high, OBSERVED, 0.1), expected, rtol=1e-9)


def test_fair_crps_equals_both_libraries() -> None:
    """Fair CRPS equals scoringrules and scores to 1e-9."""
    ours = crps_fair(SAMPLES, OBSERVED)
    np.testing.assert_allclose(ours, sr.crps_ensemble(OBSERVED, SAMPLES, estimator="fair"), rtol=1e-9)
    theirs = crps_for_ensemble(
        xr.DataArray(SAMPLES, dims=("t", "member")), xr.DataArray(OBSERVED, dims="t"), "member",
        method="fair", preserve_dims="all",
    )  # fmt: skip
    np.testing.assert_allclose(ours, theirs.values, rtol=1e-9)


def test_crps_of_one_member_is_the_absolute_error() -> None:
    """One member has no spread."""
    np.testing.assert_allclose(crps_fair(SAMPLES[:, :1], OBSERVED), np.abs(SAMPLES[:, 0] - OBSERVED))


def test_brier_equals_scores() -> None:
    """Brier score equals scores.probability.brier_score to 1e-9."""
    p = RNG.uniform(size=80)
    happened = (RNG.uniform(size=80) < p).astype(float)
    expected = brier_of_scores(xr.DataArray(p, dims="t"), xr.DataArray(happened, dims="t"))
    assert abs(float(brier_score(p, happened).mean()) - float(expected)) < 1e-9


def test_reliability_parts_add_up_when_bins_hold_one_value() -> None:
    """Brier equals reliability - resolution + uncertainty when each bin holds one probability."""
    p = np.repeat([0.05, 0.35, 0.75], [40, 30, 20])
    happened = (RNG.uniform(size=90) < p).astype(float)
    parts = reliability(p, happened)
    total = parts.reliability - parts.resolution + parts.uncertainty
    assert abs(total - float(brier_score(p, happened).mean())) < 1e-12
    assert parts.count.tolist() == [40, 30, 20]


def test_coverage_and_pit_of_a_true_forecast_are_uniform() -> None:
    """When the observation comes from the forecast, 90 % bands cover near 90 % and the PIT is flat."""
    samples = RNG.normal(size=(4000, 400))
    truth = RNG.normal(size=4000)
    q = np.quantile(samples, LEVELS, axis=1).T
    assert abs(covers(q, truth, LEVELS, 0.9).mean() - 0.9) < 0.02
    assert abs(pit_from_samples(samples, truth).mean() - 0.5) < 0.02
    assert (
        np.max(np.abs(pit_from_quantiles(q, truth, LEVELS) - np.clip(pit_from_samples(samples, truth), 0.01, 0.99)))
        < 0.05
    )


def test_pit_counts_ties_half() -> None:
    """Of ten members four lie below, three are equal: 0.55; all equal: a half; the first and last have no ties."""
    samples = np.array([1.0, 2.0, 3.0, 4.0, 7.0, 7.0, 7.0, 8.0, 9.0, 9.5])
    assert pit_from_samples(samples, 7.0) == pytest.approx(0.55)
    assert pit_from_samples(np.full(10, 3.0), 3.0) == pytest.approx(0.5)
    assert pit_from_samples(samples, 0.5) == 0.0 and pit_from_samples(samples, 10.0) == 1.0
