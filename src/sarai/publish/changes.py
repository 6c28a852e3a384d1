"""What changed since the last briefing, and how earlier forecasts fared: sentences and a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from sarai.forecast.forecast import Forecast
from sarai.forecast.look_back import Before, Fared, LookBack
from sarai.publish.ahead import find_peak, place_label, wave_title
from sarai.publish.disclosure import Shown, shown_cell
from sarai.publish.figures import Estimate
from sarai.publish.grid import ALL
from sarai.publish.guarded import guarded_count, guarded_sum
from sarai.publish.spoken import changed_days, crossings_key
from sarai.publish.table import HIDDEN, Cell, Column, Table
from sarai.publish.told import publishers
from sarai.publish.words import Words
from sarai.reconcile.picture import Picture
from sarai.world.world import World

LEAN = 2 / 3
"""A157: share of reports on one side of the middle from which forecasts are said to have been too low or too high."""


def change_sentences(
    words: Words, world: World, picture: Picture, forecast: Forecast, before: Before, cells: Shown
) -> list[str]:
    """Reports, deadlines, totals, expectation against what came, and the busiest day: then and now.

    cells   the past after disclosure control, `spoken_of` included
    """
    then = date.fromisoformat(before.as_of)
    sentences = [_new_reports(words, world, then), *_deadlines(words, world, before)]
    (first, through), week = changed_days(world, picture, before)
    now = shown_cell(cells, first, through, ALL)
    if isinstance(now, Estimate) and world.reports:
        low, mid, high = before.total
        known = guarded_sum(Estimate(low=low, mid=mid, high=high), (through - first).days + 1)
        if known is not None:
            sentences.append(
                words.say("changed_total", day=words.day(through), now=words.persons(now), then=words.persons(known))
            )
    if world.reports:
        sentences.extend(_expected(words, before, week, shown_cell(cells, *week, ALL)))
    peak = find_peak(forecast, "all")
    if peak is not None and before.peak != peak.likely.isoformat():
        then_peak = words.day(date.fromisoformat(before.peak))
        sentences.append(words.say("changed_peak", then=then_peak, now=words.day(peak.likely)))
    return sentences


def _new_reports(words: Words, world: World, then: date) -> str:
    new = [report for report in world.reports if report.known > then]
    if not new:
        return words.say("changed_no_reports", day=words.day(then, year=True))
    return words.say("changed_reports", day=words.day(then, year=True), count=words.count(len(new)),
                     publishers=words.listing(list(publishers(world, new))))  # fmt: skip


def _deadlines(words: Words, world: World, before: Before) -> list[str]:
    found = []
    for wave in world.calendar.waves:
        if wave.withdrawn:
            continue
        stood = before.deadlines.get(wave.id)
        gaps = {"title": wave_title(words, wave), "now": words.day(wave.deadline, year=True)}
        if stood is None:
            found.append(words.say("changed_new_deadline", **gaps))
        elif stood != wave.deadline.isoformat():
            found.append(words.say("changed_deadline", then=words.day(date.fromisoformat(stood)), **gaps))
    return found


def _expected(words: Words, before: Before, week: tuple[date, date], came: Cell) -> list[str]:
    """The week after the last briefing as it was expected, beside what is reconciled for it now, both as printed."""
    if not isinstance(came, Estimate):
        return []
    expected = Estimate(low=before.week[0], mid=before.week[1], high=before.week[2])
    said, now = expected.rounded(), came.rounded().mid
    verdict = (
        "changed_within" if said.low <= now <= said.high else "changed_above" if now > said.high else "changed_below"
    )
    return [
        words.say("changed_week", first=words.day(week[0]), last=words.day(week[1]), came=words.persons(came),
                  expected=words.persons(expected), verdict=words.say(verdict))
    ]  # fmt: skip


def fared_sentences(words: Words, world: World, picture: Picture, past: LookBack, cells: Shown) -> list[str]:
    """How many later reports earlier forecasts held, which way they erred, and how they did against the yardstick.

    Only reports whose figure is shown count: how many a range held would tell where a figure that is held back lies.
    """
    judged = _judged(picture, past, cells)
    rows = [one.row for one in judged if one.counted is not None]
    if not past.fared:
        return [words.say("no_past_scores")]
    if not rows:
        return [words.say("fared_made_again")]
    count = len(rows)
    in90, in50, above = (
        sum(one.against(band) == verdict for one in judged)
        for band, verdict in ((_ninety, "fared_in"), (_fifty, "fared_in"), (_middle, "fared_above"))
    )
    first, last = (words.day(date.fromisoformat(pick(row.origin for row in rows)), year=True) for pick in (min, max))
    told = len({(row.start, row.end, row.crossings) for row in rows})
    origins = len({row.origin for row in rows})
    counted = words.say("fared_one_origin" if origins == 1 else "fared_origins", first=first, last=last,
                        origins=words.count(origins), told=words.count(told), count=words.count(count))  # fmt: skip
    held = words.say("fared_held", in90=words.count(in90), in50=words.count(in50), count=words.count(count))
    return [
        counted,
        held,
        *_before_call(words, world, rows),
        *_lean(words, above / count),
        *_against_yardstick(words, rows),
        words.say("fared_made_again"),
    ]


def _before_call(words: Words, world: World, rows: Sequence[Fared]) -> list[str]:
    """How many comparisons are of forecasts made before any call to leave was known."""
    known = min((max(wave.announced, wave.basis.known) for wave in world.calendar.waves), default=date.min)
    early = sum(date.fromisoformat(row.origin) < known for row in rows)
    return [words.say("fared_before_call", count=words.count(early))] if early else []


@dataclass(frozen=True, kw_only=True)
class _Judged:
    """A later report beside its forecast; `counted` as it is printed, None where it is held back."""

    row: Fared
    counted: float | None

    def against(self, band: Callable[[Fared], Estimate]) -> str:
        """Where the figure lies, by what is printed of both: the verdict then tells no more than they do."""
        if self.counted is None:
            return ""
        shown = band(self.row).rounded()
        return "fared_below" if self.counted < shown.low else "fared_above" if self.counted > shown.high else "fared_in"


def _ninety(row: Fared) -> Estimate:
    return Estimate(low=row.lower90, mid=row.median, high=row.upper90)


def _fifty(row: Fared) -> Estimate:
    return Estimate(low=row.lower50, mid=row.median, high=row.upper50)


def _middle(row: Fared) -> Estimate:
    mid = _ninety(row).rounded().mid
    return Estimate(low=mid, mid=mid, high=mid)


def _judged(picture: Picture, past: LookBack, cells: Shown) -> list[_Judged]:
    found = []
    for row in past.fared:
        first, last = date.fromisoformat(row.start), date.fromisoformat(row.end)
        cell = shown_cell(cells, first, last, crossings_key(picture, row.crossings))
        found.append(_Judged(row=row, counted=guarded_count(row.observed, cell)))
    return found


def _lean(words: Words, above: float) -> list[str]:
    if above >= LEAN:
        return [words.say("fared_too_low", share=words.percent(above))]
    if above <= 1.0 - LEAN:
        return [words.say("fared_too_high", share=words.percent(1.0 - above))]
    return []


def _against_yardstick(words: Words, rows: Sequence[Fared]) -> list[str]:
    yard = float(np.mean([row.yardstick for row in rows]))
    if yard <= 0.0:
        return []
    ratio = float(np.mean([row.log_score for row in rows])) / yard
    key = "fared_better" if ratio < 1.0 else "fared_worse"
    return [words.say(key, ratio=words.decimal_number(ratio, 2))]


def fared_table(words: Words, world: World, picture: Picture, past: LookBack, cells: Shown) -> Table:
    """Each later report beside the forecast for its days."""
    rows: list[tuple[Cell, ...]] = []
    for one in _judged(picture, past, cells):
        row, verdict = one.row, one.against(_ninety)
        first, last = date.fromisoformat(row.start), date.fromisoformat(row.end)
        span = words.say("day_range", first=words.day(first), last=words.day(last))
        span = words.day(first) if first == last else span
        rows.append(
            (date.fromisoformat(row.origin), span, _places(words, world, row), _ninety(row),
             HIDDEN if one.counted is None else one.counted, words.say(verdict) if verdict else "")
        )  # fmt: skip
    columns = (
        Column(key="origin", label=words.say("forecast_of"), kind="date"),
        Column(key="days", label=words.say("days_told")),
        Column(key="crossing", label=words.say("crossing")),
        Column(key="said", label=words.say("forecast_said"), kind="persons"),
        Column(key="observed", label=words.say("then_reported"), kind="count"),
        Column(key="verdict", label=words.say("verdict")),
    )
    return Table(id="fared", title=words.say("fared_title"), columns=columns, rows=tuple(rows), lead=1)


def _places(words: Words, world: World, row: Fared) -> str:
    if len(row.crossings) == len(world.crossings) and len(row.crossings) > 1:
        return words.say("all_crossings")
    return words.listing([place_label(words, world, name) for name in row.crossings])
