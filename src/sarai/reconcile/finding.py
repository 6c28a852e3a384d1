"""Findings: what looks wrong with reports, how sure that is, and the decision that would accept it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sarai.world.decision import Action

LOOKED_AT = 7.0  # A69: log of the number of places looked at, which an odd figure among them must beat

FindingKind = Literal[
    "misprint", "dropped_digit", "families_as_persons", "factor_of_two", "thousands", "scope_change", "rebase",
    "shift", "duplicate_series", "cumulative_read_as_period", "period_read_as_cumulative", "leaves_out_deported",
    "impossible_date", "out_of_order", "disagreement",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One suspicion about some reports of a series.

    reports   ids of the reports; start, end: civil day numbers that they span
    evidence  what was seen, in a sentence with its numbers
    log_odds  natural log of the odds that it is so, against chance and the noise of the series
    change    what accepting it would do
    action, value  the decision that accepts it; declared: True where series.csv already says so
    factor    reported over expected, where that is the matter; 1 otherwise
    """

    kind: FindingKind
    series: str
    reports: tuple[str, ...]
    start: int
    end: int
    evidence: str
    log_odds: float
    change: str
    action: Action
    value: str = ""
    declared: bool = False
    factor: float = 1.0


def normal_odds(score: float) -> float:
    """Log odds that an offset is real: half its squared score less the cost of having looked in many places."""
    return float(0.5 * score**2 - LOOKED_AT)


def describe_factor(factor: float) -> str:
    """A factor in words."""
    if factor >= 1.0:
        return f"{factor:.1f} times"
    return f"{100.0 * factor:.{0 if factor >= 0.1 else 1}f} % of"
