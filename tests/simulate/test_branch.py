"""A branch goes on from the past with the same draws, so that only the change differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from makers.parameters import spread_parameters
from makers.worlds import make_world
from sarai.calibrate.members import drawn_parameters
from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel, build_returns
from sarai.observe.case_folder import load_case
from sarai.simulate.branch import Newcomers, Segment, lay_out, newly_at_risk, run_branch
from sarai.simulate.ensemble import AXES
from sarai.simulate.simulate import simulate_returns
from sarai.simulate.trunk import Trunk, grow_trunk
from sarai.world.errors import RequestError
from sarai.world.world import Setting

AS_OF = date(2023, 10, 28)
AHEAD = 20


@pytest.fixture(scope="module")
def start() -> tuple[ReturnsModel, Parameters]:
    """The law of the built-in case with members drawn from the prior."""
    model = build_returns(load_case("pakistan-2023").as_of(AS_OF))
    return model, drawn_parameters(model, np.arange(70, dtype=np.uint64), 1, ("enforce_rate", "rise_rate"))


@pytest.fixture(scope="module")
def trunk(start: tuple[ReturnsModel, Parameters]) -> Trunk:
    """The past of those members."""
    model, parameters = start
    last = model.as_of_day + AHEAD
    return grow_trunk(model, parameters, first_day=model.first_day, branch_day=model.as_of_day, last_day=last, seed=1)


def test_a_branch_without_change_is_the_uninterrupted_run(start: tuple[ReturnsModel, Parameters], trunk: Trunk) -> None:
    """Stopping, copying the state and going on moves no bit of any observable."""
    model, parameters = start
    whole = simulate_returns(model, parameters, first_day=model.first_day, last_day=model.as_of_day + AHEAD, seed=1)
    branch = run_branch(trunk)
    for name, values in branch.observables.items():
        assert np.array_equal(values, whole[name][-AHEAD:]), name


def test_a_branch_leaves_the_trunk_as_it_was(trunk: Trunk) -> None:
    """Running a branch twice gives the same bytes."""
    once, twice = run_branch(trunk, observe=("crossed",)), run_branch(trunk, observe=("crossed",))
    assert np.array_equal(once["crossed"], twice["crossed"])


def test_segments_cut_anywhere_join_without_a_seam(trunk: Trunk) -> None:
    """Two segments of the same law are one."""
    parts = [
        Segment(last_day=last, model=trunk.model, parameters=trunk.parameters)
        for last in (trunk.branch_day + 7, trunk.last_day)
    ]
    assert np.array_equal(run_branch(trunk, parts)["queue"], run_branch(trunk)["queue"])


def test_newcomers_are_added_and_nobody_is_lost(trunk: Trunk) -> None:
    """Each member has exactly the added persons more, at the crossing, in the queue or beyond it."""
    group = Newcomers(day=trunk.branch_day + 5, crossing="torkham", status="undocumented", persons=5000)
    plain, more = run_branch(trunk), run_branch(trunk, newcomers=[group])
    totals = [
        run["crossed"].sum(axis=(0, 1, 2), dtype=np.int64)
        + run["queue"][-1].sum(axis=0, dtype=np.int64)
        + run["on_road"][-1]
        + run["remaining"][-1]
        + run["held"][-1]
        for run in (plain, more)
    ]
    assert np.array_equal(totals[1] - totals[0], np.full(len(totals[0]), 5000))
    assert np.array_equal(plain["queue"][:4], more["queue"][:4])


def test_newcomers_come_once_and_on_their_day(trunk: Trunk) -> None:
    """Groups of two days and a segment that ends between them: each is there on its own day, and only then."""
    groups = [
        Newcomers(day=trunk.branch_day + ahead, crossing="torkham", status="undocumented", persons=persons)
        for ahead, persons in ((3, 700), (8, 40))
    ]
    parts = [
        Segment(last_day=last, model=trunk.model, parameters=trunk.parameters)
        for last in (trunk.branch_day + 5, trunk.last_day)
    ]
    at = trunk.model.crossings.index("torkham")
    plain, more = run_branch(trunk, parts), run_branch(trunk, parts, newcomers=groups)
    came = [
        run["crossed"][:, at].sum(axis=1).cumsum(axis=0, dtype=np.int64) + run["queue"][:, at] for run in (plain, more)
    ]
    added = came[1] - came[0]
    assert (added[:2] == 0).all() and (added[2] == 700).all()
    everybody = [
        run["crossed"].sum(axis=(0, 1, 2), dtype=np.int64) + run["queue"][-1].sum(axis=0) + run["on_road"][-1]
        + run["remaining"][-1] + run["held"][-1]
        for run in (plain, more)
    ]  # fmt: skip
    assert (everybody[1] - everybody[0] == 740).all()


def test_a_change_shows_only_from_its_day(trunk: Trunk) -> None:
    """Before the segment with other parameters begins, both futures are the same."""
    still = trunk.parameters.change(enforce_multiplier=np.zeros_like(trunk.parameters.enforce_multiplier))
    parts = [
        Segment(last_day=trunk.branch_day + 9, model=trunk.model, parameters=trunk.parameters),
        Segment(last_day=trunk.last_day, model=trunk.model, parameters=still),
    ]
    plain, changed = run_branch(trunk)["departures"], run_branch(trunk, parts)["departures"]
    assert np.array_equal(plain[:9], changed[:9])
    assert changed[9:].sum() < plain[9:].sum()


def test_a_branch_outside_the_days_is_refused(start: tuple[ReturnsModel, Parameters]) -> None:
    """The day of branching must lie inside the simulated days."""
    model, parameters = start
    with pytest.raises(RequestError):
        grow_trunk(
            model,
            parameters,
            first_day=model.first_day,
            branch_day=model.first_day - 1,
            last_day=model.as_of_day,
            seed=1,
        )


def test_the_last_segment_must_reach_the_end(trunk: Trunk) -> None:
    """A future with a hole at its end is refused."""
    short = Segment(last_day=trunk.last_day - 1, model=replace(trunk.model), parameters=trunk.parameters)
    with pytest.raises(ValueError, match="last day"):
        run_branch(trunk, [short])


def test_people_named_later_are_at_risk_by_the_same_fraction_and_nobody_is_lost(trunk: Trunk) -> None:
    """A scenario that names everyone sets apart those who are beyond the fraction at risk; none is lost."""
    wide = replace(trunk.model, wave_names=np.ones_like(trunk.model.wave_names))
    segment = Segment(last_day=trunk.last_day, model=wide, parameters=trunk.parameters)
    moved = newly_at_risk(trunk, lay_out(trunk, (segment,), ("remaining",)))
    assert moved is not None
    new = ~trunk.model.wave_names.any(axis=0)
    population = np.floor(trunk.parameters.population + 0.5)[new]
    beyond = population * (1.0 - trunk.parameters.at_risk_fraction[0])
    assert np.abs(moved[new] + beyond).max() <= 1.0
    assert not moved[~new].any()
    ends = [
        run["remaining"][-1] + run["departures"].sum(axis=(0, 1))
        for run in (run_branch(trunk), run_branch(trunk, [segment]))
    ]
    assert np.array_equal(*ends)


@pytest.mark.parametrize("slow_from", [0, 4])
def test_a_branch_with_journeys_longer_than_the_trunk_had_room_for(
    start: tuple[ReturnsModel, Parameters], trunk: Trunk, slow_from: int
) -> None:
    """Slower journeys some days after the branch arrive when they should, though the trunk's roads were shorter.

    Held against a trunk whose roads were long enough from the start (one member of it is as slow as the scenario).
    """
    model, parameters = start
    slow = parameters.change(journey_speed_factor=np.full(parameters.member_count, 0.2))
    segments = [Segment(last_day=trunk.last_day, model=model, parameters=slow)]
    if slow_from:
        before = Segment(last_day=trunk.branch_day + slow_from, model=model, parameters=parameters)
        segments.insert(0, before)
    speeds = parameters.journey_speed_factor.copy()
    speeds[-1] = 0.2
    roomy = grow_trunk(
        model, parameters.change(journey_speed_factor=speeds), first_day=trunk.first_day,
        branch_day=trunk.branch_day, last_day=trunk.last_day, seed=trunk.seed,
    )  # fmt: skip
    assert roomy.states[0][1].road.shape[0] > trunk.states[0][1].road.shape[0]
    here, there = run_branch(trunk, segments), run_branch(roomy, segments)
    for name in here.observables:
        assert np.array_equal(here[name][..., :-1], there[name][..., :-1]), name


@pytest.mark.parametrize("name", sorted(AXES))
def test_each_observable_alone_is_that_of_all(trunk: Trunk, name: str) -> None:
    """What is not observed may be left out of the work; what is observed does not feel it."""
    alone = run_branch(trunk, observe=(name,))
    assert set(alone.observables) == {name}
    assert np.array_equal(alone[name], run_branch(trunk)[name])


def test_contagion_goes_on_from_the_week_before_the_branch() -> None:
    """Where those who left lately draw others, two branches of one past are each the uninterrupted run."""
    model = build_returns(make_world(settings={"contagion_weight": Setting(value=0.3)}))
    parameters = spread_parameters(model, 9)
    assert parameters.contagion_weight.min() > 0.01
    span = {"first_day": model.first_day, "last_day": model.first_day + 60, "seed": 1}
    whole = simulate_returns(model, parameters, **span)  # type: ignore[arg-type]
    trunk = grow_trunk(model, parameters, branch_day=model.first_day + 40, **span)  # type: ignore[arg-type]
    assert whole["departures"][41:].sum() > 100_000
    for _ in range(2):
        assert np.array_equal(run_branch(trunk)["departures"], whole["departures"][41:])


def test_people_named_when_most_have_left_are_counted_once() -> None:
    """Half of a group would be set apart as beyond the fraction at risk; where nine in ten have left, one in ten is."""
    world = make_world(origins=1, statuses=("acc", "por"), crossings=1, holding=False)
    wave = replace(world.calendar.waves[0], statuses=("acc",))
    model = build_returns(replace(world, calendar=replace(world.calendar, waves=(wave,))))
    parameters = spread_parameters(model, 20)
    parameters = parameters.change(
        base_persons_day=np.full(20, 4_000.0), at_risk_fraction=np.full((1, 20), 0.5), population=np.full((2, 20), 2e4)
    )
    trunk = grow_trunk(
        model, parameters, first_day=model.first_day, branch_day=model.first_day + 25, last_day=model.first_day + 40,
        seed=1,
    )  # fmt: skip
    wide = Segment(last_day=trunk.last_day, model=replace(model, wave_names=np.ones_like(model.wave_names)),
                   parameters=parameters)  # fmt: skip
    plain, named = run_branch(trunk), run_branch(trunk, [wide])
    assert plain["remaining"][0].max() < 15_000, "hardly anybody but the half of the one group that is not at risk"
    totals = [run["remaining"] + run["departures"].sum(axis=1).cumsum(axis=0) for run in (plain, named)]
    np.testing.assert_array_equal(totals[0][-1], totals[1][-1])
    assert (totals[1] == totals[1][0]).all()


def test_roads_home_grow_by_themselves() -> None:
    """Six days home become thirty from the branch on, where the way to a crossing is short: nobody comes too early."""
    model = build_returns(make_world(holding=False, desks=50.0))
    home = replace(model.reception, onward_days=np.full(model.reception.onward_days.shape, 6.0))
    model = replace(model, reception=home, road_days=np.full(model.road_days.shape, 0.5))
    parameters = spread_parameters(model, 4).change(journey_speed_factor=np.ones(4))
    trunk = grow_trunk(
        model, parameters, first_day=model.first_day, branch_day=model.first_day + 45, last_day=model.first_day + 70,
        seed=1,
    )  # fmt: skip
    slow = parameters.change(journey_speed_factor=np.full(4, 0.2))
    seen = run_branch(trunk, [Segment(last_day=trunk.last_day, model=model, parameters=slow)])
    assert seen["crossed"].sum() > 10_000 and seen["arrivals"][:6].sum() > 100
    assert seen["arrivals"][7:].sum() == 0
