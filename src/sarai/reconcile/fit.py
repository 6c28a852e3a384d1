"""Fit: Gauss-Newton on the sums; heavy tails are weights, learned together with the noise of each series."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.linear import Weights, apply_weights, linearise
from sarai.reconcile.observations import Observations
from sarai.reconcile.plan import Plan
from sarai.reconcile.prior import DEGREES, Prior, step_degrees
from sarai.reconcile.scales import figure_scale, learn_noise, learn_steps
from sarai.reconcile.smoother import run_gains, run_means, run_variances
from sarai.reconcile.steps import STEP_LOG_SD, split_scale

Floats = NDArray[np.float64]

MOST_PASSES = 20
FEWEST_PASSES = 7
DAMPED = 0.5  # part of the way that later passes go: sums of exponentials overshoot
WARM_PASSES = 3  # passes with wide innovations and no down-weighting, to come near
LARGEST_STEP = 2.0  # log units by which a day's flow may move in one pass
SETTLED = 0.02  # log units, root mean square over days and crossings
MOVING = 0.1  # log units, root mean square: a path that still moves more is not to be relied on
SETTLED_MOST = 0.2  # log units, the most that any day may still move,
UNSETTLED_PART = 1e-4  # but for so many of all quantities: among ever more days some few move for ever longer
LEAST_OTHERS = 0.05  # part of all people that a main kind leaves to others, at least


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A linear Gaussian picture around the best path, ready to be sampled.

    path (day, cell), constants (slot,); spread (day, cell) innovation variances after weighting; figure_variance
    likewise for errors; error_variance: what is left of it after smoothing; residual: smoothed error of each figure, in
    units of its scale; weight in [0, 1]; noise_factor (regime,), step_factor (day, cell):
    learned noise and innovation scales over prior ones, step_centre (cell,): those of all days together; settled:
    False where the passes ran out
    """

    plan: Plan
    weights: Weights
    path: Floats
    constants: Floats
    constants_sd: Floats
    spread: Floats
    figure_variance: Floats
    gain: Floats
    predicted: Floats
    target: Floats
    error_variance: Floats
    residual: Floats
    weight: Floats
    figure_weight: Floats
    step_weight: Floats
    noise_factor: Floats
    step_factor: Floats
    step_centre: Floats
    step_sd: Floats
    passes: int
    settled: bool


