"""Errors of the reference cases of Flee: sarai beside the reference ensembles, and at full resolution.

    python -m benchmarks.flight_errors            every case, its own settings and both validation settings
    ... burundi ethiopia                          these cases only

Prints the table of docs/explanation/flight-law.md. Needs the reference cases (SARAI_SHARED). The averaged relative
difference is that of Flee, normal and not rescaled; 0 is perfect, 2 the worst.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.flight import SHARED, has_references
from sarai.forecast.flight_scores import relative_differences
from sarai.model.flight.law import build_law
from sarai.observe.flee.folder import read_flee_case
from sarai.simulate.flight.run import simulate_flight

MEMBERS, FULL_MEMBERS, SEED = 20, 2, 20120229
HEAD = (
    "| case, settings | divisor | Flee (seeds) | sarai | difference / its standard error | sarai at full resolution |"
)


def rows() -> Iterator[dict[str, str]]:
    """Reference ensembles at the largest divisor of each case and settings file, toys left out."""
    with (SHARED / "reference" / "errors.csv").open(encoding="utf-8") as file:
        found = [row for row in csv.DictReader(file) if not row["case"].startswith("toy")]
    best: dict[tuple[str, str], dict[str, str]] = {}
    for row in found:
        key = (row["case"], row["settings_file"])
        if key not in best or int(row["divisor"]) > int(best[key]["divisor"]):
            best[key] = row
    yield from sorted(best.values(), key=lambda row: (row["case"], row["settings_file"]))


def errors(row: dict[str, str], divisor: int, members: int) -> NDArray[np.float64]:
    """Averaged relative difference of each member."""
    folder = SHARED / "cases" / row["case"]
    law = build_law(read_flee_case(folder, settings=folder / row["settings_file"], divisor=divisor))
    ensemble = simulate_flight(law, seed=SEED, members=members, keep_links=False)
    simulated, recorded, _ = ensemble.to_score()
    return np.asarray(relative_differences(simulated, recorded, rescaled=False).sum(axis=1).mean(axis=0))


def main() -> None:
    """One line of the table for each case and settings file."""
    if not has_references():
        return
    print(HEAD + "\n" + "|---" * HEAD.count("|", 1) + "|")
    begin = time.process_time()
    for row in rows():
        if len(sys.argv) > 1 and row["case"] not in sys.argv[1:]:
            continue
        ours = errors(row, int(row["divisor"]), MEMBERS)
        full = errors(row, 1, FULL_MEMBERS)
        theirs, se = float(row["error_mean"]), float(row["error_se"])
        gap = (ours.mean() - theirs) / np.hypot(se, ours.std(ddof=1) / np.sqrt(MEMBERS))
        label = f"{row['case']}, {row['setting'].rpartition('_h')[0].replace('_', ' ')}"
        print(f"| {label} | {row['divisor']} | {theirs:.4f} ({row['seeds']}) | {ours.mean():.4f} | {gap:+.1f} |"
              f" {full.mean():.4f} |", flush=True)  # fmt: skip
    print(f"{time.process_time() - begin:.0f} CPU s", file=sys.stderr)


if __name__ == "__main__":
    main()
