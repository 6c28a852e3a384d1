"""Scores of flight ensembles, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sarai.forecast.flight_scores import naive_counts, relative_differences, scaled_errors, score_flight
from sarai.simulate.flight.ensemble import NO_RECORD

RECORDED = np.array([[10, 10], [20, 20], [30, 50]])
SIMULATED = np.array([[[10, 0], [10, 0]], [[10, 0], [30, 0]], [[30, 80], [10, 0]]], dtype=np.int32)


def test_averaged_relative_difference_is_the_sum_over_camps_over_the_total() -> None:
    """Day 1: (10 + 10) / 40; day 2: 40 / 80; a member with nobody in camps misses everything."""
    score = score_flight(SIMULATED, RECORDED, ("one", "two"))
    assert score.error[0] == pytest.approx((0 + 0.5 + 0.5) / 3)
    assert score.error[1] == pytest.approx((1 + 1 + (50 + 50) / 80) / 3)
    assert score.camp_error.sum(axis=0) == pytest.approx(score.error)


def test_rescaling_sets_the_total_and_leaves_empty_days() -> None:
    """Day 2 of member 0: 30 and 10 of 40 become 60 and 20 of 80: |60 - 30| + |20 - 50| over 80."""
    rescaled = relative_differences(SIMULATED, RECORDED, rescaled=True).sum(axis=1)
    assert rescaled[2, 0] == pytest.approx(60 / 80)
    assert rescaled[0, 1] == 1.0


def test_a_perfect_run_scores_nothing() -> None:
    """All measures are 0 and every interval holds the truth."""
    score = score_flight(np.repeat(RECORDED[:, :, None], 4, axis=2).astype(np.int32), RECORDED, ("one", "two"))
    assert (score.error.max(), score.rescaled.max(), score.wis, score.wis_log) == (0, 0, 0, 0)
    assert score.coverage.tolist() == [1, 1, 1]


def test_six_naive_models() -> None:
    """Flat, sloped and ratio forecasts from day 7 and from day 30."""
    day = np.arange(60)
    recorded = np.stack([day**2, 100 + day], axis=1)
    models = naive_counts(recorded)
    assert list(models) == ["MASE7", "MASE7-sloped", "MASE7-ratio", "MASE30", "MASE30-sloped", "MASE30-ratio"]
    assert models["MASE7"][1][50].tolist() == [49, 107]
    assert models["MASE7-sloped"][1][14].tolist() == [98, 114]
    assert models["MASE30-ratio"][1][40, 0] == pytest.approx(900 / 1030 * (1600 + 140))


def test_a_forecast_as_bad_as_the_flat_model_has_scaled_error_one() -> None:
    """One camp, constant misses: the ratio of mean absolute errors."""
    recorded = np.concatenate([np.full(8, 100), np.full(32, 200)])[:, None]
    simulated = np.zeros((40, 1, 1), dtype=np.int32) + 1
    names, values = scaled_errors(simulated, recorded)
    assert names[0] == "MASE7"
    assert values[0, 0] == pytest.approx(0.0)  # one camp: rescaling sets it right
    both = np.concatenate([recorded, recorded], axis=1)
    uneven = np.tile(np.array([[[1], [0]]], dtype=np.int32), (40, 1, 1))
    assert scaled_errors(uneven, both)[1][0, 0] == pytest.approx((8 * 100 + 32 * 200) / 40 / 100)


def test_camps_without_records_and_empty_windows() -> None:
    """A camp without a record is left out; without any, or without days, there is nothing to score."""
    recorded = RECORDED.copy()
    recorded[:, 1] = NO_RECORD
    assert score_flight(SIMULATED, recorded, ("one", "two")).camps == ("one",)
    with pytest.raises(ValueError, match="nothing to score"):
        score_flight(SIMULATED, RECORDED, ("one", "two"), (2, 2))
    with pytest.raises(ValueError, match="nothing to score"):
        score_flight(SIMULATED, np.full((3, 2), NO_RECORD), ("one", "two"))


def test_counts_below_that_of_day_0_are_no_missing_records() -> None:
    """With empty_camps_on_day0 counts go on from zero and may fall below it; -1 is then a count like any other."""
    recorded = np.array([[0, 0], [-1, 4], [-2, 6]])
    score = score_flight(SIMULATED, recorded, ("one", "two"))
    assert score.camps == ("one", "two")
    assert score.camp_error[0, 0] == pytest.approx((10 / 1 + 11 / 3 + 32 / 4) / 3)
    assert np.isfinite(score.wis_log)
