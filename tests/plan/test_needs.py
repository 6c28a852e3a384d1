from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from makers.briefing import make_forecast, make_world
from sarai.plan.arrivals import reach_shares, stage_arrivals
from sarai.plan.needs import make_plan, season_of
from sarai.plan.standards import default_standards
from sarai.world.reception import Routing


def test_water_overnight_is_fifteen_litres_for_each_person_present() -> None:
    """The need of a night is persons present times the cited quantity, at the same quantile."""
    world = make_world()
    forecast = make_forecast(world)
    plan = make_plan(world, forecast)
    day = date(2031, 11, 1)
    need = next(n for n in plan.needs if n.site == "camp" and n.standard_id == "water_stay" and n.day == day)
    present = forecast.series["site occupancy"].samples[11, 0]
    assert need.p80 == pytest.approx(15 * np.quantile(present, 0.8))
    assert need.unit == "litres" and need.sector == "WASH"


def test_quantiles_rise_and_never_fall() -> None:
    """P50, P80 and P95 of one need stand in that order, on every line and total."""
    world = make_world()
    plan = make_plan(world, make_forecast(world))
    assert plan.needs and plan.totals
    assert all(line.p50 <= line.p80 <= line.p95 for line in (*plan.needs, *plan.totals))


def test_totals_add_up_within_a_member_before_quantiles_are_taken() -> None:
    """A week of water is the quantile of the members' sums; toilets count on the largest day only."""
    world = make_world()
    forecast = make_forecast(world)
    plan = make_plan(world, forecast)
    present = forecast.series["site occupancy"].samples[:7, 0]
    water = next(t for t in plan.totals if t.site == "camp" and t.standard_id == "water_stay" and t.days == 7)
    toilets = next(t for t in plan.totals if t.site == "camp" and t.standard_id == "toilets_stay" and t.days == 7)
    assert water.p95 == pytest.approx(15 * np.quantile(present.sum(axis=0), 0.95))
    assert toilets.p95 == pytest.approx(0.02 * np.quantile(present.max(axis=0), 0.95))


def test_arrivals_follow_the_routing_shares() -> None:
    """Half of those at the bridge go on to the camp, and nobody from the pass does."""
    world = make_world()
    forecast = make_forecast(world)
    arrivals = stage_arrivals(world, forecast)
    bridge = forecast.series["day crossings"].samples[:, 1]
    assert np.allclose(arrivals["camp_stay"], 0.5 * bridge)
    assert reach_shares(world, "pass") == {"pass_zero": 1.0}


def test_a_ring_in_the_routing_does_not_multiply_people() -> None:
    """A routing that runs in a circle never gives a stage more people than crossed."""
    world = make_world()
    ring = Routing(from_id="camp_stay", to_id="bridge_zero", status="all", kind="all", share=1.0)
    shares = reach_shares(replace(world, routing=(*world.routing, ring)), "bridge")
    assert all(share <= 1.0 for share in shares.values())


def test_unknown_capacity_has_a_need_and_neither_chance_nor_date() -> None:
    """Where nobody has said what a stage can take, the load is given and no breach is claimed."""
    world = make_world()
    load = next(line for line in make_plan(world, make_forecast(world)).loads if line.stage == "bridge_zero")
    assert load.capacity is None and load.breach_probability is None and load.first_breach_p50 is None
    assert load.needed_p80 > 0


def test_cited_capacity_has_a_chance_and_a_date_that_agree_with_the_members() -> None:
    """The chance is the share of members above capacity; the date is the first day by which half of them are."""
    world = make_world()
    forecast = make_forecast(world)
    load = next(line for line in make_plan(world, forecast).loads if line.stage == "camp_stay")
    above = np.logical_or.accumulate(forecast.series["site occupancy"].samples[:, 0] > 5000, axis=0).mean(axis=1)
    assert load.breach_probability == pytest.approx(above[-1])
    assert load.first_breach_p50 == date.fromordinal(world.as_of.toordinal() + 1 + int(np.argmax(above >= 0.5)))


def test_assumed_capacity_is_marked_and_gets_no_date() -> None:
    """A capacity that somebody assumed never yields a breach date."""
    world = make_world()
    load = next(line for line in make_plan(world, make_forecast(world)).loads if line.stage == "pass_zero")
    assert load.capacity_assumed and load.first_breach_p50 is None


def test_season_turns_with_the_hemisphere() -> None:
    """January nights are cold in the north and warm in the south, and never cold near the equator."""
    world = make_world()
    assert season_of(world, date(2032, 1, 5)) == "cold"
    assert season_of(world, date(2031, 9, 5)) == "warm"
    south = {key: replace(place, lat=-(place.lat or 0.0)) for key, place in world.places.items()}
    assert season_of(replace(world, places=south), date(2032, 1, 5)) == "warm"
    assert season_of(replace(world, places=south), date(2032, 7, 5)) == "cold"
    middle = {key: replace(place, lat=5.0) for key, place in world.places.items()}
    assert season_of(replace(world, places=middle), date(2032, 1, 5)) == "warm"


def test_blankets_double_when_the_cold_season_begins_inside_the_horizon() -> None:
    """A forecast that runs from October into November asks for one blanket, then for two."""
    world = make_world()
    forecast = make_forecast(world)
    plan = make_plan(world, forecast)
    lines = {n.day: n for n in plan.needs if n.site == "camp" and n.item == "blankets"}
    present = forecast.series["site occupancy"].samples
    assert lines[date(2031, 10, 31)].p50 == pytest.approx(np.median(present[10, 0]))
    assert lines[date(2031, 11, 1)].p50 == pytest.approx(2 * np.median(present[11, 0]))


def test_a_case_without_sites_still_gets_needs_at_its_crossings() -> None:
    """The smallest case describes no reception; arrivals are then served at the crossing, and a note says so."""
    world = make_world(with_stages=False)
    plan = make_plan(world, make_forecast(world))
    assert {need.site for need in plan.needs} == {"bridge", "pass"}
    assert any("No reception stage" in note for note in plan.notes)


def test_own_table_replaces_the_shipped_one() -> None:
    """A planner's own table is used as it stands and travels with the plan."""
    world = make_world()
    own = tuple(replace(line, per_person=20.0) for line in default_standards() if line.id == "water_stay")
    plan = make_plan(world, make_forecast(world), own)
    assert {need.item for need in plan.needs} == {own[0].item} and plan.standards == own


def test_who_waits_to_cross_needs_what_a_night_takes() -> None:
    """Persons in the queue at closing time times the cited quantity, at the crossing; nothing where nobody waits."""
    world, forecast = make_world(), make_forecast(make_world())
    flow = forecast.series["day crossings"]
    queue = np.zeros_like(flow.samples)
    queue[:, flow.locations.index("bridge")] = np.arange(flow.samples.shape[2])
    waiting = replace(forecast, series={**forecast.series, "queue at close": replace(flow, samples=queue)})
    needs = [need for need in make_plan(world, waiting).needs if need.standard_id.startswith("gate_")]
    assert {need.site for need in needs} == {"bridge"}
    assert {need.sector for need in needs} == {"WASH", "Food", "Household items", "Health"}
    water = next(need for need in needs if need.standard_id == "gate_water")
    assert water.p95 == pytest.approx(15 * np.quantile(np.arange(flow.samples.shape[2]), 0.95))
    nobody = replace(forecast, series={**forecast.series, "queue at close": replace(flow, samples=0 * queue)})
    assert not [need for need in make_plan(world, nobody).needs if need.standard_id.startswith("gate_")]
