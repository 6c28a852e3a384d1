"""Preposition: what to make ready where under a budget, as a two-stage stochastic programme over possible worlds.

First stage: units of each supply at each site. Second stage: in each member, the need that stays unmet. The objective
is (1 - caution) x mean + caution x CVaR of weighted person-days without. Unmet need is convex in the units, so it
enters by cuts that are added until they bind nowhere (Kelley 1960; the L-shaped method of Van Slyke and Wets 1969);
CVaR as a linear programme after Rockafellar and Uryasev (2000). Solved with HiGHS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from sarai.plan.unmet import SupplyLine, least_unmet, total_unmet
from sarai.world.errors import Fault, RequestError, SaraiError

Floats = NDArray[np.float64]
CVAR_LEVEL = 0.9  # A151: the mean of the worst tenth of possible worlds
CAUTION = 0.5  # A151: half mean, half worst tenth
CUT_ROUNDS = 40
WHOLE = 1e-6  # a solver's 3.9999999 is 4; otherwise units are rounded down, so that the budget holds
GAP = 1e-3  # relative gap at which cutting stops


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One line of the plan: units of a supply at a site, their cost, and why in a sentence."""

    site: str
    supply_id: str
    item: str
    unit: str
    units: float
    cost_usd: float
    why: str


@dataclass(frozen=True, kw_only=True)
class Preposition:
    """A plan under a budget. Unmet need is in weighted person-days without; regret against perfect foresight.

    gap             relative distance between the plan, before it is rounded to whole units, and the programme's bound
    regret, figure_regret   mean over held-out members of this plan, and of the plan for a single planning figure
    """

    budget_usd: float
    choices: tuple[Choice, ...]
    spent_usd: float
    unmet_mean: float
    unmet_worst_tenth: float
    unmet_nothing: float
    gap: float
    regret: float
    figure_regret: float


