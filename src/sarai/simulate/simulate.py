"""Simulate the returns law: one call, many members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel
from sarai.simulate.ensemble import Ensemble


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
) -> Ensemble:
    """Run every member from first_day to last_day (civil days, inclusive) and return the daily observables.

    mode           `draws`: integer persons, each draw keyed by (seed, purpose, member id, day, cell).
                   `mean`: every draw returns its expectation; real-valued, smooth in the parameters (see
                   docs/explanation/engine.md for min(queue, capacity)); `seed` then changes nothing.
    accuracy       `exact`: binomial law to 1e-9 in total variation; `fast`: its bound is stated in draws.
    stages         `border` stops once people have crossed; `all` goes on to reception and the onward journey.
    observe        names of `ensemble.AXES` to keep; None keeps all.
    threads, block_members   change the speed, never a bit of the result.
    Raises RequestError before the first step, with every fault found: values out of bounds, days out of order,
    more cells than memory, shapes that do not fit the model.
    """
    raise NotImplementedError
