"""Book: totals held against the counts that their own series prints for days within the same window.

A publisher's total is the sum of its own counts and of the days it did not print: what it gets wrong in a day is wrong
in the total too. So the two are held against each other far more closely than either against a rival.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.finding import Finding
from sarai.reconcile.observations import Observations
from sarai.reconcile.reconcile import take_observations
from sarai.reconcile.scan import WIDE_VARIANCE, offsets_under
from sarai.reconcile.setting import Setting, settle_figures
from sarai.reconcile.totals import odds
from sarai.world.civil import day_date

Ints = NDArray[np.int64]

BOOK_LOG_SD = 0.1  # A272: log error of a total beside the counts of its own series
BOOK_SCORE = 4.0  # A272: standard errors from which a total and the counts within it contradict each other
BOOK_LOG = 0.5  # A272: and log units
BOOK_LEFT = 0.4  # A272: and log units by which the picture misses the one or the others


@dataclass(frozen=True, kw_only=True)
class Denial:
    """A total (row of a figure) that counts within it (rows) deny: log offset and its standard error."""

    row: int
    counts: Ints
    offset: float
    error: float

    @property
    def score(self) -> float:
        """Offset over its standard error."""
        return self.offset / self.error


def find_contradictions(setting: Setting, taken: set[str]) -> list[Finding]:
    """Series whose totals and whose counts of days within these deny each other, where the picture cannot hold both."""
    observations = setting.observations
    lost = np.array([bool(taken & set(names)) for names in observations.report_ids], dtype=np.bool_)
    found: list[Finding] = []
    for rows in book_groups(observations, lost):
        inside = {place: counts_inside(observations, rows, row) for place, row in enumerate(rows.tolist())}
        if not any(len(counts) for counts in inside.values()):
            continue
        denials = [denial for denial in hold_book(setting, rows, inside) if counts_as_finding(setting, denial)]
        if denials:
            found.append(book_finding(observations, denials))
    return found


def book_groups(observations: Observations, lost: NDArray[np.bool_]) -> list[Ints]:
    """Rows of each regime and status that count people of every kind, in order of days."""
    keys = list(zip(observations.regime.tolist(), observations.statuses, strict=True))
    usable = ~lost & np.array([name == "all" for name in observations.classes], dtype=np.bool_)
    groups: dict[tuple[int, str], list[int]] = {}
    for row in np.flatnonzero(usable).tolist():
        groups.setdefault(keys[row], []).append(row)
    return [np.array(rows, dtype=np.int64) for _, rows in sorted(groups.items())]


def counts_inside(observations: Observations, rows: Ints, row: int) -> Ints:
    """Those of `rows` that count part of the days of one figure, at its crossings, and together all of these."""
    start, end, scope = observations.start, observations.end, observations.scope
    if start[row] == end[row]:
        return rows[:0]
    within = (start[rows] >= start[row]) & (end[rows] <= end[row]) & (end[rows] - start[rows] < end[row] - start[row])
    within &= ~(scope[rows] & ~scope[row]).any(axis=1)
    counts = rows[within]
    return counts if len(counts) and bool((scope[counts].any(axis=0) == scope[row]).all()) else rows[:0]


def hold_book(setting: Setting, rows: Ints, inside: dict[int, Ints]) -> list[Denial]:
    """Each total of one series beside what all other figures of the series make of it, whatever rivals say.

    Steps are held to their usual scale: learned from a book that denies itself, they would excuse it.
    """
    own = take_observations(setting.observations, rows)
    noise = np.minimum(own.noise_sd, BOOK_LOG_SD)
    scale = np.hypot(noise, own.rounding_sd)
    told = settle_figures(setting.world, setting.entries, replace(own, noise_sd=noise, log_sd=scale))
    usual = WIDE_VARIANCE * told.prior.step_sd**2
    offsets = offsets_under(told.fit, told.prior, usual, scale**2, np.sqrt(WIDE_VARIANCE) * scale)
    return [
        Denial(row=int(rows[place]), counts=counts, offset=float(offsets.offset[place]),
               error=float(offsets.error[place]))
        for place, counts in inside.items()
        if len(counts)
    ]  # fmt: skip


def counts_as_finding(setting: Setting, denial: Denial) -> bool:
    """Whether a denial is beyond chance, and the picture misses the total or the counts within it by much.

    Where rivals tell of days between the counts that make up for the gap, the picture holds both.
    """
    fit, observations = setting.fit, setting.observations
    scale = np.hypot(observations.noise_sd * fit.noise_factor[observations.regime], observations.rounding_sd)
    missed = fit.residual * scale
    left = max(abs(float(missed[denial.row])), abs(float(missed[denial.counts].mean())))
    return abs(denial.score) > BOOK_SCORE and abs(denial.offset) > BOOK_LOG and left > BOOK_LEFT


def book_finding(observations: Observations, denials: list[Denial]) -> Finding:
    """A finding about the totals of one series that its own counts deny, told by the clearest of them."""
    worst = max(denials, key=lambda denial: abs(denial.score))
    value, counts = observations.value[worst.row], worst.counts
    series = observations.regimes[observations.regime[worst.row]].series
    first, last = day_date(int(observations.start[worst.row])), day_date(int(observations.end[worst.row]))
    what = "count" if len(counts) == 1 else f"{len(counts)} counts"
    text = (
        f"{value:,.0f} from {first} to {last} and its own {what} within these days (together "
        f"{observations.value[counts].sum():,.0f}) deny each other: by the {'count' if len(counts) == 1 else 'counts'} "
        f"about {value / np.exp(worst.offset):,.0f} are expected, {abs(worst.score):.0f} standard errors away; other "
        "days, crossings or people may be meant"
    )
    if len(denials) > 1:
        text += f" (so with {len(denials)} totals)"
    return Finding(
        kind="disagreement",
        series=series,
        reports=tuple(name for denial in denials for name in observations.report_ids[denial.row]),
        start=min(int(observations.start[denial.row]) for denial in denials),
        end=max(int(observations.end[denial.row]) for denial in denials),
        evidence=text,
        log_odds=odds(worst.score),
        change="it would not enter; where its counts are what is wrong, set those aside instead",
        action="set_aside",
        factor=float(np.exp(worst.offset)),
    )
