from datetime import date

import pytest

from sarai.forecast.look_back import LookBack, look_back
from sarai.observe.case_folder import load_case
from sarai.world.world import World

TODAY = date(2023, 11, 10)


@pytest.fixture(scope="module")
def asked() -> list[date]:
    """Days whose vintage was asked for."""
    return []


@pytest.fixture(scope="module")
def past(asked: list[date]) -> LookBack:
    """Four weeks looked back to from 10 November 2023."""
    case = load_case("pakistan-2023")

    def vintage(day: date) -> World:
        asked.append(day)
        return case.as_of(day)

    return look_back(vintage, case.as_of(TODAY))


def test_only_reports_after_a_forecast_and_known_today_score_it(past: LookBack) -> None:
    """Each window lies after its origin; what became known later than today is not among them."""
    known = {
        (report.end.isoformat(), report.persons): report.known
        for report in load_case("pakistan-2023").as_of(TODAY).reports
    }
    assert past.fared and max(known.values()) <= TODAY
    assert all(row.origin < row.start <= row.end <= TODAY.isoformat() for row in past.fared)


def test_earlier_days_see_their_own_vintage_only(past: LookBack, asked: list[date]) -> None:
    """Vintages a week apart, all before today, the newest of them the one to compare with."""
    assert past.before is not None and past.before.as_of == "2023-11-03"
    assert asked and max(asked) == date(2023, 11, 3) and {(TODAY - day).days % 7 for day in asked} == {0}


def test_what_stood_before_is_ordered_and_dated(past: LookBack) -> None:
    """Low, middle and high in order; the busiest day lies ahead of that day; the deadline is the one then known."""
    before = past.before
    assert before is not None
    assert before.total[0] < before.total[1] < before.total[2] and before.week[0] < before.week[1] < before.week[2]
    assert before.peak > before.as_of and "2023-10-31" in before.deadlines.values()
