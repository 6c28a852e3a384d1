"""Fit: Gauss-Newton on the sums; heavy tails are weights, learned together with the noise of each series."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.entry import UNDESCRIBED
from sarai.reconcile.filter import fill_gains, fill_means, fill_variances
from sarai.reconcile.linear import Weights, apply_weights, linearise
from sarai.reconcile.observations import Observations
from sarai.reconcile.plan import Plan
from sarai.reconcile.prior import DEGREES, Prior, step_degrees
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
NOISE_PRIOR_COUNT = 8.0  # A64: figures that the prior noise of a series is worth
ASSUMED_PRIOR_COUNT = 3.0  # A64: the same where nobody described the series
STEP_PRIOR_COUNT = 10.0  # A64: days that the scale of all blocks together is worth to one of them
COMMON_PRIOR_COUNT = 3.0  # A64: days that the prior innovation scale is worth to all blocks together
BLOCK_DAYS = 21  # A64: days that share one innovation scale
LEAST_OTHERS = 0.05  # part of all people that a main kind leaves to others, at least
SCALE_BOUNDS = (0.25, 4.0)  # A64: learned noise stays within these factors of its prior


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


def figure_scale(observations: Observations, noise_factor: Floats) -> Floats:
    """Scale of each figure's log error: learned noise of its series and rounding."""
    noise = observations.noise_sd * noise_factor[observations.regime]
    return np.asarray(np.sqrt(noise**2 + observations.rounding_sd**2), dtype=np.float64)


def noise_prior_counts(observations: Observations) -> Floats:
    """(regime,) figures that the prior noise is worth: fewer where it is a default for want of a description."""
    assumed = [regime.note in ("assumed", UNDESCRIBED) for regime in observations.regimes]
    return np.where(assumed, ASSUMED_PRIOR_COUNT, NOISE_PRIOR_COUNT)


def learn_noise(observations: Observations, factor: Floats, scale: Floats, squared: Floats, weight: Floats) -> Floats:
    """Noise of each regime over its prior noise, as the expected weighted squares tell, held to its prior count."""
    noise = observations.noise_sd * factor[observations.regime]
    own = noise**2 / scale**2
    told = own * weight * squared / scale**2 * factor[observations.regime] ** 2
    size, worth = len(factor), noise_prior_counts(observations)
    above = worth + np.bincount(observations.regime, told, minlength=size)
    below = worth + np.bincount(observations.regime, own, minlength=size)
    return np.asarray(np.clip(np.sqrt(above / below), *SCALE_BOUNDS), dtype=np.float64)


def learn_steps(
    plan: Plan, prior: Prior, factor: Floats, moves: Floats, left: Floats, weight: Floats
) -> tuple[Floats, Floats]:
    """Innovation scale of each daily quantity over its prior scale: one a block of BLOCK_DAYS, and one of all days.

    moves: expected squares (day, cell); left: part of the prior variance that is left. Days of which nothing is known
    would only repeat the scale of the last pass: they are taken out, which changes the speed and not the answer.
    A block is held to the scale of all days: sparse reports tell little of one block, and much of all.
    returns (day, cell) and (cell,)
    """
    base = np.maximum(prior.step_sd, 1e-12) ** 2
    seen = 1.0 - left
    told = weight * moves / base - left * factor**2
    seen[0] = told[0] = 0.0
    centre = np.ones(plan.layout.cell_count)
    flows = slice(0, plan.layout.odds_first)
    squares = (COMMON_PRIOR_COUNT + told[:, flows].sum(axis=0)) / (COMMON_PRIOR_COUNT + seen[:, flows].sum(axis=0))
    centre[flows] = np.clip(np.sqrt(np.maximum(squares, 0.0)), *SCALE_BOUNDS)
    above = STEP_PRIOR_COUNT * centre**2 + sum_blocks(plan, told)
    below = STEP_PRIOR_COUNT + sum_blocks(plan, seen)
    squares = np.maximum(above / below, 0.0)
    return spread_blocks(plan, np.clip(np.sqrt(squares), *SCALE_BOUNDS)), centre


def block_starts(plan: Plan) -> NDArray[np.int64]:
    """First day of each block; blocks are fixed in the calendar, so that a longer picture does not move them."""
    blocks = (plan.first_day + np.arange(plan.day_count)) // BLOCK_DAYS
    return np.flatnonzero(np.diff(blocks, prepend=blocks[0] - 1)).astype(np.int64)


def sum_blocks(plan: Plan, daily: Floats) -> Floats:
    """Sums (block, cell) of daily values (day, cell)."""
    return np.asarray(np.add.reduceat(daily, block_starts(plan), axis=0), dtype=np.float64)


def spread_blocks(plan: Plan, values: Floats) -> Floats:
    """Values (block, cell) on each day of their block: (day, cell)."""
    lengths = np.diff(np.append(block_starts(plan), plan.day_count))
    return np.asarray(np.repeat(values, lengths, axis=0), dtype=np.float64)


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


def run_gains(
    plan: Plan, weights: Weights, first_variance: Floats, spread: Floats, variance: Floats
) -> tuple[Floats, Floats]:
    """Gains and predictive variances of all figures at one linearisation."""
    count, slots = len(variance), len(first_variance)
    gain, predicted = np.zeros((count, slots)), np.zeros(count)
    fill_gains(
        spread, plan.layout.memory, first_variance, plan.open_first, plan.open_slot, plan.use_first,
        plan.key_slot[plan.use_key],
        np.arange(len(plan.use_key)), weights.row_first, weights.row_index, weights.row_value, plan.seen_first,
        weights.figure_first, weights.figure_index, weights.figure_value, variance,
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
        plan.open_first, plan.open_slot, plan.use_first,
        plan.key_slot[plan.use_key], np.arange(len(plan.use_key)), weights.row_first, weights.row_index,
        weights.row_value, plan.seen_first, weights.figure_first, weights.figure_index, weights.figure_value,
        path, first, pull, np.empty((slots, members)), np.zeros((slots, members)),
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
        plan.open_first, plan.open_slot, plan.use_first,
        plan.key_slot[plan.use_key], np.arange(len(plan.use_key)), weights.row_first, weights.row_index,
        weights.row_value, plan.seen_first, weights.figure_first, weights.figure_index, weights.figure_value,
        steps, first, errors, np.zeros((slots, slots)), np.empty(slots),
    )  # fmt: skip
    return steps, first, errors
