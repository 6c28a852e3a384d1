"""Slips: running totals that deny the count their own series prints for the same days, by a digit or two."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from sarai.reconcile.entry import Entry
from sarai.reconcile.finding import Finding
from sarai.reconcile.suspect import make_finding
from sarai.world.civil import day_date

SLIP_PART = 0.5  # A69: a step must miss the count of its days by more than this part of it
MOST_DIGITS = 2  # A69: digits in which the total that would agree may differ from the one printed
LEAST_DIGITS = 5  # A69: shorter totals differ in two digits by chance
SLIP_ODDS = 9.0  # A69: as for counts that leave out the deported, an agreement to the last person


def find_slips(entries: list[Entry]) -> list[Finding]:
    """Totals whose step is not the count of the same days, where a digit or two would make it so to the last person."""
    counts: dict[tuple[object, ...], Entry] = {}
    chains: dict[tuple[object, ...], dict[int, Entry]] = defaultdict(dict)
    for entry in entries:
        if entry.count_class != "all" or entry.step > 1.0:
            continue
        if entry.cumulative:
            chains[(entry.series, entry.place, entry.status, entry.start)][entry.end] = entry
        else:
            counts[(entry.series, entry.place, entry.status, entry.start, entry.end)] = entry
    found = []
    for (series, place, status, _), chain in sorted(chains.items(), key=lambda item: str(item[0])):
        ordered = [chain[day] for day in sorted(chain)]
        for low, high in pairwise(ordered):
            count = counts.get((series, place, status, low.end + 1, high.end))
            if count is not None and slipped(low, high, count, ordered):
                found.append(slip_finding(low, high, count))
    return found


def slipped(low: Entry, high: Entry, count: Entry, chain: list[Entry]) -> bool:
    """Whether the later total is off by a digit or two, and the one that would agree keeps the order of the chain."""
    right = round(low.persons + count.persons)
    printed, meant = str(round(high.persons)), str(right)
    away = sum(first != second for first, second in zip(printed, meant, strict=False))
    later = min((entry.persons for entry in chain if entry.end > high.end), default=float(right))
    far = abs(high.persons - right) > SLIP_PART * count.persons
    return far and len(printed) == len(meant) >= LEAST_DIGITS and away <= MOST_DIGITS and right <= later


def slip_finding(low: Entry, high: Entry, count: Entry) -> Finding:
    """A finding about one total."""
    text = (
        f"{high.persons:,.0f} for {day_date(high.end)} is {high.persons - low.persons:,.0f} above the total before, "
        f"but the series counts {count.persons:,.0f} for the same days; {low.persons + count.persons:,.0f} would agree"
    )
    return make_finding("misprint", high.series, [high], text, SLIP_ODDS, "it would not enter", "set_aside")
