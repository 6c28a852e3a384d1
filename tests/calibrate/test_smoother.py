"""The ensemble smoother on a problem with a known answer, and beside the Laplace fit of the reference case."""

from __future__ import annotations

from datetime import date

import numpy as np

from sarai.calibrate.gauss_newton import Evidence, GaussianPrior, fit_laplace
from sarai.calibrate.law_fit import LawFit
from sarai.calibrate.scope import limit_world
from sarai.calibrate.smoother import smooth_ensemble
from sarai.model.returns import build_returns
from sarai.observe.case_folder import load_case
from sarai.reconcile.observations import build_observations


def test_a_linear_law_is_smoothed_to_its_exact_posterior() -> None:
    """With a linear law and many members the ensemble has the exact posterior mean and sd."""
    rng = np.random.default_rng(11)
    design = rng.normal(size=(12, 3))
    design[:, 0] = 1.0
    value = design @ np.array([9.0, 0.4, -0.2]) + 0.1 * rng.normal(size=12)
    evidence = Evidence(log_value=value, noise=np.full(12, 0.1), clump=1e-9)
    prior = GaussianPrior(mean=np.array([9.0, 0.0, 0.0]), precision=np.eye(3))

    def predict(vectors: np.ndarray) -> np.ndarray:
        return design @ vectors

    fit = fit_laplace(predict, evidence, prior)
    ensemble = smooth_ensemble(predict, evidence, prior, fit, seed=1, members=4000)
    weight = fit.weight / 0.1**2
    precision = design.T @ (weight[:, None] * design) + np.eye(3)
    mean = np.linalg.solve(precision, design.T @ (weight * value) + prior.mean)
    np.testing.assert_allclose(ensemble.mean(axis=1), mean, atol=0.02)
    np.testing.assert_allclose(ensemble.std(axis=1), np.sqrt(np.diag(np.linalg.inv(precision))), rtol=0.15)


def test_both_methods_tell_the_same_of_the_reference_case() -> None:
    """The smoother explains the reports of 28 October about as well as the Laplace fit does."""
    world = load_case("pakistan-2023").as_of(date(2023, 10, 28))
    near = limit_world(world)
    law = LawFit(near, build_returns(near), build_observations(world))
    found = law.check(law.fit(("on time",)), ("on time",))
    assert found.misfit_smoother < 3.0 * found.misfit_laplace + 1.0
    assert found.status == "ok" or "differ" in found.status
