"""Linearisation: sums over windows as functions of log flow and log odds, their values and their weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sarai.reconcile.plan import KIND_COUNT, Plan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Weights:
    """A linearisation around one state.

    sums (figure,) persons; counted (class, day, crossing, 1) flow counted by each class of figure; slopes: derivatives
    of log shares; rows that accumulators add each day and weights of figures, both as slices of sparse weights
    """

    sums: Floats
    counted: Floats
    slopes: Floats
    row_first: Ints
    row_index: Ints
    row_value: Floats
    figure_first: Ints
    figure_index: Ints
    figure_value: Floats


def odds_by_crossing(plan: Plan, path: Floats, constants: Floats) -> Floats:
    """Log odds (day, crossing, odds, member): the common path plus the deviation of the crossing.

    path (day, cell, member), constants (slot, member).
    """
    layout = plan.layout
    first = layout.crossing_count
    common = path[:, first : first + layout.odds_count, :]
    odds = np.repeat(common[:, None, :, :], layout.crossing_count, axis=1)
    for crossing in range(layout.crossing_count):
        for place in range(layout.odds_count):
            slot = layout.deviations[crossing, place]
            if slot >= 0:
                odds[:, crossing, place, :] += constants[slot]
    return odds


def shares_of_odds(odds: Floats) -> Floats:
    """Shares over the alternatives (last one has log odds 0): (..., odds, member) -> (..., odds + 1, member)."""
    shape = (*odds.shape[:-2], 1, odds.shape[-1])
    full = np.concatenate([odds, np.zeros(shape)], axis=-2)
    full -= full.max(axis=-2, keepdims=True)
    np.exp(full, out=full)
    full /= full.sum(axis=-2, keepdims=True)
    return full


def class_flows(plan: Plan, path: Floats, constants: Floats) -> tuple[Floats, Floats, Floats]:
    """Flow counted by each class of figure (class, day, crossing, member), and the shares of kinds and statuses."""
    layout = plan.layout
    flow = np.exp(path[:, : layout.crossing_count, :])
    odds = odds_by_crossing(plan, path, constants)
    kinds = shares_of_odds(odds[:, :, : layout.kind_cells, :])
    marks = shares_of_odds(odds[:, :, layout.kind_cells :, :])
    counted = np.empty((len(plan.classes), *flow.shape))
    for index, (members, mark) in enumerate(plan.classes):
        counted[index] = flow
        if layout.kind_cells and len(members) < KIND_COUNT:
            counted[index] *= sum(kinds[:, :, member, :] for member in members)
        if mark >= 0:
            counted[index] *= marks[:, :, mark, :]
    return counted, kinds, marks


def sum_windows(plan: Plan, values: Floats) -> Floats:
    """Sum of values (class, day, crossing, member) over each figure's window and scope: (figure, member)."""
    cumulated = np.zeros((values.shape[0], values.shape[1] + 1, *values.shape[2:]))
    np.cumsum(values, axis=1, out=cumulated[:, 1:])
    return gather_windows(cumulated, plan.class_of, plan.low, plan.high, plan.scope_first, plan.scope_index)


@njit(cache=True)
def gather_windows(
    cumulated: Floats, class_of: Ints, low: Ints, high: Ints, scope_first: Ints, scope_index: Ints
) -> Floats:
    """Differences of cumulated sums at the two ends of each window, added up over its scope."""
    count = class_of.shape[0]
    member_count = cumulated.shape[3]
    total = np.zeros((count, member_count))
    for figure in range(count):
        label = class_of[figure]
        for place in range(scope_first[figure], scope_first[figure + 1]):
            crossing = scope_index[place]
            for member in range(member_count):
                total[figure, member] += (
                    cumulated[label, high[figure] + 1, crossing, member]
                    - cumulated[label, low[figure], crossing, member]
                )
    return total


def odds_slopes(plan: Plan, kinds: Floats, marks: Floats) -> Floats:
    """Derivative of the log share of each class by each log odds: (class, odds, day, crossing), at one member."""
    layout = plan.layout
    slopes = np.zeros((len(plan.classes), layout.odds_count, plan.day_count, layout.crossing_count))
    for index, (members, mark) in enumerate(plan.classes):
        if layout.kind_cells and len(members) < KIND_COUNT:
            inside = sum(kinds[:, :, member, 0] for member in members)
            for place in range(layout.kind_cells):
                share = kinds[:, :, place, 0]
                slopes[index, place] = (share / inside if place in members else 0.0) - share
        if mark >= 0:
            for place in range(layout.status_cells):
                own = 1.0 if place == mark else 0.0
                slopes[index, layout.kind_cells + place] = own - marks[:, :, place, 0]
    return slopes


