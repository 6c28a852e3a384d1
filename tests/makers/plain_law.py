"""The plainest world and law, of which each day's expected persons can be worked out on paper.

Kernel and twin are held together bit for bit, but both stand on `build_returns`, `build_layout` and `build_beliefs`; a
fault there moves both alike. On paper the persons of a day follow from the formulas of the manual alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from makers.worlds import make_world
from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel, central_parameters
from sarai.simulate.ensemble import Ensemble
from sarai.simulate.simulate import simulate_returns
from sarai.world.world import World

DAYS = 75
LAW: dict[str, float] = {
    "at_risk_fraction": 0.5, "announce_rate": 0.004, "rise_rate": 0.04, "rise_multiplier": 1.5, "rise_days": 3.0,
    "fall_days": 1.7, "enforce_rate": 0.014, "enforce_multiplier": 0.8, "enforce_onset_days": 1.5, "enforce_days": 30.0,
    "lag_days": 2.0, "base_persons_day": 20.0, "origin_intensity": 1.2, "status_intensity": 0.9,
    "deported_base_fraction": 0.02, "deported_enforced_fraction": 0.3, "facilitated_fraction": 0.0,
    "diversion_fraction": 0.0, "journey_speed_factor": 1.0, "capacity_factor": 1.0, "wait_weight": 0.0,
    "crossing_affinity": 0.0, "contagion_weight": 0.0, "stay_factor": 1.0, "holding_stay_factor": 1.0,
}  # fmt: skip


def plain_world(**changes: Any) -> World:
    """One origin at the border, one status, one crossing wide open, nobody held, no stages."""
    sizes = {"origins": 1, "statuses": ("acc",), "crossings": 1, "sites": 0, "holding": False, "desks": 50_000.0}
    return near(make_world(**(sizes | changes)))


def near(world: World) -> World:
    """The same world with every origin at every crossing."""
    return replace(world, routes=tuple(replace(route, distance_km=0.0) for route in world.routes))


def believe(model: ReturnsModel, people: float = 10_000.0, **changes: float) -> Parameters:
    """One member with the values of LAW."""
    parameters = central_parameters(model, np.zeros(1, dtype=np.uint64))
    values = {**LAW, **changes}
    parameters = parameters.change(**{name: 0.0 * getattr(parameters, name) + value for name, value in values.items()})
    return parameters.change(population=np.full((len(model.strata), 1), people))


def expect(model: ReturnsModel, parameters: Parameters, days: int = DAYS) -> Ensemble:
    """Mode mean, arriving only while the crossing is open."""
    model = replace(model, arrival_share=model.open_share)
    last = model.first_day + days - 1
    return simulate_returns(model, parameters, first_day=model.first_day, last_day=last, seed=1, mode="mean")
