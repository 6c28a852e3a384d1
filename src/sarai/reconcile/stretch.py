"""Stretches: runs of a series with one offset, as families for persons, a factor, or another scope make them."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.finding import Finding, describe_factor, normal_odds
from sarai.reconcile.fit import Fit
from sarai.reconcile.observations import Observations
from sarai.reconcile.scan import (
    MOST_STEPS,
    Offsets,
    Stretch,
    solve_columns,
    solve_target,
    stretch_offsets,
    test_scale,
)
from sarai.reconcile.setting import Setting

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STRETCH_SCORE = 5.0  # A69: standard errors from which a stretch of a series is a finding
NAMELESS_SCORE = 5.4  # A69: the same where the offset has no known cause, a change of scope apart
STRETCH_LOG = 0.4  # A69: and log units
FEWEST_STRETCH = 3
FEWEST_OUTSIDE = 2  # a stretch leaves figures of its series to compare it with
LEAST_NOISE = 0.8  # A69: part of the prior noise below which none is believed
HOUSEHOLD_LOG = (-2.4, -1.2)  # A69: log offsets that mean families: 3.3 to 11 persons a family


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
    best = Stretch(
        rows=rows[steps[first] : steps[last]], offset=float(offset[first, last]), error=float(error[first, last])
    )
    nameless = name_offset(best.offset)[0] == "scope_change"
    return None if nameless and abs(best.score) < NAMELESS_SCORE else best


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
