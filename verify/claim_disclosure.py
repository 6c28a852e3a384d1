"""Claim: over ninety daily briefings the attacker works out no figure that was held back.

A synthetic emergency with at least a fifth of its figures under the threshold; at least nine in ten of the others are
kept. Run: python -m verify.claim_disclosure [days] [seed]
"""

from __future__ import annotations

import sys
import time
from datetime import date, timedelta

import numpy as np

from sarai.publish.attack import attack
from sarai.publish.release import (
    RECENT_DAYS,
    Release,
    day_windows,
    fold_days,
    key_sums,
    make_release,
    protect,
    release_keys,
    span_grid,
)
from verify.claims import claim

START = date(2031, 1, 1)
CROSSINGS, STATUSES, KINDS = ("bridge", "ford", "pass"), ("card", "none"), ("deported", "other")
THRESHOLD = 10.0
DAYS, RUN_DAYS = 90, 28
LEAST_SMALL, LEAST_KEPT = 0.2, 0.9
LEVEL_LOG_MEAN, LEVEL_LOG_SD, DAY_LOG_SD = 0.5, 2.0, 0.4


def make_counts(days: int, seed: int) -> np.ndarray:
    """Counts (day, crossing, status, kind), Poisson around levels over four orders of magnitude."""
    dice = np.random.default_rng(seed)
    level = np.exp(dice.normal(LEVEL_LOG_MEAN, LEVEL_LOG_SD, (len(CROSSINGS), len(STATUSES), len(KINDS))))
    return dice.poisson(level * np.exp(dice.normal(0, DAY_LOG_SD, (days, *level.shape)))).astype(float)


def publish_days(counts: np.ndarray, *, careless: bool = False) -> tuple[list[Release], float, float]:
    """A release a day; returns them, the share of small figures, and the share of the others that is shown.

    careless   print to the person and hide small figures only, as if the audit were not there
    """
    releases: list[Release] = []
    whole = small = lost = 0
    for day in range(1, counts.shape[0] + 1):
        as_of = START + timedelta(days=day - 1)
        windows = day_windows(START, as_of)
        grid = span_grid(START, as_of, windows, CROSSINGS, STATUSES, KINDS, days_apart=RECENT_DAYS)
        keys = release_keys(grid, windows)
        base = fold_days(grid, START, counts[:day])
        exact = key_sums(grid, keys) @ base
        little = exact < THRESHOLD
        if careless:
            values, steps, hidden = exact, np.ones_like(exact), little
        else:
            values, steps, hidden = protect(grid, keys, base, THRESHOLD, earlier=releases[-RECENT_DAYS:])
        whole, small, lost = whole + len(keys), small + int(little.sum()), lost + int((hidden & ~little).sum())
        releases.append(
            make_release(grid, keys, values, steps, hidden, as_of=as_of, record_id=str(day), threshold=THRESHOLD)
        )
    return releases, small / whole, 1.0 - lost / (whole - small)


@claim(
    states="No figure held back in successive daily briefings can be bounded more narrowly than the threshold",
    sees="releases that print to the person and hide small figures only",
    runs=RUN_DAYS,
    exact=True,
)
def successive_briefings(seed: int, runs: int, planted: bool) -> float:
    """0 where the attacker works out a figure or more than a tenth of the others is lost, else 1. runs = days."""
    releases, _, kept = publish_days(make_counts(runs, seed), careless=planted)
    return 0.0 if attack(releases).recovered or (kept < LEAST_KEPT and not planted) else 1.0


def main(days: int = DAYS, seed: int = 1) -> int:
    """Publish, attack, print; 0 where nothing was worked out and enough was kept."""
    begun = time.time()
    releases, small, kept = publish_days(make_counts(days, seed))
    print(f"{days} releases: {small:.1%} of figures small, {kept:.2%} of the others kept, {time.time() - begun:.0f} s")
    found = attack(releases)
    print(f"{found.hidden_count} held back, {len(found.recovered)} worked out, {time.time() - begun:.0f} s")
    return 0 if small >= LEAST_SMALL and kept >= LEAST_KEPT and not found.recovered else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
