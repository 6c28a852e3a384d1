"""Linearisation: sums over windows as functions of log flow and log odds, their values and their weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.plan import KIND_COUNT, Plan
from sarai.reconcile.windows_kernel import fill_log_flow, fill_shares, sum_class_linear, sum_class_windows
from sarai.simulate.kernel import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Weights:
    """A linearisation around one state.

    sums (figure,) persons; counted (class, day, crossing) flow counted by each class of figure; slopes: derivatives
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


@dataclass(frozen=True, kw_only=True)
class Flows:
    """log_flow and flow (day, crossing, member), shares of kinds and statuses (day, crossing, alternative, member)."""

    log_flow: Floats
    flow: Floats
    kinds: Floats
    marks: Floats


def find_flows(plan: Plan, path: Floats, constants: Floats, log_flow: Floats | None = None) -> Flows:
    """Flow and shares at states: path (day, cell, member), constants (slot, member).

    log_flow (day, crossing, member) of these states, where it is known already
    """
    layout = plan.layout
    log_flow = log_flow_of(plan, path, constants) if log_flow is None else log_flow
    shape = (plan.day_count, layout.crossing_count)
    kinds = np.zeros((*shape, layout.kind_cells + 1 if layout.kind_cells else 0, path.shape[2]))
    marks = np.zeros((*shape, layout.status_cells + 1 if layout.status_cells else 0, path.shape[2]))
    by_kind, by_status = np.split(layout.deviations, [layout.kind_cells], axis=1)
    if layout.kind_cells:
        fill_shares(path, constants, np.ascontiguousarray(by_kind), layout.odds_first, kinds)
    if layout.status_cells:
        first = layout.odds_first + layout.kind_cells
        fill_shares(path, constants, np.ascontiguousarray(by_status), first, marks)
    return Flows(log_flow=log_flow, flow=np.exp(log_flow), kinds=kinds, marks=marks)


def log_flow_of(plan: Plan, path: Floats, constants: Floats) -> Floats:
    """Log flow (day, crossing, member)."""
    out = np.empty((plan.day_count, plan.layout.crossing_count, path.shape[2]))
    fill_log_flow(path, constants, plan.layout.weekday_first + plan.weekday, out)
    return out


def sum_flows(plan: Plan, flows: Flows, labels: Sequence[int] | None = None) -> Floats:
    """Persons that each figure would count without bias or error: (figure, member).

    labels: classes to sum, all by default; figures of other classes come out as 0.
    """
    out = np.zeros((len(plan.class_of), flows.flow.shape[2]))
    room = np.empty((plan.day_count + 1, *flows.flow.shape[1:]))
    for label in range(len(plan.classes)) if labels is None else labels:
        sum_class_windows(
            label, flows.flow, flows.kinds, flows.marks, plan.class_members, plan.class_mark,
            plan.class_days, plan.class_scope, plan.class_of, plan.low, plan.high,
            plan.scope_first, plan.scope_index, room, out,
        )  # fmt: skip
    return out


def bias_of(plan: Plan, path: Floats, constants: Floats) -> Floats:
    """Log bias of each figure (figure, member): that of its regime, where it drifts on the last day of the window."""
    count = plan.layout.cell_count
    slot = plan.bias_slot
    daily = path[plan.high, np.minimum(slot, count - 1)]
    return np.where((slot < count)[:, None], daily, constants[slot])


