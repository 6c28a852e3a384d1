"""What the built-in emergencies say of the weights of the pool: the table that `sarai.forecast.evidence` reads.

Run: `python -m benchmarks.pool_evidence`, after a model of the pool, a case or the rules for targets have changed.
Weekly origins, horizon 42 days, because some reports are monthly; invented cases are left out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import sarai
from benchmarks.past_deadlines import INVENTED
from sarai.forecast.backtest import OriginFit, fit_origin, paths_of_models, target_samples, weekly_origins
from sarai.forecast.evidence import CANDIDATES, COLUMNS, NOBODY, OUTCOME
from sarai.forecast.targets import Target, find_targets, targets_of_origin
from sarai.forecast.weights import phase_of
from sarai.observe.case_folder import built_in_cases, load_case

Floats = NDArray[np.float64]

TABLE = Path(sarai.__file__).resolve().parent / "forecast" / "pool_evidence.csv"
HORIZON_DAYS = 42
MEMBERS, LEVELS = 400, 60
YARDSTICK = CANDIDATES.index("persistence")


def distances(samples: Floats, observed: float) -> Floats:
    """(model, model + 1): mean distances between models (model, sample), and in the last column from what came."""
    size = samples.shape[0]
    out = np.empty((size, size + 1))
    for first in range(size):
        for second in range(size):
            out[first, second] = np.abs(samples[first][:, None] - samples[second][None, :]).mean()
        out[first, size] = np.abs(samples[first] - observed).mean()
    return out


def of_origin(fit: OriginFit, name: str, left_out: str) -> tuple[Floats, Floats] | None:
    """Mean distances of one origin on both scales, or None where nothing is due."""
    world = fit.world
    targets = targets_of_origin(TARGETS[name], world.as_of, HORIZON_DAYS)
    paths = paths_of_models(
        fit, CANDIDATES, horizon_days=HORIZON_DAYS, member_count=MEMBERS, seed=1, without=frozenset({left_out})
    )
    levels = (np.arange(LEVELS) + 0.5) / LEVELS
    natural, log = [], []
    for target in targets:
        sums = np.stack(
            [target_samples(paths[m], fit.posterior.model.crossings, world.as_of, target) for m in CANDIDATES]
        )
        values = np.quantile(sums, levels, axis=1).T
        natural.append(distances(values, float(target.persons)))
        log.append(distances(np.log1p(values), float(np.log1p(target.persons))))
    return (np.mean(natural, axis=0), np.mean(log, axis=0)) if targets else None


def rows_of_case(name: str, names: list[str]) -> Iterator[tuple[str, str, str, int, str, str, str]]:
    """The rows of one emergency, once for each other emergency that may be left out, and once for none."""
    found: dict[tuple[str, str], list[tuple[Floats, Floats]]] = {}
    loaded = load_case(name)
    for day in weekly_origins(TARGETS[name], HORIZON_DAYS):
        fit = fit_origin(loaded.as_of(day))
        phase = phase_of(fit.world, fit.picture)
        for left_out in (NOBODY, *[other for other in names if other != name]):
            made = of_origin(fit, name, left_out)
            if made is not None:
                found.setdefault((left_out, phase), []).append(made)
        print(name, day, phase, flush=True)
    for (left_out, phase), parts in sorted(found.items()):
        means = [np.mean([part[scale] for part in parts], axis=0) for scale in (0, 1)]
        scores = [mean[YARDSTICK, -1] - 0.5 * mean[YARDSTICK, YARDSTICK] for mean in means]
        both = 0.5 * (means[0] / scores[0] + means[1] / scores[1])
        for first, one in enumerate(CANDIDATES):
            for second in range(first, len(CANDIDATES)):
                yield left_out, name, phase, len(parts), one, CANDIDATES[second], f"{both[first, second]:.4f}"
            yield left_out, name, phase, len(parts), one, OUTCOME, f"{both[first, -1]:.4f}"


def main() -> None:
    """Write the table."""
    names = [name for name in built_in_cases() if name not in INVENTED]
    for name in names:
        loaded = load_case(name)
        TARGETS[name] = find_targets(loaded.as_of(loaded.last_known()))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name in names:
        writer.writerows(rows_of_case(name, names))
    TABLE.write_text(out.getvalue(), encoding="utf-8")
    print(TABLE.name, out.getvalue().count("\n") - 1, "rows")


TARGETS: dict[str, tuple[Target, ...]] = {}

if __name__ == "__main__":
    main()
