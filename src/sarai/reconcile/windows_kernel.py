"""Kernels: flow, shares and their sums over windows, for many members at once. Single-threaded, in fixed order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.kernel import kernel
from sarai.simulate.small_math import exp

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
LARGEST_ODDS = 300.0  # keeps the exponential finite


@kernel(checked=True, borrows=True)
def fill_log_flow(path: Floats, constants: Floats, weekday_slot: Ints, out: Floats) -> None:
    """Log flow out (day, crossing, member): level, the day's own departure, what crossings share, and the weekday."""
    day_count, crossing_count, member_count = out.shape
    for day in range(day_count):
        slot = weekday_slot[day]
        for crossing in range(crossing_count):
            for member in range(member_count):
                out[day, crossing, member] = (
                    path[day, crossing, member]
                    + path[day, crossing_count + crossing, member]
                    + path[day, 2 * crossing_count, member]
                    + constants[slot, member]
                )


@kernel()
def fill_shares(path: Floats, constants: Floats, deviations: Ints, first_cell: int, out: Floats) -> None:
    """Shares out (day, crossing, alternative, member) of log odds in cells first_cell ..; the last alternative has 0.

    deviations (crossing, odds) slot of a crossing's own departure, -1 where it has none
    """
    day_count, crossing_count, alternatives, member_count = out.shape
    total = np.empty(member_count)
    for day in range(day_count):
        for crossing in range(crossing_count):
            total[:] = 1.0
            for place in range(alternatives - 1):
                slot = deviations[crossing, place]
                for member in range(member_count):
                    odds = path[day, first_cell + place, member]
                    if slot >= 0:
                        odds += constants[slot, member]
                    part = exp(min(odds, LARGEST_ODDS))
                    out[day, crossing, place, member] = part
                    total[member] += part
            for member in range(member_count):
                total[member] = 1.0 / total[member]
                out[day, crossing, alternatives - 1, member] = total[member]
            for place in range(alternatives - 1):
                for member in range(member_count):
                    out[day, crossing, place, member] *= total[member]


@kernel(checked=True)
def sum_class_windows(
    label: int, flow: Floats, kinds: Floats, marks: Floats, members_of: Flags, mark_of: Ints,
    class_days: Ints, class_scope: Flags, class_of: Ints,
    low: Ints, high: Ints, scope_first: Ints, scope_index: Ints, cumulated: Floats, out: Floats,
) -> None:  # fmt: skip
    """Sums out (figure, member) over the windows of all figures of one class; cumulated is room to work in.

    class_days (class, 2), class_scope (class, crossing): days and crossings that its figures span
    members_of (class, kind) kinds that the class counts; mark_of (class,) status that it counts, -1 for all
    """
    crossing_count, member_count = flow.shape[1], flow.shape[2]
    part, share = np.empty(member_count), np.empty(member_count)
    every_kind = kinds.shape[2] == 0 or members_of[label].all()
    cumulated[class_days[label, 0]] = 0.0
    for day in range(class_days[label, 0], class_days[label, 1]):
        for crossing in range(crossing_count):
            if not class_scope[label, crossing]:
                continue
            for member in range(member_count):
                part[member] = flow[day, crossing, member]
            if not every_kind:
                share[:] = 0.0
                for kind in range(kinds.shape[2]):
                    if members_of[label, kind]:
                        for member in range(member_count):
                            share[member] += kinds[day, crossing, kind, member]
                for member in range(member_count):
                    part[member] *= share[member]
            if mark_of[label] >= 0:
                for member in range(member_count):
                    part[member] *= marks[day, crossing, mark_of[label], member]
            for member in range(member_count):
                cumulated[day + 1, crossing, member] = cumulated[day, crossing, member] + part[member]
    gather_class(label, cumulated, class_of, low, high, scope_first, scope_index, out)


@kernel(checked=True, borrows=True)
def sum_class_linear(
    label: int, log_flow: Floats, path: Floats, constants: Floats, deviations: Ints, odds_first: int, counted: Floats,
    slopes: Floats, class_days: Ints, class_scope: Flags, class_of: Ints, low: Ints, high: Ints, scope_first: Ints,
    scope_index: Ints, cumulated: Floats,
    out: Floats,
) -> None:  # fmt: skip
    """The linear part of the sums of one class: counted times (log flow and slopes times log odds), over windows.

    counted (class, day, crossing), slopes (class, odds, day, crossing): those of the linearisation
    """
    crossing_count, member_count = log_flow.shape[1], log_flow.shape[2]
    odds_count = slopes.shape[1]
    cumulated[class_days[label, 0]] = 0.0
    for day in range(class_days[label, 0], class_days[label, 1]):
        for crossing in range(crossing_count):
            if not class_scope[label, crossing]:
                continue
            weight = counted[label, day, crossing]
            for member in range(member_count):
                cumulated[day + 1, crossing, member] = (
                    cumulated[day, crossing, member] + weight * log_flow[day, crossing, member]
                )
            for place in range(odds_count):
                slope = weight * slopes[label, place, day, crossing]
                if slope == 0.0:
                    continue
                slot = deviations[crossing, place]
                for member in range(member_count):
                    odds = path[day, odds_first + place, member]
                    if slot >= 0:
                        odds += constants[slot, member]
                    cumulated[day + 1, crossing, member] += slope * odds
    gather_class(label, cumulated, class_of, low, high, scope_first, scope_index, out)


