"""Default regimes of a series that series.csv does not describe: keeping, scope, rounding and priors from its reports.

Priors by kind of counter: scales of error found on the 2023 reports, rounded outwards (docs/assumptions.md, A13, A14).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sarai.world.report import Report, SeriesRegime

BIAS_LOG_SD = 0.25  # A13: an unknown publisher
NOISE_LOG_SD = 0.25  # A13
FAMILIES_BIAS_LOG_MEAN, FAMILIES_BIAS_LOG_SD, FAMILIES_NOISE_LOG_SD = -0.4, 0.6, 0.3  # A14: families only
PRIMARY_BIAS_LOG_SD, PRIMARY_NOISE_LOG_SD = 0.1, 0.1  # A13: a series that gives running totals


def default_regimes(series: str, reports: Sequence[Report], crossings: tuple[str, ...]) -> list[SeriesRegime]:
    """One regime that covers all reports of a series known so far.

    Running totals are kept as differences: an offset that nobody states cancels, and an error does not grow with the
    total. Steps smaller than twice their rounding are not taken.
    """
    totals = [report for report in reports if report.cumulative]
    counted = [report.persons for report in reports if report.persons is not None]
    step = rounding_step(counted)
    families_only = not counted
    bias_sd, noise_sd = (PRIMARY_BIAS_LOG_SD, PRIMARY_NOISE_LOG_SD) if len(totals) > 2 else (BIAS_LOG_SD, NOISE_LOG_SD)
    return [
        SeriesRegime(
            series=series,
            start=min(report.start for report in reports),
            end=None,
            publisher="",
            scope=_scope(reports, crossings),
            statuses=("all",),
            unit="families" if families_only else "persons",
            origin=min((report.start for report in totals), default=None),
            keeping="differences",
            rounding=step,
            bias_log_mean=FAMILIES_BIAS_LOG_MEAN if families_only else 0.0,
            bias_log_sd=FAMILIES_BIAS_LOG_SD if families_only else bias_sd,
            noise_log_sd=FAMILIES_NOISE_LOG_SD if families_only else noise_sd,
            known=date.min,
            note="assumed",
        )
    ]


def rounding_step(values: Sequence[int]) -> int:
    """The largest power of ten, 10,000 at most, that divides every figure; 1 without figures or for exact ones."""
    positive = [value for value in values if value > 0]
    for step in (10_000, 1_000, 100, 10):
        if positive and all(value % step == 0 for value in positive):
            return step
    return 1


def _scope(reports: Sequence[Report], crossings: tuple[str, ...]) -> tuple[str, ...]:
    """Crossings that `all` means: every one of the case, unless the series only ever names some."""
    named = {part for report in reports for part in report.crossing.split("+")}
    return crossings if "all" in named or not named else tuple(sorted(named))
