"""Unmet need: how many person-days go without, in each possible world, for each quantity made ready."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sarai.plan.care import Service
from sarai.plan.gap import units_short
from sarai.plan.supplies import Supply
from sarai.reconcile.picture import Picture

Floats = NDArray[np.float64]
WEEK = 7
WEEK_STEP = 50.0
"""A147: least step of a count of the past over a week."""


@dataclass(frozen=True, kw_only=True)
class SupplyLine:
    """One supply at one site: units that are wanted beyond what is in place, (entry, member).

    Entries are days. Of what is consumed the last entry is the sum of the days from when it can be there until
    resupply comes.
    reach  persons that one unit serves in a day; 0: as many as the table of supplies says
    late   entries that pass before new units can be there: no quantity changes them
    days   days over which what is paid by time is paid; 0: the price in the table
    """

    site: str
    supply: Supply
    wanted: Floats
    reach: float = 0.0
    late: int = 0
    days: int = 0

    @property
    def weight(self) -> float:
        """Weighted person-days that one missing unit leaves without, for each entry."""
        return (self.reach or self.supply.persons_per_unit) * self.supply.severity

    @property
    def price(self) -> float:
        """US dollars a unit."""
        timed = self.days and self.supply.use == "held"
        return self.supply.cost_over(1.0, self.days) if timed else self.supply.cost_usd

    @property
    def open(self) -> Floats:
        """The entries that new units can help, (entry, member)."""
        return self.wanted[self.late :]

    @property
    def most(self) -> Floats:
        """Units that would leave nobody without from the day on which they are there, (member,)."""
        largest: Floats = self.open.max(axis=0, initial=0.0)
        return largest

    def unmet(self, units: float) -> Floats:
        """Weighted person-days without, (member,)."""
        total: Floats = self.wanted[: self.late].sum(axis=0) + np.maximum(0.0, self.open - units).sum(axis=0)
        return total * self.weight

    def slope(self, units: float) -> Floats:
        """Change of `unmet` for one unit more, (member,), never positive."""
        count: Floats = -(self.open > units).sum(axis=0).astype(np.float64) * self.weight
        return count

    def take(self, members: slice) -> SupplyLine:
        """The line for some members."""
        return replace(self, wanted=self.wanted[:, members])


def find_lines(services: Sequence[Service], *, first: int = 0, by_order: bool = False) -> tuple[SupplyLine, ...]:
    """Every supply at every site, beyond what is stated to be in place.

    first     index of the day from which what is sent is there
    by_order  nothing is there sooner than an order of the as-of day brings it
    """
    return tuple(_line(service, first, by_order) for service in services)


def _line(service: Service, first: int, by_order: bool) -> SupplyLine:
    supply, short = service.supply, units_short(service)
    start = max(first, supply.resupply_days - 1) if by_order else first
    late = min(start, len(short))
    days = len(short) - late
    if supply.use == "consumed":
        store = short[late : late + supply.resupply_days].sum(axis=0, keepdims=True)
        short = np.concatenate([short[:late], store])
    return SupplyLine(site=service.site, supply=supply, wanted=short, reach=service.reach, late=late, days=days)


def total_unmet(lines: Sequence[SupplyLine], units: Sequence[float] | Floats) -> Floats:
    """Weighted person-days without, over all lines, (member,)."""
    total = np.zeros(lines[0].wanted.shape[1])
    for line, amount in zip(lines, units, strict=True):
        total += line.unmet(float(amount))
    return total


def figure_units(lines: Sequence[SupplyLine], expected_persons: float, figure_persons: float) -> Floats:
    """Units that one would make ready for a single figure of people over the horizon, spread evenly over its days.

    expected_persons  people who cross over the same days, in the mean of all members
    """
    factor = figure_persons / max(1.0, expected_persons)
    return np.array([float(line.open.mean()) * factor if line.open.size else 0.0 for line in lines])


def week_goes_on(picture: Picture, days: int) -> float:
    """People who would cross in some days if the last week of the daily picture went on: the usual planning figure.

    The week is rounded up to two figures, in fifties or coarser (A147), before it is drawn out: it is a count of the
    past and goes out in sentences and answers of the lab.
    """
    week = float(picture.flow[-WEEK:].sum(axis=(0, 1)).mean()) if picture.days.size else 0.0
    step = max(WEEK_STEP, 10.0 ** (math.floor(math.log10(max(week, 1.0))) - 1))
    return math.ceil(week / step - 1e-9) * step * days / WEEK


def least_unmet(lines: Sequence[SupplyLine], budget_usd: float, most: Floats | None = None) -> Floats:
    """What the best plan for each member alone would leave unmet within the budget, (member,): perfect foresight.

    most  (line,) units that a line may have at most
    Unmet need is convex in each quantity, so units are bought in order of relief for a dollar; exact. What the k-th
    step of a line relieves is the same in every member, so that one order serves all.
    """
    most = np.full(len(lines), np.inf) if most is None else most
    gains, costs = [], []
    for line, top in zip(lines, most, strict=True):
        steps = np.sort(line.open, axis=0)
        left = np.arange(len(steps), 0, -1)
        gains.append(left * line.weight / line.price)
        costs.append(np.diff(np.minimum(steps, top), axis=0, prepend=0.0) * line.price)
    gain, cost = np.concatenate(gains), np.concatenate(costs)
    order = np.argsort(-gain, kind="stable")
    spent = np.minimum(np.cumsum(cost[order], axis=0), budget_usd)
    relief: Floats = gain[order] @ np.diff(spent, axis=0, prepend=0.0)
    return total_unmet(lines, np.zeros(len(lines))) - relief
