"""What reports tell: kinds of return, statuses, crossings, and who said it. The past prints nothing that none tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sarai.reconcile.kinds import CLASS_OF_KIND
from sarai.reconcile.picture import KINDS
from sarai.world.report import Report
from sarai.world.world import World

PARTS = {"not_deported": "deported"}


def told_kinds(world: World) -> tuple[str, ...]:
    """Kinds of return that some report counts apart; `other` is what is left where the kinds beside it are told."""
    classes = {CLASS_OF_KIND.get(report.kind, "none") for report in world.reports}
    told = {PARTS.get(name, name) for name in classes}
    if {"deported", "facilitated"} <= told:
        told.add("other")
    return tuple(kind for kind in KINDS if kind in told)


def told_statuses(world: World) -> tuple[bool, bool]:
    """Whether some report counts document statuses apart: at all, and at single crossings."""
    apart = [report for report in world.reports if _status_of(world, report) != "all"]
    return bool(apart), any(report.crossing != "all" and "+" not in report.crossing for report in apart)


def told_rows(world: World, rows: Iterable[Sequence[object]]) -> tuple[list[Sequence[object]], list[str]]:
    """Rows (from, to, crossing, status, kind, ...) of what reports tell, and the kinds and statuses that none tells."""
    kinds, statuses = {"all", *told_kinds(world)}, told_statuses(world)[0]
    kept: list[Sequence[object]] = []
    untold: dict[str, None] = {}
    for row in rows:
        status, kind = str(row[3]), str(row[4])
        if kind not in kinds:
            untold[kind] = None
        elif status != "all" and not statuses:
            untold[status] = None
        else:
            kept.append(row)
    return kept, sorted(untold)


def publisher_of(world: World, report: Report) -> str:
    """Who published a report: the publisher of its series, of its source, or the series where neither is named."""
    for regime in world.series:
        if regime.series == report.series and regime.publisher not in ("", regime.series):
            return regime.publisher
    source = world.sources.get(report.source_id)
    return source.publisher if source is not None and source.publisher else report.series


def publishers(world: World, reports: Iterable[Report]) -> tuple[str, ...]:
    """Publishers of some reports in alphabetical order."""
    return tuple(sorted({publisher_of(world, report) for report in reports}))


def _status_of(world: World, report: Report) -> str:
    if report.status != "all":
        return report.status
    for regime in world.series:
        if regime.series == report.series and len(regime.statuses) == 1:
            return regime.statuses[0]
    return "all"
