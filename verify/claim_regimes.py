"""Claim: a deadline is as probable to be enforced as its posterior says.

Simulation-based calibration with the regime among the unknowns: draw what becomes of the deadline from its prior and
the numbers of the law from theirs, make reports from the law, and see whether the posterior probabilities come true.
"""

from __future__ import annotations

import math
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sarai.calibrate.calibrate import posterior_weights
from sarai.calibrate.gauss_newton import DEGREES, Evidence, fit_laplace, scale_of
from sarai.calibrate.law_fit import LawFit
from sarai.calibrate.linear import cholesky, solve_upper
from sarai.calibrate.regimes import prior_weights
from sarai.calibrate.scope import limit_world
from sarai.calibrate.unknowns import LATE, NOT_ENFORCED, ON_TIME
from sarai.model.returns import build_returns
from sarai.observe.case_folder import load_case
from sarai.reconcile.observations import build_observations
from verify.claims import claim

Floats = NDArray[np.float64]
ORDER = (ON_TIME, LATE, NOT_ENFORCED)


def chances(seed: int, runs: int, believed: float = 0.0) -> tuple[Floats, Floats]:
    """(run,) posterior probability that the deadline is enforced, and 1 where it was, two days before the deadline.

    believed  is added to the log evidence of every regime in which it is (a planted fault)
    """
    world = load_case("pakistan-2023").as_of(date(2023, 10, 29))
    near = limit_world(world)
    law = LawFit(near, build_returns(near), build_observations(world))
    prior = prior_weights(near.calendar.waves[0], (), near.as_of)
    predictors = {regime: law.predictor((regime,)) for regime in ORDER}
    rng = np.random.default_rng(seed)
    root, size = cholesky(law.prior.precision), law.prior.mean.size
    said, seen = np.empty(runs), np.empty(runs)
    for run in range(runs):
        truth = str(rng.choice(ORDER, p=[prior[regime] for regime in ORDER]))
        vector = law.prior.mean[:, np.newaxis] + solve_upper(root, rng.normal(size=(size, 1)))
        clean = predictors[truth](vector)[:, 0]
        error = scale_of(law.evidence, clean) * rng.standard_t(DEGREES, clean.size)
        evidence = Evidence(log_value=clean + error, noise=law.evidence.noise, clump=law.evidence.clump)
        first = fit_laplace(predictors[ON_TIME], evidence, law.prior)
        found = {ON_TIME: first.log_evidence + believed}
        for regime in (LATE, NOT_ENFORCED):
            fit = fit_laplace(predictors[regime], evidence, law.prior, first.mode)
            found[regime] = fit.log_evidence + (believed if regime == LATE else 0.0)
        said[run] = 1.0 - posterior_weights(found, prior)[NOT_ENFORCED]
        seen[run] = float(truth != NOT_ENFORCED)
    return said, seen


@claim(
    states="Deadlines are enforced as often as their posterior says, the sure ones as the unsure ones",
    sees="the evidence of enforcement too high by a factor of e^1.5",
    runs=60,
)
def regimes_come_true(seed: int, runs: int, planted: bool) -> float:
    """The smaller of two p-values, doubled: of the mean gap, and of Spiegelhalter's z (1986), which weighs the gap of
    each by how far its chance lies from one half.
    """
    said, seen = chances(seed, runs, believed=1.5 if planted else 0.0)
    spread = said * (1.0 - said)
    means = float(np.sum(seen - said)) / math.sqrt(float(np.sum(spread)))
    tilt = 1.0 - 2.0 * said
    sure = float(np.sum((seen - said) * tilt)) / math.sqrt(float(np.sum(tilt**2 * spread)))
    return min(1.0, 2.0 * min(2.0 * float(stats.norm.sf(abs(z))) for z in (means, sure)))
