"""Prior: what is thought of the daily flow before any figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.kind_shares import kind_prior, main_kinds, told_by_share
from sarai.reconcile.observations import Observations
from sarai.reconcile.plan import Plan, drifts
from sarai.reconcile.steps import named_crossings, step_scales
from sarai.world.population import usual_persons_day
from sarai.world.world import World

Floats = NDArray[np.float64]

WEEKDAY_LOG_SD = 0.05  # A59: log effect of a weekday, shared by the crossings
LEVEL_LOG_SD = 2.0  # A59: log level on the first day, shared by the crossings
SPLIT_LOG_SD = 1.2  # A61: departure of a crossing's log level from it, around the size of its own figures
MINOR_SHARE = 0.03  # A61: part of the border's flow at all crossings together that no report names
LEVEL_DEGREES = 4.0  # A59: degrees of freedom of the level's daily innovation
DEGREES = 4.0  # A59: degrees of freedom of everything else
ODDS_LOG_SD = 1.5  # A62: log odds of a kind or status on the first day
MAIN_ODDS_SD = 0.4  # A62: log odds of a main kind on the first day
DEVIATION_SD = 0.7  # A62: departure of a crossing's log odds from the common ones
NOTHING_KNOWN_PERSONS_DAY = 300.0  # A63: median flow at a border where nothing has been counted


@dataclass(frozen=True, kw_only=True)
class Prior:
    """Scales (not variances) of innovations (day, cell); mean and variance of each slot before the first day.

    main         (kind,) True where deported or facilitated people are a main part of all
    as_declared  (regime,) True where a bias is as wide as declared, no wider for what is drawn of it
    """

    step_sd: Floats
    first_mean: Floats
    first_variance: Floats
    main: NDArray[np.bool_]
    as_declared: NDArray[np.bool_]


def step_degrees(plan: Plan) -> Floats:
    """Degrees of freedom of the innovation of each daily quantity (cell,)."""
    degrees = np.full(plan.layout.cell_count, DEGREES)
    degrees[: plan.layout.crossing_count] = LEVEL_DEGREES
    degrees[plan.layout.shared] = LEVEL_DEGREES
    return degrees


def make_prior(world: World, observations: Observations, plan: Plan) -> Prior:
    """Prior of the state for one case and plan."""
    layout = plan.layout
    mean = np.zeros(plan.slot_count)
    variance = np.zeros(plan.slot_count)
    mean[: layout.crossing_count] = level_means(world, observations)
    variance[: layout.crossing_count] = SPLIT_LOG_SD**2
    variance[layout.shared] = LEVEL_LOG_SD**2
    odds = slice(layout.odds_first, layout.odds_first + layout.odds_count)
    shares = kind_prior(observations)
    mean[odds] = odds_means(world, shares, layout.kind_cells, layout.status_cells)
    variance[odds] = ODDS_LOG_SD**2
    main = np.flatnonzero(main_kinds(shares))
    variance[layout.odds_first + main[: layout.kind_cells]] = MAIN_ODDS_SD**2
    variance[layout.cell_count : layout.weekday_first] = DEVIATION_SD**2
    variance[layout.weekday_first : layout.weekday_first + 7] = WEEKDAY_LOG_SD**2
    for slot, regime in zip(layout.bias_slots, observations.regimes, strict=True):
        mean[slot] = regime.bias_log_mean
        variance[slot] = regime.bias_log_sd**2
    return Prior(
        step_sd=step_scales(world, observations, plan),
        first_mean=mean,
        first_variance=variance,
        main=main_kinds(shares)[: layout.kind_cells],
        as_declared=told_by_share(observations, shares)
        | np.array([drifts(regime) for regime in observations.regimes], dtype=np.bool_),
    )


def level_means(world: World, observations: Observations) -> Floats:
    """Log of a middling daily flow at each crossing, from the figures' own sizes; unnamed crossings are minor."""
    crossing_count = len(observations.crossings)
    days = (observations.end - observations.start + 1).astype(np.float64)
    rates = observations.value / days
    per_crossing = rates / np.maximum(observations.scope.sum(axis=1), 1)
    whole = np.array([name == "all" for name in observations.classes], dtype=np.bool_)
    named = named_crossings(observations)
    usual = min(NOTHING_KNOWN_PERSONS_DAY, usual_persons_day(world.strata) or NOTHING_KNOWN_PERSONS_DAY)
    means = np.full(crossing_count, np.log(usual / max(crossing_count, 1)))
    if not observations.count:
        return means
    overall = float(np.median(np.log(rates)))
    for crossing in range(crossing_count):
        alone = observations.scope[:, crossing] & (observations.scope.sum(axis=1) == 1)
        inside = observations.scope[:, crossing] & ~observations.scope.all(axis=1)
        chosen = alone & whole if (alone & whole).any() else alone if alone.any() else inside
        whole_border = overall - float(np.log(crossing_count))  # where no figure tells crossings apart
        means[crossing] = float(np.median(np.log(per_crossing[chosen]))) if chosen.any() else whole_border
    if named.any():
        means[~named] = overall + np.log(MINOR_SHARE / max(int((~named).sum()), 1))
    return means


def odds_means(world: World, kind_shares: tuple[float, ...], kind_cells: int, status_cells: int) -> Floats:
    """Log odds of kinds and statuses before any figure; statuses follow the middle of the population ranges."""
    means: list[float] = []
    if kind_cells:
        rest = 1.0 - sum(kind_shares)
        means.extend(float(np.log(share / rest)) for share in kind_shares)
    if status_cells:
        shares = status_prior(world)
        means.extend(float(np.log(share / shares[-1])) for share in shares[:-1])
    return np.array(means, dtype=np.float64)


def status_prior(world: World) -> Floats:
    """Shares of statuses in the population as far as ranges are known, never below one in a hundred; else equal."""
    sizes = np.zeros(len(world.statuses))
    for index, status in enumerate(world.statuses):
        sizes[index] = sum(
            (item.low_persons + item.high_persons) / 2 for item in world.strata if item.status == status.id
        )
    if sizes.sum() <= 0.0:
        sizes[:] = 1.0
    shares = np.maximum(sizes / sizes.sum(), 0.01)
    return np.asarray(shares / shares.sum(), dtype=np.float64)
