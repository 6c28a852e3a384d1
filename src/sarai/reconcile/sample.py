"""Joint samples of the picture: each sample is the best path for its own draw of prior and errors.

Randomised maximum likelihood (Oliver, He & Reynolds 1996; exact where sums are linear in the state): draw a path from
the prior and an error for each figure, then solve for the path. The gains of the fit serve all samples; a few repeats
with the exact sums keep window sums where the reports put them although flow is the exponential of the state.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sarai.reconcile.fit import Fit, run_means
from sarai.reconcile.linear import apply_weights, class_flows, sum_windows
from sarai.reconcile.observations import Observations
from sarai.reconcile.prior import Prior
from sarai.simulate.keys import cell_key, day_word, purpose_key
from sarai.simulate.philox import stream_key, uniform_at
from sarai.simulate.small_math import normal_quantile

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
Ints = NDArray[np.int64]

REPEATS = 4
BLOCK_BYTES = 6e7
LARGEST_CHANGE = 1.0  # log units by which a repeat may move a day


@dataclass(frozen=True, kw_only=True)
class Samples:
    """Joint samples: flow (day, crossing, sample); shares of kinds and statuses (day, crossing, alternative, sample),
    with no alternatives where no figure tells them apart; constants (slot, sample)."""

    flow: Floats
    kinds: Floats
    marks: Floats
    constants: Floats


@njit(cache=True)
def fill_normals(stream: np.uint64, first_member: int, days: Ints, cells: Words, out: Floats) -> None:
    """Standard normals out (day, cell, member), each a function of its keys."""
    for day in range(out.shape[0]):
        for cell in range(out.shape[1]):
            for member in range(out.shape[2]):
                out[day, cell, member] = normal_quantile(
                    uniform_at(stream, first_member + member, days[day], cells[cell])
                )


def draw_normals(seed: int, purpose: str, first_member: int, member_count: int, days: Ints, cells: Words) -> Floats:
    """Standard normals (day, cell, member) under keys (seed, purpose, member, day, cell)."""
    out = np.empty((len(days), len(cells), member_count))
    stream = np.uint64(stream_key(seed, int(purpose_key(purpose))))
    fill_normals(stream, first_member, days, cells, out)
    return out


def state_cells(observations: Observations, statuses: tuple[str, ...], fit: Fit) -> tuple[Words, Words]:
    """Keys of the daily quantities and of the constants, from stable ids."""
    layout = fit.plan.layout
    names = list(observations.crossings)
    odds = [f"kind {place}" for place in range(layout.kind_cells)]
    odds += [f"status {name}" for name in statuses[: layout.status_cells]]
    cells = [cell_key("reconcile level", name) for name in names] + [cell_key("reconcile odds", name) for name in odds]
    constants = [np.uint64(0)] * layout.constant_count
    for slot in range(layout.cell_count):
        constants[slot] = cells[slot]
    for crossing, name in enumerate(names):
        for place, label in enumerate(odds):
            if layout.deviations[crossing, place] >= 0:
                constants[layout.deviations[crossing, place]] = cell_key("reconcile deviation", name, label)
    for index, regime in enumerate(observations.regimes):
        constants[layout.bias_first + index] = cell_key("reconcile bias", regime.series, regime.start.isoformat())
    return np.array(cells, dtype=np.uint64), np.array(constants, dtype=np.uint64)


def draw_samples(
    observations: Observations, statuses: tuple[str, ...], prior: Prior, fit: Fit, sample_count: int, seed: int
) -> Samples:
    """`sample_count` joint samples; sample i is the same whatever the number of samples."""
    plan = fit.plan
    per_member = 8.0 * plan.day_count * plan.layout.crossing_count * (len(plan.classes) + 4 + plan.layout.odds_count)
    block = int(max(1, min(sample_count, BLOCK_BYTES // per_member)))
    parts = [
        draw_block(observations, statuses, prior, fit, first, min(block, sample_count - first), seed)
        for first in range(0, sample_count, block)
    ]
    return Samples(
        flow=np.concatenate([part.flow for part in parts], axis=-1),
        kinds=np.concatenate([part.kinds for part in parts], axis=-1),
        marks=np.concatenate([part.marks for part in parts], axis=-1),
        constants=np.concatenate([part.constants for part in parts], axis=-1),
    )


def draw_block(
    observations: Observations, statuses: tuple[str, ...], prior: Prior, fit: Fit, first: int, count: int, seed: int
) -> Samples:
    """Samples first .. first + count - 1."""
    plan, layout = fit.plan, fit.plan.layout
    days = np.array([day_word(plan.first_day + day) for day in range(plan.day_count)], dtype=np.int64)
    cells, constant_cells = state_cells(observations, statuses, fit)
    figure_cells = np.array([cell_key("reconcile figure", *ids) for ids in observations.report_ids], dtype=np.uint64)
    steps = draw_normals(seed, "reconcile step", first, count, days, cells)
    steps *= np.sqrt(fit.spread)[:, :, None]
    origin = np.zeros(1, dtype=np.int64)
    start = np.zeros((plan.slot_count, count))
    deviates = draw_normals(seed, "reconcile constant", first, count, origin, constant_cells)[0]
    fixed = slice(0, layout.constant_count)
    start[fixed] = prior.first_mean[fixed, None] + np.sqrt(prior.first_variance[fixed, None]) * deviates
    prior_path = np.cumsum(steps, axis=0) + start[None, : layout.cell_count]
    errors = draw_normals(seed, "reconcile error", first, count, origin, figure_cells)[0]
    value = np.log(observations.value)[:, None] + np.sqrt(fit.figure_variance)[:, None] * errors
    path = np.repeat(fit.path[:, :, None], count, axis=2)
    constants = np.repeat(fit.constants[:, None], count, axis=1)
    flat = np.zeros(plan.slot_count)
    for _ in range(REPEATS if observations.count else 1):
        counted, _, _ = class_flows(plan, path, constants)
        sums = np.log(sum_windows(plan, counted))
        linear = apply_weights(plan, fit.weights, path - prior_path, constants - start)
        target = value - sums + linear - start[plan.bias_slot]
        moved, shift, _ = run_means(plan, fit.weights, flat, prior.first_variance, fit.spread, fit.gain, fit.predicted,
                                    np.ascontiguousarray(target))  # fmt: skip
        path += np.clip(prior_path + moved - path, -LARGEST_CHANGE, LARGEST_CHANGE)
        constants = start + shift
    _, kinds, marks = class_flows(plan, path, constants)
    return Samples(flow=np.exp(path[:, : layout.crossing_count]), kinds=kinds, marks=marks, constants=constants)
