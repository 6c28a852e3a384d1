"""Charts of a back-test as SVG: log score by origin, where reports fell among the samples, reliability of alerts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from sarai.forecast.baselines import BASELINES
from sarai.forecast.score_row import ScoreRow
from sarai.forecast.scores import reliability
from sarai.forecast.summary import origin_means
from sarai.publish.svg import Scale, drawing, element, label, line_path, nice_ticks

WIDTH, HEIGHT = 480.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 16.0, 50.0, 40.0
COLOURS = ("#0b5c8a", "#b4540a", "#3f7d20", "#6b6b6b")
GREY, INK = "#c8c8c8", "#222222"
LOG_COLUMN = 1
BINS = 10
TEXT: dict[str, str | float] = {"font_family": "system-ui, sans-serif", "font_size": 12.0, "fill": INK}


def score_charts(rows: Sequence[ScoreRow]) -> dict[str, str]:
    """File name -> SVG for one case; a chart with nothing to show is left out."""
    made = {
        "scores.svg": scores_by_origin(rows),
        "pit.svg": pit_chart(rows),
        "reliability.svg": reliability_chart(rows),
    }
    return {name: svg for name, svg in made.items() if svg}


def shown_models(rows: Sequence[ScoreRow]) -> list[str]:
    """Pool and law, then the two baselines with the best mean log score."""
    origins = sorted({row.origin for row in rows})
    models = {row.model for row in rows}
    ranked = sorted((m for m in BASELINES if m in models), key=lambda m: origin_means(rows, m, origins)[:, 1].mean())
    return [*[name for name in ("pool", "law") if name in models], *ranked[:2]]


def scores_by_origin(rows: Sequence[ScoreRow]) -> str:
    """Mean log score of each model at each origin: lower is better."""
    origins = sorted({row.origin for row in rows})
    means = {model: origin_means(rows, model, origins)[:, LOG_COLUMN] for model in shown_models(rows)}
    ticks = nice_ticks(max(float(values.max()) for values in means.values()))
    across = Scale(low=origins[0].toordinal(), high=origins[-1].toordinal(), start=LEFT, end=WIDTH - RIGHT)
    up = Scale(low=0.0, high=ticks[-1], start=HEIGHT - BOTTOM, end=TOP)
    parts = [grid(up, ticks, "g"), *day_labels(origins, across)]
    for (_, values), colour in zip(means.items(), COLOURS, strict=False):
        points = [(across(day.toordinal()), up(float(value))) for day, value in zip(origins, values, strict=True)]
        parts.append(element("path", d=line_path(points), fill="none", stroke=colour, stroke_width=2.0))
        parts += [element("circle", cx=x, cy=y, r=3.0, fill=colour) for x, y in points]
    best = min(means, key=lambda model: float(means[model].mean()))
    content = "".join(parts) + legend(list(means)) + axes("", "day of the forecast")
    return frame(content, "Log score by day of the forecast, lower is better",
                 f"{best} has the lowest mean over {len(origins)} origins.", "scores")  # fmt: skip


def pit_chart(rows: Sequence[ScoreRow], model: str = "pool") -> str:
    """Share of reports in each tenth of the forecast distribution: even where the forecast is honest."""
    values = [row.pit for row in rows if row.model == model]
    if not values:
        return ""
    shares = np.histogram(values, bins=BINS, range=(0.0, 1.0))[0] / len(values)
    ticks = nice_ticks(max(float(shares.max()), 0.2))
    across = Scale(low=0.0, high=1.0, start=LEFT, end=WIDTH - RIGHT)
    up = Scale(low=0.0, high=ticks[-1], start=HEIGHT - BOTTOM, end=TOP)
    bars = [
        element("rect", x=across(k / BINS) + 1, y=up(float(share)), width=across(0.1) - across(0.0) - 2,
                height=up(0.0) - up(float(share)), fill=COLOURS[0])
        for k, share in enumerate(shares)
    ]  # fmt: skip
    even = element("path", d=line_path([(across(0.0), up(0.1)), (across(1.0), up(0.1))]), stroke=COLOURS[1],
                   stroke_width=2.0, stroke_dasharray="5 4", fill="none")  # fmt: skip
    ends = [label(f"{at:g}", across(at), HEIGHT - BOTTOM + 16, text_anchor="middle", **TEXT) for at in (0.0, 0.5, 1.0)]
    outside = float(shares[0] + shares[-1])
    named = axes("share of reports", "from the lowest sample to the highest")
    return frame(grid(up, ticks, "g") + "".join(bars) + even + "".join(ends) + named,
                 f"Where reports fell among the samples of {model}; dashed: even",
                 f"{outside:.0%} of reports lie in the two outermost tenths, where 20 % belong.", "pit")  # fmt: skip


def reliability_chart(rows: Sequence[ScoreRow], model: str = "pool") -> str:
    """How often windows lay above what was ready, by the chance that was said; points on the line are reliable."""
    mine = [row for row in rows if row.model == model and row.chance is not None and row.ready is not None]
    if not mine:
        return ""
    happened = [row.observed > (row.ready or 0.0) * ((row.end - row.start).days + 1) for row in mine]
    found = reliability([row.chance or 0.0 for row in mine], happened)
    across = Scale(low=0.0, high=1.0, start=LEFT, end=WIDTH - RIGHT)
    up = Scale(low=0.0, high=1.0, start=HEIGHT - BOTTOM, end=TOP)
    line = element("path", d=line_path([(across(0.0), up(0.0)), (across(1.0), up(1.0))]), stroke=GREY, fill="none")
    largest = float(found.count.max())
    dots = [
        element("circle", cx=across(float(p)), cy=up(float(o)), r=3.0 + 7.0 * float(np.sqrt(n / largest)),
                fill=COLOURS[0], fill_opacity=0.8)
        for p, o, n in zip(found.forecast, found.observed, found.count, strict=True)
    ]  # fmt: skip
    ends = [label(f"{at:g}", across(at), HEIGHT - BOTTOM + 16, text_anchor="middle", **TEXT) for at in (0.0, 0.5, 1.0)]
    named = axes("how often it came", "chance that was said")
    return frame(grid(up, [0.0, 0.25, 0.5, 0.75, 1.0], ".2f") + line + "".join(dots) + "".join(ends) + named,
                 f"Chance of a window above what was ready, {model}: said and seen",
                 f"{sum(happened)} of {len(happened)} windows lay above it; dots by how often each chance was said.",
                 "reliability")  # fmt: skip


def frame(content: str, title: str, summary: str, key: str) -> str:
    """A whole file on white, with its title above."""
    ground = element("rect", width=WIDTH, height=HEIGHT, fill="#ffffff")
    return drawing(WIDTH, HEIGHT, ground + label(title, 10.0, 18.0, **{**TEXT, "font_size": 13.0}) + content, title,
                   summary, key)  # fmt: skip


def axes(upright: str, across: str) -> str:
    """What the axes show: one text above the upright axis, one below the other."""
    below = label(across, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, text_anchor="middle", **TEXT)
    return below + (label(upright, 10.0, TOP - 14, **TEXT) if upright else "")


def grid(up: Scale, ticks: Sequence[float], style: str) -> str:
    """Lines and values of the upright axis."""
    parts = []
    for tick in ticks:
        path = line_path([(LEFT, up(tick)), (WIDTH - RIGHT, up(tick))])
        parts.append(element("path", d=path, stroke=GREY, stroke_width=0.6, fill="none"))
        parts.append(label(f"{tick:{style}}", LEFT - 6, up(tick) + 4, text_anchor="end", **TEXT))
    return "".join(parts)


def day_labels(days: Sequence[date], across: Scale) -> list[str]:
    """First, middle and last day below the axis."""
    chosen = sorted({days[0], days[len(days) // 2], days[-1]})
    anchors = ("start", "middle", "end") if len(chosen) == 3 else ("start", "end")
    return [
        label(f"{day.day} {day:%b %Y}", across(day.toordinal()), HEIGHT - BOTTOM + 16, text_anchor=anchor, **TEXT)
        for day, anchor in zip(chosen, anchors, strict=False)
    ]


def legend(names: Sequence[str]) -> str:
    """Names in the colours of their lines, in one row."""
    parts, x = [], LEFT
    for name, colour in zip(names, COLOURS, strict=False):
        parts.append(element("rect", x=x, y=27.0, width=10.0, height=10.0, fill=colour))
        parts.append(label(name.replace("_", " "), x + 14, 36.0, **TEXT))
        x += 30.0 + 6.6 * len(name)
    return "".join(parts)
