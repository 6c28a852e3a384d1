"""Branches: the past is run once, and each change of scenario goes on from the same state with the same draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.model.parameters import Parameters
from sarai.model.returns import KINDS, ReturnsModel
from sarai.simulate.draws import SCHEME_VERSION
from sarai.simulate.ensemble import AXES, Ensemble, check_observables
from sarai.simulate.layout import DAY, Layout, axis_ids, build_layout
from sarai.simulate.simulate import Block, kept_rows, run_all, split_rows
from sarai.simulate.state import (
    BEYOND,
    SLOWNESS,
    STOCK,
    Beliefs,
    State,
    build_beliefs,
    copy_state,
    lengthen_roads,
    state_shapes,
)
from sarai.simulate.trunk import Counts, Trunk, step_block

ONWARD = frozenset({"arrivals", "onward_road"})
"""Observables of the journey after reception."""


class Abandoned(Exception):
    """Nobody waits for this run any more, and it was given up."""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """Days up to last_day under one model and one set of parameters (same members as the trunk)."""

    last_day: int
    model: ReturnsModel
    parameters: Parameters


@dataclass(frozen=True, kw_only=True)
class Newcomers:
    """Whole persons who reach a crossing on a day besides those of the law, the same in every member."""

    day: int
    crossing: str
    status: str
    persons: int


def run_branch(
    trunk: Trunk,
    segments: Sequence[Segment] = (),
    newcomers: Sequence[Newcomers] = (),
    *,
    observe: Sequence[str] | None = None,
    threads: int | None = None,
) -> Ensemble:
    """Go on from the trunk to its last day and return the observables of the days after the branch.

    segments   in order of their last days; the last one reaches trunk.last_day; none: on as the trunk began
    newcomers  join the road to a crossing so that they are there on their day
    The trunk is not changed. Without changes the days are bit for bit those of one uninterrupted simulation.
    """
    names = check_observables(tuple(AXES) if observe is None else observe, "all")
    way = lay_out(trunk, segments, names)
    counts = empty_counts(trunk, way, names)
    begin = trunk.branch_day - trunk.first_day + 1
    go_on(trunk, dict(trunk.states), way, newcomers, counts, (begin, counts.shape[0]), threads)
    return gather(trunk, way, counts, names)


@dataclass(frozen=True, kw_only=True)
class Way:
    """The segments of one branch, each with its layout and beliefs, and the rows of a day's record that are kept."""

    segments: tuple[Segment, ...]
    layouts: tuple[Layout, ...]
    beliefs: tuple[Beliefs, ...]
    kept: NDArray[np.int64]


def lay_out(trunk: Trunk, segments: Sequence[Segment], names: Sequence[str]) -> Way:
    """Layouts and beliefs of the segments; none: on as the trunk began. Raises ValueError where a day has no segment.

    Where nothing past reception is observed nobody is sent onward: that journey touches nothing before it.
    """
    parts = tuple(segments) or (Segment(last_day=trunk.last_day, model=trunk.model, parameters=trunk.parameters),)
    if parts[-1].last_day != trunk.last_day:
        raise ValueError("the last segment must end on the last day of the trunk")
    layouts = tuple(build_layout(part.model, trunk.first_day, trunk.last_day, trunk.seed) for part in parts)
    if not ONWARD.intersection(names):
        layouts = tuple(layout._replace(group_start=layout.group_start[:1]) for layout in layouts)
    beliefs = tuple(
        build_beliefs(part.model, part.parameters, layout, whole=True)
        for part, layout in zip(parts, layouts, strict=True)
    )
    return Way(segments=parts, layouts=layouts, beliefs=beliefs, kept=kept_rows(layouts[0], names))


def empty_counts(trunk: Trunk, way: Way, names: Sequence[str]) -> Counts:
    """Room for every day of the trunk's calendar; only the days after the branch are ever written."""
    shape = (way.layouts[0].calendar.shape[1], len(way.kept), trunk.parameters.member_count)
    return np.empty(shape, dtype=np.int32)


