"""Weights of the pool: how much of what goes out is the law, and how much is a statistical baseline.

Documented weights: about a third for the baselines until two weeks after the peak, then one half. Weights learned from
other emergencies take their place by a fifth for each emergency that has been through the phase (`evidence.py`); the
emergency that is forecast has no part in its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.emergencies import same_emergencies
from sarai.forecast.evidence import evidence_for, shrink_weights
from sarai.reconcile.picture import Picture
from sarai.world.world import World

SHARES: Mapping[str, float] = {"before": 0.27, "turn": 1.0 / 3.0, "after": 0.5, "none": 0.5}  # A127: baselines
TURN_DAYS = 14  # A127: days after the deadline, or after the peak if that is later, that count as the turn
PARTS: Mapping[str, Mapping[str, float]] = {
    "before": {"log_random_walk": 1.0},  # the last day goes on: a rush that has begun is not averaged away
    "turn": {"reversion": 0.5, "deadline_climatology": 0.5},  # the level of a peak cannot last; it may fall slowly
    "after": {"damped_trend": 1.0},  # the last week and where it was going
    "none": {"reversion": 1.0},
}  # A127


def pool_weights(world: World, picture: Picture) -> dict[str, float]:
    """Weight of each model in the pool on the as-of day; they sum to 1. Model `law` comes first."""
    phase = phase_of(world, picture)
    return shrink_weights(documented_weights(phase), evidence_for(same_emergencies(world), phase))


def documented_weights(phase: str) -> dict[str, float]:
    """The weights that hold without any emergency to learn from."""
    weights = {"law": 1.0 - SHARES[phase]}
    weights.update({name: SHARES[phase] * part for name, part in PARTS[phase].items()})
    return weights


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
