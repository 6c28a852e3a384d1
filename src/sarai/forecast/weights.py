"""Weights of the pool: how much of what goes out is the law, and how much is a statistical baseline.

Documented weights by phase hold where no emergency has been seen. Weights learned from other emergencies take their
place by a fifth for each emergency that has been through the phase (`evidence.py`); the emergency that is forecast has
no part in its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.emergencies import same_emergencies
from sarai.forecast.evidence import evidence_for, shrink_weights
from sarai.reconcile.picture import Picture
from sarai.world.world import World

DOCUMENTED: Mapping[str, Mapping[str, float]] = {
    "before": {"law": 0.95, "log_random_walk": 0.05},  # a rush that has begun is not averaged away
    "turn": {"law": 0.92, "deadline_climatology": 0.08},  # it cannot last; other emergencies tell how it falls
    "after": {"law": 0.85, "damped_trend": 0.10, "reversion": 0.05},
    "none": {"law": 0.30, "reversion": 0.50, "persistence": 0.20},
}  # A127
TURN_DAYS = 14  # A127: days after the deadline, or after the peak if that is later, that count as the turn


def pool_weights(world: World, picture: Picture) -> dict[str, float]:
    """Weight of each model in the pool on the as-of day; they sum to 1. Model `law` comes first."""
    phase = phase_of(world, picture)
    return shrink_weights(DOCUMENTED[phase], evidence_for(same_emergencies(world), phase))


def peak_day(picture: Picture) -> int:
    """Civil day of the largest median flow over all crossings; 0 where the picture is empty."""
    if picture.days.size == 0:
        return 0
    total: NDArray[np.float64] = np.median(picture.flow.sum(axis=1), axis=1)
    return int(picture.days[int(np.argmax(total))])


def phase_of(world: World, picture: Picture) -> str:
    """Phase of the emergency: `before` the latest deadline, its `turn`, `after` it, or `none` without a deadline."""
    deadlines = [wave.deadline for wave in world.calendar.waves if not wave.withdrawn]
    if not deadlines:
        return "none"
    if max(deadlines) >= world.as_of:
        return "before"
    turned = max(max(deadlines).toordinal(), peak_day(picture))
    return "after" if world.as_of.toordinal() - turned >= TURN_DAYS else "turn"
