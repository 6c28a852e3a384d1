"""What a forecast is worth to those who receive people: alerts, the day of the peak, stocks, losses at P80 and P95.

Everything is averaged within an origin first and then over origins, as the scores are; shares of events (alerts,
reliability) count every target once for each seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import numpy as np

from sarai.forecast.score_row import ScoreRow
from sarai.forecast.scores import brier_score, reliability

ALERT_AT = 0.2  # A323: agencies stock to P80, so an alert is raised where a breach is more likely than one in five
ALERT_DAYS = 3  # 72 hours
STEPS = (3, 7, 14)
PLANNED = "planning_figure"


@dataclass(frozen=True, kw_only=True)
class BreachScore:
    """How well a model foresaw windows above what was ready.

    brier       mean squared error of the chance         base     the same of a forecast that knows how often it happens
    reliability, resolution  Murphy's parts              alerts   raised 72 hours ahead or more, on windows so far ahead
    hit_rate    of the breaches those alerted            false_alarms   of the alerts those without a breach
    None where there is nothing to divide by.
    """

    model: str
    windows: int
    happened: int
    brier: float
    base: float
    reliability: float
    resolution: float
    alerts: int
    hit_rate: float | None
    false_alarms: float | None


@dataclass(frozen=True, kw_only=True)
class StockScore:
    """Persons a window without a place, and places a window without a person, when this was made ready for."""

    plan: str
    unserved: float
    surplus: float


def breach_scores(rows: Sequence[ScoreRow]) -> list[BreachScore]:
    """Breaches by model; rows without a mark are left out."""
    found = []
    for model in sorted({row.model for row in rows}):
        mine = [row for row in rows if row.model == model and row.ready is not None and row.chance is not None]
        if mine:
            found.append(_breach_score(model, mine))
    return found


def breached(row: ScoreRow) -> bool:
    """Whether the daily mean of the window lay above what was ready."""
    return row.observed > (row.ready or 0.0) * days_of(row)


def days_of(row: ScoreRow) -> int:
    """Days of the window."""
    return (row.end - row.start).days + 1


def _breach_score(model: str, rows: Sequence[ScoreRow]) -> BreachScore:
    chance = np.array([row.chance for row in rows], dtype=np.float64)
    came = np.array([breached(row) for row in rows], dtype=np.float64)
    parts = reliability(chance, came)
    ahead = [row for row in rows if (row.start - row.origin).days >= ALERT_DAYS]
    alerts = [row for row in ahead if (row.chance or 0.0) >= ALERT_AT]
    hits, breaches = sum(breached(row) for row in alerts), sum(breached(row) for row in ahead)
    return BreachScore(
        model=model, windows=len(rows), happened=int(came.sum()), brier=float(brier_score(chance, came).mean()),
        base=parts.uncertainty, reliability=parts.reliability, resolution=parts.resolution, alerts=len(alerts),
        hit_rate=hits / breaches if breaches else None,
        false_alarms=1.0 - hits / len(alerts) if alerts else None,
    )  # fmt: skip


def peak_errors(rows: Sequence[ScoreRow]) -> dict[str, tuple[float, int]]:
    """Mean error in days of the day of the peak, and how many peaks, by model.

    A peak counts where the busiest window of a scope after an origin lies above what was ready, and is no longer than a
    week; the error is the distance from the forecast's day to that window, 0 inside it.
    """
    found: dict[str, list[int]] = {}
    key = lambda row: (row.model, row.origin, row.seed, row.crossings)  # noqa: E731
    for (model, *_), group in groupby(sorted(rows, key=key), key=key):
        mine = [row for row in group if row.ready is not None and row.peak_day is not None and days_of(row) <= 7]
        if not mine:
            continue
        busiest = max(mine, key=lambda row: row.observed / days_of(row))
        if breached(busiest) and busiest.peak_day is not None:
            found.setdefault(model, []).append(distance(busiest.peak_day, busiest.start, busiest.end))
    return {model: (float(np.mean(errors)), len(errors)) for model, errors in sorted(found.items())}


def distance(day: date, start: date, end: date) -> int:
    """Days from a day to a window, 0 inside it."""
    return max((start - day) // timedelta(days=1), (day - end) // timedelta(days=1), 0)


def stock_scores(rows: Sequence[ScoreRow]) -> list[StockScore]:
    """Stocks at P80 of a model against the planning figure itself: persons a window without, and places too many."""
    found = [_stock(f"{model} at P80", rows, model, "quantile80") for model in ("pool", "law", "persistence")]
    found.append(_stock("planning figure", rows, PLANNED, "median"))
    return [score for score in found if score is not None]


def _stock(plan: str, rows: Sequence[ScoreRow], model: str, level: str) -> StockScore | None:
    mine = [row for row in rows if row.model == model]
    if not mine:
        return None
    gaps = [(row.origin, row.observed - float(getattr(row, level))) for row in mine]
    return StockScore(
        plan=plan,
        unserved=mean_by_origin([(origin, max(gap, 0.0)) for origin, gap in gaps]),
        surplus=mean_by_origin([(origin, max(-gap, 0.0)) for origin, gap in gaps]),
    )


def mean_by_origin(values: Sequence[tuple[date, float]]) -> float:
    """Mean within each origin, then over origins."""
    by_origin: dict[date, list[float]] = {}
    for origin, value in values:
        by_origin.setdefault(origin, []).append(value)
    return float(np.mean([np.mean(found) for found in by_origin.values()]))


def loss_table(rows: Sequence[ScoreRow], models: Sequence[str]) -> list[tuple[str, int, str, int, float, float]]:
    """(crossings, days ahead at most, model, windows, loss at P80, loss at P95), persons; a step begins after the last.

    A window belongs to the first of STEPS that its last day does not pass; later ones are left out.
    """
    found = []
    for scope in sorted({row.crossings for row in rows}):
        for before, step in zip((0, *STEPS), STEPS, strict=False):
            for model in models:
                mine = [
                    r for r in rows
                    if r.model == model and r.crossings == scope and before < r.horizon_days <= step
                ]  # fmt: skip
                if mine:
                    windows = len({(row.origin, row.target_id) for row in mine})
                    losses = [
                        mean_by_origin([(row.origin, getattr(row, n)) for row in mine]) for n in ("loss80", "loss95")
                    ]
                    found.append(("+".join(scope), step, model, windows, losses[0], losses[1]))
    return found
