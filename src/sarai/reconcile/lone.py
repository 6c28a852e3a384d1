"""Lone figures: single counts far from what all others say, as misprints and lost digits are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.entry import HOUSEHOLD_PERSONS
from sarai.reconcile.finding import LOOKED_AT, Finding, FindingKind, describe_factor, normal_odds
from sarai.reconcile.observations import Observations
from sarai.reconcile.setting import Setting

Floats = NDArray[np.float64]

SINGLE_SCORE = 5.0  # A69: standard errors from which a lone figure is a finding
SINGLE_LOG = 1.0  # A69: and log units
DIGIT_SCORE = 2.0  # A69: standard errors within which a figure with the digit mended agrees with all others
DIGIT_ODDS = 9.0  # A69: or log density of a digit lost or gained over that of none
DIGIT_CLEAR = 3.0  # A69: log density of a digit lost or gained over that of any slip, from which it is called so
ANY_SLIP_LOG_SD = 1.5  # A69: log size of any slip


def find_lone_figures(setting: Setting, taken: set[str]) -> list[Finding]:
    """Single figures far from what all others say: misprints, lost or extra digits."""
    observations = setting.observations
    offsets = setting.offsets
    whole = np.array([name == "all" for name in observations.classes], dtype=np.bool_)
    clumps = np.where(whole, 0.0, HOUSEHOLD_PERSONS / np.maximum(observations.value, 1.0))
    error = np.sqrt(offsets.error**2 + clumps)
    score = offsets.offset / error
    digit = digit_odds(offsets.offset, error) > DIGIT_ODDS
    found = []
    for row in np.flatnonzero(((np.abs(score) > SINGLE_SCORE) | digit) & (np.abs(offsets.offset) > SINGLE_LOG)):
        if taken & set(observations.report_ids[row]) or observations.form[row] == "difference":
            continue
        if neighbours_agree(observations, score, int(row)):
            continue
        found.append(lone_finding(observations, int(row), float(offsets.offset[row]), float(error[row])))
    return found


def digit_odds(offset: Floats, error: Floats) -> Floats:
    """Log density of offsets (figure,) if one digit was lost or gained, over that if none was; error: standard errors.

    A slip known by its size needs less to be believed than any misprint: it says where the figure would lie. Where it
    does not lie there either, a digit explains nothing: minus infinity.
    """
    away = (np.abs(offset) - np.log(10.0)) / error
    odds = 0.5 * ((offset / error) ** 2 - away**2)
    return np.asarray(np.where(np.abs(away) < DIGIT_SCORE, odds, -np.inf), dtype=np.float64)


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


def lone_finding(observations: Observations, row: int, offset: float, error: float) -> Finding:
    """A finding about one figure."""
    factor = float(np.exp(offset))
    slip = float(digit_odds(np.array(offset), np.array(error)))
    score = offset / error
    value = observations.value[row]
    kind, meaning = name_slip(offset, error)
    return Finding(
        kind=kind,
        series=observations.regimes[observations.regime[row]].series,
        reports=observations.report_ids[row],
        start=int(observations.start[row]),
        end=int(observations.end[row]),
        evidence=f"{value:,.0f} is {describe_factor(factor)} what all other reports say ({value / factor:,.0f}), "
        f"{abs(score):.0f} standard errors off: {meaning}",
        log_odds=max(normal_odds(score), slip - LOOKED_AT),
        change="it would not enter",
        action="set_aside",
        factor=factor,
    )


def name_slip(offset: float, error: float) -> tuple[FindingKind, str]:
    """Kind and meaning of a lone offset: digits lost or gained only where others say well enough what was meant."""
    digits = round(offset / np.log(10.0))
    away = (abs(offset) - abs(digits) * np.log(10.0)) / error
    wide = ANY_SLIP_LOG_SD**2 + error**2
    clear = 0.5 * (offset**2 / wide + np.log(wide)) - 0.5 * away**2 - np.log(error)
    if digits and clear > DIGIT_CLEAR:
        return "dropped_digit", "a digit lost" if digits < 0 else "a digit too many"
    if abs(offset / error) > SINGLE_SCORE:
        return "misprint", "no noise of its series explains it"
    return "disagreement", "it disagrees with rival series, maybe by a digit lost or gained"
