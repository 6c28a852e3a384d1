"""An emergency is known by its countries and days, so that no forecast learns from itself under another name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sarai.forecast.emergencies import learned_from, same_emergencies
from sarai.forecast.evidence import pool_evidence
from sarai.forecast.weights import pool_weights
from sarai.forecast.yardsticks import past_deadlines
from sarai.observe.case_folder import load_case
from sarai.reconcile.reconcile import reconcile

DAY = date(2023, 10, 28)


def test_the_table_names_every_emergency_that_was_learned_from() -> None:
    """Each with the countries of its case and the days of its reports."""
    used = {row.case for row in pool_evidence()} | {case for case, _ in past_deadlines()}
    assert {one.case for one in learned_from()} == used
    for one in learned_from():
        case = load_case(one.case)
        world = case.as_of(case.last_known())
        assert (one.country_from, one.country_to) == (world.country_from, world.country_to)
        assert one.first <= world.start and one.last <= world.as_of
        assert same_emergencies(world) == {one.case}


def test_a_copy_under_another_name_is_the_same_emergency() -> None:
    """And has the same weights of the pool; another year or another border is another emergency."""
    world = load_case("pakistan-2023").as_of(DAY)
    copy = replace(world, name="my-copy")
    assert same_emergencies(copy) == {"pakistan-2023"}
    picture = reconcile(world, sample_count=20)
    assert pool_weights(copy, picture) == pool_weights(world, picture)
    assert same_emergencies(replace(world, country_from="Iran")) == frozenset()
    later = replace(world, start=date(2027, 1, 1), as_of=date(2027, 3, 1))
    assert same_emergencies(later) == frozenset()
