"""simulate_returns: conserved persons, the same bits however it is run, keys that survive change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from makers.parameters import spread_parameters
from makers.worlds import close_crossing, make_place, make_world
from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel, build_returns, central_parameters
from sarai.simulate.ensemble import AXES, Ensemble
from sarai.simulate.returns_twin import simulate_twin
from sarai.simulate.simulate import run_all, simulate_returns
from sarai.world.errors import RequestError
from sarai.world.place import Route
from sarai.world.population import Stratum
from sarai.world.reception import Capacity, Crossing, Routing, Stage
from sarai.world.world import World

DAYS = 70


def run(model: ReturnsModel, parameters: Parameters, days: int = DAYS, **how: Any) -> Ensemble:
    """Simulate from the first day of the model."""
    start = how.pop("start", model.first_day)
    return simulate_returns(
        model, parameters, first_day=start, last_day=model.first_day + days - 1, **{"seed": 3, **how}
    )


def everybody(ensemble: Ensemble) -> NDArray[np.float64]:
    """(day, member) persons anywhere: not yet left, held, on roads, in queues, at stages, arrived."""
    total = np.zeros((len(ensemble.days), len(ensemble.member_ids)))
    for name in ("remaining", "held", "on_road"):
        total += ensemble[name]
    total += ensemble["queue"].sum(axis=1)
    if ensemble.stages == "border":
        return total + np.cumsum(ensemble["crossed"].sum(axis=(1, 2)), axis=0)
    total += ensemble["occupancy"].sum(axis=1) + ensemble["onward_road"]
    return total + np.cumsum(ensemble["arrivals"].sum(axis=1), axis=0)


def assert_same(one: Ensemble, other: Ensemble) -> None:
    """Every observable is equal bit for bit."""
    for name in one.observables:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@pytest.mark.parametrize("stages", ["border", "all"])
@pytest.mark.parametrize("accuracy", ["exact", "fast"])
def test_persons_are_conserved_each_day_in_each_member(stages: str, accuracy: str) -> None:
    """No person is lost or made, on any day, in any member."""
    model = build_returns(make_world(desks=2.0))
    parameters = spread_parameters(model, 20)
    total = everybody(run(model, parameters, stages=stages, accuracy=accuracy))
    np.testing.assert_array_equal(total, np.floor(parameters.population + 0.5).sum(axis=0)[None] + 0 * total)


def test_expectations_are_conserved_to_rounding() -> None:
    """In mode mean the total drifts by no more than the last digits."""
    model = build_returns(make_world(desks=2.0))
    parameters = spread_parameters(model, 8)
    total = everybody(run(model, parameters, mode="mean"))
    np.testing.assert_allclose(total, parameters.population.sum(axis=0)[None] + 0 * total, rtol=1e-12)


@pytest.mark.parametrize("mode", ["draws", "mean"])
@pytest.mark.parametrize(("threads", "block"), [(1, 1), (2, 7), (3, 17), (5, 3), (6, 1), (7, 16), (11, 1000), (3, 53)])
def test_threads_and_blocks_change_no_bit(mode: str, threads: int, block: int) -> None:
    """Any number of threads and any size of block give the same bits, also where neither divides the members."""
    model = build_returns(make_world(desks=2.0))
    parameters = spread_parameters(model, 53)
    usual = run(model, parameters, mode=mode, threads=1)
    assert_same(usual, run(model, parameters, mode=mode, threads=threads, block_members=block))


def test_a_member_can_be_replayed_alone() -> None:
    """One member taken out of an ensemble goes through the very same days."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 12)
    whole, alone = run(model, parameters), run(model, parameters.take([7]))
    for name in AXES:
        np.testing.assert_array_equal(whole[name][..., 7], alone[name][..., 0], err_msg=name)


def test_a_slow_member_is_as_slow_among_fast_ones() -> None:
    """Roads have room for the longest journey of the slowest: sixteen days of four, among members of one and four."""
    world = make_world(desks=50.0)
    far = tuple(replace(route, distance_km=1000.0) for route in world.routes)
    model = build_returns(replace(world, routes=far))
    parameters = spread_parameters(model, 3).change(journey_speed_factor=np.array([4.0, 0.25, 1.0]))
    together = run(model, parameters)
    for member in range(3):
        alone = run(model, parameters.take([member]))
        for name in AXES:
            np.testing.assert_array_equal(together[name][..., member], alone[name][..., 0], err_msg=name)
    assert together["crossed"][:16, ..., 1].sum() == 0 < together["crossed"][:16, ..., 2].sum()


