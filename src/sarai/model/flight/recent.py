"""How finely the rule on short stints keeps distances: the recent one, and that of today at a stop."""

from __future__ import annotations

import numpy as np

from sarai.model.flight.calendar import Calendar
from sarai.model.flight.network import Network
from sarai.model.flight.people import People

EXACT_PEOPLE = 100_000  # A345
FINE, COARSE = 32, 8  # A346
EXACT_STOPS = 1 << 19  # A346
MOST_CLASSES = 4095  # of today's distance: the width of a draw's key


def recent_step(network: Network, people: People, calendar: Calendar, mode: str, rate: float) -> int:
    """Width of a class of recent distance, in steps of the network; 1 is exact.

    Up to EXACT_PEOPLE people each keep theirs to the step. Above, people whose recent distances are of one class share
    their mean, so that the number of cells does not follow the number of people: FINE classes a full day, COARSE ones
    where stops go by classes too.
    """
    if people_expected(people, calendar, mode, rate) <= EXACT_PEOPLE:
        return 1
    return max(1, network.full_day // (FINE if _stops_are_few(network) else COARSE))


def stop_step(network: Network, recent: int) -> int:
    """Width of a class of today's distance at stops, in steps of the network; 1 is exact.

    Exact as long as `recent_step` is, or the pairs of a place and a distance within a full day are no more than
    EXACT_STOPS; else FINE classes a full day.
    """
    if recent == 1 or _stops_are_few(network):
        return 1
    return max(1, network.full_day // FINE, int(network.speed.max(initial=1)) // MOST_CLASSES + 1)


def _stops_are_few(network: Network) -> bool:
    return (len(network.out_start) - 1) * network.full_day <= EXACT_STOPS


def people_expected(people: People, calendar: Calendar, mode: str, rate: float) -> float:
    """People of day 0 and all who leave later; where a rate drives departures the mean, from the full population."""
    inside = float(people.initial.sum())
    if mode == "data":
        return inside + float(people.leaving.sum())
    levels = np.maximum(calendar.spawn, 0.0)
    if mode == "pop_ratio":
        levels = levels * people.population
    return inside + float(rate * levels.sum(axis=1)[calendar.spawn_row].sum())
