"""Claim: camp counts have the law of every reference ensemble of Flee's parallel engine, camp by camp and day by day.

Needs the reference folder beside the checkout, or at SARAI_SHARED; without it no claim is registered, and it says so.
"""

from __future__ import annotations

import csv
import gzip
import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sarai.model.flight.law import build_law, with_settings
from sarai.observe.flee.folder import read_flee_case
from sarai.simulate.flight.run import simulate_flight
from verify.claims import claim

SHARED = Path(os.environ.get("SARAI_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "flee"
FEWEST_SEEDS = 10
Counts = NDArray[np.float64]


def ensembles() -> list[dict[str, str]]:
    """Rows of the reference list with seeds enough for a test."""
    with (SHARED / "reference" / "ensembles.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if int(row["seeds"]) >= FEWEST_SEEDS]


def reference_counts(row: dict[str, str]) -> tuple[list[int], list[str], Counts]:
    """Days, camps and counts (day, camp, seed) of one reference ensemble."""
    with gzip.open(SHARED / "reference" / f"{row['file_stem']}.csv.gz", "rt", encoding="utf-8") as file:
        cells = [(int(c["seed"]), int(c["day"]), c["camp"], float(c["count"])) for c in csv.DictReader(file)]
    seeds, days = sorted({c[0] for c in cells}), sorted({c[1] for c in cells})
    camps = sorted({c[2] for c in cells})
    at = [{value: k for k, value in enumerate(values)} for values in (days, camps, seeds)]
    counts = np.full((len(days), len(camps), len(seeds)), np.nan)
    for seed, day, camp, count in cells:
        counts[at[0][day], at[1][camp], at[2][seed]] = count
    return days, camps, counts


def ensemble_counts(
    row: dict[str, str], days: list[int], camps: list[str], seed: int, runs: int, planted: bool
) -> Counts:
    """The same cells from sarai; the planted fault moves people out of towns one tenth more often."""
    folder = SHARED / "cases" / row["case"]
    case = read_flee_case(folder, settings=folder / row["settings_file"], divisor=int(row["divisor"]))
    if planted:
        case = with_settings(case, default_movechance=case.settings.default_movechance * 1.1)
    law = build_law(replace(case, days=min(case.days, max(days) + 1)))
    ensemble = simulate_flight(law, seed=seed, members=runs, keep_links=False)
    column = {name: j for j, name in enumerate(ensemble.camp_names)}
    return ensemble.camp_counts()[days][:, [column[camp] for camp in camps]].astype(np.float64)


def cell_p_values(ours: Counts, theirs: Counts) -> Counts:
    """Two-sample rank tests of every cell, ties corrected; 1 where both samples are the same constant."""
    p_values = np.ones(ours.shape[:2])
    for i, j in np.ndindex(*p_values.shape):
        one, two = ours[i, j], theirs[i, j]
        if one.min() == one.max() == two.min() == two.max():
            continue
        p_values[i, j] = stats.mannwhitneyu(one, two, method="asymptotic").pvalue
    return p_values


def smallest(rows: list[dict[str, str]], seed: int, runs: int, planted: bool, talk: bool = False) -> float:
    """Smallest p-value over all cells of all ensembles, times the number of cells (Bonferroni)."""
    least, cells = 1.0, 0
    for row in rows:
        days, camps, theirs = reference_counts(row)
        ours = ensemble_counts(row, days, camps, seed, runs, planted)
        p_values = cell_p_values(ours, theirs)
        least, cells = min(least, float(p_values.min())), cells + p_values.size
        if talk:
            z = stats.norm.isf(p_values.min() / 2)
            print(
                f"{row['file_stem']:36s} {p_values.size:4d} cells, largest standardised difference {z:.2f}", flush=True
            )
    return min(1.0, least * cells)


if (SHARED / "reference" / "ensembles.csv").is_file():

    @claim(
        states="camp counts by day have the law of every reference ensemble of ten seeds or more",
        sees="people leave towns one tenth more often",
        runs=60,
    )
    def reference_ensembles(seed: int, runs: int, planted: bool) -> float:
        """Rank tests of all cells of all ensembles, Bonferroni."""
        return smallest(ensembles(), seed, runs, planted)

else:
    print(f"claim flight_law: no reference cases at {SHARED}; set SARAI_SHARED. Not checked.", file=sys.stderr)


if __name__ == "__main__":
    wanted = sys.argv[1:]
    chosen = [row for row in ensembles() if not wanted or any(word in row["file_stem"] for word in wanted)]
    print(f"p = {smallest(chosen, 20120229, 200, False, talk=True):.4g} after Bonferroni")