@pytest.mark.parametrize("speed", [0.25, 4.0])
def test_the_slowest_and_the_quickest_may_stand_anywhere_in_a_block(speed: float) -> None:
    """Each of nine in turn is the only one on the road for sixteen days, or for one, as it is alone.

    People whose journey a block has no room for would stay on the road for ever, and be counted there.
    """
    world = make_world(origins=1, crossings=1, sites=1, desks=50.0)
    far = tuple(replace(route, distance_km=1000.0) for route in world.routes)
    model = build_returns(replace(world, routes=far))
    parameters = spread_parameters(model, 9).change(journey_speed_factor=np.ones(9))
    for position in range(9):
        speeds = np.where(np.arange(9) == position, speed, 1.0)
        together = run(model, parameters.change(journey_speed_factor=speeds), threads=1)
        alone = run(model, parameters.change(journey_speed_factor=speeds).take([position]))
        for name in ("crossed", "on_road", "arrivals", "onward_road"):
            np.testing.assert_array_equal(together[name][..., position], alone[name][..., 0], err_msg=name)


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


def test_nobody_leaves_without_a_hazard() -> None:
    """With every rate and the base flow at zero nobody leaves home."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 5)
    zero = {name: 0.0 * getattr(parameters, name) for name in
            ("announce_rate", "rise_rate", "enforce_rate", "base_persons_day")}  # fmt: skip
    ensemble = run(model, parameters.change(**zero))
    assert ensemble["departures"].sum() == 0
    assert ensemble["crossed"].sum() == 0


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


def test_a_closed_crossing_lets_nobody_through() -> None:
    """While a crossing is closed nobody crosses there, and its queue does not shrink by crossing."""
    world = close_crossing(make_world(), "x000", 40, 10)
    model = build_returns(world)
    ensemble = run(model, spread_parameters(model, 10))
    assert ensemble["crossed"][40:50, 0].sum() == 0
    assert ensemble["crossed"][50:, 0].sum() > 0


@pytest.mark.parametrize("accuracy", ["exact", "fast"])
def test_a_day_closed_in_part_lets_the_rest_of_its_capacity_through(accuracy: str) -> None:
    """By hand, behind a queue that never empties: 10 hours x 1 desk x 20 persons = 200 a day, kernel and twin alike.

    Closed from a day to that same day: nobody then, 200 on both sides of it. A quarter of a day: 150. Two halves at
    the same time: a quarter is left, 50. A third: 133 whole persons.
    """
    world = make_world(origins=1, crossings=1, desks=1.0, holding=False, persons=100_000)
    world = replace(world, crossings=tuple(replace(c, service_log_sd=0.0) for c in world.crossings))
    for first, days, part in ((45, 1, 1.0), (47, 1, 0.25), (49, 2, 0.5), (50, 1, 0.5), (52, 1, 1.0 / 3.0)):
        world = close_crossing(world, "x000", first, days, part)
    model = build_returns(world)
    parameters = spread_parameters(model, 2)
    parameters = parameters.change(capacity_factor=0.0 * parameters.capacity_factor + 1.0)
    span = {"first_day": model.first_day, "last_day": model.first_day + 54, "seed": 5}
    ensemble = simulate_returns(model, parameters, accuracy=accuracy, **span)  # type: ignore[arg-type]
    assert ensemble["queue"][43:].min() > 200  # at midnight: enough for the whole day
    crossed = ensemble["crossed"].sum(axis=(1, 2))
    again = simulate_twin(model, parameters, accuracy=accuracy, **span)["crossed"].reshape(55, -1, 2).sum(axis=1)  # type: ignore[arg-type]
    by_hand = np.array([200, 0, 200, 150, 200, 100, 50, 200, 133, 200, 200])
    np.testing.assert_array_equal(crossed[44:], by_hand[:, None] + 0 * crossed[44:])
    np.testing.assert_array_equal(again[44:], by_hand[:, None] + 0 * again[44:])


def test_all_crossings_closed_makes_people_wait() -> None:
    """Where every crossing is closed people still set out, and wait; nobody is lost."""
    world = close_crossing(close_crossing(make_world(), "x000", 30, 300), "x001", 30, 300)
    model = build_returns(world)
    ensemble = run(model, spread_parameters(model, 10))
    assert ensemble["crossed"][30:].sum() == 0
    assert (ensemble["queue"][-1].sum(axis=0) > 0).all()
    total = everybody(ensemble)
    np.testing.assert_array_equal(total, total[:1] + 0 * total)


def test_a_zero_day_journey_crosses_the_same_day() -> None:
    """Where the road takes no time, people are at the crossing on the day they leave."""
    world = make_world(origins=1, crossings=1, desks=1000.0, holding=False)
    world = replace(world, routes=(Route(from_id="o000", to_id="x000", distance_km=0.0, speed_km_day=250.0),))
    world = replace(world, crossings=(replace(world.crossings[0], opens_hour=0.0, closes_hour=24.0),))
    model = build_returns(world)
    ensemble = run(model, spread_parameters(model, 5), stages="border")
    np.testing.assert_array_equal(ensemble["departures"].sum(axis=1), ensemble["crossed"].sum(axis=(1, 2)))


def test_the_queue_never_serves_more_than_its_capacity() -> None:
    """Without service noise no day's crossings exceed hours x desks x persons per desk-hour."""
    world = make_world(desks=2.0)
    world = replace(world, crossings=tuple(replace(c, service_log_sd=0.0) for c in world.crossings))
    model = build_returns(world)
    parameters = spread_parameters(model, 10)
    parameters = parameters.change(capacity_factor=0.0 * parameters.capacity_factor + 1.0)
    crossed = run(model, parameters)["crossed"].sum(axis=2)
    assert crossed.max() <= 400
    assert (crossed.max(axis=0) == 400).any()


