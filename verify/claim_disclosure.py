"""Claim: over ninety daily briefings the attacker works out no figure that was held back.

A synthetic emergency with at least a fifth of its figures under the threshold; at least nine in ten of the others are
kept. To run other days or seeds:
python -m verify.claim_disclosure [days] [seed]
"""

from __future__ import annotations

import sys
import time

from sarai.publish.attack import attack
from verify.claims import claim
from verify.made_up import careless_days, publish_days, sparse_counts

DAYS = 90
LEAST_SMALL, LEAST_KEPT = 0.2, 0.9


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


def main(days: int = DAYS, seed: int = 1) -> int:
    """Publish, attack, print; 0 where nothing was worked out and enough was kept."""
    begun = time.time()
    releases, whole, little, lost = publish_days(sparse_counts(days, seed))
    small, kept = little / whole, 1.0 - lost / (whole - little)
    print(f"{days} releases: {small:.1%} of figures small, {kept:.2%} of the others kept, {time.time() - begun:.0f} s")
    found = attack(releases)
    print(f"{found.hidden_count} held back, {len(found.recovered)} worked out, {time.time() - begun:.0f} s")
    return 0 if small >= LEAST_SMALL and kept >= LEAST_KEPT and not found.recovered else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
