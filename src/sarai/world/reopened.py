"""Reopened: a crossing that the calendar calls shut, with no end known, is open where people were counted since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from sarai.world.calendar import Closure
from sarai.world.report import EVERYONE, Report
from sarai.world.world import World

OPEN_PERSONS_DAY = 10.0  # A349


def counted_open(world: World) -> Mapping[str, date]:
    """Since when each crossing has been open by its counts although the calendar calls it shut and knows no end.

    The first day of the last unbroken run of counts of everybody there, each of OPEN_PERSONS_DAY or more, that begin
    after the day on which it was shut and reach to the last of them. Running totals and partial closures say nothing.
    """
    found: dict[str, date] = {}
    for closure in world.calendar.closures:
        if closure.end is None and closure.fraction_closed >= 1.0:
            since = _open_since(world, closure)
            if since is not None:
                found[closure.crossing] = since
    return found


def told_closures(world: World) -> tuple[Closure, ...]:
    """The closures of the calendar; one without an end, where people were counted since, ends before they were."""
    since = counted_open(world)
    return tuple(
        replace(closure, end=since[closure.crossing] - timedelta(days=1))
        if closure.end is None and closure.fraction_closed >= 1.0 and closure.crossing in since
        else closure
        for closure in world.calendar.closures
    )


def _open_since(world: World, closure: Closure) -> date | None:
    only = len(world.crossings) == 1
    names = (closure.crossing, "all") if only else (closure.crossing,)
    counts = [
        report
        for report in world.reports
        if report.crossing in names and report.start > closure.start and not report.cumulative
        and report.kind in EVERYONE and report.status == "all" and report.persons is not None
    ]  # fmt: skip
    since: date | None = None
    for report in sorted(counts, key=lambda r: (r.end, r.start, r.id), reverse=True):
        if _persons_day(report) < OPEN_PERSONS_DAY:
            break
        since = report.start if since is None else min(since, report.start)
    return since


def _persons_day(report: Report) -> float:
    return (report.persons or 0) / ((report.end - report.start).days + 1)