def test_people_who_come_after_closing_wait_for_the_morning() -> None:
    """A crossing that closes at 17:00 keeps those who arrive until 18:00 in its queue overnight."""
    model = build_returns(make_world(origins=1, crossings=1, desks=1000.0, holding=False))
    ensemble = run(model, spread_parameters(model, 5), stages="border")
    share = ensemble["queue"].sum(axis=(0, 1)) / ensemble["crossed"].sum(axis=(0, 1, 2))
    np.testing.assert_allclose(share, 1.0 / 12.0, atol=0.02)


def test_mean_mode_is_smooth_where_the_queue_fills() -> None:
    """Second differences of crossings in a parameter shrink with the square of the step, also at full capacity."""
    model = build_returns(make_world(desks=3.0))
    base = spread_parameters(model, 1).take([0] * 5)

    def curve(step: float) -> NDArray[np.float64]:
        scale = 1.0 + step * np.arange(-2, 3)
        crossed = run(model, base.change(rise_rate=base.rise_rate * scale), mode="mean")["crossed"]
        return np.asarray(crossed.sum(axis=(1, 2)))

    def bend(values: NDArray[np.float64]) -> float:
        return float(np.abs(values[:, 0] - 2 * values[:, 2] + values[:, 4]).max())

    assert bend(curve(1e-3)) < 0.3 * bend(curve(2e-3)) + 1e-6


