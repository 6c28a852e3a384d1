"""Calibration of the reference case and of worlds that say little."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sarai.calibrate.calibrate import calibrate
from sarai.calibrate.knots import continue_process, interpolate, interpolation_weights, markov_precision, place_knots
from sarai.calibrate.posterior import Posterior
from sarai.calibrate.regimes import combinations, prior_weights
from sarai.calibrate.scope import BACKGROUND, limit_world
from sarai.observe.case_folder import load_case

DAY = date(2023, 10, 28)


@pytest.fixture(scope="module")
def posterior() -> Posterior:
    """The reference case three days before the deadline."""
    return calibrate(load_case("pakistan-2023").as_of(DAY))


def test_most_figures_are_fitted_within_their_error(posterior: Posterior) -> None:
    """Three quarters of the figures lie within two standard deviations of the fit."""
    residuals = np.array([figure.residual for figure in posterior.figures])
    assert residuals.size >= 20
    assert np.mean(np.abs(residuals) < 2.0) > 0.75


def test_a_member_is_the_same_in_any_company(posterior: Posterior) -> None:
    """Member 7 drawn alone equals member 7 drawn among twenty, in every parameter."""
    last = posterior.as_of_day + 5
    many = posterior.draw(np.arange(20, dtype=np.uint64), 3, last)
    alone = posterior.draw(np.array([7], dtype=np.uint64), 3, last)
    for (name, whole), (_, single) in zip(many.arrays(), alone.arrays(), strict=True):
        np.testing.assert_array_equal(whole[..., 7:8], single, err_msg=name)


def test_reports_of_tomorrow_change_nothing() -> None:
    """The posterior of a day is the same bits whether or not later rows and events exist."""
    case = load_case("pakistan-2023")
    cut = replace(
        case,
        reports=tuple(r for r in case.reports if r.known <= DAY),
        events=tuple(e for e in case.events if e.known <= DAY),
    )
    whole, shorn = calibrate(case.as_of(DAY)), calibrate(cut.as_of(DAY))
    np.testing.assert_array_equal(whole.components[0].fit.mode, shorn.components[0].fit.mode)
    assert [c.weight for c in whole.components] == [c.weight for c in shorn.components]


def test_order_of_reports_changes_nothing(posterior: Posterior) -> None:
    """Rows may stand in any order."""
    world = load_case("pakistan-2023").as_of(DAY)
    turned = calibrate(replace(world, reports=world.reports[::-1]))
    np.testing.assert_array_equal(turned.components[0].fit.mode, posterior.components[0].fit.mode)


def test_without_reports_the_posterior_is_the_prior_and_says_so() -> None:
    """On the day after the announcement nothing has been counted: prior means, and a sentence."""
    found = calibrate(load_case("pakistan-2023").as_of(date(2023, 10, 4)))
    np.testing.assert_array_equal(found.components[0].fit.mode, found.unknowns.mean)
    assert "priors alone" in found.status


def test_reports_of_long_ago_are_not_mistaken_for_none() -> None:
    """Two years after the last report the posterior is the prior again, and the sentence says why."""
    found = calibrate(load_case("pakistan-2023").as_of(date(2027, 1, 1)))
    assert "too old" in found.status


def test_before_any_announcement_the_usual_movement_is_fitted() -> None:
    """Without a wave the law has a background that the discrepancy moves."""
    near = limit_world(load_case("pakistan-2023").as_of(date(2023, 9, 25)))
    assert [wave.id for wave in near.calendar.waves] == [BACKGROUND]
    found = calibrate(load_case("pakistan-2023").as_of(date(2023, 9, 25)))
    assert found.model.waves == (BACKGROUND,)


def test_weights_of_regimes_sum_to_one_and_withdrawn_waves_are_not_enforced(posterior: Posterior) -> None:
    """Probabilities of the components sum to one; a wave that was called off has one regime left."""
    assert abs(sum(component.weight for component in posterior.components) - 1.0) < 1e-9
    wave = load_case("pakistan-2023").as_of(DAY).calendar.waves[0]
    assert prior_weights(replace(wave, withdrawn=True), (), DAY)["not enforced"] == 1.0


def test_an_extension_lowers_and_acts_raise_the_chance_of_enforcement() -> None:
    """Extensions speak against a deadline, visible acts of enforcement for it."""
    world = load_case("pakistan-2023").as_of(DAY)
    wave = world.calendar.waves[0]
    plain = prior_weights(wave, (), DAY)["not enforced"]
    assert prior_weights(replace(wave, extensions=(date(2023, 10, 20),)), (), DAY)["not enforced"] > plain
    assert prior_weights(wave, world.calendar.events, DAY)["not enforced"] < plain
    once, half = (prior_weights(wave, (), DAY, count)["not enforced"] for count in (1.0, 0.5))
    assert plain < half < once


def test_combinations_of_regimes_keep_probability() -> None:
    """Two waves with three regimes give combinations that sum to one."""
    one = {"on time": 0.5, "late": 0.3, "not enforced": 0.2}
    found = combinations((one, one))
    assert abs(sum(weight for _, weight in found) - 1.0) < 1e-12
    assert found[0][0] == ("on time", "on time")


def test_knots_cover_the_span_and_grow_sparse() -> None:
    """The first and last day are knots; steps are short near the end."""
    days = place_knots(0, 200, 2, 7, 45)
    assert days[0] == 0 and days[-1] == 200
    assert set(np.diff(days)[-20:]) == {2} and np.diff(days)[1] == 7


def test_the_markov_precision_is_the_inverse_of_its_covariance() -> None:
    """Covariance sd^2 rho^|distance| inverts to the tridiagonal precision."""
    days = np.array([0, 2, 3, 9, 16])
    covariance = 0.3**2 * 0.9 ** np.abs(days[:, None] - days[None, :])
    np.testing.assert_allclose(markov_precision(days, 0.9, 0.3), np.linalg.inv(covariance), atol=1e-9)


def test_interpolation_passes_through_the_knots() -> None:
    """Daily values equal the knots on their days."""
    days = np.array([10, 12, 17])
    left, share = interpolation_weights(days, 10, 18)
    daily = interpolate(np.array([[1.0], [2.0], [4.0]]), left, share)[:, 0]
    np.testing.assert_allclose(daily[[0, 2, 7, 8]], [1.0, 2.0, 4.0, 4.0])


def test_the_continued_process_forgets_and_keeps_its_spread() -> None:
    """Far ahead the process has its marginal sd whatever it started from."""
    normals = np.random.default_rng(1).normal(size=(80, 4000))
    ahead = continue_process(np.full(4000, 2.0), normals, 0.85, 0.25)
    assert abs(ahead[-1].mean()) < 0.02 and abs(ahead[-1].std() - 0.25) < 0.02
