"""The forecast of the reference case three days before the deadline, and forecasts that rest on little."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from sarai.calibrate.calibrate import calibrate
from sarai.forecast.backtest import OriginFit, backtest, paths_of_models, weekly_origins
from sarai.forecast.forecast import Forecast
from sarai.forecast.hub import forecast_table
from sarai.forecast.make import make_forecast
from sarai.forecast.summary import summarise, summary_text
from sarai.forecast.targets import find_targets
from sarai.forecast.weights import pool_weights
from sarai.observe.case_folder import load_case
from sarai.reconcile.reconcile import reconcile

DAY = date(2023, 10, 28)
MEMBERS = 300


@pytest.fixture(scope="module")
def fit() -> OriginFit:
    """What is known on 28 October 2023."""
    world = load_case("pakistan-2023").as_of(DAY)
    return OriginFit(world=world, picture=reconcile(world, 200, 1), posterior=calibrate(world))


def forecast_of(fit: OriginFit, members: int = MEMBERS, first: int = 0) -> Forecast:
    """The default forecast with seed 1."""
    return make_forecast(
        fit.world, fit.picture, fit.posterior, horizon_days=28, member_count=members, seed=1, first_member=first
    )


@pytest.fixture(scope="module")
def made(fit: OriginFit) -> Forecast:
    """The default forecast."""
    return forecast_of(fit)


def test_the_rush_that_came_is_inside_the_band(fit: OriginFit) -> None:
    """The later report of Torkham for 1 to 4 November, about 63,800, lies in the 90 % band of 1,000 members."""
    daily = forecast_of(fit, 1000).series["day crossings"]
    samples = daily.samples[3:7, daily.locations.index("torkham")].sum(axis=0)
    low, high = np.quantile(samples, [0.05, 0.95])
    assert low < 63_800 < high
    assert high / low < 8.0


def test_the_coming_week_exceeds_the_last_one(fit: OriginFit, made: Forecast) -> None:
    """The median of the week from 29 October lies well above the reconciled week before."""
    before = float(np.median(fit.picture.flow[-7:].sum(axis=(0, 1))))
    assert float(np.median(made.series["week crossings"].samples[0, 0])) > 1.7 * before


def test_the_location_all_is_the_sum_of_the_others(made: Forecast) -> None:
    """Member by member, all crossings together are the sum over crossings."""
    for name in ("day crossings", "week crossings", "queue at close", "day arrivals"):
        samples = made.series[name].samples
        np.testing.assert_allclose(samples[:, 0], samples[:, 1:].sum(axis=1), err_msg=name)


def test_blocks_of_members_change_nothing(fit: OriginFit, made: Forecast) -> None:
    """Members 100 to 119 run alone are those of the whole run, in every target."""
    part = forecast_of(fit, 20, 100)
    for name, series in made.series.items():
        np.testing.assert_array_equal(series.samples[:, :, 100:120], part.series[name].samples, err_msg=name)


def test_cores_change_no_bit(fit: OriginFit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forecast of 70 members on 1, 3 and 11 cores, whose blocks are of another size each time."""
    made = []
    for cores in ("1", "3", "11"):
        monkeypatch.setenv("SARAI_CORES", cores)
        made.append(forecast_of(fit, 70))
    for other in made[1:]:
        for name, series in made[0].series.items():
            assert series.samples.tobytes() == other.series[name].samples.tobytes(), name


def test_one_member_is_a_forecast(fit: OriginFit) -> None:
    """With a single member every quantile is that member's value."""
    table = forecast_table(forecast_of(fit, 1))
    spread = table.filter(pl.col("output_type") == "quantile").group_by(["target", "location", "horizon"]).agg(
        (pl.col("value").max() - pl.col("value").min()).alias("spread")
    )  # fmt: skip
    assert spread["spread"].max() == 0.0


def rising_groups(table: pl.DataFrame) -> int:
    """How many forecasts have 23 levels whose values do not fall."""
    groups = table.filter(pl.col("output_type") == "quantile").group_by(["target", "location", "horizon"]).agg("value")
    assert all(len(values) == 23 and values == sorted(values) for values in groups["value"].to_list())
    return groups.height


