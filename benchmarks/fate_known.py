"""How much of the score is doubt about deadlines? Invented emergencies, forecast anew as if their fate were known.

Run: `python -m benchmarks.fate_known [--choice 3]`. A bound, not a forecast: at each origin only those regimes of the
latest deadline are kept that agree with what became of it. Emergencies, origins and targets are those that choices may
look at on the page of unseen emergencies; units are the best baseline of each. With the fate known the pool keeps
nothing but the law before a deadline, because the baselines are there for the doubt.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from verify.made_up import KINDS, Emergency, make_folder

from benchmarks.unseen import HORIZON_DAYS, OTHER_SEED, WIS, WIS_LOG, origins_of, score_origin
from sarai.calibrate.unknowns import NOT_ENFORCED
from sarai.forecast.backtest import MODELS, OriginFit, fit_origin
from sarai.forecast.baselines import BASELINES
from sarai.forecast.targets import find_targets, targets_of_origin
from sarai.forecast.weights import phase_of
from sarai.observe.case_folder import case_from_files

Floats = NDArray[np.float64]
LAW, POOL = MODELS.index("law"), MODELS.index("pool")


def take_effect(kind: Emergency, day: int) -> bool:
    """Whether the deadline on this day of the emergency took effect, on time or late."""
    return kind.regime in ("enforced", "late") and day not in kind.empty


def fit_if_known(fit: OriginFit, kind: Emergency) -> OriginFit:
    """The same fit without the regimes of the latest deadline that did not come true."""
    waves = fit.world.calendar.waves
    if not waves:
        return fit
    truth = take_effect(kind, (waves[-1].deadline - kind.start).days)
    kept = [one for one in fit.posterior.components if (one.regimes[-1] != NOT_ENFORCED) == truth]
    total = sum(one.weight for one in kept)
    components = tuple(replace(one, weight=one.weight / total) for one in kept) or fit.posterior.components
    return replace(fit, posterior=replace(fit.posterior, components=components))


def scores_of(kind: Emergency, number: int) -> tuple[Floats, Floats]:
    """(origin, model, measure) scores with the doubt and with the fate known."""
    made = replace(kind, seed=kind.seed + OTHER_SEED * number)
    case = case_from_files(f"{kind.name}-{number}", make_folder(made))
    targets = find_targets(case.as_of(case.last_known()))
    doubt, known = [], []
    for origin in origins_of(made):
        due = targets_of_origin(targets, origin, HORIZON_DAYS)
        if not due:
            continue
        fit = fit_origin(case.as_of(origin))
        doubt.append(score_origin(fit, due, HORIZON_DAYS))
        sure = score_origin(fit_if_known(fit, made), due, HORIZON_DAYS)
        if phase_of(fit.world, fit.picture) == "before":
            sure[POOL] = sure[LAW]
        known.append(sure)
    return np.array(doubt), np.array(known)


def main() -> None:
    """Print a row for each kind that has a deadline."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--choice", type=int, default=3, help="emergencies of each kind")
    count: int = parser.parse_args().choice
    print("| kind | pool | log | fate known | log |\n|---|---:|---:|---:|---:|")
    places = [MODELS.index(name) for name in BASELINES]
    for kind in (kind for kind in KINDS if kind.regime != "none"):
        logs = np.empty((count, 2, 2))
        for number in range(count):
            found = scores_of(kind, number)
            best = found[0].mean(axis=0)[places].min(axis=0)
            for column, scores in enumerate(found):
                means = scores.mean(axis=0)[POOL]
                logs[number, column] = np.log(means[[WIS, WIS_LOG]] / best[[WIS, WIS_LOG]])
        cells = [f"{value:.2f}" for value in np.exp(logs.mean(axis=0)).ravel()]
        print(f"| {kind.name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
