"""The answer to a change: paired differences by window, daily bands, which site is above capacity and when."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarai.lab.controls import place_name, stage_name
from sarai.lab.crossings import count_crossings, crossing_data
from sarai.lab.sentences import say_difference, say_first_above
from sarai.lab.session import SCHEMA, TOTALS, PlacesTotal, Session, count_windows, sum_places
from sarai.simulate.ensemble import Ensemble
from sarai.whatif.beyond import say_beyond
from sarai.whatif.contrast import (
    Breach,
    Course,
    Line,
    check_paired,
    contrast_breaches,
    contrast_courses,
    contrast_lines,
    count_bands,
    take_side,
)
from sarai.whatif.futures import run_applied
from sarai.whatif.scenario import Applied, Scenario, apply_scenario, faults_beyond
from sarai.whatif.values import parse_change
from sarai.world.errors import RequestError
from sarai.world.reception import Capacity
from sarai.world.world import World

Changes = Sequence[tuple[str, str]]
Stop = Callable[[], bool]


def read_changes(name: str, changes: Changes) -> Scenario:
    """A scenario from pairs of path and value. Raises RequestError where a pair is empty."""
    return Scenario(name=name, changes=tuple(parse_change(f"{path}={value}") for path, value in changes))


def apply_changes(session: Session, changes: Changes) -> Applied:
    """The changes made. Raises RequestError with every fault, also of a period that begins after the last day ahead."""
    applied = apply_scenario(session.world, read_changes("this change", changes))
    faults = faults_beyond(session.world, applied, session.last_day)
    if faults:
        raise RequestError(faults)
    return applied


def answer(session: Session, changes: Changes, stop: Stop | None = None) -> dict[str, Any]:
    """What some changes make different. Raises RequestError with every fault, Abandoned where stop says so."""
    futures, world = session.futures, session.world
    applied = apply_changes(session, changes)
    ensemble = run_applied(futures, applied, stop)
    with ThreadPoolExecutor(1) as beside:
        windows = beside.submit(list_windows, session, applied, ensemble, bool(changes))
        side = take_side(ensemble, futures.first_day, like=futures.side)
        check_paired(futures.side, side)
        breaches = contrast_breaches(futures.side, side)
        lanes = crossing_data(
            world, ensemble.axes["crossing"], session.crossings, count_crossings(side, session.window_days)
        )
        courses = [
            *(total_data(name, session.totals[name], sum_places(side, name)) for name in TOTALS),
            *(course_data(world, applied.world, course) for course in contrast_courses(futures.side, side)),
        ]
    key = json.dumps([*changes], sort_keys=True).encode()
    return {
        "schema": SCHEMA,
        "id": hashlib.sha256(key).hexdigest()[:12],
        "changes": [{"path": path, "value": value} for path, value in changes],
        "members": len(ensemble.member_ids),
        "days": session.days,
        "windows": [{**window, "crossings": at} for window, at in zip(windows.result(), lanes, strict=True)],
        "courses": courses,
        "sites": [breach_data(world, applied.world, breach) for breach in breaches],
        "first_above": say_first_above(world, breaches),
        "notes": list(say_beyond(world, applied.world, session.last_day)),
    }


def list_windows(session: Session, applied: Applied, ensemble: Ensemble, changed: bool) -> list[dict[str, Any]]:
    """The indicators over the first days ahead, in every length of the session."""
    counted = count_windows(session.futures, ensemble, applied, session.window_days)
    return [
        window_data(session, days, contrast_lines(session.windows[days], values), changed)
        for days, values in counted.items()
    ]


def window_data(session: Session, days: int, lines: Sequence[Line], changed: bool) -> dict[str, Any]:
    """The indicators over the first days ahead, under both scenarios, and the sentence on harm."""
    return {
        "days": days,
        "label": "all days ahead" if days == len(session.days) else f"first {days} days",
        "last": session.days[days - 1],
        "sentence": say_difference(lines, changed),
        "lines": [line_data(line) for line in lines],
    }


def line_data(line: Line) -> dict[str, Any]:
    """One indicator: 5 %, median, 95 % of both scenarios and of the paired difference, and the share of worlds."""
    return {
        "id": line.indicator.id,
        "label": line.indicator.label,
        "unit": line.indicator.unit,
        "harm": bool(line.indicator.harm),
        "base": line.base,
        "changed": line.changed,
        "difference": line.difference,
        "fewer": line.less_probability,
        "equal": line.equal_probability,
    }


def total_data(name: str, base: PlacesTotal, changed: PlacesTotal) -> dict[str, Any]:
    """One daily series of all crossings together: summed in each member first, so that the bands are those of sums."""
    bands = {"base": base.bands, "changed": changed.bands, "difference": count_bands(changed.daily - base.daily)}
    return {
        "what": name,
        "place": "all",
        "name": "All crossings",
        "site": "all",
        "capacity": [None, None],
        **{key: whole(values) for key, values in bands.items()},
    }


def whole(bands: NDArray[np.float64]) -> list[Any]:
    """Bands of people, who are whole."""
    rounded: list[Any] = bands.round().astype(np.int64).tolist()
    return rounded


def course_data(world: World, after: World, course: Course) -> dict[str, Any]:
    """One daily series of both scenarios and their difference; people are whole."""
    stage = course.name == "occupancy"
    bands = {"base": course.base, "changed": course.changed, "difference": course.difference}
    return {
        "what": course.name,
        "place": course.place,
        "name": stage_name(world, course.place) if stage else place_name(world, course.place),
        "site": next(one.site for one in world.stages if one.id == course.place) if stage else course.place,
        "capacity": [overnight_capacity(one, course.place) if stage else None for one in (world, after)],
        **{name: whole(values) for name, values in bands.items()},
    }


def overnight_capacity(world: World, stage_id: str) -> float | None:
    """Capacity where it counts people who stay the night; None for a daily pace or where not known."""
    capacity = capacity_of(world, stage_id)
    return capacity.value if capacity.unit == "persons" else None


def capacity_of(world: World, stage_id: str) -> Capacity:
    """The capacity of a stage in a world."""
    return next(stage.capacity for stage in world.stages if stage.id == stage_id)


def breach_data(world: World, after: World, breach: Breach) -> dict[str, Any]:
    """A stage above its capacity: the chance that it ever is, and the middle day on which it first is."""
    stage = next(stage for stage in world.stages if stage.id == breach.stage)
    return {
        "stage": stage.id,
        "site": stage.site,
        "name": stage_name(world, stage.id),
        "capacity": [capacity_of(one, stage.id).value for one in (world, after)],
        "unit": stage.capacity.unit.replace("_", " a "),
        "assumed": stage.capacity.assumed,
        "base": {"chance": breach.base_probability, "day": read_day(breach.base_day)},
        "changed": {"chance": breach.changed_probability, "day": read_day(breach.changed_day)},
    }


def read_day(text: str) -> str | None:
    """An ISO day or nothing."""
    return date.fromisoformat(text).isoformat() if text else None


def compare_all(session: Session, scenarios: Sequence[Scenario], stop: Stop | None = None) -> dict[str, Any]:
    """Several scenarios in one table of paired differences over the horizon. None is called best."""
    whole = len(session.days)
    found = []
    for scenario in scenarios:
        applied = apply_scenario(session.world, scenario)
        ensemble = run_applied(session.futures, applied, stop)
        values = count_windows(session.futures, ensemble, applied, session.window_days)[whole]
        found.append(contrast_lines(session.windows[whole], values))
    return {
        "schema": SCHEMA,
        "scenarios": [scenario.name for scenario in scenarios],
        "rows": [
            {
                "id": line.indicator.id,
                "label": f"{line.indicator.label}, {line.indicator.unit}",
                "cells": [lines[row].difference for lines in found],
                "fewer": [lines[row].less_probability for lines in found],
            }
            for row, line in enumerate(found[0] if found else ())
        ],
    }
