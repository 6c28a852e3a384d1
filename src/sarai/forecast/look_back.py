"""Look back: what the same method would have said on earlier days, from what was known then, beside what came.

Nothing that became known later enters an earlier day. A briefing uses this to say what changed and how forecasts fared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from sarai.forecast.backtest import OriginFit, fit_origin, paths_of_models, score_samples, target_samples
from sarai.forecast.targets import Target, find_targets, targets_of_origin
from sarai.forecast.weights import phase_of
from sarai.world.errors import SaraiError
from sarai.world.world import World

WEEK = 7
MOST_ORIGINS = 4
"""A156: earlier days looked back to, a week apart."""
MEMBERS = 200
"""A156: futures drawn on each of them."""
YARDSTICK = "persistence"
BAND = (0.05, 0.5, 0.95)


@dataclass(frozen=True, kw_only=True)
class Fared:
    """One later report beside what was forecast for its days on `origin`. Persons; `log_score` and `yardstick` are WIS
    on the log1p scale, of the forecast and of persistence.
    """

    origin: str
    start: str
    end: str
    crossings: tuple[str, ...]
    series: str
    observed: float
    median: float
    lower50: float
    upper50: float
    lower90: float
    upper90: float
    log_score: float
    yardstick: float


@dataclass(frozen=True, kw_only=True)
class Before:
    """What stood on an earlier day: (low, median, high) of the total since the start and of the week after that day.

    total_through   last day that the total covers        peak   most likely busiest day after it
    deadlines       wave id -> deadline as it then was
    """

    as_of: str
    total_through: str
    total: tuple[float, float, float]
    week: tuple[float, float, float]
    peak: str
    deadlines: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class LookBack:
    """How earlier forecasts fared, and what stood on the last of those days; None where that day knew too little."""

    fared: tuple[Fared, ...] = ()
    before: Before | None = None

    def to_record(self) -> dict[str, Any]:
        """Plain values for a run record, so that a rebuild says the same."""
        return asdict(self)


NOTHING_PAST = LookBack()


def parse_look_back(data: dict[str, Any]) -> LookBack:
    """A look-back from the plain values of a record."""
    rows = tuple(Fared(**(row | {"crossings": tuple(row["crossings"])})) for row in data["fared"])
    before = data["before"]
    if before is not None:
        before = Before(**(before | {"total": tuple(before["total"]), "week": tuple(before["week"])}))
    return LookBack(fared=rows, before=before)


def look_back(vintage: Callable[[date], World], world: World, *, last: date | None = None, seed: int = 1) -> LookBack:
    """Forecast again on earlier days, a week apart, each from its own vintage, and score what has been reported since.

    vintage   the world as known on a day        world   the world of today: the reports that score
    last      the day to compare with; None for a week before today
    """
    first = last if last is not None and last < world.as_of else world.as_of - timedelta(days=WEEK)
    targets = [target for target in find_targets(world) if target.known <= world.as_of]
    rows: list[Fared] = []
    before: Before | None = None
    for step in range(MOST_ORIGINS):
        origin = first - timedelta(days=WEEK * step)
        horizon = (world.as_of - origin).days
        due = targets_of_origin(targets, origin, horizon)
        if not due and step:
            continue
        try:
            fit = fit_origin(vintage(origin), MEMBERS)
            rows.extend(_score(fit, origin, due, horizon, seed))
            before = _stood(fit, origin, seed) if step == 0 else before
        except SaraiError:
            continue
    return LookBack(fared=tuple(sorted(rows, key=lambda row: (row.origin, row.start, row.end))), before=before)


def _score(fit: OriginFit, origin: date, due: Sequence[Target], horizon: int, seed: int) -> list[Fared]:
    if not due:
        return []
    models = ("pool", YARDSTICK)
    paths = paths_of_models(fit, models, horizon_days=horizon, member_count=MEMBERS, seed=seed)
    known, phase = fit.posterior.model.crossings, phase_of(fit.world, fit.picture)
    rows = []
    for target in due:
        if not set(target.crossings) <= set(known):
            continue
        ours, theirs = (
            score_samples("", origin, phase, name, seed, target, target_samples(paths[name], known, origin, target))
            for name in models
        )
        rows.append(
            Fared(
                origin=origin.isoformat(), start=target.start.isoformat(), end=target.end.isoformat(),
                crossings=target.crossings, series=target.series, observed=ours.observed, median=ours.median,
                lower50=ours.lower50, upper50=ours.upper50, lower90=ours.lower90, upper90=ours.upper90,
                log_score=ours.wis_log, yardstick=theirs.wis_log,
            )
        )  # fmt: skip
    return rows


def _stood(fit: OriginFit, origin: date, seed: int) -> Before:
    world, picture = fit.world, fit.picture
    start = min(len(picture.days) - 1, int(np.searchsorted(picture.days, world.start.toordinal())))
    paths = paths_of_models(fit, ("pool",), horizon_days=4 * WEEK, member_count=MEMBERS, seed=seed)["pool"]
    daily = paths.sum(axis=1)
    likely = int(np.argmax(np.bincount(np.argmax(daily, axis=0), minlength=daily.shape[0])))
    past = picture.flow[start:].sum(axis=(0, 1))
    total = np.quantile(past, BAND)
    week = np.quantile(daily[:WEEK].sum(axis=0), BAND)
    return Before(
        as_of=origin.isoformat(), total_through=date.fromordinal(int(picture.days[-1])).isoformat(),
        total=(float(total[0]), float(past.mean()), float(total[2])),
        week=(float(week[0]), float(week[1]), float(week[2])),
        peak=(origin + timedelta(days=likely + 1)).isoformat(),
        deadlines={wave.id: wave.deadline.isoformat() for wave in world.calendar.waves if not wave.withdrawn},
    )  # fmt: skip
