"""The model of a case as a page of plain text that a field officer can dispute."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator

import numpy as np

from sarai.model.prior import ParameterPrior
from sarai.model.returns import ReturnsModel, build_returns
from sarai.model.table import ParameterRow, parameter_table
from sarai.world.case_defaults import DETOUR_FACTOR, UNKNOWN_DISTANCE_KM
from sarai.world.civil import day_date
from sarai.world.completeness import gap_lines, list_gaps
from sarai.world.world import World

Z90 = 1.6448536269514722  # 90 % of a normal law lie within this many standard deviations
WIDTH = 118
LAW = """\
WHAT IS ASSUMED TO HAPPEN, EACH DAY
1 Leaving. Each person named by a wave and at risk leaves with a chance that steps up at the announcement,
  rises towards the deadline and falls quickly after it; where the deadline is enforced, a second, slower rise
  and fade follows. A base flow leaves in any case. Households travel together. Each day a factor lets reports
  overrule the shape. Optional effects switched on: {optional}. Enforcement is taken as given, never decided.
2 Deported, facilitated, other. Deported is said only of people removed by authorities; they may be held first.
3 Crossing. People prefer crossings that are near, open, liked, and where the wait is short.
4 Road. Kilometres over daily speed; the last part of a day is shared between two days.
5 Border. Hour by hour at most hours x desks x persons per desk-hour cross, with noise; the rest wait. Those
  who came on an earlier day go first. Where the wait is long some go on to the next crossing.
