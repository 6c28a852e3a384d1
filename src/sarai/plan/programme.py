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
Limit = Floats | float
CVAR_LEVEL = 0.9  # A151: the mean of the worst tenth of possible worlds
CAUTION = 0.5  # A151: half mean, half worst tenth
CUT_ROUNDS = 40
GAP = 1e-3  # relative gap at which cutting stops
FIRST_CUT = 0.5  # quantile of the need at which the first cuts touch
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
    start = [np.quantile(line.open, FIRST_CUT) if line.open.size else 0.0 for line in lines]
    master = Master(lines, least, most, budget_usd)
    master.add(_cut(lines, np.array(start), None))
    found = Optimum(units=least, bound=-np.inf, relief_per_usd=0.0)
    for _ in range(CUT_ROUNDS):
        if stop is not None and stop():
            raise Abandoned
        found, held = master.solve()
        value = objective(total_unmet(lines, found.units))
        if value - found.bound <= GAP * max(1.0, value):
            break
        master.add(_cut(lines, found.units, held))
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


class Master:
    """The programme with the cuts so far. Cuts are added to the solver's own model, which goes on from where it was.

    Columns: units (line), unmet (line x member), excess over the threshold (member), the threshold itself.
    Rows: the budget, the excess of each member, then the cuts.
    """

    def __init__(self, lines: Sequence[SupplyLine], least: Floats, most: Floats, budget_usd: float) -> None:
        self.count, self.members = len(lines), lines[0].wanted.shape[1]
        self.bounds = least, most
        self.excess_at = self.count + self.count * self.members
        width = self.excess_at + self.members + 1
        self.aim = np.zeros(width)
        self.aim[self.count : self.excess_at] = (1.0 - CAUTION) / self.members
        self.aim[self.excess_at : -1] = CAUTION / ((1.0 - CVAR_LEVEL) * self.members)
        self.aim[-1] = CAUTION
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self.solver.silent()
        self.solver.setOptionValue("threads", 1)
        lows = np.concatenate([least, np.zeros(width - self.count)])
        tops = np.concatenate([most, np.full(width - self.count, np.inf)])
        nothing = np.zeros(0, dtype=np.int32)
        self.solver.addCols(width, self.aim, lows, tops, 0, nothing, nothing, np.zeros(0))
        prices = np.array([line.price for line in lines])
        self._rows(np.array([self.count]), np.arange(self.count), prices, -np.inf, np.array([budget_usd]))
        self._add_tails(width)

    def add(self, cuts: Cuts) -> None:
        """Hold unmet need above some more cuts."""
        columns = np.column_stack([self.count + cuts.line * self.members + cuts.member, cuts.line]).ravel()
        values = np.column_stack([np.ones(len(cuts.line)), -cuts.slope]).ravel()
        self._rows(np.full(len(cuts.line), 2), columns, values, cuts.constant, np.inf)

    def solve(self) -> tuple[Optimum, Floats]:
        """The optimum, and what the cuts hold for unmet need, (line, member).

        Raises SaraiError with the solver's own word where it finds no optimum.
        """
        self.solver.run()
        status = self.solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise SaraiError(f"the optimiser ended without a plan: {self.solver.modelStatusToString(status)}")
        solution = self.solver.getSolution()
        found = np.array(solution.col_value)
        best = Optimum(
            units=np.clip(found[: self.count], *self.bounds),
            bound=float(self.aim @ found),
            relief_per_usd=max(0.0, -float(solution.row_dual[0])),
        )
        return best, found[self.count : self.excess_at].reshape(self.count, self.members)

    def _add_tails(self, width: int) -> None:
        """In each member: excess + threshold >= what is unmet over all lines."""
        member = np.arange(self.members)
        columns = np.empty((self.members, self.count + 2), dtype=np.int64)
        columns[:, : self.count] = self.count + np.arange(self.count) * self.members + member[:, None]
        columns[:, self.count], columns[:, -1] = self.excess_at + member, width - 1
        values = np.ones(columns.shape)
        values[:, : self.count] = -1.0
        self._rows(np.full(self.members, self.count + 2), columns.ravel(), values.ravel(), 0.0, np.inf)

    def _rows(self, lengths: Places, columns: Places, values: Floats, lower: Limit, upper: Limit) -> None:
        """Rows of some lengths, one after another."""
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if len(lengths) else lengths
        low, high = (np.broadcast_to(np.asarray(one, dtype=np.float64), (len(lengths),)) for one in (lower, upper))
        self.solver.addRows(
            len(lengths), np.ascontiguousarray(low), np.ascontiguousarray(high), len(columns),
            starts.astype(np.int32), columns.astype(np.int32), values,
        )  # fmt: skip