def count_classes(plan: Plan, flows: Flows) -> Floats:
    """Flow counted by each class of figure (class, day, crossing), at the first member."""
    flow = flows.flow[:, :, 0]
    counted = np.empty((len(plan.classes), *flow.shape))
    for index, (members, mark) in enumerate(plan.classes):
        counted[index] = flow
        if plan.layout.kind_cells and len(members) < KIND_COUNT:
            counted[index] *= flows.kinds[:, :, list(members), 0].sum(axis=2)
        if mark >= 0:
            counted[index] *= flows.marks[:, :, mark, 0]
    return counted


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
    flows = find_flows(plan, path[:, :, None].copy(), constants[:, None].copy())
    counted = count_classes(plan, flows)
    sums = sum_flows(plan, flows)[:, 0]
    slopes = odds_slopes(plan, flows.kinds, flows.marks)
    layout = plan.layout
    rows = build_rows(
        counted, slopes, layout.deviations, layout.odds_first, layout.weekday_first + plan.weekday,
        plan.use_first, plan.use_key, plan.key_class, plan.key_figure,
        plan.scope_first, plan.scope_index,
    )  # fmt: skip
    figures = build_figures(
        counted, slopes, layout.deviations, layout.odds_first, layout.weekday_first + plan.weekday,
        plan.key_of, plan.class_of, plan.high, plan.key_slot,
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


@kernel(checked=True)
def write_row(
    counted: Floats, slopes: Floats, deviations: Ints, odds_first: int, weekday_slot: int,
    label: int, day: int, crossings: Ints, scale: float,
    index: Ints, value: Floats, place: int,
) -> int:  # fmt: skip
    """Write the weights of one day's sum over `crossings` from `place` on; returns the place after them."""
    crossing_count = counted.shape[2]
    odds_count = slopes.shape[1]
    whole = 0.0
    for crossing in crossings:
        weight = counted[label, day, crossing] * scale
        whole += weight
        index[place] = crossing
        value[place] = weight
        index[place + 1] = crossing_count + crossing
        value[place + 1] = weight
        place += 2
    index[place] = 2 * crossing_count
    value[place] = whole
    index[place + 1] = weekday_slot
    value[place + 1] = whole
    place += 2
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
            index[place] = odds_first + odds
            value[place] = total
            place += 1
    return place


@kernel(checked=True)
def build_rows(
    counted: Floats, slopes: Floats, deviations: Ints, odds_first: int, weekday_slot: Ints,
    use_first: Ints, use_key: Ints, key_class: Ints,
    key_figure: Ints, scope_first: Ints, scope_index: Ints,
) -> tuple[Ints, Ints, Floats]:  # fmt: skip
    """Rows that each open accumulator adds on each day, one per entry of use_key, as slices of sparse weights."""
    size = 0
    odds_count = slopes.shape[1]
    for use in range(use_key.shape[0]):
        figure = key_figure[use_key[use]]
        size += 2 + (scope_first[figure + 1] - scope_first[figure]) * (2 + odds_count) + odds_count
    first = np.zeros(use_key.shape[0] + 1, dtype=np.int64)
    index = np.zeros(size, dtype=np.int64)
    value = np.zeros(size)
    place = 0
    for day in range(use_first.shape[0] - 1):
        for use in range(use_first[day], use_first[day + 1]):
            key = use_key[use]
            figure = key_figure[key]
            crossings = scope_index[scope_first[figure] : scope_first[figure + 1]]
            place = write_row(
                counted, slopes, deviations, odds_first, weekday_slot[day], key_class[key], day, crossings, 1.0, index,
                value, place,
            )  # fmt: skip
            first[use + 1] = place
    return first, index[:place].copy(), value[:place].copy()


@kernel(checked=True)
def build_figures(
    counted: Floats, slopes: Floats, deviations: Ints, odds_first: int, weekday_slot: Ints,
    key_of: Ints, class_of: Ints, high: Ints, key_slot: Ints,
    bias_slot: Ints, sums: Floats, scope_first: Ints, scope_index: Ints,
) -> tuple[Ints, Ints, Floats]:  # fmt: skip
    """Weights of each figure on slots: its bias, and one accumulator or the day's own quantities."""
    count = key_of.shape[0]
    odds_count = slopes.shape[1]
    size = 0
    for figure in range(count):
        size += 4 + (scope_first[figure + 1] - scope_first[figure]) * (2 + odds_count) + odds_count
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
                counted, slopes, deviations, odds_first, weekday_slot[high[figure]], class_of[figure], high[figure],
                crossings, scale, index, value, place,
            )  # fmt: skip
        index[place] = bias_slot[figure]
        value[place] = 1.0
        place += 1
        first[figure + 1] = place
    return first, index[:place].copy(), value[:place].copy()


def apply_weights(
    plan: Plan, weights: Weights, path: Floats, constants: Floats, log_flow: Floats | None = None
) -> Floats:
    """The linear part of the log sums at other states, without bias: (figure, member).

    path (day, cell, member), constants (slot, member); log_flow as in `find_flows`.
    """
    log_flow = log_flow_of(plan, path, constants) if log_flow is None else log_flow
    out = np.zeros((len(plan.class_of), path.shape[2]))
    room = np.empty((plan.day_count + 1, *log_flow.shape[1:]))
    for label in range(len(plan.classes)):
        sum_class_linear(
            label, log_flow, path, constants, plan.layout.deviations, plan.layout.odds_first, weights.counted,
            weights.slopes, plan.class_days, plan.class_scope, plan.class_of, plan.low, plan.high, plan.scope_first,
            plan.scope_index, room, out,
        )  # fmt: skip
    return out / weights.sums[:, None]