def preposition(
    lines: Sequence[SupplyLine],
    figure: Sequence[float] | Floats,
    *,
    budget_usd: float,
    floors: Mapping[tuple[str, str], float] | None = None,
    ceilings: Mapping[tuple[str, str], float] | None = None,
) -> Preposition:
    """The plan that leaves least unmet over the members, half of which are held out to judge it.

    figure  units that a single planning figure would ask for, line by line; scaled to the budget for comparison
    floors, ceilings  least and most units by (site, supply id)
    Raises RequestError where no plan fits: which constraint, and by how much.
    """
    if not lines:
        raise RequestError(Fault(what="there is nothing to plan for", mend="give the case reception stages"))
    least = np.array([(floors or {}).get((line.site, line.supply.id), 0.0) for line in lines])
    most = np.array([(ceilings or {}).get((line.site, line.supply.id), np.inf) for line in lines])
    costs = np.array([line.supply.cost_usd for line in lines])
    check_bounds(budget_usd, float(least @ costs), floors or {}, ceilings or {}, lines)
    half = max(1, lines[0].wanted.shape[1] // 2)
    train = [line.take(slice(0, half)) for line in lines]
    units, bound = solve(train, costs, least, budget_usd, most)
    value = objective(total_unmet(train, units))
    units = np.maximum(np.floor(units + WHOLE), least)
    held_out = [line.take(slice(half, None)) for line in lines] if lines[0].wanted.shape[1] > 1 else train
    best = least_unmet(held_out, budget_usd, most)
    asked = scale_to_budget(np.minimum(np.asarray(figure, dtype=np.float64), most), costs, budget_usd)
    unmet = total_unmet(held_out, units)
    return Preposition(
        budget_usd=budget_usd,
        choices=tuple(_choice(line, float(amount)) for line, amount in zip(lines, units, strict=True)),
        spent_usd=float(units @ costs),
        unmet_mean=float(unmet.mean()),
        unmet_worst_tenth=worst_mean(unmet),
        unmet_nothing=float(total_unmet(held_out, np.zeros(len(lines))).mean()),
        gap=(value - bound) / max(1.0, abs(value)),
        regret=float((unmet - best).mean()),
        figure_regret=float((total_unmet(held_out, asked) - best).mean()),
    )


def check_bounds(
    budget_usd: float,
    floor_cost: float,
    floors: Mapping[tuple[str, str], float],
    ceilings: Mapping[tuple[str, str], float],
    lines: Sequence[SupplyLine],
) -> None:
    """Refuse a budget below what the floors cost, floors above ceilings, and bounds for lines that there are not."""
    known = {(line.site, line.supply.id) for line in lines}
    faults = [
        Fault(what="no such supply at this site", found=f"{site} {supply}", mend="see the lines of the plan")
        for site, supply in sorted({*floors, *ceilings} - known)
    ]
    faults += [
        Fault(
            column="--at-least",
            what="no plan fits: more is asked for than the site can have",
            found=f"{site}:{supply} at least {floors[site, supply]:,.0f}, at most {ceilings[site, supply]:,.0f}",
            wanted=f"{floors[site, supply] - ceilings[site, supply]:,.0f} fewer, or room for as many more",
            mend="change one of the two bounds",
        )
        for site, supply in sorted(set(floors) & set(ceilings))
        if floors[site, supply] > ceilings[site, supply]
    ]
    if not np.isfinite(budget_usd) or budget_usd < 0.0:
        faults.append(Fault(column="--budget", what="the budget is not a sum of money", found=str(budget_usd)))
    elif floor_cost > budget_usd:
        faults.append(
            Fault(
                column="--budget",
                what="no plan fits: the least quantities asked for cost more than the budget",
                found=f"budget {budget_usd:,.0f} USD, least quantities {floor_cost:,.0f} USD",
                wanted=f"{floor_cost - budget_usd:,.0f} USD more",
                mend="raise the budget or ask for less",
            )
        )
    if faults:
        raise RequestError(faults)


def solve(
    lines: Sequence[SupplyLine], costs: Floats, least: Floats, budget_usd: float, most: Floats | None = None
) -> tuple[Floats, float]:
    """Units of each line between `least` and `most`, and the lower bound of the objective at which cutting stopped."""
    members = lines[0].wanted.shape[1]
    points = [np.quantile(line.wanted, (0.0, 0.5, 0.9)) for line in lines]
    cuts = [cut for k in range(3) for cut in _cuts(lines, np.array([at[k] for at in points]))]
    most = np.full(len(lines), np.inf) if most is None else most
    units, bound = least, -np.inf
    for _ in range(CUT_ROUNDS):
        units, bound = _solve_master(costs, (least, most), budget_usd, members, cuts)
        value = objective(total_unmet(lines, units))
        if value - bound <= GAP * max(1.0, value):
            break
        cuts += _cuts(lines, units)
    return units, bound


def objective(unmet: Floats) -> float:
    """Half mean, half mean of the worst tenth (A151)."""
    return (1.0 - CAUTION) * float(unmet.mean()) + CAUTION * worst_mean(unmet)


def worst_mean(unmet: Floats) -> float:
    """Mean of the worst tenth of members: CVaR, with the fraction of a member where a tenth is not whole."""
    ordered = np.sort(unmet)[::-1]
    room = (1.0 - CVAR_LEVEL) * len(ordered)
    weights = np.clip(room - np.arange(len(ordered)), 0.0, 1.0)
    return float(ordered @ weights / room)


def scale_to_budget(units: Floats, costs: Floats, budget_usd: float) -> Floats:
    """The same mix of units, shrunk until the budget pays for it."""
    asked = float(units @ costs)
    return units if asked <= budget_usd else units * (budget_usd / asked)


def _cuts(lines: Sequence[SupplyLine], units: Floats) -> list[tuple[int, Floats, Floats]]:
    """One cut a line: unmet(x) >= value + slope (x - units), as (line, constant, slope) over members."""
    return [
        (index, line.unmet(float(at)) - line.slope(float(at)) * float(at), line.slope(float(at)))
        for index, (line, at) in enumerate(zip(lines, units, strict=True))
    ]


def _solve_master(
    costs: Floats,
    bounds: tuple[Floats, Floats],
    budget_usd: float,
    members: int,
    cuts: Sequence[tuple[int, Floats, Floats]],
) -> tuple[Floats, float]:
    """Columns: units (line), unmet (line x member), excess over the threshold (member), the threshold itself."""
    count = len(costs)
    unmet_at, excess_at = count, count + count * members
    threshold_at = excess_at + members
    width = threshold_at + 1
    objective_row = np.zeros(width)
    objective_row[unmet_at:excess_at] = (1.0 - CAUTION) / members
    objective_row[excess_at:threshold_at] = CAUTION / ((1.0 - CVAR_LEVEL) * members)
    objective_row[threshold_at] = CAUTION
    starts, columns, values, lower, upper = [0], [np.arange(count)], [costs], [-np.inf], [budget_usd]
    starts.append(count)
    for index, constant, slope in cuts:
        for member in range(members):
            columns.append(np.array([unmet_at + index * members + member, index]))
            values.append(np.array([1.0, -slope[member]]))
            lower.append(float(constant[member]))
            upper.append(np.inf)
            starts.append(starts[-1] + 2)
    for member in range(members):
        columns.append(
            np.concatenate([unmet_at + np.arange(count) * members + member, [excess_at + member, threshold_at]])
        )
        values.append(np.concatenate([-np.ones(count), [1.0, 1.0]]))
        lower.append(0.0)
        upper.append(np.inf)
        starts.append(starts[-1] + count + 2)
    lows = np.concatenate([bounds[0], np.zeros(width - count)])
    tops = np.concatenate([bounds[1], np.full(width - count, np.inf)])
    found = _run(objective_row, (lows, tops), starts, np.concatenate(columns), np.concatenate(values), lower, upper)
    return np.clip(found[:count], *bounds), float(objective_row @ found)


def _run(
    cost: Floats,
    bounds: tuple[Floats, Floats],
    starts: list[int],
    columns: NDArray[np.int64],
    values: Floats,
    lower: list[float],
    upper: list[float],
) -> Floats:
    """Minimise with HiGHS, one thread. Raises SaraiError with the solver's own word where it finds no optimum."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cost), len(lower)
    model.col_cost_, model.col_lower_ = cost, bounds[0]
    model.col_upper_ = np.where(np.isfinite(bounds[1]), bounds[1], highspy.kHighsInf)
    model.row_lower_ = np.where(np.isfinite(lower), lower, -highspy.kHighsInf)
    model.row_upper_ = np.where(np.isfinite(upper), upper, highspy.kHighsInf)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = np.array(starts, dtype=np.int32), columns.astype(np.int32)
    model.a_matrix_.value_ = values
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    solver.run()
    status = solver.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise SaraiError(f"the optimiser ended without a plan: {solver.modelStatusToString(status)}")
    return np.array(solver.getSolution().col_value)


def _choice(line: SupplyLine, units: float) -> Choice:
    supply = line.supply
    enough = float(np.mean(line.wanted.max(axis=0) <= units))
    spared = float((line.unmet(0.0) - line.unmet(units)).mean())
    why = (
        f"enough in {enough:.0%} of possible worlds; spares about {spared:,.0f} weighted person-days without "
        f"({'kept and used again' if supply.use == 'held' else f'until resupply after {supply.resupply_days} days'})"
        if units > 0.0
        else "the same money spares more elsewhere"
    )
    return Choice(
        site=line.site,
        supply_id=supply.id,
        item=supply.item,
        unit=supply.unit,
        units=units,
        cost_usd=units * supply.cost_usd,
        why=why,
    )
