"""Draws survive change: a case in another order, with one place, day or person more, keeps those of all the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from makers.parameters import spread_parameters
from makers.runs import assert_same, run
from makers.worlds import make_place, make_world
from sarai.model.returns import build_returns, central_parameters
from sarai.simulate.ensemble import AXES
from sarai.world.place import Route
from sarai.world.reception import Capacity, Routing, Stage
from sarai.world.world import World


def test_resampled_members_keep_their_draws() -> None:
    """A member that stands twice after resampling goes through the same days twice."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 6).take([4, 1, 4])
    departures = run(model, parameters)["departures"]
    np.testing.assert_array_equal(departures[..., 0], departures[..., 2])
    assert (departures[..., 0] != departures[..., 1]).any()


def test_another_seed_gives_other_days() -> None:
    """The seed is part of every key."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 4)
    one, other = run(model, parameters, seed=1), run(model, parameters, seed=2)
    assert (one["departures"] != other["departures"]).any()


def test_the_order_of_the_case_changes_no_bit() -> None:
    """Places, strata, stages and routes may stand in any order."""
    world = make_world(origins=3, crossings=3)
    turned = replace(
        world,
        places=dict(reversed(list(world.places.items()))),
        strata=world.strata[::-1],
        statuses=world.statuses[::-1],
        crossings=world.crossings[::-1],
        routes=world.routes[::-1],
        stages=world.stages[::-1],
        routing=world.routing[::-1],
        destination_shares=world.destination_shares[::-1],
        holding=world.holding[::-1],
    )
    model, other = build_returns(world), build_returns(turned)
    parameters = spread_parameters(model, 5)
    assert_same(run(model, parameters), run(other, parameters))


def add_site(world: World) -> World:
    """The world with one more reception stage behind the desk of the first site."""
    stage = Stage(
        id="s000-extra", site="s000", kind="cash_desk", setting="camp", agency="", opens_hour=8.0, closes_hour=16.0,
        capacity=Capacity(value=None), stay_days=0.5,
    )  # fmt: skip
    rows = [row for row in world.routing if row.from_id != "s000-stay"]
    extra = [
        Routing(from_id="s000-stay", to_id="s000-extra", status="all", kind="all", share=0.5),
        Routing(from_id="s000-stay", to_id="onward", status="all", kind="all", share=0.5),
    ]
    return replace(world, stages=(*world.stages, stage), routing=(*rows, *extra))


def test_adding_a_site_leaves_all_other_draws_alone() -> None:
    """A new stage after a site changes nothing before it: queues, stays and loads upstream keep their bits."""
    world = make_world(holding=False)
    model, larger = build_returns(world), build_returns(add_site(world))
    parameters = spread_parameters(model, 10)
    one, other = run(model, parameters), run(larger, parameters)
    for name in ("departures", "crossed", "crossed_status", "queue"):
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)
    kept = [other.axes["stage"].index(stage) for stage in one.axes["stage"]]
    for name in ("stage_arrivals", "occupancy", "above_capacity"):
        np.testing.assert_array_equal(one[name], other[name][:, kept], err_msg=name)


def test_adding_a_crossing_keeps_the_rest_paired() -> None:
    """A new far crossing keeps departures bit for bit, and crossings at the others within what it takes away."""
    world = make_world(origins=2, crossings=2, desks=50.0)
    far = make_place("x999", "crossing", 5, 5)
    larger = replace(
        world,
        places={**world.places, far.id: far},
        crossings=(*world.crossings, replace(world.crossings[0], place_id="x999")),
        routes=(*world.routes, *(Route(from_id=o, to_id="x999", distance_km=900.0, speed_km_day=250.0)
                                 for o in ("o000", "o001"))),
        routing=(*world.routing, Routing(from_id="x999", to_id="onward", status="all", kind="all", share=1.0)),
    )  # fmt: skip
    model, other_model = build_returns(world), build_returns(larger)
    ids = np.arange(200, dtype=np.uint64)
    grown = central_parameters(other_model, ids)
    grown.crossing_affinity[2] = -2.0
    one = run(model, central_parameters(model, ids))
    other = run(other_model, grown)
    unpaired = run(model, central_parameters(model, ids), seed=99)
    np.testing.assert_array_equal(one["departures"], other["departures"])
    assert other["crossed"][:, 2].sum() > 0
    day = 46
    before, after, apart = (e["crossed"][: day + 1, 0].sum(axis=(0, 1)).astype(float) for e in (one, other, unpaired))
    assert np.var(after - before) < 0.1 * np.var(apart - before)


def test_moving_the_start_date_keeps_the_draws_of_each_day() -> None:
    """A run that starts later from the same population draws the same on the same civil day where states are equal."""
    model = build_returns(make_world(holding=False))
    parameters = spread_parameters(model, 6)
    quiet = {name: 0.0 * getattr(parameters, name) for name in ("base_persons_day", "announce_rate", "rise_rate")}
    parameters = parameters.change(**quiet)  # nobody leaves before the enforcement on day 47
    early, late = run(model, parameters), run(model, parameters, start=model.first_day + 30)
    for name in AXES:
        np.testing.assert_array_equal(early[name][30:], late[name], err_msg=name)


def test_one_more_person_changes_one_fate() -> None:
    """One person more in one stratum leaves every other stratum's departures as they were."""
    model = build_returns(make_world(origins=3, holding=False, desks=500.0))
    parameters = spread_parameters(model, 30)
    more = parameters.population.copy()
    more[2] = np.floor(more[2] + 0.5) + 1.0
    fixed = {"base_persons_day": 0.0 * parameters.base_persons_day}
    one = run(model, parameters.change(**fixed))
    other = run(model, parameters.change(population=more, **fixed))
    changed = np.abs(other["departures"].astype(int) - one["departures"]).sum(axis=0)
    assert (changed[[0, 2]] == 0).all()
    total = np.abs(other["departures"].astype(int).sum(axis=0) - one["departures"].sum(axis=0))
    assert total.max() <= 2
    assert (other["remaining"][0] - one["remaining"][0] >= 0).all()
