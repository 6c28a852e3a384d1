"""What people find at a site: queues, stores and rooms add up, and more of something never leaves more without."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.makers.worlds import make_world

from sarai.plan.care import LONGEST_WAIT_DAYS, draw_down, list_services, wait_in_line
from sarai.plan.in_place import deliveries, level_in_place, list_days
from sarai.plan.needs import Demand
from sarai.plan.supplies import default_supplies
from sarai.plan.totals import Spans, Totals
from sarai.world.reception import Capacity, Stage
from sarai.world.response import Provision
from sarai.world.world import World

DAYS = list_days(date(2023, 11, 1), 5)


def demand(basis: str, setting: str, persons: float, hours: float = 0.0) -> Demand:
    """The same number of persons on each of five days, in two members of whom the second has twice as many."""
    flow = np.outer(np.full(5, persons), [1.0, 2.0])
    return Demand(site="north", setting=setting, basis=basis, persons=flow, hours=hours)


def world_with(*lines: Provision) -> World:
    """A world where these things are in place."""
    return replace(make_world(), response=lines)


def line(item: str, quantity: float, per: str = "once", start: date | None = None, agency: str = "a") -> Provision:
    """One line of the 3W at the site north."""
    return Provision(site="north", item=item, agency=agency, quantity=quantity, per=per, start=start)  # type: ignore[arg-type]


def test_a_line_serves_the_oldest_first_and_forgets_nobody() -> None:
    """Served, waiting and gone on without add up to those who came, on every day and in every member."""
    rng = np.random.default_rng(1)
    coming = rng.poisson(100.0, (30, 4)).astype(float)
    reach = rng.uniform(60.0, 130.0, 30)
    waiting, late = wait_in_line(coming, reach)
    assert np.all(late <= waiting) and np.all(waiting >= 0.0)
    queue = np.zeros((LONGEST_WAIT_DAYS + 1, 4))
    for day in range(30):  # the readable form, one person-group at a time
        queue = np.vstack([coming[day], queue[:-1]])
        left = np.full(4, reach[day])
        for age in reversed(range(LONGEST_WAIT_DAYS + 1)):
            out = np.minimum(queue[age], left)
            queue[age], left = queue[age] - out, left - out
        assert waiting[day] == pytest.approx(queue.sum(axis=0))
        queue[-1] = 0.0


def test_a_line_that_is_fast_enough_is_empty_and_one_that_is_shut_holds_the_last_days() -> None:
    """Closed forms: nobody waits where reach covers arrivals; with no desk the last days' arrivals wait."""
    coming = np.full((8, 1), 10.0)
    assert not wait_in_line(coming, np.full(8, 10.0))[0].any()
    waiting, late = wait_in_line(coming, np.zeros(8))
    assert waiting[-1, 0] == 10.0 * (LONGEST_WAIT_DAYS + 1)
    assert late[-1, 0] == 10.0 * LONGEST_WAIT_DAYS


def test_a_store_gives_what_it_has_and_keeps_the_rest() -> None:
    """Ten a day and twenty at the start: what is used and what is short, by hand."""
    used, short = draw_down(np.array([20.0, 10.0, 10.0]), np.array([[5.0], [40.0], [4.0]]))
    assert used[:, 0].tolist() == [5.0, 25.0, 4.0]
    assert short[:, 0].tolist() == [0.0, 15.0, 0.0]


def test_levels_follow_the_last_line_of_each_agency() -> None:
    """A later line of an agency takes the place of its earlier one; agencies add up; daily lines are delivered."""
    world = world_with(
        line("desks", 5), line("desks", 2, start=DAYS[2]), line("desks", 3, agency="b"), line("hot_meals", 7, per="day")
    )
    assert level_in_place(world, "north", "desks", DAYS).tolist() == [8, 8, 5, 5, 5]
    assert deliveries(world, "north", "hot_meals", DAYS).tolist() == [7] * 5


def test_a_line_that_ends_takes_its_agency_out_and_days_need_not_follow_each_other() -> None:
    """Levels that are reckoned once between two turns are those of each day looked at alone."""
    lines = (
        replace(line("desks", 5), end=DAYS[1]), replace(line("desks", 4, start=DAYS[3]), end=DAYS[3]),
        replace(line("desks", 3, agency="b", start=DAYS[1]), end=DAYS[3]), line("desks", 9, agency="c", start=DAYS[4]),
    )  # fmt: skip
    world = world_with(*lines)
    assert level_in_place(world, "north", "desks", DAYS).tolist() == [5, 8, 3, 7, 9]
    assert level_in_place(world, "north", "desks", [DAYS[4], DAYS[0]]).tolist() == [9, 5]
    daily = world_with(*(replace(one, per="day") for one in lines))
    assert deliveries(daily, "north", "desks", DAYS).tolist() == [5, 8, 3, 7, 9]


def test_what_is_not_stated_is_not_counted_as_missing() -> None:
    """Without a line nobody is said to go without; a line that says none leaves all without."""
    meals = [supply for supply in default_supplies() if supply.id == "hot_meals"]
    wanted = [demand("arrival", "zero_point", 100.0)]
    spans = Spans((1, 5))
    assert Totals(services=list_services(world_with(), wanted, meals, DAYS), spans=spans).by_sector() == {}
    none = list_services(world_with(line("hot_meals", 0)), wanted, meals, DAYS)
    unmet = Totals(services=none, spans=spans).by_sector()["Food"]
    assert unmet.tolist() == [[100.0, 200.0], [500.0, 1000.0]]


