"""Shift: series, or their later part, that are dated a week too late or too early."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.finding import Finding
from sarai.reconcile.fit import Fit, fit_picture
from sarai.reconcile.linear import find_flows
from sarai.reconcile.observations import Observations
from sarai.reconcile.plan import Plan, make_plan
from sarai.reconcile.prior import DEGREES, Prior, make_prior
from sarai.reconcile.reconcile import take_observations
from sarai.reconcile.scan import log_likelihood, test_scale
from sarai.reconcile.smoother import run_gains, run_means, run_variances
from sarai.world.civil import day_date
from sarai.world.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHIFT_DAYS = (7, -7)
HINT_ODDS = 4.0  # A69: gain of log density, figures taken as independent, from which a shift is tried in earnest
SHIFT_ODDS = 9.0  # A69: gain of log density, everything told, from which it is a finding
FEWEST_SHIFTED = 5
AWAY = 1e4  # error variance that takes a figure out
OUTLIER_WEIGHT = 0.25


def find_shifts(world: World, observations: Observations, prior: Prior, fit: Fit) -> list[Finding]:
    """For each series: do its figures fit the picture of all other series better a week earlier or later?"""
    found = []
    names = sorted({observations.regimes[index].series for index in observations.regime})
    for series in names:
        rows = np.array(
            [row for row in range(observations.count)
             if observations.regimes[observations.regime[row]].series == series and observations.classes[row] == "all"],
            dtype=np.int64,
        )  # fmt: skip
        if len(rows) < FEWEST_SHIFTED or len(names) < 2:
            continue
        finding = series_shift(world, observations, prior, fit, series, rows)
        if finding is not None:
            found.append(finding)
    return found


def series_shift(
    world: World, observations: Observations, prior: Prior, fit: Fit, series: str, rows: Ints
) -> Finding | None:
    """The best shift of one series from some day on, if it gains enough."""
    days, late = hint_shift(observations, prior, fit, rows)
    if days == 0:
        return None
    gain = shift_gain(world, observations, prior, fit, late, days)
    if gain < SHIFT_ODDS:
        return None
    first = day_date(int(observations.end[late].min()))
    return Finding(
        kind="shift",
        series=series,
        reports=tuple(name for row in late for name in observations.report_ids[row]),
        start=int(observations.start[late].min()),
        end=int(observations.end[late].max()),
        evidence=f"{len(late)} figures from {first} on fit all other series far better {abs(days)} days "
        f"{'before' if days > 0 else 'after'} the dates printed",
        log_odds=gain - 5.0,
        change="their windows would move, or they would not enter",
        action="set_aside",
    )


def hint_shift(observations: Observations, prior: Prior, fit: Fit, rows: Ints) -> tuple[int, Ints]:
    """Days (0: none) and the later rows of a series that look shifted, figures taken one by one."""
    variance = fit.figure_variance.copy()
    variance[rows] = AWAY
    path, doubt = path_without(fit, prior, variance)
    scale = np.sqrt(test_scale(observations, fit)[rows] ** 2 + doubt[rows])
    still = robust_density(observations, rows, log_sums(fit.plan, observations, path, rows, 0), scale)
    best: tuple[float, int, int] = (HINT_ODDS, 0, 0)
    for days in SHIFT_DAYS:
        moved = robust_density(observations, rows, log_sums(fit.plan, observations, path, rows, -days), scale)
        gain = np.where(np.isfinite(moved - still), moved - still, 0.0)
        after = np.cumsum(gain[::-1])[::-1]
        place = int(np.argmax(after))
        if after[place] > best[0] and len(rows) - place >= FEWEST_SHIFTED:
            best = (float(after[place]), days, place)
    return best[1], rows[best[2] :]


def shift_gain(world: World, observations: Observations, prior: Prior, fit: Fit, late: Ints, days: int) -> float:
    """Gain of log density when figures are moved back by `days`, the picture fitted anew.

    Figures that would leave the picture, and those that either fit sets aside, count in neither.
    """
    moved_start, moved_end = observations.start.copy(), observations.end.copy()
    moved_start[late] -= days
    moved_end[late] -= days
    last = fit.plan.first_day + fit.plan.day_count - 1
    inside = (moved_start >= fit.plan.first_day) & (moved_end <= last)
    order = np.lexsort((np.arange(observations.count), moved_end))
    order = order[inside[order]]
    moved = take_observations(replace(observations, start=moved_start, end=moved_end), order)
    plan = make_plan(moved, tuple(item.id for item in world.statuses), fit.plan.first_day, last)
    other_prior = make_prior(world, moved, plan)
    other = fit_picture(moved, plan, other_prior)
    other_prior = replace(other_prior, step_sd=other.step_sd)
    other = replace(other, noise_factor=fit.noise_factor, step_factor=fit.step_factor)
    back = np.empty(observations.count, dtype=np.int64)
    back[order] = np.arange(len(order))
    out = (fit.weight < OUTLIER_WEIGHT) | ~inside
    out[order] |= other.weight < OUTLIER_WEIGHT
    out[late] &= ~inside[late]
    return log_likelihood(moved, other, other_prior, out[order]) - log_likelihood(observations, fit, prior, out)


def path_without(fit: Fit, prior: Prior, variance: Floats) -> tuple[Floats, Floats]:
    """Flow (day, crossing) of the best path when figures with AWAY as variance do not count, and how far each figure's
    own sum is in doubt then (figure,), as a variance of its log."""
    gain, predicted = run_gains(fit.plan, fit.weights, prior.first_variance, fit.spread, variance)
    path, constants, _ = run_means(fit.plan, fit.weights, prior.first_mean, prior.first_variance, fit.spread, gain,
                                   predicted, fit.target[:, None])  # fmt: skip
    _, _, left = run_variances(fit.plan, fit.weights, prior, fit.spread, gain, predicted, variance)
    return find_flows(fit.plan, np.clip(path, -5.0, 15.0), constants).flow[:, :, 0], left


def log_sums(plan: Plan, observations: Observations, flow: Floats, rows: Ints, days: int) -> Floats:
    """Log of the flow summed over the windows of `rows` moved by `days`; nan where they leave the picture."""
    total = np.concatenate([np.zeros((1, flow.shape[1])), np.cumsum(flow, axis=0)])
    low, high = plan.low[rows] + days, plan.high[rows] + days + 1
    inside = (low >= 0) & (high <= plan.day_count)
    low, high = np.clip(low, 0, plan.day_count), np.clip(high, 0, plan.day_count)
    sums = ((total[high] - total[low]) * observations.scope[rows]).sum(axis=1)
    return np.where(inside, np.log(np.maximum(sums, 1e-9)), np.nan)


def robust_density(observations: Observations, rows: Ints, predicted: Floats, scale: Floats) -> Floats:
    """Log density (Student t) of each figure about its prediction, less the median gap of the series."""
    gap = np.log(observations.value[rows]) - predicted
    gap = gap - np.nanmedian(gap) if np.isfinite(gap).any() else gap
    density = -0.5 * (DEGREES + 1.0) * np.log1p((gap / scale) ** 2 / DEGREES)
    return np.asarray(density, dtype=np.float64)
