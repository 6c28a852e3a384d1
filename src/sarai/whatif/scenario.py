"""Scenario: a named set of changes to one world, each on the closed list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sarai.plan.supplies import Supply, default_supplies
from sarai.whatif.change import apply_change
from sarai.whatif.paths import PathRule, find_rule
from sarai.whatif.provide import change_grant
from sarai.whatif.values import Change, Pause, Surge, read_hours, read_period, read_surge, wrong_value
from sarai.world.calendar import MOST_DAYS, USUAL_DAYS
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
    """A scenario made real: the changed world, and the changes that act on the run rather than on the world.

    supplies  what can be given and what it costs, a changed grant included
    """

    world: World
    surges: tuple[Surge, ...] = ()
    pauses: tuple[Pause, ...] = ()
    supplies: tuple[Supply, ...] = ()


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
        supplies=_supplies(world, scenario.changes),
    )


def check_scenarios(world: World, scenarios: Iterable[Scenario], last_day: date) -> None:
    """Raise RequestError with the faults of all scenarios, also of periods that begin after the last day of a run."""
    faults: list[Fault] = []
    for scenario in scenarios:
        try:
            applied = apply_scenario(world, scenario)
        except InputError as error:
            faults += error.faults
            continue
        faults += faults_beyond(world, applied, last_day)
    if faults:
        raise RequestError(faults)


def faults_beyond(world: World, applied: Applied, last_day: date) -> list[Fault]:
    """Nothing would be seen of what begins after the last day."""
    starts = [(f"calendar.{one.wave}.pause", one.period.start) for one in applied.pauses]
    starts += [(f"arrivals.{one.crossing}.surge", one.period.start) for one in applied.surges]
    new = applied.world.calendar.closures[len(world.calendar.closures) :]
    starts += [(f"crossings.{one.crossing}.closed", one.start) for one in new]
    return [
        Fault(
            column=path,
            what="the period begins after the last day of the run, so nothing would be seen of it",
            found=start.isoformat(),
            wanted=f"a first day by {last_day.isoformat()}",
            mend=f"give --horizon {min(MOST_DAYS, (start - world.as_of).days + USUAL_DAYS)}, or an earlier period",
        )
        for path, start in starts
        if start > last_day
    ]


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
    """A path set twice to different values contradicts itself; so does moving what is suspended as a whole."""
    return [*_repeated(scenario), *_moved_though_suspended(scenario)]


def _moved_though_suspended(scenario: Scenario) -> list[Fault]:
    suspended = {
        change.path.rpartition(".")[0]
        for change in scenario.changes
        if change.path.endswith(".suspended") and change.value.lower() == "true"
    }
    return [
        Fault(
            column=change.path,
            what=f"scenario {scenario.name} suspends this wave and changes it as well",
            found=str(change),
            mend="keep one of the two",
        )
        for change in scenario.changes
        if change.path.rpartition(".")[0] in suspended and not change.path.endswith(".suspended")
    ]


def _repeated(scenario: Scenario) -> list[Fault]:
    """One path, one value; amounts may follow each other from day to day."""
    seen: dict[str, str] = {}
    faults = []
    for change in scenario.changes:
        if change.path.endswith((".closed", ".pause", ".surge")):
            continue
        place = f"{change.path}@{change.value.partition('@')[2]}"
        if seen.setdefault(place, change.value) != change.value:
            faults.append(
                Fault(
                    column=change.path,
                    what=f"scenario {scenario.name} sets this path twice to different values",
                    found=f"{seen[place]} and {change.value}",
                    mend="keep one of the two",
                )
            )
    return faults


def check_run_change(world: World, change: Change) -> None:
    """Check the value of a change that acts on the run and not on the world."""
    rule, name = find_rule(world, change.path)
    if rule.field == "surge":
        read_surge(change, rule, name)
        _not_over(world, change, rule, change.value.partition("@")[2])
    elif rule.field == "pause":
        _not_over(world, change, rule, change.value)
    elif rule.field == "grant_usd":
        change_grant(default_supplies(), change, rule)
    elif rule.field == "hours":
        read_hours(change, rule)
    elif rule.field == "closed":
        _not_over(world, change, rule, change.value)


def _not_over(world: World, change: Change, rule: PathRule, text: str) -> None:
    if read_period(change, rule, text).end <= world.as_of:
        raise wrong_value(change, rule, f"the period is over by the as-of date {world.as_of}")


def _supplies(world: World, changes: Iterable[Change]) -> tuple[Supply, ...]:
    supplies = default_supplies()
    for change, rule, _ in _of_field(world, changes, "grant_usd"):
        supplies = change_grant(supplies, change, rule)
    return supplies


def _of_field(world: World, changes: Iterable[Change], field: str) -> list[tuple[Change, PathRule, str]]:
    found = [(change, *find_rule(world, change.path)) for change in changes]
    return [(change, rule, name) for change, rule, name in found if rule.field == field]


def _surges(world: World, changes: Iterable[Change]) -> list[Surge]:
    return [read_surge(change, rule, name) for change, rule, name in _of_field(world, changes, "surge")]


def _pauses(world: World, changes: Iterable[Change]) -> list[Pause]:
    found = _of_field(world, changes, "pause")
    return [Pause(wave=name, period=read_period(change, rule, change.value)) for change, rule, name in found]
