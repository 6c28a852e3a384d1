"""Audit: find what looks wrong with reports. Nothing is repaired; a person accepts a finding, or does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sarai.reconcile.book import find_contradictions
from sarai.reconcile.entry import read_entries
from sarai.reconcile.finding import Finding
from sarai.reconcile.lone import find_lone_figures
from sarai.reconcile.setting import Setting, setting_without, settle
from sarai.reconcile.shift import find_shifts
from sarai.reconcile.slip import find_slips
from sarai.reconcile.stretch import find_stretches
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

RISING_LOG = 0.7  # A69: how far a running total read as counts outgrows what others say


def audit(world: World) -> tuple[Finding, ...]:
    """Findings on the reports of `world`, most certain first. Source of the tests: docs/explanation/reconcile.md."""
    crossings = tuple(place.id for place in world.places_of("crossing"))
    entries, _, _ = read_entries(world, crossings)
    findings = find_impossible_dates(world) + find_families_in_place(world)
    findings += find_running_periods(entries) + find_falling_totals(entries) + find_copies(entries)
    findings += find_left_out(entries) + find_slips(entries)
    setting = settle(world, entries)
    if setting is not None:
        findings = [finding for finding in findings if not denied(finding, setting)]
        setting = setting_without(setting, {name for finding in findings for name in finding.reports})
        slips = {name for finding in findings if finding.kind == "misprint" for name in finding.reports}
        sound = [entry for entry in entries if not slips & set(entry.report_ids)]
        steps = find_total_faults(sound, setting.observations, setting.fit, setting.offsets)
        taken = {name for finding in findings + steps for name in finding.reports}
        findings += settle_rivals(steps, find_lone_figures(setting, taken))
        taken = {name for finding in findings for name in finding.reports}
        findings += find_stretches(setting, taken)
        taken = {name for finding in findings for name in finding.reports}
        rest = setting_without(setting, taken)
        findings += find_contradictions(rest, taken)
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


def merge_findings(findings: Sequence[Finding]) -> list[Finding]:
    """One finding a matter: of several about mostly the same reports the most certain stays."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda item: (-item.log_odds, item.kind, item.series, item.start)):
        mine = set(finding.reports)
        if any(other.series == finding.series and len(mine & set(other.reports)) * 2 >= len(mine) for other in kept):
            continue
        kept.append(finding)
    return [replace(finding, log_odds=round(finding.log_odds, 2)) for finding in kept]
