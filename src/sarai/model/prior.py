"""Priors of one emergency: the table of parameters with the settings and population ranges of the case put in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.model.table import ParameterRow, PriorKind, parameter_table
from sarai.world.population import usual_persons_day
from sarai.world.world import World

Floats = NDArray[np.float64]
RANGE_Z = 1.6448536269514722  # a range is read as a 90 % interval; assumption A70


@dataclass(frozen=True, kw_only=True)
class ParameterPrior:
    """Prior of one parameter over its axes. `centre` and `spread` have the shape of the axes before `member`.

    kind  as in the table, a `range` made lognormal; day-indexed series have the shape of their other axes, and `rho`
    keys  the ids along each axis, for messages and for random keys
    """

    name: str
    kind: PriorKind
    axes: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    centre: Floats
    spread: Floats
    rho: float
    low: float
    high: float


def build_priors(world: World, axis_ids: Mapping[str, tuple[str, ...]]) -> dict[str, ParameterPrior]:
    """Priors of every parameter that differs between members.

    A setting `name` of the case replaces the centre for all entries, `name.<id>` for one (an id of its first axis),
    `name.spread` the spread. A switched effect is fixed at its off value unless a setting names it.
    """
    priors = {}
    for row in parameter_table().values():
        if row.axis != ("constant",):
            priors[row.name] = build_prior(world, row, axis_ids)
    return priors


def build_prior(world: World, row: ParameterRow, axis_ids: Mapping[str, tuple[str, ...]]) -> ParameterPrior:
    """The prior of one parameter with the case's settings put in."""
    axes = tuple(axis for axis in row.axis if axis != "day")
    keys = tuple(axis_ids[axis] for axis in axes)
    shape = tuple(len(ids) for ids in keys)
    kind, centre, spread = row.prior.kind, np.full(shape, row.prior.centre), np.full(shape, row.prior.spread)
    if row.switch and not is_switched_on(world, row.name):
        kind, centre, spread = "fixed", np.full(shape, row.off), np.zeros(shape)
    if kind == "range":
        kind, centre, spread = range_prior(world, keys[0])
    if row.name == "base_persons_day" and (usual := usual_persons_day(world.strata)) > 0.0:
        centre = np.minimum(centre, usual)  # the default is that of an emergency of two million
    settings = world.settings
    if row.name in settings:
        centre = np.full(shape, settings[row.name].value)
    if keys:
        for position, key in enumerate(keys[0]):
            if f"{row.name}.{key}" in settings:
                centre[position] = settings[f"{row.name}.{key}"].value
    if f"{row.name}.spread" in settings:
        spread = np.full(shape, settings[f"{row.name}.spread"].value)
    return ParameterPrior(
        name=row.name,
        kind=kind,
        axes=row.axis,
        keys=keys,
        centre=centre.astype(np.float64),
        spread=spread.astype(np.float64),
        rho=row.prior.rho,
        low=row.low,
        high=row.high,
    )


def is_switched_on(world: World, name: str) -> bool:
    """True where a setting of the case names an optional effect."""
    return any(key == name or key.startswith(name + ".") for key in world.settings)


def range_prior(world: World, stratum_keys: tuple[str, ...]) -> tuple[PriorKind, Floats, Floats]:
    """Lognormal priors of the strata whose 90 % interval is the range of the population table."""
    ranges = {f"{s.origin}|{s.status}": (float(s.low_persons), float(s.high_persons)) for s in world.strata}
    centre, spread = [], []
    for key in stratum_keys:
        low, high = ranges[key]
        low = max(low, 1.0) if high >= 1.0 else 0.0
        centre.append(math.sqrt(low * high))
        spread.append(math.log(high / low) / (2.0 * RANGE_Z) if low > 0.0 else 0.0)
    return "lognormal", np.array(centre, dtype=np.float64), np.array(spread, dtype=np.float64)
