"""Suspects: what is wrong with reports on their face, before any comparison with the picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from sarai.reconcile.entry import Entry
from sarai.reconcile.finding import Finding
from sarai.world.civil import day_number
from sarai.world.report import Report
from sarai.world.world import World

CERTAIN = 12.0  # log odds given to what cannot be otherwise
FEWEST_RISING = 6  # A68: so many period figures that never fall look like a running total
MISPRINTED_SHARE = 0.05  # A68: times that they may fall all the same, for misprints
SURELY_RISING = 12  # A68: rises without a fall that need not have trebled: a total that began long before
FALLING_SHARE = 0.25  # A68: a running total that falls at this share of its steps is none
SAME_LOG = 0.02  # A68: figures of two series this close are copies
FEWEST_COPIES = 4  # A68
MANY_FAMILIES = 20  # A68: families from which on a report can be told from one of single travellers
FEWEST_RATIOS = 3  # A68: reports of a series that tell its usual persons a family
LEAST_FAMILY = 2.0  # A68: persons a family below which a series counts single travellers
COPIED_SHARE = 0.8  # A68: share of common windows that must agree


def find_impossible_dates(world: World) -> list[Finding]:
    """Reports whose window ends before it starts, after the as-of date, or after the report was known."""
    found = []
    for report in world.reports:
        if report.end < report.start:
            text = f"its window ends on {report.end}, before it starts on {report.start}"
        elif report.end > world.as_of or report.end > report.known:
            text = f"its window ends on {report.end}, after the day on which it was known ({report.known})"
        else:
            continue
        found.append(
            Finding(
                kind="impossible_date", series=report.series, reports=(report.id,), start=day_number(report.start),
                end=day_number(report.end), evidence=text, log_odds=CERTAIN, change="it would not enter",
                action="set_aside",
            )
        )  # fmt: skip
    return found


def find_families_in_place(world: World) -> list[Finding]:
    """Reports whose persons are no more than their own families, in a series where a family is several persons."""
    told = {name for decision in world.decisions if decision.action == "use_unit" for name in decision.reports}
    open_ones = [report for report in world.reports if report.id not in told]
    both = [(r, r.persons, r.families) for r in open_ones if r.persons is not None and r.families is not None]
    both = [row for row in both if row[2] >= MANY_FAMILIES]
    slips: dict[str, list[tuple[Report, int, int, float]]] = defaultdict(list)
    for report, persons, families in both:
        others = [p / f for other, p, f in both if other.series == report.series and other is not report]
        usual = float(np.median(others)) if len(others) >= FEWEST_RATIOS else 0.0
        if persons <= families and usual >= LEAST_FAMILY:
            slips[report.series].append((report, persons, families, usual))
    return [families_finding(series, rows) for series, rows in sorted(slips.items())]


def families_finding(series: str, rows: list[tuple[Report, int, int, float]]) -> Finding:
    """One finding on all reports of a series whose persons are its families."""
    reports = [report for report, *_ in rows]
    persons, families = sum(row[1] for row in rows), sum(row[2] for row in rows)
    usual = rows[0][3]
    where = f" in {len(rows)} reports" if len(rows) > 1 else ""
    text = (
        f"{persons:,} persons in {families:,} families{where}, where this series has {usual:.1f} persons a family: "
        "families were printed as persons"
    )
    return Finding(
        kind="families_as_persons", series=series, reports=tuple(report.id for report in reports),
        start=min(day_number(report.start) for report in reports),
        end=max(day_number(report.end) for report in reports), evidence=text, log_odds=CERTAIN, action="use_unit",
        value="families", change=f"they would enter as families, about {families * usual:,.0f} persons by this series",
    )  # fmt: skip


def find_running_periods(entries: list[Entry]) -> list[Finding]:
    """Period figures that hardly ever fall, and whose steps look like the flow: a running total read as counts."""
    found = []
    for series, group in grouped(entry for entry in entries if not entry.cumulative):
        values = np.array([entry.persons for entry in group])
        falls = int((np.diff(values) < 0).sum())
        if len(group) < FEWEST_RISING or falls > MISPRINTED_SHARE * len(group):
            continue
        rises = int((np.diff(values) > 0).sum())
        if rises < FEWEST_RISING - 1 or (values[-1] < 3.0 * max(values[0], 1.0) and rises < SURELY_RISING):
            continue
        fall = f"fall {falls} time{'s' if falls > 1 else ''}" if falls else "never fall"
        found.append(
            make_finding(
                "cumulative_read_as_period", series, group,
                f"{len(group)} figures in a row {fall} and rise {rises} times, from {values[0]:,.0f} to "
                f"{values[-1]:,.0f}: a running total", float(np.log(2.0) * rises),
                "they would be read as totals and their steps would enter", "read_cumulative",
            )
        )  # fmt: skip
    return found


def find_falling_totals(entries: list[Entry]) -> list[Finding]:
    """Running totals that keep falling: counts for a period read as totals."""
    found = []
    for series, group in grouped((entry for entry in entries if entry.cumulative), by_start=True):
        ends = {entry.end: entry for entry in group}
        days = sorted(ends)
        falls = sum(1 for first, last in pairwise(days) if ends[last].persons < 0.98 * ends[first].persons)
        if falls < 2 or falls < FALLING_SHARE * (len(days) - 1) or len(days) < 4:
            continue
        found.append(
            make_finding(
                "period_read_as_cumulative", series, group,
                f"{falls} of {len(days) - 1} steps of this running total fall: its figures are counts of a period",
                3.0 * falls, "each figure would be read as the count since the one before", "read_period",
            )
        )  # fmt: skip
    return found


def find_copies(entries: list[Entry]) -> list[Finding]:
    """Two series whose figures for the same windows agree far more closely than counting allows."""
    windows: dict[tuple[object, ...], dict[str, Entry]] = defaultdict(dict)
    for entry in entries:
        if entry.persons >= 50.0:
            windows[
                (entry.start, entry.end, entry.scope, entry.count_class, entry.status, entry.cumulative)
            ].setdefault(entry.series, entry)
    pairs: dict[tuple[str, str], list[tuple[Entry, Entry]]] = defaultdict(list)
    for group in windows.values():
        names = sorted(group)
        for place, first in enumerate(names):
            for second in names[place + 1 :]:
                pairs[(first, second)].append((group[first], group[second]))
    found = []
    for (first, second), common in sorted(pairs.items()):
        gaps = np.array([abs(np.log(a.persons / b.persons)) for a, b in common])
        same = [pair for pair, gap in zip(common, gaps, strict=True) if gap < SAME_LOG]
        if len(same) < FEWEST_COPIES or len(same) < COPIED_SHARE * len(common):
            continue
        late = second if sum(b.known - a.known for a, b in common) >= 0 else first
        rows = [pair[1] if late == second else pair[0] for pair in same]
        found.append(
            make_finding(
                "duplicate_series", late, rows,
                f"{len(same)} of {len(common)} figures for the same windows are those of series "
                f"{first if late == second else second}, within {100 * SAME_LOG:.0f} %", 2.0 * len(same),
                "it would not enter a second time", "same_as", first if late == second else second,
            )
        )  # fmt: skip
    return found


def find_left_out(entries: list[Entry]) -> list[Finding]:
    """Counts of everybody that fall short of the step of their own running total by the deported of that window."""
    totals: dict[tuple[object, ...], dict[int, Entry]] = defaultdict(dict)
    deported: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.cumulative and entry.count_class == "all":
            totals[(entry.series, entry.scope, entry.status)][entry.end] = entry
        if not entry.cumulative and entry.count_class == "deported":
            deported[(entry.start, entry.end, entry.scope)].append(entry)
    found = []
    for entry in entries:
        if entry.cumulative or entry.count_class != "all":
            continue
        chain = totals.get((entry.series, entry.scope, entry.status), {})
        removed = deported.get((entry.start, entry.end, entry.scope), [])
        low = chain.get(entry.start - 1)
        low = low or chain_before(chain, entry.start)
        high = chain.get(entry.end)
        for other in removed:
            whole = entry.persons + other.persons
            text = ""
            if low and high and low.end == entry.start - 1 and abs(high.persons - low.persons - whole) <= 0.003 * whole:
                text = f"the running total of the series rose by {high.persons - low.persons:,.0f}"
            if text and other.persons > 0.01 * entry.persons:
                found.append(
                    make_finding(
                        "leaves_out_deported", entry.series, [entry],
                        f"{text}, which is its {entry.persons:,.0f} and the {other.persons:,.0f} deported of the same "
                        "window", 9.0, "it would be read as those not deported", "use_kind", "not_deported",
                    )
                )  # fmt: skip
                break
    return found


def chain_before(chain: dict[int, Entry], day: int) -> Entry | None:
    """The last total before a day."""
    ends = [end for end in chain if end < day]
    return chain[max(ends)] if ends else None


def grouped(entries: Iterable[Entry], by_start: bool = False) -> list[tuple[str, list[Entry]]]:
    """Entries by series, scope, kind and status (and first day), each in order of days; with the name of the series."""
    groups: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        start = entry.start if by_start else 0
        groups[(entry.series, entry.place, entry.count_class, entry.status, start)].append(entry)
    ordered = sorted(groups.items(), key=lambda item: str(item[0]))
    return [(str(key[0]), sorted(group, key=lambda entry: (entry.end, entry.known))) for key, group in ordered]


def make_finding(
    kind: str, series: str, entries: list[Entry], evidence: str, log_odds: float, change: str, action: str,
    value: str = "", factor: float = 1.0,
) -> Finding:  # fmt: skip
    """A finding about some entries."""
    return Finding(
        kind=kind,  # type: ignore[arg-type]
        series=series,
        reports=tuple(name for entry in entries for name in entry.report_ids),
        start=min(entry.start if not entry.cumulative else entry.end for entry in entries),
        end=max(entry.end for entry in entries),
        evidence=evidence,
        log_odds=log_odds,
        change=change,
        action=action,  # type: ignore[arg-type]
        value=value,
        factor=factor,
    )
