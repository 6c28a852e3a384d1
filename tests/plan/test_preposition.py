"""Plans under a budget are optimal, obey their constraints and beat a single planning figure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from sarai.plan.bounds import Bounds
from sarai.plan.preposition import preposition, round_units, scale_to_budget
from sarai.plan.programme import CAUTION, CVAR_LEVEL, objective, solve, worst_mean
from sarai.plan.supplies import Supply, default_supplies, parse_supplies
from sarai.plan.unmet import SupplyLine, least_unmet, total_unmet
from sarai.simulate.branch import Abandoned
from sarai.world.errors import RequestError


def supply(name: str, cost: float, persons: float, severity: float, use: str = "held") -> Supply:
    """A made-up supply."""
    return Supply(
        id=name, item=name, unit="units", settings=("transit",), basis="night", use=use, persons_per_unit=persons,
        cost_usd=cost, resupply_days=7, severity=severity, assumption="", note="",
    )  # fmt: skip


def make_lines(members: int, days: int, seed: int) -> list[SupplyLine]:
    """Three lines with heavy-tailed need."""
    rng = np.random.default_rng(seed)
    kinds = [supply("tents", 500, 5, 1.0), supply("blankets", 8, 0.5, 0.6), supply("kits", 60, 6, 0.4, "consumed")]
    common = rng.lognormal(0.0, 0.8, members)
    return [
        SupplyLine(site="north", supply=kind, wanted=common * rng.lognormal(4.0, 0.5, (entries, members)))
        for kind, entries in zip(kinds, (days, days, 1), strict=True)
    ]


def extensive_form(lines: list[SupplyLine], budget: float) -> float:
    """The same programme written out with one variable for each line, entry and member, by another solver call."""
    members = lines[0].wanted.shape[1]
    count = len(lines)
    sizes = [line.wanted.size for line in lines]
    short_at = count + np.concatenate([[0], np.cumsum(sizes)])
    excess_at, width = int(short_at[-1]), int(short_at[-1]) + members + 1
    cost = np.zeros(width)
    rows, limits = [np.r_[[line.supply.cost_usd for line in lines], np.zeros(width - count)]], [budget]
    tail = np.zeros((members, width))
    for index, line in enumerate(lines):
        for entry, want in enumerate(line.wanted):
            for member in range(members):
                place = int(short_at[index]) + entry * members + member
                row = np.zeros(width)
                row[index], row[place] = -1.0, -1.0
                rows.append(row)
                limits.append(-want[member])
                cost[place] += (1.0 - CAUTION) * line.weight / members
                tail[member, place] = line.weight
    for member in range(members):
        tail[member, excess_at + member], tail[member, -1] = -1.0, -1.0
    cost[excess_at:-1] = CAUTION / ((1.0 - CVAR_LEVEL) * members)
    cost[-1] = CAUTION
    done = linprog(cost, A_ub=np.vstack([*rows, tail]), b_ub=[*limits, *np.zeros(members)])
    return float(done.fun)


@pytest.mark.parametrize("budget", [0.0, 5_000.0, 60_000.0])
def test_the_plan_is_the_optimum_of_the_programme(budget: float) -> None:
    """Cuts reach the optimum that the written-out programme has."""
    lines = make_lines(12, 4, 1)
    costs = np.array([line.price for line in lines])
    found = solve(lines, np.zeros(3), np.full(3, np.inf), budget)
    best = extensive_form(lines, budget)
    assert objective(total_unmet(lines, found.units)) == pytest.approx(best, rel=2e-3)
    assert found.bound <= best * (1 + 1e-6)
    assert found.units @ costs <= budget * (1 + 1e-9)
    more = (best - extensive_form(lines, budget + 100.0)) / 100.0
    less = (extensive_form(lines, budget - 100.0) - best) / 100.0 if budget else np.inf
    assert 0.97 * more <= found.relief_per_usd <= 1.03 * less


def test_perfect_foresight_is_a_bound_and_is_reached_by_money() -> None:
    """No plan does better than foresight, and with money enough nobody goes without."""
    lines = make_lines(9, 5, 2)
    for budget in (1e3, 1e4, 1e5):
        units = solve(lines, np.zeros(3), np.full(3, np.inf), budget).units
        assert np.all(least_unmet(lines, budget) <= total_unmet(lines, units) + 1e-6)
    assert least_unmet(lines, 1e12) == pytest.approx(np.zeros(9), abs=1e-6)
    assert least_unmet(lines, 0.0) == pytest.approx(total_unmet(lines, np.zeros(3)))


def test_regret_is_at_most_half_of_that_of_one_figure() -> None:
    """On members held out the plan loses at most half as much as a plan for last week's flow going on."""
    lines = make_lines(200, 14, 3)
    figure = [float(np.median(line.wanted)) for line in lines]
    plan = preposition(lines, figure, Bounds(budget_usd=120_000.0))
    assert plan.regret <= 0.5 * plan.figure_regret
    assert plan.spent_usd <= 120_000.0 * (1 + 1e-9)
    assert plan.gap < 2e-3


def test_floors_are_kept_and_refused_with_the_missing_sum() -> None:
    """Least quantities are in the plan; where money does not reach, the error says how much is missing."""
    lines = make_lines(20, 4, 4)
    floors = {("north", "tents"): 30.0}
    plan = preposition(lines, [0.0, 0.0, 0.0], Bounds(budget_usd=20_000.0, floors=floors))
    assert plan.choices[0].units >= 30.0
    with pytest.raises(RequestError, match=r"5,000 USD more"):
        preposition(lines, [0.0, 0.0, 0.0], Bounds(budget_usd=10_000.0, floors=floors))
    with pytest.raises(RequestError, match="no such supply"):
        preposition(lines, [0.0, 0.0, 0.0], Bounds(budget_usd=1e6, floors={("south", "tents"): 1.0}))


