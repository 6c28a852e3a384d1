"""Tails: weights and scales drawn anew given a path, so that samples carry heavy tails and unknown noise with them.

A Student-t error is a normal one whose precision has a gamma weight. Given a path, weights and scales have known laws;
given those, the path is linear and normal. Going back and forth (Gibbs; Geweke 1993) gives the joint spread that a
single set of weights understates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from sarai.reconcile.keys import Keys, draw_normals, keyed_uniforms
from sarai.reconcile.observations import Observations
from sarai.reconcile.plan import Plan
from sarai.reconcile.prior import DEGREES, Prior, step_degrees
from sarai.reconcile.scales import (
    SCALE_BOUNDS,
    STEP_PRIOR_COUNT,
    block_starts,
    figure_scale,
    noise_prior_counts,
    spread_blocks,
    sum_blocks,
)
from sarai.simulate.keys import cell_key

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
Ints = NDArray[np.int64]


BIAS_PRIOR_COUNT = 3.0  # A64: series that the prior width of biases is worth
LEAST_WEIGHT = 0.02  # no error or step is taken to be wider than seven times its scale
COMMON = np.array([cell_key("reconcile", "all series")], dtype=np.uint64)


@dataclass(frozen=True, kw_only=True)
class Tails:
    """Learned scales (regime and cell factors) and the weights of figures, of daily steps and of biases.

    step_centre (cell,) the factor that blocks of days are held to
    """

    bias_weight: Floats
    noise_factor: Floats
    step_factor: Floats
    step_centre: Floats
    figure_weight: Floats
    step_weight: Floats

    def figure_variance(self, observations: Observations) -> Floats:
        """Error variance of each figure under these weights."""
        return np.asarray(figure_scale(observations, self.noise_factor) ** 2 / self.figure_weight, dtype=np.float64)

    def spread(self, prior: Prior) -> Floats:
        """Innovation variance of each daily quantity (day, cell) under these weights."""
        return np.asarray((prior.step_sd * self.step_factor) ** 2 / self.step_weight, dtype=np.float64)

    def first_variance(self, prior: Prior, bias_slots: Ints) -> Floats:
        """Variance of each slot before the first day under these weights."""
        variance = prior.first_variance.copy()
        variance[bias_slots] /= self.bias_weight
        return variance


def redraw_tails(
    plan: Plan, observations: Observations, prior: Prior, tails: Tails, error: Floats, steps: Floats, bias: Floats,
    seed: int, sweep: int, keys: Keys,
) -> Tails:  # fmt: skip
    """Weights and scales given errors (figure,) of log figures, steps (day, cell) of a path and biases (regime,).

    bias is in units of its prior scale, from its prior mean. A bias wide enough to drift is normal as declared: its
    prior says already that hardly anything is known. So is one that only the share of a main kind is told from: each
    draw would widen it for the next.
    """
    origin = np.zeros(1, dtype=np.int64)
    drifting = prior.as_declared
    bias_weight = draw_weights(
        bias[None] ** 2, np.full(1, DEGREES), seed, "reconcile bias weight", sweep, origin, keys.regimes
    )[0]
    bias_weight = np.where(drifting, 1.0, bias_weight)
    spread = draw_scales(
        keyed_uniforms(seed, "reconcile bias scale", sweep, origin, COMMON)[0], BIAS_PRIOR_COUNT,
        np.array([(bias_weight * bias**2)[~drifting].sum()]), np.array([float((~drifting).sum())]),
    )  # fmt: skip
    bias_weight = np.where(drifting, 1.0, bias_weight / spread[0] ** 2)
    scale = figure_scale(observations, tails.noise_factor)
    squared = (error / scale) ** 2
    figure_weight = draw_weights(
        squared[None], np.full(1, DEGREES), seed, "reconcile figure weight", sweep, origin, keys.figures
    )[0]
    noise = observations.noise_sd * tails.noise_factor[observations.regime]
    own = noise**2 / scale**2
    told = own * figure_weight * squared * tails.noise_factor[observations.regime] ** 2
    chance = keyed_uniforms(seed, "reconcile noise", sweep, origin, keys.regimes)[0]
    size = len(tails.noise_factor)
    noise_factor = draw_scales(
        chance,
        noise_prior_counts(observations),
        np.bincount(observations.regime, told, size).astype(np.float64),
        np.bincount(observations.regime, own, size).astype(np.float64),
    )
    base = np.maximum(prior.step_sd * tails.step_factor, 1e-12)
    step_weight = draw_weights(
        (steps / base) ** 2, step_degrees(plan), seed, "reconcile step weight", sweep, keys.days, keys.cells
    )
    told = step_weight * (steps / np.maximum(prior.step_sd * tails.step_centre, 1e-12)) ** 2
    told[0] = 0.0
    count = np.ones_like(told)
    count[0] = 0.0
    chance = keyed_uniforms(seed, "reconcile step scale", sweep, keys.days[block_starts(plan)], keys.cells)
    factors = draw_scales(chance, STEP_PRIOR_COUNT, sum_blocks(plan, told), sum_blocks(plan, count))
    step_factor = np.clip(spread_blocks(plan, factors) * tails.step_centre, *SCALE_BOUNDS)
    return Tails(
        bias_weight=bias_weight,
        noise_factor=noise_factor,
        step_factor=step_factor,
        step_centre=tails.step_centre,
        figure_weight=figure_weight,
        step_weight=step_weight,
    )


def draw_weights(
    squared: Floats, degrees: Floats, seed: int, purpose: str, sweep: int, days: Ints, cells: Words
) -> Floats:
    """Gamma weights (day, cell) of Student-t errors given squared standard errors; degrees of freedom 2 or 4.

    A gamma with shape (degrees + 1) / 2 is the sum of degrees / 2 exponentials and half a squared normal.
    """
    normal = draw_normals(seed, f"{purpose} 0", np.array([sweep]), days, cells)[..., 0]
    gamma = 0.5 * normal * normal
    gamma -= np.log(keyed_uniforms(seed, f"{purpose} 1", sweep, days, cells))
    gamma -= np.where(degrees > 2.0, np.log(keyed_uniforms(seed, f"{purpose} 2", sweep, days, cells)), 0.0)
    return np.asarray(np.maximum(gamma / ((degrees + squared) / 2.0), LEAST_WEIGHT), dtype=np.float64)


def draw_scales(chance: Floats, prior_count: float | Floats, told: Floats, count: Floats) -> Floats:
    """Factors on prior scales: scaled inverse chi-square given sums of weighted squares."""
    half = (prior_count + count) / 2.0
    squared = (prior_count + told) / 2.0 / np.maximum(gammaincinv(half, chance), 1e-12)
    return np.asarray(np.clip(np.sqrt(squared), *SCALE_BOUNDS), dtype=np.float64)
