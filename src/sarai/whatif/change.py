"""Change: one path set to one value, read from `PATH=VALUE` and checked against the world that it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from sarai.whatif.paths import PathRule, find_rule
from sarai.world.calendar import Closure, Wave
from sarai.world.errors import Fault, RequestError
from sarai.world.place import Basis
from sarai.world.world import World

PLANNING_ASSUMPTION = "planning assumption"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of a scenario. `path` is on the closed list; `value` is kept as it was written."""

    path: str
    value: str

    def __str__(self) -> str:
        return f"{self.path}={self.value}"


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days from `start` to `end`, both inclusive."""

    start: date
    end: date


@dataclass(frozen=True, kw_only=True)
class Surge:
    """People who reach a crossing besides those of the forecast: persons/day on each day of the period."""

    crossing: str
    persons_day: float
    period: Period


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A period in which the enforcement of a wave is suspended."""

    wave: str
    period: Period


def parse_change(text: str) -> Change:
    """A change written `PATH=VALUE`. Raises RequestError where there is no `=` or a side is empty."""
    path, sign, value = (part.strip() for part in text.partition("="))
    if not sign or not path or not value:
        raise RequestError(
            Fault(
                column="--set",
                what="a change is written PATH=VALUE",
                found=text,
                mend="for example --set calendar.phase-1.deadline=2024-03-31",
            )
        )
    return Change(path=path, value=value)


def apply_change(world: World, change: Change) -> World:
    """The world with one change made. Paths that act on the run and not on the world leave it as it is.

    Raises RequestError: a path off the closed list, a value of the wrong form, a date or capacity beyond sense.
    """
    rule, name = find_rule(world, change.path)
    setter = SETTERS.get((rule.area, rule.field))
    return setter(world, name, change, rule) if setter else world


def wrong_value(change: Change, rule: PathRule, why: str = "") -> RequestError:
    """The error for a value that does not have the form of its path."""
    return RequestError(
        Fault(
            column=change.path,
            what=why or "this value does not have the form of the path",
            found=change.value,
            wanted=rule.form,
            mend=f"for example {change.path}={rule.example}",
        )
    )


def read_day(change: Change, rule: PathRule, text: str) -> date:
    """A civil day of a change's value."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise wrong_value(change, rule, "this is not a day that the calendar has") from None


def read_period(change: Change, rule: PathRule, text: str) -> Period:
    """A period written `first day..last day`."""
    first, dots, last = text.partition("..")
    if not dots:
        raise wrong_value(change, rule)
    period = Period(start=read_day(change, rule, first), end=read_day(change, rule, last))
    if period.end < period.start:
        raise wrong_value(change, rule, "the period ends before it starts")
    return period


def read_number(change: Change, rule: PathRule, text: str, low: float, high: float) -> float:
    """A finite number within bounds."""
    try:
        number = float(text)
    except ValueError:
        raise wrong_value(change, rule) from None
    if not low <= number <= high:
        raise wrong_value(change, rule, f"beyond what is possible: the range is {low:g} to {high:g}")
    return number


def read_hours(change: Change, rule: PathRule) -> tuple[float, float]:
    """Opening and closing hour, local."""
    first, dash, last = change.value.partition("-")
    if not dash:
        raise wrong_value(change, rule)
    opens, closes = (read_number(change, rule, part, 0.0, 24.0) for part in (first, last))
    if closes <= opens:
        raise wrong_value(change, rule, "closing comes before opening")
    return opens, closes


def read_surge(change: Change, rule: PathRule, crossing: str) -> Surge:
    """A surge written `persons/day@first day..last day`."""
    rate, sign, days = change.value.partition("@")
    if not sign:
        raise wrong_value(change, rule)
    persons = read_number(change, rule, rate, 0.0, 1e6)
    return Surge(crossing=crossing, persons_day=persons, period=read_period(change, rule, days))


def set_deadline(world: World, name: str, change: Change, rule: PathRule) -> World:
    """Move the deadline of a wave; enforcement keeps its distance to it."""
    deadline = read_day(change, rule, change.value)

    def move(wave: Wave) -> Wave:
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
    if text[0] in "+x" and old is None:
        raise wrong_value(
            change, rule, "the capacity of this stage is not known, so it cannot be added to or multiplied"
        )
    amount = read_number(change, rule, text.lstrip("+x"), 0.0, 1e7)
    value = amount if old is None or text[0] not in "+x" else (old + amount if text[0] == "+" else old * amount)
    capacity = replace(stage.capacity, value=value, assumed=True)
    return replace(world, stages=tuple(replace(s, capacity=capacity) if s.id == name else s for s in world.stages))


def set_stage_hours(world: World, name: str, change: Change, rule: PathRule) -> World:
    """Change the local hours of a stage."""
    opens, closes = read_hours(change, rule)
    stages = tuple(replace(s, opens_hour=opens, closes_hour=closes) if s.id == name else s for s in world.stages)
    return replace(world, stages=stages)


def set_stage_stay(world: World, name: str, change: Change, rule: PathRule) -> World:
    """Change the mean stay at a stage."""
    days = read_number(change, rule, change.value, 0.0, 365.0)
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
}
