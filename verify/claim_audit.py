"""Claims: the fault finder finds 95 of 100 faults, and cries wolf in fewer than 2 of 100 clean feed-months.

Run: python -m verify.claim_audit [feeds] [seed] [first] tells by kind of fault how many are found in so many corrupted
feeds (10,000), from feed `first` on, and how many alarms as many clean feed-months give. Slices add up.
"""

from __future__ import annotations

import sys
from collections import Counter

from scipy import stats

from sarai.reconcile.audit import audit
from verify.claims import claim
from verify.faults import FAULT_KINDS, corrupt
from verify.feeds import make_feed

DAYS = 90
MONTHS = DAYS / 30.0
FOUND, ALARMS = 0.95, 0.02


def laws(number: int) -> str:
    """Both generators in turn."""
    return "level" if number % 2 else "surge"


def kind_of(number: int) -> str:
    """Kinds of faults in turn."""
    return FAULT_KINDS[number % len(FAULT_KINDS)]


def find_one(seed: int, number: int, planted: bool) -> bool:
    """Whether the one fault put into a feed is among the reports of some finding."""
    kind = kind_of(number)
    feed = make_feed(seed % 2**31 + number, days=DAYS, law=laws(number // len(FAULT_KINDS)), errors="normal")
    corrupted, fault = corrupt(feed, kind, number)
    looked_at = feed if planted and number % 8 == 0 else corrupted
    return any(set(finding.reports) & fault.reports for finding in audit(looked_at.world))


@claim(
    states="at least 95 % of faults put into feeds with noise 0.05 to 0.3 are found: factors, digits, shifts, rebases, "
    "families as persons, copies",
    sees="one fault in eight overlooked",
    runs=2000,
)
def found(seed: int, runs: int, planted: bool) -> float:
    """Binomial p-value of so few finds if 95 % were found."""
    hits = sum(find_one(seed, number, planted) for number in range(runs))
    return float(stats.binom.cdf(hits, runs, FOUND))


@claim(
    states="fewer than 2 % of clean feed-months have a false alarm",
    sees="an alarm in one feed-month of ten",
    runs=500,
)
def quiet(seed: int, runs: int, planted: bool) -> float:
    """Poisson p-value of so many alarms at 2 % a feed-month."""
    alarms = sum(false_alarms(seed, number) + (1 if planted and number % 3 == 0 else 0) for number in range(runs))
    return float(stats.poisson.sf(alarms - 1, ALARMS * runs * MONTHS))


def false_alarms(seed: int, number: int) -> int:
    """Findings in a feed without a fault."""
    feed = make_feed(seed % 2**31 + number, days=DAYS, law=laws(number), errors="normal")
    return len(audit(feed.world))


def main() -> int:
    """Print the table; the exit code says whether both claims hold for the feeds looked at."""
    given = [int(text) for text in sys.argv[1:4]]
    feeds, seed, first = given + [10_000, 1, 0][len(given) :]
    numbers = range(first, first + feeds)
    put, hits = Counter(kind_of(number) for number in numbers), Counter[str]()
    for number in numbers:
        hits[kind_of(number)] += find_one(seed, number, False)
    for kind in FAULT_KINDS:
        print(f"{kind:<10} {hits[kind]:>6,} of {put[kind]:>6,} found  {hits[kind] / max(put[kind], 1):.4f}")
    found_part = hits.total() / feeds
    print(f"{'all':<10} {hits.total():>6,} of {feeds:>6,} found  {found_part:.4f}", flush=True)
    clean = -(-feeds // int(MONTHS))
    alarms = sum(false_alarms(seed, number) for number in range(first, first + clean))
    print(f"clean      {alarms:>6,} alarms in {clean * MONTHS:,.0f} feed-months  {alarms / (clean * MONTHS):.4f}")
    return 0 if found_part >= FOUND and alarms < ALARMS * clean * MONTHS else 1


if __name__ == "__main__":
    sys.exit(main())