def fit_picture(observations: Observations, plan: Plan, prior: Prior) -> Fit:
    """Best path of log flow and odds given the figures. Cost: linear in days and in figures, times the passes."""
    path, constants = first_guess(observations, plan, prior)
    log_value = np.log(observations.value)
    degrees = step_degrees(plan)
    crossings = plan.layout.crossing_count
    watched = prior.step_sd[:, :crossings] >= split_scale(crossings, STEP_LOG_SD)[1]
    shared = slice(plan.layout.shared, plan.layout.odds_first)
    step_factor = np.ones((plan.day_count, plan.layout.cell_count))
    step_centre = np.ones(plan.layout.cell_count)
    noise_factor = np.ones(len(observations.regimes))
    figure_weight = np.ones(observations.count)
    step_weight = np.full((plan.day_count, plan.layout.cell_count), 0.25)
    first_sd = prior.step_sd
    spared = int(UNSETTLED_PART * path.size)
    for sweep in range(MOST_PASSES):
        warm = sweep < WARM_PASSES
        scale = figure_scale(observations, noise_factor)
        prior = level_steps(plan, prior, first_sd, path)
        spread = (prior.step_sd * step_factor) ** 2 / step_weight
        variance = scale**2 / figure_weight
        weights = linearise(plan, path, constants)
        linear = apply_weights(plan, weights, path[:, :, None].copy(), constants[:, None].copy())[:, 0]
        target = log_value - np.log(weights.sums) + linear
        gain, predicted = run_gains(plan, weights, prior.first_variance, spread, variance)
        means = run_means(plan, weights, prior.first_mean, prior.first_variance, spread, gain, predicted,
                          target[:, None])  # fmt: skip
        new_path, new_constants, error = means[0][:, :, 0], means[1][:, 0], variance * means[2][:, 0]
        moved_each = np.abs(new_path - path).ravel()
        moved = float(moved_each.max())
        change = new_path[:, :crossings] - path[:, :crossings] + new_path[:, shared] - path[:, shared]
        typical = float(np.sqrt(np.mean(change[watched] ** 2))) if watched.any() else moved
        shrink = min(1.0, LARGEST_STEP / max(moved, 1e-12)) * (1.0 if sweep < FEWEST_PASSES else DAMPED)
        path = path + shrink * (new_path - path)
        constants = constants + shrink * (new_constants - constants)
        if warm:
            step_weight = np.full_like(step_weight, 1.0 if sweep == WARM_PASSES - 1 else 0.25)
            continue
        step_variance, first_variance, error_variance = run_variances(plan, weights, prior, spread, gain, predicted,
                                                                      variance)  # fmt: skip
        calm = float(np.partition(moved_each, -1 - spared)[-1 - spared]) < SETTLED_MOST
        settled = typical < SETTLED and calm and sweep >= FEWEST_PASSES
        if settled or sweep == MOST_PASSES - 1:
            break
        squared = error**2 + error_variance
        figure_weight = (DEGREES + 1.0) / (DEGREES + squared / scale**2)
        steps = steps_of(plan, new_path)
        moves = steps**2 + step_variance
        base = (prior.step_sd * step_factor) ** 2
        step_weight = (degrees + 1.0) / (degrees + moves / np.maximum(base, 1e-12))
        noise_factor = learn_noise(observations, noise_factor, scale, squared, figure_weight)
        left = np.clip(step_variance / np.maximum(spread, 1e-12), 0.0, 1.0)
        step_factor, step_centre = learn_steps(plan, prior, step_factor, moves, left, step_weight)
    settled = typical < MOVING
    return Fit(
        plan=plan,
        weights=weights,
        path=path,
        constants=constants,
        constants_sd=np.sqrt(np.maximum(first_variance, 0.0)),
        spread=spread,
        figure_variance=variance,
        gain=gain,
        predicted=predicted,
        target=target,
        error_variance=error_variance,
        residual=error / scale,
        weight=np.minimum(figure_weight * DEGREES / (DEGREES + 1.0), 1.0),
        figure_weight=figure_weight,
        step_weight=step_weight,
        noise_factor=noise_factor,
        step_factor=step_factor,
        step_centre=step_centre,
        step_sd=prior.step_sd,
        passes=sweep + 1,
        settled=settled,
    )


def level_steps(plan: Plan, prior: Prior, first_sd: Floats, path: Floats) -> Prior:
    """The prior with steps of the log odds of main kinds as wide as makes the log of their shares step alike.

    Else counts that scatter would be told by a smaller share, whose odds need to move less for it, and a bias.
    first_sd (day, cell) scales for small shares
    """
    if not prior.main.any():
        return prior
    odds = slice(plan.layout.odds_first, plan.layout.odds_first + plan.layout.kind_cells)
    weight = np.exp(path[:, odds])
    others = 1.0 - weight / (1.0 + weight.sum(axis=1, keepdims=True))
    scaled = first_sd.copy()
    scaled[:, odds] /= np.where(prior.main, np.maximum(others, LEAST_OTHERS), 1.0)
    return replace(prior, step_sd=scaled)


def steps_of(plan: Plan, path: Floats) -> Floats:
    """Innovations (day, cell) that make a path (day, cell): what each day adds to what stays of the day before."""
    steps = np.zeros_like(path)
    steps[1:] = path[1:] - plan.layout.memory * path[:-1]
    return steps


def first_guess(observations: Observations, plan: Plan, prior: Prior) -> tuple[Floats, Floats]:
    """A path to start from: the daily rate of the shortest window over each day, carried across gaps."""
    layout = plan.layout
    constants = prior.first_mean.copy()
    path = np.tile(prior.first_mean[: layout.cell_count], (plan.day_count, 1))
    path *= np.where(layout.memory > 0.0, 1.0, 0.0)
    length = observations.end - observations.start + 1
    lone = observations.scope.sum(axis=1) == 1
    whole = np.array([name == "all" for name in observations.classes], dtype=np.bool_)
    for crossing in range(layout.crossing_count):
        mine = np.flatnonzero(observations.scope[:, crossing] & lone & whole)
        level = np.full(plan.day_count, np.nan)
        for row in mine[np.argsort(-length[mine], kind="stable")]:
            rate = (
                np.log(observations.value[row] / length[row]) - constants[layout.bias_slots[observations.regime[row]]]
            )
            level[plan.low[row] : plan.high[row] + 1] = rate
        told = np.flatnonzero(~np.isnan(level))
        if len(told):
            path[:, crossing] = np.interp(np.arange(plan.day_count), told, level[told])
    return path, constants