def test_ceilings_are_kept_and_a_floor_above_one_is_refused_by_how_much() -> None:
    """No more than the site can have; money that it would have taken goes elsewhere."""
    lines = make_lines(20, 4, 4)
    free = preposition(lines, [0.0, 0.0, 0.0], Bounds(budget_usd=40_000.0))
    bounds = Bounds(budget_usd=40_000.0, ceilings={("north", "tents"): 5.0})
    capped = preposition(lines, [0.0, 0.0, 0.0], bounds)
    assert capped.choices[0].units == 5.0 < free.choices[0].units
    assert capped.spent_usd <= 40_000.0
    assert any("at most 5, and in some possible worlds more" in one for one in capped.limits)
    with pytest.raises(RequestError, match="7 fewer"):
        preposition(
            lines,
            [0.0, 0.0, 0.0],
            Bounds(budget_usd=1e6, floors={("north", "tents"): 12.0}, ceilings={("north", "tents"): 5.0}),
        )


@pytest.mark.parametrize("budget", [-1.0, float("nan"), float("inf")])
def test_a_budget_must_be_a_sum_of_money(budget: float) -> None:
    """Negative and endless budgets are refused."""
    with pytest.raises(RequestError):
        preposition(make_lines(4, 2, 5), [0.0, 0.0, 0.0], Bounds(budget_usd=budget))


def test_money_without_end_buys_no_more_than_the_worst_world_needs() -> None:
    """What is left over stays unspent, and it is said that money is not what holds the plan back."""
    lines = make_lines(20, 4, 6)
    plan = preposition(lines, [1.0, 1.0, 1.0], Bounds(budget_usd=1e12))
    for line, choice in zip(lines, plan.choices, strict=True):
        assert choice.units == np.ceil(line.take(slice(0, 10)).most.max())
    assert plan.limits[0].startswith("Not money: ")


def test_what_passes_before_the_goods_are_there_no_quantity_changes() -> None:
    """Days before the day in place are counted as they are, in the plan and in foresight; too late is said."""
    late = [replace(line, late=2) if len(line.wanted) > 1 else line for line in make_lines(30, 5, 7)]
    lost = sum(line.wanted[: line.late].sum(axis=0) * line.weight for line in late)
    assert least_unmet(late, 1e12) == pytest.approx(lost)
    plan = preposition(late, [0.0, 0.0, 0.0], Bounds(budget_usd=1e12))
    assert plan.unmet_mean >= float(lost[15:].mean())
    never = [replace(line, late=len(line.wanted)) for line in make_lines(30, 5, 7)]
    plan = preposition(never, [0.0, 0.0, 0.0], Bounds(budget_usd=1e6))
    assert plan.spent_usd == 0.0
    assert plan.unmet_mean == pytest.approx(plan.unmet_nothing)
    assert "comes after the last day" in plan.choices[0].why and plan.limits[-1].startswith("An order comes after")


def test_whole_units_stay_within_the_budget_and_never_lose() -> None:
    """Rounding up with what is left over spares more than rounding down alone, and pays for itself."""
    lines = make_lines(40, 6, 8)
    prices = np.array([line.price for line in lines])
    for budget in (5_123.0, 61_007.0):
        units = solve(lines, np.zeros(3), np.full(3, np.inf), budget).units
        whole = round_units(lines, units, (np.zeros(3), np.full(3, np.inf)), budget)
        assert np.array_equal(whole, np.round(whole)) and whole @ prices <= budget
        assert total_unmet(lines, whole).mean() <= total_unmet(lines, np.floor(units)).mean()


def test_a_plan_that_nobody_waits_for_is_given_up() -> None:
    """The solver asks before each round."""
    with pytest.raises(Abandoned):
        preposition(make_lines(20, 4, 4), [0.0, 0.0, 0.0], Bounds(budget_usd=1e4), stop=lambda: True)


def test_the_worst_tenth_counts_parts_of_members() -> None:
    """CVaR of 15 members takes one whole member and half of the next."""
    values = np.arange(15.0)
    assert worst_mean(values) == pytest.approx((14.0 + 0.5 * 13.0) / 1.5)


def test_a_mix_is_shrunk_to_the_budget() -> None:
    """A figure that costs too much keeps its proportions."""
    units = scale_to_budget(np.array([10.0, 20.0]), np.array([1.0, 2.0]), 25.0)
    assert units == pytest.approx([5.0, 10.0])


def test_the_shipped_table_serves_reception_only() -> None:
    """Every line has a basis, a cost and a weight; none serves departure."""
    assert {one.basis for one in default_supplies()} == {"night", "arrival", "peak_hour"}
    assert all(one.cost_usd > 0 and 0 < one.severity <= 1 for one in default_supplies())


def test_all_faults_of_a_table_come_at_once() -> None:
    """Wrong words and numbers are each named with row and column."""
    head = "id,item,unit,setting,basis,use,persons_per_unit,cost_usd,resupply_days,severity,assumption,note\n"
    with pytest.raises(RequestError) as caught:
        parse_supplies(head + "a,a,u,transit,never,held,1,-5,3,1,,\na,b,u,transit,night,lost,1,5,3,nan,,\n")
    assert len(caught.value.faults) == 5
