"""Paired futures differ by the change alone, and the same question always gets the same answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from sarai.calibrate.calibrate import calibrate
from sarai.observe.case_folder import load_case
from sarai.observe.scenario_file import case_scenarios, parse_scenarios
from sarai.whatif.contrast import Contrast, contrast, count_bands, take_side
from sarai.whatif.futures import Futures, compare, grow_futures, run_scenario
from sarai.whatif.indicators import measure, measure_windows
from sarai.whatif.scenario import Scenario, check_scenarios
from sarai.whatif.values import parse_change
from sarai.world.errors import RequestError


@pytest.fixture(scope="module")
def futures() -> Futures:
    """A few members of the built-in case, sixty days ahead."""
    world = load_case("pakistan-2023").as_of(date(2023, 10, 28))
    return grow_futures(world, calibrate(world), horizon_days=60, member_count=60, seed=1)


def ask(futures: Futures, *changes: str) -> Contrast:
    """The contrast that some changes make."""
    return compare(futures, Scenario(name="asked", changes=tuple(parse_change(text) for text in changes)))


def line(found: Contrast, name: str) -> tuple[float, float, float]:
    """The paired difference of one indicator."""
    return next(one.difference for one in found.lines if one.indicator.id == name)


def test_no_change_is_no_difference(futures: Futures) -> None:
    """Not one person differs between a future and itself."""
    found = ask(futures)
    assert all(one.difference == (0.0, 0.0, 0.0) for one in found.lines)
    assert found.harm_falls == 0.0


def test_a_closure_makes_people_wait_and_loses_nobody(futures: Futures) -> None:
    """Closing the busiest crossing lengthens queues and waits; nothing happens before the day it shuts.

    In worlds with a large rush it also spares reception a crowd, so nights without shelter grow in the median only.
    """
    found = ask(futures, "crossings.torkham.closed=2023-11-05..2023-11-14")
    assert line(found, "peak_queue")[1] > 0.0
    assert line(found, "long_waits")[0] > 0.0
    assert line(found, "open_nights")[1] > 0.0
    queue = next(one for one in found.courses if (one.name, one.place) == ("queue", "torkham"))
    assert np.all(queue.difference[:, :7] == 0.0)


def test_who_waits_at_a_closed_gate_goes_without_until_something_is_brought(futures: Futures) -> None:
    """A closure leaves more without water, food and care; water at the gate lessens that and moves nobody."""
    closed = "crossings.torkham.closed=2023-11-05..2023-11-14"
    shut, helped = ask(futures, closed), ask(futures, closed, "stock.torkham.gate_water=200000@2023-11-05")
    assert line(shut, "unmet_wash")[0] > 0.0 and line(shut, "unmet_food")[0] > 0.0
    assert line(helped, "unmet_wash")[1] < line(shut, "unmet_wash")[1]
    assert line(helped, "unmet_food") == line(shut, "unmet_food")
    assert line(helped, "arrivals") == line(shut, "arrivals")
    assert line(helped, "open_nights") == line(shut, "open_nights")


def test_suspension_and_pause_leave_fewer_deported(futures: Futures) -> None:
    """Suspending a wave, or pausing its enforcement, can only lessen what enforcement does."""
    for text in ("undocumented.suspended=true", "undocumented.pause=2023-11-15..2024-01-15"):
        assert line(ask(futures, f"calendar.{text}"), "deported")[2] <= 0.0


def test_a_surge_adds_exactly_its_people(futures: Futures) -> None:
    """Three days of 1,000 more at one crossing are 3,000 more who cross, in the middle case."""
    found = ask(futures, "arrivals.chaman.surge=1000@2023-11-06..2023-11-08")
    assert line(found, "arrivals")[1] == 3000.0


def test_exempting_people_only_lowers_their_number(futures: Futures) -> None:
    """A status that is no longer named adds no one."""
    assert line(ask(futures, "calendar.undocumented.statuses=undocumented"), "arrivals")[2] <= 0.0


def test_the_same_question_has_the_same_answer(futures: Futures) -> None:
    """Asking twice gives the same bytes, and other questions in between change nothing."""
    scenario = Scenario(name="twice", changes=(parse_change("crossings.torkham.hours=7-20"),))
    first = run_scenario(futures, scenario)
    ask(futures, "calendar.undocumented.suspended=true")
    again = run_scenario(futures, scenario)
    assert all(np.array_equal(first[name], again[name]) for name in first.observables)


def test_only_the_same_members_are_paired(futures: Futures) -> None:
    """Ensembles of other members are not compared as if they were the same."""
    ensemble = replace(futures.base, member_ids=futures.base.member_ids + np.uint64(1))
    with pytest.raises(ValueError, match="same members"):
        contrast("x", futures.side, replace(futures.side, ensemble=ensemble))


def test_bands_of_counts_are_the_usual_quantiles() -> None:
    """One sort of whole numbers gives what numpy's linear quantile gives, for any number of members."""
    dice = np.random.default_rng(3)
    for members in (1, 2, 19, 40, 1000):
        counts = dice.integers(-50, 5000, (4, 3, members)).astype(np.int32)
        assert np.allclose(count_bands(counts), np.quantile(counts, (0.05, 0.5, 0.95), axis=-1), rtol=1e-14)


