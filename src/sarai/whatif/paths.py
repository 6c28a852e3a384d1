"""The closed list of what a scenario may change, and the sentences that refuse what it may not.

The policy calendar and closures enter as announced or as a named planning assumption. Enforcement strength, holding
centres, exit processing and the people themselves are outside facts: there is no path to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from sarai.world.errors import Fault, RequestError
from sarai.world.world import World


@dataclass(frozen=True, kw_only=True)
class PathRule:
    """One kind of path: `area.<id>.field`. `form` says how a value is written, `meaning` what it changes."""

    area: str
    field: str
    form: str
    example: str
    meaning: str


RULES: tuple[PathRule, ...] = (
    PathRule(
        area="calendar",
        field="deadline",
        form="a day",
        example="2024-03-31",
        meaning="assumed deadline of a wave; enforcement keeps its distance to it",
    ),
    PathRule(
        area="calendar",
        field="suspended",
        form="true or false",
        example="true",
        meaning="the wave is suspended from the as-of date: neither rise to a deadline nor enforcement after it",
    ),
    PathRule(
        area="calendar",
        field="pause",
        form="first day..last day",
        example="2023-12-01..2024-02-29",
        meaning="enforcement of the wave is suspended in this period",
    ),
    PathRule(
        area="calendar",
        field="statuses",
        form="status ids joined by +",
        example="undocumented+other",
        meaning="statuses that the wave names; leave a status out to exempt it",
    ),
    PathRule(
        area="crossings",
        field="closed",
        form="first day..last day",
        example="2023-11-10..2023-11-19",
        meaning="the crossing is shut in this period",
    ),
    PathRule(
        area="crossings",
        field="hours",
        form="opening hour-closing hour",
        example="8-23",
        meaning="local opening hours of the crossing",
    ),
    PathRule(
        area="arrivals",
        field="surge",
        form="persons/day@first day..last day",
        example="5000@2023-11-10..2023-11-12",
        meaning="people who reach this crossing besides those of the forecast",
    ),
    PathRule(
        area="stages",
        field="capacity",
        form="a number, +number or xfactor",
        example="x2",
        meaning="what a reception stage can take (persons, persons a day or desks, as the case says)",
    ),
    PathRule(
        area="stages",
        field="hours",
        form="opening hour-closing hour",
        example="6-22",
        meaning="local hours of a reception stage",
    ),
    PathRule(
        area="stages",
        field="stay_days",
        form="days",
        example="2",
        meaning="mean days that people stay at a reception stage",
    ),
)

REFUSED: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("holding", "detention", "deport"),
        "Holding and deportation are outside facts. sarai does not size, plan or move them.",
    ),
    (
        ("enforce", "arrest", "raid", "police"),
        "Enforcement is an outside fact. It enters as announced and is never a lever.",
    ),
    (
        ("exit", "clearance", "desks_exit"),
        "Exit processing is an outside fact. sarai has no lever that speeds departures.",
    ),
    (
        ("population", "remaining", "strata", "origins"),
        "People and the areas they leave are not levers, targets or rankings.",
    ),
    (
        ("goal", "target", "objective", "maxim", "minim"),
        "There is no goal-seek: sarai answers what a change would do, not how to reach a number of returns.",
    ),
)


def known_ids(world: World, area: str) -> tuple[str, ...]:
    """Ids that a path of this area may name."""
    ids = {
        "calendar": tuple(wave.id for wave in world.calendar.waves),
        "crossings": tuple(crossing.place_id for crossing in world.crossings),
        "arrivals": tuple(crossing.place_id for crossing in world.crossings),
        "stages": tuple(stage.id for stage in world.stages),
    }
    return ids.get(area, ())


def all_paths(world: World) -> tuple[str, ...]:
    """Every path that a scenario of this world may set."""
    return tuple(f"{rule.area}.{name}.{rule.field}" for rule in RULES for name in known_ids(world, rule.area))


def find_rule(world: World, path: str) -> tuple[PathRule, str]:
    """The rule and the id of a path. Raises RequestError with the reason for a refusal, or the nearest valid path."""
    lowered = path.lower()
    for words, reason in REFUSED:
        if any(word in lowered for word in words):
            raise RequestError(
                Fault(column=path, what=reason, mend="see `sarai whatif --paths CASE` for what may change")
            )
    parts = path.split(".")
    if len(parts) == 3:
        for rule in RULES:
            if (rule.area, rule.field) == (parts[0], parts[2]) and parts[1] in known_ids(world, rule.area):
                return rule, parts[1]
    near = get_close_matches(path, all_paths(world), n=3, cutoff=0.3)
    raise RequestError(
        Fault(
            column=path,
            what="no such path",
            wanted="area.id.field from the closed list",
            mend=f"did you mean {' or '.join(near)}?" if near else "see `sarai whatif --paths CASE`",
        )
    )
