"""Simulate the returns law: one call, many members."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sarai.crew.cores import cores
from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel
from sarai.simulate.blocks import EXACT, FAST, MEAN
from sarai.simulate.draws import SCHEME_VERSION
from sarai.simulate.ensemble import AXES, BORDER, Ensemble, check_observables
from sarai.simulate.layout import DAY, Layout, axis_ids, build_layout
from sarai.simulate.request import check_memory, check_request, check_workers, day_of
from sarai.simulate.returns_kernel import run_block
from sarai.simulate.state import build_beliefs, new_state, state_shapes, take_block

BLOCK_MEMBERS = 256  # members a block at most: rows long enough to share what a call costs, a state of a few MB; A101
BLOCK_STEP = 8  # members a block come in eights, as a vector register holds them; A101
Block = tuple[int, int]
MODES = {("mean", "exact"): MEAN, ("mean", "fast"): MEAN, ("draws", "exact"): EXACT, ("draws", "fast"): FAST}


def simulate_returns(
    model: ReturnsModel,
    parameters: Parameters,
    *,
    first_day: int | date,
    last_day: int | date,
    seed: int,
    mode: Literal["draws", "mean"] = "draws",
    accuracy: Literal["exact", "fast"] = "exact",
    stages: Literal["border", "all"] = "all",
    observe: Sequence[str] | None = None,
    threads: int | None = None,
    block_members: int | None = None,
    memory_bytes: int | None = None,
) -> Ensemble:
    """Run every member from first_day to last_day (civil days, inclusive) and return the daily observables.

    mode           `draws`: integer persons, each draw keyed by (seed, purpose, member id, day, cell).
                   `mean`: every draw returns its expectation; real-valued, smooth in the parameters (min(queue,
                   capacity) is its expectation over the day's service noise); `seed` then changes nothing.
    accuracy       `exact`: binomial law to 1e-9 in total variation; `fast`: its bound is stated in draws.
    stages         `border` stops once people have crossed; `all` goes on to reception and the onward journey.
    observe        names of `ensemble.AXES` to keep; None keeps all.
    threads, block_members   change the speed, never a bit of the result.
    memory_bytes   refuse a run that needs more; None takes the memory of the machine.
    Raises RequestError before the first step, with every fault found: values out of bounds, days out of order,
    more cells than memory, shapes that do not fit the model.
    """
    first, last = day_of(first_day), day_of(last_day)
    known = tuple(AXES) if stages == "all" else BORDER
    names = check_observables(known if observe is None else observe, stages)
    check_request(model, parameters, first, last, seed, mode, accuracy, stages)
    check_workers(threads, block_members)
    layout = build_layout(model, first, last, seed)
    kept = kept_rows(layout, names)
    code = MODES[(mode, accuracy)]
    shape = (layout.calendar.shape[1], len(kept), parameters.member_count)
    slowest = float(1.0 / parameters.journey_speed_factor.min())
    shapes = state_shapes(layout, slowest, stages == "border")
    hands = threads or cores()
    width = block_members or block_width(shape[2], hands)
    workers = min(hands, -(-shape[2] // width))
    at_work = 8 * min(width, shape[2]) * workers * sum(math.prod(part) for part in shapes.values())
    check_memory(shape, 8 if code == MEAN else 4, at_work, memory_bytes)
    counts = np.empty((0, 0, 0) if code == MEAN else shape, dtype=np.int32)
    means = np.empty(shape if code == MEAN else (0, 0, 0), dtype=np.float64)
    beliefs = build_beliefs(model, parameters, layout, whole=code != MEAN)
    blocks = [(low, min(low + width, shape[2])) for low in range(0, shape[2], width)]

    def run(block: tuple[int, int]) -> None:
        part = take_block(beliefs, *block)
        state = new_state(shapes, block[1] - block[0])
        members = part.members.astype(np.int64)
        room = np.empty(layout.crossing.shape[1])
        run_block(
            layout, part, state, members, kept, counts, means, block[0], code, stages == "border", 0, shape[0], room
        )

    run_all(run, blocks, threads)
    flat = means if code == MEAN else counts
    return Ensemble(
        days=layout.calendar[DAY],
        axes=axis_ids(model),
        member_ids=parameters.member_ids,
        observables=dict(split_rows(model, flat, names)),
        mode=mode,
        accuracy=accuracy,
        stages=stages,
        seed=seed,
        scheme=SCHEME_VERSION,
    )


def block_width(members: int, hands: int) -> int:
    """Members a block: few enough that every core has one, at most BLOCK_MEMBERS, in steps of BLOCK_STEP."""
    share = -(-members // hands)
    return min(BLOCK_MEMBERS, -(-share // BLOCK_STEP) * BLOCK_STEP)


def run_all(run: Callable[[Block], None], blocks: Sequence[Block], threads: int | None) -> None:
    """Run every block, on several threads where there are several blocks."""
    workers = min(threads or cores(), len(blocks))
    if workers <= 1:
        for block in blocks:
            run(block)
        return
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(run, block) for block in blocks]:
            done.result()


def kept_rows(layout: Layout, names: Sequence[str]) -> NDArray[np.int64]:
    """Rows of a day's record that belong to the named observables."""
    order = list(AXES)
    spans = [np.arange(layout.row[order.index(name)], layout.row[order.index(name) + 1]) for name in names]
    return np.concatenate(spans).astype(np.int64) if spans else np.zeros(0, dtype=np.int64)


def split_rows(
    model: ReturnsModel, flat: NDArray[np.int32] | NDArray[np.float64], names: Sequence[str]
) -> Iterator[tuple[str, NDArray[np.int32] | NDArray[np.float64]]]:
    """Views of the flat (day, row, member) array, one for each observable with its own axes."""
    ids, start = axis_ids(model), 0
    for name in names:
        sizes = [len(ids[axis]) for axis in AXES[name][1:]]
        rows = int(np.prod(sizes, dtype=np.int64))
        yield name, flat[:, start : start + rows].reshape(flat.shape[0], *sizes, flat.shape[2])
        start += rows
