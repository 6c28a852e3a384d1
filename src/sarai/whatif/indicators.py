"""What a future did to people, one number a member: the indicators in which two scenarios are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarai.plan.care import Service
from sarai.plan.loads import HOUSEHOLD_PERSONS
from sarai.plan.needs import COLD_MONTHS
from sarai.plan.rates import UNACCOMPANIED, default_rates
from sarai.plan.supplies import SECTORS
from sarai.plan.totals import Spans, Totals
from sarai.simulate.ensemble import Ensemble
from sarai.world.civil import day_date

Floats = NDArray[np.float64]
OWN_SECTORS = ("Shelter", "Registration", "Transport")
"""Going without these is counted as nights without shelter and as waits, and not once more as unmet need."""


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One number of a future. `harm` True where less is better; None where neither more nor less is."""

    id: str
    label: str
    unit: str
    harm: bool | None


ARRIVALS = Indicator(id="arrivals", label="People who cross", unit="persons", harm=None)
PEAK_DAY = Indicator(id="peak_day", label="Largest number in one day", unit="persons", harm=None)
PEAK_QUEUE = Indicator(id="peak_queue", label="Longest queue at closing time", unit="persons", harm=True)
LONG_WAITS = Indicator(id="long_waits", label="Waits past 24 hours at the border", unit="person-days", harm=True)
RECEPTION_WAITS = Indicator(
    id="reception_waits", label="Waits past 24 hours for registration or transport", unit="person-days", harm=True
)
OPEN_NIGHTS = Indicator(id="open_nights", label="Nights without shelter", unit="person-nights", harm=True)
ABOVE_PACE = Indicator(
    id="above_pace", label="People above the daily pace of a reception stage", unit="person-days", harm=True
)
HARM_DAYS = Indicator(
    id="harm_days", label="Nights without shelter and waits past 24 hours, together", unit="person-days", harm=True
)
UNMET_NEED = Indicator(
    id="unmet_need", label="Unmet need for food, items, care and cash", unit="weighted person-days", harm=True
)
DURESS = Indicator(id="duress", label="People who return under duress", unit="persons", harm=True)
HARM = Indicator(id="harm", label="Harm: nights, waits, unmet need and duress, added up", unit="person-days", harm=True)
BREACH_DAYS = Indicator(id="breach_days", label="Days on which a site is above capacity", unit="days", harm=True)
FAMILIES_DESK = Indicator(
    id="families_desk", label="Families per registration desk on the busiest day", unit="families", harm=True
)
DEPORTED = Indicator(id="deported", label="People deported", unit="persons", harm=True)
UNACCOMPANIED_CHILDREN = Indicator(
    id="unaccompanied", label="Unaccompanied and separated children expected", unit="persons", harm=None
)
COLD_RETURNS = Indicator(id="cold_returns", label="People who cross in the cold months", unit="persons", harm=True)
COST = Indicator(id="cost", label="Cost of what is in place and used", unit="US dollars", harm=None)
COST_GAP = Indicator(id="cost_gap", label="Cost of what would still be missing", unit="US dollars", harm=None)
SECTOR_UNMET = {
    sector: Indicator(
        id=f"unmet_{sector.lower().replace(' ', '_')}",
        label=f"Without: {sector.lower()}",
        unit="person-days",
        harm=True,
    )
    for sector in SECTORS
}
INDICATORS = (
    ARRIVALS, PEAK_DAY, PEAK_QUEUE, LONG_WAITS, RECEPTION_WAITS, OPEN_NIGHTS, HARM_DAYS, UNMET_NEED, DURESS, HARM,
    BREACH_DAYS, FAMILIES_DESK, ABOVE_PACE, DEPORTED, UNACCOMPANIED_CHILDREN, COLD_RETURNS, COST, COST_GAP,
    *SECTOR_UNMET.values(),
)  # fmt: skip


def measure(
    ensemble: Ensemble, first_day: int, desks: NDArray[np.bool_], services: Sequence[Service] = (), fear: float = 0.0
) -> dict[str, Floats]:
    """Every indicator over the days from `first_day` on: id -> (member,); as `measure_windows`."""
    days = len(ensemble.days) - days_before(ensemble, first_day)
    return measure_windows(ensemble, first_day, desks, services, fear, (days,))[days]


