"""How good could the law be on the 2023 return if the numbers of that return were known beforehand?

Run: `python -m benchmarks.hindsight`. A bound, not a forecast: origins and targets are those of the scoreboard; each
fit starts from what the reports to the end of 2023 taught. Units: the best baseline of the scoreboard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from benchmarks.scoreboard import PARTS
from benchmarks.unseen import WIS, WIS_LOG, score_origin
from sarai.calibrate.calibrate import calibrate
from sarai.calibrate.diagnostics import posterior_sd
from sarai.calibrate.past_priors import learn_priors, past_case
from sarai.calibrate.posterior import Posterior
from sarai.calibrate.scope import limit_world
from sarai.calibrate.unknowns import ON_TIME, WAVE_PARAMETERS, from_coordinates
from sarai.forecast.backtest import MODELS, OriginFit, fit_origin
from sarai.forecast.baselines import BASELINES
from sarai.forecast.targets import find_targets, targets_of_origin
from sarai.model.returns import ReturnsModel, build_returns
from sarai.observe.case_folder import load_case
from sarai.world.case import Case

Floats = NDArray[np.float64]
Known = Mapping[str, tuple[float, float]]  # median and sd on the fitted scale, by parameter

LAST = date(2023, 12, 31)
KNOWN_BESIDES = ("base_persons_day", "distance_weight")
_, CASE, ORIGINS, HORIZON_DAYS = PARTS[0]


def from_its_own_priors(case: Case) -> Known:
    """What `sarai priors --from` this very emergency gives; the law refuses the file, and rightly so."""
    learned = learn_priors([past_case(case.as_of, LAST)], "")
    return {
        one.name: (float(from_coordinates(one.transform, np.array([one.mean]))[0]), one.sd) for one in learned.priors
    }


def from_all_reports(posterior: Posterior) -> Known:
    """What all reports of the emergency say, as if it had been known beforehand."""
    fit = posterior.components[0].fit
    sd, known = posterior_sd(fit), {}
    for name in (*WAVE_PARAMETERS, *KNOWN_BESIDES):
        block = posterior.unknowns.by_name[name]
        value = from_coordinates(block.transform, fit.mode[block.where])[0]
        known[name] = (float(value), float(sd[block.start]))
    return known


def told(model: ReturnsModel, known: Known) -> ReturnsModel:
    """The same law with the priors of these parameters replaced."""
    priors = dict(model.priors)
    for name, (centre, sd) in known.items():
        prior = priors[name]
        priors[name] = replace(prior, centre=np.full_like(prior.centre, centre), spread=np.full_like(prior.spread, sd))
    return replace(model, priors=priors)


def fit_told(fit: OriginFit, known: Known, on_time: bool) -> OriginFit:
    """An origin fitted again from these priors, and without doubt about the deadline if so asked."""
    posterior = calibrate(fit.world, model=told(build_returns(limit_world(fit.world)), known))
    sure = [one for one in posterior.components if set(one.regimes) == {ON_TIME}]
    if on_time and sure:
        posterior = replace(posterior, components=(replace(sure[0], weight=1.0),))
    return replace(fit, posterior=posterior)


def main() -> None:
    """Print a row for each thing that might be known."""
    case = load_case(CASE)
    targets = find_targets(case.as_of(case.last_known()))
    fits = [fit_origin(case.as_of(date.fromisoformat(text))) for text in ORIGINS.split()]
    own, all_reports = from_its_own_priors(case), from_all_reports(calibrate(case.as_of(LAST)))
    exact = {name: (centre, 0.0) for name, (centre, _) in all_reports.items()}
    best: list[float] = []
    print("| known beforehand | law | log | pool | log |\n|---|---:|---:|---:|---:|")
    for title, known, on_time in (
        ("nothing", {}, False),
        ("the prior made from this emergency", own, False),
        ("what all its reports say", all_reports, False),
        ("that, and that it is enforced on time", all_reports, True),
        ("its numbers exactly, and that it is enforced on time", exact, True),
    ):
        scored = [
            score_origin(
                fit_told(fit, known, on_time), targets_of_origin(targets, fit.world.as_of, HORIZON_DAYS), HORIZON_DAYS
            )
            for fit in fits
        ]
        means: Floats = np.mean(scored, axis=0)
        places = [MODELS.index(name) for name in BASELINES]
        best = best or [float(means[places, measure].min()) for measure in (WIS, WIS_LOG)]
        cells = [
            f"{means[MODELS.index(model), measure] / unit:.2f}"
            for model in ("law", "pool")
            for measure, unit in zip((WIS, WIS_LOG), best, strict=True)
        ]
        print(f"| {title} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
