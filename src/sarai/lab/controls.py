"""Controls: what the page shows for each path of the closed list, with honest bounds and today's value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sarai.whatif.paths import RULES, PathRule, known_ids
from sarai.whatif.provide import level_today
from sarai.world.response import EVERYWHERE
from sarai.world.world import World

LONGEST_MOVE_DAYS = 366
CAPACITY_FACTORS = (0.5, 4.0, 0.25)
CALENDAR, RECEPTION = "Calendar (planning assumptions)", "Reception"
GROUP_OF_AREA = {"calendar": CALENDAR, "stages": RECEPTION}
AREA_ORDER = (
    "calendar", "crossings", "arrivals", "stages", "sites", "registration", "transport", "staff", "health",
    "protection", "stock", "cash",
)  # fmt: skip


def list_controls(world: World) -> list[dict[str, Any]]:
    """One control a path: its group, label, kind of input, bounds and starting value."""
    return [
        {
            "path": f"{rule.area}.{name}.{rule.field}",
            "group": group_of(world, rule, name),
            **shape_control(world, rule, name),
        }
        for rule, name in sorted(_shown(world), key=lambda shown: _order(world, *shown))
    ]


def _shown(world: World) -> Iterator[tuple[PathRule, str]]:
    for rule in RULES:
        for name in known_ids(world, rule.area, rule.field):
            if rule.field == "second_site" or (rule.supply and not level_today(world, name, rule)):
                continue
            if rule.field == "capacity" and _stage_capacity(world, name) is None:
                continue
            if rule.field not in ("stay_days", "statuses") and not (rule.area == "stages" and rule.field == "hours"):
                yield rule, name


def group_of(world: World, rule: PathRule, name: str) -> str:
    """The heading under which a control stands: calendar, one of the crossings, reception, or one of the sites."""
    if rule.area in GROUP_OF_AREA:
        return GROUP_OF_AREA[rule.area]
    if rule.area in ("crossings", "arrivals"):
        return f"Crossing: {place_name(world, name)}"
    return "Cash" if name == EVERYWHERE else f"Site: {place_name(world, name)}"


def _order(world: World, rule: PathRule, name: str) -> tuple[int, str]:
    """Calendar first, then one crossing after another, then reception."""
    place = min(AREA_ORDER.index(rule.area), AREA_ORDER.index("crossings")) if rule.area == "arrivals" else None
    return (AREA_ORDER.index(rule.area) if place is None else place), place_name(world, name)


def shape_control(world: World, rule: PathRule, name: str) -> dict[str, Any]:
    """Kind of input, label and bounds of one path."""
    label = _label(world, rule, name)
    ahead = {
        "min": world.as_of.isoformat(),
        "max": (world.as_of + timedelta(days=LONGEST_MOVE_DAYS)).isoformat(),
    }
    if rule.field == "deadline":
        wave = next(wave for wave in world.calendar.waves if wave.id == name)
        start, last = wave.deadline, max(wave.deadline, world.as_of) + timedelta(days=LONGEST_MOVE_DAYS)
        return {
            "kind": "day",
            "label": label,
            "start": start.isoformat(),
            "min": wave.announced.isoformat(),
            "max": last.isoformat(),
        }
    if rule.field == "suspended":
        return {"kind": "toggle", "label": label}
    if rule.field in ("capacity", "grant_usd") or rule.supply:
        low, high, step = CAPACITY_FACTORS
        return {"kind": "range", "label": label, "min": low, "max": high, "step": step, "start": 1}
    if rule.field in ("closed", "pause"):
        return {"kind": "period", "label": label, **ahead}
    if rule.field == "surge":
        return {"kind": "surge", "label": label, **ahead}
    if rule.field == "hours":
        crossing = next(crossing for crossing in world.crossings if crossing.place_id == name)
        return {"kind": "hours", "label": label, "start": f"{crossing.opens_hour:g}-{crossing.closes_hour:g}"}
    raise ValueError(f"no control for {rule.area}.{rule.field}")


def place_name(world: World, place_id: str) -> str:
    """The name that a person reads for an id."""
    place = world.places.get(place_id)
    return place.name if place else place_id.replace("_", " ")


def stage_name(world: World, stage_id: str) -> str:
    """A stage is named by its site and what is done there."""
    stage = next(stage for stage in world.stages if stage.id == stage_id)
    return f"{place_name(world, stage.site)}: {stage.kind.replace('_', ' ')}"


def _stage_capacity(world: World, name: str) -> float | None:
    return next(stage.capacity.value for stage in world.stages if stage.id == name)


def _label(world: World, rule: PathRule, name: str) -> str:
    if rule.supply or rule.field == "grant_usd":
        return f"{rule.meaning[0].upper()}{rule.meaning[1:]}, times today's"
    words = {
        "deadline": "deadline",
        "suspended": "suspended",
        "pause": "pause of enforcement",
        "closed": "closed",
        "hours": "opening hours",
        "surge": "people who come besides",
        "capacity": "capacity, times today's",
    }[rule.field]
    if rule.area == "calendar":
        wave = next(wave for wave in world.calendar.waves if wave.id == name)
        return f"{wave.title}: {words}"
    if rule.area == "stages":
        return f"{stage_name(world, name)}: {words}"
    if rule.area in ("crossings", "arrivals"):
        return words.capitalize()
    return f"{place_name(world, name)}: {words}"
