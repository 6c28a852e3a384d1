"""simulate_returns: conserved persons, the same bits however it is run, queues and closures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from makers.parameters import spread_parameters
from makers.runs import assert_same, everybody, run
from makers.worlds import close_crossing, make_place, make_world
from sarai.model.returns import build_returns, central_parameters
from sarai.simulate.ensemble import AXES
from sarai.simulate.returns_twin import simulate_twin
from sarai.simulate.simulate import run_all, simulate_returns
from sarai.world.place import Route
from sarai.world.population import Stratum
from sarai.world.reception import Crossing


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


def test_nobody_leaves_without_a_hazard() -> None:
    """With every rate and the base flow at zero nobody leaves home."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 5)
    zero = {name: 0.0 * getattr(parameters, name) for name in
            ("announce_rate", "rise_rate", "enforce_rate", "base_persons_day")}  # fmt: skip
    ensemble = run(model, parameters.change(**zero))
    assert ensemble["departures"].sum() == 0
    assert ensemble["crossed"].sum() == 0


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


def test_a_fault_in_a_block_is_not_lost_on_several_threads() -> None:
    """What a block raises reaches the caller, with one thread and with several."""

    def fail(block: tuple[int, int]) -> None:
        if block[0] > 0:
            raise ValueError(block)

    for threads in (1, 2):
        with pytest.raises(ValueError, match="8"):
            run_all(fail, [(0, 8), (8, 16)], threads)


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
