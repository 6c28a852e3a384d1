"""Session: one case on one day with its members ready, and the answers to what a planner changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sarai.calibrate.calibrate import calibrate
from sarai.lab.controls import list_controls, place_name, stage_name
from sarai.observe.scenario_file import ScenarioText
from sarai.whatif.contrast import Breach, Contrast, Course
from sarai.whatif.futures import Futures, compare, grow_futures
from sarai.whatif.scenario import Scenario
from sarai.whatif.values import parse_change
from sarai.world.civil import day_date
from sarai.world.responsible_use import RESPONSIBLE_USE
from sarai.world.world import World

CERTAIN = 0.995
UNLIKELY = 0.005


@dataclass(frozen=True, kw_only=True)
class Session:
    """A case as known on a day, its future as announced, and the scenarios that the case ships."""

    world: World
    futures: Futures
    shipped: tuple[ScenarioText, ...]
    member_count: int


def open_session(
    world: World, shipped: Sequence[ScenarioText], *, horizon_days: int, member_count: int, seed: int
) -> Session:
    """Calibrate, run the members to the as-of date, and on as announced. Fast draws: exports rerun exactly."""
    futures = grow_futures(
        world,
        calibrate(world),
        horizon_days=horizon_days,
        member_count=member_count,
        seed=seed,
        accuracy="fast",
    )
    return Session(world=world, futures=futures, shipped=tuple(shipped), member_count=member_count)


def describe_world(session: Session) -> dict[str, Any]:
    """What the page needs before the first question."""
    world = session.world
    places = [place for place in world.places.values() if place.kind in ("crossing", "site") and place.lat is not None]
    sites = {place.id: place for place in world.places.values() if place.lat is not None and place.lon is not None}
    return {
        "case": world.name,
        "title": world.title,
        "as_of": world.as_of.isoformat(),
        "days": len(session.futures.base.days),
        "lines": RESPONSIBLE_USE,
        "controls": list_controls(world),
        "scenarios": [
            {"name": text.name, "why": text.why, "changes": dict(line.split("=", 1) for line in text.lines)}
            for text in session.shipped
        ],
        "map": [
            {"id": place.id, "name": place.name, "kind": place.kind, "lat": place.lat, "lon": place.lon}
            for place in places
        ],
        "roads": [
            [sites[road.from_id].lon, sites[road.from_id].lat, sites[road.to_id].lon, sites[road.to_id].lat]
            for road in world.routes
            if road.from_id in sites and road.to_id in sites and sites[road.to_id].kind == "crossing"
        ],
    }


def read_scenario(name: str, changes: Sequence[tuple[str, str]]) -> Scenario:
    """A scenario from pairs of path and value."""
    return Scenario(name=name, changes=tuple(parse_change(f"{path}={value}") for path, value in changes))


def answer(session: Session, changes: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The paired difference that some changes make, as the page draws it."""
    found = compare(session.futures, read_scenario("this change", changes))
    key = json.dumps([*changes], sort_keys=True).encode()
    return {
        "id": hashlib.sha256(key).hexdigest()[:12],
        "members": found.member_count,
        "days": [f"{day_date(int(day)).day} {day_date(int(day)):%b}" for day in found.days],
        "sentence": say_difference(found, bool(changes)),
        "lines": [
            {
                "id": line.indicator.id,
                "label": line.indicator.label,
                "unit": line.indicator.unit,
                "harm": bool(line.indicator.harm),
                "base": line.base,
                "changed": line.changed,
                "difference": line.difference,
                "less": line.less_probability,
            }
            for line in found.lines
        ],
        "courses": [course_data(session.world, course) for course in found.courses],
        "breaches": [breach_data(session.world, breach) for breach in found.breaches],
    }


def compare_all(session: Session, scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """Several scenarios in one table of paired differences. None is called best."""
    found = [compare(session.futures, scenario) for scenario in scenarios]
    lines = found[0].lines if found else ()
    return {
        "scenarios": [contrast.scenario for contrast in found],
        "rows": [
            {
                "label": f"{line.indicator.label}, {line.indicator.unit}",
                "cells": [contrast.lines[row].difference for contrast in found],
            }
            for row, line in enumerate(lines)
        ],
    }


def say_difference(found: Contrast, changed: bool) -> str:
    """One plain sentence on harm, with its chance."""
    if not changed:
        return "Nothing is changed yet. Move something on the left: the same possible worlds are run again with it."
    harm = next(line for line in found.lines if line.indicator.id == "harm_days")
    low, middle, high = (f"{round(abs(value)):,}" for value in harm.difference)
    if harm.equal_probability > CERTAIN:
        return "In nearly all possible worlds this leaves nights without shelter and waits past 24 hours as they are."
    less, more = harm.less_probability, 1.0 - harm.less_probability - harm.equal_probability
    way = "fewer" if harm.difference[1] < 0 else "more"
    between = f"middle case {middle} {way}; the ends of the 90 % range differ by {low} and {high}"
    return (
        f"Nights without shelter and waits past 24 hours become fewer in {say_chance(less)} of possible worlds "
        f"and more in {say_chance(more)} ({between})."
    )


def say_chance(share: float) -> str:
    """A share of members in words that do not claim more than the members show."""
    if share < UNLIKELY:
        return "under 1 %"
    return "over 99 %" if share > CERTAIN else f"{share:.0%}".replace("%", " %")


def course_data(world: World, course: Course) -> dict[str, Any]:
    """One daily series of both scenarios; people are whole."""
    name = stage_name(world, course.place) if course.name == "occupancy" else place_name(world, course.place)
    return {
        "what": course.name,
        "name": name,
        "base": course.base.round().astype(int).tolist(),
        "changed": course.changed.round().astype(int).tolist(),
    }


def breach_data(world: World, breach: Breach) -> dict[str, str]:
    """A stage above its capacity: how likely, and when as likely as not."""
    stage = next(stage for stage in world.stages if stage.id == breach.stage)
    value = stage.capacity.value
    known = "capacity not known" if value is None else f"{value:,.0f}{' (assumed)' if stage.capacity.assumed else ''}"

    def say(probability: float, day: str) -> str:
        if value is None:
            return "capacity not known"
        return f"{say_chance(probability)}{f', from about {day}' if day else ''}"

    return {
        "name": stage_name(world, breach.stage),
        "capacity": known,
        "base": say(breach.base_probability, breach.base_day),
        "changed": say(breach.changed_probability, breach.changed_day),
    }
