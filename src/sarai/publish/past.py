"""What happened: crossings of the last day, the last week and since the start, by status and kind of return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sarai.publish.figures import Estimate, estimate
from sarai.publish.guarded import guarded_completeness
from sarai.publish.table import Cell, Column, Hidden, Table
from sarai.publish.told import publishers, told_kinds, told_statuses
from sarai.publish.words import Words
from sarai.reconcile.picture import Picture
from sarai.world.report import Report
from sarai.world.world import World

WINDOWS: tuple[tuple[str, int | None], ...] = (("day", 1), ("week", 7), ("start", None))
DEPORTED_KINDS = ("deported", "not_deported")
"""Kinds of report from which a deported share can be known."""
ALL = "all"
"""All returns stand first: the figure that a phone shows without scrolling."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """One of the three windows that agencies file daily, as a slice of the picture's days."""

    key: str
    days: slice
    first: date
    last: date


def find_windows(world: World, picture: Picture) -> tuple[Window, ...]:
    """Last day, last seven days, and the days of the emergency, as far as the picture holds them."""
    count = len(picture.days)
    start = min(count - 1, int(np.searchsorted(picture.days, world.start.toordinal())))
    found = []
    for key, length in WINDOWS:
        begin = start if length is None else max(0, count - length)
        first, last = (date.fromordinal(int(picture.days[index])) for index in (begin, count - 1))
        found.append(Window(key=key, days=slice(begin, count), first=first, last=last))
    return tuple(found)


def total(picture: Picture, window: Window) -> Estimate:
    """All crossings of a window."""
    return estimate(picture.flow[window.days].sum(axis=(0, 1)))


def completeness(picture: Picture, window: Window, crossing: int | None) -> float:
    """Share of a figure that stands on reports; None means all crossings.

    Weighted by flow; of each day and crossing the larger of what reports tell of that day alone and the weight of a
    count whose days lie within the window and whose crossings are among those of the figure: a weekly count tells
    little of a day, and all of its week.
    """
    weight = picture.flow[window.days].mean(axis=2)
    known = np.maximum(picture.completeness[window.days], _counted(picture, window, crossing))
    if crossing is not None:
        weight, known = weight[:, crossing], known[:, crossing]
    whole = float(weight.sum())
    return float((weight * known).sum() / whole) if whole > 0 else 0.0


def _counted(picture: Picture, window: Window, crossing: int | None) -> NDArray[np.float64]:
    """Largest weight (day, crossing) of a count of all people that is about these days and crossings and no others."""
    first, last = window.first.toordinal(), window.last.toordinal()
    inside = picture.crossings if crossing is None else (picture.crossings[crossing],)
    most = np.zeros_like(picture.completeness[window.days])
    for bearing in picture.bearings:
        all_people = bearing.count_class == bearing.status == ALL
        within = first <= bearing.start and bearing.end <= last and set(bearing.scope) <= set(inside)
        if all_people and within and bearing.weight > 0.0:
            places = [picture.crossings.index(name) for name in bearing.scope]
            days = slice(bearing.start - first, bearing.end - first + 1)
            most[days, places] = np.maximum(most[days, places], bearing.weight)
    return most


def publishers_of(world: World, crossing: str, window: Window) -> tuple[str, ...]:
    """Publishers whose reports bear on a crossing (or `all`) in a window, in alphabetical order."""
    return publishers(
        world,
        (report for report in world.reports
         if report.start <= window.last and report.end >= window.first and _bears_on(world, report, crossing)),
    )  # fmt: skip


def _bears_on(world: World, report: Report, crossing: str) -> bool:
    if crossing == "all":
        return True
    if report.crossing != "all":
        return crossing in report.crossing.split("+")
    scopes = [regime.scope for regime in world.series if regime.series == report.series]
    return any(crossing in scope for scope in scopes)


