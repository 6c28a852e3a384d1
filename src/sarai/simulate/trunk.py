"""Trunk: the past of every member, run once and kept, from which any number of futures branch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel
from sarai.simulate.layout import Layout, build_layout
from sarai.simulate.request import check_request
from sarai.simulate.returns_kernel import run_block
from sarai.simulate.simulate import BLOCK_MEMBERS, MODES, Block, run_all
from sarai.simulate.state import (
    BEYOND,
    SLOWNESS,
    Beliefs,
    State,
    build_beliefs,
    new_state,
    state_shapes,
    take_block,
)
from sarai.world.errors import Fault, RequestError

Counts = NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Trunk:
    """Members run from first_day to branch_day, with the state of every block at the end of branch_day."""

    model: ReturnsModel
    parameters: Parameters
    first_day: int
    branch_day: int
    last_day: int
    seed: int
    accuracy: Literal["exact", "fast"]
    states: tuple[tuple[Block, State], ...]


def grow_trunk(
    model: ReturnsModel,
    parameters: Parameters,
    *,
    first_day: int,
    branch_day: int,
    last_day: int,
    seed: int,
    accuracy: Literal["exact", "fast"] = "exact",
    threads: int | None = None,
) -> Trunk:
    """Run every member up to branch_day and keep the state, ready to go on up to last_day (civil days, inclusive).

    Raises RequestError before the first step, as `simulate_returns` does, and where branch_day is not between the two.
    """
    check_request(model, parameters, first_day, last_day, seed, "draws", accuracy, "all")
    if not first_day <= branch_day < last_day:
        raise RequestError(
            Fault(
                what="the day of branching is not inside the simulated days",
                found=str(branch_day),
                wanted=f"{first_day} to {last_day - 1}",
            )
        )
    layout = build_layout(model, first_day, last_day, seed)
    beliefs = build_beliefs(model, parameters, layout, whole=True)
    shapes = state_shapes(layout, float(beliefs.common[SLOWNESS].max()), False)
    count = parameters.member_count
    blocks = [(low, min(low + BLOCK_MEMBERS, count)) for low in range(0, count, BLOCK_MEMBERS)]
    states = {block: new_state(shapes, block[1] - block[0]) for block in blocks}
    nothing = np.zeros((layout.calendar.shape[1], 0, count), dtype=np.int32)

    def run(block: tuple[int, int]) -> None:
        step_block(layout, beliefs, states[block], block, nothing, (0, branch_day - first_day + 1), accuracy)

    run_all(run, blocks, threads)
    return Trunk(
        model=model,
        parameters=parameters,
        first_day=first_day,
        branch_day=branch_day,
        last_day=last_day,
        seed=seed,
        accuracy=accuracy,
        states=tuple(states.items()),
    )


def step_block(
    layout: Layout,
    beliefs: Beliefs,
    state: State,
    block: tuple[int, int],
    counts: Counts,
    days: tuple[int, int],
    accuracy: str,
    kept: NDArray[np.int64] | None = None,
    gone: NDArray[np.float64] | None = None,
) -> None:
    """Run one block through some days of the layout.

    gone  (stratum, member) persons of those beyond the fraction at risk who left before it was set
    """
    part = take_block(beliefs, *block)
    if gone is not None:
        part.stratum[BEYOND] -= gone
    members = part.members.astype(np.int64)
    rows = np.zeros(0, dtype=np.int64) if kept is None else kept
    means = np.empty((0, 0, 0), dtype=np.float64)
    room = np.empty(layout.crossing.shape[1])
    run_block(layout, part, state, members, rows, counts, means, block[0], MODES["draws", accuracy], False, *days, room)