def test_tents_and_places_add_room_to_the_stages() -> None:
    """Nights above the room of the site: 100 in the stage, 10 tents for five, a second site on the third day."""
    stage = Stage(
        id="camp", site="north", kind="reception_centre", setting="transit", agency="", opens_hour=0, closes_hour=24,
        capacity=Capacity(value=100.0), stay_days=2.0,
    )  # fmt: skip
    world = replace(world_with(line("family_tents", 10), line("shelter_places", 40, start=DAYS[2])), stages=(stage,))
    tents = [supply for supply in default_supplies() if supply.id == "family_tents"]
    shelter = list_services(world, [demand("night", "transit", 120.0)], tents, DAYS)[0]
    assert shelter.unmet[:, 0].tolist() == [0.0] * 5
    assert shelter.unmet[:, 1].tolist() == [90.0, 90.0, 50.0, 50.0, 50.0]
    unknown = replace(world, stages=(replace(stage, capacity=Capacity(value=None)),))
    assert not list_services(unknown, [demand("night", "transit", 120.0)], tents, DAYS)[0].unmet.any()


def test_desks_without_staff_stay_shut_and_buses_take_who_is_registered() -> None:
    """Ten desks with people for five serve as five; a bus carries only those whom the desks let through."""
    supplies = [supply for supply in default_supplies() if supply.id in ("desks", "buses")]
    wanted = [demand("peak_hour", "zero_point", 500.0, hours=8.0), demand("arrival", "zero_point", 2000.0)]
    lines = (line("desks", 10), line("reception_staff", 10), line("buses", 1000))
    desks, buses = list_services(world_with(*lines), wanted, supplies, DAYS)
    assert desks.units.tolist() == [5.0] * 5
    assert desks.unmet[0, 0] == 2000.0 - 5 * 30 * 8
    assert buses.need[0, 0] == 5 * 30 * 8
    assert not buses.unmet.any()


@pytest.mark.parametrize("item", ["desks", "buses", "hot_meals", "arrival_kits", "health_staff", "protection_staff"])
def test_more_in_place_never_leaves_more_without(item: str) -> None:
    """For every supply: twice as much leaves at most as many without, and some before it is enough."""
    supplies = [supply for supply in default_supplies() if supply.id == item]
    wanted = [demand("peak_hour", "zero_point", 500.0, hours=8.0), demand("arrival", "zero_point", 2000.0)]
    few, many = (list_services(world_with(line(item, n)), wanted, supplies, DAYS)[0] for n in (2.0, 4.0))
    assert np.all(many.unmet <= few.unmet)
    assert many.unmet.sum() < few.unmet.sum()


def test_what_is_given_costs_by_time_or_once() -> None:
    """Ten desks for five of the 28 days that their price pays for; meals by the piece."""
    supplies = [supply for supply in default_supplies() if supply.id in ("desks", "hot_meals")]
    wanted = [demand("peak_hour", "zero_point", 10.0, hours=8.0), demand("arrival", "zero_point", 40.0)]
    services = list_services(world_with(line("desks", 10), line("hot_meals", 30, per="day")), wanted, supplies, DAYS)
    given = Totals(services=services, spans=Spans((2, 5))).given_cost()
    for days, cost in zip((2, 5), given, strict=True):
        assert cost == pytest.approx(np.full(2, 10 * 1400 * days / 28 + days * 30 * 1.2))


def test_nothing_is_in_place_where_people_wait_to_cross_unless_a_line_says_so() -> None:
    """Each who waits goes without; latrines for fifty and food for thirty leave the others without (A239)."""
    supplies = [one for one in default_supplies() if one.id in ("gate_latrines", "gate_food")]
    wanted = [demand("night", "waiting", 120.0)]
    latrines, food = list_services(world_with(), wanted, supplies, DAYS, stated=True)
    assert latrines.known and food.known
    assert np.all(latrines.unmet[:, 0] == 120.0) and np.all(food.unmet[:, 0] == 120.0)
    lines = line("gate_latrines", 1), line("gate_food", 30, per="day")
    latrines, food = list_services(world_with(*lines), wanted, supplies, DAYS)
    assert np.all(latrines.unmet[:, 0] == 70.0) and np.all(food.unmet[:, 0] == 90.0)


def test_spans_are_the_sums_and_largest_of_the_first_days() -> None:
    """Days read once for all lengths give what each length alone gives; nobody on any day is nobody in all."""
    values = np.random.default_rng(5).integers(0, 1000, (12, 3)).astype(float)
    spans = Spans((2, 7, 11))
    assert spans.total(values).tolist() == [values[:days].sum(axis=0).tolist() for days in (2, 7, 11)]
    assert spans.most(values).tolist() == [values[:days].max(axis=0).tolist() for days in (2, 7, 11)]
    assert spans.total(values > 500.0)[-1].tolist() == (values[:11] > 500.0).sum(axis=0).tolist()
    assert spans.total(np.broadcast_to(1.0, (12, 3))).tolist() == [[2.0] * 3, [7.0] * 3, [11.0] * 3]


@pytest.mark.parametrize("lengths", [(), (3, 3), (4, 2), (0, 5)])
def test_spans_that_do_not_ascend_are_refused(lengths: tuple[int, ...]) -> None:
    """A length that is not longer than the one before it would be read wrongly, so that it is refused."""
    with pytest.raises(ValueError, match="ascending"):
        Spans(lengths)


def test_every_person_in_line_is_whole() -> None:
    """People of the busiest hour worked back to the day are the day's: no fraction makes a difference of its own."""
    flow = np.array([[7.0, 11.0], [13.0, 3.0]])
    hour = Demand(site="north", setting="zero_point", basis="peak_hour", persons=flow * (2 / 9), hours=9.0, flow=flow)
    assert hour.people.tolist() == flow.tolist()
