"""A case on whose as-of day nothing has been counted yet."""

from __future__ import annotations

from datetime import date

import numpy as np

from makers.folder import smallest_case
from sarai.observe.case_folder import case_from_files
from sarai.reconcile.reconcile import reconcile


def test_without_any_report_there_is_a_picture_and_it_says_so() -> None:
    """The picture of an uncounted border has positive flows at every crossing and a status that is a sentence."""
    world = case_from_files("small", smallest_case()).as_of(date(2030, 3, 2))
    assert world.reports == ()
    picture = reconcile(world, sample_count=50, seed=1)
    assert picture.crossings == ("north_gate", "south_gate")
    assert np.all(picture.flow > 0) and np.all(np.isfinite(picture.flow))
    assert "no usable report" in picture.status
