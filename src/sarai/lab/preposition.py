"""Preposition in the lab: the optimiser over the possible worlds of the changes on the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sarai.lab.answer import apply_changes
from sarai.lab.asked import BoundIn, PrepositionAddress, PrepositionQuestion, pairs
from sarai.lab.controls import place_name
from sarai.lab.ready import check_days
from sarai.lab.session import SCHEMA, Session
from sarai.plan.bounds import Bounds, read_units
from sarai.plan.in_place import days_until, list_days
from sarai.plan.preposition import preposition
from sarai.plan.supplies import default_supplies
from sarai.plan.unmet import figure_units, find_lines
from sarai.publish.preposition_table import preposition_rows, say_preposition
from sarai.whatif.futures import find_services, run_applied
from sarai.whatif.values import parse_change
from sarai.world.civil import day_date
from sarai.world.errors import Fault, RequestError


def make_preposition(
    session: Session, question: PrepositionQuestion, stop: Callable[[], bool] | None = None
) -> dict[str, Any]:
    """What to send where under a budget, if the changes came true.

    Raises RequestError with every fault of the question, or where no plan fits; Abandoned where stop says so.
    """
    check_days(session, question.days)
    world, futures, days = session.world, session.futures, question.days
    first = days_until(world.as_of, question.in_place_by, days)
    bounds = Bounds(
        budget_usd=question.budget_usd, floors=take_units(question.at_least), ceilings=take_units(question.at_most)
    )
    applied = apply_changes(session, pairs(question.changes))
    ensemble = run_applied(futures, applied, stop)
    services = find_services(ensemble, futures.first_day, applied.world, applied.supplies, day_count=days, stated=False)
    ahead = (ensemble.days >= futures.first_day) & (ensemble.days < futures.first_day + days)
    expected = float(ensemble["crossed"][ahead].sum(axis=(0, 1, 2)).mean())
    figure = question.figure_persons if question.figure_persons is not None else session.week_goes_on(days)
    lines = find_lines(services, first=first, by_order=question.by_order)
    name = partial(place_name, world)
    plan = preposition(lines, figure_units(lines, expected, figure), bounds, name=name, stop=stop)
    calendar = list_days(day_date(futures.first_day), days)
    return {
        "schema": SCHEMA,
        "changes": [change.model_dump() for change in question.changes],
        "days": days,
        "first": calendar[0].isoformat(),
        "last": calendar[-1].isoformat(),
        "members": session.member_count,
        "rows": [{**row, "name": name(row["site"])} for row in preposition_rows(plan, world.as_of)],
        "budget_usd": plan.budget_usd,
        "spent_usd": round(plan.spent_usd, 2),
        "figure_persons": round(figure),
        "unmet": {
            "nothing": plan.unmet_nothing,
            "figure": plan.unmet_figure,
            "plan": plan.unmet_mean,
            "plan_worst_tenth": plan.unmet_worst_tenth,
            "foresight": plan.unmet_least,
        },
        "regret": plan.regret,
        "figure_regret": plan.figure_regret,
        "limits": list(plan.limits),
        "sentence": say_preposition(plan, figure),
    }


def read_address(address: PrepositionAddress) -> PrepositionQuestion:
    """A question from an address. Raises RequestError where a change or a bound is not written as it should."""
    changes = [parse_change(text) for text in address.set]
    bounds = {name: read_units(getattr(address, name), name) for name in ("at_least", "at_most")}
    return PrepositionQuestion.model_validate(
        {
            **address.model_dump(exclude={"set", *bounds}),
            "changes": [{"path": one.path, "value": one.value} for one in changes],
            **{
                name: [{"site": site, "supply": supply, "units": units} for (site, supply), units in found.items()]
                for name, found in bounds.items()
            },
        }
    )


def take_units(bounds: list[BoundIn]) -> dict[tuple[str, str], float]:
    """Units by site and supply. Raises RequestError where one is bounded twice."""
    found: dict[tuple[str, str], float] = {}
    twice = []
    for bound in bounds:
        key = (bound.site, bound.supply)
        if key in found:
            twice.append(Fault(column="bounds", what="this is bounded twice", found=":".join(key), mend="keep one"))
        found[key] = bound.units
    if twice:
        raise RequestError(twice)
    return found


def list_stores(session: Session) -> list[dict[str, str]]:
    """What can be sent where: site, supply, and both as people read them."""
    futures, world = session.futures, session.world
    services = find_services(futures.base, futures.first_day, world, default_supplies(), day_count=1, stated=False)
    return [
        {
            "site": one.site,
            "name": place_name(world, one.site),
            "supply": one.supply.id,
            "item": one.supply.item,
            "unit": one.supply.unit,
        }
        for one in services
    ]
