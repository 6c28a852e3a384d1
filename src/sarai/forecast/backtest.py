"""Backtest: forecasts made at past origins from what was known then, scored against frozen targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.calibrate import calibrate
from sarai.calibrate.posterior import Posterior
from sarai.crew.crew import ALONE, Crew
from sarai.forecast.baselines import BASELINES
from sarai.forecast.forecast import QUANTILE_LEVELS
from sarai.forecast.make import baseline_paths, choose_models, law_paths
from sarai.forecast.marks import breach_chance, mark_scope, marked, peak_of
from sarai.forecast.score_row import ScoreRow
from sarai.forecast.scores import central_interval, pit_from_samples, quantile_loss, weighted_interval_score
from sarai.forecast.targets import Target, targets_of_origin
from sarai.forecast.weights import phase_of, pool_weights
from sarai.reconcile.picture import Picture
from sarai.reconcile.reconcile import reconcile
from sarai.world.world import World

Floats = NDArray[np.float64]
MODELS: tuple[str, ...] = ("pool", "law", *BASELINES)


@dataclass(frozen=True, kw_only=True)
class OriginFit:
    """What one origin knows: the world, its picture and its posterior. Seeds differ in the members only."""

    world: World
    picture: Picture
    posterior: Posterior


def weekly_origins(targets: Sequence[Target], horizon_days: int) -> list[date]:
    """A day in every week from a month before the first target to the last one, as long as targets lie after it."""
    if not targets:
        return []
    first, last = min(t.start for t in targets), max(t.end for t in targets)
    days = [first - timedelta(days=1) + timedelta(days=7 * k) for k in range((last - first).days // 7 + 1)]
    return [day for day in days if targets_of_origin(targets, day, horizon_days)]


def fit_origin(world: World, sample_count: int = 400) -> OriginFit:
    """Reconcile and calibrate what is known on the origin."""
    return OriginFit(world=world, picture=reconcile(world, sample_count, 1), posterior=calibrate(world))


def paths_of_models(
    fit: OriginFit, models: Sequence[str], *, horizon_days: int, member_count: int, seed: int,
    without: frozenset[str] = frozenset(),
) -> dict[str, Floats]:  # fmt: skip
    """Daily crossings (horizon, crossing, member) of each model; the pool takes each member from one of its models.

    without  emergencies that no baseline may look at, besides the case itself
    """
    ids = np.arange(member_count, dtype=np.uint64)
    weights = pool_weights(fit.world, fit.picture)
    wanted = set(models) | (set(weights) if "pool" in models else set())
    paths: dict[str, Floats] = {}
    for name in sorted(wanted - {"pool"}):
        if name == "law":
            paths[name] = law_paths(fit.posterior, ids, seed, horizon_days)
        else:
            paths[name] = baseline_paths(name, fit.world, fit.picture, fit.posterior, ids, seed, horizon_days, without)
    if "pool" in models:
        chosen = choose_models(weights, ids, seed)
        pooled = np.empty((horizon_days, len(fit.posterior.model.crossings), member_count))
        for place, name in enumerate(weights):
            pooled[:, :, chosen == place] = paths[name][:, :, chosen == place]
        paths["pool"] = pooled
    return {name: paths[name] for name in models}


def target_samples(paths: Floats, crossings: tuple[str, ...], origin: date, target: Target) -> Floats:
    """Samples (member,) of a target: the sum of daily paths over its window and crossings."""
    first, last = (target.start - origin).days - 1, (target.end - origin).days
    places = [crossings.index(name) for name in target.crossings]
    out: Floats = paths[first:last][:, places].sum(axis=(0, 1))
    return out


def score_samples(
    case: str, origin: date, phase: str, model: str, seed: int, target: Target, samples: Floats
) -> ScoreRow:
    """Every score of one target from samples (member,) of it."""
    pit = float(pit_from_samples(samples, float(target.persons)))
    return score_quantiles(case, origin, phase, model, seed, target, np.quantile(samples, QUANTILE_LEVELS), pit)


def score_quantiles(
    case: str, origin: date, phase: str, model: str, seed: int, target: Target, quantiles: Floats, pit: float
) -> ScoreRow:
    """Every score of one target from its quantiles at QUANTILE_LEVELS; pit is its probability integral transform."""
    observed = float(target.persons)
    parts = weighted_interval_score(quantiles, observed, QUANTILE_LEVELS)
    log_parts = weighted_interval_score(np.log1p(quantiles), np.log1p(observed), QUANTILE_LEVELS)
    bands = {width: central_interval(quantiles, QUANTILE_LEVELS, width) for width in (0.5, 0.8, 0.9, 0.95)}
    high, higher = (float(quantiles[QUANTILE_LEVELS.index(level)]) for level in (0.8, 0.95))
    return ScoreRow(
        case=case,
        origin=origin,
        phase=phase,
        model=model,
        seed=seed,
        target_id=target.id,
        series=target.series,
        crossings=target.crossings,
        start=target.start,
        end=target.end,
        horizon_days=(target.end - origin).days,
        observed=observed,
        median=float(quantiles[len(quantiles) // 2]),
        wis=float(parts.total),
        wis_log=float(log_parts.total),
        dispersion=float(parts.dispersion),
        under=float(parts.under),
        over=float(parts.over),
        lower50=float(bands[0.5][0]),
        upper50=float(bands[0.5][1]),
        lower80=float(bands[0.8][0]),
        upper80=float(bands[0.8][1]),
        lower90=float(bands[0.9][0]),
        upper90=float(bands[0.9][1]),
        lower95=float(bands[0.95][0]),
        upper95=float(bands[0.95][1]),
        pit=pit,
        loss80=float(quantile_loss(high, observed, 0.8)),
        loss95=float(quantile_loss(higher, observed, 0.95)),
        quantile80=high,
        quantile95=higher,
    )


def score_model(
    fit: OriginFit, phase: str, model: str, seed: int, due: Sequence[Target], paths: Floats
) -> list[ScoreRow]:
    """Scores and marks of every target due at an origin, from daily paths (horizon, crossing, member) of one model."""
    origin, crossings = fit.world.as_of, fit.posterior.model.crossings
    scopes = {target.crossings for target in due}
    marks = {scope: mark_scope(fit.world, fit.picture, scope) for scope in scopes}
    peaks = {scope: peak_of(paths, [crossings.index(name) for name in scope], origin) for scope in scopes}
    rows = []
    for target in due:
        samples = target_samples(paths, crossings, origin, target)
        row = score_samples(fit.world.name, origin, phase, model, seed, target, samples)
        mark = marks[target.crossings]
        chance = breach_chance(samples, mark.ready, (target.end - target.start).days + 1)
        rows.append(marked(row, mark, chance, peaks[target.crossings]))
    return rows


@dataclass(frozen=True, kw_only=True)
class OriginJob:
    """All that one origin needs: what was known then, the targets due, what to run."""

    world: World
    due: tuple[Target, ...]
    models: tuple[str, ...]
    seeds: tuple[int, ...]
    horizon_days: int
    member_count: int


def score_origin(job: OriginJob) -> list[ScoreRow]:
    """Scores of every seed, model and target at one origin, in this order."""
    fit = fit_origin(job.world)
    phase = phase_of(fit.world, fit.picture)
    rows: list[ScoreRow] = []
    for seed in job.seeds:
        paths = paths_of_models(
            fit, job.models, horizon_days=job.horizon_days, member_count=job.member_count, seed=seed
        )
        for model in job.models:
            rows += score_model(fit, phase, model, seed, job.due, paths[model])
    return rows


def backtest(
    as_of: Callable[[date], World],
    origins: Sequence[date],
    targets: Sequence[Target],
    *,
    models: Sequence[str] = MODELS,
    seeds: Sequence[int] = (1,),
    horizon_days: int = 28,
    member_count: int = 1000,
    watch: Callable[[str], None] = lambda _: None,
    crew: Crew = ALONE,
) -> list[ScoreRow]:
    """Scores of every model at every origin, seed and target.

    as_of   the world as known on a day: `load_case(name).as_of`; nothing else is read at an origin
    watch   told of every origin when its forecasts are scored
    crew    who does the work, an origin at a time; any crew gives the same rows
    Rows come in order of origin, seed, model, target.
    """
    due = {origin: tuple(targets_of_origin(targets, origin, horizon_days)) for origin in origins}
    jobs = [
        OriginJob(world=as_of(origin), due=due[origin], models=tuple(models), seeds=tuple(seeds),
                  horizon_days=horizon_days, member_count=member_count)
        for origin in origins if due[origin]
    ]  # fmt: skip
    scored = crew.results(score_origin, jobs)
    rows: list[ScoreRow] = []
    for origin in origins:
        if due[origin]:
            rows += next(scored)
        watch(f"{origin}: {len(due[origin]) or 'no'} targets")
    return rows