def go_on(
    trunk: Trunk,
    states: Mapping[Block, State],
    way: Way,
    newcomers: Sequence[Newcomers],
    counts: Counts,
    days: tuple[int, int],
    threads: int | None,
    stop: Callable[[], bool] | None = None,
) -> dict[Block, State]:
    """Run every block through days begin .. end - 1 of a way, from copies of `states`; returns where they end.

    stop  asked before each block: where it says yes the run is given up. Raises Abandoned.
    """
    ends: dict[Block, State] = {}
    slots = slots_needed(way)
    moved = newly_at_risk(trunk, way) if days[0] == trunk.branch_day - trunk.first_day + 1 else None

    def run(block: Block) -> None:
        if stop is not None and stop():
            raise Abandoned
        state = lengthen_roads(copy_state(states[block]), days[0], slots)
        gone = None
        if moved is not None:
            stock = state.people[STOCK] + moved[:, slice(*block)]
            state.people[STOCK], gone = np.maximum(0.0, stock), np.maximum(0.0, -stock)
        for begin, last, which in stretches(trunk, way, newcomers, *days):
            add_newcomers(trunk, state, newcomers, begin)
            step_block(
                way.layouts[which], way.beliefs[which], state, block, counts, (begin, last), trunk.accuracy, way.kept,
                gone,
            )  # fmt: skip
        ends[block] = state

    run_all(run, list(states), threads)
    return ends


def slots_needed(way: Way) -> tuple[int, int]:
    """Slots of the roads to a crossing and onward that the longest journey of any segment needs.

    A scenario may make journeys longer than any of the trunk: on a shorter ring they would arrive a lap early.
    """
    shapes = [
        state_shapes(layout, float(beliefs.common[SLOWNESS].max()), False)
        for layout, beliefs in zip(way.layouts, way.beliefs, strict=True)
    ]
    return max(shape["road"][0] for shape in shapes), max(shape["onward"][0] for shape in shapes)


def newly_at_risk(trunk: Trunk, way: Way) -> NDArray[np.float64] | None:
    """Persons (stratum, member) to add to those at risk at the branch where a scenario names other people.

    People whom no wave named were all at risk of the base flow alone; once named, those beyond the fraction at risk are
    set apart, and the other way round, so that nobody is lost. Where more have left already than the fraction at risk,
    fewer are set apart than that (`go_on`). None where the waves name whom they named.
    """
    model = way.segments[0].model
    if np.array_equal(model.wave_names, trunk.model.wave_names):
        return None
    layout = build_layout(trunk.model, trunk.first_day, trunk.last_day, trunk.seed)
    before = build_beliefs(trunk.model, trunk.parameters, layout, whole=True)
    shift: NDArray[np.float64] = before.stratum[BEYOND] - way.beliefs[0].stratum[BEYOND]
    return shift


def stretches(
    trunk: Trunk, way: Way, newcomers: Sequence[Newcomers], begin: int, end: int
) -> Iterator[tuple[int, int, int]]:
    """Days begin .. end - 1 cut where a segment ends and where newcomers come: (first, one past the last, segment)."""
    arrivals = {group.day - trunk.first_day for group in newcomers}
    for which, part in enumerate(way.segments):
        edge = min(part.last_day - trunk.first_day + 1, end)
        for last in sorted({day for day in arrivals if begin < day < edge} | {edge}):
            if begin < last:
                yield begin, last, which
                begin = last


def gather(trunk: Trunk, way: Way, counts: Counts, names: Sequence[str]) -> Ensemble:
    """The ensemble of the days after the branch."""
    start = trunk.branch_day - trunk.first_day + 1
    return Ensemble(
        days=way.layouts[0].calendar[DAY][start:],
        axes=axis_ids(trunk.model),
        member_ids=trunk.parameters.member_ids,
        observables=dict(split_rows(trunk.model, counts[start:], names)),
        mode="draws",
        accuracy=trunk.accuracy,
        stages="all",
        seed=trunk.seed,
        scheme=SCHEME_VERSION,
    )


def add_newcomers(trunk: Trunk, state: State, newcomers: Sequence[Newcomers], begin: int) -> None:
    """Put the newcomers of day `begin` on the last stretch of road to their crossing."""
    model = trunk.model
    for group in newcomers:
        if group.day - trunk.first_day == begin:
            status, kind = model.statuses.index(group.status), KINDS.index("other")
            label = np.flatnonzero((model.class_status == status) & (model.class_kind == kind))[0]
            slot = begin % state.road.shape[0]
            state.road[slot, model.crossings.index(group.crossing), label] += group.persons
