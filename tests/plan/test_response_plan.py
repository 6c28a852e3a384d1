"""The response plan against plain arithmetic: gaps, money, hours, and what puts a breach off by three days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from tests.makers.briefing import make_forecast
from tests.makers.briefing import make_world as make_small_world
from tests.makers.worlds import make_world

from sarai.plan.breach import find_breaches, units_to_hold
from sarai.plan.care import Service, list_services
from sarai.plan.gap import find_gaps, make_budget
from sarai.plan.hours import HOURS, coming_shares, list_hours, open_shares, wait_by_hour
from sarai.plan.in_place import list_days
from sarai.plan.needs import PEAK_HOUR_FACTOR, Demand
from sarai.plan.response_plan import list_cash, list_protection
from sarai.plan.supplies import default_supplies
from sarai.world.reception import Capacity, Stage
from sarai.world.response import EVERYWHERE, FUNDS, Provision
from sarai.world.world import World

DAYS = list_days(date(2023, 11, 1), 14)
CAMP = Stage(
    id="camp", site="north", kind="reception_centre", setting="transit", agency="", opens_hour=0, closes_hour=24,
    capacity=Capacity(value=400.0), stay_days=2.0,
)  # fmt: skip
GATE = replace(CAMP, id="gate", kind="zero_point", setting="zero_point", opens_hour=8, closes_hour=16, stay_days=0.1)
RISING = np.outer(np.arange(1, 15) * 100.0, np.linspace(0.5, 1.5, 41))


def place(item: str, quantity: float, per: str = "once", site: str = "north") -> Provision:
    """One line of the 3W."""
    return Provision(site=site, item=item, agency="a", quantity=quantity, per=per)  # type: ignore[arg-type]


def setting(*lines: Provision) -> tuple[World, tuple[Service, ...]]:
    """A site where more people come each day, twice as many by the end in the worst world as in the middle one."""
    world = replace(make_world(), stages=(CAMP, GATE), response=lines)
    hours = 8.0
    busiest = RISING * PEAK_HOUR_FACTOR / hours
    demands = [
        Demand(site="north", setting="zero_point", basis="arrival", persons=RISING),
        Demand(
            site="north",
            setting="zero_point",
            basis="peak_hour",
            persons=busiest,
            hours=hours,
        ),
        Demand(site="north", setting="transit", basis="night", persons=RISING),
        Demand(site="north", setting="cash_desk", basis="arrival", persons=RISING),
    ]
    return world, list_services(world, demands, default_supplies(), DAYS)


LINES = (place("desks", 3), place("buses", 20), place("hot_meals", 500, "day"), place("cash_usd", 10_000, "day"),
         place("blankets", 900), place(FUNDS, 50_000, site=EVERYWHERE))  # fmt: skip


def test_gaps_are_need_less_what_is_in_place_in_every_world() -> None:
    """Blankets, meals and tents by hand, from the persons themselves."""
    world, services = setting(*LINES)
    gaps = {gap.item: gap for gap in find_gaps(world, services, DAYS)}
    blankets = np.ceil(np.quantile(np.maximum(0.0, RISING * 2 - 900).max(axis=0), 0.8))
    assert gaps["blankets"].missing == blankets
    held = 500.0 + np.zeros(RISING.shape[1])
    short = np.zeros(RISING.shape[1])
    for today in RISING:
        used = np.minimum(held, today)
        short += today - used
        held = held - used + 500.0
    assert gaps["hot meals on arrival"].missing == np.ceil(np.quantile(short, 0.8))
    tents = np.maximum(0.0, RISING - 400.0).max(axis=0) / 5
    assert gaps["family tents"].missing == np.ceil(np.quantile(tents, 0.8))
    assert gaps["arrival kits"].in_place is None
    assert gaps["hot meals on arrival"].batches == 7


def test_an_order_is_due_by_the_first_day_less_the_time_it_takes() -> None:
    """The day on which one world in five is short of blankets, less fourteen days."""
    world, services = setting(*LINES)
    gap = next(gap for gap in find_gaps(world, services, DAYS) if gap.item == "blankets")
    first = next(day for day, row in zip(DAYS, RISING, strict=True) if np.mean(row * 2 > 900) >= 0.2)
    assert (gap.first_short, gap.order_by) == (first, first - timedelta(days=14))


def test_money_adds_up_and_the_funds_leave_the_rest() -> None:
    """Every need priced line by line, in each world; the funding gap is what the funds do not cover."""
    world, services = setting(*LINES)
    budget = make_budget(world, services)
    cost = np.zeros(RISING.shape[1])
    price = {line.id: line.cost_usd for line in default_supplies()}
    day = RISING.sum(axis=0)
    cost += (
        day * price["hot_meals"] + day / 6 * (price["arrival_kits"] + price["cash_grants"]) + day * price["food_days"]
    )
    top = RISING.max(axis=0)
    cost += top * 2 * price["blankets"] + np.maximum(0.0, top - 400) / 5 * price["family_tents"]
    desks = next(one for one in services if one.supply.id == "desks")
    buses = next(one for one in services if one.supply.id == "buses")
    half = 14 / 28
    cost += half * (top / (30 * 8) * price["desks"] + buses.need.max(axis=0) / 40 * price["buses"])
    cost += half * (top / (60 * 8 / 2) * price["health_staff"] + top / 300 * price["protection_staff"])
    assert desks.need == pytest.approx(RISING)
    assert budget.every_need == pytest.approx(np.quantile(cost, (0.5, 0.8, 0.95)))
    assert budget.gap == pytest.approx(np.quantile(np.maximum(0.0, cost - 50_000), (0.5, 0.8, 0.95)))
    assert make_budget(world, services, 1e9).gap == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(("what", "item", "supply"), [("desks", "desks", "desks"), ("room", "shelter_places", "")])
def test_the_units_named_put_the_first_day_off_by_three_and_one_less_does_not(
    what: str, item: str, supply: str
) -> None:
    """Add the units to what is in place and look again; then one fewer."""
    world, services = setting(*LINES)
    before = next(one for one in find_breaches(world, services, DAYS) if one.what == what)
    assert before.first is not None and before.units > 0

    def first_with(units: float) -> date | None:
        held = 3 if supply else 0
        lines = (*(line for line in LINES if line.item != item), place(item, held + units))
        changed, again = setting(*lines)
        return next(one for one in find_breaches(changed, again, DAYS) if one.what == what).first

    target = before.first + timedelta(days=3)
    assert (first_with(before.units) or date.max) >= target
    assert (first_with(before.units - 1) or date.max) < target


def test_units_to_hold_leaves_fewer_than_the_share_above() -> None:
    """Against a plain count over many samples, shares and steps."""
    rng = np.random.default_rng(3)
    for share in (0.2, 0.5):
        for step in (1.0, 240.0):
            worst = rng.normal(200.0, 300.0, 57)
            units = units_to_hold(worst, share, step)
            assert np.mean(worst > units * step) < share
            assert units == 0 or np.mean(worst > (units - 1) * step) >= share


def test_the_hours_of_a_day_add_up_to_the_day() -> None:
    """Shares of coming sum to 1; the line of an hour is what came less what was registered."""
    world, services = setting(*LINES)
    hours = list_hours(world, services, DAYS)
    assert len(hours) == HOURS
    assert sum(one.coming_p50 for one in hours) == pytest.approx(float(np.median(RISING[-1])))
    assert coming_shares(world, "north").sum() == pytest.approx(1.0)
    assert open_shares(world, "north").sum() == 8.0
    line = wait_by_hour(np.full(HOURS, 10.0), np.r_[np.zeros(12), np.full(12, 15.0)])
    assert (line[11], line[23]) == (120.0, 60.0)


def test_cash_by_day_says_who_goes_unpaid() -> None:
    """Ten thousand dollars a day against a grant of 140 for each household of six."""
    _, services = setting(*LINES)
    cash = list_cash(services, DAYS)
    assert len(cash) == len(DAYS) and cash[0].comes == pytest.approx(10_000.0)
    assert cash[-1].asked[0] == pytest.approx(float(np.median(RISING[-1])) / 6 * 140)
    assert cash[0].unpaid_families_p80 == 0.0 < cash[-1].unpaid_families_p80


def test_who_waits_to_cross_spends_the_night_without_shelter() -> None:
    """Nights of the plan are those of the line at closing time and those beyond the room of the sites (A237)."""
    world, services = setting(*LINES)
    forecast = make_forecast(make_small_world())
    flow = forecast.series["day crossings"]
    members = RISING.shape[1]
    line = np.zeros((len(DAYS), len(flow.locations), members))
    line[3, -1] = 70.0
    crossed = replace(flow, samples=np.zeros_like(line))
    queued = replace(forecast, series={"day crossings": crossed, "queue at close": replace(flow, samples=line)})
    bare = replace(forecast, series={"day crossings": crossed})
    nights = [
        next(one for one in list_protection(world, known, services, DAYS) if one.id == "nights_open").figure
        for known in (bare, queued)
    ]
    assert np.subtract(nights[1], nights[0]) == pytest.approx([70.0] * 3)
