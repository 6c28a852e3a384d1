"""Members drawn from priors."""

from __future__ import annotations

import numpy as np
from scipy.special import logit

from makers.worlds import make_world
from sarai.model.returns import build_returns
from sarai.simulate.prior import draw_prior

IDS = np.arange(4000, dtype=np.uint64)


def test_draws_have_the_medians_and_spreads_of_the_table() -> None:
    """A lognormal parameter has its median and log sd, a series its stationary sd and its correlation."""
    model = build_returns(make_world())
    parameters = draw_prior(model, IDS, first_day=model.first_day, last_day=model.first_day + 20, seed=5)
    logs = np.log(parameters.rise_rate[0])
    prior = model.priors["rise_rate"]
    assert abs(np.median(logs) - np.log(prior.centre[0])) < 0.08
    assert abs(np.std(logs) - prior.spread[0]) < 0.06
    series = parameters.discrepancy
    spread, rho = float(model.priors["discrepancy"].spread), model.priors["discrepancy"].rho
    assert abs(np.std(series[0]) / spread - 1.0) < 0.06
    assert abs(np.std(series[20]) / spread - 1.0) < 0.06
    assert abs(np.corrcoef(series[10], series[11])[0, 1] - rho) < 0.02
    parameters.validate()


def test_every_value_is_normal_on_its_own_scale() -> None:
    """Log, logit or as it stands, each parameter has the centre and the spread of its prior, entry by entry."""
    model = build_returns(make_world())
    parameters = draw_prior(model, IDS, first_day=model.first_day, last_day=model.first_day, seed=5)
    scales = {"lognormal": np.log, "logitnormal": logit, "normal": np.positive, "fixed": np.positive}
    seen = set()
    for name, prior in model.priors.items():
        if prior.kind not in scales:
            continue
        seen.add(prior.kind)
        values = scales[prior.kind](getattr(parameters, name))
        spread = prior.spread[..., None]
        away = (values - scales[prior.kind](prior.centre)[..., None]) / np.where(spread > 0.0, spread, 1.0)
        assert np.abs(away.mean(axis=-1)).max() < 5.0 / np.sqrt(IDS.size), name
        expected = np.where(prior.spread > 0.0, 1.0, 0.0)
        assert np.abs(away.std(axis=-1) - expected).max() < 5.0 / np.sqrt(2.0 * IDS.size), name
    assert seen == set(scales)


def test_a_population_range_is_a_ninety_per_cent_interval() -> None:
    """Nine in ten members lie within the range of the population table."""
    world = make_world()
    model = build_returns(world)
    parameters = draw_prior(model, IDS, first_day=model.first_day, last_day=model.first_day, seed=5)
    low, high = world.strata[0].low_persons, world.strata[0].high_persons
    inside = (parameters.population[0] >= low) & (parameters.population[0] <= high)
    assert abs(inside.mean() - 0.9) < 0.02


def test_adding_an_origin_changes_no_other_draw() -> None:
    """Each value is keyed by its ids: a larger case keeps the values of what it had."""
    small, large = build_returns(make_world(origins=2)), build_returns(make_world(origins=3))
    days = {"first_day": small.first_day, "last_day": small.first_day + 3}
    one, other = (draw_prior(model, IDS[:50], seed=2, **days) for model in (small, large))
    np.testing.assert_array_equal(one.origin_intensity, other.origin_intensity[:2])
    np.testing.assert_array_equal(one.population, other.population[:4])
    np.testing.assert_array_equal(one.discrepancy, other.discrepancy)


def test_a_switched_effect_is_off_unless_the_case_asks() -> None:
    """Contagion, weekday, holiday and season stay at their off values."""
    model = build_returns(make_world())
    parameters = draw_prior(model, IDS[:9], first_day=model.first_day, last_day=model.first_day, seed=5)
    for name in ("contagion_weight", "weekday_effect", "holiday_effect", "season_amplitude"):
        assert (getattr(parameters, name) == 0.0).all()


def test_the_step_of_a_civil_day_is_the_same_whenever_a_series_begins() -> None:
    """A series that begins a day later begins with the step that the other one takes on that day."""
    model = build_returns(make_world())
    day, last = model.first_day, model.first_day + 1
    early, late = (draw_prior(model, IDS[:9], first_day=first, last_day=last, seed=5) for first in (day, last))
    rho = model.priors["discrepancy"].rho
    step = (early.discrepancy[1] - rho * early.discrepancy[0]) / np.sqrt(1.0 - rho**2)
    np.testing.assert_allclose(step, late.discrepancy[0], rtol=1e-9)


def test_no_two_parameters_share_a_draw() -> None:
    """Two parameters of one kind and one axis are drawn apart, and so are members."""
    model = build_returns(make_world())
    parameters = draw_prior(model, IDS, first_day=model.first_day, last_day=model.first_day, seed=5)
    names = [name for name, prior in model.priors.items() if prior.spread.size and (prior.spread > 0.0).all()]
    flat = np.concatenate([getattr(parameters, name).reshape(-1, IDS.size) for name in names])
    together = np.corrcoef(np.argsort(np.argsort(flat, axis=1), axis=1))
    np.fill_diagonal(together, 0.0)
    assert np.abs(together).max() < 6.0 / np.sqrt(IDS.size)
