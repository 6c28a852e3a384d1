"""What was said of each future report of a real emergency, and what came? Medians and 90 % bands, origin by origin.

Run: `python -m benchmarks.real_bands [kenya-2016 ...]`, folders of this room; all of them without a name. The scores of
the same forecasts are on the page of unseen emergencies (`python -m benchmarks.unseen --real`).
"""

from __future__ import annotations

import argparse

import numpy as np

from benchmarks.unseen import HERE, LONG_HORIZON_DAYS, MEMBERS, REAL, REAL_HORIZON_DAYS, real_origins
from sarai.forecast.backtest import fit_origin, paths_of_models, target_samples
from sarai.forecast.targets import find_targets, targets_of_origin
from sarai.observe.case_folder import load_case

SAID = ("pool", "law", "persistence")
LEVELS = (0.5, 0.05, 0.95)


def band_lines(name: str) -> list[str]:
    """A row for each origin and each report that was due after it."""
    case = load_case(HERE / name)
    targets = find_targets(case.as_of(case.last_known()))
    horizon_days = REAL_HORIZON_DAYS.get(name, LONG_HORIZON_DAYS)
    lines = []
    for origin in real_origins(case):
        due = targets_of_origin(targets, origin, horizon_days)
        if not due:
            continue
        fit = fit_origin(case.as_of(origin))
        paths = paths_of_models(fit, SAID, horizon_days=horizon_days, member_count=MEMBERS, seed=1)
        for target in due:
            cells = [str(origin), f"{target.start} to {target.end}", "+".join(target.crossings), f"{target.persons:,}"]
            for model in SAID:
                sums = target_samples(paths[model], fit.posterior.model.crossings, fit.world.as_of, target)
                middle, low, high = np.quantile(sums, LEVELS)
                cells.append(f"{middle:,.0f} [{low:,.0f}, {high:,.0f}]")
            lines.append("| " + " | ".join(cells) + " |")
    return lines


def main() -> None:
    """Print a table for each emergency."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="folders of benchmarks/")
    for name in parser.parse_args().names or [folder.name for folder in REAL]:
        print(f"{name}\n\n| origin | report for | at | came | {' | '.join(SAID)} |\n|---|---|---|---:|---|---|---|")
        print("\n".join(band_lines(name)) + "\n")


if __name__ == "__main__":
    main()
