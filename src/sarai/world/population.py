"""Who may return: strata of origin area and document status, with ranges. Never below province."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sarai.world.place import NO_BASIS, Basis


@dataclass(frozen=True, kw_only=True)
class Status:
    """A document status, for example Proof of Registration."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """Persons of one status in one origin area before the deadline: the range in which the number is thought to lie."""

    origin: str
    status: str
    low_persons: int
    high_persons: int
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class PopulationEstimate:
    """One published estimate, kept beside its rivals. `area` is a province, the country or a region of it."""

    as_of: date
    area: str
    status: str
    value: float
    unit: str
    source_id: str
    note: str
    known: date


USUAL_FRACTION_DAY = 1.3e-4  # A80: part of the people concerned who leave on a usual day, before anything is announced


def usual_persons_day(strata: Iterable[Stratum]) -> float:
    """Persons who leave on a usual day, by the middle of the population ranges (persons/day); 0 without a range."""
    middles = (math.sqrt(max(s.low_persons, 1) * s.high_persons) for s in strata if s.high_persons > 0)
    return USUAL_FRACTION_DAY * math.fsum(middles)
