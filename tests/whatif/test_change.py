"""Scenarios change what may be changed and refuse the rest with a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sarai.whatif.change import apply_change
from sarai.whatif.paths import all_paths, find_rule
from sarai.whatif.scenario import Scenario, apply_scenario
from sarai.whatif.values import Change, parse_change
from sarai.world.calendar import Calendar, Wave
from sarai.world.errors import RequestError
from sarai.world.population import Status
from sarai.world.reception import Capacity, Crossing, Stage
from sarai.world.world import World

WAVE = Wave(
    id="phase-1",
    title="Phase 1",
    announced=date(2023, 10, 3),
    deadline=date(2023, 10, 31),
    enforcement=date(2023, 11, 1),
    deadline_first=date(2023, 10, 31),
    statuses=("undocumented",),
)
STAGE = Stage(
    id="north_registration",
    site="north",
    kind="registration",
    setting="zero_point",
    agency="joint",
    opens_hour=7,
    closes_hour=17,
    capacity=Capacity(value=1000.0),
    stay_days=0.5,
)
WORLD = World(
    name="example",
    title="Example",
    as_of=date(2023, 10, 28),
    timezone="Asia/Karachi",
    start=date(2023, 9, 15),
    country_from="AAA",
    country_to="BBB",
    places={},
    statuses=(Status(id="registered", name="Registered"), Status(id="undocumented", name="Undocumented")),
    strata=(),
    crossings=(
        Crossing(place_id="north", opens_hour=8, closes_hour=17, desks=10, persons_desk_hour=30.0, service_log_sd=0.1),
    ),
    routes=(),
    stages=(STAGE, replace(STAGE, id="north_transit", capacity=Capacity(value=None))),
    routing=(),
    holding=(),
    destination_shares=(),
    calendar=Calendar(waves=(WAVE,)),
    reports=(),
    series=(),
    sources={},
)


def change(text: str) -> World:
    """The world after one change."""
    return apply_change(WORLD, parse_change(text))


def test_a_moved_deadline_takes_enforcement_along() -> None:
    """Enforcement keeps its distance to the deadline, and the wave is marked as a planning assumption."""
    wave = change("calendar.phase-1.deadline=2024-03-31").calendar.waves[0]
    assert (wave.deadline, wave.enforcement) == (date(2024, 3, 31), date(2024, 4, 1))
    assert wave.basis.assumption == "planning assumption"
    assert wave.deadline_first == date(2023, 10, 31)


def test_capacity_is_set_added_to_or_multiplied() -> None:
    """The three ways to write a capacity give three results, each marked as assumed."""
    values = [change(f"stages.north_registration.capacity={text}").stages[0].capacity for text in ("50", "+50", "x2")]
    assert [capacity.value for capacity in values] == [50.0, 1050.0, 2000.0]
    assert all(capacity.assumed for capacity in values)


def test_the_example_of_a_mend_lies_ahead_of_the_as_of_date() -> None:
    """What a fault proposes can be typed as it stands, in a case of any year."""
    later = replace(WORLD, as_of=date(2023, 12, 20))
    rule, _ = find_rule(later, "calendar.phase-1.deadline")
    assert date.fromisoformat(rule.example) > later.as_of
    assert find_rule(later, f"stages.{STAGE.id}.capacity")[0].example == "x2"


def test_a_closure_is_added_beside_the_known_ones() -> None:
    """A closed period becomes a closure of that crossing."""
    closure = change("crossings.north.closed=2023-11-10..2023-11-19").calendar.closures[-1]
    assert (closure.crossing, closure.start, closure.end) == ("north", date(2023, 11, 10), date(2023, 11, 19))


@pytest.mark.parametrize(
    "path",
    [
        "holding.punjab.capacity",
        "enforcement.phase-1.rate",
        "exit.torkham.desks",
        "population.punjab.low",
        "origins.punjab.share",
        "goal.remaining.zero",
        "crossings.north.maximise_departures",
        "deportation.buses",
        "calendar.phase-1.arrests",
    ],
)
def test_levers_on_the_exit_side_are_refused_with_a_reason(path: str) -> None:
    """No scenario reaches enforcement, holding, exit processing, people remaining, or a goal on departures."""
    with pytest.raises(RequestError) as caught:
        find_rule(WORLD, path)
    assert caught.value.faults[0].what.endswith(".")
    assert "no such path" not in caught.value.faults[0].what


def test_an_unknown_path_names_the_nearest_valid_one() -> None:
    """A misspelt path is answered with the path that was probably meant."""
    with pytest.raises(RequestError) as caught:
        find_rule(WORLD, "crossing.north.hour")
    assert "crossings.north.hours" in caught.value.faults[0].mend


@pytest.mark.parametrize(
    "text",
    [
        "calendar.phase-1.deadline=2023-02-30",
        "calendar.phase-1.deadline=31/12/2023",
        "calendar.phase-1.deadline=2999-01-01",
        "calendar.phase-1.deadline=2023-09-01",
        "calendar.phase-1.statuses=nobody",
        "calendar.phase-1.suspended=perhaps",
        "crossings.north.closed=2023-11-19..2023-11-10",
        "crossings.north.closed=2023-11-19",
        "crossings.north.hours=17-8",
        "crossings.north.hours=8-25",
        "stages.north_registration.capacity=-5",
        "stages.north_registration.capacity=1e99",
        "stages.north_registration.capacity=nan",
        "stages.north_transit.capacity=x2",
        "stages.north_registration.stay_days=soon",
    ],
)
def test_values_beyond_sense_are_refused(text: str) -> None:
    """Impossible days, periods, hours and numbers end in a sentence with an example."""
    with pytest.raises(RequestError) as caught:
        change(text)
    assert "for example" in caught.value.faults[0].mend


def test_all_faults_of_a_scenario_come_at_once() -> None:
    """Contradictions, unknown paths and bad values are told together."""
    changes = (
        "crossings.north.hours=8-20",
        "crossings.north.hours=8-22",
        "crossings.south.hours=8-20",
        "arrivals.north.surge=lots",
        "crossings.north.closed=2022-01-01..2022-01-02",
    )
    scenario = Scenario(name="mixed", changes=tuple(parse_change(text) for text in changes))
    with pytest.raises(RequestError) as caught:
        apply_scenario(WORLD, scenario)
    assert len(caught.value.faults) == 4


def test_run_changes_are_read_apart_from_the_world() -> None:
    """Surges and pauses act on the run and leave the world as it is."""
    changes = (
        "arrivals.north.surge=5000@2023-11-10..2023-11-12",
        "calendar.phase-1.pause=2023-12-01..2024-02-29",
    )
    applied = apply_scenario(WORLD, Scenario(name="run", changes=tuple(parse_change(text) for text in changes)))
    assert applied.world == WORLD
    assert applied.surges[0].persons_day == 5000.0
    assert applied.pauses[0].period.end == date(2024, 2, 29)


def test_every_listed_path_is_found_by_its_rule() -> None:
    """The list that a user is shown holds only paths that work."""
    assert all(find_rule(WORLD, path) for path in all_paths(WORLD))
    assert len(all_paths(WORLD)) > 10


@pytest.mark.parametrize("text", ["", "=", "a=", "=b", "no sign"])
def test_a_change_needs_a_path_and_a_value(text: str) -> None:
    """What is not PATH=VALUE is refused."""
    with pytest.raises(RequestError):
        parse_change(text)


def test_a_change_prints_as_it_was_written() -> None:
    """A change reads back from its own text."""
    written = Change(path="crossings.north.hours", value="8-20")
    assert parse_change(str(written)) == written
