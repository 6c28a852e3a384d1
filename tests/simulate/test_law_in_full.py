"""The whole law at once against a second one that shares nothing with it: every observable of every day.

`test_departures_on_paper.py` and its neighbours take one formula at a time. Here two overlapping phases, holding above
capacity, closures whole and in part, queues, diversion, stays, roads home and contagion work on each other, as in a
real case.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from makers.paper_returns import Paper, as_array, parameters_of
from makers.worlds import START, close_crossing, make_wave, make_world
from sarai.model.returns import build_returns
from sarai.simulate.ensemble import AXES, Ensemble
from sarai.simulate.simulate import simulate_returns
from sarai.world.calendar import Calendar
from sarai.world.place import Route
from sarai.world.reception import Capacity, HoldingCentre
from sarai.world.world import Setting, World

DAYS = 75
STAGES = {  # stay, capacity, unit
    "s000-desk": (0.25, 160.0, "persons_day"),
    "s000-stay": (1.6, 150.5, "persons"),
    "s001-desk": (0.0, None, "persons_day"),
    "s001-stay": (3.2, 9.0, "persons"),
}


def day(number: int) -> Any:
    """The date of a day of the run."""
    return START + timedelta(days=number)


def roads() -> dict[tuple[str, str], tuple[float, float]]:
    """km and speed of every leg that people can take; no two alike.

    Those who are diverted need 1 day (0.2, but at least one) or 3 (2.7 rounded up; 2 at speed factor 1).
    """
    ends = [(a, b) for a in ("o000", "o001") for b in ("x000", "x001", "x002")]
    ends += [("x000", "x001"), ("x000", "x002"), ("x001", "x002")]
    ends += [(a, b) for a in ("x000", "x001", "x002", "s000", "s001") for b in ("d000", "d001", "d002")]
    legs = {}
    for number, (a, b) in enumerate(ends):
        km, speed = 40.0 + 37.0 * ((5 * number) % 11), 150.0 + 20.0 * (number % 4)
        legs[a, b] = legs[b, a] = (km, speed)
    legs["x000", "x002"] = legs["x002", "x000"] = (31.0, 200.0)
    return legs


def busy_world() -> World:
    """Three crossings that cannot keep up; two phases that overlap, one called off on day 65.

    All crossings are closed on day 62, all but the first on day 63. From the first nobody goes to the first province.
    """
    world = make_world(origins=2, statuses=("acc", "por"), crossings=3, sites=2, desks=1.5, days=65)
    first = replace(make_wave(0, ("acc", "por")), enforcement=day(49))
    second = replace(make_wave(0, ("acc",)), id="wave-2", announced=day(25), deadline=day(38), enforcement=day(39),
                     origins=("o001",), withdrawn=True)  # fmt: skip
    stages = tuple(
        replace(stage, stay_days=STAGES[stage.id][0], capacity=Capacity(value=STAGES[stage.id][1], unit=unit))
        for stage in world.stages
        for unit in (STAGES[stage.id][2],)
    )
    holding = (
        HoldingCentre(id="h0", origin="o000", capacity=Capacity(value=30.6), stay_days=2.5),
        HoldingCentre(id="h1", origin="o001", capacity=Capacity(value=None), stay_days=4.0),
    )
    crossings = tuple(
        replace(c, service_log_sd=sd, opens_hour=7.5 + k, closes_hour=closes, desks=desks)
        for k, (c, sd, closes, desks) in enumerate(
            zip(world.crossings, (0.4, 0.0, 0.25), (17.0, 24.0, 17.0), (1.5, 0.022, 3.5), strict=True)
        )
    )
    routes = tuple(
        Route(from_id=a, to_id=b, distance_km=km, speed_km_day=speed) for (a, b), (km, speed) in roads().items()
    )
    table = [row for row in world.destination_shares if row.crossing == "x000" and row.destination != "d000"]
    shares = tuple(row for row in world.destination_shares if row.crossing != "x000")
    shares += tuple(replace(row, share=share) for row, share in zip(table, (0.7, 0.3), strict=True))
    world = replace(
        world, calendar=Calendar(waves=(first, second)), stages=stages, holding=holding, crossings=crossings,
        routes=routes, destination_shares=shares,
        settings={"affinity.o001.x002": Setting(value=0.7), "contagion_weight": Setting(value=0.5)},
    )  # fmt: skip
    for x, first, days, fraction in (
        ("x001", 30, 9, 1.0), ("x002", 44, 12, 0.5), ("x002", 50, 3, 0.3), ("x000", 60, 3, 1.0), ("x001", 61, 3, 1.0),
        ("x002", 62, 2, 1.0),
    ):  # fmt: skip
        world = close_crossing(world, x, first, days, fraction)
    return world


def busy_belief() -> dict[str, Any]:
    """Values that are all different and none of them the centre of a prior."""
    return {
        "population": {
            ("o000", "acc"): 9_000.0,
            ("o000", "por"): 15_000.0,
            ("o001", "acc"): 21_000.0,
            ("o001", "por"): 6_000.0,
        },
        "at_risk_fraction": {"wave-1": 0.5, "wave-2": 0.35},
        "announce_rate": {"wave-1": 0.003, "wave-2": 0.005},
        "rise_rate": {"wave-1": 0.03, "wave-2": 0.02},
        "rise_multiplier": {"wave-1": 1.4, "wave-2": 0.7},
        "rise_days": {"wave-1": 4.0, "wave-2": 3.0},
        "fall_days": {"wave-1": 1.7, "wave-2": 2.6},
        "enforce_rate": {"wave-1": 0.02, "wave-2": 0.03},
        "enforce_multiplier": {"wave-1": 0.8, "wave-2": 1.2},
        "enforce_onset_days": {"wave-1": 1.5, "wave-2": 2.5},
        "enforce_days": {"wave-1": 30.0, "wave-2": 20.0},
        "lag_days": {"wave-1": 1.5, "wave-2": 0.0},
        "base_persons_day": 60.0,
        "origin_intensity": {"o000": 1.3, "o001": 0.8},
        "status_intensity": {"acc": 1.1, "por": 0.6},
        "deported_base_fraction": {"acc": 0.05, "por": 0.02},
        "deported_enforced_fraction": {"acc": 0.3, "por": 0.2},
        "facilitated_fraction": {"acc": 0.0, "por": 0.4},
        "distance_weight": 0.6,
        "wait_weight": 0.07,
        "crossing_affinity": {"x000": 0.2, "x001": -0.3, "x002": 0.1},
        "journey_speed_factor": 0.75,
        "capacity_factor": {"x000": 0.9, "x001": 1.2, "x002": 0.7},
        "diversion_fraction": 0.35,
        "diversion_wait_days": 0.6,
        "stay_factor": 1.25,
        "holding_stay_factor": 0.7,
        "contagion_weight": 0.5,
        "discrepancy": [0.3 * math.sin(0.7 * t) for t in range(DAYS)],
        "crossing_discrepancy": {
            x: [0.4 * math.sin(0.3 * t + k) for t in range(DAYS)] for k, x in enumerate(("x000", "x001", "x002"))
        },
    }


def paper(world: World) -> list[dict[tuple[str, ...], float]]:
    """The history of the second law."""
    legs = {ends: (km, km / speed) for ends, (km, speed) in roads().items()}
    same = {(place, place): (0.0, 0.0) for place in world.places}
    return Paper(world, busy_belief(), {**legs, **same}).run(DAYS)


def expect(world: World) -> Ensemble:
    """The history of the engine in mode `mean`."""
    model = build_returns(world)
    return simulate_returns(
        model, parameters_of(model, busy_belief()), first_day=model.first_day, last_day=model.first_day + DAYS - 1,
        seed=1, mode="mean",
    )  # fmt: skip


@pytest.fixture(scope="module")
def both() -> tuple[Ensemble, list[dict[tuple[str, ...], float]]]:
    """The same history twice."""
    return expect(busy_world()), paper(busy_world())


@pytest.mark.parametrize("name", sorted(AXES))
def test_every_observable_of_every_day_is_that_of_the_second_law(name: str, both: Any) -> None:
    """Two laws, written apart, agree on each day, place, status and kind."""
    engine, seen = both
    expected = as_array(seen, name, *(engine.axes[axis] for axis in AXES[name][1:]))
    np.testing.assert_allclose(engine[name][..., 0], expected, rtol=1e-7, atol=1e-7)


def test_the_history_has_everything_in_it(both: Any) -> None:
    """What the comparison rests on did happen: queues, nights in them, loads above capacity, people held, all roads."""
    engine, _ = both
    assert (engine["queue"].max(axis=0) > 290.0).all(), "above thirty days of work at the smallest crossing"
    assert (engine["waiting_over_24h"].max(axis=0) > 0.0).any()
    over = dict(zip(engine.axes["stage"], engine["above_capacity"].max(axis=0)[:, 0], strict=True))
    assert {name for name, most in over.items() if most > 0.0} == {"s000-desk", "s000-stay", "s001-stay"}
    assert (engine["arrivals"][-1] > 0.0).all() and engine["held"].max() > 60.0
    assert (engine["crossed"].sum(axis=0) > 0.0).all()
