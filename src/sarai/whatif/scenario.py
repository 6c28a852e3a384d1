"""Scenario: a named set of changes to one world, each on the closed list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sarai.whatif.change import (
    Change,
    Pause,
    Surge,
    apply_change,
    read_hours,
    read_period,
    read_surge,
    wrong_value,
)
from sarai.whatif.paths import PathRule, find_rule
from sarai.world.errors import Fault, InputError, RequestError
from sarai.world.world import World


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A planning assumption with a name. `why` says in a sentence what question it answers."""

    name: str
    changes: tuple[Change, ...]
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Applied:
    """A scenario made real: the changed world, and the changes that act on the run rather than on the world."""

    world: World
    surges: tuple[Surge, ...] = ()
    pauses: tuple[Pause, ...] = ()


def apply_scenario(world: World, scenario: Scenario) -> Applied:
    """Check every change, then make them in order. Raises RequestError with all faults of the scenario at once."""
    faults = [*contradictions(scenario), *change_faults(world, scenario.changes)]
    if faults:
        raise RequestError(faults)
    changed = world
    for change in scenario.changes:
        changed = apply_change(changed, change)
    return Applied(
        world=changed,
        surges=tuple(surge for surge in _surges(world, scenario.changes)),
        pauses=tuple(pause for pause in _pauses(world, scenario.changes)),
    )


def change_faults(world: World, changes: Iterable[Change]) -> list[Fault]:
    """Faults of each change alone."""
    faults: list[Fault] = []
    for change in changes:
        try:
            apply_change(world, change)
            check_run_change(world, change)
        except InputError as error:
            faults.extend(error.faults)
    return faults


def contradictions(scenario: Scenario) -> list[Fault]:
    """A path set twice to different values contradicts itself."""
    seen: dict[str, str] = {}
    faults = []
    for change in scenario.changes:
        if change.path.endswith((".closed", ".pause", ".surge")):
            continue
        if seen.setdefault(change.path, change.value) != change.value:
            faults.append(
                Fault(
                    column=change.path,
                    what=f"scenario {scenario.name} sets this path twice to different values",
                    found=f"{seen[change.path]} and {change.value}",
                    mend="keep one of the two",
                )
            )
    return faults


def check_run_change(world: World, change: Change) -> None:
    """Check the value of a change that acts on the run and not on the world."""
    rule, name = find_rule(world, change.path)
    if rule.field == "surge":
        read_surge(change, rule, name)
    elif rule.field == "pause":
        read_period(change, rule, change.value)
    elif rule.field == "hours":
        read_hours(change, rule)
    elif rule.field == "closed" and read_period(change, rule, change.value).end < world.as_of:
        raise wrong_value(change, rule, f"the period is over before the as-of date {world.as_of}")


def _of_field(world: World, changes: Iterable[Change], field: str) -> list[tuple[Change, PathRule, str]]:
    found = [(change, *find_rule(world, change.path)) for change in changes]
    return [(change, rule, name) for change, rule, name in found if rule.field == field]


def _surges(world: World, changes: Iterable[Change]) -> list[Surge]:
    return [read_surge(change, rule, name) for change, rule, name in _of_field(world, changes, "surge")]


def _pauses(world: World, changes: Iterable[Change]) -> list[Pause]:
    found = _of_field(world, changes, "pause")
    return [Pause(wave=name, period=read_period(change, rule, change.value)) for change, rule, name in found]
