"""Provide: changes of what is in place to receive people, as lines beside the 3W table of the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sarai.plan.in_place import deliveries, is_stated, level_in_place
from sarai.plan.loads import OVERNIGHT_DAYS
from sarai.plan.supplies import Supply, default_supplies
from sarai.whatif.paths import GATE, RULES, PathRule, known_ids
from sarai.whatif.values import PLANNING_ASSUMPTION, Change, read_day, read_number, wrong_value
from sarai.world.errors import Fault, RequestError
from sarai.world.place import Basis
from sarai.world.response import Provision
from sarai.world.world import World

DAILY = ("food_days", "hot_meals", "cash_usd", "gate_water", "gate_food")


@dataclass(frozen=True, kw_only=True)
class Amount:
    """A quantity as written: `sign` is `+` (added), `x` (a factor) or empty (in all); `start` where a day was given."""

    sign: str
    number: float
    start: date | None


def read_amount(change: Change, rule: PathRule) -> Amount:
    """An amount written `40`, `+10` or `x2`, with `@first day` where one is given."""
    text, at, day = (part.strip() for part in change.value.partition("@"))
    if not text or (at and not day):
        raise wrong_value(change, rule)
    sign = text[0] if text[0] in "+x" else ""
    high = 100.0 if sign == "x" else rule.high
    number = read_number(change, rule, text.removeprefix(sign) if sign else text, 0.0, high)
    return Amount(sign=sign, number=number, start=read_day(change, rule, day) if day else None)


def set_provision(world: World, name: str, change: Change, rule: PathRule) -> World:
    """The world with a quantity in place changed: a line of the 3W beside those of the case.

    More of something is there after the time that an order takes, unless a day is given; less of it from the next day.
    """
    amount = read_amount(change, rule)
    tomorrow = world.as_of + timedelta(days=1)
    if amount.start is not None and amount.start < tomorrow:
        raise wrong_value(change, rule, f"the day has passed: the as-of date is {world.as_of}")
    if rule.item != "shelter_places" and not _is_known(world, name, rule):
        raise RequestError(_not_stated(change, rule, name))
    daily = rule.item in DAILY
    more = amount.sign == "+" or (amount.sign == "x" and amount.number > 1.0)
    start = amount.start or tomorrow
    held = _held(world, name, rule.item, start, daily=daily)
    wanted = {"+": held + amount.number, "x": held * amount.number}.get(amount.sign, amount.number)
    if amount.start is None and (more or wanted > held):
        start = tomorrow + timedelta(days=_lead_days(rule))
        held = _held(world, name, rule.item, start, daily=daily)
        wanted = {"+": held + amount.number, "x": held * amount.number}.get(amount.sign, amount.number)
    if amount.sign == "x" and held == 0.0:
        raise wrong_value(change, rule, "nothing is known to be there, so it cannot be multiplied: give a number")
    if wanted > rule.high:
        raise wrong_value(change, rule, f"beyond what is possible: {wanted:g} is above {rule.high:g}")
    line = Provision(
        site=name,
        item=rule.item,
        agency=f"{PLANNING_ASSUMPTION}: {change.path} from {start}",
        quantity=wanted - held,
        per="day" if daily else "once",
        start=start,
        basis=Basis(assumption=PLANNING_ASSUMPTION, known=world.as_of, known_assumed=True),
    )
    return replace(world, response=(*world.response, line))


def set_second_site(world: World, name: str, change: Change, rule: PathRule) -> World:
    """Open a second site beside one, with so many places."""
    if change.value.startswith(("+", "x")):
        raise wrong_value(change, rule)
    return set_provision(world, name, replace(change, value=f"+{change.value}"), rule)


def change_grant(supplies: Sequence[Supply], change: Change, rule: PathRule) -> tuple[Supply, ...]:
    """The supplies with another grant to a household."""
    amount = read_amount(change, rule)
    if amount.start is not None or amount.sign == "+" or amount.number <= 0.0:
        raise wrong_value(change, rule)

    def grant(old: float) -> float:
        new = old * amount.number if amount.sign == "x" else amount.number
        if new > rule.high:
            raise wrong_value(change, rule, f"beyond what is possible: {new:g} is above {rule.high:g}")
        return new

    return tuple(
        replace(line, cost_usd=grant(line.cost_usd)) if line.id == "cash_grants" else line for line in supplies
    )


def _held(world: World, site: str, item: str, day: date, *, daily: bool) -> float:
    if not daily:
        return float(level_in_place(world, site, item, [day])[0])
    before = [day - timedelta(days=1), day]
    return float(deliveries(world, site, item, before)[1])


def _not_stated(change: Change, rule: PathRule, site: str) -> Fault:
    per = "day" if rule.item in DAILY else "once"
    return Fault(
        column=change.path,
        what=f"what {site} has today is not stated, so no difference from it can be said",
        found=change.value,
        wanted=f"a line for {rule.item} at {site} in response.csv of the case",
        mend=f"agency,item,site,quantity,per,assumption and below it: my agency,{rule.item},{site},0,{per},A1",
    )


def _is_known(world: World, site: str, rule: PathRule) -> bool:
    """What is there is stated; or it is tents, which add room beside that of the stages; or it is at the gate."""
    return is_stated(world, site, rule.item) or rule.item == "family_tents" or rule.field.startswith(GATE)


def _lead_days(rule: PathRule) -> int:
    return next((line.resupply_days for line in default_supplies() if line.id == rule.supply), 0)


def level_today(world: World, name: str, rule: PathRule) -> float | None:
    """What a site has of an item on the day after the as-of date; None where the case does not say."""
    if not is_stated(world, name, rule.item) and not rule.field.startswith(GATE):
        return None
    return _held(world, name, rule.item, world.as_of + timedelta(days=1), daily=rule.item in DAILY)


def say_not_counted(world: World) -> str:
    """A sentence on what is not counted, because nothing says what is in place; empty where all is stated."""
    silent: dict[str, int] = {}
    for rule in RULES:
        if rule.item and not rule.field.startswith(GATE) and rule.field not in ("second_site", "reception", "tents"):
            sites = [name for name in known_ids(world, rule.area, rule.field) if not is_stated(world, name, rule.item)]
            if sites:
                silent[rule.item.replace("_", " ")] = len(sites)
    rooms = [stage for stage in world.stages if stage.stay_days >= OVERNIGHT_DAYS and stage.capacity.value is None]
    if rooms:
        silent["room to sleep"] = len(rooms)
    if not silent:
        return ""
    parts = ", ".join(f"{item} ({count} {'site' if count == 1 else 'sites'})" for item, count in silent.items())
    return f"Not counted, as neither response.csv nor a capacity says what is in place: {parts}."
