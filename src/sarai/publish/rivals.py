"""Rival series: what each source said, as persons a day over the days it spoke of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from sarai.publish.charts import Stroke
from sarai.publish.told import publisher_of
from sarai.world.report import Report, SeriesRegime
from sarai.world.world import World

RETURN_KINDS = ("return_all",)
LONGEST_DAYS = 92
STYLES = 6


@dataclass(frozen=True, kw_only=True)
class Said:
    """One publisher's figure turned into a daily rate over the days between two of its figures."""

    series: str
    first: date
    last: date
    per_day: float


def find_said(world: World, crossings: frozenset[str], first: date) -> tuple[Said, ...]:
    """Figures on exactly these crossings as daily rates, in order of series then day.

    A running total counts from the series' own total before it, inside one regime; windows longer than a quarter and
    totals that fall are left out here (they stay in the sources).
    """
    found: list[Said] = []
    for series in sorted({report.series for report in world.reports}):
        reports = [report for report in world.reports if _fits(world, report, series, crossings)]
        found.extend(_single(report) for report in reports if not report.cumulative and _days(report) <= LONGEST_DAYS)
        found.extend(_differences(world, [report for report in reports if report.cumulative]))
    return tuple(item for item in found if item.last >= first and item.per_day >= 0)


def strokes_of(said: Iterable[Said]) -> tuple[list[Stroke], list[str]]:
    """Strokes for a chart and the series in the order of their colours."""
    items = list(said)
    names = sorted({item.series for item in items})
    styles = {name: f"s{index % STYLES}" for index, name in enumerate(names)}
    strokes = [
        Stroke(first=item.first, last=item.last, value=item.per_day, style=styles[item.series]) for item in items
    ]
    return strokes, names


def series_label(world: World, series: str) -> str:
    """Publisher of a series, with its id where several series have one publisher."""
    said = {report.series: publisher_of(world, report) for report in world.reports}
    name = said.get(series, series)
    shared = sum(publisher == name for publisher in said.values()) > 1
    return f"{name} ({series})" if shared else name


def _fits(world: World, report: Report, series: str, crossings: frozenset[str]) -> bool:
    if report.series != series or report.persons is None or report.kind not in RETURN_KINDS or report.status != "all":
        return False
    regime = _regime(world, report)
    if report.crossing == "all":
        return regime is not None and frozenset(regime.scope) == crossings
    return frozenset(report.crossing.split("+")) == crossings


def _regime(world: World, report: Report) -> SeriesRegime | None:
    fitting = [item for item in world.series if item.series == report.series and item.start <= report.end]
    return max(fitting, key=lambda item: item.start) if fitting else None


def _days(report: Report) -> int:
    return (report.end - report.start).days + 1


def _single(report: Report) -> Said:
    return Said(series=report.series, first=report.start, last=report.end,
                per_day=float(report.persons or 0) / _days(report))  # fmt: skip


def _differences(world: World, reports: list[Report]) -> list[Said]:
    found = []
    ordered = sorted(reports, key=lambda report: (report.end, report.persons or 0))
    for before, after in pairwise(ordered):
        days = (after.end - before.end).days
        if 0 < days <= LONGEST_DAYS and _regime(world, before) is _regime(world, after):
            rise = float((after.persons or 0) - (before.persons or 0)) / days
            found.append(Said(series=after.series, first=before.end + timedelta(days=1), last=after.end, per_day=rise))
    return found