def test_a_side_counted_beside_another_is_the_side_counted_alone(futures: Futures) -> None:
    """Bands taken over where no member differs are those that counting again would give, also for windows."""
    scenario = Scenario(name="shut", changes=(parse_change("crossings.torkham.closed=2023-11-05..2023-11-14"),))
    ensemble = run_scenario(futures, scenario)
    alone = take_side(ensemble, futures.first_day)
    beside = take_side(ensemble, futures.first_day, like=futures.side)
    assert all(np.array_equal(alone.bands[name], beside.bands[name]) for name in alone.bands)
    assert any(not np.array_equal(beside.bands[name], futures.side.bands[name]) for name in alone.bands)


def test_windows_are_the_indicators_of_their_days_alone(futures: Futures) -> None:
    """The first 7 and 30 days read together are those of an ensemble that ends there."""
    desks = futures.trunk.model.reception.capacity_daily
    found = measure_windows(futures.base, futures.first_day, desks, (), 0.2, (7, 30))
    for days, values in found.items():
        cut = {name: one[:days] for name, one in futures.base.observables.items()}
        short = replace(futures.base, days=futures.base.days[:days], observables=cut)
        alone = measure(short, futures.first_day, desks, (), 0.2)
        assert list(values) == list(alone)
        assert all(np.array_equal(values[name], alone[name]) for name in alone)


def test_pairing_shrinks_the_variance_of_a_difference(futures: Futures) -> None:
    """An hour less: the change in peak queue varies at least 20 times less than between unpaired members."""
    shorter = Scenario(name="hours", changes=(parse_change("crossings.torkham.hours=7-16"),))
    runs = (futures.base, run_scenario(futures, shorter))
    before, after = (run["queue"].sum(axis=1).max(axis=0).astype(float) for run in runs)
    assert np.var(after - before) * 20 < np.var(after - np.roll(before, 7))


def test_the_shipped_scenarios_are_valid(futures: Futures) -> None:
    """Each scenario of the case is readable, on the closed list, and says why it is asked."""
    for text in case_scenarios("pakistan-2023"):
        assert text.why
        compare(futures, Scenario(name=text.name, changes=tuple(parse_change(one) for one in text.lines)))


@pytest.mark.parametrize(
    ("name", "as_of"),
    [("teaching", "2031-04-08"), ("pakistan-2016", "2016-09-30"), ("sudan-southsudan-2023", "2024-11-30")],
)
def test_every_case_ships_scenarios_for_the_day_that_they_name(name: str, as_of: str) -> None:
    """The scenarios of the other built-in cases can all be asked on the day in their heading."""
    world = load_case(name).as_of(date.fromisoformat(as_of))
    written = case_scenarios(name)
    assert len(written) >= 3
    scenarios = [Scenario(name=one.name, changes=tuple(parse_change(line) for line in one.lines)) for one in written]
    check_scenarios(world, scenarios, world.as_of + timedelta(days=60))


