"""Plan: needs by sector, site and day, each line with its cited standard."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Standard:
    """One line of the editable table of standards (plan/standards.csv, or the case's own standards.csv).

    basis    `arrival` (per person arriving), `night` (per person present that night), `peak_hour` (per person in the
             busiest hour); quantity = persons x per_person
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
class SiteLoad:
    """Load of one stage against its capacity. Where the capacity is not known, `needed_p80` says what would do."""

    stage: str
    site: str
    capacity: float | None
    capacity_assumed: bool
    needed_p80: float
    breach_probability: float | None
    first_breach_p50: date | None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to have ready, from a forecast and a table of standards."""

    reference_date: date
    needs: tuple[Need, ...]
    loads: tuple[SiteLoad, ...]
    standards: tuple[Standard, ...]
    notes: tuple[str, ...] = field(default=())
