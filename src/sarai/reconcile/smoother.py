"""The smoother: the kernels of the filter run for one plan, with the arrays that they write into."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.filter import fill_gains, fill_means, fill_variances
from sarai.reconcile.linear import Weights
from sarai.reconcile.plan import Plan
from sarai.reconcile.prior import Prior

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Sums = tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints, Floats, Ints, Ints, Ints, Floats]


def sums_of(plan: Plan, weights: Weights) -> Sums:
    """What every kernel must know of the accumulators: when each opens and is used, what it adds, who reads it."""
    return (
        plan.open_first, plan.open_slot, plan.use_first, plan.key_slot[plan.use_key], np.arange(len(plan.use_key)),
        weights.row_first, weights.row_index, weights.row_value,
        plan.seen_first, weights.figure_first, weights.figure_index, weights.figure_value,
    )  # fmt: skip


def run_gains(
    plan: Plan, weights: Weights, first_variance: Floats, spread: Floats, variance: Floats
) -> tuple[Floats, Floats]:
    """Gains and predictive variances of all figures at one linearisation."""
    count, slots = len(variance), len(first_variance)
    gain, predicted = np.zeros((count, slots)), np.zeros(count)
    fill_gains(
        spread, plan.layout.memory, first_variance, *sums_of(plan, weights), variance,
        gain, predicted, np.zeros((slots, slots)), np.zeros(slots),
    )  # fmt: skip
    return gain, predicted


def run_means(
    plan: Plan, weights: Weights, first_mean: Floats, first_variance: Floats, spread: Floats, gain: Floats,
    predicted: Floats, target: Floats,
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """Smoothed means for right-hand sides (figure, member)."""
    slots, (count, members) = len(first_variance), target.shape
    path, first, pull = np.empty((*spread.shape, members)), np.empty((slots, members)), np.empty((count, members))
    fill_means(
        target, first_mean, spread, plan.layout.memory, first_variance, gain, predicted,
        *sums_of(plan, weights), path, first, pull, np.empty((slots, members)), np.zeros((slots, members)),
    )  # fmt: skip
    return path, first, pull


def run_variances(
    plan: Plan, weights: Weights, prior: Prior, spread: Floats, gain: Floats, predicted: Floats, variance: Floats
) -> tuple[Floats, Floats, Floats]:
    """Posterior variances of innovations, constants and errors."""
    slots = len(prior.first_variance)
    steps, first, errors = np.empty(spread.shape), np.empty(slots), np.zeros(len(variance))
    fill_variances(
        spread, plan.layout.memory, prior.first_variance, gain, predicted, variance,
        *sums_of(plan, weights), steps, first, errors, np.zeros((slots, slots)), np.empty(slots),
    )  # fmt: skip
    return steps, first, errors