6 Reception and onward road. People pass the stages that the routing table names, stay, and go on by the table
  of destinations. People above the capacity of a stage are counted as such."""


def explain_model(world: World) -> str:
    """The law of a case, step by step, with every number, its range, its basis and who may change it.

    Populations are given for the whole case only. Raises CaseError where the case makes no law.
    """
    model = build_returns(world)
    parts = [head_lines(world, model), law_lines(model), calendar_lines(model),
             [*border_lines(model), *road_lines(world)], reception_lines(model), parameter_lines(model),
             ["NOT KNOWN YET, most useful first", *gap_lines(list_gaps(world))]]  # fmt: skip
    return "\n\n".join("\n".join(fold(line) for line in part) for part in parts)


def fold(line: str) -> str:
    """A line no wider than the page, its further lines set in."""
    depth = len(line) - len(line.lstrip()) + 4
    return "\n".join(textwrap.wrap(line, WIDTH, subsequent_indent=" " * depth)) if len(line) > WIDTH else line


def head_lines(world: World, model: ReturnsModel) -> list[str]:
    """What the page is about."""
    return [
        f"THE MODEL OF {world.title or world.name}, as known on {world.as_of}",
        f"{len(model.strata)} groups ({len(model.origins)} origin areas, {len(model.statuses)} document statuses), "
        f"{len(model.crossings)} crossings, {len(model.stages)} reception stages, "
        f"{len(model.destinations)} destinations. Aggregate counts only; nobody is modelled as an individual.",
        "Anything here can be disputed: change a number in the case folder (settings, tables) and run again.",
    ]


def law_lines(model: ReturnsModel) -> list[str]:
    """The law in six steps."""
    optional = ", ".join(model.switches) if model.switches else "none"
    return LAW.format(optional=optional).splitlines()


def calendar_lines(model: ReturnsModel) -> list[str]:
    """The waves."""
    lines = ["WAVES"]
    for w, name in enumerate(model.waves):
        named = [model.strata[g] for g in np.flatnonzero(model.wave_names[w])]
        statuses = sorted({status for _, status in named})
        origins = sorted({origin for origin, _ in named})
        where = "everywhere" if len(origins) == len(model.origins) else "in " + ", ".join(origins)
        ended = "; called off" if model.wave_until[w] <= model.as_of_day else ""
        lines.append(
            f"  {name}: announced {day_date(int(model.wave_announced[w]))}, deadline "
            f"{day_date(int(model.wave_deadline[w]))}, enforcement {day_date(int(model.wave_enforcement[w]))}{ended}; "
            f"names {', '.join(statuses) or 'nobody'} {where}"
        )
    return lines if model.waves else [*lines, "  none: only the base flow leaves"]


def border_lines(model: ReturnsModel) -> list[str]:
    """The crossings."""
    lines = ["CROSSINGS", f"  {'crossing':<18}{'persons/day':>12}{'noise':>7}  nearest and farthest origin, road km"]
    for x, name in enumerate(model.crossings):
        km = model.distance_km[:, x]
        near, far = int(km.argmin()), int(km.argmax())
        lines.append(
            f"  {name:<18}{model.capacity_persons_day[x]:>12,.0f}{model.service_log_sd[x]:>7.2f}  "
            f"{model.origins[near]} {km[near]:,.0f}, {model.origins[far]} {km[far]:,.0f}"
        )
    for c in range(len(model.closure_crossing)):
        lines.append(
            f"  closed: {model.crossings[model.closure_crossing[c]]} from {day_date(int(model.closure_start[c]))} to "
            f"{day_date(int(model.closure_end[c]))}, {model.closure_fraction[c]:.0%} of the day"
        )
    return lines


def road_lines(world: World) -> list[str]:
    """How many road distances are reckoned and not given."""
    basis = [route.basis.assumption for route in world.routes]
    lines = []
    if straight := basis.count("A2"):
        lines.append(f"  {straight} of {len(basis)} road distances are {DETOUR_FACTOR} times the straight line (A2)")
    if unknown := basis.count("A4"):
        lines.append(f"  {unknown} of {len(basis)} are {UNKNOWN_DISTANCE_KM} km for want of coordinates (A4)")
    return lines


def reception_lines(model: ReturnsModel) -> list[str]:
    """The stages of reception."""
    network = model.reception
    lines = ["RECEPTION", f"  {'stage':<30}{'capacity':>14}{'nights':>8}"]
    for s, name in enumerate(network.stages):
        capacity = network.stage_capacity[s]
        unit = " a day" if network.capacity_daily[s] else ""
        known = "not known" if math.isnan(capacity) else f"{capacity:,.0f}{unit}"
        lines.append(f"  {name:<30}{known:>14}{network.stage_stay_days[s]:>8.1f}")
    return lines if network.stages else ["RECEPTION", "  no stage is given: people go on from the crossing"]


def parameter_lines(model: ReturnsModel) -> list[str]:
    """Every number of the law: middle value, range that holds nine in ten, basis, who may change it."""
    lines = ["NUMBERS (nine times in ten between; before reports are used)"]
    for row in parameter_table().values():
        if row.axis == ("constant",):
            lines.append(f"  {row.name} = {row.prior.centre:g} {row.unit}: {row.meaning} [{row.basis}; {row.who}]")
        else:
            lines += prior_lines(row, model.priors[row.name])
    return lines


def prior_lines(row: ParameterRow, prior: ParameterPrior) -> Iterator[str]:
    """One parameter; entries that differ are listed, those of the population only as their number."""
    head = f"  {row.name} ({row.unit}): {row.meaning} [{row.basis}; changed by {row.who}]"
    if row.name == "population":
        yield head + f"; {prior.centre.size} groups, see population.csv"
        return
    entries = sorted({(float(c), float(s)) for c, s in zip(prior.centre.flat, prior.spread.flat, strict=True)})
    spans = [span_text(prior, centre, spread) for centre, spread in entries]
    if len(spans) <= 1:
        yield head + (": " + spans[0] if spans else ": no entry in this case")
        return
    yield head
    for index in np.ndindex(prior.centre.shape):
        ids = ", ".join(axis[k] for axis, k in zip(prior.keys, index, strict=True))
        yield f"      {ids}: {span_text(prior, float(prior.centre[index]), float(prior.spread[index]))}"


def span_text(prior: ParameterPrior, centre: float, spread: float) -> str:
    """A middle value and the range that holds nine in ten, as text."""
    if spread == 0.0 or prior.kind == "fixed":
        return f"{centre:.4g}, fixed"
    step = Z90 * spread
    if prior.kind == "lognormal":
        low, high = centre * math.exp(-step), centre * math.exp(step)
    elif prior.kind == "logitnormal":
        logit = math.log(centre / (1.0 - centre))
        low, high = (1.0 / (1.0 + math.exp(-(logit + side))) for side in (-step, step))
    else:
        low, high = centre - step, centre + step
    low, high = max(low, prior.low), min(high, prior.high)
    tail = f", day to day with correlation {prior.rho:g}" if prior.kind == "series" else ""
    return f"{centre:.4g} ({low:.3g} to {high:.3g}){tail}"
