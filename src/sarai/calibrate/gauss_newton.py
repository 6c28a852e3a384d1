"""Gauss-Newton with Student-t reweighting and a Gaussian prior: the mode, its Laplace covariance and its evidence.

The law enters only as a function that maps many vectors of unknowns to many vectors of predicted log reports, so a
whole Jacobian is one call: each perturbed unknown is one member of one simulation in mean mode.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.linear import (
    cholesky,
    log_determinant,
    multiply,
    quadratic,
    solve_lower,
    solve_upper,
    weighted_gram,
)

Floats = NDArray[np.float64]
Predict = Callable[[Floats], Floats]

DEGREES = 4.0  # A117: degrees of freedom of the error of a report
STEP = 1e-4  # A118: perturbation of an unknown, in its own (log or logit) units
LARGEST_MOVE = 2.0  # A118: an unknown moves by at most this much in one iteration
ITERATIONS = 25  # A118
TOLERANCE = 0.01  # A118: stop when the log posterior gains less
SMALLEST_FLOW = 0.5  # A119: persons added to a count before its log is taken


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the fit is held against. `log_value` (observation,) is log(reported + SMALLEST_FLOW).

    noise   (observation,) sd of the log error of each report
    clump   persons who travel together: a sum of F persons varies by about clump x F (the delta term)
    """

    log_value: Floats
    noise: Floats
    clump: float


@dataclass(frozen=True, kw_only=True)
class GaussianPrior:
    """Prior of the unknowns: mean (unknown,) and precision (unknown, unknown)."""

    mean: Floats
    precision: Floats


@dataclass(frozen=True, kw_only=True)
class LaplaceFit:
    """The mode and what is around it.

    mode         (unknown,)           factor: lower Cholesky factor of the posterior precision
    predicted    (observation,) log   residual, weight: standardised residuals and Student-t weights in [0, 1]
    jacobian     (observation, unknown) derivatives of predicted at the mode
    log_evidence log of the probability of the reports under this law, by Laplace
    status       `ok` or a sentence
    """

    mode: Floats
    factor: Floats
    predicted: Floats
    jacobian: Floats
    residual: Floats
    weight: Floats
    log_evidence: float
    iterations: int
    status: str


def scale_of(evidence: Evidence, predicted: Floats) -> Floats:
    """Sd of the log error of each report: its own noise and the process variance of a count of that size."""
    persons = np.exp(np.maximum(predicted, np.log(SMALLEST_FLOW)))
    process = np.log1p(evidence.clump / (persons + evidence.clump))
    out: Floats = np.sqrt(evidence.noise**2 + process)
    return out


def log_likelihood(evidence: Evidence, predicted: Floats) -> float:
    """Student-t log likelihood of the reports, up to a constant that depends on their number alone."""
    scale = scale_of(evidence, predicted)
    z = (evidence.log_value - predicted) / scale
    return float(-np.sum(0.5 * (DEGREES + 1.0) * np.log1p(z * z / DEGREES) + np.log(scale)))


def log_posterior(evidence: Evidence, prior: GaussianPrior, vector: Floats, predicted: Floats) -> float:
    """Log posterior up to constants."""
    return log_likelihood(evidence, predicted) - 0.5 * quadratic(prior.precision, vector - prior.mean)


def jacobian_at(predict: Predict, vector: Floats) -> tuple[Floats, Floats]:
    """Predictions (observation,) at a vector and their derivatives (observation, unknown), by one batched call."""
    n = vector.size
    batch = np.repeat(vector[:, np.newaxis], n + 1, axis=1)
    batch[np.arange(n), np.arange(1, n + 1)] += STEP
    out = predict(batch)
    return out[:, 0].copy(), np.ascontiguousarray((out[:, 1:] - out[:, :1]) / STEP)


