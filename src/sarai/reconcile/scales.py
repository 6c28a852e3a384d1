"""Scales learned from the figures: the noise of each series, and how far each daily quantity moves from day to day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.entry import UNDESCRIBED
from sarai.reconcile.observations import Observations
from sarai.reconcile.plan import Plan
from sarai.reconcile.prior import Prior

Floats = NDArray[np.float64]

NOISE_PRIOR_COUNT = 8.0  # A64: figures that the prior noise of a series is worth
ASSUMED_PRIOR_COUNT = 3.0  # A64: the same where nobody described the series
STEP_PRIOR_COUNT = 10.0  # A64: days that the scale of all blocks together is worth to one of them
COMMON_PRIOR_COUNT = 3.0  # A64: days that the prior innovation scale is worth to all blocks together
BLOCK_DAYS = 21  # A64: days that share one innovation scale
SCALE_BOUNDS = (0.25, 4.0)  # A64: learned noise stays within these factors of its prior


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
