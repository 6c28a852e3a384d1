"""Decisions: findings on reports that somebody accepted, with why, and in which capacity. Never a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Action = Literal[
    "set_aside", "use_persons", "use_kind", "use_crossing", "use_status", "use_series", "use_unit", "use_window",
    "read_cumulative", "read_period", "break_series", "same_as",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One accepted finding: how some reports, or a whole series, are to enter from now on.

    reports  ids of the reports it is about; empty when it is about a whole series
    action   `set_aside`: the reports do not enter; `use_persons`, `use_kind`, `use_crossing`, `use_status`,
             `use_series`, `use_unit`: read `value` in place of what is printed; `use_window`: `value` is START/END
             as ISO dates; `read_cumulative` or `read_period`: the figure is a running total, or is not;
             `break_series`: the series begins a new regime on the ISO date `value`; `same_as`: the series repeats
             the series `value` and does not enter
    by       a role and duty station, never a person's name; known: since when the decision holds
    """

    finding: str
    reports: tuple[str, ...] = ()
    series: str = ""
    action: Action
    value: str = ""
    why: str
    by: str
    known: date