def fit_laplace(predict: Predict, evidence: Evidence, prior: GaussianPrior, start: Floats | None = None) -> LaplaceFit:
    """Maximise the log posterior by damped Gauss-Newton steps; the Hessian at the mode gives the Laplace covariance.

    predict  vectors (unknown, m) -> predicted log reports (observation, m)
    Source: iteratively reweighted least squares for Student-t errors (Lange, Little and Taylor 1989).
    """
    vector = prior.mean.copy() if start is None else start.copy()
    damping, status, iterations = 1e-3, "ok", 0
    value = -np.inf
    while iterations < ITERATIONS:
        iterations += 1
        predicted, jacobian = jacobian_at(predict, vector)
        value = log_posterior(evidence, prior, vector, predicted)
        hessian, gradient = normal_equations(evidence, prior, vector, predicted, jacobian)
        moved, gained, damping = _improve(predict, evidence, prior, vector, value, hessian, gradient, damping)
        if moved is None:
            break
        vector = moved
        if gained < TOLERANCE:
            break
    else:
        status = f"the fit had not settled after {ITERATIONS} iterations"
    predicted, jacobian = jacobian_at(predict, vector)
    value = log_posterior(evidence, prior, vector, predicted)
    scale = scale_of(evidence, predicted)
    residual = (evidence.log_value - predicted) / scale
    weight = weight_of(residual)
    factor = cholesky(weighted_gram(jacobian, information_of(weight, scale)) + prior.precision)
    evidence_log = value + 0.5 * log_determinant(cholesky(prior.precision)) - 0.5 * log_determinant(factor)
    return LaplaceFit(
        mode=vector,
        factor=factor,
        predicted=predicted,
        jacobian=jacobian,
        residual=residual,
        weight=weight,
        log_evidence=float(evidence_log),
        iterations=iterations,
        status=status,
    )


def weight_of(residual: Floats) -> Floats:
    """Student-t weight in [0, 1] of a report by its standardised residual."""
    out: Floats = DEGREES / (DEGREES + residual**2)
    return out


def information_of(weight: Floats, scale: Floats) -> Floats:
    """What each report tells of its own log: the weight of a step towards the mode is more than that.

    Weights (DEGREES + 1) / DEGREES x weight have mean 1 over Student-t errors, whose Fisher information is
    (DEGREES + 1) / (DEGREES + 3): posterior variances by the first would be a fifth to a third too small.
    """
    out: Floats = weight * (DEGREES + 1.0) ** 2 / (DEGREES * (DEGREES + 3.0)) / scale**2
    return out


def normal_equations(
    evidence: Evidence, prior: GaussianPrior, vector: Floats, predicted: Floats, jacobian: Floats
) -> tuple[Floats, Floats]:
    """Hessian and gradient of the log posterior with the weights of the Student-t error."""
    scale = scale_of(evidence, predicted)
    error = evidence.log_value - predicted
    weight = weight_of(error / scale) * (DEGREES + 1.0) / DEGREES / scale**2
    hessian = weighted_gram(jacobian, weight) + prior.precision
    gradient = multiply(np.ascontiguousarray(jacobian.T), (weight * error)[:, np.newaxis])
    gradient -= multiply(prior.precision, (vector - prior.mean)[:, np.newaxis])
    return hessian, gradient[:, 0].copy()


def pull_of(fit: LaplaceFit, evidence: Evidence, prior: GaussianPrior, vectors: Floats, predicted: Floats) -> Floats:
    """Gradient of minus the log posterior (unknown, m) at vectors (unknown, m) and their predictions (observation, m).

    Derivatives and weights of the reports are those at the mode, and so is what is left of the gradient there.
    """
    weight = information_of(fit.weight, scale_of(evidence, fit.predicted))
    moved = weight[:, np.newaxis] * (predicted - fit.predicted[:, np.newaxis])
    out: Floats = multiply(np.ascontiguousarray(fit.jacobian.T), moved)
    out += multiply(prior.precision, vectors - fit.mode[:, np.newaxis])
    return out


def _improve(
    predict: Predict, evidence: Evidence, prior: GaussianPrior, vector: Floats, value: float,
    hessian: Floats, gradient: Floats, damping: float,
) -> tuple[Floats | None, float, float]:  # fmt: skip
    """A step that raises the log posterior, its gain and the new damping; None when no step does.

    Eight dampings are tried in one batched call, and the best taken.
    """
    dampings = damping * 8.0 ** np.arange(-2.0, 6.0)
    tries = np.empty((vector.size, dampings.size))
    diagonal = np.diag(np.diag(hessian))
    for column, amount in enumerate(dampings):
        factor = cholesky(hessian + amount * diagonal)
        step = solve_upper(factor, solve_lower(factor, gradient[:, np.newaxis]))[:, 0]
        size = float(np.max(np.abs(step), initial=0.0))
        tries[:, column] = vector + step * min(1.0, LARGEST_MOVE / max(size, 1e-12))
    predictions = predict(tries)
    values = np.array(
        [log_posterior(evidence, prior, tries[:, c], predictions[:, c].copy()) for c in range(dampings.size)]
    )
    values[~np.isfinite(values)] = -np.inf
    best = int(np.argmax(values))
    gained = float(values[best]) - value
    if not gained > 0.0:
        return None, 0.0, damping
    return tries[:, best].copy(), gained, float(np.clip(dampings[best], 1e-6, 1e3))
