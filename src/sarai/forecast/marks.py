"""Marks of a target: what its reception was ready for on the day of the forecast, and what each model said of it.

A breach is a window whose daily mean lies above what was ready: the cited capacity of its crossings where each of them
has one on that day, else READY_TIMES the mean of the last week in the reconciled picture (A323).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.forecast import QUANTILE_LEVELS
from sarai.forecast.score_row import ScoreRow
from sarai.reconcile.picture import Picture
from sarai.world.world import World

Floats = NDArray[np.float64]

READY_TIMES = 2.0  # A323
LEVEL_DAYS = 7  # A112


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What stood on the day of a forecast for a scope of crossings: persons a day of the last week, and ready for."""

    level: float
    ready: float


def mark_scope(world: World, picture: Picture, crossings: Sequence[str]) -> Mark:
    """The mark of a set of crossings on the as-of day of a world."""
    places = [picture.crossings.index(name) for name in crossings]
    known = picture.flow[picture.days <= world.as_of.toordinal()][-LEVEL_DAYS:, places]
    level = float(np.median(known.sum(axis=1), axis=-1).mean()) if known.size else 0.0
    capacity = cited_capacity(world, crossings)
    return Mark(level=level, ready=READY_TIMES * level if capacity is None else capacity)


def cited_capacity(world: World, crossings: Sequence[str]) -> float | None:
    """Persons a day that these crossings can pass, where each has a capacity with a source; else None."""
    total = 0.0
    for crossing in world.crossings:
        if crossing.place_id in crossings:
            if not crossing.basis.source_id or crossing.basis.assumption:
                return None
            hours = crossing.closes_hour - crossing.opens_hour
            total += hours * crossing.desks * crossing.persons_desk_hour
    return total


def marked(row: ScoreRow, mark: Mark, chance: float, peak_day: date | None) -> ScoreRow:
    """The same row with the mark of its scope, the chance of a breach, and the day on which the model sees the peak."""
    return replace(row, level=mark.level, ready=mark.ready, chance=chance, peak_day=peak_day)


def breach_chance(samples: Floats, ready: float, days: int) -> float:
    """Share of samples (member,) of a window that lie above what was ready for so many days."""
    return float(np.mean(samples > ready * days))


def chance_from_quantiles(quantiles: Floats, ready: float, days: int) -> float:
    """The same read off quantiles at QUANTILE_LEVELS by linear interpolation; beyond the ends the end level."""
    return 1.0 - float(np.interp(ready * days, quantiles, QUANTILE_LEVELS))


def peak_of(paths: Floats, places: Sequence[int], origin: date) -> date:
    """Median over members of the busiest day of these crossings, from daily paths (horizon, crossing, member)."""
    busiest = paths[:, list(places)].sum(axis=1).argmax(axis=0)
    return origin + timedelta(days=1 + int(np.median(busiest)))
