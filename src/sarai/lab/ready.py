"""Ready: what to have in place at each site under some changes, what is missing, and by when to order it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sarai.lab.answer import Changes, apply_changes
from sarai.lab.controls import place_name
from sarai.lab.session import SCHEMA, Session
from sarai.plan.gap import Gap, find_gaps, make_budget
from sarai.plan.in_place import list_days
from sarai.whatif.futures import find_services, run_applied
from sarai.whatif.provide import say_not_counted
from sarai.world.civil import day_date
from sarai.world.errors import Fault, RequestError
from sarai.world.world import World


def make_ready(session: Session, changes: Changes, days: int, stop: Callable[[], bool] | None = None) -> dict[str, Any]:
    """The gap table of a scenario over the first `days` days ahead, the most urgent order first.

    Raises RequestError with every fault of the changes, or for days beyond the horizon; Abandoned where stop says so.
    """
    check_days(session, days)
    futures = session.futures
    applied = apply_changes(session, changes)
    ensemble = run_applied(futures, applied, stop)
    services = find_services(ensemble, futures.first_day, applied.world, applied.supplies, day_count=days, stated=False)
    calendar = list_days(day_date(futures.first_day), days)
    gaps = find_gaps(applied.world, services, calendar)
    missing = make_budget(applied.world, services).missing if services else (0.0, 0.0, 0.0)
    return {
        "schema": SCHEMA,
        "changes": [{"path": path, "value": value} for path, value in changes],
        "days": days,
        "first": calendar[0].isoformat(),
        "last": calendar[-1].isoformat(),
        "rows": [
            gap_data(session.world, gap) for gap in sorted(gaps, key=lambda one: urgency(one, session.world.as_of))
        ],
        "missing_usd": missing,
        "not_counted": say_not_counted(applied.world),
    }


def check_days(session: Session, days: int) -> None:
    """Raise RequestError where a number of days lies beyond the horizon."""
    if not 1 <= days <= len(session.days):
        wanted = f"1 to {len(session.days)}"
        raise RequestError(
            Fault(column="days", what="so many days ahead were not simulated", found=str(days), wanted=wanted,
                  mend="ask for fewer days, or start the lab with a longer --horizon")
        )  # fmt: skip


def urgency(gap: Gap, as_of: date) -> tuple[date, date, float, str, str]:
    """What must be ordered first comes first, then what is short first and costs most; what is never short is last."""
    order = max(gap.order_by, as_of) if gap.order_by else date.max
    return (order, gap.first_short or date.max, -gap.cost_usd, gap.site, gap.item)


def gap_data(world: World, gap: Gap) -> dict[str, Any]:
    """One line: need, what is in place, what is missing at P80, the day it is first missing, the day to order by."""
    return {
        "site": gap.site,
        "name": place_name(world, gap.site),
        "at_gate": gap.site in {crossing.place_id for crossing in world.crossings} and bool(world.stages),
        "sector": gap.sector,
        "item": gap.item,
        "unit": gap.unit,
        "need": gap.need,
        "in_place": gap.in_place,
        "missing": gap.missing,
        "first_short": gap.first_short.isoformat() if gap.first_short else None,
        "order_by": gap.order_by.isoformat() if gap.order_by else None,
        "lead_days": gap.lead_days,
        "cost_usd": round(gap.cost_usd),
        "why": gap.why,
    }