def test_the_number_of_people_does_not_change_the_work() -> None:
    """A population a hundred times larger runs through the same cells."""
    small, large = (build_returns(make_world(persons=n, desks=d)) for n, d in ((20_000, 6.0), (2_000_000, 600.0)))
    for model in (small, large):
        total = everybody(run(model, spread_parameters(model, 4)))
        np.testing.assert_array_equal(total, total[:1] + 0 * total)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"seed": -1}, "seed"),
        ({"mode": "median"}, "mode"),
        ({"accuracy": "approximate"}, "accuracy"),
        ({"stages": "some"}, "stages"),
        ({"start": 738_900, "days": -20}, "out of order"),
        ({"observe": ["ghosts"]}, "ghosts"),
        ({"block_members": 0}, "block_members"),
        ({"threads": -2}, "threads"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(changes: dict[str, Any], told: str) -> None:
    """Each bad option is named before the first step."""
    model = build_returns(make_world())
    with pytest.raises(RequestError, match=told):
        run(model, spread_parameters(model, 2), **changes)


@pytest.mark.parametrize(
    ("name", "value"),
    [("enforce_rate", -0.1), ("rise_rate", float("nan")), ("announce_rate", 9.0), ("rise_days", 0.0),
     ("capacity_factor", -1.0), ("household_size", 0.5), ("population", float("inf"))],
)  # fmt: skip
def test_values_out_of_bounds_are_refused(name: str, value: float) -> None:
    """A rate that is negative, not finite or beyond a day's meaning is refused with its name and its bounds."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 3)
    wrong = getattr(parameters, name).copy()
    wrong[..., 1] = value
    with pytest.raises(RequestError, match=name):
        run(model, parameters.change(**{name: wrong}))


def test_a_member_id_beyond_32_bits_is_refused() -> None:
    """Two ids that differ only above their low 32 bits would draw the same: any such id is named."""
    model = build_returns(make_world())
    ids = np.array([0, 2**32 - 1, 5], dtype=np.uint64)
    parameters = replace(spread_parameters(model, 3), member_ids=ids)
    assert run(model, parameters, days=1)["remaining"].shape == (1, 3)
    with pytest.raises(RequestError, match="member id"):
        run(model, replace(parameters, member_ids=ids + np.array([0, 1, 0], dtype=np.uint64)), days=1)


def test_more_people_than_a_count_can_hold_are_refused() -> None:
    """Counts are 32-bit: of four groups of 540 million all together are too many in one member, of 530 million not."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 2)
    with pytest.raises(RequestError, match="more persons than can be counted"):
        run(model, parameters.change(population=np.full((4, 2), 540e6)), days=1)
    seen = run(model, parameters.change(population=np.full((4, 2), 530e6)), days=1)
    np.testing.assert_array_equal(everybody(seen), np.full((1, 2), 2_120e6))


def test_more_cells_than_memory_is_refused_with_the_numbers() -> None:
    """An ensemble that cannot fit is refused before anything is allocated, and the message says what would fit."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 2)
    with pytest.raises(RequestError, match="memory"):
        run(model, parameters, memory_bytes=10_000)


def test_each_thread_at_work_counts_towards_memory() -> None:
    """Blocks that run side by side hold a state each: two threads are told to need more than one."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 16)
    needed = []
    for threads in (1, 2):
        with pytest.raises(RequestError, match="memory") as told:
            run(model, parameters, memory_bytes=1, threads=threads, block_members=8)
        needed.append(str(told.value))
    assert needed[0] != needed[1]


def test_a_fault_in_a_block_is_not_lost_on_several_threads() -> None:
    """What a block raises reaches the caller, with one thread and with several."""

    def fail(block: tuple[int, int]) -> None:
        if block[0] > 0:
            raise ValueError(block)

    for threads in (1, 2):
        with pytest.raises(ValueError, match="8"):
            run_all(fail, [(0, 8), (8, 16)], threads)


def test_parameters_of_another_model_are_refused() -> None:
    """Arrays that do not fit the model are named."""
    model, other = build_returns(make_world(origins=3)), build_returns(make_world())
    with pytest.raises(RequestError, match="population"):
        run(model, spread_parameters(other, 2))


def test_a_split_place_has_the_same_law_in_expectation() -> None:
    """Two origins with half the people each, at the same place, together send what the one origin sends."""
    one = make_world(origins=1, crossings=2, holding=False)
    halves = tuple(
        Stratum(origin=o, status=s.status, low_persons=s.low_persons // 2, high_persons=s.high_persons // 2)
        for s in one.strata
        for o in ("o000", "o000b")
    )
    routes = tuple(replace(r, from_id=o) for r in one.routes for o in ("o000", "o000b"))
    two = replace(
        one, strata=halves, routes=routes, places={**one.places, "o000b": make_place("o000b", "origin", 0, 8)}
    )
    means = []
    for world in (one, two):
        model = build_returns(world)
        parameters = central_parameters(model, np.arange(1, dtype=np.uint64))
        means.append(run(model, parameters, mode="mean")["crossed"])
    np.testing.assert_allclose(means[0], means[1], rtol=1e-9)


def test_desk_hours_stay_with_the_crossing() -> None:
    """A crossing with no desk lets nobody through."""
    world = make_world()
    shut = tuple(Crossing(**{**vars(c), "desks": 0.0}) if c.place_id == "x001" else c for c in world.crossings)
    model = build_returns(replace(world, crossings=shut))
    ensemble = run(model, spread_parameters(model, 4))
    assert ensemble["crossed"][:, 1].sum() == 0
