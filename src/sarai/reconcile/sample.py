"""Joint samples of the picture: each sample is the best path for its own draw of prior and errors.

Randomised maximum likelihood (Oliver, He & Reynolds 1996; exact where sums are linear in the state): draw a path from
the prior and an error for each figure, then solve for the path. The gains of the fit serve all samples; a few repeats
with the exact sums keep window sums where the reports put them although flow is the exponential of the state.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.fit import Fit, steps_of
from sarai.reconcile.hold import FURTHEST, Held, find_held, keep_sums
from sarai.reconcile.keys import Keys, draw_normals, make_keys
from sarai.reconcile.linear import apply_weights, bias_of, find_flows, log_flow_of
from sarai.reconcile.observations import Observations
from sarai.reconcile.prior import Prior
from sarai.reconcile.smoother import run_gains, run_means
from sarai.reconcile.tails import Tails, redraw_tails
from sarai.reconcile.windows_kernel import carry_steps

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
Ints = NDArray[np.int64]

BURN_IN = 5  # sets of weights before the first sample, from the fitted ones
SMALLEST_BLOCK, LARGEST_BLOCK = 20, 100
BLOCK_WORK = 8e6
PILOT = 2**31  # member ids of pilots, out of the way of samples


@dataclass(frozen=True, kw_only=True)
class Samples:
    """Joint samples: flow (day, crossing, sample); shares of kinds and statuses (day, crossing, alternative, sample),
    with no alternatives where no figure tells them apart; log biases (figure, sample)."""

    flow: Floats
    kinds: Floats
    marks: Floats
    biases: Floats


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What all sets of weights share: log_value (figure, 1), near (day, crossing, 1) log flow of the best path, and the
    figures that may hold the sums of their days."""

    log_value: Floats
    near: Floats
    held: list[Held]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Samples, and of the pilot the errors (figure,), steps (day, cell) and biases (regime,) in prior scales."""

    samples: Samples
    error: Floats
    steps: Floats
    bias: Floats


def draw_samples(
    observations: Observations, statuses: tuple[str, ...], prior: Prior, fit: Fit, sample_count: int, seed: int
) -> Samples:
    """`sample_count` joint samples; sample i is the same whatever the number of samples."""
    keys, ground = make_keys(observations, statuses, fit), make_ground(observations, fit)
    block = block_size(observations, fit)
    tails = Tails(
        bias_weight=np.ones(len(observations.regimes)),
        noise_factor=fit.noise_factor, step_factor=fit.step_factor, figure_weight=fit.figure_weight,
        step_centre=fit.step_centre, step_weight=fit.step_weight,
    )  # fmt: skip
    layout, days = fit.plan.layout, fit.plan.day_count
    shape = (days, layout.crossing_count)
    drawn_all = Samples(
        flow=np.empty((*shape, sample_count)),
        kinds=np.empty((*shape, layout.kind_cells + 1 if layout.kind_cells else 0, sample_count)),
        marks=np.empty((*shape, layout.status_cells + 1 if layout.status_cells else 0, sample_count)),
        biases=np.empty((observations.count, sample_count)),
    )
    for sweep in range(-BURN_IN, -(-sample_count // block)):
        first = max(sweep * block, 0)
        last = min(first + block, sample_count) if sweep >= 0 else first
        pilot = PILOT + sweep + BURN_IN
        drawn = draw_members(observations, prior, fit, ground, tails, keys, [pilot, *range(first, last)], seed)
        drawn_all.flow[..., first:last] = drawn.samples.flow
        drawn_all.kinds[..., first:last] = drawn.samples.kinds
        drawn_all.marks[..., first:last] = drawn.samples.marks
        drawn_all.biases[..., first:last] = drawn.samples.biases
        tails = redraw_tails(
            fit.plan, observations, prior, tails, drawn.error, drawn.steps, drawn.bias, seed, pilot, keys
        )
    return drawn_all


def block_size(observations: Observations, fit: Fit) -> int:
    """Samples that share one set of weights: more where a set costs more. Depends on the reports alone."""
    work = float(observations.count) * fit.plan.slot_count**2
    return int(np.clip(SMALLEST_BLOCK * work / BLOCK_WORK, SMALLEST_BLOCK, LARGEST_BLOCK))


def make_ground(observations: Observations, fit: Fit) -> Ground:
    """What does not change from one set of weights to the next."""
    return Ground(
        log_value=np.log(observations.value)[:, None],
        near=log_flow_of(fit.plan, fit.path[:, :, None].copy(), fit.constants[:, None].copy()),
        held=find_held(observations, fit),
    )


def keep_near(fit: Fit, ground: Ground, path: Floats, constants: Floats) -> Floats:
    """Let no log flow or log odds of `path` be further than FURTHEST from the best path, in place; levels take it up.

    Returns the log flow (day, crossing, member).
    """
    layout = fit.plan.layout
    log_flow = log_flow_of(fit.plan, path, constants)
    away = log_flow - ground.near
    if max(float(away.max(initial=0.0)), -float(away.min(initial=0.0))) > FURTHEST:
        path[:, : layout.crossing_count] += np.clip(away, -FURTHEST, FURTHEST) - away
        log_flow = log_flow_of(fit.plan, path, constants)
    odds = slice(layout.odds_first, layout.cell_count)
    middle = fit.path[:, odds, None]
    np.clip(path[:, odds], middle - FURTHEST, middle + FURTHEST, out=path[:, odds])
    return log_flow


def draw_members(
    observations: Observations, prior: Prior, fit: Fit, ground: Ground, tails: Tails, keys: Keys, members: list[int],
    seed: int,
) -> Drawn:  # fmt: skip
    """Samples of `members` but the first, a pilot whose path the next weights are drawn from."""
    plan, layout = fit.plan, fit.plan.layout
    spread, variance = tails.spread(prior), tails.figure_variance(observations)
    first_variance = tails.first_variance(prior, layout.bias_slots)
    gain, predicted = run_gains(plan, fit.weights, first_variance, spread, variance)
    names = np.array(members, dtype=np.int64)
    steps = draw_normals(seed, "reconcile step", names, keys.days, keys.cells)
    steps *= np.sqrt(spread)[:, :, None]
    origin = np.zeros(1, dtype=np.int64)
    constants = np.zeros((plan.slot_count, len(members)))
    fixed = slice(0, layout.constant_count)
    deviates = draw_normals(seed, "reconcile constant", names, origin, keys.constants)[0]
    constants[fixed] = prior.first_mean[fixed, None] + np.sqrt(first_variance[fixed, None]) * deviates
    carry_steps(steps, constants[: layout.cell_count].copy(), layout.memory)
    path = steps
    errors = draw_normals(seed, "reconcile error", names, origin, keys.figures)[0]
    value = ground.log_value + np.sqrt(variance)[:, None] * errors
    linear = apply_weights(plan, fit.weights, path, constants)
    target = fit.target[:, None] - ground.log_value + value - linear - bias_of(plan, path, constants)
    flat = np.zeros(plan.slot_count)
    moved, shift, _ = run_means(plan, fit.weights, flat, first_variance, spread, gain, predicted,
                                np.ascontiguousarray(target))  # fmt: skip
    path += moved
    constants += shift
    log_flow = keep_near(fit, ground, path, constants)
    linear = apply_weights(plan, fit.weights, path, constants, log_flow)
    biases = bias_of(plan, path, constants)
    bias = constants[layout.bias_slots, 0] - prior.first_mean[layout.bias_slots]
    flows = find_flows(plan, path, constants, log_flow)
    keep_sums(fit, ground.held, variance, flows, linear + (ground.log_value[:, 0] - fit.target)[:, None])
    return Drawn(
        samples=Samples(
            flow=flows.flow[..., 1:],
            kinds=flows.kinds[..., 1:],
            marks=flows.marks[..., 1:],
            biases=biases[:, 1:],
        ),
        error=fit.target - linear[:, 0] - biases[:, 0],
        steps=steps_of(plan, path[:, :, 0]),
        bias=bias / np.sqrt(prior.first_variance[layout.bias_slots]),
    )
