"""Windows: the same indicators over the first days ahead, of a side that is counted already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sarai.plan.care import Service
from sarai.simulate.ensemble import Ensemble
from sarai.whatif.indicators import measure

Floats = NDArray[np.float64]
BY_DAY = ("need", "unmet", "late", "units", "used")


def measure_windows(
    ensemble: Ensemble, desks: NDArray[np.bool_], services: Sequence[Service], fear: float, lengths: Sequence[int]
) -> dict[int, dict[str, Floats]]:
    """Indicators over the first `lengths` days of an ensemble that begins after the as-of date; as `measure`."""
    return {
        days: measure(
            first_days(ensemble, days),
            int(ensemble.days[0]),
            desks,
            [first_days_of(service, days) for service in services],
            fear,
        )
        for days in lengths
    }


def first_days(ensemble: Ensemble, days: int) -> Ensemble:
    """The first days of an ensemble."""
    observed = {name: values[:days] for name, values in ensemble.observables.items()}
    return replace(ensemble, days=ensemble.days[:days], observables=observed)


def first_days_of(service: Service, days: int) -> Service:
    """The first days of a service: what happens on a day depends on the days before it alone."""
    return replace(service, **{name: getattr(service, name)[:days] for name in BY_DAY})
