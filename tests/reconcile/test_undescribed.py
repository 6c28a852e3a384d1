"""Reports of series that nobody described: one status, families beside persons, monthly totals, silent first weeks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from makers.rivals import FIRST, row, world_of
from sarai.reconcile.audit import audit
from sarai.reconcile.reconcile import infer, reconcile


def test_the_only_status_is_everybody() -> None:
    """Reports that name the one status of a case, beside reports of all, make a picture and an audit."""
    rows = [row("agency", day, day, 1000 + day, status="undocumented") for day in range(12)]
    rows += [row("ministry", 0, day, 1050 * (day + 1), total=True) for day in range(2, 12, 3)]
    world = world_of(rows, date(2030, 3, 20))
    assert len(world.statuses) == 1
    picture = reconcile(world, 200, 1)
    daily = np.median(picture.flow.sum(axis=1), axis=1)[:11]
    assert np.all(np.abs(np.log(daily / 1030.0)) < 0.25)
    assert audit(world) == ()


def test_two_rounded_totals_a_month_apart_tell_the_month() -> None:
    """600,000 and 640,000: the month between is about 40,000, whatever the error of the whole total."""
    days = (5, 12, 20, 30, 61, 91)
    persons = (120_000, 260_000, 420_000, 600_000, 640_000, 668_000)
    rows = [row("agency", 0, day, value, total=True) for day, value in zip(days, persons, strict=True)]
    picture = reconcile(world_of(rows), 400, 1)
    month = picture.flow.sum(axis=1)[31:62].sum(axis=0)
    low, middle, high = np.quantile(month, [0.05, 0.5, 0.95])
    assert middle == pytest.approx(40_000, rel=0.15)
    assert high / low < 3.0


@pytest.mark.parametrize("crossing", ["all", "north_gate"])
def test_two_equal_rivals_meet_in_the_middle(crossing: str) -> None:
    """One series says 1,003 a day, another 1,103, nothing is known of either: the best path is their geometric mean."""
    rows = [row(name, day, day, count, crossing=crossing) for day in range(12)
            for name, count in (("agency", 1003), ("ministry", 1103))]  # fmt: skip
    told = infer(world_of(rows, date(2030, 3, 20)), 5, 1)
    counted = 2 if crossing == "all" else 1
    daily = np.exp(told.fit.path[:12, :counted]).sum(axis=1)
    assert np.allclose(daily, np.sqrt(1003.0 * 1103.0), rtol=0.005)


def test_no_curve_is_drawn_before_the_first_count() -> None:
    """A case that starts in February with reports from 1 March has a picture from 1 March."""
    world = world_of([row("agency", day, day, 5000) for day in range(6)])
    assert world.start < FIRST
    assert date.fromordinal(int(reconcile(world, 50, 1).days[0])) == FIRST


def test_families_in_place_of_persons_are_named_for_what_they_are() -> None:
    """Persons equal to the row's own families, in a series with six persons a family."""
    rows = [row("desk", day, day, 6000 + 10 * day, 1000, crossing="north_gate") for day in range(12)]
    rows[7] = row("desk", 7, 7, 1010, 1010, crossing="north_gate")
    found = audit(world_of(rows, date(2030, 3, 20)))
    assert [(item.kind, item.action, item.value) for item in found] == [("families_as_persons", "use_unit", "families")]


def test_single_travellers_with_few_families_are_no_fault() -> None:
    """A series of about one person a family counts single travellers; nothing is wrong with it."""
    rows = [row("desk", day, day, 1000 + day, 1000 + day, crossing="north_gate") for day in range(12)]
    assert not [f for f in audit(world_of(rows, date(2030, 3, 20))) if f.kind == "families_as_persons"]
