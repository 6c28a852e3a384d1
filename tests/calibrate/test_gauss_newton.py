"""The optimiser on problems with a known answer."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sarai.calibrate.gauss_newton import (
    Evidence,
    GaussianPrior,
    fit_laplace,
    information_of,
    log_posterior,
    scale_of,
    weight_of,
)
from sarai.calibrate.linear import (
    cholesky,
    log_determinant,
    multiply,
    quadratic,
    solve_lower,
    solve_upper,
    weighted_gram,
)
from sarai.calibrate.noise import keyed_normals
from sarai.calibrate.sampler import Sampler

RNG = np.random.default_rng(5)


def test_linear_algebra_agrees_with_numpy() -> None:
    """Own loops give what LAPACK gives."""
    root = RNG.normal(size=(30, 30))
    matrix = root @ root.T + 30.0 * np.eye(30)
    vector = RNG.normal(size=30)
    low = cholesky(matrix)
    np.testing.assert_allclose(low @ low.T, matrix, rtol=1e-12, atol=1e-9)
    solved = solve_upper(low, solve_lower(low, vector[:, None]))[:, 0]
    np.testing.assert_allclose(solved, np.linalg.solve(matrix, vector), rtol=1e-9)
    np.testing.assert_allclose(log_determinant(low), np.linalg.slogdet(matrix)[1], rtol=1e-12)
    np.testing.assert_allclose(multiply(matrix, root), matrix @ root, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(quadratic(matrix, vector), vector @ matrix @ vector, rtol=1e-9)
    weight = RNG.uniform(size=30)
    np.testing.assert_allclose(weighted_gram(root, weight), root.T @ (weight[:, None] * root), rtol=1e-9, atol=1e-9)


def linear_problem(outlier: float = 0.0) -> tuple[np.ndarray, Evidence, GaussianPrior, np.ndarray]:
    """Large counts, a linear law, small errors: the posterior is close to ordinary least squares."""
    design = RNG.normal(size=(60, 4))
    truth = np.array([12.0, 0.5, -0.3, 0.2])
    design[:, 0] = 1.0
    y = design @ truth + 0.05 * RNG.normal(size=60)
    y[0] += outlier
    evidence = Evidence(log_value=y, noise=np.full(60, 0.05), clump=1e-9)
    prior = GaussianPrior(mean=np.zeros(4), precision=np.eye(4) / 100.0)
    return design, evidence, prior, truth


def test_the_mode_of_a_linear_law_is_found() -> None:
    """A linear law is recovered within its posterior sd."""
    design, evidence, prior, truth = linear_problem()
    fit = fit_laplace(lambda v: design @ v, evidence, prior)
    assert fit.status == "ok"
    np.testing.assert_allclose(fit.mode, truth, atol=0.05)


def test_one_misprint_hardly_moves_the_mode() -> None:
    """A report wrong by a factor of a thousand gets almost no weight."""
    design, evidence, prior, truth = linear_problem(outlier=7.0)
    fit = fit_laplace(lambda v: design @ v, evidence, prior)
    np.testing.assert_allclose(fit.mode, truth, atol=0.05)
    assert fit.weight[0] < 0.01


def test_samples_of_a_linear_law_have_the_laplace_covariance() -> None:
    """Samples scatter around the mode with the inverse of the posterior precision."""
    design, evidence, prior, _ = linear_problem()
    fit = fit_laplace(lambda v: design @ v, evidence, prior)
    normals = keyed_normals(3, "test", np.arange(20_000, dtype=np.uint64), [0], ("a", "b", "c", "d"))[0]
    samples = Sampler(
        fit=fit, predict=lambda v: design @ v, evidence=evidence, prior=prior, spread=np.full(4, 100.0)
    ).draw(normals)
    expected = np.linalg.inv(fit.factor @ fit.factor.T)
    np.testing.assert_allclose(np.cov(samples), expected, atol=0.05 * float(expected.max()))


def test_evidence_prefers_the_law_that_explains_the_reports() -> None:
    """Leaving out a column that matters costs evidence; adding one that does not costs little and gains nothing."""
    design, evidence, prior, _ = linear_problem()
    full = fit_laplace(lambda v: design @ v, evidence, prior)
    blind = fit_laplace(
        lambda v: design[:, :1] @ v[:1], evidence, GaussianPrior(mean=np.zeros(1), precision=np.eye(1) / 100)
    )
    assert full.log_evidence > blind.log_evidence + 20.0


@pytest.mark.parametrize(("mean", "precision"), [(6.0, 0.01), (9.0, 0.25), (7.0, 4.0)])
def test_the_evidence_of_one_unknown_is_its_integral(mean: float, precision: float) -> None:
    """The probability of sixty reports under a law and its prior, by Laplace and by adding up."""
    y = 8.0 + 0.1 * stats.t.ppf((np.arange(60) + 0.5) / 60.0, df=4)
    evidence = Evidence(log_value=y, noise=np.full(60, 0.1), clump=1e-9)
    prior = GaussianPrior(mean=np.array([mean]), precision=np.array([[precision]]))
    fit = fit_laplace(lambda v: np.repeat(v, 60, axis=0), evidence, prior)
    grid = np.linspace(7.8, 8.2, 4001)
    heights = np.array([log_posterior(evidence, prior, np.array([x]), np.full(60, x)) for x in grid])
    integral = np.exp(heights - heights.max()).sum() * (grid[1] - grid[0]) * np.sqrt(precision / (2.0 * np.pi))
    assert abs(fit.log_evidence - (heights.max() + np.log(integral))) < 0.05


def test_reports_tell_what_students_errors_allow() -> None:
    """Over errors of Student's law a report's information is that of Fisher, (d + 1) / (d + 3) over its variance."""
    z = stats.t.ppf((np.arange(200_000) + 0.5) / 200_000, df=4)
    told = information_of(weight_of(z), np.full(z.size, 0.3))
    assert told.mean() == pytest.approx(5.0 / 7.0 / 0.09, rel=1e-4)


def test_the_error_of_a_small_count_is_that_of_its_families() -> None:
    """Variance of a log: own noise, and log(1 + clump / (count + clump)): none for large counts, log 2 for nobody."""
    counts = np.array([1e12, 600.0, 6.0, 0.0])
    evidence = Evidence(log_value=np.zeros(4), noise=np.full(4, 0.2), clump=6.0)
    seen = scale_of(evidence, np.log(np.maximum(counts, 1e-300))) ** 2 - 0.04
    np.testing.assert_allclose(seen, np.log1p([0.0, 6.0 / 606.0, 0.5, 6.0 / 6.5]), rtol=1e-9, atol=1e-11)


def test_keyed_normals_do_not_depend_on_company() -> None:
    """A member's normal is the same alone, in a block, or in another order."""
    ids = np.array([5, 9, 2], dtype=np.uint64)
    together = keyed_normals(1, "p", ids, [10, 11], ("x", "y"))
    alone = keyed_normals(1, "p", ids[1:2], [11], ("y",))
    assert together[1, 1, 1] == alone[0, 0, 0]
