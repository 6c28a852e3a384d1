"""Charts: past and forecast with bands, loads against capacity, rival series against the reconciled curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sarai.publish.chart_marks import Mark, draw_marks
from sarai.publish.svg import Point, Scale, band_path, drawing, element, label, line_path, nice_ticks
from sarai.publish.table import Table
from sarai.publish.words import Words

WIDTH, HEIGHT = 380.0, 230.0
LEFT, RIGHT, TOP, BOTTOM = 50.0, 12.0, 24.0, 26.0
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
TICK_DAYS = (1, 2, 7, 14, 28, 56, 112, 182, 365, 730, 1461, 3652)
MOST_TICKS, MOST_YEAR_TICKS = 6, 5  # a date with its year is wider
YEAR_DAYS = 366  # longer axes say the year
YEAR_LABEL = 70.0  # units that a date with its year takes
HEADROOM = 1.04

Samples = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A chart with its words: an SVG, what it shows in one sentence, the same figures as a table, a legend.

    legend   (style, text) pairs; `style` is the class that colours the swatch
    """

    id: str
    title: str
    summary: str
    svg: str
    table: Table | None = None
    legend: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Run:
    """A stretch of days drawn as two bands and a line; `style` names its colours.

    levels   (quantile, day) persons at the 5, 25, 50, 75 and 95 % quantiles
    """

    first: date
    levels: Samples
    style: str


def run_of(first: date, samples: Samples, style: str) -> Run:
    """A run from samples (day, member)."""
    return Run(first=first, levels=np.quantile(samples, LEVELS, axis=1), style=style)


@dataclass(frozen=True, kw_only=True)
class Stroke:
    """A level held over some days: what one source said, as persons a day."""

    first: date
    last: date
    value: float
    style: str


def band_chart(
    words: Words, key: str, title: str, summary: str, runs: Sequence[Run], *, marks: Sequence[Mark] = (),
    level: float | None = None, level_text: str = "", strokes: Sequence[Stroke] = (), unit: str = "",
) -> str:  # fmt: skip
    """An SVG of runs of samples over days; `level` draws a level line such as a capacity."""
    first = min(run.first for run in runs)
    last = max(run.first + timedelta(days=run.levels.shape[1] - 1) for run in runs)
    top = max([float(run.levels.max()) for run in runs if run.levels.size] + [1.0])
    top = max([top, *(stroke.value for stroke in strokes)], default=top)
    if level is not None:
        top = max(top, level)
    across = Scale(low=first.toordinal(), high=max(last.toordinal(), first.toordinal() + 1), start=LEFT,
                   end=WIDTH - RIGHT)  # fmt: skip
    ticks = nice_ticks(top * HEADROOM)
    up = Scale(low=0.0, high=ticks[-1], start=HEIGHT - BOTTOM, end=TOP)
    parts = [_grid(words, ticks, up, unit), _days(words, first, last, across)]
    parts.extend(_band(run, across, up) for run in runs)
    parts.extend(_stroke(stroke, across, up) for stroke in strokes)
    if level is not None:
        parts.append(_level(level, level_text, up))
    parts.append(draw_marks([mark for mark in marks if first <= mark.day <= last], across, TOP, HEIGHT - BOTTOM))
    return drawing(WIDTH, HEIGHT, "".join(parts), title, summary, key)


def _grid(words: Words, ticks: Sequence[float], up: Scale, unit: str) -> str:
    parts = []
    for tick in ticks:
        y = up(tick)
        parts.append(element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="grid"))
        text = words.count(tick) if tick >= 10 or tick == int(tick) else words.decimal_number(tick)
        parts.append(label(text, LEFT - 5, y + 3.5, class_="tick", text_anchor="end"))
    if unit:
        parts.append(label(unit, 2, 9, class_="tick"))
    return "".join(parts)


def _days(words: Words, first: date, last: date, across: Scale) -> str:
    length = (last - first).days
    years = length >= YEAR_DAYS
    most = MOST_YEAR_TICKS if years else MOST_TICKS
    step = next((days for days in TICK_DAYS if length / days <= most - 1), max(TICK_DAYS[-1], length))
    parts = []
    day = first
    while day <= last:
        x = across(day.toordinal())
        parts.append(element("line", x1=x, x2=x, y1=HEIGHT - BOTTOM, y2=HEIGHT - BOTTOM + 4, class_="axis"))
        anchor = "end" if x > WIDTH - 34 else "middle"
        before = across(day.toordinal() - step)
        if not years or anchor == "middle" or x - before > 1.6 * YEAR_LABEL:
            text = words.short_day(day, year=years)
            parts.append(label(text, x, HEIGHT - BOTTOM + 16, class_="tick", text_anchor=anchor))
        day += timedelta(days=step)
    return "".join(parts)


def _band(run: Run, across: Scale, up: Scale) -> str:
    if run.levels.size == 0:
        return ""
    xs = [across(run.first.toordinal() + index) for index in range(run.levels.shape[1])]
    parts = []
    for lower, upper, name in ((run.levels[0], run.levels[4], "outer"), (run.levels[1], run.levels[3], "inner")):
        above = [(x, up(float(value))) for x, value in zip(xs, upper, strict=True)]
        below = [(x, up(float(value))) for x, value in zip(xs, lower, strict=True)]
        parts.append(element("path", d=band_path(above, below), class_=f"band {run.style} {name}"))
    middle: list[Point] = [(x, up(float(value))) for x, value in zip(xs, run.levels[2], strict=True)]
    parts.append(element("path", d=line_path(middle), class_=f"median {run.style}"))
    return "".join(parts)


def _stroke(stroke: Stroke, across: Scale, up: Scale) -> str:
    y = up(stroke.value)
    x1, x2 = across(stroke.first.toordinal() - 0.4), across(stroke.last.toordinal() + 0.4)
    return element("line", x1=max(LEFT, x1), x2=min(WIDTH - RIGHT, x2), y1=y, y2=y, class_=f"stroke {stroke.style}")


def _level(level: float, text: str, up: Scale) -> str:
    y = up(level)
    line = element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="capacity")
    return line + label(text, LEFT + 4, y - 4, class_="note")
