"""Controls: what the page shows for each path of the closed list, by the form of its value, with today's value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sarai.plan.supplies import default_supplies
from sarai.whatif.paths import AMOUNT, GATE, RULES, PathRule, fit_example, known_ids
from sarai.whatif.provide import level_today
from sarai.world.calendar import Wave
from sarai.world.reception import Crossing, Stage
from sarai.world.response import EVERYWHERE
from sarai.world.world import World

LONGEST_MOVE_DAYS = 366
FACTORS = {"min": 0, "max": 4, "step": 0.25}
SECTIONS = {"calendar": "Calendar", "crossings": "Crossings", "arrivals": "Crossings"}
ORDER = ("Calendar", "Crossings", "Reception")
LABELS = {
    "deadline": "deadline",
    "suspended": "suspended from now on",
    "pause": "pause of enforcement",
    "statuses": "document statuses that it names",
    "closed": "closed",
    "hours": "opening hours",
    "surge": "people who come besides",
    "capacity": "capacity",
    "stay_days": "mean stay, days",
    "second_site": "places at a second site beside it",
}


def list_controls(world: World) -> list[dict[str, Any]]:
    """One control a path: its section, group, label, kind of input, bounds and starting value.

    New paths of the closed list appear by themselves. Left out are those that any value is refused for, because what
    is there today is not known.
    """
    listed = [(rule, name) for rule in RULES for name in known_ids(world, rule.area, rule.field)]
    shown = [(rule, name) for rule, name in listed if can_change(world, rule, name)]
    return [
        {
            "path": f"{rule.area}.{name}.{rule.field}",
            "section": section_of(rule),
            "group": group_of(world, rule, name),
            "label": _label(world, rule, name),
            "meaning": rule.meaning,
            "form": rule.form,
            "example": fit_example(world, rule, name).example,
            **shape_control(world, rule, name),
        }
        for rule, name in sorted(shown, key=lambda one: _order(world, *one))
    ]


def can_change(world: World, rule: PathRule, name: str) -> bool:
    """Whether there is a value of today from which a change can be counted."""
    if rule.area == "stages" and rule.field == "capacity":
        return _stage(world, name).capacity.value is not None
    return rule.form != AMOUNT or rule.item == "family_tents" or level_today(world, name, rule) is not None


def section_of(rule: PathRule) -> str:
    """The part of the page on which a path stands."""
    return "Crossings" if rule.field.startswith(GATE) else SECTIONS.get(rule.area, "Reception")


def group_of(world: World, rule: PathRule, name: str) -> str:
    """What a path is about: a wave, a crossing, a site."""
    if name == EVERYWHERE:
        return "All sites"
    return place_name(world, _stage(world, name).site) if rule.area == "stages" else thing_name(world, rule.area, name)


def shape_control(world: World, rule: PathRule, name: str) -> dict[str, Any]:
    """Kind of input, bounds and today's value of one path; a plain text where the form is none of those known."""
    shaper = SHAPES.get(rule.form)
    return shaper(world, rule, name) if shaper else {"kind": "text", "start": ""}


def _day(world: World, rule: PathRule, name: str) -> dict[str, Any]:
    wave = _wave(world, name)
    last = max(wave.deadline, world.as_of) + timedelta(days=LONGEST_MOVE_DAYS)
    return {
        "kind": "day",
        "start": wave.deadline.isoformat(),
        "min": wave.announced.isoformat(),
        "max": last.isoformat(),
    }


def _toggle(world: World, rule: PathRule, name: str) -> dict[str, Any]:
    return {"kind": "toggle", "start": "false"}


def _period(world: World, rule: PathRule, name: str) -> dict[str, Any]:
    return {"kind": "period", "start": "", **_ahead(world)}


def _surge(world: World, rule: PathRule, name: str) -> dict[str, Any]:
    return {"kind": "surge", "start": "", **_ahead(world)}


def _hours(world: World, rule: PathRule, name: str) -> dict[str, Any]:
    thing = _crossing(world, name) if rule.area == "crossings" else _stage(world, name)
    return {"kind": "hours", "start": f"{thing.opens_hour:g}-{thing.closes_hour:g}"}


