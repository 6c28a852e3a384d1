"""Chains: running totals of one series, regime and scope, turned into figures over windows."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from sarai.reconcile.entry import ZERO_LOG_SD, ZERO_PERSONS, Entry, SetAside
from sarai.reconcile.kinds import CountClass

SAME_FIGURE = 0.005  # A54: figures of one series and window closer than this are one figure, rounded differently
BREAK_LENGTH = 3  # A55: so many totals in a row out of order are a break of the series, fewer are misprints
FIRST_TOTAL_FACTOR = 2.0  # A56: the first total of a chain kept as differences enters with so much more noise
OUT_OF_ORDER = "stands above a later total, or below an earlier one, of its own series"
ROUGHER = "is the same figure as another report of its series, rounded more roughly or repeated"
LONE_TOTAL = "is a running total of which nothing says since when it counts, and no other of its series follows"
TOO_ROUND = "its step from the total before is less than twice its rounding"

Form = Literal["count", "level", "difference"]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One observation: persons over a window and scope; see Observations for the meaning of each field."""

    report_ids: tuple[str, ...]
    series: str
    regime: int
    start: int
    end: int
    scope: tuple[str, ...]
    status: str
    count_class: CountClass
    value: float
    noise_sd: float
    rounding_sd: float
    form: Form
    known: int
    scored: bool


def chain_figures(entries: list[Entry]) -> tuple[list[Figure], list[SetAside]]:
    """Figures of all entries: counts as they are, running totals as levels or differences; and what was set aside."""
    figures: list[Figure] = []
    aside: list[SetAside] = []
    merged = merge_same(sorted(entries, key=entry_order), aside)
    for cumulative, group in groupby(merged, key=chain_key):
        members = list(group)
        if not cumulative[0]:
            figures.extend(count_figure(entry) for entry in members)
            continue
        if members[0].keeping == "levels":
            figures.extend(replace(count_figure(entry), form="level") for entry in members)
            continue
        for segment in split_segments(members, aside):
            figures.extend(difference_segment(segment, aside))
    return figures, aside


def chain_key(entry: Entry) -> tuple[bool, str, int, tuple[str, ...], str, str, int]:
    """Entries with one key form a chain: running totals that may be differenced."""
    origin = entry.start if entry.cumulative else 0
    return (entry.cumulative, entry.series, entry.regime, entry.scope, entry.status, entry.count_class, origin)


def entry_order(entry: Entry) -> tuple[object, ...]:
    """Chain by chain, by last day; on one day the finest and latest known figure first."""
    return (*chain_key(entry), entry.end, entry.start, entry.step, -entry.known, entry.persons, entry.report_ids)


def merge_same(entries: list[Entry], aside: list[SetAside]) -> list[Entry]:
    """Figures of one chain and window that agree within rounding enter once, as the finest of them."""
    merged: list[Entry] = []
    for entry in entries:
        twin = next((index for index, kept in same_window(merged, entry) if agree(kept, entry)), None)
        if twin is None:
            merged.append(entry)
            continue
        kept = merged[twin]
        if kept.persons == entry.persons:
            known, scored = min(kept.known, entry.known), kept.scored or entry.scored
            merged[twin] = replace(kept, report_ids=kept.report_ids + entry.report_ids, known=known, scored=scored)
        else:
            aside.extend(SetAside(report_id=name, reason=ROUGHER) for name in entry.report_ids)
    return merged


def same_window(merged: list[Entry], entry: Entry) -> list[tuple[int, Entry]]:
    """The last entries of `merged` with the chain and window of `entry` (they stand together, being sorted)."""
    found = []
    for index in range(len(merged) - 1, -1, -1):
        kept = merged[index]
        if chain_key(kept) != chain_key(entry) or kept.end != entry.end:
            break
        if kept.start == entry.start:
            found.append((index, kept))
    return found


def agree(first: Entry, second: Entry) -> bool:
    """Whether two figures of one window are one figure, printed with more or less rounding."""
    gap = abs(first.persons - second.persons)
    rough = max(first.step, second.step)
    return gap <= SAME_FIGURE * max(first.persons, second.persons) or (rough > 1.0 and gap <= rough)


