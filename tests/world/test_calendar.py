"""How far a briefing looks ahead by default: past the deadline that is coming."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sarai.world.calendar import Calendar, Wave

AS_OF = date(2026, 3, 2)


def calendar(days_to_deadline: int, *, withdrawn: bool = False) -> Calendar:
    """One wave with a deadline so many days ahead, enforced the day after."""
    deadline = AS_OF + timedelta(days=days_to_deadline)
    wave = Wave(
        id="a", title="A", announced=date(2026, 1, 1), deadline=deadline, enforcement=deadline + timedelta(days=1),
        deadline_first=deadline, statuses=("all",), withdrawn=withdrawn,
    )  # fmt: skip
    return Calendar(waves=(wave,))


@pytest.mark.parametrize(("ahead", "wanted"), [(-5, 28), (3, 28), (29, 44), (58, 73), (59, 74), (60, 74), (200, 28)])
def test_two_weeks_past_a_deadline_within_sight(ahead: int, wanted: int) -> None:
    """Four weeks at least; a deadline that is over or far away changes nothing."""
    assert calendar(ahead).days_to_look_ahead(AS_OF) == wanted


def test_a_wave_that_was_called_off_is_not_waited_for() -> None:
    """Nor is there anything to wait for where there is no wave."""
    assert calendar(29, withdrawn=True).days_to_look_ahead(AS_OF) == 28
    assert Calendar().days_to_look_ahead(AS_OF) == 28
