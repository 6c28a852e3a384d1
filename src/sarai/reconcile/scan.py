"""Scan: how far single figures, and stretches of a series, lie from what all other figures say.

The figures are jointly normal under the fitted weights, with covariance S. An offset b on the figures marked by g is
best estimated as (g' S^-1 y) / (g' S^-1 g), with standard error (g' S^-1 g)^-1/2: a test that allows for every
correlation, and for the series' own pull on the picture. S^-1 times any column is one more pass of the filter, so the
cost stays linear in days and figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.fit import Fit
from sarai.reconcile.linear import apply_weights, bias_of
from sarai.reconcile.observations import Observations
from sarai.reconcile.prior import Prior
from sarai.reconcile.smoother import run_gains, run_means, run_variances

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
WIDE_VARIANCE = 1.5  # A69: variance of a Student t as tests count it, in squares of its scale
MOST_STEPS = 400  # columns tried at most; longer series are tried at fewer days


@dataclass(frozen=True, kw_only=True)
class Offsets:
    """Estimated log offset of each figure from what the others say (figure,), and its standard error."""

    offset: Floats
    error: Floats


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A run of figures of one group with a common log offset. rows: figures in order of their days."""

    rows: Ints
    offset: float
    error: float

    @property
    def score(self) -> float:
        """Offset over its standard error."""
        return self.offset / self.error


def solve_columns(fit: Fit, prior: Prior, variance: Floats, columns: Floats) -> Floats:
    """S^-1 times columns (figure, column), S the covariance of the log figures with error variances `variance`."""
    flat = np.zeros_like(prior.first_mean)
    gain, predicted = run_gains(fit.plan, fit.weights, prior.first_variance, fit.spread, variance)
    _, _, pull = run_means(fit.plan, fit.weights, flat, prior.first_variance, fit.spread, gain, predicted,
                           np.ascontiguousarray(columns))  # fmt: skip
    return pull


def solve_target(fit: Fit, prior: Prior, variance: Floats) -> Floats:
    """S^-1 times the log figures less what the prior expects of them (figure,)."""
    gain, predicted = run_gains(fit.plan, fit.weights, prior.first_variance, fit.spread, variance)
    _, _, pull = run_means(fit.plan, fit.weights, prior.first_mean, prior.first_variance, fit.spread, gain, predicted,
                           fit.target[:, None])  # fmt: skip
    return np.asarray(pull[:, 0], dtype=np.float64)


def single_offsets(observations: Observations, fit: Fit, prior: Prior) -> Offsets:
    """Offset of each figure from its prediction by all others, if the flow moved no more wildly than usual.

    Days at which the fit let the flow jump are held to the usual scale: else a misprint could pass for a day's jump.
    """
    usual = WIDE_VARIANCE * (prior.step_sd * fit.step_factor) ** 2
    return offsets_under(fit, prior, usual, fit.figure_variance, test_scale(observations, fit))


def offsets_under(fit: Fit, prior: Prior, spread: Floats, variance: Floats, scale: Floats) -> Offsets:
    """Offset of each figure from its prediction by all others, with variances of steps (day, cell) and of errors
    (figure,), and the scale of its own error (figure,)."""
    plan = fit.plan
    gain, predicted = run_gains(plan, fit.weights, prior.first_variance, spread, variance)
    _, _, pull = run_means(plan, fit.weights, prior.first_mean, prior.first_variance, spread, gain, predicted,
                           fit.target[:, None])  # fmt: skip
    _, _, left = run_variances(plan, fit.weights, prior, spread, gain, predicted, variance)
    precision = np.maximum((1.0 - left / variance) / variance, 1e-12)
    others = np.maximum(1.0 / precision - variance, 0.0)
    return Offsets(offset=pull[:, 0] / precision, error=np.sqrt(others + scale**2))


def test_scale(observations: Observations, fit: Fit) -> Floats:
    """Scale of each figure's error for tests: noise as learned, as wide as a Student t counts for."""
    noise = observations.noise_sd * fit.noise_factor[observations.regime]
    return np.asarray(np.sqrt(WIDE_VARIANCE * noise**2 + observations.rounding_sd**2), dtype=np.float64)


def log_likelihood(observations: Observations, fit: Fit, prior: Prior, out: NDArray[np.bool_]) -> float:
    """Log density of the log figures with usual steps and learned noise, those marked `out` left aside."""
    usual = WIDE_VARIANCE * (prior.step_sd * fit.step_factor) ** 2
    variance = np.where(out, 1e4, test_scale(observations, fit) ** 2)
    plan = fit.plan
    level = np.where(plan.layout.memory > 0.0, prior.first_mean[: plan.layout.cell_count], 0.0)
    path = np.repeat(level[None, :, None], plan.day_count, axis=0)
    constants = prior.first_mean[:, None].copy()
    expected = apply_weights(plan, fit.weights, path, constants) + bias_of(plan, path, constants)
    miss = fit.target - expected[:, 0]
    gain, predicted = run_gains(plan, fit.weights, prior.first_variance, usual, variance)
    flat = np.zeros_like(prior.first_mean)
    _, _, pull = run_means(plan, fit.weights, flat, prior.first_variance, usual, gain, predicted,
                           np.ascontiguousarray(miss[:, None]))  # fmt: skip
    told = np.log(predicted).sum() - np.log(variance[out]).sum()
    return float(-0.5 * (told + (miss * pull[:, 0]).sum()))


def stretch_offsets(rows: Ints, pull: Floats, solved: Floats, steps: Ints) -> tuple[Floats, Floats]:
    """For stretches between steps: offsets and standard errors (step, step), [a, b] for rows[steps[a]:steps[b]].

    solved (figure, step): S^-1 times the indicator of rows[step:]; entries with b <= a are nan.
    """
    told = sums_from(pull[rows])[steps]
    cross = sums_from(solved[rows])[steps]
    own = np.diagonal(cross)
    size = own[:, None] + own[None, :] - 2.0 * cross
    known = (size > 1e-9) & (np.arange(len(steps))[:, None] < np.arange(len(steps))[None, :])
    size = np.where(known, size, np.nan)
    return (told[:, None] - told[None, :]) / size, size**-0.5


def sums_from(values: Floats) -> Floats:
    """Sum of the values from each place to the end, and of none, along the first axis: one longer than it."""
    out = np.zeros((len(values) + 1, *values.shape[1:]))
    out[:-1] = np.cumsum(values[::-1], axis=0)[::-1]
    return out
