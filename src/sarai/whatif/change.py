"""The world with one change made, checked against the world that it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sarai.whatif.paths import PathRule, find_rule
from sarai.whatif.provide import set_provision, set_second_site
from sarai.whatif.values import (
    PLANNING_ASSUMPTION,
    Change,
    read_day,
    read_hours,
    read_number,
    read_period,
    wrong_value,
)
from sarai.world.calendar import Closure, Wave
from sarai.world.errors import Fault, RequestError
from sarai.world.place import Basis
from sarai.world.world import World

FARTHEST_DAYS = 3_653
"""A234: days after the as-of date beyond which an assumed deadline is a slip."""


def apply_change(world: World, change: Change) -> World:
    """The world with one change made. Paths that act on the run and not on the world leave it as it is.

    Raises RequestError: a path off the closed list, a value of the wrong form, a date or capacity beyond sense.
    """
    rule, name = find_rule(world, change.path)
    default: Setter | None = set_provision if rule.item else None
    setter = SETTERS.get((rule.area, rule.field), default)
    return setter(world, name, change, rule) if setter else world


def set_deadline(world: World, name: str, change: Change, rule: PathRule) -> World:
    """Move the deadline of a wave; enforcement keeps its distance to it."""
    deadline = read_day(change, rule, change.value)

    def move(wave: Wave) -> Wave:
        if deadline <= world.as_of and deadline != wave.deadline:
            raise wrong_value(change, rule, f"the day has passed: the as-of date is {world.as_of}")
        if deadline > world.as_of + timedelta(days=FARTHEST_DAYS):
            raise wrong_value(change, rule, f"the day is more than ten years after the as-of date, {world.as_of}")
        if deadline < wave.announced:
            raise wrong_value(change, rule, f"the deadline would come before the announcement on {wave.announced}")
        moved = wave.enforcement + (deadline - wave.deadline)
        return replace(wave, deadline=deadline, enforcement=moved, extensions=(*wave.extensions, deadline))

    return change_wave(world, name, move)


def set_suspended(world: World, name: str, change: Change, rule: PathRule) -> World:
    """Suspend a wave, or take a suspension back."""
    if change.value.lower() not in ("true", "false"):
        raise wrong_value(change, rule)
    return change_wave(world, name, lambda wave: replace(wave, withdrawn=change.value.lower() == "true"))


def set_statuses(world: World, name: str, change: Change, rule: PathRule) -> World:
    """Change which document statuses a wave names."""
    known = {status.id for status in world.statuses}
    named = tuple(sorted(set(change.value.split("+"))))
    if not set(named) <= known:
        raise wrong_value(change, rule, f"statuses of this case are {', '.join(sorted(known))}")
    return change_wave(world, name, lambda wave: replace(wave, statuses=named))


def change_wave(world: World, name: str, move: Callable[[Wave], Wave]) -> World:
    """The world with one wave changed and marked as a planning assumption."""
    basis = Basis(assumption=PLANNING_ASSUMPTION, known=world.as_of, known_assumed=True)
    waves = tuple(replace(move(wave), basis=basis) if wave.id == name else wave for wave in world.calendar.waves)
    return replace(world, calendar=replace(world.calendar, waves=waves))


def set_closed(world: World, name: str, change: Change, rule: PathRule) -> World:
    """Shut a crossing in a period."""
    period = read_period(change, rule, change.value)
    basis = Basis(assumption=PLANNING_ASSUMPTION, known=world.as_of, known_assumed=True)
    closure = Closure(crossing=name, start=period.start, end=period.end, basis=basis)
    closures = (*world.calendar.closures, closure)
    return replace(world, calendar=replace(world.calendar, closures=closures))


def set_crossing_hours(world: World, name: str, change: Change, rule: PathRule) -> World:
    """Change the local hours of a crossing."""
    opens, closes = read_hours(change, rule)
    crossings = tuple(
        replace(crossing, opens_hour=opens, closes_hour=closes) if crossing.place_id == name else crossing
        for crossing in world.crossings
    )
    return replace(world, crossings=crossings)


def set_stage_capacity(world: World, name: str, change: Change, rule: PathRule) -> World:
    """Set, add to or multiply what a stage can take."""
    stage = next(stage for stage in world.stages if stage.id == name)
    text, old = change.value, stage.capacity.value
    if old is None:
        raise RequestError(
            Fault(
                column=change.path, found=text, wanted="a capacity of the stage in case.yaml",
                what="today's capacity of this stage is not known, so no difference from it can be said",
                mend="for example capacity: [{value: 2000, assumed: true}]; without stages, write them first",
            )
        )  # fmt: skip
    sign = text[0] if text[0] in "+x" else ""
    amount = read_number(change, rule, text.removeprefix(sign) if sign else text, 0.0, rule.high)
    value = {"+": old + amount, "x": old * amount}.get(sign, amount)
    if value > rule.high:
        raise wrong_value(change, rule, f"beyond what is possible: {value:g} is above {rule.high:g}")
    capacity = replace(stage.capacity, value=value, assumed=True)
    return replace(world, stages=tuple(replace(s, capacity=capacity) if s.id == name else s for s in world.stages))


def set_stage_hours(world: World, name: str, change: Change, rule: PathRule) -> World:
    """Change the local hours of a stage."""
    opens, closes = read_hours(change, rule)
    stages = tuple(replace(s, opens_hour=opens, closes_hour=closes) if s.id == name else s for s in world.stages)
    return replace(world, stages=stages)


def set_stage_stay(world: World, name: str, change: Change, rule: PathRule) -> World:
    """Change the mean stay at a stage."""
    days = read_number(change, rule, change.value, 0.0, rule.high)
    return replace(world, stages=tuple(replace(s, stay_days=days) if s.id == name else s for s in world.stages))


Setter = Callable[[World, str, Change, PathRule], World]
SETTERS: dict[tuple[str, str], Setter] = {
    ("calendar", "deadline"): set_deadline,
    ("calendar", "suspended"): set_suspended,
    ("calendar", "statuses"): set_statuses,
    ("crossings", "closed"): set_closed,
    ("crossings", "hours"): set_crossing_hours,
    ("stages", "capacity"): set_stage_capacity,
    ("stages", "hours"): set_stage_hours,
    ("stages", "stay_days"): set_stage_stay,
    ("sites", "second_site"): set_second_site,
}
