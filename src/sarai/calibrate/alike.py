"""Waves of one emergency are alike: what a deadline taught of its people is believed, in part, of the next one.

Each wave has hazards and a fraction at risk of its own. They are those of the same people under the same state, so that
an announcement which moved nobody, or a rush of a certain size, says something about the wave that follows. Their prior
is that of independent waves but for a correlation; the prior of each wave by itself stays what it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WAVE_CORRELATION = 0.7  # A331: of one parameter in two waves of one emergency, on the fitted scale


def alike_precision(spread: Floats, correlation: float) -> Floats:
    """Precision (n, n) of normals with sds `spread` (n,), any two of which have this correlation, in [0, 1)."""
    shared = correlation / (1.0 + (spread.size - 1) * correlation)
    out: Floats = (np.eye(spread.size) - shared) / (1.0 - correlation) / np.outer(spread, spread)
    return out
