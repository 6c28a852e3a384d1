"""Audit: find what looks wrong with reports. Nothing is repaired; a person accepts a finding, or does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.entry import HOUSEHOLD_PERSONS, Entry, read_entries
from sarai.reconcile.finding import Finding
from sarai.reconcile.fit import Fit, fit_picture
from sarai.reconcile.observations import Observations, build_observations
from sarai.reconcile.plan import make_plan
from sarai.reconcile.prior import Prior, make_prior
from sarai.reconcile.reconcile import clip_observations, picture_end, picture_start, take_observations
from sarai.reconcile.scan import (
    MOST_STEPS,
    Offsets,
    Stretch,
    single_offsets,
    solve_columns,
    solve_target,
    stretch_offsets,
    test_scale,
)
from sarai.reconcile.shift import find_shifts
from sarai.reconcile.suspect import (
    find_copies,
    find_falling_totals,
    find_families_in_place,
    find_impossible_dates,
    find_left_out,
    find_running_periods,
)
from sarai.reconcile.totals import find_total_faults
from sarai.world.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SINGLE_SCORE = 5.0  # A69: standard errors from which a lone figure is a finding
SINGLE_LOG = 1.0  # A69: and log units
STRETCH_SCORE = 5.0  # A69: the same for a stretch of a series
STRETCH_LOG = 0.4  # A69
RISING_LOG = 0.7  # A69: how far a running total read as counts outgrows what others say
FEWEST_STRETCH = 3
FEWEST_OUTSIDE = 2  # a stretch leaves figures of its series to compare it with
LEAST_NOISE = 0.8  # A69: part of the prior noise below which none is believed
WHOLE_SCORE = 4.0  # A69: a whole series against its bias prior
HOUSEHOLD_LOG = (-2.4, -1.2)  # A69: log offsets that mean families: 3.3 to 11 persons a family


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Everything the searches look at."""

    world: World
    entries: list[Entry]
    observations: Observations
    prior: Prior
    fit: Fit
    offsets: Offsets


def audit(world: World) -> tuple[Finding, ...]:
    """Findings on the reports of `world`, most certain first. Source of the tests: docs/explanation/reconcile.md."""
    crossings = tuple(place.id for place in world.places_of("crossing"))
    entries, _, _ = read_entries(world, crossings)
    findings = find_impossible_dates(world) + find_families_in_place(world)
    findings += find_running_periods(entries) + find_falling_totals(entries) + find_copies(entries)
    findings += find_left_out(entries)
    setting = settle(world, entries)
    if setting is not None:
        findings = [finding for finding in findings if not denied(finding, setting)]
        setting = setting_without(setting, {name for finding in findings for name in finding.reports})
        steps = find_total_faults(entries, setting.observations, setting.fit, setting.offsets)
        taken = {name for finding in findings + steps for name in finding.reports}
        findings += settle_rivals(steps, find_lone_figures(setting, taken))
        taken = {name for finding in findings for name in finding.reports}
        findings += find_stretches(setting, taken)
        rest = setting_without(setting, taken)
        findings += find_shifts(world, rest.observations, rest.prior, rest.fit)
    return tuple(
        sorted(merge_findings(findings), key=lambda item: (-item.log_odds, item.series, item.start, item.kind))
    )


def settle_rivals(steps: list[Finding], lone: list[Finding]) -> list[Finding]:
    """Where a total's step and another series' count of those days blame each other, the more certain one stays."""
    kept = [*steps, *lone]
    for first in steps:
        for second in lone:
            apart = second.end < first.start or second.start > first.end or first.kind == "out_of_order"
            weaker = first if first.log_odds < second.log_odds else second
            if not apart and first.series != second.series and weaker in kept:
                kept.remove(weaker)
    return kept


