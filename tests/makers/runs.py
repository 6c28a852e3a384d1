"""A run of the returns law from the first day of its model, and who is where in it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel
from sarai.simulate.ensemble import Ensemble
from sarai.simulate.simulate import simulate_returns

DAYS = 70


def run(model: ReturnsModel, parameters: Parameters, days: int = DAYS, **how: Any) -> Ensemble:
    """Simulate from the first day of the model."""
    start = how.pop("start", model.first_day)
    return simulate_returns(
        model, parameters, first_day=start, last_day=model.first_day + days - 1, **{"seed": 3, **how}
    )


def everybody(ensemble: Ensemble) -> NDArray[np.float64]:
    """(day, member) persons anywhere: not yet left, held, on roads, in queues, at stages, arrived."""
    total = np.zeros((len(ensemble.days), len(ensemble.member_ids)))
    for name in ("remaining", "held", "on_road"):
        total += ensemble[name]
    total += ensemble["queue"].sum(axis=1)
    if ensemble.stages == "border":
        return total + np.cumsum(ensemble["crossed"].sum(axis=(1, 2)), axis=0)
    total += ensemble["occupancy"].sum(axis=1) + ensemble["onward_road"]
    return total + np.cumsum(ensemble["arrivals"].sum(axis=1), axis=0)


def assert_same(one: Ensemble, other: Ensemble) -> None:
    """Every observable is equal bit for bit."""
    for name in one.observables:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)
