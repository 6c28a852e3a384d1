"""Baselines: what a forecast must beat. Each sees the same reconciled picture as the law, and nothing of the law.

Every baseline is a function of the history and of standard normals; it returns paths (horizon, crossing, member) of
persons a day. Paths are joint: one member is one path of every crossing, so that sums over days and crossings come
from sums within members. Constants: A112 to A116 in docs/assumptions.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.smoothing import fit_ets, fit_theta
from sarai.forecast.yardsticks import Outlook, climatology_factor, planned_paths
from sarai.reconcile.picture import Picture

Floats = NDArray[np.float64]

LEVEL_DAYS = 7  # A112: days whose mean is the level that persists
LEVEL_ROOM = 1.2  # A112: log distance of a sampled level from its median at most
LEVEL_SD = 0.3  # A112: log sd of that level on the first day
DRIFT_SD = 0.08  # A112: log sd of its random walk, per square root of a day
TREND_DAYS = 14  # A113: days over which the trend is fitted
TREND_DAMPING = 0.85  # A113: factor by which the trend fades each day
TREND_CAP = np.log(4.0)  # A113: the trend may change the level by a factor of 4 at most
REVERSION_RATE = 0.85  # A113: part of the distance to the usual level that is left after a day
HISTORY_DAYS = 60  # A114: days of the picture that baselines learn from
SHARED_FRACTION = 0.7  # A115: part of a baseline's variance that all crossings share


@dataclass(frozen=True, kw_only=True)
class History:
    """The past that baselines see: log1p of the median daily flow, and joint samples of the recent level.

    log_flow  (day, crossing), the last HISTORY_DAYS days up to the as-of date; level: (crossing, member) persons/day
    last      (crossing,) log1p of the last day's median
    outlook   what the calendar says, for the baselines that read it
    """

    log_flow: Floats
    level: Floats
    last: Floats
    outlook: Outlook = field(default_factory=Outlook)


Baseline = Callable[[History, Floats], Floats]


def read_history(
    picture: Picture, as_of_day: int, member_ids: NDArray[np.uint64], outlook: Outlook | None = None
) -> History:
    """The history up to the as-of day; days after the picture's last repeat it, each member takes the sample of its id.

    Returns a level of zero persons where the picture is empty.
    """
    crossings = len(picture.crossings)
    keep = picture.days <= as_of_day
    if not keep.any() or picture.flow.shape[2] == 0:
        return History(
            log_flow=np.zeros((1, crossings)),
            level=np.zeros((crossings, member_ids.size)),
            last=np.zeros(crossings),
            outlook=outlook or Outlook(),
        )
    flow = picture.flow[keep][-HISTORY_DAYS:]
    missing = int(as_of_day - picture.days[keep][-1])
    if missing > 0:
        flow = np.concatenate([flow, np.repeat(flow[-1:], min(missing, HISTORY_DAYS), axis=0)])[-HISTORY_DAYS:]
    log_flow = np.log1p(np.median(flow, axis=2))
    take = (member_ids % np.uint64(flow.shape[2])).astype(np.int64)
    level = tame_level(flow[-LEVEL_DAYS:].mean(axis=0))[:, take]
    return History(log_flow=log_flow, level=level, last=log_flow[-1], outlook=outlook or Outlook())


def tame_level(level: Floats) -> Floats:
    """Samples of a level (crossing, sample) kept within LEVEL_ROOM of their median: thin evidence has wild tails."""
    middle = np.log1p(np.median(level, axis=1, keepdims=True))
    tamed: Floats = np.expm1(np.clip(np.log1p(level), np.maximum(middle - LEVEL_ROOM, 0.0), middle + LEVEL_ROOM))
    return tamed


def mix_normals(normals: Floats) -> Floats:
    """Normals (horizon, crossing + 1, member) into correlated ones (horizon, crossing, member); the last is shared."""
    shared, own = normals[:, -1:], normals[:, :-1]
    mixed: Floats = np.sqrt(SHARED_FRACTION) * shared + np.sqrt(1.0 - SHARED_FRACTION) * own
    return mixed


def persistence(history: History, normals: Floats) -> Floats:
    """The mean of the last week goes on, with a log-normal error that grows with the square root of time."""
    z = mix_normals(normals)
    start = (
        LEVEL_SD * np.sqrt(SHARED_FRACTION) * normals[0, -1] + LEVEL_SD * np.sqrt(1 - SHARED_FRACTION) * normals[0, :-1]
    )
    walk = np.cumsum(z, axis=0) - z[:1]
    paths: Floats = history.level[np.newaxis] * np.exp(start[np.newaxis] + DRIFT_SD * walk)
    return paths


def log_random_walk(history: History, normals: Floats) -> Floats:
    """Random walk on log1p from the last day, with the empirical daily increments made symmetric (the hubs' baseline).

    Source: the quantile baseline of the COVID-19 and influenza forecast hubs (Cramer et al. 2022,
    doi:10.1073/pnas.2113561119), on the log scale. A normal is turned into an increment through its rank.
    """
    steps = np.diff(history.log_flow, axis=0)
    paths = np.empty((normals.shape[0], history.last.size, normals.shape[2]))
    z = mix_normals(normals)
    for crossing in range(history.last.size):
        pool = np.sort(np.concatenate([steps[:, crossing], -steps[:, crossing]])) if steps.size else np.zeros(1)
        position = (pool.size - 1) * normal_rank(z[:, crossing])
        paths[:, crossing] = history.last[crossing] + np.cumsum(np.interp(position, np.arange(pool.size), pool), axis=0)
    out: Floats = np.expm1(np.clip(paths, 0.0, 25.0))
    return out


def damped_trend(history: History, normals: Floats) -> Floats:
    """The trend of log1p over the last two weeks goes on, fading, and capped to a factor of four."""
    recent = history.log_flow[-TREND_DAYS:]
    days = np.arange(recent.shape[0], dtype=np.float64)
    centred = days - days.mean()
    slope = centred @ recent / max(float(centred @ centred), 1.0)
    fade = np.cumsum(TREND_DAMPING ** np.arange(1, normals.shape[0] + 1))
    change = np.clip(fade[:, np.newaxis] * slope[np.newaxis], -TREND_CAP, TREND_CAP)
    out: Floats = persistence(history, normals) * np.exp(change)[:, :, np.newaxis]
    return out


def reversion(history: History, normals: Floats) -> Floats:
    """The mean of the last week falls back towards the median day of the past two months, and never rises to it.

    A first-order autoregression on log1p with a fixed rate; made for the days after a peak, where a level cannot last.
    """
    usual = np.median(history.log_flow, axis=0)
    recent = history.log_flow[-LEVEL_DAYS:].mean(axis=0)
    gap = np.minimum(usual - recent, 0.0)
    kept = REVERSION_RATE ** np.arange(1, normals.shape[0] + 1)
    change = gap[np.newaxis] * (1.0 - kept)[:, np.newaxis]
    out: Floats = persistence(history, normals) * np.exp(change)[:, :, np.newaxis]
    return out


def ets(history: History, normals: Floats) -> Floats:
    """Exponential smoothing with additive error and damped trend on log1p, fitted by least squares."""
    return _from_steps(history, normals, fit_ets)


def theta(history: History, normals: Floats) -> Floats:
    """The Theta method (Assimakopoulos and Nikolopoulos 2000) on log1p: simple smoothing plus half the linear drift."""
    return _from_steps(history, normals, fit_theta)


def _from_steps(history: History, normals: Floats, fit: Callable[[Floats, int], tuple[Floats, Floats]]) -> Floats:
    z = mix_normals(normals)
    paths = np.empty_like(z)
    horizon = z.shape[0]
    for crossing in range(z.shape[1]):
        centre, impulse = fit(history.log_flow[:, crossing], horizon)
        for day in range(horizon):
            noise = np.tensordot(impulse[day::-1][: day + 1], z[: day + 1, crossing], axes=(0, 0))
            paths[day, crossing] = centre[day] + noise
    out: Floats = np.expm1(np.clip(paths, 0.0, 25.0))
    return out


def deadline_climatology(history: History, normals: Floats) -> Floats:
    """The present level, times what became of it around the deadlines of other emergencies, one of them a member.

    Where there is no deadline, or no other emergency with one, it is persistence.
    """
    factor = climatology_factor(history.outlook, normals.shape[0], normal_rank(normals[-1, -1]))
    out: Floats = persistence(history, normals) * factor[:, np.newaxis]
    return out


def planning_figure(history: History, normals: Floats) -> Floats:
    """The number that the directive names, spread evenly; without one, persistence. What a single figure would plan."""
    if history.outlook.planned is None:
        return persistence(history, normals)
    return planned_paths(history.outlook.planned, history.level, mix_normals(normals))


def normal_rank(z: Floats) -> Floats:
    """Standard normal distribution function, by Abramowitz and Stegun 26.2.17 (error below 1e-7)."""
    t = 1.0 / (1.0 + 0.2316419 * np.abs(z))
    tail = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    upper = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi) * tail
    rank: Floats = np.where(z >= 0.0, 1.0 - upper, upper)
    return rank


BASELINES: Mapping[str, Baseline] = {
    "persistence": persistence,
    "log_random_walk": log_random_walk,
    "damped_trend": damped_trend,
    "reversion": reversion,
    "ets": ets,
    "theta": theta,
    "deadline_climatology": deadline_climatology,
    "planning_figure": planning_figure,
}
