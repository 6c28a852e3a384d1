"""Plan: needs by sector, site and day, each line with its cited standard."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Standard:
    """One line of the editable table of standards (plan/standards.csv, or the case's own standards.csv).

    setting  `zero_point`, `transit`, `camp`, `cash_desk` or `waiting` (to cross), or several joined by |
    season   `all`, `warm` or `cold`
    basis    `arrival` (per person arriving), `night` (per person present that night), `peak_hour` (per person in the
             busiest hour); quantity = persons x per_person
    use      `consumed` (adds up over days: water, meals) or `held` (stays in place: the largest day counts)
    """

    id: str
    sector: str
    item: str
    unit: str
    setting: str
    season: str
    basis: str
    per_person: float
    source: str
    edition: str
    page: str
    note: str = ""
    use: str = "consumed"


@dataclass(frozen=True, kw_only=True)
class Need:
    """Quantity of one item at one site on one day at P50, P80 and P95 of the forecast."""

    day: date
    site: str
    sector: str
    item: str
    unit: str
    standard_id: str
    p50: float
    p80: float
    p95: float


@dataclass(frozen=True, kw_only=True)
class NeedTotal:
    """Quantity of one item at one site over the first `days` days: the sum of what is consumed, the most that is held.

    Quantiles are taken over members after adding up, so they are not the sums of the daily quantiles.
    """

    days: int
    site: str
    sector: str
    item: str
    unit: str
    standard_id: str
    p50: float
    p80: float
    p95: float


@dataclass(frozen=True, kw_only=True)
class SiteLoad:
    """Load of one stage against its capacity. Where the capacity is not known, `needed_p80` says what would do.

    needed_p80      persons (or persons/day): enough on every day with a chance of 80 %
    peak_p50, ...   the largest daily load of each member, then quantiles over members
    breach_probability, first_breach_p50   None unless the capacity is cited or user-entered (or assumed and so marked)
    """

    stage: str
    site: str
    capacity: float | None
    capacity_assumed: bool
    needed_p80: float
    breach_probability: float | None
    first_breach_p50: date | None
    unit: str = "persons"
    peak_p50: float = 0.0
    peak_p80: float = 0.0
    peak_p95: float = 0.0
    peak_day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to have ready, from a forecast and a table of standards."""

    reference_date: date
    needs: tuple[Need, ...]
    loads: tuple[SiteLoad, ...]
    standards: tuple[Standard, ...]
    notes: tuple[str, ...] = field(default=())
    totals: tuple[NeedTotal, ...] = ()
    season: str = "warm"