def crossing_table(
    words: Words, world: World, picture: Picture, cells: Mapping[str, Mapping[tuple[str, str, str], Cell]]
) -> Table:
    """Table 1: crossing by time by kind of return, all statuses together, with completeness and sources.

    cells   window -> (crossing, status, kind) -> cell after disclosure control
    """
    windows, kinds = find_windows(world, picture), (ALL, *told_kinds(world))
    silent = silent_crossings(world, picture)
    rows: list[tuple[Cell, ...]] = []
    for crossing in ("all", *(name for name in by_figure(picture, cells) if name not in silent)):
        index = None if crossing == "all" else picture.crossings.index(crossing)
        for window in windows:
            figures = (cells[window.key][crossing, "all", kind] for kind in kinds)
            sources = publishers_of(world, crossing, window)
            rows.append(
                (place_name(words, world, crossing), window_label(words, world, window), *figures,
                 guarded_completeness(completeness(picture, window, index), cells[window.key][crossing, ALL, ALL])
                 if sources else words.say("no_report"), float(len(sources)))
            )  # fmt: skip
    columns = (
        Column(key="crossing", label=words.say("crossing")),
        Column(key="window", label=words.say("window")),
        *_kind_columns(words, kinds),
        Column(key="completeness", label=words.say("counted_share"), kind="share"),
        Column(key="publishers", label=words.say("publishers_counted"), kind="count"),
    )
    title = words.say("crossings_title", last=words.day(windows[-1].last, year=True))
    return Table(id="crossings", title=title, columns=columns, rows=tuple(rows), lead=2, level="public",
                 notes=(words.say("completeness_note"),))  # fmt: skip


def by_figure(picture: Picture, cells: Mapping[str, Mapping[tuple[str, str, str], Cell]]) -> list[str]:
    """Crossings, those with most people since the start first, as printed; equal ones and those held back by name.

    An order by what is not printed would tell between which two figures one lies that is held back.
    """
    since = cells.get("start", {})
    mids = {name: cell.rounded().mid for name in picture.crossings
            if isinstance(cell := since.get((name, ALL, ALL)), Estimate)}  # fmt: skip
    return sorted(picture.crossings, key=lambda name: (name not in mids, -mids.get(name, 0.0), name))


def publisher_table(words: Words, world: World, picture: Picture) -> Table:
    """Who reported on each crossing since the start, and which crossings nobody reported on."""
    since = find_windows(world, picture)[-1]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (place_name(words, world, name), "; ".join(publishers_of(world, name, since)) or words.say("no_report"))
        for name in ("all", *sorted(picture.crossings))
    )
    columns = (
        Column(key="crossing", label=words.say("crossing")),
        Column(key="sources", label=words.say("sources")),
    )
    return Table(id="publishers", title=words.say("publishers_title"), columns=columns, rows=rows, level="public")


def silent_crossings(world: World, picture: Picture) -> list[str]:
    """Crossings that no report since the start names, where others are named: their figures are guesses."""
    since = find_windows(world, picture)[-1]
    named = {name for report in world.reports if report.end >= since.first for name in report.crossing.split("+")}
    named |= {name for regime in world.series for name in regime.scope if len(regime.scope) == 1}
    silent = [name for name in sorted(picture.crossings) if name not in named]
    return silent if len(silent) < len(picture.crossings) else []


def status_table(
    words: Words, world: World, picture: Picture, window: Window,
    cells: Mapping[str, Mapping[tuple[str, str, str], Cell]],
) -> Table:  # fmt: skip
    """Table 1 by document status for one window: crossing by status by kind of return; `cells` as of table 1."""
    names = {status.id: status.name for status in world.statuses}
    rows: list[tuple[Cell, ...]] = []
    kinds, (told, told_apart) = (ALL, *told_kinds(world)), told_statuses(world)
    silent = silent_crossings(world, picture)
    apart = [name for name in by_figure(picture, cells) if name not in silent] if told_apart else []
    for crossing in ("all", *apart) if told else ():
        for status in picture.statuses:
            figures = tuple(cells[window.key][crossing, status, kind] for kind in kinds)
            if not all(isinstance(figure, Hidden) for figure in figures):
                rows.append((place_name(words, world, crossing), names.get(status, status), *figures))
    columns = (
        Column(key="crossing", label=words.say("crossing")),
        Column(key="status", label=words.say("status")),
        *_kind_columns(words, kinds),
    )
    title = words.say(f"status_{window.key}", first=words.day(window.first), last=words.day(window.last, year=True))
    return Table(id=f"status_{window.key}", title=title, columns=columns, rows=tuple(rows), lead=2, level="public",
                 notes=(words.say("independence_note"), words.say("rows_left_out")))  # fmt: skip


def place_name(words: Words, world: World, crossing: str) -> str:
    """Name of a crossing, or `all crossings`."""
    if crossing == "all":
        return words.say("all_crossings")
    place = world.places.get(crossing)
    return place.name if place else crossing


def _kind_columns(words: Words, kinds: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(key=kind, label=words.say(f"kind_{kind}"), kind="persons") for kind in kinds)


def window_label(words: Words, world: World, window: Window) -> str:
    """What a window is called; with its days where it does not end on the day of the briefing."""
    if window.last < world.as_of and window.key != "start":
        return words.say(f"window_{window.key}_to", last=words.day(window.last))
    return words.say(f"window_{window.key}", first=words.day(window.first))
