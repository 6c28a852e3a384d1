"""Calibrate: from the reports known on a day to the posterior of the returns law. The only entry of this room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.diagnostics import describe_fit
from sarai.calibrate.gauss_newton import SMALLEST_FLOW, Evidence, GaussianPrior, LaplaceFit, Predict, fit_laplace
from sarai.calibrate.knots import place_knots
from sarai.calibrate.linear import cholesky
from sarai.calibrate.operator import ReportOperator
from sarai.calibrate.posterior import Component, Posterior
from sarai.calibrate.regimes import combinations, prior_weights
from sarai.calibrate.sampler import Sampler
from sarai.calibrate.scope import BACKGROUND, limit_world
from sarai.calibrate.smoother import SmootherCheck, compare_with_smoother
from sarai.calibrate.unknowns import NOT_ENFORCED, ON_TIME, REGIMES, Unknowns, lay_out_unknowns
from sarai.model.parameters import Parameters
from sarai.model.prior import ParameterPrior
from sarai.model.returns import ReturnsModel, build_returns, central_parameters
from sarai.reconcile.observations import Observations, build_observations
from sarai.simulate.simulate import simulate_returns
from sarai.world.calendar import Wave
from sarai.world.world import World

Floats = NDArray[np.float64]

NEAR_STEP, FAR_STEP, NEAR_DAYS = 2, 7, 45  # A123: knots of the discrepancy, days
SHARE_NEAR_STEP, SHARE_FAR_STEP, SHARE_NEAR_DAYS = 7, 28, 42  # A123: knots of the crossings' discrepancies
LAG_MEDIAN_DAYS, LAG_LOG_SD = 7.0, 0.6  # A120: a late deadline
CROSSING_SPREAD = 1.5  # A124: logit sd of the attraction of a crossing
UNNAMED_LOGIT = 2.0  # A124: a crossing that no report names attracts so much less
ASSUMED_CAPACITY_LOG_MEAN, ASSUMED_CAPACITY_LOG_SD = 1.0, 0.5  # A128: an assumed capacity should seldom bind
FEW_FIGURES, LONG_DAYS = 5, 500  # A125: with fewer figures the fit looks back so far
NOON = 12
OPEN_WAVES = 2  # A125: waves whose regimes are weighed together; earlier ones are settled one by one
MOST_COMPONENTS = 4  # A125: combinations of regimes that are kept, the most probable ones
BACKGROUND_RHO, BACKGROUND_SD = 0.995, 0.8  # A129: discrepancy of the usual movement, where no deadline is in force
BACKGROUND_AT_RISK = 0.95  # A129: anyone may be moved by it
PEOPLE_TO_COUNTED = 2.0  # A271: people there are at least, times those counted
BACKGROUND_LOG_SD = 1.0  # A129: prior log sd of its rate
BASE_SHARE = 0.1  # A129: part of the usual movement that keeps its rate whatever the discrepancy


class LawFit:
    """The law of one emergency held against its reports: everything that fits of different regimes share."""

    def __init__(self, world: World, model: ReturnsModel, observations: Observations) -> None:
        usual = base_from_reports(world, observations)
        self.world, self.model, self.observations = world, with_enough_people(model, observations, usual), observations
        model = self.model
        self.daily = one_step_a_day(model)
        self.first_day, self.last_day = model.first_day, max(model.as_of_day, model.first_day)
        self.operator = ReportOperator(observations, model, self.first_day, self.last_day)
        rows = self.operator.rows
        self.regime = observations.regime[rows]
        self.unknowns = self._lay_out()
        self.evidence = Evidence(
            log_value=np.log(observations.value[rows] + SMALLEST_FLOW),
            noise=observations.log_sd[rows],
            clump=float(model.priors["household_size"].centre),
        )
        self.prior = GaussianPrior(mean=self.unknowns.mean, precision=self.unknowns.precision)

    def _lay_out(self) -> Unknowns:
        centre = base_from_reports(self.world, self.observations)
        priors = self.model.priors
        if self.model.waves == (BACKGROUND,):
            priors, centre = background_priors(self.model, centre)
        return lay_out_unknowns(
            priors,
            waves=self.model.waves,
            crossings=self.model.crossings,
            regimes=self.observations.regimes,
            first_day=self.first_day,
            knot_days=place_knots(self.first_day, self.last_day, NEAR_STEP, FAR_STEP, NEAR_DAYS),
            share_knot_days=place_knots(
                self.first_day, self.last_day, SHARE_NEAR_STEP, SHARE_FAR_STEP, SHARE_NEAR_DAYS
            ),
            base_centre=centre,
            lag_median_days=LAG_MEDIAN_DAYS,
            lag_log_sd=LAG_LOG_SD,
            crossing_centre=crossing_sizes(self.model, self.observations),
            crossing_spread=CROSSING_SPREAD,
            capacity_centre=ASSUMED_CAPACITY_LOG_MEAN * assumed_capacities(self.world, self.model),
            capacity_spread=ASSUMED_CAPACITY_LOG_SD * assumed_capacities(self.world, self.model),
        )

    def simulate(self, vectors: Floats, regimes: tuple[str, ...]) -> Floats:
        """Log figures before bias (figure, m) that the law in mean mode predicts for vectors (unknown, m)."""
        parameters = self.parameters(vectors, regimes)
        ensemble = simulate_returns(
            self.daily, parameters, first_day=self.first_day, last_day=self.last_day, seed=0, mode="mean",
            stages="border", observe=("crossed", "crossed_status"),
        )  # fmt: skip
        return self.operator.observe(ensemble)

    def parameters(self, vectors: Floats, regimes: tuple[str, ...]) -> Parameters:
        """Parameters of vectors (unknown, m) on prior medians for all that is not fitted."""
        base = central_parameters(self.model, np.arange(vectors.shape[1], dtype=np.uint64))
        return self.unknowns.to_parameters(vectors, base, regimes, self.last_day)

    def fit(self, regimes: tuple[str, ...], start: Floats | None = None) -> LaplaceFit:
        """The Laplace fit under one combination of regimes."""
        if self.operator.count == 0:
            return prior_fit(self.prior)
        return fit_laplace(self.predictor(regimes), self.evidence, self.prior, start)

    def predictor(self, regimes: tuple[str, ...]) -> Predict:
        """The law under one combination of regimes as a function from vectors to log figures, biases included."""
        bias_start = self.unknowns.simulated_count

        def predict(vectors: Floats) -> Floats:
            """Biases are linear: only vectors that differ in what the simulator sees are simulated."""
            seen, inverse = distinct_columns(vectors[:bias_start])
            full = np.zeros((vectors.shape[0], seen.shape[1]))
            full[:bias_start] = seen
            return self.simulate(full, regimes)[:, inverse] + self.unknowns.biases(vectors)[self.regime]

        return predict

    def sampler(self, regimes: tuple[str, ...], fit: LaplaceFit) -> Sampler:
        """Draws members of one combination of regimes around its fit."""
        return Sampler(
            fit=fit, predict=self.predictor(regimes), evidence=self.evidence, prior=self.prior,
            spread=self.unknowns.spread,
        )  # fmt: skip

    def check(self, fit: LaplaceFit, regimes: tuple[str, ...], seed: int = 1) -> SmootherCheck:
        """The ensemble smoother on the same law and reports, compared with a Laplace fit."""
        return compare_with_smoother(self.predictor(regimes), self.evidence, self.prior, fit, seed)


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
    raw = {regime: prior[regime] * float(np.exp(value - top)) for regime, value in log_evidence.items()}
    total = sum(raw.values())
    return {regime: value / total for regime, value in raw.items()}


def one_step_a_day(model: ReturnsModel) -> ReturnsModel:
    """The same law with each day's queue served in one step instead of hour by hour.

    In mean mode that costs a quarter of the time; daily crossings differ by less than 3 % where a queue forms and by
    nothing elsewhere (measured on pakistan-2023). Members of a forecast run through the hours.
    """
    share = np.zeros_like(model.open_share)
    share[:, NOON] = 1.0
    return replace(model, open_share=share, arrival_share=share)


def prior_fit(prior: GaussianPrior) -> LaplaceFit:
    """The fit when there is nothing to fit: the prior itself."""
    return LaplaceFit(
        mode=prior.mean.copy(), factor=cholesky(prior.precision), predicted=np.zeros(0),
        jacobian=np.zeros((0, prior.mean.size)), residual=np.zeros(0), weight=np.zeros(0), log_evidence=0.0,
        iterations=0, status="ok",
    )  # fmt: skip


def distinct_columns(vectors: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Columns without those that repeat the first one, and for each column the one that stands for it."""
    same = (vectors == vectors[:, :1]).all(axis=0)
    same[0] = True
    keep = np.flatnonzero(~same)
    inverse = np.zeros(vectors.shape[1], dtype=np.int64)
    inverse[keep] = np.arange(1, keep.size + 1)
    return np.concatenate([vectors[:, :1], vectors[:, keep]], axis=1), inverse


