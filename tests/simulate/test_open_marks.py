"""Marks of open members: one bit each, whatever else stands in the row."""

import numpy as np
import pytest
from numba.core.errors import TypingError

from sarai.simulate.kernel import kernel
from sarai.simulate.open_marks import LOOK, open_marks
from sarai.simulate.plain import plain


@kernel()
def marks_at(row, first):
    """`open_marks` from Python."""
    return open_marks(row, first)


def test_a_bit_for_each_open_member():
    """Uniforms to the ends of (0, 1) are open; counts, 0, 1, what is below zero and what is no number are not."""
    rng = np.random.default_rng(1)
    for first in (0, 1, 7, 40):
        row = rng.integers(-1, 4, 80).astype(float)
        row[rng.integers(0, 80, 30)] = rng.uniform(size=30)
        row[first], row[first + 1], row[first + LOOK - 1] = 2.0**-54, np.nan, 1 - 2.0**-53
        wanted = sum(1 << i for i, u in enumerate(row[first : first + LOOK]) if 0 < u < 1)
        assert marks_at(row, first) == plain(marks_at)(row, first) == wanted


def test_a_row_with_gaps_is_refused():
    """It reads a piece of memory, so every second member of a row is not a row."""
    with pytest.raises(TypingError):
        marks_at(np.zeros(80)[::2], 0)
