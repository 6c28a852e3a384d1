"""Streaming: more members than fit in memory, reduced to quantiles and window sums as they go by."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel
from sarai.simulate.ensemble import AXES, BORDER, Ensemble, check_observables
from sarai.simulate.layout import axis_ids
from sarai.simulate.request import check_room
from sarai.simulate.simulate import simulate_returns
from sarai.world.errors import Fault, RequestError

MEMBERS_AT_ONCE = 512  # members simulated before they are reduced; A102
MEMORY_BYTES = 500_000_000  # of an ensemble held at a time; A102
QUANTILE_COPIES = 2
FLOWS = ("departures", "departures_status", "crossed", "crossed_status", "stage_arrivals", "arrivals")

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Window:
    """A sum to keep for every member: a daily flow from first_day to last_day (civil days, inclusive)."""

    observable: str
    first_day: int
    last_day: int


@dataclass(frozen=True, kw_only=True)
class Reduced:
    """What is left of an ensemble after streaming.

    quantiles    observable -> (level, axes of AXES) persons; exact, of all members
    windows      one (axes but day, member) array for each window asked for, float64, every member kept
    """

    days: NDArray[np.int64]
    axes: Mapping[str, tuple[str, ...]]
    levels: tuple[float, ...]
    quantiles: Mapping[str, Floats]
    windows: tuple[Floats, ...]
    member_ids: NDArray[np.uint64]


def simulate_in_parts(
    model: ReturnsModel, parameters: Parameters, members_at_once: int, **how: Any
) -> Iterator[Ensemble]:
    """Ensembles of at most `members_at_once` members, in order; together they are one simulation bit for bit."""
    for low in range(0, parameters.member_count, members_at_once):
        members = range(low, min(low + members_at_once, parameters.member_count))
        yield simulate_returns(model, parameters.take(list(members)), **how)


def stream_returns(
    model: ReturnsModel,
    parameters: Parameters,
    *,
    first_day: int,
    last_day: int,
    seed: int,
    levels: Sequence[float] = (),
    windows: Sequence[Window] = (),
    accuracy: Literal["exact", "fast"] = "exact",
    stages: Literal["border", "all"] = "all",
    observe: Sequence[str] | None = None,
    threads: int | None = None,
    members_at_once: int = MEMBERS_AT_ONCE,
    memory_bytes: int = MEMORY_BYTES,
) -> Reduced:
    """Quantiles of observables by day, and window sums by member, without holding the whole ensemble.

    levels         quantile levels in [0, 1] of the observables named by `observe` (None: all); () keeps none
    memory_bytes   what may be held of an ensemble at a time. Quantiles are of all members and exact: observables that
                   do not fit together are simulated in passes, the same bits each time.
    Raises RequestError as `simulate_returns` does, and for levels and windows that make no sense.
    """
    known = tuple(AXES) if stages == "all" else BORDER
    names = check_observables(known if observe is None else observe, stages) if len(levels) else ()
    check_stream(levels, windows, members_at_once)
    flows = check_observables([window.observable for window in windows], stages) if windows else ()
    how: dict[str, Any] = {
        "first_day": first_day, "last_day": last_day, "seed": seed, "accuracy": accuracy, "stages": stages,
        "threads": threads,
    }  # fmt: skip
    per_row = 4 * (last_day - first_day + 1) * parameters.member_count
    passes = group_observables(model, names, max(1, memory_bytes // max(per_row, 1)))
    check_quantiles_fit(model, passes, parameters.member_count, last_day - first_day + 1)
    sums: list[list[Floats]] = [[] for _ in windows]
    quantiles: dict[str, Floats] = {}
    axes: Mapping[str, tuple[str, ...]] = axis_ids(model)
    for number, group in enumerate(passes or [()]):
        held: dict[str, list[NDArray[Any]]] = {name: [] for name in group}
        kept = tuple(dict.fromkeys((*group, *(flows if number == 0 else ()))))
        for part in simulate_in_parts(model, parameters, members_at_once, observe=kept, **how):
            for name in group:
                held[name].append(part[name])
            for window, kept_sums in zip(windows, sums, strict=True) if number == 0 else ():
                kept_sums.append(part.window_sum(window.observable, window.first_day, window.last_day))
        for name in group:
            quantiles[name] = np.quantile(np.concatenate(held.pop(name), axis=-1), levels, axis=-1)
    return Reduced(
        days=np.arange(first_day, last_day + 1, dtype=np.int64),
        axes=axes,
        levels=tuple(levels),
        quantiles=quantiles,
        windows=tuple(np.concatenate(parts, axis=-1) for parts in sums),
        member_ids=parameters.member_ids,
    )


def group_observables(model: ReturnsModel, names: Sequence[str], rows_at_once: int) -> list[tuple[str, ...]]:
    """Observables in passes of at most `rows_at_once` rows a day; one that is larger gets a pass of its own."""
    ids = axis_ids(model)
    groups: list[list[str]] = []
    room = 0
    for name in names:
        rows = math.prod(len(ids[axis]) for axis in AXES[name][1:])
        if not groups or rows > room:
            groups.append([])
            room = rows_at_once
        groups[-1].append(name)
        room -= rows
    return [tuple(group) for group in groups]


def check_quantiles_fit(model: ReturnsModel, passes: Sequence[Sequence[str]], members: int, days: int) -> None:
    """Raise RequestError where the exact quantiles of all members do not fit into memory, before the first pass.

    A pass holds its observables of every member; reducing one holds it twice more, once joined and once in order.
    """
    ids = axis_ids(model)
    rows = [[math.prod(len(ids[axis]) for axis in AXES[name][1:]) for name in group] for group in passes]
    most = max((sum(group) + QUANTILE_COPIES * max(group) for group in rows if group), default=0)
    what = f"{days} days x {most} rows x {members:,} members for exact quantiles"
    mend = "run fewer members, fewer days or fewer observables (observe=)"
    check_room("the ensemble", what, members, 4 * days * most, 0, mend)


def check_stream(levels: Sequence[float], windows: Sequence[Window], members_at_once: int) -> None:
    """Raise RequestError for levels outside [0, 1], sums of stocks, windows out of order, no members at a time."""
    faults = [
        Fault(column="levels", what="a quantile level lies outside 0 to 1", found=repr(level), wanted="0 to 1")
        for level in levels
        if not 0.0 <= level <= 1.0
    ]
    faults += [
        Fault(column="windows", what="only daily flows can be summed over days", found=window.observable,
              wanted=", ".join(FLOWS))
        for window in windows
        if window.observable not in FLOWS
    ]  # fmt: skip
    if members_at_once < 1:
        faults.append(Fault(column="members_at_once", what="no members at a time", found=str(members_at_once)))
    if faults:
        raise RequestError(faults)
