"""Counts as reported, beside forecasts and scores: none of few people, and none from which one follows."""

from datetime import date, timedelta

import pytest

from sarai.forecast.targets import Target
from sarai.publish.reported import left_out_words, tellable_targets
from sarai.world.errors import RequestError

START = date(2031, 4, 1)


def target(name: str, persons: int, crossings: str, first: int = 0, days: int = 1) -> Target:
    """A report of persons at some crossings from a day on."""
    begin = START + timedelta(days=first)
    return Target(id=name, case="made up", series="post", row_ids=(name,), start=begin,
                  end=begin + timedelta(days=days - 1), crossings=tuple(crossings.split("+")), status="all",
                  persons=persons, known=begin + timedelta(days=days))  # fmt: skip


def told(level: str, *targets: Target) -> list[str]:
    """Which of some targets may be told."""
    return [one.id for one in tellable_targets(targets, level)]


def test_counts_of_few_people_are_told_in_the_house_only() -> None:
    """Four people at the ford are left out where it is restricted; five are not; confidential keeps both."""
    found = (target("large", 300, "bridge"), target("four", 4, "ford"), target("five", 5, "ford", 1))
    assert told("restricted", *found) == ["large", "five"]
    assert told("confidential", *found) == ["large", "four", "five"]
    assert "1 of 3" in left_out_words(3, 2, "restricted") and left_out_words(3, 3, "restricted") == ""


def test_a_total_does_not_tell_the_count_that_is_left_out() -> None:
    """304 in all less 300 at the bridge are the 4 at the ford: the smaller of the two goes too."""
    found = (target("all", 304, "bridge+ford"), target("bridge", 300, "bridge"), target("ford", 4, "ford"))
    assert told("restricted", *found) == ["all"]


def test_a_week_does_not_tell_the_day_that_is_left_out() -> None:
    """A week less its other six days is the seventh, which counts three: one of the seven goes with it."""
    days = [target(f"day {number}", 40 if number else 3, "bridge", number) for number in range(7)]
    kept = told("restricted", target("week", 243, "bridge", 0, 7), *days)
    assert "day 0" not in kept and len(kept) == 6


def test_counts_that_contradict_each_other_are_told_as_far_as_they_are_safe() -> None:
    """Two sources differ by a few people: what is left out is left out, and the rest is told."""
    found = (target("all", 298, "bridge+ford"), target("bridge", 300, "bridge"), target("ford", 4, "ford"),
             target("other day", 80, "bridge", 3))  # fmt: skip
    kept = told("restricted", *found)
    assert "ford" not in kept and "other day" in kept and not {"all", "bridge"} <= set(kept)


def test_cases_are_kept_apart_and_reports_are_never_public() -> None:
    """What is small in one case takes nothing from another, and no level that is not known lets anything out."""
    other = Target(**{**vars(target("other", 304, "bridge+ford")), "case": "another"})
    assert told("restricted", other, target("ford", 4, "ford")) == ["other"]
    for level in ("public", "secret"):
        with pytest.raises(RequestError, match="restricted or confidential"):
            tellable_targets((other,), level)
