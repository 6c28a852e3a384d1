"""Unmet need, and the single planning figure that plans are held against."""

from dataclasses import replace

import numpy as np
import pytest

from makers.briefing import make_briefing
from sarai.plan.unmet import week_goes_on


@pytest.mark.parametrize(("a_week", "told"), [(3.0, 50.0), (50.0, 50.0), (4_203.0, 4_300.0), (4_297.0, 4_300.0)])
def test_the_usual_planning_figure_is_no_exact_count_of_the_past(a_week: float, told: float) -> None:
    """The last week is rounded up to two figures and fifties before it is drawn out over four: none tells it."""
    picture = make_briefing().picture
    flow = np.full_like(picture.flow, a_week / 7 / picture.flow.shape[1])
    assert week_goes_on(replace(picture, flow=flow), 28) == pytest.approx(4 * told)
