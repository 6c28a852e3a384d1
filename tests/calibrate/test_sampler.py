"""Members of a posterior against posteriors that are known exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.gauss_newton import Evidence, GaussianPrior, Predict, fit_laplace, log_likelihood, log_posterior
from sarai.calibrate.law_fit import LawFit
from sarai.calibrate.sampler import Sampler
from sarai.calibrate.scope import limit_world
from sarai.model.returns import build_returns
from sarai.observe.case_folder import load_case
from sarai.reconcile.observations import build_observations

Floats = NDArray[np.float64]
RNG = np.random.default_rng(11)
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def sampler_of(predict: Predict, evidence: Evidence, prior: GaussianPrior) -> Sampler:
    """The sampler around the Laplace fit."""
    spread = np.sqrt(np.diag(np.linalg.inv(prior.precision)))
    fit = fit_laplace(predict, evidence, prior)
    return Sampler(fit=fit, predict=predict, evidence=evidence, prior=prior, spread=spread)


def test_a_linear_law_keeps_its_laplace_vectors() -> None:
    """Mode plus whitened normals solve the equations of a linear law: nothing moves."""
    design = RNG.normal(size=(40, 3))
    evidence = Evidence(log_value=design @ np.ones(3), noise=np.full(40, 0.1), clump=1e-9)
    sampler = sampler_of(lambda v: design @ v, evidence, GaussianPrior(mean=np.zeros(3), precision=np.eye(3)))
    normals = RNG.normal(size=(3, 200))
    expected = sampler.fit.mode[:, None] + np.linalg.solve(sampler.fit.factor.T, normals)
    np.testing.assert_allclose(sampler.draw(normals), expected, atol=1e-9)


@dataclass(frozen=True)
class Exact:
    """A posterior as weighted values of one prediction."""

    values: Floats  # (point,)
    weights: Floats  # (point,) sum to 1

    def quantiles(self) -> Floats:
        """Of the prediction, at LEVELS."""
        order = np.argsort(self.values)
        return np.interp(LEVELS, np.cumsum(self.weights[order]), self.values[order])


def exact_posterior(predict: Predict, evidence: Evidence, prior: GaussianPrior, figure: int, cells: int) -> Exact:
    """Brute force: the posterior at every node of a grid that reaches 4 prior sd to each side."""
    sd = np.sqrt(np.diag(np.linalg.inv(prior.precision)))
    axes = [m + s * np.linspace(-4.0, 4.0, cells) for m, s in zip(prior.mean, sd, strict=True)]
    vectors = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")])
    predicted = predict(vectors)
    heights = np.array(
        [log_posterior(evidence, prior, vectors[:, c].copy(), predicted[:, c].copy()) for c in range(vectors.shape[1])]
    )
    weights = np.exp(heights - heights.max())
    return Exact(values=predicted[figure], weights=weights / weights.sum())


def many_sources(vectors: Floats) -> Floats:
    """Log of the mean of thirty growing sources: nearly straight in each of them, curved in all together."""
    return np.log(np.mean(np.exp(vectors), axis=0, keepdims=True)) + 5.0


def test_members_of_a_law_curved_in_many_directions_follow_the_exact_posterior() -> None:
    """The figure is weighed over 200,000 draws of the prior; Laplace vectors lie three times further off or more."""
    evidence = Evidence(log_value=np.array([5.3]), noise=np.array([0.1]), clump=1.0)
    prior = GaussianPrior(mean=np.zeros(30), precision=np.eye(30) / 0.7**2)
    values = many_sources(0.7 * RNG.normal(size=(30, 200_000)))[0]
    heights = np.array([log_likelihood(evidence, np.array([value])) for value in values])
    weights = np.exp(heights - heights.max())
    exact = Exact(values=values, weights=weights / weights.sum()).quantiles()
    sampler = sampler_of(many_sources, evidence, prior)
    normals = RNG.normal(size=(30, 4000))
    laplace = sampler.fit.mode[:, None] + np.linalg.solve(sampler.fit.factor.T, normals)
    off = np.max(np.abs(np.quantile(many_sources(sampler.draw(normals))[0], LEVELS) - exact))
    off_laplace = np.max(np.abs(np.quantile(many_sources(laplace)[0], LEVELS) - exact))
    assert off < 0.15 * (exact[-1] - exact[0])
    assert off_laplace > 3.0 * off


def small_problem() -> tuple[Predict, Evidence, GaussianPrior]:
    """The returns law of the reference case on 28 October 2023 with two unknowns that are left free."""
    world = load_case("pakistan-2023").as_of(date(2023, 10, 28))
    near = limit_world(world)
    law = LawFit(near, build_returns(near), build_observations(world))
    free = [law.unknowns.by_name[name].start for name in ("rise_rate", "rise_days")]
    fit = law.fit(("on time",))
    whole = law.predictor(("on time",))

    def predict(vectors: Floats) -> Floats:
        full = np.repeat(fit.mode[:, None], vectors.shape[1], axis=1)
        full[free] = vectors
        return whole(full)

    prior = GaussianPrior(mean=law.prior.mean[free].copy(), precision=np.diag(law.unknowns.spread[free] ** -2.0))
    return predict, law.evidence, prior


def test_members_of_the_returns_law_follow_the_exact_posterior() -> None:
    """Two unknowns of the law itself against 2,500 nodes of a grid: the figure of the last days."""
    predict, evidence, prior = small_problem()
    figure = evidence.log_value.size - 1
    exact = exact_posterior(predict, evidence, prior, figure, 50).quantiles()
    sampler = sampler_of(predict, evidence, prior)
    found = np.quantile(predict(sampler.draw(RNG.normal(size=(2, 1000))))[figure], LEVELS)
    assert np.max(np.abs(found - exact)) < 0.12 * (exact[-1] - exact[0])


def test_a_member_is_the_same_in_any_company() -> None:
    """A column drawn alone has the bits it has among others."""
    predict, evidence, prior = small_problem()
    sampler = sampler_of(predict, evidence, prior)
    normals = RNG.normal(size=(2, 30))
    np.testing.assert_array_equal(sampler.draw(normals)[:, 4:5], sampler.draw(normals[:, 4:5].copy()))


def test_a_vector_that_the_law_cannot_follow_stays_where_it_was() -> None:
    """A law that breaks down beyond some point leaves finite members inside the bounds."""

    def breaks(vectors: Floats) -> Floats:
        return np.where(vectors[:1] > 1.5, np.nan, vectors[:1] ** 2 + 5.0)

    evidence = Evidence(log_value=np.array([6.0]), noise=np.array([0.2]), clump=1.0)
    sampler = sampler_of(breaks, evidence, GaussianPrior(mean=np.ones(1), precision=np.eye(1)))
    drawn = sampler.draw(np.linspace(-6.0, 40.0, 60)[None, :].copy())
    assert np.isfinite(drawn).all()
    assert np.all(np.abs(drawn - 1.0) <= 4.0)