def split_segments(chain: list[Entry], aside: list[SetAside]) -> list[list[Entry]]:
    """Cut a chain of totals into pieces that never fall: lone totals out of order are set aside, runs are breaks."""
    inside = longest_rising(chain)
    segments: list[list[Entry]] = [[]]
    for kept, group in groupby(range(len(chain)), key=lambda index: index in inside):
        run = [chain[index] for index in group]
        if kept:
            segments[-1].extend(run)
        elif len(run) >= BREAK_LENGTH:
            segments.extend(split_segments(run, aside))
            segments.append([])
        else:
            aside.extend(SetAside(report_id=name, reason=OUT_OF_ORDER) for entry in run for name in entry.report_ids)
    return [segment for segment in segments if segment]


def longest_rising(chain: list[Entry]) -> set[int]:
    """Indices of the longest run of totals that never fall, one a day; patience sorting, n log n."""
    order = sorted(range(len(chain)), key=lambda index: (chain[index].end, -chain[index].persons))
    tails: list[float] = []
    heads: list[int] = []
    before = [-1] * len(chain)
    seen: set[tuple[int, float]] = set()
    for index in order:
        persons, day = chain[index].persons, chain[index].end
        place = bisect_right(tails, persons)
        # totals of one day come largest first, so that a day can never follow itself unless they are equal
        if (day, persons) in seen:
            continue
        seen.add((day, persons))
        before[index] = heads[place - 1] if place else -1
        if place == len(tails):
            tails.append(persons)
            heads.append(index)
        else:
            tails[place] = persons
            heads[place] = index
    inside: set[int] = set()
    index = heads[-1] if heads else -1
    while index >= 0:
        inside.add(index)
        index = before[index]
    return inside


def count_figure(entry: Entry) -> Figure:
    """An entry as it stands: persons over its own window."""
    return figure_of(entry, entry.start, entry.persons, entry.step / 2.0, "count", 1.0)


def difference_segment(segment: list[Entry], aside: list[SetAside]) -> list[Figure]:
    """Differences of neighbouring totals; the first enters as a level where the origin of the series is stated."""
    figures: list[Figure] = []
    segment = plain_steps(segment)
    anchor = segment[0]
    if anchor.origin_stated:
        figures.append(figure_of(anchor, anchor.start, anchor.persons, anchor.step / 2.0, "level", FIRST_TOTAL_FACTOR))
    elif len(segment) == 1:
        aside.extend(SetAside(report_id=name, reason=LONE_TOTAL) for name in anchor.report_ids)
    for entry in segment[1:]:
        step = max(anchor.step, entry.step)
        gain = entry.persons - anchor.persons
        if step > 1.0 and gain < 2.0 * step:
            aside.extend(SetAside(report_id=name, reason=TOO_ROUND) for name in entry.report_ids)
            continue
        figure = figure_of(entry, anchor.end + 1, gain, step * 0.5**0.5, "difference", 1.0)
        both = replace(
            figure,
            report_ids=entry.report_ids + anchor.report_ids,
            known=max(entry.known, anchor.known),
            scored=entry.scored and anchor.scored,
        )
        figures.append(both)
        anchor = entry
    return figures


def plain_steps(segment: list[Entry]) -> list[Entry]:
    """Totals that happen to end in zeros are not taken as rounded where most of their chain is not."""
    rough = sum(1 for entry in segment if entry.step > 1.0)
    if 2 * rough > len(segment):
        return segment
    finest = min(entry.step for entry in segment)
    return [replace(entry, step=finest) for entry in segment]


def figure_of(entry: Entry, start: int, persons: float, rounding: float, form: Form, factor: float) -> Figure:
    """A figure of `persons` over start..entry.end, its log error made of noise and rounding (persons)."""
    noise = ((entry.noise_sd * factor) ** 2 + entry.extra_log_sd**2) ** 0.5
    value = persons
    if persons <= 0.0:
        value, noise = ZERO_PERSONS, max(noise, ZERO_LOG_SD)
    return Figure(
        report_ids=entry.report_ids,
        series=entry.series,
        regime=entry.regime,
        start=start,
        end=entry.end,
        scope=entry.scope,
        status=entry.status,
        count_class=entry.count_class,
        value=value,
        noise_sd=noise,
        rounding_sd=rounding / value if persons > 0.0 else 0.0,
        form=form,
        known=entry.known,
        scored=entry.scored,
    )
