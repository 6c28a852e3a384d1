"""Arrivals at each stage of reception: crossings times the cited routing shares."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.forecast import Forecast
from sarai.world.reception import Routing
from sarai.world.world import World

KIND_WEIGHTS: Mapping[str, float] = {"deported": 0.05, "facilitated": 0.05, "other": 0.90}
"""A137: weights of the kinds of return where the routing differs by kind and the plan knows only the sum."""
STAGES_DEEP = 12
"""A139: stages that one person passes at most; a routing with a ring in it is cut there."""

Samples = NDArray[np.float64]


def stage_arrivals(world: World, forecast: Forecast) -> dict[str, Samples]:
    """Persons/day entering each stage: id -> (day, member).

    Crossings of the day times the share of them that reaches the stage; days spent on the way are left out, so a stage
    further on is loaded at most a few days early. Stages that no routing row reaches are missing from the answer.
    """
    crossings = crossing_samples(forecast)
    arrivals: dict[str, Samples] = {}
    for crossing, flow in crossings.items():
        for stage, share in reach_shares(world, crossing).items():
            arrivals[stage] = arrivals.get(stage, np.zeros_like(flow)) + share * flow
    return arrivals


def crossing_samples(forecast: Forecast) -> dict[str, Samples]:
    """`day crossings` by crossing id: (day, member). Empty where the forecast has no such target."""
    return _by_crossing(forecast, "day crossings")


def queue_samples(forecast: Forecast) -> dict[str, Samples]:
    """`queue at close` by crossing id: (day, member). Empty where the forecast has no such target."""
    return _by_crossing(forecast, "queue at close")


def _by_crossing(forecast: Forecast, target: str) -> dict[str, Samples]:
    series = forecast.series.get(target)
    if series is None:
        return {}
    return {name: series.samples[:, place, :] for place, name in enumerate(series.locations) if name != "all"}


def reach_shares(world: World, crossing: str) -> dict[str, float]:
    """Share of the people entering at `crossing` who pass each stage, over statuses and kinds as a whole."""
    stages = {stage.id for stage in world.stages}
    reached: dict[str, float] = {}
    front = {crossing: 1.0}
    for _ in range(STAGES_DEEP):
        following: dict[str, float] = {}
        for place, share in front.items():
            for onward, part in onward_shares(world, place).items():
                if onward in stages:
                    following[onward] = following.get(onward, 0.0) + share * part
        for stage, share in following.items():
            reached[stage] = min(1.0, reached.get(stage, 0.0) + share)
        front = following
        if not front:
            break
    return reached


def onward_shares(world: World, place: str) -> dict[str, float]:
    """Mean routing shares from one place: rows for several statuses and kinds are weighted by how many they concern."""
    rows = [row for row in world.routing if row.from_id == place]
    weights: dict[tuple[str, str], float] = {(row.status, row.kind): _weight(world, row) for row in rows}
    whole = sum(weights.values())
    shares: dict[str, float] = {}
    for row in rows:
        part = row.share * weights[row.status, row.kind] / whole if whole > 0 else 0.0
        shares[row.to_id] = shares.get(row.to_id, 0.0) + part
    return shares


def _weight(world: World, row: Routing) -> float:
    """How many of those leaving a row is about: population share of its status times the weight of its kind (A137)."""
    kind = 1.0 if row.kind == "all" else KIND_WEIGHTS.get(row.kind, 1.0)
    if row.status == "all":
        return kind
    total = sum(stratum.low_persons + stratum.high_persons for stratum in world.strata)
    named = sum(item.low_persons + item.high_persons for item in world.strata if item.status == row.status)
    return kind * (named / total if total else 1.0)
