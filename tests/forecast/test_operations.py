"""Alerts, peaks, stocks and losses on rows whose answer can be counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from makers.score_rows import ORIGIN, score_row
from sarai.forecast.against import against_each
from sarai.forecast.backtest import backtest
from sarai.forecast.forecast import QUANTILE_LEVELS
from sarai.forecast.marks import breach_chance, chance_from_quantiles, mark_scope, peak_of
from sarai.forecast.operations import breach_scores, loss_table, peak_errors, stock_scores
from sarai.forecast.operations_text import operations_text
from sarai.forecast.phases import by_phase
from sarai.forecast.score_row import ScoreRow
from sarai.forecast.targets import find_targets
from sarai.observe.case_folder import load_case
from sarai.reconcile.reconcile import reconcile


def test_alerts_are_counted_72_hours_ahead_only() -> None:
    """Four windows: a hit, a miss, a false alarm, and a breach tomorrow that no alert can be early for."""
    rows = [
        score_row(start=4, observed=900, chance=0.6),
        score_row(start=5, observed=900, chance=0.1),
        score_row(start=6, observed=100, chance=0.2),
        score_row(start=2, observed=900, chance=0.9),
    ]
    (score,) = breach_scores(rows)
    assert (score.windows, score.happened, score.alerts) == (4, 3, 2)
    assert score.hit_rate == 0.5 and score.false_alarms == 0.5
    assert score.brier == pytest.approx(np.mean([0.4**2, 0.9**2, 0.2**2, 0.1**2]))
    assert score.base == pytest.approx(0.75 * 0.25)


def test_nothing_to_divide_by_is_said_as_none() -> None:
    """No breach and no alert: neither rate exists; rows without a mark do not count."""
    (score,) = breach_scores([score_row(start=4), replace(score_row(start=5), ready=None)])
    assert score.windows == 1 and score.hit_rate is None and score.false_alarms is None
    assert "none" in operations_text(
        [score_row(start=4, observed=90), score_row(start=4, observed=90, model="persistence")]
    )


def test_a_window_of_several_days_breaches_by_its_mean() -> None:
    """Ready for 150 a day: 400 in two days are above, 250 are not."""
    rows = [score_row(start=4, days=2, observed=400), score_row(start=6, days=2, observed=250)]
    assert breach_scores(rows)[0].happened == 1


def test_the_error_of_the_peak_is_the_distance_to_the_busiest_window() -> None:
    """Busiest window on days 8 to 9; said day 5: three days early. No breach, no peak; long windows do not count."""
    rows = [score_row(start=3, observed=200, peak=5), score_row(start=8, days=2, observed=2000, peak=5),
            score_row(start=1, days=20, observed=90_000, peak=5)]  # fmt: skip
    assert peak_errors(rows) == {"pool": (3.0, 1)}
    assert peak_errors([score_row(start=3, observed=100, peak=5)]) == {}
    assert peak_errors([replace(row, peak_day=ORIGIN + timedelta(days=9)) for row in rows]) == {"pool": (0.0, 1)}


def test_stocks_count_who_goes_without_and_what_is_left_over() -> None:
    """Stock of 120 against 100 and 200 people on two origins; the planning figure plans for its median, 1,000."""
    later = ORIGIN + timedelta(days=7)
    rows = [score_row(samples=(120.0,)), score_row(samples=(120.0,), origin=later, observed=200),
            score_row(model="planning_figure", samples=(1000.0,)),
            score_row(model="planning_figure", samples=(1000.0,), origin=later, observed=200)]  # fmt: skip
    pool, planned = stock_scores(rows)
    assert (pool.plan, pool.unserved, pool.surplus) == ("pool at P80", 40.0, 10.0)
    assert (planned.unserved, planned.surplus) == (0.0, 850.0)


def test_losses_stand_by_crossing_and_days_ahead() -> None:
    """A window ends on day 3, 4 or 15: steps 3 and 7, and none."""
    rows = [score_row(start=3, samples=(90.0,)), score_row(start=4, samples=(90.0,)), score_row(start=15)]
    found = loss_table(rows, ("pool",))
    assert [(step, windows) for _, step, _, windows, _, _ in found] == [(3, 1), (7, 1)]
    assert found[0][4] == pytest.approx(8.0) and found[0][5] == pytest.approx(9.5)


def test_a_chance_is_the_share_of_samples_above_what_was_ready() -> None:
    """Samples and quantiles of the same distribution say about the same."""
    samples = np.arange(1000.0)
    assert breach_chance(samples, 399.5, 2) == 0.2
    assert chance_from_quantiles(np.quantile(samples, QUANTILE_LEVELS), 399.5, 2) == pytest.approx(0.2, abs=0.01)
    assert chance_from_quantiles(np.quantile(samples, QUANTILE_LEVELS), 1e9, 1) == pytest.approx(0.01)


def test_the_day_of_the_peak_is_the_median_busiest_day() -> None:
    """Three members whose busiest days are the first, second and fifth: the second."""
    paths = np.ones((6, 2, 3))
    for member, day in enumerate((0, 1, 4)):
        paths[day, :, member] = 9.0
    assert peak_of(paths, [0, 1], ORIGIN) == ORIGIN + timedelta(days=2)


def test_what_is_ready_is_twice_the_last_week_where_capacity_is_assumed() -> None:
    """Torkham's capacity rests on an assumption: the picture decides, and nothing known later."""
    world = load_case("pakistan-2023").as_of(date(2023, 10, 20))
    picture = reconcile(world, 60, 1)
    mark = mark_scope(world, picture, ("torkham",))
    assert mark.ready == 2.0 * mark.level and 500.0 < mark.level < 10_000.0
    cited = replace(
        world,
        crossings=tuple(replace(c, basis=replace(c.basis, source_id="x", assumption="")) for c in world.crossings),
    )
    (gate,) = (c for c in world.crossings if c.place_id == "torkham")
    wanted = (gate.closes_hour - gate.opens_hour) * gate.desks * gate.persons_desk_hour
    assert mark_scope(cited, picture, ("torkham",)).ready == pytest.approx(wanted)


