"""Kernels: a forward filter and a backward smoother over days whose cost is linear in days and in figures.

The state holds the daily quantities (log flow by crossing, log shares), the constants (biases, deviations) and one
accumulator per open window: the linearised sum since the window began. A window sum, however long, is then a figure on
the state of its last day alone, and no matrix ever couples distant days. Figures enter one by one, so nothing is
inverted. The backward pass is the disturbance smoother (de Jong 1989; Durbin & Koopman 2012, ch. 4).
Single-threaded and in fixed order: the same bytes on every run.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.kernel import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel(checked=True)
def clear_slot(table: Floats, slot: int) -> None:
    """Set the line and the column of a slot of a square table to zero."""
    for other in range(table.shape[0]):
        table[slot, other] = 0.0
        table[other, slot] = 0.0


@kernel(checked=True)
def scale_slot(table: Floats, slot: int, by: float) -> None:
    """Multiply the line and then the column of a slot of a square table."""
    for other in range(table.shape[0]):
        table[slot, other] *= by
    for other in range(table.shape[0]):
        table[other, slot] *= by


@kernel(checked=True, borrows=True)
def fill_gains(
    spread: Floats, memory: Floats, first_variance: Floats, open_first: Ints, open_slot: Ints,
    use_first: Ints, use_slot: Ints, use_row: Ints, row_first: Ints, row_index: Ints, row_value: Floats,
    seen_first: Ints, figure_first: Ints, figure_index: Ints, figure_value: Floats, figure_variance: Floats,
    gain: Floats, predicted: Floats, cover: Floats, total: Floats,
) -> None:  # fmt: skip
    """Gain of each figure on the state, gain (figure, slot), and its predictive variance, predicted (figure,).

    spread          (day, cell) variance of the innovation of each daily quantity; cells are the first slots
    memory          (cell,) part of yesterday's value that stays: 1 for a level, 0 for a day of its own
    first_variance  (slot,) variance of each slot before the first day
    open_first      (day + 1,) slice of `open_slot` set to zero at the start of each day: accumulators that begin
    use_first       (day + 1,) slice of `use_slot`, `use_row`: open accumulators, and the row each adds that day
    row_first       (row + 1,) slice of `row_index`, `row_value`: sparse weights of a day's sum on slots
    seen_first      (day + 1,) slice of figures that end on each day; figure_first likewise slices their sparse weights
    cover           (slot, slot) and total (slot,): room to work in; it and what is filled are zero at the start
    """
    day_count, cell_count = spread.shape
    slot_count = first_variance.shape[0]
    for slot in range(slot_count):
        cover[slot, slot] = first_variance[slot]
    for day in range(day_count):
        for cell in range(cell_count):
            if day > 0 and memory[cell] != 1.0:
                scale_slot(cover, cell, memory[cell])
            cover[cell, cell] += spread[day, cell]
        for place in range(open_first[day], open_first[day + 1]):
            clear_slot(cover, open_slot[place])
        for place in range(use_first[day], use_first[day + 1]):
            slot = use_slot[place]
            row = use_row[place]
            for column in range(slot_count):
                total[column] = 0.0
            for item in range(row_first[row], row_first[row + 1]):
                weight = row_value[item]
                other = row_index[item]
                for column in range(slot_count):
                    total[column] += weight * cover[other, column]
            own = 0.0
            for item in range(row_first[row], row_first[row + 1]):
                own += row_value[item] * total[row_index[item]]
            own += 2.0 * total[slot] + cover[slot, slot]
            for column in range(slot_count):
                cover[slot, column] += total[column]
                cover[column, slot] = cover[slot, column]
            cover[slot, slot] = own
        for figure in range(seen_first[day], seen_first[day + 1]):
            column_of = gain[figure]
            for item in range(figure_first[figure], figure_first[figure + 1]):
                weight = figure_value[item]
                other = figure_index[item]
                for column in range(slot_count):
                    column_of[column] += weight * cover[other, column]
            variance = figure_variance[figure]
            for item in range(figure_first[figure], figure_first[figure + 1]):
                variance += figure_value[item] * column_of[figure_index[item]]
            predicted[figure] = variance
            for line in range(slot_count):
                pull = column_of[line] / variance
                if pull != 0.0:
                    for column in range(slot_count):
                        cover[line, column] -= pull * column_of[column]
            for column in range(slot_count):
                column_of[column] /= variance


@kernel(checked=True, borrows=True)
def fill_means(
    target: Floats, first_mean: Floats, spread: Floats, memory: Floats, first_variance: Floats,
    gain: Floats, predicted: Floats,
    open_first: Ints, open_slot: Ints, use_first: Ints, use_slot: Ints, use_row: Ints, row_first: Ints,
    row_index: Ints, row_value: Floats, seen_first: Ints, figure_first: Ints, figure_index: Ints, figure_value: Floats,
    path: Floats, first: Floats, surprise: Floats, state: Floats, back: Floats,
) -> None:  # fmt: skip
    """Smoothed mean for many right-hand sides at once: target (figure, member), first_mean (slot,).

    Fills path (day, cell, member), the daily quantities; first (slot, member), the slots before the first day, where
    constants are read; and surprise (figure, member), the pull of each figure: its smoothed error over its error
    variance. state and back (slot, member) are room to work in; back is zero at the start.
    """
    day_count, cell_count = spread.shape
    slot_count, member_count = state.shape
    for slot in range(slot_count):
        for member in range(member_count):
            state[slot, member] = first_mean[slot]
    for day in range(day_count):
        if day > 0:
            for cell in range(cell_count):
                if memory[cell] != 1.0:
                    for member in range(member_count):
                        state[cell, member] *= memory[cell]
        for place in range(open_first[day], open_first[day + 1]):
            for member in range(member_count):
                state[open_slot[place], member] = 0.0
        for place in range(use_first[day], use_first[day + 1]):
            slot = use_slot[place]
            row = use_row[place]
            for item in range(row_first[row], row_first[row + 1]):
                weight = row_value[item]
                other = row_index[item]
                for member in range(member_count):
                    state[slot, member] += weight * state[other, member]
        for figure in range(seen_first[day], seen_first[day + 1]):
            miss = surprise[figure]
            for member in range(member_count):
                miss[member] = target[figure, member]
            for item in range(figure_first[figure], figure_first[figure + 1]):
                weight = figure_value[item]
                other = figure_index[item]
                for member in range(member_count):
                    miss[member] -= weight * state[other, member]
            for slot in range(slot_count):
                weight = gain[figure, slot]
                if weight != 0.0:
                    for member in range(member_count):
                        state[slot, member] += weight * miss[member]
            for member in range(member_count):
                miss[member] /= predicted[figure]
    for day in range(day_count - 1, -1, -1):
        for figure in range(seen_first[day + 1] - 1, seen_first[day] - 1, -1):
            pull = surprise[figure]
            for slot in range(slot_count):
                weight = gain[figure, slot]
                if weight != 0.0:
                    for member in range(member_count):
                        pull[member] -= weight * back[slot, member]
            for item in range(figure_first[figure], figure_first[figure + 1]):
                weight = figure_value[item]
                other = figure_index[item]
                for member in range(member_count):
                    back[other, member] += weight * pull[member]
        for place in range(use_first[day + 1] - 1, use_first[day] - 1, -1):
            slot = use_slot[place]
            row = use_row[place]
            for item in range(row_first[row], row_first[row + 1]):
                weight = row_value[item]
                other = row_index[item]
                for member in range(member_count):
                    back[other, member] += weight * back[slot, member]
        for place in range(open_first[day], open_first[day + 1]):
            for member in range(member_count):
                back[open_slot[place], member] = 0.0
        for cell in range(cell_count):
            for member in range(member_count):
                path[day, cell, member] = spread[day, cell] * back[cell, member]
                if day > 0:
                    back[cell, member] *= memory[cell]
    for slot in range(slot_count):
        for member in range(member_count):
            first[slot, member] = first_mean[slot] + first_variance[slot] * back[slot, member]
    for cell in range(cell_count):
        for member in range(member_count):
            path[0, cell, member] += first[cell, member]
    for day in range(1, day_count):
        for cell in range(cell_count):
            for member in range(member_count):
                path[day, cell, member] += memory[cell] * path[day - 1, cell, member]


@kernel(checked=True)
def add_both_ways(info: Floats, index: Ints, value: Floats, both: float, line: Floats) -> None:
    """Add a line' + line a' + both a a' to a symmetric matrix, a being sparse weights; `line` is spoilt.

    Line by line, so that each line of the matrix is fetched once however many weights there are.
    """
    for item in range(len(index)):
        line[index[item]] += 0.5 * both * value[item]
    for slot in range(info.shape[0]):
        here = line[slot]
        for item in range(len(index)):
            info[slot, index[item]] += here * value[item]
    for item in range(len(index)):
        weight = value[item]
        other = index[item]
        for column in range(info.shape[0]):
            info[other, column] += weight * line[column]


@kernel(checked=True, borrows=True)
def fill_variances(
    spread: Floats, memory: Floats, first_variance: Floats, gain: Floats, predicted: Floats, figure_variance: Floats,
    open_first: Ints, open_slot: Ints, use_first: Ints, use_slot: Ints, use_row: Ints, row_first: Ints,
    row_index: Ints, row_value: Floats, seen_first: Ints, figure_first: Ints, figure_index: Ints, figure_value: Floats,
    innovation: Floats, first: Floats, error: Floats, info: Floats, line: Floats,
) -> None:  # fmt: skip
    """Posterior variances: of innovations (day, cell), of slots before the first day (slot,), of errors (figure,).

    info (slot, slot), zero at the start, and line (slot,) are room to work in
    """
    day_count, cell_count = spread.shape
    slot_count = first_variance.shape[0]
    for day in range(day_count - 1, -1, -1):
        for figure in range(seen_first[day + 1] - 1, seen_first[day] - 1, -1):
            for slot in range(slot_count):
                line[slot] = 0.0
            for slot in range(slot_count):
                weight = gain[figure, slot]
                if weight != 0.0:
                    for column in range(slot_count):
                        line[column] += weight * info[slot, column]
            both = 1.0 / predicted[figure]
            for slot in range(slot_count):
                both += gain[figure, slot] * line[slot]
            error[figure] = figure_variance[figure] * (1.0 - figure_variance[figure] * both)
            for slot in range(slot_count):
                line[slot] = -line[slot]
            first_item, end = figure_first[figure], figure_first[figure + 1]
            add_both_ways(info, figure_index[first_item:end], figure_value[first_item:end], both, line)
        for place in range(use_first[day + 1] - 1, use_first[day] - 1, -1):
            slot = use_slot[place]
            row = use_row[place]
            for column in range(slot_count):
                line[column] = info[slot, column]
            first_item, end = row_first[row], row_first[row + 1]
            add_both_ways(info, row_index[first_item:end], row_value[first_item:end], line[slot], line)
        for place in range(open_first[day], open_first[day + 1]):
            clear_slot(info, open_slot[place])
        for cell in range(cell_count):
            innovation[day, cell] = spread[day, cell] * (1.0 - spread[day, cell] * info[cell, cell])
            if day > 0 and memory[cell] != 1.0:
                scale_slot(info, cell, memory[cell])
    for slot in range(slot_count):
        first[slot] = first_variance[slot] * (1.0 - first_variance[slot] * info[slot, slot])