def measure_windows(
    ensemble: Ensemble,
    first_day: int,
    desks: NDArray[np.bool_],
    services: Sequence[Service],
    fear: float,
    lengths: Sequence[int],
) -> dict[int, dict[str, Floats]]:
    """Every indicator over the first `lengths` days from `first_day` on: days -> id -> (member,).

    desks     (stage,) True where the capacity is a daily pace; people above it wait, they do not sleep there
    services  what people find at each site (`plan.care`), over the same days; without them nothing on care is said
    fear      share of those who cross without being deported who left for fear of arrest, from a cited survey
    lengths   ascending
    Nights without shelter count people who still queue at the border at closing time (A237), people above the room of
    the places where they sleep, and people who still wait for registration; a stage of unknown capacity adds none.
    """
    spans = Spans(tuple(lengths))
    begin = days_before(ensemble, first_day)
    months = [day_date(int(day)).month for day in ensemble.days[begin:]]
    found = _flows(ensemble, begin, spans, np.array([month in COLD_MONTHS for month in months]))
    totals = Totals(services=services, spans=spans)
    found |= _harm(ensemble, begin, desks, totals)
    deported, crossed = found[DEPORTED.id], found[ARRIVALS.id]
    found[DURESS.id] = deported + fear * (crossed - deported)
    found[HARM.id] = found[HARM_DAYS.id] + found[UNMET_NEED.id] + found[DURESS.id]
    found |= _care(totals)
    return {days: {name: values[row] for name, values in found.items()} for row, days in enumerate(lengths)}


def days_before(ensemble: Ensemble, first_day: int) -> int:
    """Days of an ensemble that lie before a day."""
    return int(np.searchsorted(ensemble.days, first_day))


def _flows(ensemble: Ensemble, begin: int, spans: Spans, cold: NDArray[np.bool_]) -> dict[str, Floats]:
    """Indicators of people who cross, (span, member). A day's total in a member stays below 2^31 persons."""
    crossed = ensemble["crossed"][begin:].sum(axis=1, dtype=np.int32)
    total = crossed.sum(axis=1, dtype=np.int32)
    arrivals = spans.total(total)
    return {
        ARRIVALS.id: arrivals,
        PEAK_DAY.id: spans.most(total),
        DEPORTED.id: spans.total(crossed[:, 0]),
        UNACCOMPANIED_CHILDREN.id: arrivals * default_rates()[UNACCOMPANIED].middle,
        COLD_RETURNS.id: spans.total(total * cold[:, None]),
    }


def _harm(ensemble: Ensemble, begin: int, desks: NDArray[np.bool_], totals: Totals) -> dict[str, Floats]:
    """Indicators of waits, nights, unmet need and days above capacity, (span, member)."""
    spans = totals.spans
    queue = ensemble["queue"][begin:].sum(axis=1, dtype=np.int32)
    waits = spans.total(ensemble["waiting_over_24h"][begin:].sum(axis=1, dtype=np.int32))
    above = ensemble["above_capacity"][begin:]
    paced, sleeping = (above[:, which].sum(axis=1, dtype=np.int32) for which in (desks, ~desks))
    outside = _outside(totals.services, sleeping)
    nights = spans.total(outside) + spans.total(queue)
    inside = totals.late() + np.zeros_like(waits)
    return {
        PEAK_QUEUE.id: spans.most(queue),
        LONG_WAITS.id: waits,
        RECEPTION_WAITS.id: inside,
        OPEN_NIGHTS.id: nights,
        HARM_DAYS.id: waits + inside + nights,
        UNMET_NEED.id: totals.weighted(OWN_SECTORS) + np.zeros_like(waits),
        BREACH_DAYS.id: spans.total((outside > 0) | (paced > 0) | (sleeping > 0)),
        ABOVE_PACE.id: spans.total(paced),
    }


def _outside(services: Sequence[Service], above: NDArray[Any]) -> NDArray[Any]:
    """People without shelter on each night, (day, member): no room where they sleep, or still not registered.

    above  people above the capacity of the stages where they sleep, for where no service says it
    """
    parts = [one.unmet for one in services if one.supply.sector == "Shelter" or one.supply.id == "desks"]
    return reduce(np.add, parts) if parts else above


def _care(totals: Totals) -> dict[str, Floats]:
    """Indicators of care: families per desk where some are open every day, cost, and who goes without, by sector."""
    services, spans = totals.services, totals.spans
    found = {SECTOR_UNMET[sector].id: unmet for sector, unmet in totals.by_sector().items()}
    desks = [one for one in services if one.supply.id == "desks" and one.known]
    families = [spans.most(one.need / HOUSEHOLD_PERSONS / one.units[:, None]) for one in desks if one.units.all()]
    if families:
        found[FAMILIES_DESK.id] = np.max(families, axis=0)
    if any(one.known for one in services):
        found |= {COST.id: totals.given_cost(), COST_GAP.id: totals.gap_cost()}
    return found