@pytest.mark.parametrize(
    "text", ["a: [", "name: x", "- why: no name", "- {name: a, goal: b}", "- {name: a, set: b}", "5"]
)
def test_scenario_files_with_faults_are_refused(text: str) -> None:
    """What is no list of named changes is refused with the entry."""
    with pytest.raises(RequestError):
        parse_scenarios(text, "scenarios.yaml")


def test_more_of_something_in_place_never_adds_to_who_goes_without_it(futures: Futures) -> None:
    """Doubled desks, buses, staff, meals, cash: fewer or as many go without in every world, and it has its price."""
    for path, sector in (
        ("registration.torkham_zero_point.desks", "unmet_registration"),
        ("transport.torkham_zero_point.buses", "unmet_transport"),
        ("health.torkham_zero_point.staff", "unmet_health"),
        ("protection.torkham_zero_point.staff", "unmet_protection"),
        ("stock.torkham_zero_point.hot_meals", "unmet_food"),
        ("cash.omari_camp.usd_day", "unmet_cash"),
    ):
        found = ask(futures, f"{path}=x2@2023-10-29")
        one = next(each for each in found.lines if each.indicator.id == sector)
        assert one.less_probability > 0.0 and one.less_probability + one.equal_probability == 1.0, path
        assert line(found, "cost")[2] > 0.0, path
        assert line(found, "arrivals") == (0.0, 0.0, 0.0), path


def test_a_larger_grant_from_the_same_money_reaches_fewer(futures: Futures) -> None:
    """Twice the grant, no more cash: some families go unpaid who were paid, and none the other way."""
    found = next(one for one in ask(futures, "cash.all.grant_usd=x2").lines if one.indicator.id == "unmet_cash")
    assert found.less_probability == 0.0 and found.difference[2] > 0.0


def test_harm_is_its_four_parts_and_more_returns_are_none_of_its_benefit(futures: Futures) -> None:
    """Nights, waits, unmet need and duress add up to harm in every world; people who cross are neither good nor bad."""
    values = futures.side.values
    parts = values["harm_days"] + values["unmet_need"] + values["duress"]
    assert values["harm"] == pytest.approx(parts)
    neutral = {one.indicator.id for one in ask(futures).lines if one.indicator.harm is None}
    assert {"arrivals", "peak_day", "cost"} <= neutral


def test_all_at_once_brings_about_as_many_of_the_newly_named_as_of_those_named_before(futures: Futures) -> None:
    """People who cross grow with the people named, not beyond: about thrice as many at most."""
    found = ask(futures, "calendar.undocumented.statuses=acc+other+por+undocumented")
    both = next(one for one in found.lines if one.indicator.id == "arrivals")
    assert 1.5 * both.base[1] < both.changed[1] < 3.2 * both.base[1]


@pytest.mark.parametrize("name", ["sudan-southsudan-2023", "pakistan-2016"])
def test_a_case_whose_waves_are_over_or_that_has_none_can_be_asked(name: str) -> None:
    """The usual movement goes on in the scenario as in the fit: no change is no difference, a surge adds its people."""
    world = load_case(name)
    seen = world.as_of(world.last_known())
    grown = grow_futures(seen, calibrate(seen), horizon_days=20, member_count=20, seed=1)
    assert all(one.difference == (0.0, 0.0, 0.0) for one in ask(grown).lines)
    assert np.array_equal(run_scenario(grown, Scenario(name="none", changes=()))["crossed"], grown.base["crossed"])
    crossing = grown.base.axes["crossing"][0]
    first = seen.as_of + timedelta(days=2)
    found = ask(grown, f"arrivals.{crossing}.surge=500@{first}..{first + timedelta(days=1)}")
    assert 0.0 < line(found, "arrivals")[1] <= 1000.0
