"""Totals: misprints and rebases in running totals, found from their own order and from the steps expected of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.chain import BREAK_LENGTH, longest_rising
from sarai.reconcile.entry import Entry
from sarai.reconcile.finding import Finding
from sarai.reconcile.fit import Fit
from sarai.reconcile.linear import find_flows
from sarai.reconcile.observations import Observations
from sarai.reconcile.scan import Offsets
from sarai.reconcile.suspect import CERTAIN, make_finding
from sarai.world.civil import day_date

Floats = NDArray[np.float64]

STEP_LOG_SD = 0.3  # A69: log error of the step expected of a running total between two days
STEP_SCORE = 4.5  # A69
RAISED_SCORE = 1.5  # A69: a total raised by so much before far too small a step was itself too high
REBASE_STEP = 0.6  # A69: part of the expected step that a jump must exceed
REBASE_SHARE = 0.04  # A69: part of the total that a jump must exceed
LEAST_PERSONS = 50.0  # A69: smaller departures from what is expected are not worth a finding
LOCAL_LOG = 0.25  # A69: neighbours must gain this much more or less than expected to count
ROUND_TRIP = 0.35  # A69: log misfit up to which two odd steps together make a right one


@dataclass(frozen=True, kw_only=True)
class Step:
    """From one total to the next: what it gained, what was expected, and how odd that is in standard errors."""

    low: Entry
    high: Entry
    gain: float
    expected: float
    score: float


def find_total_faults(entries: list[Entry], observations: Observations, fit: Fit, offsets: Offsets) -> list[Finding]:
    """Totals out of order, totals between two odd steps that cancel, and steps that move a series for good.

    Chains run across the breaks that series.csv declares, so that a declared break is found too, and marked.
    """
    flow = np.cumsum(total_flow(fit), axis=0)
    flow = np.concatenate([np.zeros((1, flow.shape[1])), flow])
    scores = {
        (observations.report_ids[row][-1], observations.report_ids[row][0]): float(
            offsets.offset[row] / offsets.error[row]
        )
        for row in range(observations.count)
        if observations.form[row] == "difference" and len(observations.report_ids[row]) == 2
    }
    found: list[Finding] = []
    chains: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.cumulative and entry.count_class == "all":
            chains[(entry.series, entry.status, entry.start, entry.place)].append(entry)
    for _, chain in sorted(chains.items(), key=lambda item: str(item[0])):
        ordered = sorted(chain, key=lambda entry: (entry.end, entry.step, -entry.known, entry.persons))
        if len(ordered) > 2:
            found.extend(chain_faults(ordered, observations, fit, flow, scores))
    return found


def total_flow(fit: Fit) -> Floats:
    """Flow (day, crossing) of the best path."""
    flows = find_flows(fit.plan, fit.path[:, :, None].copy(), fit.constants[:, None].copy())
    return np.asarray(flows.flow[:, :, 0], dtype=np.float64)


def chain_faults(
    chain: list[Entry], observations: Observations, fit: Fit, flow: Floats, scores: dict[tuple[str, str], float]
) -> list[Finding]:
    """Faults of one chain of totals, in order of days."""
    inside = longest_rising(chain)
    found: list[Finding] = []
    run: list[Entry] = []
    kept: list[Entry] = []
    keeping = chain[0].keeping
    for index, entry in enumerate(chain):
        if index in inside or (keeping == "levels" and within_noise(entry, chain, inside)):
            found.extend(order_findings(run, kept))
            run = []
            if not kept or kept[-1].end < entry.end:
                kept.append(entry)
        else:
            run.append(entry)
    found.extend(order_findings(run, kept))
    return found + step_faults(kept, observations, fit, flow, scores)


def within_noise(entry: Entry, chain: list[Entry], inside: set[int]) -> bool:
    """Whether a total out of order lies so close to its neighbours that noise or rounding explains it."""
    nearest = min((chain[index] for index in inside), key=lambda other: abs(other.end - entry.end))
    return abs(entry.persons - nearest.persons) <= max(4.0 * entry.noise_sd * nearest.persons, 2.0 * entry.step)


def order_findings(run: list[Entry], kept: list[Entry]) -> list[Finding]:
    """Totals that break the order: lone ones are misprints, a run of them means that the series was set back."""
    if not run:
        return []
    before = kept[-1].persons if kept else 0.0
    away = max(abs(np.log(max(entry.persons, 1.0) / max(before, 1.0))) for entry in run) if kept else 1.0
    if away < 0.01:
        return []
    if len(run) >= BREAK_LENGTH:
        text = f"{len(run)} totals from {day_date(run[0].end)} on do not follow on {before:,.0f}: the total was reset"
        return [make_finding("rebase", run[0].series, run, text, CERTAIN - 2.0, "a new regime would begin",
                             "break_series", day_date(run[0].end).isoformat())]  # fmt: skip
    found = []
    for (day, persons), group in groupby(run, key=lambda entry: (entry.end, entry.persons)):
        text = (
            f"{persons:,.0f} for {day_date(day)} stands above a later total, or below an earlier one, of its own series"
        )
        change = "it does not enter as it is; a corrected figure would"
        found.append(make_finding("out_of_order", run[0].series, list(group), text, CERTAIN - 2.0, change, "set_aside"))
    return found


def step_faults(
    kept: list[Entry], observations: Observations, fit: Fit, flow: Floats, scores: dict[tuple[str, str], float]
) -> list[Finding]:
    """Steps of totals that are far from the flow of those days: two that cancel, or one that stays."""
    steps = [make_step(low, high, observations, fit, flow, scores) for low, high in pairwise(kept)]
    found: list[Finding] = []
    skip = False
    for place in range(len(steps)):
        if skip:
            skip = False
            continue
        if place + 1 < len(steps):
            local = local_ratio(steps, {place, place + 1})
            first, second = scale_step(steps[place], local), scale_step(steps[place + 1], local)
            if cancels(first, second):
                found.append(misprint_finding(first, second))
                skip = True
                continue
        alone = scale_step(steps[place], local_ratio(steps, {place}))
        if jumps(alone):
            before = steps[place - 1] if place else None
            too_high = before is not None and alone.gain < alone.expected and before.score > RAISED_SCORE
            found.append(misprint_finding(before, alone) if before and too_high else rebase_finding(alone))
    return found


def local_ratio(steps: list[Step], apart: set[int]) -> float:
    """Log of what neighbouring steps gain over what is expected of them; 0 where they agree or are too few.

    Where all neighbours gain half of what is expected (a scope that is not what it is said to be), so may a step.
    """
    near = range(max(min(apart) - 2, 0), min(max(apart) + 3, len(steps)))
    beside = [steps[other] for other in near if other not in apart]
    ratios = [float(np.log(other.gain / other.expected)) for other in beside if other.gain > 0 and other.expected > 1]
    local = float(np.median(ratios)) if len(ratios) >= 3 else 0.0
    return local if abs(local) >= LOCAL_LOG else 0.0


def scale_step(step: Step, local: float) -> Step:
    """The step with what is expected of it scaled to its neighbours."""
    if local == 0.0:
        return step
    expected = step.expected * float(np.exp(local))
    return replace(step, expected=expected, score=step_score(step.low, step.high, step.gain, expected))


def misprint_finding(step: Step, after: Step) -> Finding:
    """A total between two odd steps that together are right."""
    entry = step.high
    right = step.low.persons + (step.gain + after.gain) * step.expected / (step.expected + after.expected)
    text = (
        f"{entry.persons:,.0f} for {day_date(entry.end)} is {step.gain:,.0f} above the total before where about "
        f"{step.expected:,.0f} is expected, and the next step is {after.gain:,.0f} where {after.expected:,.0f} "
        f"is expected; about {right:,.0f} would fit"
    )
    score = abs(step.score) + abs(after.score) / 2.0
    return make_finding("misprint", entry.series, [entry], text, odds(score), "it would not enter", "set_aside")


def jumps(step: Step) -> bool:
    """Whether a step moves the series for good: odd, large beside the total, and well beyond what was expected."""
    away = abs(step.gain - step.expected)
    large = away > REBASE_SHARE * step.low.persons and away > REBASE_STEP * step.expected
    return abs(step.score) > STEP_SCORE and large and step.expected < step.low.persons


def cancels(step: Step, after: Step) -> bool:
    """Whether two odd steps add up to about what was expected of both."""
    if abs(step.gain - step.expected) < LEAST_PERSONS:
        return False
    together = np.log(max(step.gain + after.gain, 1.0) / (step.expected + after.expected))
    odd = step.score * after.score < 0 and max(abs(step.score), abs(after.score)) > STEP_SCORE - 2.0
    return bool(odd and min(abs(step.score), abs(after.score)) > 3.0 and abs(together) < ROUND_TRIP)


def rebase_finding(step: Step) -> Finding:
    """A jump that stays. Where the two totals stand in different regimes, series.csv says so already."""
    text = (
        f"the total rises by {step.gain:,.0f} between {day_date(step.low.end)} and {day_date(step.high.end)}, where "
        f"about {step.expected:,.0f} is expected, and does not come back: it was rebased by about "
        f"{step.gain - step.expected:,.0f}"
    )
    change = "a new regime would begin, and no step be taken across"
    day = day_date(step.high.end).isoformat()
    finding = make_finding(
        "rebase", step.high.series, [step.high, step.low], text, odds(abs(step.score)), change, "break_series", day
    )
    return replace(finding, declared=step.low.regime != step.high.regime, start=step.low.end + 1, end=step.high.end)


def make_step(
    low: Entry, high: Entry, observations: Observations, fit: Fit, flow: Floats, scores: dict[tuple[str, str], float]
) -> Step:
    """A step with what is expected of it, the bias of its series included."""
    plan = fit.plan
    first = int(np.clip(low.end + 1 - plan.first_day, 0, plan.day_count))
    last = int(np.clip(high.end + 1 - plan.first_day, 0, plan.day_count))
    inside = [observations.crossings.index(name) for name in high.scope]
    bias = fit.constants[plan.layout.bias_slots[low.regime]] if low.regime < len(plan.layout.bias_slots) else 0.0
    expected = max(float((flow[last, inside] - flow[first, inside]).sum() * np.exp(bias)), 1.0)
    gain = high.persons - low.persons
    known = scores.get((low.report_ids[0], high.report_ids[0]))
    score = step_score(low, high, gain, expected) if known is None else known
    return Step(low=low, high=high, gain=gain, expected=expected, score=score)


def step_score(low: Entry, high: Entry, gain: float, expected: float) -> float:
    """How odd a step is, in standard errors."""
    noise = max(high.step, low.step, high.noise_sd * (high.persons if high.keeping == "levels" else 0.0))
    if gain > expected:
        return float(np.log(gain / expected) / np.hypot(STEP_LOG_SD, noise / expected))
    return float((gain - expected) / np.hypot(STEP_LOG_SD * expected, noise))


def odds(score: float) -> float:
    """Log odds of a score, heavy tails allowed."""
    return float(min(5.0 * np.log1p(score * score / 4.0) - 6.0, 20.0))
