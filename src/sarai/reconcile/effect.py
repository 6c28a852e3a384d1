"""Effect: what accepting a finding would change, and the lines that accept it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import exp

import numpy as np

from sarai.reconcile.entry import read_entries
from sarai.reconcile.finding import Finding
from sarai.reconcile.setting import settle
from sarai.reconcile.totals import total_flow
from sarai.world.decision import Decision
from sarai.world.world import World

WHY_GAP = "SAY WHY"
BY_GAP = "ROLE, DUTY STATION"


def decision_of(finding: Finding, as_of: date, why: str, by: str) -> Decision:
    """The decision that accepts a finding."""
    whole = finding.action in ("break_series", "same_as")
    return Decision(
        finding=finding.kind,
        reports=() if whole else finding.reports,
        series=finding.series if whole else "",
        action=finding.action,
        value=finding.value,
        why=why,
        by=by,
        known=as_of,
    )


def decision_lines(finding: Finding, as_of: date) -> list[str]:
    """The lines to add to decisions.yaml, with gaps for why and by."""
    decision = decision_of(finding, as_of, WHY_GAP, BY_GAP)
    lines = [f"   - finding: {decision.finding}"]
    if decision.reports:
        lines.append(f"     reports: [{', '.join(decision.reports)}]")
    if decision.series:
        lines.append(f"     series: {decision.series}")
    lines.append(f"     action: {decision.action}")
    if decision.value:
        lines.append(f'     value: "{decision.value}"')
    return [*lines, f"     why: {WHY_GAP}", f"     by: {BY_GAP}", f"     known: {decision.known.isoformat()}"]


def effect_of(world: World, finding: Finding) -> str:
    """What the reconciled total over all crossings would become, in a sentence; both pictures at their best path."""
    if finding.declared:
        return "none: it is taken into account already"
    before = reconciled_total(world)
    decided = decision_of(finding, world.as_of, "tried", "tried")
    after = reconciled_total(replace(world, decisions=(*world.decisions, decided)))
    if before is None or after is None:
        return finding.change
    days = slice(*before[1:])
    first, second = before[0], after[0]
    gap = second / first - 1.0
    span = "no total would move by a tenth of a per cent" if abs(gap) < 0.001 else f"{gap:+.1%}"
    return (
        f"{finding.change}; all crossings over the {days.stop - days.start + 1} days of the picture: "
        f"{first:,.0f} as it stands, {second:,.0f} if accepted ({span})"
    )


def reconciled_total(world: World) -> tuple[float, int, int] | None:
    """Persons over all crossings and days at the best path, with the first and last day; None without figures."""
    crossings = tuple(place.id for place in world.places_of("crossing"))
    entries, _, _ = read_entries(world, crossings)
    setting = settle(world, entries)
    if setting is None:
        return None
    first = setting.fit.plan.first_day
    return float(np.sum(total_flow(setting.fit))), first, first + setting.fit.plan.day_count - 1


def odds_words(log_odds: float) -> str:
    """Odds as people say them."""
    size = exp(min(abs(log_odds), 14.0))
    if size >= 1e6:
        return "more than a million to one" if log_odds > 0 else "less than one in a million"
    digits = -len(str(int(size))) + 2
    rounded = f"{round(size, digits):,.0f}" if size >= 10 else f"{size:.0f}"
    return f"about {rounded} to 1" if log_odds > 0 else f"about 1 to {rounded}"
