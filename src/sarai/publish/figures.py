"""Figures with their spread, rounded to the precision that they have."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

INTERVAL = (0.05, 0.5, 0.95)
STEP_PARTS = 4.0
"""A140: a range is printed in steps of the power of ten below a quarter of its width."""
LEAST_STEP = 10.0
"""A142: persons are never printed finer than tens."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A figure with its 90 % range, in persons or in the unit of its column. Not rounded yet."""

    low: float
    mid: float
    high: float

    def rounded(self, least: float = LEAST_STEP) -> Estimate:
        """The same figure in honest steps: all three ends in one step that follows from the width of the range."""
        step = honest_step(self.low, self.mid, self.high, least)
        low, mid, high = (round_to(value, step) for value in (self.low, self.mid, self.high))
        return Estimate(low=low, mid=mid, high=high)


def estimate(samples: NDArray[np.float64]) -> Estimate:
    """Median and 90 % range of samples (any shape is read as one set of samples)."""
    low, mid, high = (float(value) for value in np.quantile(samples, INTERVAL))
    return Estimate(low=low, mid=mid, high=high)


def honest_step(low: float, mid: float, high: float, least: float = LEAST_STEP) -> float:
    """Step in which a figure with this range is printed: a power of ten, at least `least`.

    For a range of no width the step leaves two figures of the value itself.
    """
    width = (high - low) / STEP_PARTS
    if width <= 0.0:
        width = abs(mid) / 10.0
    power = math.floor(math.log10(width)) if width > 0.0 else 0
    return float(max(least, 10.0**power))


def round_to(value: float, step: float) -> float:
    """The nearest multiple of `step`, halves away from zero, so that the same value is rounded the same everywhere."""
    return math.copysign(math.floor(abs(value) / step + 0.5) * step, value) if value else 0.0


def round_up(value: float, figures: int = 2) -> float:
    """A quantity to have ready: rounded up to `figures` significant figures, never down."""
    if value <= 0.0:
        return 0.0
    step = 10.0 ** max(0, math.floor(math.log10(value)) - figures + 1)
    return math.ceil(value / step - 1e-9) * step
