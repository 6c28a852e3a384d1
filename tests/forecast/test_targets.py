"""Targets follow the rules, whatever the order of the rows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from makers.reports import regime, report, world_of
from sarai.forecast.targets import find_targets, targets_of_origin
from sarai.observe.case_folder import load_case
from sarai.world.population import Status


@pytest.fixture(scope="module")
def world():  # type: ignore[no-untyped-def]
    """The reference case with everything known."""
    case = load_case("pakistan-2023")
    return case.as_of(case.last_known())


def test_no_row_with_an_inferred_day_is_a_target(world) -> None:  # type: ignore[no-untyped-def]
    """Rows whose day of knowledge was inferred are inputs, never targets."""
    inferred = {report.id for report in world.reports if report.known_inferred}
    assert inferred
    assert not any(set(target.row_ids) & inferred for target in find_targets(world))


def test_one_target_per_window_and_scope(world) -> None:  # type: ignore[no-untyped-def]
    """A figure that five outlets repeat is one target."""
    keys = [(t.start, t.end, t.crossings, t.status) for t in find_targets(world)]
    assert len(keys) == len(set(keys)) > 50


def test_the_first_four_days_of_november_are_there(world) -> None:  # type: ignore[no-untyped-def]
    """Daily differences of the provincial total are found, and the misprinted total of 11 November is not used."""
    found = {(t.start, t.end, t.crossings): t.persons for t in find_targets(world)}
    day = date(2023, 11, 4)
    assert found[(day, day, ("torkham",))] == 167_774 - 160_638
    assert max(found.values()) < 1_000_000


def test_a_stale_rounder_total_is_no_target(world) -> None:  # type: ignore[no-untyped-def]
    """327,000 on 14 November repeats 327,400 of the 11th: no target begins on the 15th of the joint series."""
    starts = {t.start for t in find_targets(world) if t.series == "joint_iom_unhcr"}
    assert date(2023, 11, 15) not in starts
    assert date(2023, 11, 12) in starts


def test_targets_of_an_origin_lie_wholly_after_it(world) -> None:  # type: ignore[no-untyped-def]
    """No target of an origin was known, or had begun, on that day."""
    origin = date(2023, 11, 5)
    due = targets_of_origin(find_targets(world), origin, 28)
    assert due
    assert all(t.known > origin and t.start > origin and t.end <= origin + timedelta(days=28) for t in due)


def test_a_series_that_counts_some_statuses_tells_no_target() -> None:
    """Its `all` is not everybody: a forecast of everybody is not held against it; that of every status is."""
    three = (*world_of().statuses, Status(id="other", name="other"))
    rows = (report(0, 6, 900), report(7, 13, 800))
    for statuses, count in ((("all",), 2), (("card", "none"), 0), (("card",), 0), (("card", "none", "other"), 2)):
        told = world_of(*rows, series=(regime(statuses=statuses),), statuses=three)
        assert len(find_targets(told)) == count, statuses
