"""Claims: reports made from the law itself are explained by the posterior; truth ranks evenly among its samples.

Simulation-based calibration (Talts et al. 2018): draw the unknowns from the prior, make reports with the stated error,
fit, and rank what was true among posterior samples: of a mean that every report bears on, of the last report, and of
each number of the law.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sarai.calibrate.gauss_newton import DEGREES, Evidence, fit_laplace, scale_of
from sarai.calibrate.law_fit import LawFit
from sarai.calibrate.linear import cholesky, solve_upper
from sarai.calibrate.sampler import Sampler
from sarai.calibrate.scope import limit_world
from sarai.calibrate.unknowns import SHARES, WAVE_PARAMETERS
from sarai.model.returns import build_returns
from sarai.observe.case_folder import load_case
from sarai.reconcile.observations import build_observations
from verify.claims import claim

SAMPLES = 63
EDGE = 3  # ranks cut off on each side: 58 of 64 are left, a band of 0.906
QUARTERS = 4
REGIMES = ("on time",)
NUMBERS = (*WAVE_PARAMETERS, "base_persons_day", "distance_weight", *(f"shift.{name}" for name in SHARES))
Floats = NDArray[np.float64]


@cache
def reference_law() -> LawFit:
    """The law of the reference case with the windows of the reports known on 28 October 2023."""
    world = load_case("pakistan-2023").as_of(date(2023, 10, 28))
    near = limit_world(world)
    return LawFit(near, build_returns(near), build_observations(world))


def ranks_of_truth(
    seed: int, runs: int, shift: float = 0.0, settled: bool = True, width: float = 1.0
) -> NDArray[np.int64]:
    """Ranks (run, 2 + number) of the true mean log figure, of the last true log figure and of each of NUMBERS among
    posterior samples.

    shift    is added to every report (a planted fault)
    settled  False takes the vectors of the Laplace approximation as they are (a planted fault)
    width    vectors are drawn towards their mean by this (a planted fault)
    """
    law = reference_law()
    predict = law.predictor(REGIMES)
    places = np.concatenate([np.arange(law.prior.mean.size)[law.unknowns.by_name[name].where] for name in NUMBERS])
    rng = np.random.default_rng(seed)
    root = cholesky(law.prior.precision)
    size = law.prior.mean.size
    ranks = np.zeros((runs, 2 + places.size), dtype=np.int64)
    for run in range(runs):
        truth = law.prior.mean[:, np.newaxis] + solve_upper(root, np.clip(rng.normal(size=(size, 1)), -2.5, 2.5))
        clean = predict(truth)[:, 0]
        error = scale_of(law.evidence, clean) * rng.standard_t(DEGREES, clean.size)
        evidence = Evidence(log_value=clean + error + shift, noise=law.evidence.noise, clump=law.evidence.clump)
        fit = fit_laplace(predict, evidence, law.prior)
        normals = rng.normal(size=(size, SAMPLES))
        sampler = Sampler(fit=fit, predict=predict, evidence=evidence, prior=law.prior, spread=law.unknowns.spread)
        vectors = sampler.draw(normals) if settled else fit.mode[:, np.newaxis] + solve_upper(fit.factor, normals)
        middle = vectors.mean(axis=1, keepdims=True)
        vectors = middle + width * (vectors - middle)
        samples = predict(vectors)
        ranks[run, :2] = np.sum(samples.mean(axis=0) < clean.mean()), np.sum(samples[-1] < clean[-1])
        ranks[run, 2:] = np.sum(vectors[places] < truth[places], axis=1)
    return ranks


@claim(
    states="The 90 % band of posterior samples of the mean log figure holds the truth nine times in ten",
    sees="every report too high by a factor of e^0.3",
    runs=60,
)
def bands_hold_the_truth(seed: int, runs: int, planted: bool) -> float:
    """Exact binomial test of the number of runs in which the truth lies among the middle 58 of 64 ranks."""
    ranks = ranks_of_truth(seed, runs, shift=0.3 if planted else 0.0)[:, 0]
    inside = int(np.sum((ranks >= EDGE) & (ranks <= SAMPLES - EDGE)))
    return float(stats.binomtest(inside, runs, (SAMPLES + 1 - 2 * EDGE) / (SAMPLES + 1)).pvalue)


@claim(
    states="The last true figure ranks evenly among posterior samples",
    sees="members left where the Laplace approximation puts them",
    runs=60,
)
def truth_ranks_evenly(seed: int, runs: int, planted: bool) -> float:
    """Chi-square over quarters of the 64 ranks."""
    ranks = ranks_of_truth(seed, runs, settled=not planted)[:, 1]
    return float(stats.chisquare(np.bincount(ranks // ((SAMPLES + 1) // QUARTERS), minlength=QUARTERS)).pvalue)


@claim(
    states="The 90 % bands of the numbers of the law hold the truth nine times in ten",
    sees="bands that are a third too narrow",
    runs=60,
)
def bands_of_numbers_hold(seed: int, runs: int, planted: bool) -> float:
    """The share of NUMBERS among the middle 58 of 64 ranks, run by run, against its expectation (t-test)."""
    ranks = ranks_of_truth(seed, runs, width=2.0 / 3.0 if planted else 1.0)[:, 2:]
    inside = ((ranks >= EDGE) & (ranks <= SAMPLES - EDGE)).mean(axis=1)
    return float(stats.ttest_1samp(inside, (SAMPLES + 1 - 2 * EDGE) / (SAMPLES + 1)).pvalue)