def _statuses(world: World, rule: PathRule, name: str) -> dict[str, Any]:
    options = [{"id": status.id, "name": status.name} for status in world.statuses]
    return {"kind": "choices", "start": "+".join(sorted(_wave(world, name).statuses)), "options": options}


def _capacity(world: World, rule: PathRule, name: str) -> dict[str, Any]:
    capacity = _stage(world, name).capacity
    shape = {"kind": "capacity", "unit": capacity.unit.replace("_", " a "), "assumed": capacity.assumed}
    return {**shape, "start": capacity.value, "factors": FACTORS if capacity.value else None}


def _amount(world: World, rule: PathRule, name: str) -> dict[str, Any]:
    level = level_today(world, name, rule)
    return {"kind": "amount", "unit": "", "start": level, "factors": FACTORS if level else None, **_ahead(world)}


def _places(world: World, rule: PathRule, name: str) -> dict[str, Any]:
    return {"kind": "amount", "unit": "places", "start": 0, "factors": None, **_ahead(world)}


def _grant(world: World, rule: PathRule, name: str) -> dict[str, Any]:
    grant = next((line.cost_usd for line in default_supplies() if line.id == "cash_grants"), None)
    return {"kind": "capacity", "unit": "US dollars", "assumed": False, "start": grant, "factors": FACTORS}


def _number(world: World, rule: PathRule, name: str) -> dict[str, Any]:
    stay = _stage(world, name).stay_days if rule.area == "stages" else None
    return {"kind": "number", "start": None if stay is None else f"{stay:g}"}


Shaper = Callable[[World, PathRule, str], dict[str, Any]]
SHAPES: dict[str, Shaper] = {
    "a day": _day,
    "true or false": _toggle,
    "first day..last day": _period,
    "persons/day@first day..last day": _surge,
    "opening hour-closing hour": _hours,
    "status ids joined by +": _statuses,
    "a number, +number or xfactor": _capacity,
    "days": _number,
    AMOUNT: _amount,
    "places, then @first day where it is not open at once": _places,
    "US dollars a household, or xfactor": _grant,
}
"""By the form that the closed list gives: `PathRule.form`."""


def place_name(world: World, place_id: str) -> str:
    """The name that a person reads for an id."""
    place = world.places.get(place_id)
    return place.name if place else place_id.replace("_", " ")


def stage_name(world: World, stage_id: str) -> str:
    """A stage is named by its site and what is done there."""
    stage = _stage(world, stage_id)
    return f"{place_name(world, stage.site)}: {stage.kind.replace('_', ' ')}"


def thing_name(world: World, area: str, name: str) -> str:
    """The name of what a path is about."""
    if area == "calendar":
        return _wave(world, name).title
    return stage_name(world, name) if area == "stages" else place_name(world, name)


def _label(world: World, rule: PathRule, name: str) -> str:
    words = LABELS.get(rule.field) or rule.meaning
    if rule.area == "stages":
        return f"{_stage(world, name).kind.replace('_', ' ').capitalize()}: {words}"
    return words[0].upper() + words[1:]


def _order(world: World, rule: PathRule, name: str) -> tuple[int, str]:
    """Calendar, crossings, reception, then what is new; one place after another."""
    section = section_of(rule)
    return (ORDER.index(section) if section in ORDER else len(ORDER)), group_of(world, rule, name)


def _ahead(world: World) -> dict[str, str]:
    last = world.as_of + timedelta(days=LONGEST_MOVE_DAYS)
    return {"min": world.as_of.isoformat(), "max": last.isoformat()}


def _wave(world: World, name: str) -> Wave:
    return next(wave for wave in world.calendar.waves if wave.id == name)


def _stage(world: World, name: str) -> Stage:
    return next(stage for stage in world.stages if stage.id == name)


def _crossing(world: World, name: str) -> Crossing:
    return next(crossing for crossing in world.crossings if crossing.place_id == name)
