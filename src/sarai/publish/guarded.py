"""Guarded: figures of the past outside the tables of the release, none finer than these and none that they hide."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from sarai.publish.figures import Estimate, digit_step, honest_digits, round_to
from sarai.publish.grid import ALL, least_step_of
from sarai.publish.levels import THRESHOLDS
from sarai.publish.table import HIDDEN, Cell, Hidden

SHARE_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""A147: steps of a share of the past; the finest of which half is not finer than the count it could be multiplied into,
since beside none and all the rest lies within half a step.
"""

COARSEST_SHARE = 0.5
"""A147: a share in steps as wide as this tells nothing and is left out."""


def guarded_share(
    share: Estimate, cells: Mapping[tuple[str, str, str], Cell], *, status: str = ALL, kind: str = ALL
) -> Estimate | None:
    """A share of those who crossed in a window, in steps that tell no more than the two counts; None where one hides.

    cells   (crossing, status, kind) -> cell of the window after disclosure control
    """
    whole, part = cells.get((ALL, ALL, ALL)), cells.get((ALL, status, kind))
    if not isinstance(whole, Estimate) or not isinstance(part, Estimate) or whole.mid <= 0.0:
        return None
    told = step_of(part)
    step = next((one for one in SHARE_STEPS if one * whole.mid >= 2.0 * told), SHARE_STEPS[-1])
    low, high = math.floor(share.low / step + 1e-9) * step, math.ceil(share.high / step - 1e-9) * step
    if low == 0.0 < share.low and step == SHARE_STEPS[0]:
        low = step / 1000.0  # not nobody: printed as "less than 1 %", and no more is told
    return Estimate(low=low, mid=min(high, round_to(share.mid, step)), high=min(1.0, high))


def guarded_completeness(share: float, cell: Cell) -> float | Hidden:
    """The part of a figure that stands on reports, in steps that tell no more of the rest than the figure does.

    The rest is the count of crossings and days without a report: a figure like any other, and perhaps a small one. Half
    a step times the figure is no finer than the figure, so that "all of it" too leaves a rest of many.
    """
    if not isinstance(cell, Estimate) or cell.mid <= 0.0:
        return HIDDEN
    step = next((one for one in SHARE_STEPS if one * cell.mid >= 2.0 * step_of(cell)), SHARE_STEPS[-1])
    return round_to(share, step) if step < COARSEST_SHARE else HIDDEN


def step_of(figure: Estimate) -> float:
    """The step in which a figure of the past is printed."""
    return digit_step(figure.mid, honest_digits(figure.low, figure.mid, figure.high), figure.least)


def guarded_count(persons: float, cell: Cell) -> float | None:
    """What a report counted, in the steps of the figure of the release for the same days and crossings.

    None where that is held back or the release holds none, and where few people were counted.
    """
    if not isinstance(cell, Estimate) or persons < THRESHOLDS["public"]:
        return None
    return round_to(persons, step_of(cell)) or None


def guarded_sum(figure: Estimate, days: int) -> Estimate | None:
    """A sum over days as an earlier briefing had it, in the steps of a release; None where it may not be shown.

    None too where it is less than half a step: that would read as nobody.
    """
    told = replace(figure, least=least_step_of(days))
    return None if figure.mid < THRESHOLDS["public"] or told.rounded().mid == 0.0 else told
