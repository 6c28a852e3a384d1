"""Faults put into synthetic feeds, one a feed, with what a fault finder ought to say about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from sarai.world.report import Report
from verify.feeds import FIRST_DAY, Feed, write_report

FAULT_KINDS = ("factor", "digit", "shift", "rebase", "families", "duplicate")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What was done: kind, series and the reports touched, as they stand in the corrupted feed."""

    kind: str
    series: str
    reports: frozenset[str]


def corrupt(feed: Feed, kind: str, seed: int) -> tuple[Feed, Fault]:
    """The feed with one fault of a kind, and the fault."""
    rng = np.random.default_rng([seed, FAULT_KINDS.index(kind)])
    reports, fault = CORRUPTIONS[kind](rng, feed)
    ordered = tuple(report for report in reports if report.known <= feed.world.as_of)
    kept = frozenset(report.id for report in ordered)
    fault = replace(fault, reports=fault.reports & kept)
    series = feed.world.series
    if kind == "duplicate":
        source = next(item for item in series if item.series == fault.series.removesuffix("_copy"))
        series = (*series, replace(source, series=fault.series))
    return replace(feed, world=replace(feed.world, reports=ordered, series=series)), fault


def rename(report: Report, persons: float, **change: object) -> Report:
    """A report with another figure, under an id of its own."""
    changed = replace(report, persons=max(round(persons), 1), **change)  # type: ignore[arg-type]
    first, last = (changed.start - FIRST_DAY).days, (changed.end - FIRST_DAY).days
    fresh = write_report(changed.series, first, last, changed.crossing, changed.persons or 0, changed.cumulative, 0)
    return replace(changed, id=fresh.id)


def scale_stretch(rng: np.random.Generator, feed: Feed, series: str, factor: float, kind: str):  # type: ignore[no-untyped-def]
    """From some day on, for at least two weeks (five for a weekly one), a series prints a multiple."""
    days = len(feed.truth)
    shortest = 35 if series == "monitoring_agency" else 14
    begin = int(rng.integers(days // 4, days - shortest - 7))
    end = begin + int(rng.integers(shortest, days))
    touched: set[str] = set()
    reports = []
    for report in feed.world.reports:
        day = (report.start - FIRST_DAY).days
        if report.series == series and begin <= day <= end:
            changed = rename(report, (report.persons or 0) * factor)
            touched.add(changed.id)
            reports.append(changed)
        else:
            reports.append(report)
    return reports, Fault(kind=kind, series=series, reports=frozenset(touched))


def put_factor(rng: np.random.Generator, feed: Feed):  # type: ignore[no-untyped-def]
    """A factor of two, up or down, from some day on."""
    series = str(rng.choice(["border_police", "monitoring_agency"]))
    return scale_stretch(rng, feed, series, float(rng.choice([0.5, 2.0])), "factor")


def put_families(rng: np.random.Generator, feed: Feed):  # type: ignore[no-untyped-def]
    """Families printed as persons from some day on."""
    series = str(rng.choice(["border_police", "monitoring_agency"]))
    return scale_stretch(rng, feed, series, 1.0 / float(rng.uniform(4.5, 7.5)), "families")


def put_digit(rng: np.random.Generator, feed: Feed):  # type: ignore[no-untyped-def]
    """One figure loses its last digit."""
    pool = [report for report in feed.world.reports if (report.persons or 0) >= 100 and report.series != "commissioner"]
    hit = pool[int(rng.integers(len(pool)))]
    changed = rename(hit, (hit.persons or 0) // 10)
    reports = [changed if report is hit else report for report in feed.world.reports]
    return reports, Fault(kind="digit", series=hit.series, reports=frozenset({changed.id}))


def put_shift(rng: np.random.Generator, feed: Feed):  # type: ignore[no-untyped-def]
    """From some day on the border police dates its counts a week late."""
    begin = int(rng.integers(0, len(feed.truth) // 2))
    touched: set[str] = set()
    reports = []
    for report in feed.world.reports:
        day = (report.start - FIRST_DAY).days
        if report.series == "border_police" and day >= begin:
            late = timedelta(days=7)
            changed = rename(report, report.persons or 0, start=report.start + late, end=report.end + late,
                             known=report.known + late)  # fmt: skip
            touched.add(changed.id)
            reports.append(changed)
        else:
            reports.append(report)
    return reports, Fault(kind="shift", series="border_police", reports=frozenset(touched))


def put_rebase(rng: np.random.Generator, feed: Feed):  # type: ignore[no-untyped-def]
    """From some day on a ministry's total stands 10 to 50 % higher than it would."""
    days = len(feed.truth)
    begin = int(rng.integers(days // 2, days - 10))
    mine = sorted((r for r in feed.world.reports if r.series == "interior_ministry"), key=lambda r: r.end)
    before = [report for report in mine if (report.end - FIRST_DAY).days < begin]
    added = (before[-1].persons or 0) * float(rng.uniform(0.1, 0.5))
    touched: set[str] = set()
    reports = []
    for report in feed.world.reports:
        if report.series == "interior_ministry" and (report.end - FIRST_DAY).days >= begin:
            changed = rename(report, (report.persons or 0) + added)
            touched.add(changed.id)
            reports.append(changed)
        else:
            reports.append(report)
    return reports, Fault(kind="rebase", series="interior_ministry", reports=frozenset(touched))


def put_duplicate(rng: np.random.Generator, feed: Feed):  # type: ignore[no-untyped-def]
    """A series printed again under another name, a day later, to within half a per cent."""
    series = str(rng.choice(["border_police", "interior_ministry", "monitoring_agency"]))
    copies = [
        rename(report, (report.persons or 0) * float(np.exp(rng.normal(0.0, 0.003))), series=f"{series}_copy",
               known=report.known + timedelta(days=1))
        for report in feed.world.reports
        if report.series == series and rng.random() < 0.8
    ]  # fmt: skip
    fault = Fault(kind="duplicate", series=f"{series}_copy", reports=frozenset(report.id for report in copies))
    return [*feed.world.reports, *copies], fault


CORRUPTIONS = {
    "factor": put_factor,
    "digit": put_digit,
    "shift": put_shift,
    "rebase": put_rebase,
    "families": put_families,
    "duplicate": put_duplicate,
}