def linearise(plan: Plan, path: Floats, constants: Floats) -> Weights:
    """Sums over windows at one state, path (day, cell) and constants (slot,), and their weights on slots."""
    counted, kinds, marks = class_flows(plan, path[:, :, None], constants[:, None])
    sums = sum_windows(plan, counted)[:, 0]
    slopes = odds_slopes(plan, kinds, marks)
    layout = plan.layout
    rows = build_rows(
        counted[:, :, :, 0], slopes, layout.deviations, plan.use_first, plan.use_key, plan.key_class, plan.key_figure,
        plan.scope_first, plan.scope_index,
    )  # fmt: skip
    figures = build_figures(
        counted[:, :, :, 0], slopes, layout.deviations, plan.key_of, plan.class_of, plan.high, plan.key_slot,
        plan.bias_slot, sums, plan.scope_first, plan.scope_index,
    )  # fmt: skip
    return Weights(
        sums=sums,
        counted=counted,
        slopes=slopes,
        row_first=rows[0],
        row_index=rows[1],
        row_value=rows[2],
        figure_first=figures[0],
        figure_index=figures[1],
        figure_value=figures[2],
    )


@njit(cache=True)
def write_row(
    counted: Floats, slopes: Floats, deviations: Ints, label: int, day: int, crossings: Ints, scale: float,
    index: Ints, value: Floats, place: int,
) -> int:  # fmt: skip
    """Write the weights of one day's sum over `crossings` from `place` on; returns the place after them."""
    crossing_count = counted.shape[2]
    odds_count = slopes.shape[1]
    for crossing in crossings:
        index[place] = crossing
        value[place] = counted[label, day, crossing] * scale
        place += 1
    for odds in range(odds_count):
        total = 0.0
        for crossing in crossings:
            slope = counted[label, day, crossing] * scale * slopes[label, odds, day, crossing]
            total += slope
            if deviations[crossing, odds] >= 0 and slope != 0.0:
                index[place] = deviations[crossing, odds]
                value[place] = slope
                place += 1
        if total != 0.0:
            index[place] = crossing_count + odds
            value[place] = total
            place += 1
    return place


@njit(cache=True)
def build_rows(
    counted: Floats, slopes: Floats, deviations: Ints, use_first: Ints, use_key: Ints, key_class: Ints,
    key_figure: Ints, scope_first: Ints, scope_index: Ints,
) -> tuple[Ints, Ints, Floats]:  # fmt: skip
    """Rows that each open accumulator adds on each day, one per entry of use_key, as slices of sparse weights."""
    size = 0
    odds_count = slopes.shape[1]
    for use in range(use_key.shape[0]):
        figure = key_figure[use_key[use]]
        size += (scope_first[figure + 1] - scope_first[figure]) * (1 + odds_count) + odds_count
    first = np.zeros(use_key.shape[0] + 1, dtype=np.int64)
    index = np.zeros(size, dtype=np.int64)
    value = np.zeros(size)
    place = 0
    for day in range(use_first.shape[0] - 1):
        for use in range(use_first[day], use_first[day + 1]):
            key = use_key[use]
            figure = key_figure[key]
            crossings = scope_index[scope_first[figure] : scope_first[figure + 1]]
            place = write_row(counted, slopes, deviations, key_class[key], day, crossings, 1.0, index, value, place)
            first[use + 1] = place
    return first, index[:place].copy(), value[:place].copy()


@njit(cache=True)
def build_figures(
    counted: Floats, slopes: Floats, deviations: Ints, key_of: Ints, class_of: Ints, high: Ints, key_slot: Ints,
    bias_slot: Ints, sums: Floats, scope_first: Ints, scope_index: Ints,
) -> tuple[Ints, Ints, Floats]:  # fmt: skip
    """Weights of each figure on slots: its bias, and one accumulator or the day's own quantities."""
    count = key_of.shape[0]
    odds_count = slopes.shape[1]
    size = 0
    for figure in range(count):
        size += 2 + (scope_first[figure + 1] - scope_first[figure]) * (1 + odds_count) + odds_count
    first = np.zeros(count + 1, dtype=np.int64)
    index = np.zeros(size, dtype=np.int64)
    value = np.zeros(size)
    place = 0
    for figure in range(count):
        scale = 1.0 / sums[figure]
        if key_of[figure] >= 0:
            index[place] = key_slot[key_of[figure]]
            value[place] = scale
            place += 1
        else:
            crossings = scope_index[scope_first[figure] : scope_first[figure + 1]]
            place = write_row(
                counted, slopes, deviations, class_of[figure], high[figure], crossings, scale, index, value, place
            )
        index[place] = bias_slot[figure]
        value[place] = 1.0
        place += 1
        first[figure + 1] = place
    return first, index[:place].copy(), value[:place].copy()


def apply_weights(plan: Plan, weights: Weights, path: Floats, constants: Floats) -> Floats:
    """The linear part of the log sums at other states, without bias: (figure, member).

    path (day, cell, member), constants (slot, member).
    """
    layout = plan.layout
    values = np.repeat(path[None, :, : layout.crossing_count, :], len(plan.classes), axis=0)
    odds = odds_by_crossing(plan, path, constants)
    for place in range(layout.odds_count):
        for label in range(len(plan.classes)):
            if weights.slopes[label, place].any():
                values[label] += weights.slopes[label, place][:, :, None] * odds[:, :, place, :]
    values *= weights.counted
    return sum_windows(plan, values) / weights.sums[:, None]
