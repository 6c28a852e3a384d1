"""The rise to a deadline that comes to nothing: smaller than that to one that is enforced, and open towards nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

UNENFORCED_RISE = 0.1  # A324: part of the rise to a deadline that is there although nothing follows it
DOWNWARD = 2.0  # A324: log sd of that rise below its median, in units of the one of a rise that is enforced
SMALLEST_RATE = 1e-12  # a case may set a rate to zero


def unenforced_rise(rise_rate: Floats, usual: Floats) -> Floats:
    """Multiplier of the rise before a deadline that comes to nothing, (wave, member).

    rise_rate  (wave, member) hazard on a deadline that is enforced; usual: (wave, 1) its prior median
    Below the median the distance counts DOWNWARD times, because a deadline that nobody believes moves nobody, however
    many people it names.
    """
    departure = np.log(np.maximum(rise_rate, SMALLEST_RATE) / np.maximum(usual, SMALLEST_RATE))
    out: Floats = UNENFORCED_RISE * np.exp((DOWNWARD - 1.0) * np.minimum(departure, 0.0))
    return out
