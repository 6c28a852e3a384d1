"""A crossing that is shut with no day of reopening known opens again, in each possible world on its own day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from sarai.calibrate.calibrate import calibrate
from sarai.cli.simulate import simulate_priors, table_rows
from sarai.forecast.make import BLOCK_MEMBERS, law_paths
from sarai.forecast.reopening import (
    GROUPS,
    last_day_shut,
    reopened_model,
    reopened_world,
    reopening_groups,
    shut_without_end,
)
from sarai.model.returns import NEVER, build_returns
from sarai.observe.case_folder import load_case

SHUT, TOLD = date(2031, 3, 25), date(2031, 3, 26)  # high_pass was shut on the 24th; on the 26th the end is known
IDS = np.arange(400, dtype=np.uint64)


def test_days_left_follow_past_closures_and_grow_with_those_behind() -> None:
    """Of new closures half last nine days at most; one that has lasted for two months goes on for weeks."""
    start = SHUT.toordinal()
    first = [last_day_shut(start, start, (group + 0.5) / GROUPS) - start + 1 for group in range(GROUPS)]
    assert first == sorted(first) and first[0] >= 1
    assert first[3] <= 10 <= first[4] + 1
    left = [np.median([last_day_shut(start, start + gone, (g + 0.5) / 8) - start - gone for g in range(8)])
            for gone in (0, 10, 60, 700)]  # fmt: skip
    assert left == sorted(left) and left[2] > 20
    assert start + 30_000 <= last_day_shut(start, start + 30_000, 0.5) <= NEVER


def test_a_member_opens_the_crossing_on_the_same_day_in_whatever_company() -> None:
    """Groups hold every member once, alone and in a block alike; only ends that nobody knows are drawn."""
    model = build_returns(load_case("teaching").as_of(SHUT))
    assert shut_without_end(model) == ("high_pass",)
    ends = {}
    for places, one in reopening_groups(model, IDS, 7):
        assert one.closure_end.min() >= model.as_of_day
        ends |= {int(IDS[place]): int(one.closure_end[-1]) for place in places}
    assert set(ends) == set(range(IDS.size)) and len(set(ends.values())) > 3
    for member in (3, 177, 399):
        ((places, one),) = reopening_groups(model, IDS[member : member + 1], 7)
        assert places.tolist() == [0] and int(one.closure_end[-1]) == ends[member]
    told = build_returns(load_case("teaching").as_of(TOLD))
    ((places, same),) = reopening_groups(told, IDS, 7)
    assert same is told and places.size == IDS.size and shut_without_end(told) == ()


def test_people_are_expected_again_at_a_crossing_whose_reopening_nobody_knows() -> None:
    """More from week to week, and none before it opens; blocks of members and their order change no bit."""
    posterior = calibrate(load_case("teaching").as_of(SHUT))
    place = posterior.model.crossings.index("high_pass")
    paths = law_paths(posterior, IDS, 1, 28)
    came = (paths[:, place] > 0.0).mean(axis=1)
    assert came[0] < 0.3 and came[0] <= came[6] <= came[27] and came[27] > 0.6
    again = law_paths(posterior, IDS[::-1], 1, 28)[..., ::-1]
    np.testing.assert_array_equal(paths, again)
    np.testing.assert_array_equal(paths[..., 40:60], law_paths(posterior, IDS[40:60], 1, 28))
    shut = replace(posterior, model=replace(posterior.model, closure_start=posterior.model.closure_start * 0 + NEVER))
    assert (law_paths(shut, IDS[:20], 1, 7)[:, place] > 0.0).mean() > came[0]
    assert IDS.size <= BLOCK_MEMBERS


@pytest.mark.parametrize("level", [0.0625, 0.5, 0.9375])
def test_a_closure_never_ends_before_today(level: float) -> None:
    """It is in force on the as-of day."""
    for gone in (0, 1, 5, 40, 4000):
        assert last_day_shut(700_000, 700_000 + gone, level) >= 700_000 + gone


def test_a_what_if_opens_the_crossing_on_the_median_day_in_world_and_law_alike() -> None:
    """The law built from the reopened world has the closures of the reopened law; a known end stays."""
    world = load_case("teaching").as_of(SHUT)
    law, again = reopened_model(build_returns(world)), build_returns(reopened_world(world))
    assert law.closure_end.tolist() == again.closure_end.tolist() and shut_without_end(again) == ()
    assert law.closure_end[-1] == last_day_shut(world.calendar.closures[-1].start.toordinal(), SHUT.toordinal(), 0.5)
    told = load_case("teaching").as_of(TOLD)
    assert reopened_world(told) == told


def test_the_law_from_its_priors_alone_opens_the_crossing_too() -> None:
    """`sarai simulate` takes the median day."""
    _, reduced = simulate_priors("teaching", SHUT.isoformat(), 28, 20, 1, "on-time", "exact")
    table = [row for row in table_rows(reduced) if row[1] == "crossed" and row[2] == "high_pass"]
    assert max(float(row[-1]) for row in table if row[0] > (SHUT + timedelta(days=14)).isoformat()) > 0.0
