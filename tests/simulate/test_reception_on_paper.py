"""Reception and holding worked out on paper: the shares of each way, how long people stay, and how many are held."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from makers.plain_law import believe, expect, near, plain_world
from makers.worlds import make_world
from sarai.model.returns import build_returns
from sarai.model.routing import pick_routing
from sarai.simulate.simulate import simulate_returns
from sarai.world.calendar import Calendar
from sarai.world.reception import Capacity, HoldingCentre, Routing


def test_three_ways_out_are_drawn_apart() -> None:
    """The second of three ways has a draw of its own: their counts vary together as those of a multinomial do."""
    world = near(make_world(origins=1, statuses=("acc",), crossings=1, sites=1, holding=False, desks=50_000.0))
    shares = {"s000-desk": 0.3, "s000-stay": 0.4, "onward": 0.3}
    first = tuple(replace(world.routing[0], to_id=to, share=share) for to, share in shares.items())
    inside = tuple(replace(row, to_id="onward", share=1.0) for row in world.routing if row.from_id == "s000-desk")[:1]
    model = build_returns(replace(world, calendar=Calendar(), routing=(*first, *inside)))
    one, members = believe(model, base_persons_day=400.0, deported_base_fraction=0.0), 2_000
    parameters = replace(one.take([0] * members), member_ids=np.arange(members, dtype=np.uint64))
    day = model.first_day
    seen = simulate_returns(model, parameters, first_day=day, last_day=day, seed=8)
    crossed = seen["crossed"][0].sum(axis=(0, 1)).astype(float)
    desk, stay = (seen["stage_arrivals"][0, model.stages.index(name)].astype(float) for name in list(shares)[:2])
    together = np.corrcoef(desk - 0.3 * crossed, stay - 0.4 * crossed)[0, 1]
    assert together == pytest.approx(-math.sqrt(0.3 * 0.4 / (0.7 * 0.6)), abs=5.0 / math.sqrt(members))


def test_reception_routes_and_provinces_take_their_shares() -> None:
    """0.85 to the desk, 0.4 of those to the centre; provinces by sixths, also where a place has many ways out."""
    world = near(make_world(origins=1, statuses=("acc",), crossings=1, sites=1, holding=False, desks=50_000.0))
    model = build_returns(replace(world, calendar=Calendar()))
    seen = expect(model, believe(model, deported_base_fraction=0.0), 60)
    crossed = seen["crossed"].sum()
    desk, stay = (seen["stage_arrivals"][:, model.stages.index(name)].sum() for name in ("s000-desk", "s000-stay"))
    assert (desk / crossed, stay / crossed) == pytest.approx((0.85, 0.85 * 0.4), rel=1e-9)
    arrived = seen["arrivals"].sum(axis=2)[-1]  # the flow has long been steady
    np.testing.assert_allclose(arrived / arrived.sum(), np.array([3.0, 2.0, 1.0]) / 6.0, rtol=1e-3)


def test_where_no_province_is_stated_everybody_has_arrived_on_leaving_reception() -> None:
    """A destination of that name takes all, without a day of road."""
    model = build_returns(plain_world(calendar=Calendar(), destination_shares=()))
    seen = expect(model, believe(model), 9)
    assert model.destinations == ("not_stated",)
    np.testing.assert_allclose(seen["arrivals"][:, 0], seen["crossed"].sum(axis=(1, 2)), rtol=1e-12)
    assert seen["onward_road"].max() < 1e-9


def test_held_people_stay_as_long_as_their_centres_say() -> None:
    """Two centres of 2 and 4 days: a mean of 3 days; the stock that a steady flow fills is flow times stay."""
    world = plain_world(calendar=Calendar())
    centres = tuple(
        HoldingCentre(id=f"h{days}", origin="o000", capacity=Capacity(value=None), stay_days=float(days))
        for days in (2, 4)
    )
    model = build_returns(replace(world, holding=centres))
    seen = expect(model, believe(model, 1e9, deported_base_fraction=0.5), 70)
    assert seen["held"][-1, 0] == pytest.approx(20.0 * 0.5 * 3.0, rel=1e-3)


@pytest.mark.parametrize("capacity", [0.7, 99.9, 1_000.0, 2_500.4, 123_456.7])
def test_people_held_never_exceed_a_capacity_of_any_size(capacity: float) -> None:
    """Centres that fill up hold their whole persons each day; who is deported beyond goes on the same day."""
    centre = HoldingCentre(id="h", origin="o000", capacity=Capacity(value=capacity), stay_days=30.0)
    model = build_returns(replace(plain_world(calendar=Calendar()), holding=(centre,)))
    flow = 1.0 + capacity
    parameters = believe(model, 1e9, base_persons_day=flow, deported_base_fraction=0.5)
    seen = expect(model, parameters, 12)
    np.testing.assert_allclose(seen["held"][4:, 0], math.floor(capacity), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(seen["crossed"][5:, 0, 0, 0], 0.5 * flow, rtol=1e-4)
    parameters = replace(parameters.take([0] * 5), member_ids=np.arange(5, dtype=np.uint64))
    model = replace(model, arrival_share=model.open_share)
    drawn = simulate_returns(model, parameters, first_day=model.first_day, last_day=model.first_day + 11, seed=2)
    assert drawn["held"].max() == math.floor(capacity) and (drawn["held"] <= math.floor(capacity)).all()


def test_a_centre_of_unknown_size_beside_a_known_one_holds_everybody() -> None:
    """What is not known is no limit."""
    centres = tuple(
        HoldingCentre(id=f"h{value}", origin="o000", capacity=Capacity(value=value), stay_days=5.0)
        for value in (3.0, None)
    )
    model = build_returns(replace(plain_world(calendar=Calendar()), holding=centres))
    seen = expect(model, believe(model, 1e9, deported_base_fraction=0.5), 60)
    assert seen["held"][-1, 0] == pytest.approx(20.0 * 0.5 * 5.0, rel=1e-3)


def test_a_stay_of_less_than_a_day_ends_on_the_next() -> None:
    """Whoever is held for 0.8 days is held for one night, and never for less than none."""
    centre = HoldingCentre(id="h", origin="o000", capacity=Capacity(value=None), stay_days=0.8)
    model = build_returns(replace(plain_world(calendar=Calendar()), holding=(centre,)))
    seen = expect(model, believe(model, 1e9, deported_base_fraction=0.5), 9)
    np.testing.assert_allclose(seen["held"][:, 0], 10.0, rtol=1e-6)


def test_held_people_go_on_when_nobody_is_left_at_home() -> None:
    """All leave in the first days, half of them deported; the centre empties by a fifth each day."""
    centre = HoldingCentre(id="h", origin="o000", capacity=Capacity(value=None), stay_days=5.0)
    model = build_returns(replace(plain_world(calendar=Calendar()), holding=(centre,)))
    parameters = believe(model, 400.0, base_persons_day=40_000.0, deported_base_fraction=0.5)
    parameters = replace(parameters.take([0] * 40), member_ids=np.arange(40, dtype=np.uint64))
    model = replace(model, arrival_share=model.open_share)
    seen = simulate_returns(model, parameters, first_day=model.first_day, last_day=model.first_day + 30, seed=2)
    assert seen["remaining"][1:].sum() == 0 and (seen["held"][0] > 150).all()
    expected = 200.0 * 0.8 ** np.arange(31)
    np.testing.assert_allclose(seen["held"].mean(axis=1), expected, atol=5.0)
    assert (seen["held"][1:] + seen["crossed"][1:, 0, 0] == seen["held"][:-1]).all()


def test_statuses_routed_alike_for_one_stage_part_at_the_next() -> None:
    """All pass one desk and one centre; from there 0.44 of one status and 0.40 of the other go to a second centre."""
    world = near(make_world(origins=1, statuses=("acc", "por"), crossings=1, sites=2, holding=False, desks=50_000.0))
    rows = [("x000", "s000-desk", "all", 1.0), ("s000-desk", "s000-stay", "all", 1.0)]
    for status, share in (("acc", 0.44), ("por", 0.40)):
        rows += [("s000-stay", "s001-stay", status, share), ("s000-stay", "onward", status, 1.0 - share)]
    routing = tuple(Routing(from_id=a, to_id=b, status=s, kind="all", share=share) for a, b, s, share in rows)
    stages = tuple(replace(stage, stay_days=0.0) for stage in world.stages)
    model = build_returns(replace(world, calendar=Calendar(), routing=routing, stages=stages))
    seen = expect(model, believe(model).change(population=np.array([[3_000.0], [1_000.0]])), 8)
    crossed = seen["crossed_status"][:, 0, :, 0]
    arrived = seen["stage_arrivals"][:, model.stages.index("s001-stay"), 0]
    assert crossed[0, 0] > 2.0 * crossed[0, 1] > 0.0
    np.testing.assert_allclose(arrived, crossed @ [0.44, 0.40], rtol=1e-9)


def test_the_more_special_row_of_a_routing_decides() -> None:
    """Status and kind, then status, then kind, then neither."""
    rows = [
        Routing(from_id="x", to_id=to, status=status, kind=kind, share=1.0)
        for to, status, kind in (
            ("a", "all", "all"),
            ("k", "all", "other"),
            ("s", "acc", "all"),
            ("b", "acc", "deported"),
        )
    ]
    for status, kind, to in (
        ("acc", "deported", "b"), ("acc", "other", "s"), ("por", "other", "k"), ("por", "deported", "a"),
    ):  # fmt: skip
        assert pick_routing(rows, status, kind) == ((to, 1.0),)
    thirds = [replace(rows[0], to_id=to, share=0.333333) for to in "abc"]
    assert [share for _, share in pick_routing(thirds, "acc", "other")] == pytest.approx([1.0 / 3.0] * 3, rel=1e-15)
