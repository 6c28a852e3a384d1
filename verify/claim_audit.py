"""Claims: the fault finder finds 95 of 100 faults, and cries wolf in fewer than 2 of 100 clean feed-months."""

from __future__ import annotations

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


def find_one(seed: int, number: int, planted: bool) -> bool:
    """Whether the one fault put into a feed is among the reports of some finding."""
    kind = FAULT_KINDS[number % len(FAULT_KINDS)]
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
    alarms = 0
    for number in range(runs):
        feed = make_feed(seed % 2**31 + number, days=DAYS, law=laws(number), errors="normal")
        alarms += len(audit(feed.world)) + (1 if planted and number % 3 == 0 else 0)
    return float(stats.poisson.sf(alarms - 1, ALARMS * runs * MONTHS))
