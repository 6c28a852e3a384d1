"""A scenario that runs only where it differs is, bit for bit, the scenario run from the branch day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from sarai.calibrate.members import drawn_parameters
from sarai.model.returns import ReturnsModel, build_returns
from sarai.observe.case_folder import load_case
from sarai.simulate.branch import Abandoned, Newcomers, Segment, lay_out, run_branch
from sarai.simulate.course import MARK_DAYS, Course, first_difference, run_course, run_scenario_on
from sarai.simulate.trunk import grow_trunk
from sarai.world.calendar import Closure
from sarai.world.place import Basis
from sarai.world.world import World

AS_OF = date(2023, 10, 28)
AHEAD = 20
NAMES = ("crossed", "queue", "waiting_over_24h", "stage_arrivals", "occupancy", "above_capacity")


@pytest.fixture(scope="module")
def world() -> World:
    """The built-in case on the day."""
    return load_case("pakistan-2023").as_of(AS_OF)


@pytest.fixture(scope="module")
def course(world: World) -> Course:
    """The future as announced of a few members."""
    model = build_returns(world)
    parameters = drawn_parameters(model, np.arange(70, dtype=np.uint64), 1, ("enforce_rate", "rise_rate"))
    last = model.as_of_day + AHEAD
    trunk = grow_trunk(model, parameters, first_day=model.first_day, branch_day=model.as_of_day, last_day=last, seed=1)
    return run_course(trunk, NAMES)


def law_of(world: World, change: str) -> ReturnsModel:
    """The law after one kind of change."""
    if change == "capacity":
        stages = tuple(
            replace(stage, capacity=replace(stage.capacity, value=(stage.capacity.value or 0.0) / 3 + 0.5))
            for stage in world.stages
        )
        return build_returns(replace(world, stages=stages))
    if change == "closed":
        basis = Basis(assumption="test", known=world.as_of, known_assumed=True)
        days = [AS_OF + timedelta(days=ahead) for ahead in (9, 12)]
        closure = Closure(crossing="torkham", start=days[0], end=days[1], basis=basis)
        calendar = replace(world.calendar, closures=(*world.calendar.closures, closure))
        return build_returns(replace(world, calendar=calendar))
    waves = tuple(replace(wave, deadline=wave.deadline + timedelta(days=30)) for wave in world.calendar.waves)
    return build_returns(replace(world, calendar=replace(world.calendar, waves=waves)))


@pytest.mark.parametrize("change", ["capacity", "closed", "deadline"])
@pytest.mark.parametrize("surge", [None, MARK_DAYS, 2 * MARK_DAYS + 1])  # the day before a mark, and a mark
def test_running_only_what_differs_moves_no_bit(course: Course, world: World, change: str, surge: int | None) -> None:
    """Capacity, closure and deadline, with a surge or none: every observable equals that of the whole branch."""
    trunk, model = course.trunk, law_of(world, change)
    parts = [Segment(last_day=trunk.last_day, model=model, parameters=trunk.parameters)]
    day = trunk.branch_day + (surge or 0)
    newcomers = [Newcomers(day=day, crossing="chaman", status="undocumented", persons=900)] if surge else []
    whole = run_branch(trunk, parts, newcomers, observe=NAMES)
    quick = run_scenario_on(course, parts, newcomers)
    for name in NAMES:
        assert np.array_equal(whole[name], quick[name]), name
    assert not np.array_equal(whole["above_capacity"], course.ensemble["above_capacity"]) or change != "capacity"


def test_the_first_difference_is_found(course: Course, world: World) -> None:
    """Capacity moves nobody, a closure from its first day, a deadline from the branch on."""
    trunk = course.trunk
    begin = trunk.branch_day - trunk.first_day + 1
    for change, ahead in (("capacity", AHEAD), ("closed", 8), ("deadline", 0)):
        parts = [Segment(last_day=trunk.last_day, model=law_of(world, change), parameters=trunk.parameters)]
        assert first_difference(course, lay_out(trunk, parts, NAMES), ()) == begin + ahead, change


def test_a_course_is_the_branch_and_leaves_its_marks_alone(course: Course, world: World) -> None:
    """Stopping at every mark moves no bit, and running scenarios from a mark does not change it."""
    assert len(course.marks) == -(-AHEAD // MARK_DAYS)
    plain = run_branch(course.trunk, observe=NAMES)
    parts = [Segment(last_day=course.trunk.last_day, model=law_of(world, "closed"), parameters=course.trunk.parameters)]
    once, twice = run_scenario_on(course, parts), run_scenario_on(course, parts)
    for name in NAMES:
        assert np.array_equal(plain[name], course.ensemble[name])
        assert np.array_equal(once[name], twice[name])


def test_a_run_that_nobody_waits_for_is_given_up(course: Course, world: World) -> None:
    """Where the caller says stop, no block is begun."""
    parts = [
        Segment(last_day=course.trunk.last_day, model=law_of(world, "deadline"), parameters=course.trunk.parameters)
    ]
    with pytest.raises(Abandoned):
        run_scenario_on(course, parts, stop=lambda: True)


@pytest.mark.parametrize(
    "name",
    ["enforce_multiplier", "base_persons_day", "origin_intensity", "status_intensity", "capacity_factor", "stay_factor",
     "discrepancy"],
)  # fmt: skip
def test_whatever_members_believe_from_some_day_on_is_run_from_there(course: Course, name: str) -> None:
    """A belief that changes in the middle of the days: every observable equals that of the whole branch."""
    trunk = course.trunk
    before = Segment(last_day=trunk.branch_day + 8, model=trunk.model, parameters=trunk.parameters)
    values = getattr(trunk.parameters, name)
    days = trunk.last_day - trunk.parameters.first_day + 1
    changed = np.full((days, *values.shape[1:]), 0.3) if name == "discrepancy" else values * 1.5
    other = trunk.parameters.change(**{name: changed})
    parts = [before, Segment(last_day=trunk.last_day, model=trunk.model, parameters=other)]
    whole, quick = run_branch(trunk, parts, observe=NAMES), run_scenario_on(course, parts)
    for observable in NAMES:
        assert np.array_equal(whole[observable], quick[observable]), observable
    assert any(not np.array_equal(whole[each], course.ensemble[each]) for each in NAMES)
    assert np.array_equal(whole["crossed"][:8], course.ensemble["crossed"][:8])
