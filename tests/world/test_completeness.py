"""What a case does not know: named when it is missing, gone once it is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sarai.observe.case_folder import load_case
from sarai.world.completeness import gap_lines, list_gaps
from sarai.world.world import World

DAY = date(2031, 4, 12)


def teaching() -> World:
    """The teaching case on the day of its enforcement."""
    return load_case("teaching").as_of(DAY)


def whats(world: World) -> str:
    """What is missing, in one text."""
    return "\n".join(gap.what for gap in list_gaps(world))


def test_every_gap_says_what_is_assumed_and_what_to_write() -> None:
    """No field is empty, and the lines name each gap once."""
    gaps = list_gaps(teaching())
    assert gaps and all(gap.what and gap.until and gap.mend and gap.acts_on for gap in gaps)
    assert sum(line[:2].strip().isdigit() for line in gap_lines(gaps)) == len(gaps)


def test_no_count_comes_first_and_goes_when_one_is_there() -> None:
    """Without reports the first line asks for a count; with them it does not."""
    world = teaching()
    assert list_gaps(replace(world, reports=()))[0].what == "no count of crossings"
    assert "no count of crossings" not in whats(world)


def test_old_counts_and_silent_crossings_are_named() -> None:
    """A case that nobody has counted for ten days says so; so does a crossing that no report names."""
    world = teaching()
    late = replace(world, as_of=max(r.end for r in world.reports) + timedelta(days=10))
    assert "no count for 10 days" in whats(late)
    assert "no count of its own at high_pass" in whats(world)
    only_totals = replace(world, reports=tuple(r for r in world.reports if r.crossing == "all"))
    assert any("only the border as a whole" in gap.until for gap in list_gaps(only_totals))


def test_hours_desks_and_roads_are_asked_for_only_where_they_are_assumed() -> None:
    """The reference case gives its hours and roads, so it is not asked for them."""
    found = whats(load_case("pakistan-2023").as_of(date(2023, 10, 28)))
    assert "hours and desks" not in found and "no range" not in found and "no announcement" not in found
    assert "capacity of" in found


def test_a_crossing_that_is_shut_without_an_end_is_named() -> None:
    """The law expects nobody there for as long as it looks ahead; once the end is known nothing is asked."""
    case = load_case("teaching")
    assert "until when high_pass is shut" in whats(case.as_of(date(2031, 3, 25)))
    assert "is shut" not in whats(case.as_of(date(2031, 3, 26)))
