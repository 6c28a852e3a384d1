"""Changes of what is in place: amounts, days, lead times and what cannot be are read as they are written."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sarai.lab.controls import list_controls
from sarai.observe.case_folder import load_case
from sarai.plan.in_place import deliveries, level_in_place, list_days
from sarai.whatif.change import apply_change
from sarai.whatif.provide import say_not_counted
from sarai.whatif.scenario import Scenario, apply_scenario, check_scenarios
from sarai.whatif.values import parse_change
from sarai.world.errors import RequestError
from sarai.world.world import World

AS_OF = date(2023, 10, 28)
DAYS = list_days(AS_OF + timedelta(days=1), 20)


@pytest.fixture(scope="module")
def world() -> World:
    """The reference case: 20 desks at Torkham, 4,000 meals a day."""
    return load_case("pakistan-2023").as_of(AS_OF)


def desks(world: World, text: str) -> list[float]:
    """Desks at Torkham over twenty days after one change."""
    changed = apply_change(world, parse_change(f"registration.torkham_zero_point.desks={text}"))
    return level_in_place(changed, "torkham_zero_point", "desks", DAYS).tolist()


def test_more_comes_after_the_lead_time_and_less_at_once(world: World) -> None:
    """An order of desks takes seven days; a desk that is shut is shut tomorrow; a given day holds."""
    assert desks(world, "x2") == [20.0] * 7 + [40.0] * 13
    assert desks(world, "+5") == [20.0] * 7 + [25.0] * 13
    assert desks(world, "10") == [10.0] * 20
    assert desks(world, "x2@2023-10-30") == [20.0] + [40.0] * 19


def test_a_daily_delivery_changes_by_the_day(world: World) -> None:
    """Twice the meals a day, from the end of the lead time on."""
    changed = apply_change(world, parse_change("stock.torkham_zero_point.hot_meals=x2"))
    assert deliveries(changed, "torkham_zero_point", "hot_meals", DAYS).tolist() == [4000.0] * 7 + [8000.0] * 13


def test_a_second_site_opens_on_its_day(world: World) -> None:
    """Places beside the camp from the day named."""
    changed = apply_change(world, parse_change("sites.omari_camp.second_site=5000@2023-11-02"))
    assert level_in_place(changed, "omari_camp", "shelter_places", DAYS).tolist() == [0.0] * 4 + [5000.0] * 16


def test_a_grant_changes_the_supplies_of_the_scenario_alone(world: World) -> None:
    """Twice the grant in the scenario, and the table as it was elsewhere."""
    base, changed = (
        apply_scenario(world, Scenario(name="x", changes=tuple(parse_change(t) for t in texts))).supplies
        for texts in ((), ("cash.all.grant_usd=x2",))
    )
    grants = [next(line.cost_usd for line in lines if line.id == "cash_grants") for lines in (base, changed)]
    assert grants == [140.0, 280.0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("registration.torkham_zero_point.desks=100000", "beyond what is possible"),
        ("registration.torkham_zero_point.desks=-3", "beyond what is possible"),
        ("registration.torkham_zero_point.desks=x2@2023-10-01", "the day has passed"),
        ("registration.torkham_zero_point.desks=x2@2023-02-30", "not a day"),
        ("registration.torkham_zero_point.desks=many", "form of the path"),
        ("registration.angoor_adda_zero_point.desks=5", "not stated"),
        ("stages.torkham_registration.capacity=20000", "not known"),
        ("stages.omari_reception.capacity=x900", "beyond what is possible"),
        ("calendar.undocumented.deadline=2023-10-20", "the day has passed"),
        ("crossings.torkham.closed=2023-10-01..2023-10-05", "over by the as-of date"),
        ("arrivals.chaman.surge=5000@2023-10-01..2023-10-05", "over by the as-of date"),
        ("arrivals.chaman.surge=9e9@2023-11-01..2023-11-05", "beyond what is possible"),
        ("cash.all.grant_usd=0", "form of the path"),
        ("sites.omari_camp.second_site=x2", "form of the path"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(world: World, text: str, why: str) -> None:
    """Impossible dates, capacities beyond the physical, and differences from what is not known."""
    with pytest.raises(RequestError) as caught:
        apply_scenario(world, Scenario(name="x", changes=(parse_change(text),)))
    assert why in caught.value.faults[0].what


def test_a_wave_is_not_suspended_and_moved_at_once(world: World) -> None:
    """Contradictory changes are told together."""
    texts = ("calendar.undocumented.suspended=true", "calendar.undocumented.deadline=2024-03-31")
    with pytest.raises(RequestError, match="suspends this wave and changes it"):
        apply_scenario(world, Scenario(name="x", changes=tuple(parse_change(text) for text in texts)))


def test_a_period_beyond_the_run_is_told_with_the_horizon_that_would_do(world: World) -> None:
    """Nothing would be seen of a closure after the last day; faults of several scenarios come together."""
    texts = ("crossings.torkham.closed=2024-05-01..2024-05-05", "registration.nowhere.desks=5")
    asked = [Scenario(name=text, changes=(parse_change(text),)) for text in texts]
    with pytest.raises(RequestError) as caught:
        check_scenarios(world, asked, AS_OF + timedelta(days=60))
    assert [fault.column for fault in caught.value.faults] == ["crossings.torkham.closed", "registration.nowhere.desks"]
    assert "--horizon" in caught.value.faults[0].mend
    check_scenarios(world, asked[:1], AS_OF + timedelta(days=200))


def test_what_is_not_stated_is_said(world: World) -> None:
    """Three small crossings of the reference case have no desks stated, the others have; nobody is counted there."""
    assert "desks (3 sites)" in say_not_counted(world)
    assert "room to sleep" not in say_not_counted(world)


def test_amounts_may_follow_each_other_from_day_to_day(world: World) -> None:
    """Thirty desks from the second day, fifty from the fifth; two amounts for one day contradict each other."""
    texts = (
        "registration.torkham_zero_point.desks=30@2023-10-30",
        "registration.torkham_zero_point.desks=50@2023-11-02",
    )
    asked = Scenario(name="x", changes=tuple(parse_change(text) for text in texts))
    changed = apply_scenario(world, asked).world
    found = level_in_place(changed, "torkham_zero_point", "desks", DAYS).tolist()
    assert found == [20.0] + [30.0] * 3 + [50.0] * 16
    both = (*asked.changes, parse_change("registration.torkham_zero_point.desks=40@2023-11-02"))
    with pytest.raises(RequestError, match="sets this path twice"):
        apply_scenario(world, Scenario(name="x", changes=both))


def test_nothing_at_the_gate_is_the_start_from_which_one_counts(world: World) -> None:
    """Water comes after two days, in all or beside; it cannot be multiplied, and nothing there is not said to be."""
    changed = apply_change(world, parse_change("stock.torkham.gate_water=500"))
    assert deliveries(changed, "torkham", "gate_water", DAYS).tolist() == [0.0] * 2 + [500.0] * 18
    with pytest.raises(RequestError, match="cannot be multiplied"):
        apply_change(world, parse_change("stock.torkham.gate_water=x2"))
    assert "gate" not in say_not_counted(world)


@pytest.mark.parametrize(
    ("case", "day"), [("pakistan-2023", AS_OF), ("pakistan-2016", date(2016, 10, 1)), ("teaching", date(2031, 3, 20))]
)
def test_every_example_that_is_shown_is_taken(case: str, day: date) -> None:
    """What a page or a refusal gives as an example makes sense for that id of that case on that day."""
    world = load_case(case).as_of(day)
    shown = list_controls(world)
    assert len(shown) > 20
    for control in shown:
        apply_change(world, parse_change(f"{control['path']}={control['example']}"))