def background_priors(model: ReturnsModel, centre: float | None) -> tuple[Mapping[str, ParameterPrior], float]:
    """Priors where no deadline is in force, and the centre of the base flow: the rest moves with the discrepancy."""
    priors = dict(model.priors)
    usual = centre if centre is not None else float(priors["base_persons_day"].centre)
    fraction, rate = priors["at_risk_fraction"], priors["announce_rate"]
    priors["at_risk_fraction"] = replace(
        fraction, centre=np.full_like(fraction.centre, BACKGROUND_AT_RISK), spread=np.zeros_like(fraction.spread)
    )
    people = float(np.sum(priors["population"].centre) * BACKGROUND_AT_RISK)
    priors["announce_rate"] = replace(
        rate,
        centre=np.full_like(rate.centre, (1.0 - BASE_SHARE) * usual / max(people, 1.0)),
        spread=np.full_like(rate.spread, BACKGROUND_LOG_SD),
    )
    common = priors["discrepancy"]
    priors["discrepancy"] = replace(common, rho=BACKGROUND_RHO, spread=np.full_like(common.spread, BACKGROUND_SD))
    return priors, BASE_SHARE * usual


def with_enough_people(model: ReturnsModel, observations: Observations, usual: float | None) -> ReturnsModel:
    """The same law with a population that reports cannot contradict: PEOPLE_TO_COUNTED times those they count at least.

    Counted: the people of the series that counts most within the window of the fit, and the usual movement over as long
    again as it lasts. A population table below that is raised in proportion.
    """
    prior = model.priors["population"]
    counted = largest_count(observations, model.first_day)
    if model.waves == (BACKGROUND,):
        counted = max(counted, 2.0 * (usual or 0.0) * (model.as_of_day - model.first_day + 1))
    total = float(prior.centre.sum())
    if not 0.0 < total < PEOPLE_TO_COUNTED * counted:
        return model
    raised = replace(prior, centre=prior.centre * (PEOPLE_TO_COUNTED * counted / total))
    return replace(model, priors={**model.priors, "population": raised})


