"""Baselines on histories whose answer is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from makers.folder import SMALLEST_YAML, smallest_case
from sarai.calibrate.noise import keyed_normals
from sarai.forecast.baselines import BASELINES, History, normal_rank, read_history, tame_level
from sarai.forecast.smoothing import fit_ets, fit_theta
from sarai.forecast.yardsticks import Outlook, past_deadlines, read_outlook
from sarai.observe.case_folder import case_from_files, load_case

IDS = np.arange(400, dtype=np.uint64)
NORMALS = keyed_normals(7, "test", IDS, range(738_000, 738_028), ("a", "b", "shared"))


def flat_history(level: float = 1000.0) -> History:
    """Sixty days at one level at two crossings."""
    return History(
        log_flow=np.full((60, 2), np.log1p(level)),
        level=np.full((2, IDS.size), level),
        last=np.full(2, np.log1p(level)),
    )


def test_every_baseline_stays_at_a_level_that_never_moved() -> None:
    """On a constant history the median of each baseline is that level, and paths are finite and not negative."""
    for name, baseline in BASELINES.items():
        paths = baseline(flat_history(), NORMALS)
        assert paths.shape == (28, 2, IDS.size), name
        assert np.isfinite(paths).all() and (paths >= 0.0).all(), name
        assert abs(np.median(paths) / 1000.0 - 1.0) < 0.1, name


def test_uncertainty_grows_with_the_horizon() -> None:
    """Bands widen: the last day is less certain than the first."""
    moving = History(
        log_flow=np.log1p(1000.0) + np.cumsum(np.tile([[0.2, -0.2]], (60, 1)) * np.resize([1, -1], (60, 1)), axis=0),
        level=np.full((2, IDS.size), 1000.0),
        last=np.full(2, np.log1p(1000.0)),
    )
    for name in ("persistence", "log_random_walk", "ets"):
        spread = np.log1p(BASELINES[name](moving, NORMALS)).std(axis=2).mean(axis=1)
        assert spread[-1] > spread[0], name


def test_the_trend_goes_on_but_is_capped() -> None:
    """A steep rise goes on, to four times the level at most."""
    days = np.arange(60.0)[:, None]
    steep = History(
        log_flow=np.repeat(np.log1p(10.0) + 0.4 * days, 2, axis=1), level=np.full((2, IDS.size), 5e5),
        last=np.full(2, np.log1p(1e6)),
    )  # fmt: skip
    ratio = BASELINES["damped_trend"](steep, NORMALS) / BASELINES["persistence"](steep, NORMALS)
    np.testing.assert_allclose(ratio[-1], 4.0, rtol=1e-9)


def test_reversion_never_raises_a_level() -> None:
    """After a peak the level falls back; a level below the usual one stays."""
    low = flat_history(1000.0)
    low = History(log_flow=low.log_flow, level=low.level / 10.0, last=low.last)
    low.log_flow[-7:] -= np.log(10.0)
    np.testing.assert_allclose(BASELINES["reversion"](low, NORMALS), BASELINES["persistence"](low, NORMALS))
    high = flat_history(1000.0)
    high.log_flow[-7:] += np.log(10.0)
    assert np.median(BASELINES["reversion"](high, NORMALS)[-1]) < 0.2 * 1000.0


def test_wild_levels_are_tamed() -> None:
    """A sample a million times above the median comes back within reach of it; the median stays."""
    level = np.array([[1e9, 100.0, 100.0, 100.0, 0.0]])
    tamed = tame_level(level)
    assert tamed.max() < 1000.0 and tamed.min() > 10.0 and abs(np.median(tamed) - np.median(level)) < 1e-9


def test_smoothing_follows_a_line() -> None:
    """ETS and Theta continue a straight line in its direction, Theta at half its slope."""
    line = np.linspace(2.0, 8.0, 61)
    ets, _ = fit_ets(line, 5)
    theta, _ = fit_theta(line, 5)
    assert ets[-1] > line[-1]
    np.testing.assert_allclose(np.diff(theta), 0.05, rtol=1e-6)


def test_normal_rank_is_the_normal_distribution_function() -> None:
    """Known points of the normal distribution."""
    np.testing.assert_allclose(
        normal_rank(np.array([0.0, 1.6448536269514722, -1.959963984540054])), [0.5, 0.95, 0.025], atol=1e-7
    )


def test_an_empty_picture_gives_a_level_of_zero() -> None:
    """No days, no level: zeros, not an error."""
    from dataclasses import fields

    from sarai.reconcile.picture import Picture

    empty = {f.name: () for f in fields(Picture)}
    empty.update(days=np.zeros(0, dtype=np.int64), crossings=("a",), flow=np.zeros((0, 1, 0)), status="ok")
    picture = Picture(**empty)  # type: ignore[arg-type]
    assert read_history(picture, 738_000, IDS).level.sum() == 0.0


def test_climatology_goes_as_other_deadlines_went() -> None:
    """Before a deadline each member follows one other emergency; its own case teaches nothing."""
    level = flat_history()
    three_days_ahead = replace(level, outlook=Outlook(tau=-3))
    paths = BASELINES["deadline_climatology"](three_days_ahead, NORMALS) / BASELINES["persistence"](level, NORMALS)
    flow = past_deadlines()[("pakistan-2023", "undocumented")]
    centre = flow.size // 2
    expected = (flow[centre + 1] + 1.0) / (flow[centre - 9 : centre - 2].mean() + 1.0)
    assert np.isclose(paths[3, 0], expected).mean() > 0.15, "a quarter of the members go as 2023 went"
    assert len({round(float(value), 6) for value in paths[3, 0]}) == len(past_deadlines())
    own = replace(level, outlook=Outlook(tau=-3, without=frozenset({"pakistan-2023"})))
    assert not np.isclose(
        BASELINES["deadline_climatology"](own, NORMALS)[3, 0] / BASELINES["persistence"](level, NORMALS)[3, 0], expected
    ).any()
    none = replace(level, outlook=Outlook())
    np.testing.assert_array_equal(
        BASELINES["deadline_climatology"](none, NORMALS), BASELINES["persistence"](level, NORMALS)
    )


def test_the_planning_figure_is_split_as_the_crossings_are() -> None:
    """Two crossings at one to three: the planned thousand a day at 250 and 750 in the middle, on every day."""
    level = flat_history()
    level.level[1] *= 3.0
    paths = BASELINES["planning_figure"](replace(level, outlook=Outlook(tau=-10, planned=1000.0)), NORMALS)
    np.testing.assert_allclose(np.median(paths, axis=2)[5], [250.0, 750.0], rtol=0.1)
    np.testing.assert_array_equal(paths[0], paths[-1])


def test_the_outlook_of_the_reference_case() -> None:
    """Three days before the deadline of 2023 those named are spread over the notice that was given."""
    world = load_case("pakistan-2023").as_of(date(2023, 10, 28))
    outlook = read_outlook(world)
    named = sum((s.low_persons + s.high_persons) / 2 for s in world.strata if s.status in ("undocumented", "other"))
    assert outlook.tau == -3 and outlook.planned == named / 28
    assert outlook.without == {"pakistan-2023"}
    elsewhere = read_outlook(load_case("sudan-southsudan-2023").as_of(date(2023, 10, 28)))
    assert elsewhere == Outlook(without=frozenset({"sudan-southsudan-2023"}))


def test_where_nobody_named_a_number_of_people_there_is_no_planning_figure() -> None:
    """The range that is then taken (A7) is no plan: the middle of 10,000 and 3,000,000 was spread over the notice."""
    named = case_from_files("named", smallest_case())
    lines = [line for line in SMALLEST_YAML.splitlines() if not line.startswith("population:")]
    unnamed = case_from_files("unnamed", smallest_case(case="\n".join(lines)))
    day = date(2030, 3, 12)
    assert read_outlook(named.as_of(day)).planned == 200_000 / 30
    assert unnamed.as_of(day).strata and read_outlook(unnamed.as_of(day)).planned is None
