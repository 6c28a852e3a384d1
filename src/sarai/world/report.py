"""Reports: what a source counted, when, where, and since when that was known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Keeping = Literal["levels", "differences"]

EVERYONE = ("return_all", "arrival_all")
"""Kinds of a count of everybody who crossed."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A publication. `published` is None where the page shows no date."""

    source_id: str
    publisher: str
    title: str
    published: date | None = None
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """One figure: `series` counted `persons` (or `families`) that crossed `crossing` from `start` to `end` inclusive.

    id          hash of the row's content; the same row has the same id wherever it stands in the file
    crossing    a crossing id, a set of ids joined by +, or `all` (then the series says which crossings that means)
    status      document status, or `all`
    kind        `return_all`, `deported`, `not_deported`, `registered_assisted`, `spontaneous_return`, ...
    cumulative  a running total since `start`
    known       first day on which a run may use it; `known_inferred` rows are inputs but are never scored
    """

    id: str
    start: date
    end: date
    crossing: str
    status: str
    kind: str
    persons: int | None
    families: int | None
    cumulative: bool
    as_of: date | None
    source_id: str
    note: str
    series: str
    known: date
    known_inferred: bool


@dataclass(frozen=True, kw_only=True)
class SeriesRegime:
    """One publisher's way of counting, from `start` until `end` or until the next regime of the series begins.

    scope          crossing ids that `all` means in this series
    statuses       document statuses counted, or ("all",)
    unit           `persons` or `families`
    origin         first day of the running total, None if never stated
    keeping        running totals enter as `levels` (error is rounding) or `differences` (book-keeping)
    rounding       persons, the step to which figures are rounded; 1 if exact
    bias_log_mean, bias_log_sd   prior of log(reported / true); noise_log_sd: prior scale of a report's own error
    """

    series: str
    start: date
    end: date | None
    publisher: str
    scope: tuple[str, ...]
    statuses: tuple[str, ...]
    unit: Literal["persons", "families"]
    origin: date | None
    keeping: Keeping
    rounding: int
    bias_log_mean: float
    bias_log_sd: float
    noise_log_sd: float
    known: date
    note: str = ""
