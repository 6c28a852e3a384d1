"""How long does it take to reconcile, and does it grow in step with reports and days?

Run: python -m benchmarks.reconcile

Prints CPU seconds and peak memory for the reports of pakistan-2023, for 20,000 reports over 40 crossings and two years,
and for halves of that; the ratio of a doubling says how cost grows.
"""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import replace
from datetime import timedelta

import numpy as np
from verify.feeds import FIRST_DAY, regime_of, world_of, write_report

from sarai.observe.case_folder import load_case
from sarai.reconcile.reconcile import reconcile
from sarai.world.world import World

SAMPLES_SMALL, SAMPLES_LARGE = 1000, 100


def large_world(days: int, crossing_count: int, report_count: int) -> World:
    """Daily counts by crossing, weekly counts, and running totals by crossing, in the number asked for."""
    rng = np.random.default_rng(5)
    names = tuple(f"c{number:02d}" for number in range(crossing_count))
    steps = 0.15 * rng.standard_t(4, (days, crossing_count))
    truth = np.exp(np.clip(6.0 + rng.normal(0, 0.7, crossing_count) + np.cumsum(steps, axis=0), 3.0, 10.0))
    total = np.cumsum(truth, axis=0)
    rows = []
    for place, name in enumerate(names):
        rows += [write_report("weekly", d - 6, d, name, total[d, place] - total[d - 7, place], False, 3)
                 for d in range(7, days, 7)]  # fmt: skip
        rows += [write_report("ministry", 0, d, name, total[d, place], True, 1) for d in range(3, days, 4)]
        rows += [write_report("police", d, d, name, truth[d, place] * np.exp(0.1 * rng.normal()), False, 1)
                 for d in range(days) if d % 3]  # fmt: skip
    rows += [write_report("joint", 0, d, "all", total[d].sum(), True, 2) for d in range(5, days, 7)]
    rng.shuffle(rows)
    series = (regime_of("police", names), regime_of("ministry", names), regime_of("weekly", names),
              regime_of("joint", names, keeping="levels", rounding=100))  # fmt: skip
    world = world_of(rows[:report_count], list(series), names, days + 5, None)
    return replace(world, as_of=FIRST_DAY + timedelta(days=days - 1))


def measure(title: str, world: World, samples: int) -> float:
    """CPU seconds of one picture, printed with peak memory so far."""
    begin, wall = time.process_time(), time.perf_counter()
    picture = reconcile(world, samples, 1)
    spent, waited = time.process_time() - begin, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    entered = sum(1 for bearing in picture.bearings if not bearing.reason)
    print(f"{title:<52} {entered:>6} enter {spent:8.2f} s CPU {waited:8.2f} s {peak:6.2f} GB peak  {picture.status}")
    return spent


def main() -> int:
    """Print the table; the exit code says whether the stated limits hold."""
    case = load_case("pakistan-2023")
    world = case.as_of(case.last_known())
    reconcile(world, 5, 1)
    small = measure(f"pakistan-2023, {len(world.reports)} reports, {SAMPLES_SMALL} samples", world, SAMPLES_SMALL)
    few = measure("the same, 200 samples", world, 200)
    half = measure("10,000 reports, 40 crossings, 1 year", large_world(365, 40, 10_000), SAMPLES_LARGE)
    whole = measure("20,000 reports, 40 crossings, 2 years", large_world(730, 40, 20_000), SAMPLES_LARGE)
    print(f"cost of twice the days and reports: {whole / half:.2f} times")
    print(f"limits: pakistan-2023 {small:.2f} of 2 s ({few:.2f} s with 200 samples), large {whole:.1f} of 60 s")
    return 0 if small < 2.0 and whole < 60.0 else 1


if __name__ == "__main__":
    sys.exit(main())
