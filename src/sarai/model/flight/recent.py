"""How finely recent distance is kept, for the rule on short stints."""

from __future__ import annotations

import numpy as np

from sarai.model.flight.calendar import Calendar
from sarai.model.flight.network import Network
from sarai.model.flight.people import People

EXACT_PEOPLE = 100_000  # A325
CLASSES_A_DAY = 32  # A326


def recent_step(network: Network, people: People, calendar: Calendar, mode: str, rate: float) -> int:
    """Grid of the recent distance, in steps of the network; 1 is exact.

    Up to EXACT_PEOPLE people each keep theirs to the step. Above, it is rounded to CLASSES_A_DAY parts of a full day
    every night, so that the number of cells does not follow the number of people.
    """
    if people_expected(people, calendar, mode, rate) <= EXACT_PEOPLE:
        return 1
    return max(1, network.full_day // CLASSES_A_DAY)


def people_expected(people: People, calendar: Calendar, mode: str, rate: float) -> float:
    """People of day 0 and all who leave later; where a rate drives departures the mean, from the full population."""
    inside = float(people.initial.sum())
    if mode == "data":
        return inside + float(people.leaving.sum())
    levels = np.maximum(calendar.spawn, 0.0)
    if mode == "pop_ratio":
        levels = levels * people.population
    return inside + float(rate * levels.sum(axis=1)[calendar.spawn_row].sum())
