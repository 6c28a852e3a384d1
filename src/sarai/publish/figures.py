"""Figures with their spread, rounded to the precision that they have."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

INTERVAL = (0.05, 0.5, 0.95)
LEAST_STEP = 10.0
"""A142: persons are never printed finer than tens."""
NARROW, WIDE = 0.2, 2.0
"""A140: a range narrower than a fifth of its figure leaves it three figures, one wider than twice the figure one."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A figure with its 90 % range, in persons or in the unit of its column. Not rounded yet.

    least   the finest step that it is printed in
    """

    low: float
    mid: float
    high: float
    least: float = LEAST_STEP

    def rounded(self) -> Estimate:
        """The same figure in honest steps: as many significant figures as the width of the range allows."""
        digits = honest_digits(self.low, self.mid, self.high)
        low, mid, high = (
            round_to(value, digit_step(value, digits, self.least)) for value in (self.low, self.mid, self.high)
        )
        return Estimate(low=low, mid=mid, high=high, least=self.least)


def estimate(samples: NDArray[np.float64]) -> Estimate:
    """Median and 90 % range of samples (any shape is read as one set of samples)."""
    low, mid, high = (float(value) for value in np.quantile(samples, INTERVAL))
    return Estimate(low=low, mid=mid, high=high)


def honest_digits(low: float, mid: float, high: float) -> int:
    """Significant figures that a range leaves to its figure: three, two or one (A140)."""
    width = (high - low) / mid if mid > 0.0 else math.inf
    if width < NARROW:
        return 3
    return 2 if width < WIDE else 1


def digit_step(value: float, digits: int, least: float) -> float:
    """Step that leaves `digits` significant figures, one more where the first is a 1; at least `least`."""
    if value <= 0.0:
        return least
    power = math.floor(math.log10(value))
    more = 1 if digits == 1 and value < 2.0 * 10.0**power else 0
    return float(max(least, 10.0 ** (power + 1 - digits - more)))


def round_to(value: float, step: float) -> float:
    """The nearest multiple of `step`, halves away from zero, so that the same value is rounded the same everywhere."""
    return math.copysign(math.floor(abs(value) / step + 0.5) * step, value) if value else 0.0


def round_up(value: float, figures: int = 2) -> float:
    """A quantity to have ready: rounded up to `figures` significant figures, never down."""
    if value <= 0.0:
        return 0.0
    step = 10.0 ** max(0, math.floor(math.log10(value)) - figures + 1)
    return math.ceil(value / step - 1e-9) * step
