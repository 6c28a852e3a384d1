"""What a future did to people, one number a member: the indicators in which two scenarios are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.ensemble import Ensemble
from sarai.world.civil import day_date

Floats = NDArray[np.float64]
COLD_MONTHS = frozenset({11, 12, 1, 2, 3})
"""A130: months whose nights call for cold-season items."""


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One number of a future. `harm` True where less is better; None where neither more nor less is."""

    id: str
    label: str
    unit: str
    harm: bool | None


ARRIVALS = Indicator(id="arrivals", label="People who cross", unit="persons", harm=None)
PEAK_DAY = Indicator(id="peak_day", label="Largest number in one day", unit="persons", harm=None)
PEAK_QUEUE = Indicator(id="peak_queue", label="Longest queue at closing time", unit="persons", harm=True)
LONG_WAITS = Indicator(id="long_waits", label="Waits past 24 hours", unit="person-days", harm=True)
OPEN_NIGHTS = Indicator(id="open_nights", label="Nights without shelter", unit="person-nights", harm=True)
ABOVE_PACE = Indicator(
    id="above_pace", label="People above the daily pace of a reception desk", unit="person-days", harm=True
)
DEPORTED = Indicator(id="deported", label="People deported", unit="persons", harm=True)
COLD_RETURNS = Indicator(id="cold_returns", label="People who cross in the cold months", unit="persons", harm=True)
HARM_DAYS = Indicator(
    id="harm_days", label="Nights without shelter and waits past 24 hours, together", unit="person-days", harm=True
)
INDICATORS = (ARRIVALS, PEAK_DAY, PEAK_QUEUE, LONG_WAITS, OPEN_NIGHTS, HARM_DAYS, ABOVE_PACE, DEPORTED, COLD_RETURNS)


def measure(ensemble: Ensemble, first_day: int, desks: NDArray[np.bool_]) -> dict[str, Floats]:
    """Every indicator over the days from `first_day` on: id -> (member,).

    desks  (stage,) True where the capacity is a daily pace; people above it wait, they do not sleep there
    Nights without shelter count people above the capacity of stages where they sleep; a stage whose capacity is not
    known adds none.
    """
    keep = ensemble.days >= first_day
    crossed = np.asarray(ensemble["crossed"][keep], dtype=np.float64)
    total = crossed.sum(axis=(1, 2))
    cold = np.array([day_date(int(day)).month in COLD_MONTHS for day in ensemble.days[keep]])
    waits = np.asarray(ensemble["waiting_over_24h"][keep], dtype=np.float64).sum(axis=(0, 1))
    above = np.asarray(ensemble["above_capacity"][keep], dtype=np.float64).sum(axis=0)
    nights = above[~desks].sum(axis=0)
    queue = np.asarray(ensemble["queue"][keep], dtype=np.float64)
    return {
        ARRIVALS.id: total.sum(axis=0),
        PEAK_DAY.id: total.max(axis=0),
        PEAK_QUEUE.id: queue.sum(axis=1).max(axis=0),
        LONG_WAITS.id: waits,
        OPEN_NIGHTS.id: nights,
        HARM_DAYS.id: waits + nights,
        ABOVE_PACE.id: above[desks].sum(axis=0),
        DEPORTED.id: crossed[:, :, 0].sum(axis=(0, 1)),
        COLD_RETURNS.id: total[cold].sum(axis=0),
    }
