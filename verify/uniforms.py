"""Keyed uniforms of many members at once, as the claims on draws use them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.draws import (
    cell_key,
    purpose_key,
    stream_key,
    uniform_row,
)
from verify.chi_square import Counts

DAY = 757_000_000


def uniforms(seed: int, purpose: str, member: Counts, day: int, cell: str) -> NDArray[np.float64]:
    """Keyed uniforms for members."""
    out = np.empty(len(member))
    uniform_row(out, member, stream_key(seed, purpose_key(purpose)), day, cell_key(cell))
    return out
