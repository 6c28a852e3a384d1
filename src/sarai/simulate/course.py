"""Course: the branch as announced with its states on marked days, so that a scenario runs only where it differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.branch import Newcomers, Segment, Way, empty_counts, gather, go_on, lay_out
from sarai.simulate.ensemble import AXES, Ensemble, check_observables
from sarai.simulate.layout import STAGE_CAPACITY, STAGE_DAILY, Layout
from sarai.simulate.simulate import Block
from sarai.simulate.state import Beliefs, State
from sarai.simulate.trunk import Counts, Trunk

MARK_DAYS = 6
"""Days between two kept states: a sixth of the memory of a mark a day, at most 5 days run again; A219."""
BY_DAY = frozenset({"open_fraction", "log_effect", "crossing_effect"})
"""Fields of a layout or of beliefs whose first axis is the day."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """The future as announced. marks: day index -> state of every block before that day."""

    trunk: Trunk
    names: tuple[str, ...]
    way: Way
    counts: Counts
    marks: Mapping[int, Mapping[Block, State]]

    @property
    def ensemble(self) -> Ensemble:
        """The observables of the days after the branch."""
        return gather(self.trunk, self.way, self.counts, self.names)


def run_course(trunk: Trunk, observe: Sequence[str], threads: int | None = None) -> Course:
    """Run the branch as announced and keep the states on the way."""
    names = check_observables(observe, "all")
    way = lay_out(trunk, (), names)
    counts = empty_counts(trunk, way, names)
    states: Mapping[Block, State] = dict(trunk.states)
    marks = {}
    begin = trunk.branch_day - trunk.first_day + 1
    for first in range(begin, counts.shape[0], MARK_DAYS):
        marks[first] = states
        states = go_on(trunk, states, way, (), counts, (first, min(first + MARK_DAYS, counts.shape[0])), threads)
    return Course(trunk=trunk, names=names, way=way, counts=counts, marks=marks)


def run_scenario_on(
    course: Course,
    segments: Sequence[Segment],
    newcomers: Sequence[Newcomers] = (),
    *,
    threads: int | None = None,
    stop: Callable[[], bool] | None = None,
) -> Ensemble:
    """The same as `run_branch` on the trunk, bit for bit; days before the scenario differs are copied.

    stop  asked now and then: where it says yes the run is given up. Raises Abandoned.
    """
    trunk, end = course.trunk, course.counts.shape[0]
    way = lay_out(trunk, segments, course.names)
    differs = first_difference(course, way, newcomers)
    start = max((mark for mark in course.marks if mark <= differs), default=end)
    begin = trunk.branch_day - trunk.first_day + 1
    counts = empty_counts(trunk, way, course.names)
    counts[begin:start] = course.counts[begin:start]
    count_above_again(course, way, counts, (begin, start))
    if start < end:
        go_on(trunk, course.marks[start], way, newcomers, counts, (start, end), threads, stop)
    return gather(trunk, way, counts, course.names)


def first_difference(course: Course, way: Way, newcomers: Sequence[Newcomers]) -> int:
    """Index of the first day on which persons can move otherwise than as announced; the number of days if on none."""
    trunk, end = course.trunk, course.counts.shape[0]
    begin = trunk.branch_day - trunk.first_day + 1
    first: int = min([end, *(group.day - trunk.first_day for group in newcomers)])
    for part, layout, beliefs in zip(way.segments, way.layouts, way.beliefs, strict=True):
        pairs = [*_pairs(_without_capacity(course.way.layouts[0]), _without_capacity(layout))]
        pairs += _pairs(course.way.beliefs[0], beliefs)
        stop = part.last_day - trunk.first_day + 1
        first = min([first, *(_differs_from(name, old, new, begin, stop) for name, old, new in pairs)])
        begin = stop
    return max(first, trunk.branch_day - trunk.first_day + 1)


def _pairs(old: Layout | Beliefs, new: Layout | Beliefs) -> list[tuple[str, NDArray[Any], NDArray[Any]]]:
    return list(zip(old._fields, old, new, strict=True))


def _differs_from(name: str, old: NDArray[Any], new: NDArray[Any], begin: int, stop: int) -> int:
    """The first day in begin .. stop - 1 with another value; a huge number where there is none."""
    never = int(np.iinfo(np.int64).max)
    if name not in BY_DAY:
        return never if np.array_equal(old, new, equal_nan=old.dtype.kind == "f") else begin
    days = np.flatnonzero((old[begin:stop] != new[begin:stop]).reshape(stop - begin, -1).any(axis=1))
    return begin + int(days[0]) if len(days) else never


def _without_capacity(layout: Layout) -> Layout:
    """Capacity moves nobody: it only says who is above it."""
    stage = layout.stage.copy()
    stage[STAGE_CAPACITY] = 0.0
    return layout._replace(stage=stage)


def count_above_again(course: Course, way: Way, counts: Counts, days: tuple[int, int]) -> None:
    """Persons above the capacities of a way on days that were copied: `reception_kernel.count_above` for all members.

    counts is changed. Nothing is done where the capacities are those of the course or nobody asks.
    """
    stage = way.layouts[0].stage
    if "above_capacity" not in course.names or np.array_equal(stage, course.way.layouts[0].stage, equal_nan=True):
        return
    if not {"stage_arrivals", "occupancy"}.issubset(course.names):
        raise ValueError("above_capacity is counted again from stage_arrivals and occupancy: observe them as well")
    row = way.layouts[0].row
    order = list(AXES)

    def place(name: str, s: int) -> int:
        return int(np.searchsorted(way.kept, row[order.index(name)] + s))

    for s in range(stage.shape[1]):
        load = counts[slice(*days), place("stage_arrivals" if stage[STAGE_DAILY, s] > 0.0 else "occupancy", s)]
        limit = stage[STAGE_CAPACITY, s]
        above = np.where(load > limit, load - np.floor(limit), 0.0) if np.isfinite(limit) else np.zeros(load.shape)
        counts[slice(*days), place("above_capacity", s)] = above.astype(np.int32)
