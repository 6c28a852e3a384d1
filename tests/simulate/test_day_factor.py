"""The factor of the day: what all hazards of a member are multiplied by, also where nobody is left at risk."""

from __future__ import annotations

import numpy as np

from sarai.simulate.departure_kernel import CONTAGION, LEFT, POOL, RECENT, day_factor


def test_contagion_grows_with_those_who_left_and_needs_somebody_at_risk() -> None:
    """e to the weight for a tenth who left in the past week; with nobody at risk the effect of the day alone."""
    members = 3
    stratum = np.zeros((POOL + 1, 2, members))
    stratum[POOL] = [[600.0, 0.0, 100.0], [400.0, 0.0, 0.0]]
    common = np.zeros((CONTAGION + 1, members))
    common[CONTAGION] = 0.5
    tally = np.zeros((max(RECENT, LEFT) + 1, members))
    tally[RECENT], tally[LEFT] = [100.0, 0.0, 20.0], 7.0
    factor, effect = np.full(members, 9.0), np.array([0.0, 0.3, -0.2])
    day_factor(effect, stratum, common, tally, factor)
    np.testing.assert_allclose(factor, np.exp([0.5, 0.3, -0.2 + 1.0]), rtol=1e-15)
    assert tally[LEFT].tolist() == [0.0, 0.0, 0.0]