def denied(finding: Finding, setting: Setting) -> bool:
    """Whether other series deny that figures which never fall are a running total: they say the flow itself rose."""
    if finding.kind != "cumulative_read_as_period":
        return False
    observations = setting.observations
    mine = np.array([bool(set(finding.reports) & set(names)) for names in observations.report_ids])
    series = {observations.regimes[index].series for index in observations.regime[~mine]}
    if not series or not mine.any():
        return False
    late = np.flatnonzero(mine)[-max(int(mine.sum()) // 3, 1) :]
    return float(np.median(setting.offsets.offset[late])) < RISING_LOG


def settle(world: World, entries: list[Entry]) -> Setting | None:
    """The fit that reports are held against, or None where there is nothing to hold them against."""
    observations = clip_observations(world, build_observations(world))
    return settle_figures(world, entries, observations) if observations.count > 1 else None


def settle_figures(world: World, entries: list[Entry], observations: Observations) -> Setting:
    """The fit of some figures."""
    first = picture_start(world, observations)
    last = picture_end(world, observations)
    plan = make_plan(observations, tuple(item.id for item in world.statuses), first, max(last, first))
    prior = make_prior(world, observations, plan)
    fit = fit_picture(observations, plan, prior)
    offsets = single_offsets(observations, fit, prior)
    return Setting(world=world, entries=entries, observations=observations, prior=prior, fit=fit, offsets=offsets)


def setting_without(setting: Setting, taken: set[str]) -> Setting:
    """The fit without figures already found to be wrong; the same one where there are none."""
    lost = np.array([bool(taken & set(names)) for names in setting.observations.report_ids], dtype=np.bool_)
    if not lost.any() or lost.all():
        return setting
    kept = take_observations(setting.observations, np.flatnonzero(~lost).astype(np.int64))
    return settle_figures(setting.world, setting.entries, kept)


def find_lone_figures(setting: Setting, taken: set[str]) -> list[Finding]:
    """Single figures far from what all others say: misprints, lost or extra digits."""
    observations = setting.observations
    offsets = setting.offsets
    whole = np.array([name == "all" for name in observations.classes], dtype=np.bool_)
    clumps = np.where(whole, 0.0, HOUSEHOLD_PERSONS / np.maximum(observations.value, 1.0))
    score = offsets.offset / np.sqrt(offsets.error**2 + clumps)
    found = []
    for row in np.flatnonzero((np.abs(score) > SINGLE_SCORE) & (np.abs(offsets.offset) > SINGLE_LOG)):
        if taken & set(observations.report_ids[row]) or observations.form[row] == "difference":
            continue
        if neighbours_agree(observations, score, int(row)):
            continue
        found.append(lone_finding(observations, int(row), float(offsets.offset[row]), float(score[row])))
    return found


def neighbours_agree(observations: Observations, score: Floats, row: int) -> bool:
    """Whether figures just before or after in the same series are off in the same way: then it is a stretch."""
    mine = np.flatnonzero(same_group(observations, row))
    place = int(np.searchsorted(mine, row))
    beside = [int(mine[index]) for index in (place - 1, place + 1) if 0 <= index < len(mine)]
    return any(score[other] * score[row] > 0 and abs(score[other]) > 0.35 * abs(score[row]) for other in beside)


def same_group(observations: Observations, row: int) -> NDArray[np.bool_]:
    """Figures of the same regime, crossings and class as one figure."""
    same = (observations.regime == observations.regime[row]) & (observations.scope == observations.scope[row]).all(
        axis=1
    )
    classes = np.array([name == observations.classes[row] for name in observations.classes])
    return np.asarray(same & classes)


def lone_finding(observations: Observations, row: int, offset: float, score: float) -> Finding:
    """A finding about one figure."""
    factor = float(np.exp(offset))
    digits = offset / np.log(10.0)
    whole = abs(digits - round(digits)) < 0.2 and round(digits) != 0
    value = observations.value[row]
    lost = "a digit lost" if digits < 0 else "a digit too many"
    return Finding(
        kind="dropped_digit" if whole else "misprint",
        series=observations.regimes[observations.regime[row]].series,
        reports=observations.report_ids[row],
        start=int(observations.start[row]),
        end=int(observations.end[row]),
        evidence=f"{value:,.0f} is {describe_factor(factor)} what all other reports say ({value / factor:,.0f}), "
        f"{abs(score):.0f} standard errors off" + (f": {lost}" if whole else ""),
        log_odds=normal_odds(score),
        change="it would not enter",
        action="set_aside",
        factor=factor,
    )


def find_stretches(setting: Setting, taken: set[str]) -> list[Finding]:
    """Stretches of a series with a common offset: families for persons, a factor, thousands, a change of scope."""
    observations, fit = setting.observations, setting.fit
    scale = steady_scale(observations, fit, setting.offsets)
    lost = np.array([bool(taken & set(names)) for names in observations.report_ids]) | (observations.value <= 1.0)
    variance = np.where(lost, 1e4, scale**2)
    pull = solve_target(fit, setting.prior, variance)
    found: list[Finding] = []
    for rows in series_groups(observations):
        rows = rows[~lost[rows]]
        if len(rows) < FEWEST_STRETCH + 1:
            continue
        steps = pick_steps(len(rows))
        columns = np.zeros((observations.count, len(steps)))
        for place, step in enumerate(steps):
            columns[rows[step:], place] = 1.0
        solved = solve_columns(fit, setting.prior, variance, columns)
        best = best_stretch(rows, pull, solved, steps)
        if best is not None:
            found.append(stretch_finding(observations, best, len(rows)))
    return found


def steady_scale(observations: Observations, fit: Fit, offsets: Offsets) -> Floats:
    """Scale of each figure's error, a lasting offset not counted as noise: from neighbours' differences, if smaller."""
    scale = test_scale(observations, fit)
    for rows in series_groups(observations):
        if len(rows) < 2 * FEWEST_STRETCH:
            continue
        gaps = np.abs(np.diff(offsets.offset[rows]))
        steady = max(
            1.48 * float(np.median(gaps)) / 2.0**0.5, LEAST_NOISE * float(np.median(observations.noise_sd[rows]))
        )
        scale[rows] = np.minimum(scale[rows], np.hypot(steady, observations.rounding_sd[rows]))
    return scale


def pick_steps(count: int) -> Ints:
    """Places at which a stretch may begin or end, the end included."""
    if count <= MOST_STEPS:
        return np.arange(count + 1, dtype=np.int64)
    return np.unique(np.linspace(0, count, MOST_STEPS).astype(np.int64))


def best_stretch(rows: Ints, pull: Floats, solved: Floats, steps: Ints) -> Stretch | None:
    """The stretch with the largest score among those long and far enough off; None where there is none."""
    offset, error = stretch_offsets(rows, pull, solved, steps)
    length = steps[None, :] - steps[:, None]
    score = np.abs(offset) / error
    inner = (length >= FEWEST_STRETCH) & (length <= len(rows) - FEWEST_OUTSIDE)
    allowed = inner & (np.abs(offset) > STRETCH_LOG) & (score > STRETCH_SCORE)
    if not allowed.any():
        return None
    place = int(np.nanargmax(np.where(allowed, score, -1.0)))
    first, last = np.unravel_index(place, score.shape)
    return Stretch(
        rows=rows[steps[first] : steps[last]], offset=float(offset[first, last]), error=float(error[first, last])
    )


def stretch_finding(observations: Observations, stretch: Stretch, count: int) -> Finding:
    """A finding about a stretch, named after its size."""
    factor = float(np.exp(stretch.offset))
    kind, action, value, meaning = name_offset(stretch.offset)
    names = tuple(name for row in stretch.rows for name in observations.report_ids[row])
    return Finding(
        kind=kind,  # type: ignore[arg-type]
        series=observations.regimes[observations.regime[stretch.rows[0]]].series,
        reports=names,
        start=int(observations.start[stretch.rows].min()),
        end=int(observations.end[stretch.rows].max()),
        evidence=f"{len(stretch.rows)} of {count} figures in a row are {describe_factor(factor)} what all other "
        f"reports say, {abs(stretch.score):.0f} standard errors off: {meaning}",
        log_odds=normal_odds(stretch.score),
        change="they would be read as said, or set aside",
        action=action,  # type: ignore[arg-type]
        value=value,
        factor=factor,
    )


def name_offset(offset: float) -> tuple[str, str, str, str]:
    """Kind, action, value and meaning of a lasting log offset."""
    if HOUSEHOLD_LOG[0] < offset < HOUSEHOLD_LOG[1]:
        return "families_as_persons", "use_unit", "families", "families may have been read as persons"
    if abs(offset + np.log(1000.0)) < 1.0:
        return "thousands", "use_unit", "thousands", "the figures may be in thousands"
    if abs(abs(offset) - np.log(2.0)) < 0.25:
        return "factor_of_two", "set_aside", "", "a factor of two"
    return "scope_change", "set_aside", "", "other crossings or people may be counted from then on"


def series_groups(observations: Observations) -> list[Ints]:
    """Rows of each series and class, in order of days: all crossings together, then each scope where there are more."""
    whole: dict[tuple[str, str], list[int]] = defaultdict(list)
    apart: dict[tuple[str, str, tuple[bool, ...]], list[int]] = defaultdict(list)
    for row in range(observations.count):
        series = observations.regimes[observations.regime[row]].series
        whole[(series, observations.classes[row])].append(row)
        apart[(series, observations.classes[row], tuple(observations.scope[row].tolist()))].append(row)
    groups = [np.array(rows, dtype=np.int64) for _, rows in sorted(whole.items())]
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for key in apart:
        counts[key[:2]] += 1
    groups += [np.array(rows, dtype=np.int64) for key, rows in sorted(apart.items()) if counts[key[:2]] > 1]
    return groups


def normal_odds(score: float) -> float:
    """Log odds that an offset is real: half its squared score less the cost of having looked in many places."""
    return float(0.5 * score**2 - 7.0)


def describe_factor(factor: float) -> str:
    """A factor in words."""
    return (
        f"{factor:.1f} times"
        if factor >= 1.0
        else f"one {1.0 / factor:.1f}th of"
        if factor < 0.6
        else f"{factor:.2f} of"
    )


def merge_findings(findings: Sequence[Finding]) -> list[Finding]:
    """One finding a matter: of several about mostly the same reports the most certain stays."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda item: (-item.log_odds, item.kind, item.series, item.start)):
        mine = set(finding.reports)
        if any(other.series == finding.series and len(mine & set(other.reports)) * 2 >= len(mine) for other in kept):
            continue
        kept.append(finding)
    return [replace(finding, log_odds=round(finding.log_odds, 2)) for finding in kept]
