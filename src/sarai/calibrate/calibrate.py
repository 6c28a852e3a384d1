"""Calibrate: from the reports known on a day to the posterior of the returns law. The only entry of this room."""

from __future__ import annotations

import math

from sarai.calibrate.diagnostics import describe_fit
from sarai.calibrate.gauss_newton import LaplaceFit
from sarai.calibrate.law_fit import LawFit
from sarai.calibrate.posterior import Component, Posterior
from sarai.calibrate.regimes import combinations, prior_weights
from sarai.calibrate.scope import BACKGROUND, limit_world
from sarai.calibrate.unknowns import NOT_ENFORCED, ON_TIME, REGIMES
from sarai.model.returns import ReturnsModel, build_returns
from sarai.reconcile.observations import Observations, build_observations
from sarai.world.calendar import Wave
from sarai.world.world import World

FEW_FIGURES, LONG_DAYS = 5, 500  # A125: with fewer figures the fit looks back so far
OPEN_WAVES = 2  # A125: waves whose regimes are weighed together; earlier ones are settled one by one
MOST_COMPONENTS = 4  # A125: combinations of regimes that are kept, the most probable ones


def calibrate(
    world: World, *, model: ReturnsModel | None = None, observations: Observations | None = None
) -> Posterior:
    """The posterior of the returns law from the reports that `world` knows.

    model         as `build_returns(limit_world(world))` gives it, if already at hand
    observations  as `build_observations(world)` gives them
    With no usable report the posterior is the prior, and its status says so. Source of the method: Gauss-Newton on the
    law in mean mode, Laplace around the mode, regimes weighed by evidence (docs/explanation/forecast.md).
    """
    seen = observations or build_observations(world)
    near = limit_world(world)
    law = LawFit(near, model or build_returns(near), seen)
    if model is None and law.operator.count < min(FEW_FIGURES, seen.count):
        near = limit_world(world, LONG_DAYS)
        law = LawFit(near, build_returns(near), seen)
    weighed = weigh_regimes(law)
    components = tuple(
        Component(regimes=regimes, weight=weight, sampler=law.sampler(regimes, fit)) for regimes, weight, fit in weighed
    )
    return describe_fit(
        Posterior(
            name=world.name, as_of_day=law.model.as_of_day, model=law.model, unknowns=law.unknowns,
            observations=law.observations, components=components, figures=(), misfit=(), learned=(), silent=(),
        ),
        law.operator,
        law.evidence,
    )  # fmt: skip


def weigh_regimes(law: LawFit) -> list[tuple[tuple[str, ...], float, LaplaceFit]]:
    """Combinations of regimes with posterior weights and fits, most probable first."""
    waves = law.world.calendar.waves
    settled: list[str] = [ON_TIME] * len(waves)
    if law.model.waves == (BACKGROUND,):
        usual: tuple[str, ...] = (NOT_ENFORCED,)
        return [(usual, 1.0, law.fit(usual))]
    best = law.fit(tuple(settled))
    by_wave: list[dict[str, float]] = []
    for index, wave in enumerate(waves):
        over = [weights[NOT_ENFORCED] for weights, one in zip(by_wave, waves, strict=False) if has_passed(law, one)]
        prior = prior_weights(wave, law.world.calendar.events, law.world.as_of, sum(over))
        fits = {}
        for regime in REGIMES:
            if prior[regime] <= 0.0:
                continue
            trial = tuple(regime if place == index else other for place, other in enumerate(settled))
            fits[regime] = best if trial == tuple(settled) else law.fit(trial, best.mode)
        weights = posterior_weights({regime: fit.log_evidence for regime, fit in fits.items()}, prior)
        settled[index] = max(weights, key=lambda regime: weights[regime])
        best = fits[settled[index]]
        by_wave.append({regime: weights.get(regime, 0.0) for regime in REGIMES})
    open_from = max(0, len(waves) - OPEN_WAVES)
    for index in range(open_from):
        by_wave[index] = {regime: float(regime == settled[index]) for regime in REGIMES}
    found = []
    kept = combinations(tuple(by_wave))[:MOST_COMPONENTS]
    total = sum(weight for _, weight in kept)
    for regimes, weight in kept:
        fit = best if regimes == tuple(settled) else law.fit(regimes, best.mode)
        found.append((regimes, weight / total, fit))
    return found


def has_passed(law: LawFit, wave: Wave) -> bool:
    """Whether the deadline of a wave lies behind the as-of date, so that it is known what came of it."""
    return wave.deadline < law.world.as_of


def posterior_weights(log_evidence: dict[str, float], prior: dict[str, float]) -> dict[str, float]:
    """Posterior probabilities of regimes from their evidences and prior probabilities."""
    top = max(log_evidence.values())
    raw = {regime: prior[regime] * math.exp(value - top) for regime, value in log_evidence.items()}
    total = sum(raw.values())
    return {regime: value / total for regime, value in raw.items()}
