"""Weights of the pool: how much of what goes out is the law, and how much is a statistical baseline.

The documented weights (a third for the baselines until two weeks after the peak day, then rising to one half) hold
until five emergencies exist to learn from; learned weights are shrunk towards them (docs/explanation/forecast.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.picture import Picture
from sarai.world.world import World

BEFORE_TURN = 1.0 / 3.0  # A127: weight of the baselines before the deadline and around the peak
AFTER_TURN = 0.5  # A127: from two weeks after the peak
NO_DEADLINE = 0.5  # A127: where no deadline is in force
TURN_DAYS = 14
LATER_BASELINES: Mapping[str, float] = {"persistence": 0.5, "damped_trend": 0.5}
FIRST_BASELINES: Mapping[str, float] = {"persistence": 1.0}


def pool_weights(world: World, picture: Picture) -> dict[str, float]:
    """Weight of each model in the pool on the as-of day; they sum to 1. Model `law` comes first."""
    share = baseline_share(world, picture)
    inner = FIRST_BASELINES if share < AFTER_TURN else LATER_BASELINES
    weights = {"law": 1.0 - share}
    weights.update({name: share * part for name, part in inner.items()})
    return weights


def baseline_share(world: World, picture: Picture) -> float:
    """Total weight of the baselines: by the phase of the emergency."""
    deadlines = [wave.deadline for wave in world.calendar.waves if not wave.withdrawn]
    if not deadlines:
        return NO_DEADLINE
    if max(deadlines) >= world.as_of:
        return BEFORE_TURN
    peak = max(peak_day(picture), max(deadlines).toordinal())
    return AFTER_TURN if world.as_of.toordinal() - peak >= TURN_DAYS else BEFORE_TURN


def peak_day(picture: Picture) -> int:
    """Civil day of the largest median flow over all crossings; 0 where the picture is empty."""
    if picture.days.size == 0:
        return 0
    total: NDArray[np.float64] = np.median(picture.flow.sum(axis=1), axis=1)
    return int(picture.days[int(np.argmax(total))])


def phase_of(world: World, as_of: date) -> str:
    """Name of the phase: `before`, `turn` or `after` the latest deadline, or `none`."""
    deadlines = [wave.deadline for wave in world.calendar.waves if not wave.withdrawn]
    if not deadlines:
        return "none"
    if max(deadlines) >= as_of:
        return "before"
    return "after" if (as_of - max(deadlines)).days >= TURN_DAYS else "turn"
