"""Claim: over ninety daily briefings the attacker works out no figure that was held back.

A synthetic emergency with at least a fifth of its figures under the threshold; at least nine in ten of the others are
kept; once with counts that stay as they are, and once with estimates that are revised every day. By hand, the latter
with `drift`:
python -m verify.claim_disclosure [days] [seed] [drift]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sarai.publish.attack import Recovered, attack, bound_hidden, finest_grid, key_of
from sarai.publish.audit import stack_published
from sarai.publish.grid import fold_days, key_sums
from sarai.publish.holding_back import still_standing
from sarai.publish.release import Release, known_of
from verify.claims import claim
from verify.made_up import (
    FINEST,
    START,
    careless_days,
    drifting_estimates,
    publish_days,
    publish_estimates,
    sparse_counts,
)  # fmt: skip

DAYS = 90
LEAST_SMALL, LEAST_KEPT = 0.2, 0.9
MOST_TO_ONE_WHO_KNOWS = 0.001
"""Part of the hidden figures that may be worked out by whoever knows how far each estimate moved, which nobody does."""
FEW_DAYS, FINE = 30, 5.0


@claim(
    states="No figure held back in successive daily briefings can be bounded more narrowly than the threshold",
    sees="releases that print to the person and hide small figures only",
    runs=DAYS,
    exact=True,
)
def successive_briefings(seed: int, runs: int, planted: bool) -> float:
    """0 where the attacker works out a figure or more than a tenth of the others is lost, else 1. runs = days."""
    counts = sparse_counts(runs, seed)
    if planted:
        return 0.0 if attack(careless_days(counts)).recovered else 1.0
    releases, whole, small, lost = publish_days(counts)
    return 0.0 if attack(releases).recovered or lost > (1.0 - LEAST_KEPT) * (whole - small) else 1.0


@claim(
    states="No figure held back in daily briefings of estimates that move is bounded more narrowly than the threshold",
    sees="releases in steps of five persons that are not held against earlier ones",
    runs=DAYS,
)
def moving_briefings(seed: int, runs: int, planted: bool) -> float:
    """0 where an attacker works out a figure or more than a tenth of the others is lost, else 1.

    To the one who knows how far each estimate moved one hidden figure in a thousand may fall.
    """
    days = min(runs, FEW_DAYS) if planted else runs
    estimates = drifting_estimates(sparse_counts(days, seed, (2, 1, 2) if planted else (3, 2, 2)), seed)
    if planted:
        careless, *_ = publish_estimates(estimates, lambda releases, counts: (), FINE)
        return 0.0 if attack_knowing(careless, estimates[-1]) else 1.0
    releases, whole, small, lost = publish_estimates(estimates, finest=FINEST)
    found = attack(releases)
    known = len(attack_knowing(releases, estimates[-1])) > MOST_TO_ONE_WHO_KNOWS * found.hidden_count
    return 0.0 if found.recovered or known or lost > (1.0 - LEAST_KEPT) * (whole - small) else 1.0


def attack_knowing(releases: Sequence[Release], newest: NDArray[np.float64]) -> list[Recovered]:
    """What an attacker works out who is told, of each end of each figure, whether it still fits the newest estimates.

    Ends that fit are kept, all releases at once; those that do not are moved past these estimates by as much as they
    miss them and a few persons, so that he knows how far each estimate moved, too. No reader knows as much.
    """
    grid = finest_grid(releases)
    counts = fold_days(grid, START, newest)
    told = stack_published([still_standing(known_of(grid, release), counts) for release in releases])
    return bound_hidden(releases, grid, told)


def right_share(releases: Sequence[Release], found: Sequence[Recovered], newest: NDArray[np.float64]) -> float:
    """Of figures that an attacker takes for worked out, the share of which the newest estimate lies where he thinks."""
    grid = finest_grid(releases)
    counts = key_sums(grid, [key_of(item.cell) for item in found]) @ fold_days(grid, START, newest)
    return float(np.mean([item.low <= count <= item.high for item, count in zip(found, counts, strict=True)]))


def main(days: int = DAYS, seed: int = 1, mode: str = "") -> int:
    """Publish, attack, print; 0 where nothing was worked out and enough was kept."""
    begun = time.process_time()
    counts = sparse_counts(days, seed)
    estimates = drifting_estimates(counts, seed) if mode == "drift" else None
    releases, whole, little, lost = (
        publish_days(counts) if estimates is None else publish_estimates(estimates, finest=FINEST)
    )
    small, kept = little / whole, 1.0 - lost / (whole - little)
    print(f"{days} releases: {small:.1%} of figures small, {kept:.2%} of the others kept, {_cpu(begun)}")
    found = attack(releases)
    print(f"{found.hidden_count} held back, {len(found.recovered)} worked out, {_cpu(begun)}")
    known: list[Recovered] = []
    if estimates is not None:
        if found.recovered:
            print(f"{right_share(releases, found.recovered, estimates[-1]):.0%} of these rightly")
        known = attack_knowing(releases, estimates[-1])
        print(f"{len(known)} worked out by an attacker who knows how far each estimate moved, {_cpu(begun)}")
    held = not found.recovered and len(known) <= MOST_TO_ONE_WHO_KNOWS * found.hidden_count
    return 0 if small >= LEAST_SMALL and kept >= LEAST_KEPT and held else 1


def _cpu(begun: float) -> str:
    return f"{time.process_time() - begun:.0f} s of CPU"


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3]), *sys.argv[3:]))