def largest_count(observations: Observations, first_day: int) -> float:
    """Persons counted since first_day by the series that counts most, its known bias taken out; 0 without one."""
    persons: dict[int, float] = {}
    for row in range(observations.count):
        if observations.start[row] < first_day:
            continue
        regime = int(observations.regime[row])
        value = float(observations.value[row]) / float(np.exp(observations.regimes[regime].bias_log_mean))
        level = observations.form[row] == "level"
        persons[regime] = max(persons.get(regime, 0.0), value) if level else persons.get(regime, 0.0) + value
    return max(persons.values(), default=0.0)


def crossing_sizes(model: ReturnsModel, observations: Observations) -> Floats:
    """Prior log attraction of each crossing besides distance: its capacity, and whether any report names it.

    A crossing that no report names while others are named is a minor one: sources count where people cross (A124).
    """
    capacity = np.maximum(model.capacity_persons_day, 1.0)
    sizes: Floats = np.log(capacity / capacity.max())
    partial = observations.scope[~observations.scope.all(axis=1)] if observations.count else observations.scope
    named = np.zeros(len(observations.crossings), dtype=np.bool_)
    if partial.size:
        named |= np.any(partial, axis=0)
    if named.any():
        for name, is_named in zip(observations.crossings, named.tolist(), strict=True):
            sizes[model.crossings.index(name)] -= 0.0 if is_named else UNNAMED_LOGIT
    return sizes


def assumed_capacities(world: World, model: ReturnsModel) -> Floats:
    """1 for each crossing (in the order of the model) whose capacity rests on an assumption, 0 where it is cited."""
    basis = {crossing.place_id: crossing.basis for crossing in world.crossings}
    return np.array([0.0 if basis[x].source_id and not basis[x].assumption else 1.0 for x in model.crossings])


def base_from_reports(world: World, observations: Observations) -> float | None:
    """Persons a day at all crossings before the first announcement, from the reports; None if none speaks of it.

    Each figure of everyone who crossed gives its daily mean, divided by its share of the crossings; the geometric mean
    is taken. Where no announcement is known every figure counts.
    """
    named = [wave.announced.toordinal() for wave in world.calendar.waves if wave.id != BACKGROUND]
    announced = min(named, default=None)
    rates = []
    for row in range(observations.count):
        usable = observations.classes[row] in ("all", "other", "not_deported") and observations.statuses[row] == "all"
        wide = 2 * int(observations.scope[row].sum()) >= len(observations.crossings)
        recent = observations.end[row] >= world.start.toordinal()
        if usable and wide and recent and (announced is None or observations.end[row] < announced):
            rates.append(observations.value[row] / (observations.end[row] - observations.start[row] + 1))
    return float(np.exp(np.mean(np.log(np.maximum(rates, 1.0))))) if rates else None
