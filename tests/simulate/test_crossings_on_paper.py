"""Roads and crossings worked out on paper: how long a journey takes, which crossing is chosen, and who goes on."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from makers.plain_law import believe, expect, near, plain_world
from makers.worlds import make_place, make_world
from sarai.model.returns import build_returns
from sarai.world.calendar import Calendar
from sarai.world.place import Route
from sarai.world.world import Setting


@pytest.mark.parametrize(("speed", "late"), [(1.0, 4), (2.0, 2), (0.5, 8)])
def test_a_faster_journey_arrives_earlier(speed: float, late: int) -> None:
    """Four days of road take two at twice the speed, and eight at half of it."""
    world = plain_world(calendar=Calendar())
    world = replace(world, routes=(Route(from_id="o000", to_id="x000", distance_km=1000.0, speed_km_day=250.0),))
    model = build_returns(world)
    crossed = expect(model, believe(model, journey_speed_factor=speed))["crossed"].sum(axis=(1, 2, 3))
    assert crossed[:late].sum() == 0.0
    assert crossed[late] == pytest.approx(20.0, rel=1e-3)


def test_a_longer_way_without_a_route_takes_the_detour() -> None:
    """A degree of latitude is 111.2 km; the road is taken to be 1.3 times as long, at 350 km a day."""
    world = plain_world(calendar=Calendar())
    places = {
        **world.places, "o000": replace(make_place("o000", "origin", 0, 0), lat=30.0, lon=66.0),
        "x000": replace(make_place("x000", "crossing", 0, 0), lat=31.0, lon=66.0),
    }  # fmt: skip
    model = build_returns(replace(world, places=places, routes=()))
    assert model.distance_km[0, 0] == pytest.approx(1.3 * 6371.0 * math.pi / 180.0, rel=2e-3)
    assert model.road_days[0, 0] == pytest.approx(model.distance_km[0, 0] / 350.0)
    east = {**places, "x000": replace(places["x000"], lat=30.0, lon=67.0)}
    across = build_returns(replace(world, places=east, routes=())).distance_km[0, 0]
    assert across == pytest.approx(model.distance_km[0, 0] * math.cos(math.radians(30.0)), rel=1e-4)
    back = Route(from_id="x000", to_id="o000", distance_km=500.0, speed_km_day=250.0)
    both = build_returns(replace(world, places=places, routes=(back,)))
    assert (both.distance_km[0, 0], both.road_days[0, 0]) == (500.0, 2.0), "a route serves both directions"


def test_crossings_share_by_distance_and_affinity() -> None:
    """A multinomial logit: 100 km further weighs -distance_weight, an affinity of the case adds to it.

    Far crossings that hardly anybody chooses share those few in proportion too.
    """
    world = make_world(origins=1, statuses=("acc",), crossings=5, sites=0, holding=False, desks=50_000.0,
                       calendar=Calendar(), settings={"affinity.o000.x002": Setting(value=1.1)})  # fmt: skip
    km = (0.0, 80.0, 160.0, 1_700.0, 1_790.0)
    routes = tuple(Route(from_id="o000", to_id=f"x{k:03d}", distance_km=km[k], speed_km_day=1e9) for k in range(5))
    model = build_returns(replace(world, routes=routes))
    seen = expect(model, believe(model, distance_weight=0.9), 30)["crossed"].sum(axis=(0, 2, 3))
    pull = np.exp(-0.9 * np.array(km) / 100.0 + np.array([0.0, 0.0, 1.1, 0.0, 0.0]))
    # equal capacities: nothing else tells the crossings apart
    np.testing.assert_allclose(seen / seen.sum(), pull / pull.sum(), rtol=1e-5)


def test_a_crossing_that_cannot_work_is_a_wait_of_thirty_days() -> None:
    """A member that gives an open crossing no capacity expects the longest wait there, not none."""
    world = near(make_world(origins=1, statuses=("acc",), crossings=2, sites=0, holding=False, desks=50_000.0))
    model = build_returns(replace(world, calendar=Calendar()))
    parameters = believe(model, wait_weight=0.04)
    parameters = parameters.change(capacity_factor=np.array([[1.0], [0.0]]))
    seen = expect(model, parameters, 30)
    crossed, waiting = seen["crossed"].sum(axis=(2, 3))[:, 0].sum(), seen["queue"][-1, 1, 0]
    assert waiting / crossed == pytest.approx(math.exp(-0.04 * 30.0), rel=1e-5)


def test_who_comes_to_an_empty_crossing_that_cannot_work_goes_on() -> None:
    """Nobody waits there yet, and the wait is without end all the same: the whole share goes on on the first day."""
    world = near(make_world(origins=1, statuses=("acc",), crossings=2, sites=0, holding=False, desks=50_000.0))
    model = build_returns(replace(world, calendar=Calendar()))
    model = replace(model, divert_to=np.array([1, -1]), divert_days=np.full(2, 3.0))
    parameters = believe(model, diversion_fraction=0.35, diversion_wait_days=2.0)
    parameters = parameters.change(
        capacity_factor=np.array([[0.0], [1.0]]), crossing_affinity=np.array([[40.0], [-40.0]])
    )
    seen = expect(model, parameters, 2)
    left = seen["departures"][0, 0, 0]
    assert left > 10.0 and seen["queue"][0, 0, 0] == pytest.approx(0.65 * left)
    assert seen["on_road"][0, 0] == pytest.approx(0.35 * left)


def test_a_road_may_take_longer_one_way() -> None:
    """Where both directions are given each has its own."""
    world = make_world(origins=1, crossings=1)
    there = Route(from_id="o000", to_id="x000", distance_km=100.0, speed_km_day=50.0)
    back = Route(from_id="x000", to_id="o000", distance_km=300.0, speed_km_day=50.0)
    for routes in ((there, back), (back, there)):
        assert build_returns(replace(world, routes=routes)).road_days[0, 0] == 2.0


def test_opening_hours_make_the_capacity_of_a_day() -> None:
    """Ten hours, six desks, twenty persons an hour: 1,200 a day, and a flow evenly spread over the hours open."""
    model = build_returns(make_world(crossings=1))
    assert model.capacity_persons_day.tolist() == [1200.0]
    np.testing.assert_allclose(model.open_share[0, 7:17], 0.1)
    half = replace(make_world(crossings=1).crossings[0], opens_hour=7.5, closes_hour=9.5)
    model = build_returns(replace(make_world(crossings=1), crossings=(half,)))
    np.testing.assert_allclose(model.open_share[0, 6:11], [0.0, 0.25, 0.5, 0.25, 0.0])


def test_people_divert_to_the_nearest_other_crossing() -> None:
    """From a full crossing to the nearer one of two others."""
    world = make_world(origins=1, crossings=3)
    routes = (*world.routes, Route(from_id="x000", to_id="x001", distance_km=400.0, speed_km_day=250.0),
              Route(from_id="x000", to_id="x002", distance_km=90.0, speed_km_day=250.0))  # fmt: skip
    model = build_returns(replace(world, routes=routes))
    assert model.divert_to[0] == 2
    nowhere = {**world.places, "x001": replace(world.places["x001"], lat=None, lon=None)}
    model = build_returns(replace(world, places=nowhere, destination_shares=(), stages=(), routing=()))
    assert model.divert_to.tolist() == [2, -1, 0], "no road is known to the second crossing, nor from it"