def test_the_table_has_23_levels_and_a_cdf_that_ends_at_one(made: Forecast) -> None:
    """Quantiles do not cross, the first breach closes with `none`, and the table can be read back."""
    table = forecast_table(made, sample_count=5)
    assert rising_groups(table) > 1000
    closing = table.filter((pl.col("output_type") == "cdf") & (pl.col("output_type_id") == "none"))
    assert closing.height == len(made.breach_stages) and (closing["value"] == 1.0).all()
    draws = table.filter((pl.col("output_type") == "sample") & (pl.col("target") == "day crossings"))
    assert draws["output_type_id"].unique().len() == 5


def test_nothing_in_a_forecast_tells_the_chance_of_enforcement(made: Forecast) -> None:
    """Regimes and their probabilities stand in no field of the default output."""
    said = " ".join((*made.notes, *made.weights, *made.series)).lower()
    assert "enforced on time" not in said and "not enforced" not in said and "regime" not in said


def test_weights_of_the_pool_sum_to_one_in_every_phase() -> None:
    """The weights sum to one in every phase; the law holds two fifths at least, a fifth without a deadline."""
    case = load_case("pakistan-2023")
    days = {date(2023, 9, 20): 0.2, DAY: 0.4, date(2023, 11, 5): 0.4, date(2023, 12, 10): 0.4}
    for day, least in days.items():
        world = case.as_of(day)
        weights = pool_weights(world, reconcile(world, 20, 1))
        assert abs(sum(weights.values()) - 1.0) < 1e-12 and weights["law"] >= least


def test_events_and_rows_of_tomorrow_leave_the_forecast_as_it_is(fit: OriginFit) -> None:
    """The paths of every model are the same bits when later rows and events do not exist."""
    case = load_case("pakistan-2023")
    cut = replace(
        case, reports=tuple(r for r in case.reports if r.known <= DAY),
        events=tuple(e for e in case.events if e.known <= DAY),
    ).as_of(DAY)  # fmt: skip
    shorn = OriginFit(world=cut, picture=reconcile(cut, 200, 1), posterior=calibrate(cut))
    names = ("pool", "law", "ets")
    whole = paths_of_models(fit, names, horizon_days=14, member_count=20, seed=1)
    again = paths_of_models(shorn, names, horizon_days=14, member_count=20, seed=1)
    for name in names:
        np.testing.assert_array_equal(whole[name], again[name], err_msg=name)


def test_a_forecast_says_that_nobody_knows_until_when_a_crossing_is_shut() -> None:
    """The day after it was shut nobody knows until when, and it opens again member by member; then the end is known."""
    case = load_case("teaching")
    for day, shut in ((date(2031, 3, 25), True), (date(2031, 3, 26), False)):
        world = case.as_of(day)
        known = OriginFit(world=world, picture=reconcile(world, 50, 1), posterior=calibrate(world))
        said = "; ".join(forecast_of(known, 50).notes)
        assert ("shut, and no day of reopening is known: high_pass" in said) == shut


def test_a_backtest_beats_persistence_at_the_peak() -> None:
    """At the origin after the peak, law and pool score better than persistence on both scales."""
    case = load_case("pakistan-2023")
    targets = find_targets(case.as_of(case.last_known()))
    rows = backtest(
        case.as_of, [date(2023, 11, 12)], targets, models=("pool", "law", "persistence"), seeds=(1,), member_count=200
    )
    found = {item.model: item for item in summarise(rows)}
    assert found["law"].ratio < 0.6 and found["law"].ratio_log < 0.6
    assert found["pool"].ratio < 0.6 and found["pool"].ratio_log < 0.7
    assert "| pool |" in summary_text(summarise(rows))


def test_weekly_origins_all_have_targets() -> None:
    """Origins chosen by default each have a target ahead."""
    case = load_case("pakistan-2023")
    targets = find_targets(case.as_of(case.last_known()))
    assert len(weekly_origins(targets, 28)) >= 10
    assert weekly_origins((), 28) == []
