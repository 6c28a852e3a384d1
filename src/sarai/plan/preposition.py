"""Preposition: what to make ready where under a budget, why each line is there, and what another plan would leave.

Half of the possible worlds, at most MOST_CHOOSING, choose the plan (`plan.programme`); the others judge it beside the
plan for a single planning figure. Both lose something against perfect foresight, which is their regret.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.plan.bounds import Bounds
from sarai.plan.programme import Optimum, objective, solve, worst_mean
from sarai.plan.unmet import SupplyLine, least_unmet, total_unmet
from sarai.world.errors import Fault, RequestError

Floats = NDArray[np.float64]
DIGITS = 6
MOST_CHOOSING = 500
"""Possible worlds that choose a plan; beyond it plans on members held out did not get better, and the time grows."""
WHOLE = 1e-6  # a solver's 3.9999999 is 4
STEP_USD = 10_000.0
"""US dollars for which it is said what more money would spare."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One line of the plan: units of a supply at a site, their cost, and why in a sentence.

    price_usd     US dollars a unit over the days      figure_units  what the plan for a single planning figure has
    lead_days     from an order to delivery            late  days that pass before what is sent is there
    """

    site: str
    supply_id: str
    item: str
    unit: str
    units: float
    figure_units: float
    price_usd: float
    cost_usd: float
    lead_days: int
    late: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Preposition:
    """A plan under a budget. Unmet need is in weighted person-days without, over members held out.

    gap             relative distance between the plan, before it is rounded to whole units, and the programme's bound
    regret, figure_regret   mean over held-out members of this plan, and of the plan for a single planning figure,
                            against perfect foresight
    limits          what holds the plan back, in sentences
    """

    budget_usd: float
    choices: tuple[Choice, ...]
    spent_usd: float
    figure_spent_usd: float
    unmet_mean: float
    unmet_worst_tenth: float
    unmet_nothing: float
    unmet_figure: float
    unmet_least: float
    gap: float
    regret: float
    figure_regret: float
    limits: tuple[str, ...]


def preposition(
    lines: Sequence[SupplyLine],
    figure: Sequence[float] | Floats,
    bounds: Bounds,
    *,
    name: Callable[[str], str] = str,
    stop: Callable[[], bool] | None = None,
) -> Preposition:
    """The plan that leaves least unmet over the members, half of which are held out to judge it.

    figure  units that a single planning figure would ask for, line by line; scaled to the budget for comparison
    name    of a site, for sentences          stop  as in `solve`
    Raises RequestError where no plan fits: which constraint, and by how much.
    """
    if not lines:
        raise RequestError(Fault(what="there is nothing to plan for", mend="give the case reception stages"))
    bounds.check(lines, name)
    budget = bounds.budget_usd
    least, ceilings = bounds.least(lines), bounds.most(lines)
    half = max(1, min(lines[0].wanted.shape[1] // 2, MOST_CHOOSING))
    train = [line.take(slice(0, half)) for line in lines]
    most = np.maximum(least, np.minimum(ceilings, [np.ceil(line.most.max()) for line in train]))
    found = solve(train, least, most, budget, stop)
    value = objective(total_unmet(train, found.units))
    units = round_units(train, found.units, (least, most), budget)
    held_out = [line.take(slice(half, None)) for line in lines] if lines[0].wanted.shape[1] > 1 else train
    best = np.maximum(0.0, least_unmet(held_out, budget, ceilings))
    prices = np.array([line.price for line in lines])
    asked = scale_to_budget(np.minimum(np.asarray(figure, dtype=np.float64), ceilings), prices, budget)
    unmet, figure_unmet = total_unmet(held_out, units), total_unmet(held_out, asked)
    return Preposition(
        budget_usd=budget,
        choices=tuple(_choice(*row) for row in zip(lines, units.tolist(), asked.tolist(), strict=True)),
        spent_usd=float(units @ prices),
        figure_spent_usd=float(asked @ prices),
        unmet_mean=float(unmet.mean()),
        unmet_worst_tenth=worst_mean(unmet),
        unmet_nothing=float(total_unmet(held_out, np.zeros(len(lines))).mean()),
        unmet_figure=float(figure_unmet.mean()),
        unmet_least=float(best.mean()),
        gap=(value - found.bound) / max(1.0, abs(value)),
        regret=_loss(unmet, best),
        figure_regret=_loss(figure_unmet, best),
        limits=tuple(say_limits(train, units, bounds, found, name)),
    )


def _loss(unmet: Floats, best: Floats) -> float:
    """Mean regret against perfect foresight; what is lost in the last digits is nothing."""
    return max(0.0, round(float((unmet - best).mean()), DIGITS))


def round_units(lines: Sequence[SupplyLine], units: Floats, bounds: tuple[Floats, Floats], budget_usd: float) -> Floats:
    """Whole units within the budget: rounded down, then up where the money left over spares most."""
    prices = np.array([line.price for line in lines])
    whole = np.maximum(np.floor(units + WHOLE), bounds[0])
    spared = [float((line.unmet(at) - line.unmet(at + 1.0)).mean()) for line, at in zip(lines, whole, strict=True)]
    left = budget_usd - float(whole @ prices)
    for index in np.argsort(-np.array(spared) / prices, kind="stable"):
        part = units[index] > whole[index] + WHOLE and whole[index] + 1.0 <= bounds[1][index]
        if part and spared[index] > 0.0 and prices[index] <= left:
            whole[index] += 1.0
            left -= float(prices[index])
    return whole


def scale_to_budget(units: Floats, prices: Floats, budget_usd: float) -> Floats:
    """The same mix of units, shrunk until the budget pays for it."""
    asked = float(units @ prices)
    return units if asked <= budget_usd else units * (budget_usd / asked)


def say_limits(
    lines: Sequence[SupplyLine], units: Floats, bounds: Bounds, found: Optimum, name: Callable[[str], str]
) -> list[str]:
    """What holds the plan back: money, bounds that bind, and orders that come after the last day."""
    spent = sum(float(amount) * line.price for line, amount in zip(lines, units, strict=True))
    relief = found.relief_per_usd * STEP_USD
    if relief >= 0.5:
        limits = [
            f"Money: another {STEP_USD:,.0f} USD would spare up to about {relief:,.0f} weighted person-days more."
        ]
    else:
        left = bounds.budget_usd - spent
        limits = [f"Not money: {left:,.0f} USD are left over, and more would spare next to nothing."]
    for line, amount in zip(lines, units, strict=True):
        key, what = (line.site, line.supply.id), f"{name(line.site)}, {line.supply.item}"
        top, floor = bounds.ceilings.get(key), bounds.floors.get(key, 0.0)
        if top is not None and amount >= np.floor(top) and float(line.most.max()) > amount:
            limits.append(f"{what}: at most {top:,.0f}, and in some possible worlds more would be used.")
        elif floor > 0.0 and amount <= floor:
            limits.append(f"{what}: the least asked for, {floor:,.0f}, is what the plan has.")
    slow = [line.supply.item for line in lines if not line.open.size]
    if slow:
        limits.append(f"An order comes after the last day ({len(slow)} lines): {', '.join(dict.fromkeys(slow))}.")
    return limits


def _choice(line: SupplyLine, units: float, figure_units: float) -> Choice:
    supply = line.supply
    return Choice(
        site=line.site,
        supply_id=supply.id,
        item=supply.item,
        unit=supply.unit,
        units=units,
        figure_units=figure_units,
        price_usd=line.price,
        cost_usd=units * line.price,
        lead_days=supply.resupply_days,
        late=line.late,
        why=_why(line, units),
    )


def _why(line: SupplyLine, units: float) -> str:
    supply = line.supply
    if not line.open.size:
        return f"an order takes {supply.resupply_days} days and comes after the last day"
    if not line.open.any():
        return "enough is in place in every possible world"
    if units <= 0.0:
        return "the same money spares more elsewhere"
    spared = float((line.unmet(0.0) - line.unmet(units)).mean())
    use = "kept and used again" if supply.use == "held" else f"until resupply after {supply.resupply_days} days"
    enough = f"enough in {float(np.mean(line.most <= units)):.0%} of possible worlds"
    return f"{enough}; spares about {spared:,.0f} weighted person-days without ({use})"
