"""Kept forecasts: the same bytes back, scored as they were made, by reports that came later and by no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from sarai.forecast.archive import DOCUMENTED_PRIORS, YARDSTICK, KeptForecast, kept_bytes, read_kept, score_kept
from sarai.forecast.forecast import QUANTILE_LEVELS
from sarai.forecast.scores import weighted_interval_score
from sarai.forecast.targets import Target
from sarai.world.errors import RequestError

DAY = date(2030, 3, 1)


def made(seed: int = 1, low: float = 90.0) -> KeptForecast:
    """Ten days at two crossings, 100 samples: `pool` around 100 a day, the yardstick around 50."""
    spread = np.linspace(0.0, 20.0, 100)
    pool = np.broadcast_to(low + spread, (10, 2, 100)).copy()
    return KeptForecast(
        case="small", reference_date=DAY, phase="before", seed=seed, vintage="a1", version="0",
        crossings=("east", "west"), samples={"pool": pool, YARDSTICK: pool - 50.0},
    )  # fmt: skip


def target(start: int, end: int, crossings: tuple[str, ...] = ("east",), persons: int = 300, lag: int = 1) -> Target:
    """A report on days start to end after DAY, known `lag` days after its end."""
    last = DAY + timedelta(days=end)
    return Target(
        id=f"{start}-{end}-{'+'.join(crossings)}", case="small", series="desk", row_ids=("r",),
        start=DAY + timedelta(days=start), end=last, crossings=crossings, status="all", persons=persons,
        known=last + timedelta(days=lag),
    )  # fmt: skip


def test_a_forecast_comes_back_from_its_file_as_it_was() -> None:
    """Facts and samples survive, and the same forecast has the same bytes."""
    kept = made()
    again = read_kept(kept_bytes(kept), "x.parquet")
    assert replace(again, samples={}) == replace(kept, samples={})
    for model, samples in kept.samples.items():
        np.testing.assert_array_equal(again.samples[model], np.rint(samples))
    assert kept_bytes(kept) == kept_bytes(again)


def test_a_kept_forecast_says_which_priors_it_was_made_with() -> None:
    """The hash of a file of priors comes back; a forecast without such a file says that it used the documented ones."""
    learned = replace(made(), priors="f00d")
    assert read_kept(kept_bytes(learned), "x.parquet").priors == "f00d"
    assert read_kept(kept_bytes(made()), "x.parquet").priors == DOCUMENTED_PRIORS


@pytest.mark.parametrize("data", [b"", b"PAR1 but no table", kept_bytes(made())[:-20]])
def test_a_file_that_is_no_kept_forecast_is_named(data: bytes) -> None:
    """A damaged file is a sentence, not a crash."""
    with pytest.raises(RequestError, match=r"2030\.parquet"):
        read_kept(data, "2030.parquet")


def test_the_score_of_a_window_is_that_of_the_sums_of_its_days_and_crossings() -> None:
    """Three days at both crossings: six times a day's sample, scored as the plain formula says."""
    row = next(
        r for r in score_kept([made()], [target(1, 3, ("east", "west"))], by=DAY + timedelta(30)) if r.model == "pool"
    )
    sums = 6.0 * (90.0 + np.linspace(0.0, 20.0, 100))
    expected = weighted_interval_score(np.quantile(sums, QUANTILE_LEVELS), 300.0, QUANTILE_LEVELS).total
    assert row.wis == pytest.approx(float(expected))
    assert (row.origin, row.horizon_days, row.observed) == (DAY, 3, 300.0)


def test_only_reports_that_came_after_the_forecast_and_by_the_day_count() -> None:
    """A window that began before the forecast, one beyond its horizon, and one not public yet are left out."""
    targets = [target(0, 2), target(1, 2), target(8, 11), target(3, 4, lag=9), target(2, 3, ("north",))]
    by = DAY + timedelta(days=6)
    assert {row.target_id for row in score_kept([made()], targets, by=by)} == {"1-2-east"}
    later = {row.target_id for row in score_kept([made()], targets, by=DAY + timedelta(days=40))}
    assert later == {"1-2-east", "3-4-east"}


def test_every_kept_forecast_is_scored_with_its_yardstick() -> None:
    """Two forecasts of one day: each target once for each, beside the yardstick kept with it."""
    rows = score_kept([made(seed=2, low=140.0), made()], [target(1, 1, persons=100)], by=DAY + timedelta(30))
    assert [(row.seed, row.model) for row in rows] == [(1, YARDSTICK), (1, "pool"), (2, YARDSTICK), (2, "pool")]
    assert rows[1].wis < rows[0].wis and rows[1].wis < rows[3].wis
