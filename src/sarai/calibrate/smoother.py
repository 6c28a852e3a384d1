"""Ensemble smoother with multiple data assimilation: a second way to the posterior, to check the first.

Source: Emerick and Reynolds 2013 (doi:10.1016/j.cageo.2012.03.011). It needs no derivatives and no mode; it is exact
for linear laws and Gaussian errors in the limit of many members. Reports that the Laplace fit trusts little get the
same small weight here, so that both answer the same question.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.gauss_newton import Evidence, GaussianPrior, LaplaceFit, Predict, scale_of
from sarai.calibrate.linear import cholesky, solve_lower, solve_upper
from sarai.calibrate.noise import keyed_normals

Floats = NDArray[np.float64]
PASSES = 6  # A118: inflations of the error, all equal
MEMBERS = 300  # A118


@dataclass(frozen=True, kw_only=True)
class SmootherCheck:
    """How far the two methods disagree.

    misfit_laplace, misfit_smoother   mean squared standardised residual per figure, at the mode and over the ensemble
    shift   largest difference of the two posterior means of a figure, in standard deviations of that figure's error
    status  `ok`, or a sentence
    """

    misfit_laplace: float
    misfit_smoother: float
    shift: float
    status: str


def smooth_ensemble(
    predict: Predict, evidence: Evidence, prior: GaussianPrior, fit: LaplaceFit, seed: int,
    members: int = MEMBERS, passes: int = PASSES,
) -> Floats:  # fmt: skip
    """Vectors (unknown, member) after `passes` assimilations of the reports, from keyed prior draws."""
    ids = np.arange(members, dtype=np.uint64)
    count, size = evidence.log_value.size, prior.mean.size
    normals = keyed_normals(seed, "smoother", ids, [0], [f"unknown {k}" for k in range(size)])[0]
    vectors = prior.mean[:, np.newaxis] + solve_upper(cholesky(prior.precision), normals)
    error_sd = scale_of(evidence, fit.predicted) / np.sqrt(np.maximum(fit.weight, 1e-3))
    for turn in range(passes):
        predicted = predict(vectors)
        noise = keyed_normals(seed, f"smoother pass {turn}", ids, [0], [f"figure {k}" for k in range(count)])[0]
        wanted = evidence.log_value[:, np.newaxis] + np.sqrt(passes) * error_sd[:, np.newaxis] * noise
        vectors = vectors + update(vectors, predicted, wanted, passes * error_sd**2)
    return vectors


def update(vectors: Floats, predicted: Floats, wanted: Floats, variance: Floats) -> Floats:
    """One step of the smoother: covariance of unknowns and predictions over their own plus the error, times the gap."""
    scale = 1.0 / np.sqrt(vectors.shape[1] - 1.0)
    spread = (vectors - vectors.mean(axis=1, keepdims=True)) * scale
    seen = (predicted - predicted.mean(axis=1, keepdims=True)) * scale
    total = np.einsum("im,jm->ij", seen, seen) + np.diag(variance)
    factor = cholesky(total)
    weights = solve_upper(factor, solve_lower(factor, wanted - predicted))
    gain = np.einsum("om,on->mn", seen, weights)
    out: Floats = np.einsum("um,mn->un", spread, gain)
    return out


def compare_with_smoother(
    predict: Predict, evidence: Evidence, prior: GaussianPrior, fit: LaplaceFit, seed: int
) -> SmootherCheck:
    """Run the smoother and compare what both methods say of the figures."""
    if evidence.log_value.size == 0:
        return SmootherCheck(misfit_laplace=0.0, misfit_smoother=0.0, shift=0.0, status="nothing to compare")
    predicted = predict(smooth_ensemble(predict, evidence, prior, fit, seed))
    error_sd = scale_of(evidence, fit.predicted) / np.sqrt(np.maximum(fit.weight, 1e-3))
    gap = (evidence.log_value[:, np.newaxis] - predicted) / error_sd[:, np.newaxis]
    shift = float(np.max(np.abs(predicted.mean(axis=1) - fit.predicted) / error_sd))
    laplace = float(np.mean(((evidence.log_value - fit.predicted) / error_sd) ** 2))
    ensemble = float(np.mean(gap.mean(axis=1) ** 2))
    agreed = shift < 3.0
    return SmootherCheck(
        misfit_laplace=laplace, misfit_smoother=ensemble, shift=shift,
        status="ok" if agreed else f"two ways of fitting differ by {shift:.1f} sd on a figure: treat as indicative",
    )  # fmt: skip