def test_a_backtest_marks_its_rows_and_says_everything() -> None:
    """One origin of the reference case: every row has its mark, and every table is there."""
    case = load_case("pakistan-2023")
    targets = find_targets(case.as_of(case.last_known()))
    rows = backtest(case.as_of, [date(2023, 10, 27)], targets, models=("pool", "persistence", "planning_figure"),
                    horizon_days=14, member_count=100)  # fmt: skip
    assert all(row.chance is not None and 0.0 <= row.chance <= 1.0 and row.peak_day is not None for row in rows)
    assert [pair.baseline for pair in against_each(rows)][-1] == "planning_figure"
    text = operations_text(rows)
    for title in (
        "Parts of WIS",
        "against each baseline",
        "The pool by phase",
        "Windows above",
        "Day of the peak",
        "Person-days",
        "Quantile loss",
    ):
        assert title in text


def test_each_phase_has_its_own_best_baseline() -> None:
    """Before, persistence is best; at the turn the random walk is, by persons, and persistence on the log scale."""

    def scored(phase: str, model: str, wis: float, wis_log: float) -> ScoreRow:
        origin = ORIGIN + timedelta(days=30 * (phase == "turn"))
        return replace(score_row(start=4, model=model), phase=phase, origin=origin, wis=wis, wis_log=wis_log)

    rows = [
        scored("turn", "pool", 30.0, 0.3), scored("turn", "persistence", 60.0, 0.4),
        scored("turn", "log_random_walk", 50.0, 0.6), scored("before", "pool", 80.0, 0.5),
        scored("before", "persistence", 40.0, 0.5), scored("before", "log_random_walk", 90.0, 1.0),
    ]  # fmt: skip
    before, turn = by_phase(rows)
    assert (before.phase, before.best, before.ratio, before.best_log, before.ratio_log) == (
        "before", "persistence", 2.0, "persistence", 1.0,
    )  # fmt: skip
    assert (turn.best, turn.ratio, turn.best_log) == ("log_random_walk", 0.6, "persistence")
    assert turn.ratio_log == pytest.approx(0.75) and (turn.origins, turn.targets) == (1, 1)
    assert by_phase(rows, "law") == [] and by_phase([row for row in rows if row.model == "pool"]) == []