@kernel(checked=True)
def gather_class(
    label: int, cumulated: Floats, class_of: Ints, low: Ints, high: Ints, scope_first: Ints, scope_index: Ints,
    out: Floats,
) -> None:  # fmt: skip
    """Differences of cumulated sums at the two ends of each window of a class, added up over its scope."""
    member_count = cumulated.shape[2]
    for figure in range(class_of.shape[0]):
        if class_of[figure] != label:
            continue
        for member in range(member_count):
            out[figure, member] = 0.0
        for place in range(scope_first[figure], scope_first[figure + 1]):
            crossing = scope_index[place]
            for member in range(member_count):
                out[figure, member] += (
                    cumulated[high[figure] + 1, crossing, member] - cumulated[low[figure], crossing, member]
                )


@kernel(checked=True)
def choose_windows(
    counted: Floats, sums: Floats, variance: Floats, whole: Flags, class_of: Ints, low: Ints, high: Ints,
    scope_first: Ints, scope_index: Ints,
) -> tuple[Ints, Floats]:  # fmt: skip
    """The figure that says most about each day and crossing (day, crossing), -1 where none does; and the part of each
    figure's sum on days that are its own (figure,).

    whole (figure,): figures to choose from; a figure says the square of the day's part of its sum over variance
    """
    best = np.full((counted.shape[1], counted.shape[2]), -1, dtype=np.int64)
    most = np.zeros((counted.shape[1], counted.shape[2]))
    for figure in range(class_of.shape[0]):
        if not whole[figure]:
            continue
        for day in range(low[figure], high[figure] + 1):
            for place in range(scope_first[figure], scope_first[figure + 1]):
                crossing = scope_index[place]
                told = (counted[class_of[figure], day, crossing] / sums[figure]) ** 2 / variance[figure]
                if told > most[day, crossing]:
                    most[day, crossing] = told
                    best[day, crossing] = figure
    own = np.zeros(class_of.shape[0])
    for day in range(best.shape[0]):
        for crossing in range(best.shape[1]):
            figure = best[day, crossing]
            if figure >= 0:
                own[figure] += counted[class_of[figure], day, crossing] / sums[figure]
    return best, own


@kernel(checked=True)
def sum_own_days(best: Ints, mark: int, flow: Floats, marks: Floats, count: int) -> Floats:
    """Persons of one status, or of all (mark -1), on the days that are a figure's own: (figure, member).

    best (day, crossing) figure whose day it is; count figures in all
    """
    out = np.zeros((count, flow.shape[2]))
    for day in range(best.shape[0]):
        for crossing in range(best.shape[1]):
            figure = best[day, crossing]
            if figure < 0:
                continue
            for member in range(flow.shape[2]):
                part = flow[day, crossing, member]
                out[figure, member] += part if mark < 0 else part * marks[day, crossing, mark, member]
    return out


@kernel(checked=True)
def spread_gaps(best: Ints, gap: Floats) -> Floats:
    """Factor (day, crossing, member) by which each day grows: e to the gap (figure, member) of its window.

    A day that no window counts goes with the days beside it: by the gap between that of the nearest counted day on
    either side, or that of the only one.
    """
    day_count = best.shape[0]
    own = np.empty_like(gap)
    for figure in range(gap.shape[0]):
        for member in range(gap.shape[1]):
            own[figure, member] = exp(gap[figure, member])
    growth = np.ones((day_count, best.shape[1], gap.shape[1]))
    for crossing in range(best.shape[1]):
        before = -1
        after = 0
        for day in range(day_count):
            if best[day, crossing] >= 0:
                before = day
            if after <= day:
                after = day
                while after < day_count and best[after, crossing] < 0:
                    after += 1
            left = best[before, crossing] if before >= 0 else -1
            right = best[after, crossing] if after < day_count else left
            if right < 0:
                continue
            left = right if left < 0 else left
            part = (day - before) / (after - before) if before >= 0 and before < after < day_count else 0.0
            if part == 0.0 or left == right:
                for member in range(gap.shape[1]):
                    growth[day, crossing, member] = own[left, member]
                continue
            for member in range(gap.shape[1]):
                growth[day, crossing, member] = exp((1.0 - part) * gap[left, member] + part * gap[right, member])
    return growth


@kernel()
def move_part(growth: Floats, mark: int, low: Floats, high: Floats, flow: Floats, marks: Floats) -> None:
    """Let people of one status, or of all (mark -1), grow by a factor (day, crossing, member), in place.

    flow (day, crossing, member) and the shares marks (day, crossing, status, member) follow; nobody's number leaves
    low..high (day, crossing), persons, unless it was outside.
    """
    day_count, crossing_count, member_count = flow.shape
    for day in range(day_count):
        for crossing in range(crossing_count):
            least, most = low[day, crossing], high[day, crossing]
            if mark < 0:
                for member in range(member_count):
                    whole = flow[day, crossing, member]
                    moved = whole * growth[day, crossing, member]
                    flow[day, crossing, member] = min(max(moved, min(least, whole)), max(most, whole))
                continue
            for member in range(member_count):
                whole = flow[day, crossing, member]
                part = whole * marks[day, crossing, mark, member]
                moved = part * growth[day, crossing, member]
                moved = min(max(moved, min(least, part)), max(most, part))
                total = whole - part + moved
                for other in range(marks.shape[2]):
                    marks[day, crossing, other, member] *= whole / total
                marks[day, crossing, mark, member] = moved / total
                flow[day, crossing, member] = total


@kernel(checked=True, borrows=True)
def carry_steps(path: Floats, start: Floats, memory: Floats) -> None:
    """Turn steps (day, cell, member) into paths in place, from a start (cell, member)."""
    day_count, cell_count, member_count = path.shape
    for cell in range(cell_count):
        for member in range(member_count):
            path[0, cell, member] += start[cell, member]
    for day in range(1, day_count):
        for cell in range(cell_count):
            for member in range(member_count):
                path[day, cell, member] += memory[cell] * path[day - 1, cell, member]
