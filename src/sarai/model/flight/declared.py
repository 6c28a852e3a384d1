"""Settings that may be learned from counts: how wide each may vary, and how a vector of numbers becomes settings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.case import FlightCase
from sarai.world.errors import Fault, RequestError

Floats = NDArray[np.float64]
CAMP_PREFIX = "camp:"


@dataclass(frozen=True, kw_only=True)
class Declared:
    """One unknown. name: a setting, or `camp:NAME` for the pull of one camp beside its score (1 unless learned).

    scale    log or logit: where the prior is normal, centred on the value in the case     sd  on that scale
    low, high  bounds of the value
    usual      learned unless other names are asked for. The chance to leave a camp and the scaling of capacities act on
               what has gathered, which the first days hardly show: learned from these they mislead later (measured)
    """

    name: str
    scale: str
    sd: float
    low: float
    high: float
    usual: bool = True


DECLARED: tuple[Declared, ...] = (
    Declared(name="max_move_speed", scale="log", sd=0.5, low=20.0, high=600.0),
    Declared(name="default_movechance", scale="logit", sd=1.0, low=0.006, high=0.99),
    Declared(name="camp_movechance", scale="log", sd=1.0, low=1e-6, high=0.2, usual=False),
    Declared(name="camp_weight", scale="log", sd=1.0, low=0.05, high=50.0),
    Declared(name="conflict_weight", scale="log", sd=0.7, low=0.01, high=1.5),
    Declared(name="foreign_weight", scale="log", sd=1.0, low=0.05, high=50.0),
    Declared(name="distance_power", scale="log", sd=0.5, low=0.05, high=5.0),
    Declared(name="softening", scale="log", sd=1.0, low=0.1, high=500.0),
    Declared(name="capacity_scaling", scale="log", sd=0.5, low=0.1, high=10.0, usual=False),
)  # A176
CAMP_SD = 0.7  # A176: the pull of one camp, on the log scale


def declare(case: FlightCase, names: Sequence[str] | None = None, camps: bool = True) -> tuple[Declared, ...]:
    """The unknowns of a case: the named settings (the usual ones by default) and, where asked, the pull of every camp.

    Raises RequestError for names that are not declared.
    """
    known = {item.name: item for item in DECLARED}
    wrong = [name for name in names or () if name not in known]
    if wrong:
        raise RequestError(
            [
                Fault(column="--learn", what="this setting cannot be learned", found=name, wanted=", ".join(known))
                for name in wrong
            ]
        )
    usual = [item.name for item in DECLARED if item.usual]
    chosen = tuple(known[name] for name in (names if names is not None else usual))
    pulls = tuple(
        Declared(name=CAMP_PREFIX + place.name, scale="log", sd=CAMP_SD, low=0.01, high=100.0)
        for place in case.places
        if place.is_camp
    )
    return chosen + (pulls if camps else ())


def to_scale(item: Declared, value: float) -> float:
    """Value of an unknown on the scale of its prior."""
    bounded = min(max(value, item.low), item.high)
    return math.log(bounded) if item.scale == "log" else math.log(bounded / (1.0 - bounded))


def from_scale(item: Declared, position: float) -> float:
    """Value of an unknown from the scale of its prior, inside its bounds."""
    value = math.exp(min(position, 700.0)) if item.scale == "log" else 1.0 / (1.0 + math.exp(-max(position, -700.0)))
    return min(max(value, item.low), item.high)


def centre(case: FlightCase, unknowns: Sequence[Declared]) -> Floats:
    """Prior centre: the values in the case."""
    return np.array(
        [
            0.0 if item.name.startswith(CAMP_PREFIX) else to_scale(item, float(getattr(case.settings, item.name)))
            for item in unknowns
        ]
    )


def with_values(case: FlightCase, values: Mapping[str, float]) -> FlightCase:
    """The case with unknowns set to values, by name."""
    settings = {name: value for name, value in values.items() if not name.startswith(CAMP_PREFIX)}
    pulls = {name.removeprefix(CAMP_PREFIX): value for name, value in values.items() if name.startswith(CAMP_PREFIX)}
    changed = replace(case.settings, **settings)  # type: ignore[arg-type]
    return replace(case, settings=changed, pulls={**case.pulls, **pulls})


def apply_values(case: FlightCase, unknowns: Sequence[Declared], position: Floats) -> FlightCase:
    """The case with the unknowns set to a position on their scales."""
    pairs = zip(unknowns, position, strict=True)
    return with_values(case, {item.name: from_scale(item, float(where)) for item, where in pairs})
