"""LawFit: the law of one emergency held against its reports, under one combination of regimes at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.gauss_newton import SMALLEST_FLOW, Evidence, GaussianPrior, LaplaceFit, Predict, fit_laplace
from sarai.calibrate.hints import (
    assumed_capacities,
    background_priors,
    base_from_reports,
    crossing_sizes,
    with_enough_people,
)
from sarai.calibrate.knots import place_knots
from sarai.calibrate.linear import cholesky
from sarai.calibrate.operator import ReportOperator
from sarai.calibrate.sampler import Sampler
from sarai.calibrate.scope import BACKGROUND
from sarai.calibrate.smoother import SmootherCheck, compare_with_smoother
from sarai.calibrate.unknowns import Unknowns, lay_out_unknowns
from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel, central_parameters
from sarai.reconcile.observations import Observations
from sarai.simulate.simulate import simulate_returns
from sarai.world.world import World

Floats = NDArray[np.float64]

NEAR_STEP, FAR_STEP, NEAR_DAYS = 2, 7, 45  # A123: knots of the discrepancy, days
SHARE_NEAR_STEP, SHARE_FAR_STEP, SHARE_NEAR_DAYS = 7, 28, 42  # A123: knots of the crossings' discrepancies
LAG_MEDIAN_DAYS, LAG_LOG_SD = 7.0, 0.6  # A120: a late deadline
CROSSING_SPREAD = 1.5  # A124: logit sd of the attraction of a crossing
ASSUMED_CAPACITY_LOG_MEAN, ASSUMED_CAPACITY_LOG_SD = 1.0, 0.5  # A128: an assumed capacity should seldom bind
NOON = 12


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
