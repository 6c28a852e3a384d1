"""Totals held against the counts of their own series: what denies itself is told, what does not is left alone."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from makers.rivals import FIRST, row, world_of
from sarai.reconcile.audit import audit
from sarai.reconcile.reconcile import reconcile

LAST = date(2030, 3, 20)


@pytest.mark.parametrize(
    "counts",
    [
        [row("office", 1, 1, 1300), row("office", 3, 3, 1350)],
        [row("office", 1, 1, 120), row("office", 3, 3, 150)],
        [row("office", 2, 2, 110)],
        [row("office", day, day, 1300 + day) for day in range(7)],
        [row("office", 1, 1, 650, crossing="north_gate"), row("office", 4, 4, 700, crossing="south_gate")],
    ],
    ids=["far too high", "far too low", "one count", "every day", "by crossing"],
)
def test_a_total_that_its_own_counts_deny_is_a_finding(counts: list[str]) -> None:
    """A total of 3,100 for a week beside days that make it a quarter, or three times that."""
    (found,) = audit(world_of([*counts, row("office", 0, 6, 3100, total=True)], LAST))
    assert (found.kind, found.action, found.series) == ("disagreement", "set_aside", "office")
    assert "3,100 from 2030-03-01 to 2030-03-07" in found.evidence
    assert (found.start, found.end) == (FIRST.toordinal(), FIRST.toordinal() + 6)


def test_a_weekly_count_is_held_against_days_as_a_total_is() -> None:
    """A count of a week that is no running total."""
    rows = [row("office", 1, 1, 1300), row("office", 3, 3, 1350), row("office", 0, 6, 3100)]
    assert [item.reports for item in audit(world_of(rows, LAST))] == [
        tuple(report.id for report in world_of(rows, LAST).reports if report.persons == 3100)
    ]


def test_days_that_bear_a_total_out_are_no_finding() -> None:
    """Two days of 430 and 450 in a week of 3,100."""
    rows = [row("office", 1, 1, 430), row("office", 3, 3, 450), row("office", 0, 6, 3100, total=True)]
    world = world_of(rows, LAST)
    assert audit(world) == ()
    week = reconcile(world, 400, 1).flow[:7].sum(axis=(0, 1))
    assert np.median(week) == pytest.approx(3100, rel=0.1)


def test_a_rival_may_tell_what_the_days_between_were() -> None:
    """Days of 120 and 150 in a week of 3,100: a finding, but for another series that counts the rush after them."""
    rows = [row("office", 0, 0, 120), row("office", 1, 1, 150), row("office", 0, 6, 3100, total=True)]
    flow = [115, 160, 420, 560, 640, 660, 620]
    watch = [row("watch", day, day, persons) for day, persons in enumerate(flow)]
    assert [item.kind for item in audit(world_of(rows, LAST))] == ["disagreement"]
    assert audit(world_of([*rows, *watch], LAST)) == ()


@pytest.mark.parametrize("seed", range(6))
def test_a_book_in_order_is_no_finding(seed: int) -> None:
    """Counts with errors of a quarter, some of them printed, beside weekly sums and totals of all of them."""
    rng = np.random.default_rng(seed)
    flow = 800.0 * np.exp(np.cumsum(0.15 * rng.standard_t(4, 42)) + 0.25 * rng.normal(size=42))
    rows = [row("office", day, day, int(flow[day])) for day in range(42) if rng.random() < 0.5]
    for day in range(6, 42, 7):
        rows.append(row("office", day - 6, day, int(flow[day - 6 : day + 1].sum())))
        rows.append(row("office", 0, day, int(flow[: day + 1].sum()), total=True))
    assert audit(world_of(rows, date(2030, 4, 30))) == ()
