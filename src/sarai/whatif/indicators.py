"""What a future did to people, one number a member: the indicators in which two scenarios are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.plan.care import QUEUES, Service, add_up, gap_cost, given_cost, unmet_by_sector, weighted_unmet
from sarai.plan.loads import HOUSEHOLD_PERSONS
from sarai.plan.needs import COLD_MONTHS
from sarai.plan.rates import UNACCOMPANIED, default_rates
from sarai.plan.supplies import SECTORS
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
    """Every indicator over the days from `first_day` on: id -> (member,); those of care where `services` say it.

    desks     (stage,) True where the capacity is a daily pace; people above it wait, they do not sleep there
    services  what people find at each site (`plan.care`), over the same days
    fear      share of those who cross without being deported who left for fear of arrest, from a cited survey
    Nights without shelter count people who still queue at the border at closing time (A237), people above the room of
    the places where they sleep, and people who still wait for registration; a stage of unknown capacity adds none.
    """
    keep = ensemble.days >= first_day
    crossed = np.asarray(ensemble["crossed"][keep], dtype=np.float64)
    total = crossed.sum(axis=(1, 2))
    cold = np.array([day_date(int(day)).month in COLD_MONTHS for day in ensemble.days[keep]])
    above = np.asarray(ensemble["above_capacity"][keep], dtype=np.float64)
    queue = np.asarray(ensemble["queue"][keep], dtype=np.float64)
    deported = crossed[:, :, 0].sum(axis=(0, 1))
    waits = np.asarray(ensemble["waiting_over_24h"][keep], dtype=np.float64).sum(axis=(0, 1))
    inside = add_up([service.late.sum(axis=0) for service in services if service.supply.id in QUEUES])
    inside = inside + np.zeros_like(waits)
    outside = _outside(services, above[:, ~desks].sum(axis=1))
    nights = outside.sum(axis=0) + queue.sum(axis=(0, 1))
    duress = deported + fear * (total.sum(axis=0) - deported)
    unmet = weighted_unmet([one for one in services if one.supply.sector not in OWN_SECTORS])
    return {
        ARRIVALS.id: total.sum(axis=0),
        PEAK_DAY.id: total.max(axis=0),
        PEAK_QUEUE.id: queue.sum(axis=1).max(axis=0),
        LONG_WAITS.id: waits,
        RECEPTION_WAITS.id: inside,
        OPEN_NIGHTS.id: nights,
        HARM_DAYS.id: waits + inside + nights,
        UNMET_NEED.id: unmet + np.zeros_like(waits),
        DURESS.id: duress,
        HARM.id: waits + inside + nights + unmet + duress,
        BREACH_DAYS.id: ((outside > 0.0) | (above.sum(axis=1) > 0.0)).sum(axis=0).astype(np.float64),
        ABOVE_PACE.id: above[:, desks].sum(axis=(0, 1)),
        DEPORTED.id: deported,
        UNACCOMPANIED_CHILDREN.id: total.sum(axis=0) * default_rates()[UNACCOMPANIED].middle,
        COLD_RETURNS.id: total[cold].sum(axis=0),
        **_care(services),
    }


def _outside(services: Sequence[Service], above: Floats) -> Floats:
    """People without shelter on each night, (day, member): no room where they sleep, or still not registered.

    above  people above the capacity of the stages where they sleep, for where no service says it
    """
    parts = [one.unmet for one in services if one.supply.sector == "Shelter" or one.supply.id == "desks"]
    return np.sum(parts, axis=0) if parts else above


def _care(services: Sequence[Service]) -> dict[str, Floats]:
    """Indicators of care: families per desk, cost, and who goes without, by sector."""
    if not services:
        return {}
    found = {SECTOR_UNMET[sector].id: total for sector, total in unmet_by_sector(services).items()}
    desks = [one for one in services if one.supply.id == "desks" and one.known and one.units.min(initial=1.0) > 0.0]
    if desks:
        families = [(one.need / HOUSEHOLD_PERSONS / one.units[:, None]).max(axis=0) for one in desks]
        found[FAMILIES_DESK.id] = np.max(families, axis=0)
    known = [one for one in services if one.known]
    if known:
        found |= {COST.id: given_cost(known), COST_GAP.id: gap_cost(known)}
    return found
