"""What happened: crossings of the last day, the last week and since the start, by status and kind of return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sarai.publish.figures import Estimate, estimate
from sarai.publish.table import Cell, Column, Table
from sarai.publish.words import Words
from sarai.reconcile.picture import KINDS, Picture
from sarai.world.report import Report
from sarai.world.world import World

WINDOWS: tuple[tuple[str, int | None], ...] = (("day", 1), ("week", 7), ("start", None))
SEVEN = 7


@dataclass(frozen=True, kw_only=True)
class Window:
    """One of the three windows that agencies file daily, as a slice of the picture's days."""

    key: str
    days: slice
    first: date
    last: date


def find_windows(picture: Picture) -> tuple[Window, ...]:
    """Last day, last seven days, and all days of the picture."""
    count = len(picture.days)
    found = []
    for key, length in WINDOWS:
        begin = 0 if length is None else max(0, count - length)
        first, last = (date.fromordinal(int(picture.days[index])) for index in (begin, count - 1))
        found.append(Window(key=key, days=slice(begin, count), first=first, last=last))
    return tuple(found)


def window_samples(picture: Picture, window: Window) -> NDArray[np.float64]:
    """Persons in a window: (crossing, status, kind, sample).

    A143: kinds and statuses are inferred apart; their crossing takes the status mix to be the same in every kind.
    """
    flow = picture.flow[window.days]
    kinds = picture.kind_share[window.days]
    statuses = picture.status_share[window.days]
    cube: NDArray[np.float64] = np.einsum("dcn,dckn,dcsn->cskn", flow, kinds, statuses, optimize=True)
    return cube


def total(picture: Picture, window: Window) -> Estimate:
    """All crossings of a window."""
    return estimate(picture.flow[window.days].sum(axis=(0, 1)))


def completeness(picture: Picture, window: Window, crossing: int | None) -> float:
    """Share of the window's information that comes from reports, weighted by flow; None means all crossings."""
    weight = picture.flow[window.days].mean(axis=2)
    known = picture.completeness[window.days]
    if crossing is not None:
        weight, known = weight[:, crossing], known[:, crossing]
    whole = float(weight.sum())
    return float((weight * known).sum() / whole) if whole > 0 else 0.0


def publishers_of(world: World, crossing: str, window: Window) -> tuple[str, ...]:
    """Publishers whose reports bear on a crossing (or `all`) in a window, in alphabetical order."""
    named = {regime.series: regime.publisher for regime in world.series}
    found = {
        named.get(report.series) or report.series
        for report in world.reports
        if report.start <= window.last and report.end >= window.first and _bears_on(world, report, crossing)
    }
    return tuple(sorted(found))


def _bears_on(world: World, report: Report, crossing: str) -> bool:
    if crossing == "all":
        return True
    if report.crossing != "all":
        return crossing in report.crossing.split("+")
    scopes = [regime.scope for regime in world.series if regime.series == report.series]
    return any(crossing in scope for scope in scopes)


def window_table(
    words: Words, world: World, picture: Picture, window: Window, cells: Mapping[tuple[str, str, str], Cell]
) -> Table:
    """Table 1 for one window: crossing by status, with the kinds of return side by side.

    cells   (crossing, status, kind) -> cell after disclosure control, each axis with its `all`
    """
    columns = (
        Column(key="crossing", label=words.say("crossing")),
        Column(key="status", label=words.say("status")),
        *(Column(key=kind, label=words.say(f"kind_{kind}"), kind="persons") for kind in (*KINDS, "all")),
        Column(key="completeness", label=words.say("counted_share"), kind="share"),
        Column(key="sources", label=words.say("sources")),
    )
    names = {status.id: status.name for status in world.statuses}
    rows: list[tuple[Cell, ...]] = []
    for crossing in ("all", *picture.crossings):
        place = world.places.get(crossing)
        label = words.say("all_crossings") if crossing == "all" else place.name if place else crossing
        index = None if crossing == "all" else picture.crossings.index(crossing)
        for status in ("all", *picture.statuses):
            first = status == "all"
            rows.append(
                (
                    label, words.say("all_statuses") if first else names.get(status, status),
                    *(cells[crossing, status, kind] for kind in (*KINDS, "all")),
                    completeness(picture, window, index) if first else "",
                    "; ".join(publishers_of(world, crossing, window)) if first else "",
                )
            )  # fmt: skip
    title = words.say(f"window_{window.key}", first=words.day(window.first), last=words.day(window.last, year=True))
    return Table(id=f"crossings_{window.key}", title=title, columns=columns, rows=tuple(rows), lead=2, level="public",
                 notes=(words.say("independence_note"),))  # fmt: skip
