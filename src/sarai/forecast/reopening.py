"""Reopening: a crossing that is shut with no day of reopening known opens again, in each possible world on its own day.

Given how long it has been shut, how long it stays shut follows the closures of the past, so that one that has lasted
for long is expected to last for longer. Exogenous, as every closure is: no plan and no scenario chooses the day.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.noise import keyed_uniforms
from sarai.model.returns import NEVER, ReturnsModel
from sarai.world.civil import day_date
from sarai.world.reopened import told_closures
from sarai.world.world import World

Ids = NDArray[np.uint64]
Places = NDArray[np.int64]

TYPICAL_DAYS, LOG_SD = 9.0, 1.1  # A348: median and log sd of the days for which a crossing is shut
GROUPS = 8  # A348: members of one group see every crossing open again after the same part of what may remain
MIDDLE = 0.5  # where all members share one calendar, as in a what-if: the median of those days
NORMAL = NormalDist()


def shut_without_end(model: ReturnsModel) -> tuple[str, ...]:
    """Crossings that are wholly shut on the as-of day with no day of reopening known, in order of name."""
    closures = zip(model.closure_crossing[_endless(model)], model.closure_fraction[_endless(model)], strict=True)
    return tuple(sorted({model.crossings[place] for place, part in closures if part >= 1.0}))


def reopening_groups(model: ReturnsModel, ids: Ids, seed: int) -> Iterator[tuple[Places, ReturnsModel]]:
    """Places of members (of `ids`) and the model that they run in; together every member once.

    One group and the same model where the end of every closure is known. A member is in the same group in whatever
    company it runs.
    """
    if not _endless(model).any():
        yield np.arange(ids.size), model
        return
    uniforms = keyed_uniforms(seed, "reopening", ids, "closure")
    chosen = np.minimum((uniforms * GROUPS).astype(np.int64), GROUPS - 1)
    for group in range(GROUPS):
        places = np.flatnonzero(chosen == group)
        if places.size:
            yield places, reopened_model(model, (group + 0.5) / GROUPS)


def last_day_shut(start: int, today: int, level: float) -> int:
    """Last civil day of a closure since `start`, in force `today`, at a level in (0, 1) of what may remain."""
    lasted = today - start + 1
    gone = NORMAL.cdf(math.log(lasted / TYPICAL_DAYS) / LOG_SD)
    reached = min(gone + (1.0 - gone) * level, 1.0 - 1e-12)
    days = TYPICAL_DAYS * math.exp(LOG_SD * NORMAL.inv_cdf(reached))
    return min(start + max(math.ceil(days), lasted) - 1, NEVER)


def _endless(model: ReturnsModel) -> NDArray[np.bool_]:
    endless: NDArray[np.bool_] = (model.closure_end == NEVER) & (model.closure_start <= model.as_of_day)
    return endless


def reopened_model(model: ReturnsModel, level: float = MIDDLE) -> ReturnsModel:
    """The same law with every closure whose end nobody knows ended at this level of what may remain."""
    ends = model.closure_end.copy()
    for row in np.flatnonzero(_endless(model)):
        ends[row] = last_day_shut(int(model.closure_start[row]), model.as_of_day, level)
    return replace(model, closure_end=ends)


def reopened_world(world: World, level: float = MIDDLE) -> World:
    """The same world, so that the law built from it is `reopened_model` of the law built from the other."""
    today = world.as_of.toordinal()
    closures = tuple(
        closure
        if closure.end is not None or closure.start > world.as_of
        else replace(closure, end=day_date(last_day_shut(closure.start.toordinal(), today, level)))
        for closure in told_closures(world)
    )
    return replace(world, calendar=replace(world.calendar, closures=closures))
