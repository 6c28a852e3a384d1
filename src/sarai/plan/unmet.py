"""Unmet need: how many person-days go without, in each possible world, for each quantity made ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.forecast import Forecast
from sarai.plan.care import list_services
from sarai.plan.gap import net_wanted
from sarai.plan.in_place import list_days
from sarai.plan.needs import find_demands
from sarai.plan.supplies import Supply
from sarai.world.world import World

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SupplyLine:
    """One supply at one site: units that are wanted beyond what is in place, (entry, member).

    Entries of what is held are days. What is consumed has one entry: the units used until resupply comes.
    reach  persons that one unit serves in a day; 0: as many as the table of supplies says
    """

    site: str
    supply: Supply
    wanted: Floats
    reach: float = 0.0

    @property
    def weight(self) -> float:
        """Weighted person-days that one missing unit leaves without, for each entry."""
        return (self.reach or self.supply.persons_per_unit) * self.supply.severity

    def unmet(self, units: float) -> Floats:
        """Weighted person-days without, (member,)."""
        total: Floats = np.maximum(0.0, self.wanted - units).sum(axis=0) * self.weight
        return total

    def slope(self, units: float) -> Floats:
        """Change of `unmet` for one unit more, (member,), never positive."""
        count: Floats = -(self.wanted > units).sum(axis=0).astype(np.float64) * self.weight
        return count

    def take(self, members: slice) -> SupplyLine:
        """The line for some members."""
        return SupplyLine(site=self.site, supply=self.supply, wanted=self.wanted[:, members], reach=self.reach)


def find_lines(world: World, forecast: Forecast, supplies: Sequence[Supply]) -> tuple[SupplyLine, ...]:
    """Every supply at every site whose demand the forecast holds, beyond what is stated to be in place."""
    days = list_days(forecast.reference_date + timedelta(days=1), forecast.horizon_days)
    lines = []
    for service in list_services(world, find_demands(world, forecast), supplies, days):
        supply, wanted = service.supply, net_wanted(service)
        if supply.use == "consumed":
            first = slice(None, supply.resupply_days)
            here = float(service.units[first].sum())
            wanted = np.maximum(0.0, wanted[first].sum(axis=0, keepdims=True) - here)
        else:
            wanted = np.maximum(0.0, wanted - service.units[:, None])
        lines.append(SupplyLine(site=service.site, supply=supply, wanted=wanted, reach=service.reach))
    return tuple(lines)


def total_unmet(lines: Sequence[SupplyLine], units: Sequence[float] | Floats) -> Floats:
    """Weighted person-days without, over all lines, (member,)."""
    total = np.zeros(lines[0].wanted.shape[1])
    for line, amount in zip(lines, units, strict=True):
        total += line.unmet(float(amount))
    return total


def figure_units(lines: Sequence[SupplyLine], forecast: Forecast, figure_persons: float) -> Floats:
    """Units that one would make ready for a single figure of people over the horizon, spread evenly over its days."""
    series = forecast.series["day crossings"]
    total = series.samples[:, series.locations.index("all"), :].sum(axis=0).mean()
    factor = figure_persons / max(1.0, float(total))
    return np.array([float(line.wanted.mean()) * factor for line in lines])


def least_unmet(lines: Sequence[SupplyLine], budget_usd: float, most: Floats | None = None) -> Floats:
    """What the best plan for each member alone would leave unmet within the budget, (member,): perfect foresight.

    most  (line,) units that a line may have at most
    Unmet need is convex in each quantity, so units are bought in order of relief for a dollar; exact.
    """
    members = lines[0].wanted.shape[1]
    best = np.empty(members)
    most = np.full(len(lines), np.inf) if most is None else most
    for member in range(members):
        gains, costs, whole = [], [], 0.0
        for line, top in zip(lines, most, strict=True):
            steps = np.sort(line.wanted[:, member])
            widths = np.diff(np.minimum(steps, top), prepend=0.0)
            left = np.arange(len(steps), 0, -1)
            whole += float(steps.sum()) * line.weight
            gains.append(left * line.weight / line.supply.cost_usd)
            costs.append(widths * line.supply.cost_usd)
        gain, cost = np.concatenate(gains), np.concatenate(costs)
        order = np.argsort(-gain, kind="stable")
        spent = np.minimum(np.cumsum(cost[order]), budget_usd)
        best[member] = whole - float(np.diff(spent, prepend=0.0) @ gain[order])
    return best
