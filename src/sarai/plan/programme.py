"""Programme: the least weighted unmet need under a budget, as a two-stage stochastic programme over possible worlds.

First stage: units of each supply at each site. Second stage: in each member, the need that stays unmet. The objective
is (1 - caution) x mean + caution x CVaR of weighted person-days without. Unmet need is convex in the units, so it
enters by cuts that are added until they bind nowhere (Kelley 1960; the L-shaped method of Van Slyke and Wets 1969);
CVaR as a linear programme after Rockafellar and Uryasev (2000). Solved with HiGHS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from sarai.plan.unmet import SupplyLine, total_unmet
from sarai.simulate.branch import Abandoned
from sarai.world.errors import SaraiError

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
CVAR_LEVEL = 0.9  # A151: the mean of the worst tenth of possible worlds
CAUTION = 0.5  # A151: half mean, half worst tenth
CUT_ROUNDS = 40
GAP = 1e-3  # relative gap at which cutting stops
FIRST_CUTS = (0.0, 0.5, 0.9)  # quantiles of the need at which the first cuts touch
TOUCH = 1e-9  # relative distance below which a cut would say nothing new


@dataclass(frozen=True, kw_only=True)
class Cuts:
    """Bounds unmet >= constant + slope x units, one an entry: of which line, in which member."""

    line: Places
    member: Places
    constant: Floats
    slope: Floats


@dataclass(frozen=True, kw_only=True)
class Optimum:
    """Units of each line, the lower bound of the objective at which cutting stopped, and what money would still spare.

    relief_per_usd  weighted person-days of the objective that one more US dollar would spare
    """

    units: Floats
    bound: float
    relief_per_usd: float


def solve(
    lines: Sequence[SupplyLine],
    least: Floats,
    most: Floats,
    budget_usd: float,
    stop: Callable[[], bool] | None = None,
) -> Optimum:
    """The optimum between `least` and `most` units of each line, to a relative gap of GAP.

    stop  asked before each round: where it says yes the plan is given up. Raises Abandoned.
    """
    costs = np.array([line.price for line in lines])
    members = lines[0].wanted.shape[1]
    points = np.array([np.quantile(line.open, FIRST_CUTS) if line.open.size else np.zeros(3) for line in lines])
    cuts = [_cut(lines, points[:, k], None) for k in range(len(FIRST_CUTS))]
    found = Optimum(units=least, bound=-np.inf, relief_per_usd=0.0)
    for _ in range(CUT_ROUNDS):
        if stop is not None and stop():
            raise Abandoned
        found, held = _solve_master(costs, (least, most), budget_usd, members, cuts)
        value = objective(total_unmet(lines, found.units))
        if value - found.bound <= GAP * max(1.0, value):
            break
        cuts.append(_cut(lines, found.units, held))
    return found


def objective(unmet: Floats) -> float:
    """Half mean, half mean of the worst tenth (A151)."""
    return (1.0 - CAUTION) * float(unmet.mean()) + CAUTION * worst_mean(unmet)


def worst_mean(unmet: Floats) -> float:
    """Mean of the worst tenth of members: CVaR, with the fraction of a member where a tenth is not whole."""
    ordered = np.sort(unmet)[::-1]
    room = (1.0 - CVAR_LEVEL) * len(ordered)
    weights = np.clip(room - np.arange(len(ordered)), 0.0, 1.0)
    return float(ordered @ weights / room)


def _cut(lines: Sequence[SupplyLine], units: Floats, held: Floats | None) -> Cuts:
    """Cuts that touch unmet need at some units; where `held` (line, member) is given, only those that it lies below."""
    values = np.array([line.unmet(float(at)) for line, at in zip(lines, units, strict=True)])
    slopes = np.array([line.slope(float(at)) for line, at in zip(lines, units, strict=True)])
    below = np.ones(values.shape, dtype=bool) if held is None else held < values - TOUCH * np.maximum(1.0, values)
    line, member = np.nonzero(below)
    return Cuts(
        line=line, member=member, constant=(values - slopes * units[:, None])[below], slope=slopes[below]
    )  # fmt: skip


def _solve_master(
    costs: Floats, bounds: tuple[Floats, Floats], budget_usd: float, members: int, cuts: Sequence[Cuts]
) -> tuple[Optimum, Floats]:
    """The programme with the cuts so far, and what it holds for unmet need, (line, member).

    Columns: units (line), unmet (line x member), excess over the threshold (member), the threshold itself.
    """
    count = len(costs)
    excess_at = count + count * members
    width = excess_at + members + 1
    aim = np.zeros(width)
    aim[count:excess_at] = (1.0 - CAUTION) / members
    aim[excess_at:-1] = CAUTION / ((1.0 - CVAR_LEVEL) * members)
    aim[-1] = CAUTION
    line, member, constant, slope = (
        np.concatenate([getattr(cut, name) for cut in cuts]) for name in ("line", "member", "constant", "slope")
    )
    tails = np.empty((members, count + 2), dtype=np.int64)
    tails[:, :count] = count + np.arange(count) * members + np.arange(members)[:, None]
    tails[:, count], tails[:, -1] = excess_at + np.arange(members), width - 1
    tail = np.ones(tails.shape)
    tail[:, :count] = -1.0
    lengths = np.concatenate([[count], np.full(len(line), 2), np.full(members, count + 2)])
    columns = [np.arange(count), np.column_stack([count + line * members + member, line]).ravel(), tails.ravel()]
    values = [costs, np.column_stack([np.ones(len(line)), -slope]).ravel(), tail.ravel()]
    lower = np.concatenate([[-np.inf], constant, np.zeros(members)])
    upper = np.concatenate([[budget_usd], np.full(len(line) + members, np.inf)])
    lows = np.concatenate([bounds[0], np.zeros(width - count)])
    tops = np.concatenate([bounds[1], np.full(width - count, np.inf)])
    rows = (np.concatenate([[0], np.cumsum(lengths)]), np.concatenate(columns), np.concatenate(values))
    found, duals = _run(aim, (lows, tops), rows, (lower, upper))
    best = Optimum(
        units=np.clip(found[:count], *bounds), bound=float(aim @ found), relief_per_usd=max(0.0, -float(duals[0]))
    )
    return best, found[count:excess_at].reshape(count, members)


def _run(
    cost: Floats,
    bounds: tuple[Floats, Floats],
    rows: tuple[Places, Places, Floats],
    limits: tuple[Floats, Floats],
) -> tuple[Floats, Floats]:
    """Minimise with HiGHS, one thread: columns and row duals. rows: starts, columns and values, row by row.

    Raises SaraiError with the solver's own word where it finds no optimum.
    """
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cost), len(limits[0])
    model.col_cost_ = cost
    model.col_lower_, model.col_upper_ = bounds
    model.row_lower_, model.row_upper_ = limits
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = rows[0].astype(np.int32), rows[1].astype(np.int32)
    model.a_matrix_.value_ = rows[2]
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    solver.run()
    status = solver.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise SaraiError(f"the optimiser ended without a plan: {solver.modelStatusToString(status)}")
    solution = solver.getSolution()
    return np.array(solution.col_value), np.array(solution.row_dual)
