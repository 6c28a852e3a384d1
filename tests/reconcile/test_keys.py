"""Normals of the room are the quantiles of its keyed uniforms, to the last bit, alone or together."""

from __future__ import annotations

import numpy as np

from sarai.reconcile.keys import draw_normals, stream_of
from sarai.simulate.philox import uniform_at
from sarai.simulate.small_math import CENTRAL, normal_quantile

DAYS = np.arange(40, dtype=np.int64)
CELLS = np.arange(7, dtype=np.uint64)


def test_normals_are_quantiles_of_their_uniforms() -> None:
    """Middle and tails are worked out in loops of their own, and nothing of that shows in the numbers."""
    members = np.array([2**31, 0, 1, 2, 3, 4], dtype=np.int64)
    drawn = draw_normals(3, "some purpose", members, DAYS, CELLS)
    stream = stream_of(3, "some purpose")
    chance = np.array([[[uniform_at(stream, int(m), int(d), c) for m in members] for c in CELLS] for d in DAYS])
    assert np.array_equal(drawn, np.vectorize(normal_quantile)(chance))
    assert 0.1 < (np.abs(chance - 0.5) > CENTRAL).mean() < 0.2


def test_a_member_alone_draws_what_it_draws_among_others() -> None:
    """A draw is a function of its keys: neither neighbours nor their number change it."""
    members = np.array([2**31, 8, 9, 10], dtype=np.int64)
    drawn = draw_normals(3, "some purpose", members, DAYS, CELLS)
    for place in range(len(members)):
        assert np.array_equal(draw_normals(3, "some purpose", members[[place]], DAYS, CELLS), drawn[..., [place]])
    assert draw_normals(3, "some purpose", members[:0], DAYS, CELLS).shape == (40, 7, 0)
