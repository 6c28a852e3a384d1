"""The response plan: needs, gaps, money, cash, hours, breaches and protection indicators from one forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.forecast import Forecast
from sarai.plan.arrivals import crossing_samples, queue_samples
from sarai.plan.breach import Breach, find_breaches
from sarai.plan.care import GRANTS, QUEUES, TENTS, Service, add_up, list_services
from sarai.plan.gap import Budget, Gap, find_gaps, make_budget, quantiles
from sarai.plan.hours import Hour, list_hours
from sarai.plan.in_place import list_days
from sarai.plan.loads import HOUSEHOLD_PERSONS
from sarai.plan.needs import find_demands, make_plan, season_of
from sarai.plan.plan import Plan, Standard
from sarai.plan.rates import UNACCOMPANIED, default_rates
from sarai.plan.supplies import Supply, default_supplies
from sarai.plan.totals import Spans, Totals
from sarai.world.world import World

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class CashDay:
    """One day at one cash desk: US dollars asked for (P50, P80, P95), at hand, and families unpaid at P80."""

    site: str
    day: date
    asked: tuple[float, float, float]
    comes: float
    unpaid_families_p80: float


@dataclass(frozen=True, kw_only=True)
class Protection:
    """One indicator over the horizon, (P50, P80, P95), with what it rests on."""

    id: str
    label: str
    unit: str
    figure: tuple[float, float, float]
    note: str


@dataclass(frozen=True, kw_only=True)
class ResponsePlan:
    """Everything `sarai plan` says, from one forecast, one table of standards and one of supplies."""

    plan: Plan
    days: tuple[date, ...]
    gaps: tuple[Gap, ...]
    budget: Budget
    cash: tuple[CashDay, ...]
    hours: tuple[Hour, ...]
    breaches: tuple[Breach, ...]
    protection: tuple[Protection, ...]
    supplies: tuple[Supply, ...]


def make_response_plan(
    world: World,
    forecast: Forecast,
    *,
    standards: Sequence[Standard] | None = None,
    supplies: Sequence[Supply] | None = None,
    funds_usd: float | None = None,
) -> ResponsePlan:
    """The plan for the days of a forecast.

    standards, supplies  tables in place of those that ship     funds_usd  money there is, in place of the case's
    """
    table = tuple(supplies) if supplies is not None else default_supplies()
    days = list_days(forecast.reference_date + timedelta(days=1), forecast.horizon_days)
    services = list_services(world, find_demands(world, forecast), table, days)
    if not services:
        return _empty(make_plan(world, forecast, standards), days, table)
    return ResponsePlan(
        plan=make_plan(world, forecast, standards),
        days=tuple(days),
        gaps=find_gaps(world, services, days),
        budget=make_budget(world, services, funds_usd),
        cash=list_cash(services, days),
        hours=list_hours(world, services, days),
        breaches=find_breaches(world, services, days),
        protection=list_protection(world, forecast, services, days),
        supplies=table,
    )


def _empty(plan: Plan, days: Sequence[date], supplies: tuple[Supply, ...]) -> ResponsePlan:
    """A plan for a case of which the forecast holds no load."""
    nothing = (0.0, 0.0, 0.0)
    budget = Budget(every_need=nothing, in_place=nothing, missing=nothing, funds=None, gap=None)
    return ResponsePlan(
        plan=plan, days=tuple(days), gaps=(), budget=budget, cash=(), hours=(), breaches=(), protection=(),
        supplies=supplies,
    )  # fmt: skip


def list_cash(services: Sequence[Service], days: Sequence[date]) -> tuple[CashDay, ...]:
    """Cash liquidity: what is asked for each day at each desk, what comes to hand, and who goes unpaid."""
    found = []
    for service in services:
        if service.supply.id != GRANTS:
            continue
        asked = service.wanted * service.supply.cost_usd
        unpaid = service.unmet / service.reach
        for at, day in enumerate(days):
            found.append(
                CashDay(
                    site=service.site, day=day, asked=quantiles(asked[at]),
                    comes=float(service.units[at]) * service.supply.cost_usd,
                    unpaid_families_p80=float(np.quantile(unpaid[at], 0.8)),
                )
            )  # fmt: skip
    return tuple(found)


def list_protection(
    world: World, forecast: Forecast, services: Sequence[Service], days: Sequence[date]
) -> tuple[Protection, ...]:
    """Nights in the open, long waits, families a desk, unaccompanied children, winter returns, unmet need by sector."""
    flow = add_up(list(crossing_samples(forecast).values()))
    cold = np.array([season_of(world, day) == "cold" for day in days])
    rate = default_rates()[UNACCOMPANIED]
    known = [service for service in services if service.known]
    waiting = [line.sum(axis=0) for line in queue_samples(forecast).values()]
    waits = [] if not waiting and not any(one.supply.id in (TENTS, *QUEUES) for one in known) else [
        _line("nights_open", "Nights without shelter", "person-nights", add_up([_nights(known, flow), *waiting]),
              "waiting to cross at closing time (A237), above the room of the sites, or not registered at closing "
              "time; only sites whose room is known"),
        _line("reception_waits", "Waits past 24 hours for registration or transport", "person-days",
              _late(known, flow), "crossings are in the briefing"),
    ]  # fmt: skip
    found = [
        *waits,
        _line("unaccompanied_low", f"Unaccompanied and separated children, {rate.low:g} % of arrivals", "persons",
              flow.sum(axis=0) * rate.low / 100.0, f"{rate.source}: {rate.note}"),
        _line("unaccompanied_high", f"Unaccompanied and separated children, {rate.high:g} % of arrivals", "persons",
              flow.sum(axis=0) * rate.high / 100.0, rate.source),
        _line("cold_returns", "People who cross in the cold months", "persons",
              flow[cold].sum(axis=0) if cold.any() else np.zeros(flow.shape[1]), "A130"),
    ]  # fmt: skip
    for desk in known:
        if desk.supply.id == "desks" and desk.units.min(initial=1.0) > 0.0:
            families = (desk.need / HOUSEHOLD_PERSONS / desk.units[:, None]).max(axis=0)
            label = f"Families per registration desk on the busiest day, {desk.site}"
            found.append(_line(f"families_desk_{desk.site}", label, "families", families, "A132"))
    totals = Totals(services=services, spans=Spans((len(days),)))
    for sector, (total,) in sorted(totals.by_sector().items()):
        note = "beyond what is known to be in place"
        found.append(
            _line(f"unmet_{sector.lower().replace(' ', '_')}", f"Without: {sector}", "person-days", total, note)
        )
    return tuple(found)


def _line(name: str, label: str, unit: str, values: Floats, note: str) -> Protection:
    return Protection(id=name, label=label, unit=unit, figure=quantiles(values), note=note)


def _nights(services: Sequence[Service], flow: Floats) -> Floats:
    """Nights of people above the room of a site, or still not registered, (member,)."""
    parts = [one.unmet.sum(axis=0) for one in services if one.supply.sector == "Shelter" or one.supply.id == "desks"]
    return add_up(parts) if parts else np.zeros(flow.shape[1])


def _late(services: Sequence[Service], flow: Floats) -> Floats:
    parts = [one.late.sum(axis=0) for one in services if one.supply.id in QUEUES]
    return add_up(parts) if parts else np.zeros(flow.shape[1])
