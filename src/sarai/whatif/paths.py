"""The closed list of what a scenario may change, and the sentences that refuse what it may not.

The policy calendar and closures enter as announced or as a named planning assumption. Everything else that may be
changed is on the receiving side: sites, shelter, stock, staff, registration desks, cash, onward transport, health and
protection services. Enforcement strength, holding centres, exit processing and the people themselves are outside facts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from sarai.calibrate.scope import LIVE_DAYS, live_waves
from sarai.plan.loads import OVERNIGHT_DAYS
from sarai.world.errors import Fault, RequestError
from sarai.world.line import find_refusal
from sarai.world.world import World

AMOUNT = "a number, +number or xfactor, then @first day where it is not there at once"
GATE = "gate_"
"""Fields about people who wait to cross, at a crossing: nothing is in place there unless a line says so (A239)."""
CASH_KINDS = ("cash_desk", "encashment_centre")
NUMBER_EXAMPLE = "500"
EXAMPLES_AS_OF = date(2023, 10, 28)
"""The as-of date on which the days in the examples below would be asked; elsewhere they keep their distance to it."""


@dataclass(frozen=True, kw_only=True)
class PathRule:
    """One kind of path: `area.<id>.field`. `form` says how a value is written, `meaning` what it changes.

    item   what of the 3W table the path changes, empty where it changes something else; supply: its line in the
           supplies, which knows how long an order takes
    high   largest value that can be (A234)
    """

    area: str
    field: str
    form: str
    example: str
    meaning: str
    item: str = ""
    supply: str = ""
    high: float = 0.0


def _provided(area: str, field: str, item: str, high: float, meaning: str, *, supply: str = "") -> PathRule:
    example = NUMBER_EXAMPLE if field.startswith(GATE) else "x2"
    return PathRule(
        area=area, field=field, form=AMOUNT, example=example, meaning=meaning, item=item, supply=supply or item,
        high=high,
    )  # fmt: skip


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
        high=200_000.0,
    ),
    PathRule(
        area="stages",
        field="capacity",
        form="a number, +number or xfactor",
        example="x2",
        meaning="what a reception stage can take (persons, persons a day or desks, as the case says)",
        high=500_000.0,
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
        high=365.0,
    ),
    PathRule(
        area="sites",
        field="second_site",
        form="places, then @first day where it is not open at once",
        example="5000@2023-11-10",
        meaning="a second site beside this one that takes those for whom there is no room",
        item="shelter_places",
        supply="family_tents",
        high=200_000.0,
    ),
    _provided("registration", "desks", "desks", 2_000, "registration desks that are open"),
    _provided("transport", "buses", "buses", 5_000, "buses for onward travel, one trip a day each"),
    _provided("staff", "reception", "reception_staff", 20_000, "people who keep desks open", supply="desks"),
    _provided("health", "staff", "health_staff", 20_000, "health screening staff"),
    _provided("protection", "staff", "protection_staff", 20_000, "protection staff"),
    _provided("stock", "tents", "family_tents", 100_000, "family tents in place"),
    _provided("stock", "blankets", "blankets", 5e6, "blankets in place"),
    _provided("stock", "food_days", "food_days", 5e6, "person-days of food that come each day"),
    _provided("stock", "hot_meals", "hot_meals", 5e6, "hot meals that can be served each day"),
    _provided("stock", "arrival_kits", "arrival_kits", 5e6, "arrival kits at hand"),
    _provided("stock", "gate_water", "gate_water", 5e6, "person-days of water a day for those who wait to cross"),
    _provided("stock", "gate_food", "gate_food", 5e6, "person-days of food a day for those who wait to cross"),
    _provided("stock", "gate_latrines", "gate_latrines", 100_000, "latrines for those who wait to cross"),
    _provided("stock", "gate_blankets", "gate_blankets", 5e6, "blankets for those who wait to cross"),
    _provided("health", "gate_staff", "gate_health", 20_000, "health workers for those who wait to cross"),
    _provided("cash", "usd_day", "cash_usd", 1e8, "US dollars that can be paid out each day", supply="cash_grants"),
    PathRule(
        area="cash",
        field="grant_usd",
        form="US dollars a household, or xfactor",
        example="x2",
        meaning="the grant paid to each household, at every cash desk",
        high=5_000.0,
    ),
)
ENTRY_FIELDS = ("desks", "buses", "reception", "staff", "hot_meals", "arrival_kits")


def fit_example(world: World, rule: PathRule, name: str) -> PathRule:
    """The rule with an example that makes sense for one id of a world: its days, its statuses, what is there."""

    def move(found: re.Match[str]) -> str:
        return (world.as_of + (date.fromisoformat(found[0]) - EXAMPLES_AS_OF)).isoformat()

    example = re.sub(r"\d{4}-\d{2}-\d{2}", move, rule.example)
    if rule.field == "statuses" and world.statuses:
        example = "+".join(sorted(status.id for status in world.statuses)[:2])
    elif rule.item and example.startswith("x") and not _is_there(world, name, rule.item):
        example = NUMBER_EXAMPLE
    return replace(rule, example=example)


def _is_there(world: World, site: str, item: str) -> bool:
    """Whether something of an item is there from which a factor can be counted."""
    return any((line.site, line.item) == (site, item) and line.quantity > 0.0 for line in world.response)


def known_ids(world: World, area: str, field: str = "") -> tuple[str, ...]:
    """Ids that a path of this area may name."""
    if area == "calendar":
        return tuple(wave.id for wave in live_waves(world))
    if area in ("crossings", "arrivals") or field.startswith(GATE):
        return tuple(crossing.place_id for crossing in world.crossings)
    if area == "stages":
        return tuple(stage.id for stage in world.stages)
    if area == "cash":
        return ("all",) if field == "grant_usd" else _sites(world, "cash")
    return _sites(world, "entry" if field in ENTRY_FIELDS else "night")


def _sites(world: World, what: str) -> tuple[str, ...]:
    """Sites where people come in, sleep or are paid; a case without stages receives people at its crossings."""
    if not world.stages:
        return tuple(crossing.place_id for crossing in world.crossings) if what == "entry" else ()
    found = {
        stage.site
        for stage in world.stages
        if (what == "entry" and stage.setting == "zero_point")
        or (what == "night" and stage.setting != "zero_point" and stage.stay_days >= OVERNIGHT_DAYS)
        or (what == "cash" and stage.kind in CASH_KINDS)
    }
    return tuple(sorted(found))


def all_paths(world: World) -> tuple[str, ...]:
    """Every path that a scenario of this world may set."""
    return tuple(
        f"{rule.area}.{name}.{rule.field}" for rule in RULES for name in known_ids(world, rule.area, rule.field)
    )


def describe_paths(world: World) -> tuple[str, ...]:
    """Every path with the form of its value and what it changes, in columns."""
    lines = [
        (f"{rule.area}.{name}.{rule.field}", rule.form, rule.meaning)
        for rule in RULES
        for name in known_ids(world, rule.area, rule.field)
    ]
    widest = max((len(path) for path, _, _ in lines), default=0)
    return tuple(f"{path:<{widest}}  {meaning} ({form})" for path, form, meaning in lines)


def _beside_wave(world: World, parts: Sequence[str]) -> str:
    """A path without the wave that it names: a case may call one phase_2, and a slip in the rest is only a slip."""
    if len(parts) != 3 or parts[0] != "calendar":
        return ".".join(parts)
    known = parts[1] in {wave.id for wave in world.calendar.waves}
    slip = parts[2] in {rule.field for rule in RULES if rule.area == "calendar"}
    return f"{parts[0]}.{parts[2]}" if known or slip else ".".join(parts)


def find_rule(world: World, path: str) -> tuple[PathRule, str]:
    """The rule and the id of a path. Raises RequestError with the reason for a refusal, or the nearest valid path."""
    parts = path.split(".")
    if len(parts) == 3:
        for rule in RULES:
            if (rule.area, rule.field) == (parts[0], parts[2]) and parts[1] in known_ids(world, rule.area, rule.field):
                return fit_example(world, rule, parts[1]), parts[1]
    refusal = find_refusal(_beside_wave(world, parts))
    if refusal:
        raise RequestError(Fault(column=path, what=refusal, mend="see `sarai whatif --paths CASE` for what may change"))
    over = {wave.id for wave in world.calendar.waves} - {wave.id for wave in live_waves(world)}
    if parts[0] == "calendar" and len(parts) == 3 and parts[1] in over:
        off = any(wave.id == parts[1] and wave.withdrawn for wave in world.calendar.waves)
        why = "this wave was called off" if off else f"the deadline of this wave passed more than {LIVE_DAYS} days ago"
        what = f"{why}: it moves nobody in the law any more"
        raise RequestError(Fault(column=path, what=what, mend="choose an earlier --as-of, or another path"))
    near = get_close_matches(path, all_paths(world), n=3, cutoff=0.3)
    raise RequestError(
        Fault(
            column=path,
            what="no such path",
            wanted="area.id.field from the closed list",
            mend=f"did you mean {' or '.join(near)}?" if near else "see `sarai whatif --paths CASE`",
        )
    )
