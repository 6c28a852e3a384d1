"""A steady flow with nothing else in it, and the uniforms of its decisions by the names of what they decide."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from makers.paper_returns import parameters_of
from makers.worlds import START, make_world
from sarai.model.returns import ReturnsModel, build_returns
from sarai.simulate.draws import cell_key, day_word, purpose_key, stream_key, uniform_at
from sarai.simulate.ensemble import Ensemble
from sarai.simulate.simulate import simulate_returns
from sarai.world.calendar import Calendar
from sarai.world.world import Setting, World

SEED, DAYS, MEMBERS = 5, 40, 12
PEOPLE, BASE, SIZE, DEPORTED = 20_000, 600.0, 5.0, 0.1


def steady_world(crossings: int, desks: float, log_sd: float = 0.0, **sizes: Any) -> World:
    """A base flow from one origin at the border, no wave: people arrive from 4 to 20, are let through from 10 to 18."""
    hours = {"arrival_first_hour": Setting(value=4.0), "arrival_last_hour": Setting(value=20.0)}
    wanted = {"sites": 0, "holding": False, "calendar": Calendar(), "settings": hours} | sizes
    world = make_world(origins=1, statuses=("acc",), crossings=crossings, desks=desks, **wanted)
    gates = tuple(replace(c, opens_hour=10.0, closes_hour=18.0, service_log_sd=log_sd) for c in world.crossings)
    routes = tuple(replace(route, distance_km=0.0) for route in world.routes)
    return replace(world, crossings=gates, routes=routes)


def steady_model(crossings: int, desks: float, log_sd: float = 0.0, **sizes: Any) -> ReturnsModel:
    """The model of `steady_world`."""
    return build_returns(steady_world(crossings, desks, log_sd, **sizes))


def open_model(crossings: int = 1, **sizes: Any) -> ReturnsModel:
    """The same with gates so wide and hours so long that everybody crosses on the day of arrival."""
    model = steady_model(crossings, 50_000.0, **sizes)
    return replace(model, arrival_share=model.open_share)


def run_steady(model: ReturnsModel, **changes: Any) -> Ensemble:
    """Members alike in all that they believe; only their ids differ."""
    belief = {
        "population": {("o000", "acc"): float(PEOPLE)}, "base_persons_day": BASE, "household_size": SIZE,
        "deported_base_fraction": {"acc": DEPORTED}, "wait_weight": 0.0, "diversion_fraction": 0.0,
        "capacity_factor": dict.fromkeys(model.crossings, 1.0),
        "crossing_affinity": dict.fromkeys(model.crossings, 0.0),
    } | changes  # fmt: skip
    last = model.first_day + DAYS - 1
    return simulate_returns(
        model, parameters_of(model, belief, MEMBERS), first_day=model.first_day, last_day=last, seed=SEED
    )


def keyed(purpose: str, member: int, t: int, *cell: str, step: int = 0) -> float:
    """The uniform of a decision of day t, by the names of what is decided."""
    word = day_word(START.toordinal() + t, step)
    return float(uniform_at(stream_key(SEED, purpose_key(purpose)), np.uint64(member), word, cell_key(*cell)))
