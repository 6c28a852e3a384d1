"""The law worked out on paper, sharing no line with the engine: what kernel and twin take from the same tables.

Kernel and twin are held together bit for bit, but both stand on `build_returns`, `build_layout` and `build_beliefs`; a
fault there moves both alike. Here the expected persons of each day follow from the formulas of the manual alone.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from makers.worlds import START, make_place, make_wave, make_world
from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel, build_returns, central_parameters, names_stratum
from sarai.model.routing import pick_routing
from sarai.model.table import parameter_table
from sarai.simulate.ensemble import Ensemble
from sarai.simulate.layout import build_layout, conditional, cumulative
from sarai.simulate.simulate import simulate_returns
from sarai.simulate.state import day_effects
from sarai.world.calendar import Calendar
from sarai.world.place import Route
from sarai.world.reception import Capacity, HoldingCentre, Routing
from sarai.world.world import Setting, World

DAYS = 75
LAW: dict[str, float] = {
    "at_risk_fraction": 0.5, "announce_rate": 0.004, "rise_rate": 0.04, "rise_multiplier": 1.5, "rise_days": 3.0,
    "fall_days": 1.7, "enforce_rate": 0.014, "enforce_multiplier": 0.8, "enforce_onset_days": 1.5, "enforce_days": 30.0,
    "lag_days": 2.0, "base_persons_day": 20.0, "origin_intensity": 1.2, "status_intensity": 0.9,
    "deported_base_fraction": 0.02, "deported_enforced_fraction": 0.3, "facilitated_fraction": 0.0,
    "diversion_fraction": 0.0, "journey_speed_factor": 1.0, "capacity_factor": 1.0, "wait_weight": 0.0,
    "crossing_affinity": 0.0, "contagion_weight": 0.0, "stay_factor": 1.0, "holding_stay_factor": 1.0,
}  # fmt: skip


def plain_world(**changes: Any) -> World:
    """One origin at the border, one status, one crossing wide open, nobody held, no stages."""
    sizes = {"origins": 1, "statuses": ("acc",), "crossings": 1, "sites": 0, "holding": False, "desks": 50_000.0}
    return near(make_world(**(sizes | changes)))


def near(world: World) -> World:
    """The same world with every origin at every crossing."""
    return replace(world, routes=tuple(replace(route, distance_km=0.0) for route in world.routes))


def believe(model: ReturnsModel, people: float = 10_000.0, **changes: float) -> Parameters:
    """One member with the values of LAW."""
    parameters = central_parameters(model, np.zeros(1, dtype=np.uint64))
    values = {**LAW, **changes}
    parameters = parameters.change(**{name: 0.0 * getattr(parameters, name) + value for name, value in values.items()})
    return parameters.change(population=np.full((len(model.strata), 1), people))


def expect(model: ReturnsModel, parameters: Parameters, days: int = DAYS) -> Ensemble:
    """Mode mean, arriving only while the crossing is open."""
    model = replace(model, arrival_share=model.open_share)
    last = model.first_day + days - 1
    return simulate_returns(model, parameters, first_day=model.first_day, last_day=last, seed=1, mode="mean")


def paper_hazard(day: int, announced: int, deadline: int, enforcement: int) -> tuple[float, float]:
    """Hazard of a wave on a day of the run, all of it and what is enforced; FORECASTING's formula with LAW's values."""
    if day < announced:
        return 0.0, 0.0
    tau, t2 = day - deadline - LAW["lag_days"], max(day - enforcement + 1 - LAW["lag_days"], 0.0)
    before, after = min(tau, 0.0), max(tau, 0.0)
    announce = LAW["announce_rate"] * math.exp(-after / LAW["enforce_days"])
    rise = LAW["rise_rate"] * LAW["rise_multiplier"]
    rise *= math.exp(before / LAW["rise_days"]) * math.exp(-after / LAW["fall_days"])
    enforced = LAW["enforce_rate"] * LAW["enforce_multiplier"]
    enforced *= (1.0 - math.exp(-t2 / LAW["enforce_onset_days"])) * math.exp(-t2 / LAW["enforce_days"])
    return announce + rise + enforced, enforced


def paper_departures(log_effect: list[float], people: float = 10_000.0) -> NDArray[np.float64]:
    """(day, 2) persons who leave on each day, and those of them who are deported."""
    left_at_risk = LAW["at_risk_fraction"] * people
    scale = LAW["origin_intensity"] * LAW["status_intensity"]
    rows = []
    for day, effect in enumerate(log_effect):
        hazard, enforced = (part * scale * math.exp(effect) for part in paper_hazard(day, 18, 46, 47))
        steady = LAW["base_persons_day"] / left_at_risk
        leaving = left_at_risk * (1.0 - math.exp(-(hazard + steady)))
        share = enforced / (hazard + steady)
        deported = share * LAW["deported_enforced_fraction"] + (1.0 - share) * LAW["deported_base_fraction"]
        rows.append((leaving, leaving * deported))
        left_at_risk -= leaving
    return np.array(rows)


@pytest.mark.parametrize("people", [10_000.0, 9_000.3])
def test_departures_of_each_day_are_those_of_the_formula(people: float) -> None:
    """Announcement, rise, fall, enforcement, lag, multipliers, intensities, base flow, discrepancy and depletion.

    An expected population need not be whole, and is not rounded.
    """
    model = build_returns(plain_world())
    wobble = [0.3 * math.sin(0.7 * day) for day in range(DAYS)]
    parameters = believe(model, people).change(discrepancy=np.array(wobble)[:, None])
    seen = expect(model, parameters)
    expected = paper_departures(wobble, people)
    np.testing.assert_allclose(seen["departures"][:, 0, 0], expected[:, 0], rtol=1e-9)
    np.testing.assert_allclose(seen["crossed"][:, 0, 0, 0], expected[:, 1], rtol=1e-9)


def test_weekdays_and_holidays_fall_on_their_own_days() -> None:
    """Fridays and two holidays damp the hazards of that very day."""
    holidays = [START + timedelta(days=number) for number in (47, 50)]
    settings = {"weekday_effect.fri": Setting(value=-0.6), "holiday_effect": Setting(value=-0.4)}
    world = plain_world(settings=settings)
    world = replace(world, calendar=replace(world.calendar, holidays=tuple((day, "feast") for day in holidays)))
    model = build_returns(world)
    days = [START + timedelta(days=day) for day in range(DAYS)]
    effect = [-0.6 * (day.weekday() == 4) - 0.4 * (day in holidays) for day in days]
    assert date(2023, 9, 15) == START and START.weekday() == 4, "a Friday by the calendar on the wall"
    seen = expect(model, believe(model))["departures"][:, 0, 0]
    np.testing.assert_allclose(seen, paper_departures(effect)[:, 0], rtol=1e-9)


@pytest.mark.parametrize("stated", [300.0, None])
def test_the_season_has_its_peak_on_its_day(stated: float | None) -> None:
    """A cosine over the year, to the two thousandths of its rational form; its day may be left to the table."""
    settings = {"season_amplitude": Setting(value=0.5)}
    peak = parameter_table()["season_peak_day"].off if stated is None else stated
    if stated is not None:
        settings["season_peak_day"] = Setting(value=stated)
    model = build_returns(plain_world(settings=settings))
    days = [(START + timedelta(days=day)).timetuple().tm_yday for day in range(DAYS)]
    effect = [0.5 * math.cos(2.0 * math.pi * (day - peak) / 365.25) for day in days]
    seen = expect(model, believe(model))["departures"][:, 0, 0]
    np.testing.assert_allclose(seen, paper_departures(effect)[:, 0], rtol=2e-3)


@pytest.mark.parametrize(("waves", "leave"), [(1, 5_000.0), (2, 7_500.0), (3, 8_750.0), (4, 9_375.0)])
def test_waves_put_at_risk_whom_any_of_them_names(waves: int, leave: float) -> None:
    """Half, and half of the rest, and so on; under a hazard that nobody withstands all of those leave."""
    world = plain_world()
    wave = make_wave(0, ("acc",))
    several = tuple(replace(wave, id=f"wave-{number}") for number in range(waves))
    model = build_returns(replace(world, calendar=Calendar(waves=several)))
    seen = expect(model, believe(model, enforce_rate=5.0, enforce_days=100.0))
    assert seen["departures"].sum() == pytest.approx(leave, rel=1e-6)


@pytest.mark.parametrize("which", [0, 1, 2, 3])
def test_each_of_four_waves_moves_people(which: int) -> None:
    """Of four waves only one is enforced: all whom it names leave, whichever it is."""
    world = plain_world()
    several = tuple(replace(make_wave(0, ("acc",)), id=f"wave-{number}") for number in range(4))
    model = build_returns(replace(world, calendar=Calendar(waves=several)))
    quiet = believe(model, announce_rate=0.0, rise_rate=0.0, base_persons_day=0.0, enforce_days=200.0, lag_days=0.0)
    rates = np.zeros((4, 1))
    rates[which] = 0.1
    seen = expect(model, quiet.change(enforce_rate=rates))["departures"][:, 0, 0]
    at_risk, left = 10_000.0 * (1.0 - 0.5**4), []
    for day in range(DAYS):
        t2 = max(day - 46, 0)
        share = 0.5 / (1.0 - 0.5**4)
        rate = (
            0.1 * LAW["enforce_multiplier"] * (1.0 - math.exp(-t2 / LAW["enforce_onset_days"])) * math.exp(-t2 / 200.0)
        )
        left.append(at_risk * (1.0 - math.exp(-share * rate * LAW["origin_intensity"] * LAW["status_intensity"])))
        at_risk -= left[-1]
    np.testing.assert_allclose(seen, left, rtol=1e-9)


def test_a_wave_moves_only_those_whom_it_names() -> None:
    """By status and by origin; the base flow is split as people are."""
    world = near(make_world(origins=2, statuses=("acc", "por"), crossings=1, sites=0, holding=False, desks=50_000.0))
    wave = replace(make_wave(0, ("acc",)), statuses=("acc",), origins=("o001",))
    model = build_returns(replace(world, calendar=Calendar(waves=(wave,))))
    parameters = believe(model, base_persons_day=0.0)
    seen = expect(model, parameters)
    assert seen["departures"][:, 0].sum() == 0.0 and seen["departures"][:, 1].sum() > 100.0
    assert seen["departures_status"][:, 1].sum() == 0.0
    uneven = believe(model, base_persons_day=40.0, announce_rate=0.0, rise_rate=0.0, enforce_rate=0.0)
    uneven = uneven.change(population=np.array([[6e6], [1e6], [2e6], [1e6]]))
    first = expect(model, uneven, 1)["departures"][0, :, 0]
    np.testing.assert_allclose(first, [28.0, 12.0], rtol=1e-3)


def test_whom_a_wave_names() -> None:
    """No status or `all` is every status, no origin is everywhere; both hold together."""
    wave = make_wave(0, ("acc",))
    for statuses, origins, named in (
        ((), (), "a1 a2 b1 b2"), (("all",), (), "a1 a2 b1 b2"), (("all",), ("2",), "a2 b2"), ((), ("1",), "a1 b1"),
        (("b",), (), "b1 b2"), (("b",), ("1",), "b1"), (("c", "all"), ("1",), "a1 b1"),
    ):  # fmt: skip
        chosen = replace(wave, statuses=statuses, origins=origins)
        assert " ".join(s + o for s in "ab" for o in "12" if names_stratum(chosen, o, s)) == named


def test_enforcement_starts_on_its_own_day() -> None:
    """Not with the deadline: with nothing else in the law nobody leaves until a week after it."""
    world = plain_world()
    wave = replace(world.calendar.waves[0], enforcement=START + timedelta(days=53))
    model = build_returns(replace(world, calendar=Calendar(waves=(wave,))))
    quiet = believe(model, announce_rate=0.0, rise_rate=0.0, base_persons_day=0.0, lag_days=0.0)
    seen = expect(model, quiet)["departures"][:, 0, 0]
    assert seen[:53].sum() == 0.0 and seen[53] > 0.0


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


def test_conditional_shares_multiply_back() -> None:
    """Each of a group among those not passed yet; the last takes the rest; groups do not touch."""
    got = conditional(np.array([0.5, 0.3, 0.2, 0.25, 0.75]), [0, 3, 5])
    np.testing.assert_allclose(got, [0.5, 0.6, 1.0, 0.25, 1.0])


def test_running_shares_of_a_day_keep_a_short_last_hour() -> None:
    """A gate that closes at one minute past: that minute has its share; the day ends with 1 and not a bit less."""
    sums = cumulative(np.array([[0.5, 0.4985, 0.0015, 0.0], [0.1, 0.2, 0.3, 0.4]]))
    np.testing.assert_allclose(sums, [[0.5, 0.9985, 1.0, 1.0], [0.1, 0.3, 0.6, 1.0]], rtol=1e-15)
    assert (sums[:, -1] == 1.0).all()
    assert (cumulative(np.full((1, 24), 1.0 / 24.0))[0, -1:] == 1.0).all()


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


def test_series_begin_on_their_own_day_and_may_differ_in_length() -> None:
    """Before its first day and after its last a series is 0; that of the crossings has days of its own."""
    model = build_returns(plain_world(crossings=2))
    parameters = central_parameters(model, np.zeros(1, dtype=np.uint64))
    parameters = replace(
        parameters.change(discrepancy=np.array([[0.1], [0.2]]), crossing_discrepancy=np.full((4, 2, 1), 0.5)),
        first_day=model.first_day + 3,
    )
    days = model.first_day + np.arange(10)
    total, crossing = day_effects(model, parameters, days)
    np.testing.assert_array_equal(total[:, 0], [0, 0, 0, 0.1, 0.2, 0, 0, 0, 0, 0])
    np.testing.assert_array_equal(crossing[:, 1, 0], [0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0, 0, 0])


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


def test_no_two_cells_share_a_key() -> None:
    """Within a stream every key is another one, or two choices would move together; no key comes from a position."""
    world = make_world(origins=3, crossings=3, sites=2, statuses=("acc", "por", "undocumented"))
    layout = build_layout(build_returns(world), 738_000, 738_010, 5)
    fewer = build_layout(build_returns(make_world(origins=3, crossings=2, sites=2)), 738_000, 738_010, 5)
    for name, keys in layout._asdict().items():
        if name.endswith("_key") and name != "onward_key":  # sources of one group choose their provinces together
            flat = keys.ravel()
            assert np.unique(flat).size == flat.size, name
    assert set(fewer.journey_key.ravel()) < set(layout.journey_key.ravel())
    assert not set(layout.journey_key.ravel()) & set(layout.choice_key.ravel())
    assert np.unique(layout.streams).size == layout.streams.size


@pytest.mark.parametrize(("people", "whole"), [(11.2, 11), (11.7, 12)])
def test_whole_persons_are_rounded_to_the_nearest(people: float, whole: int) -> None:
    """A population of 11.2 is eleven, one of 11.7 twelve; half of either at risk is six."""
    model = build_returns(plain_world())
    parameters = believe(model, people, base_persons_day=0.0, enforce_rate=5.0, enforce_days=100.0, household_size=1.0)
    last = model.first_day + DAYS - 1
    seen = simulate_returns(model, parameters, first_day=model.first_day, last_day=last, seed=1)
    assert seen["departures"].sum() == 6 and seen["remaining"][0, 0] == whole
