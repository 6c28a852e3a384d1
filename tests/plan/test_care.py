"""What people find at a site: queues, stores and rooms add up, and more of something never leaves more without."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.makers.worlds import make_world

from sarai.plan.care import LONGEST_WAIT_DAYS, draw_down, given_cost, list_services, unmet_by_sector, wait_in_line
from sarai.plan.in_place import deliveries, level_in_place, list_days
from sarai.plan.needs import Demand
from sarai.plan.supplies import default_supplies
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


def test_what_is_not_stated_is_not_counted_as_missing() -> None:
    """Without a line nobody is said to go without; a line that says none leaves all without."""
    meals = [supply for supply in default_supplies() if supply.id == "hot_meals"]
    wanted = [demand("arrival", "zero_point", 100.0)]
    assert unmet_by_sector(list_services(world_with(), wanted, meals, DAYS)) == {}
    none = list_services(world_with(line("hot_meals", 0)), wanted, meals, DAYS)
    assert unmet_by_sector(none)["Food"].tolist() == [500.0, 1000.0]


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
    assert given_cost(services) == pytest.approx(np.full(2, 10 * 1400 * 5 / 28 + 5 * 30 * 1.2))


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
