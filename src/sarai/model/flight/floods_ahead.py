"""Floods that are forecast: what people who heed the forecast make of the levels of the days ahead.

After the manual of Flee (commit 02cd2cbd, `docs/Using_DFlee_For_Disaster_Driven_Displacement.md`); its code multiplies
the weight and the move chance of every place without a forecast flood by 0. Here a day ahead without a flood changes
nothing, and a day with one counts in the share h = awareness x importance of the day:

    weight of a place  x  mean over the days ahead of [ 1 - h + h x flood_loc_weights(level) ]
    move chance           mean over the days ahead of [ (1 - h) p + h x flood_movechances(level) ]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.case import FlightCase
from sarai.model.flight.settings import FlightSettings

Floats = NDArray[np.float64]


class FloodsAhead:
    """The forecast of every day, in arrays (view, place). `heeds` (view,) is the share in which the forecast weighs."""

    def __init__(self, case: FlightCase, heeds: Floats) -> None:
        rules = case.settings
        self.heeds, self.rules, self.places = heeds, rules, len(case.places)
        self.active = has_forecast(rules)
        self.levels = np.zeros((0, self.places), dtype=np.int64)
        if self.active and case.floods is not None:
            column = {name: j for j, name in enumerate(case.floods.names)}
            known = [i for i, place in enumerate(case.places) if place.name in column]
            self.levels = np.zeros((len(case.floods.values), self.places), dtype=np.int64)
            self.levels[:, known] = case.floods.values[:, [column[case.places[i].name] for i in known]]

    def importance(self, day: int, ahead: int) -> float:
        """Weight of the forecast that is made on `day` for `ahead` days later."""
        weights = self.rules.flood_forecaster_weights or ()
        return weights[ahead - 1 if counts_days_ahead(self.rules) else day + ahead]

    def on(self, day: int) -> tuple[Floats, Floats, Floats]:
        """Factor of the weight of each place; share of the move chance that stays; move chance that comes to it."""
        dry = np.zeros(self.places)
        lost, replaced, moves = dry.copy(), dry.copy(), dry.copy()
        rules = self.rules
        reach = rules.flood_forecaster_timescale if self.active else 0
        end = min(rules.flood_forecaster_end_time or 0, len(self.levels) - 1)
        for ahead in range(1, min(reach, end - day) + 1):
            level = self.levels[day + ahead]
            share = np.where(level > 0, self.importance(day, ahead) / reach, 0.0)
            lost += share * (1.0 - np.array(rules.flood_loc_weights)[level])
            replaced += share
            moves += share * np.array(rules.flood_movechances)[level]
        heeds = self.heeds[:, None]
        return 1.0 - heeds * lost, 1.0 - heeds * replaced, heeds * moves


def has_forecast(rules: FlightSettings) -> bool:
    """Whether any day ahead is forecast."""
    reach, end = rules.flood_forecaster_timescale, rules.flood_forecaster_end_time or 0
    return rules.flood_rules and rules.flood_forecaster and min(reach, end) > 0


def counts_days_ahead(rules: FlightSettings) -> bool:
    """Whether flood_forecaster_weights is counted by days ahead, from tomorrow on, and not by days of the run.

    Flee counts by days of the run; its manual also by days ahead. A list that has the length of the timescale, and is
    too short to reach the last day of the forecast, can only mean days ahead.
    """
    length = len(rules.flood_forecaster_weights or ())
    return length == rules.flood_forecaster_timescale and length <= (rules.flood_forecaster_end_time or 0)
