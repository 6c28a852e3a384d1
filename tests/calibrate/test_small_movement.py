"""Deadlines that name many and move few, and rushes of people whom nobody has counted."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from makers.emergency import Emergency, make_folder, true_flow
from sarai.calibrate.calibrate import calibrate
from sarai.calibrate.posterior import Posterior
from sarai.calibrate.unenforced import UNENFORCED_RISE, unenforced_rise
from sarai.calibrate.unknowns import NOT_ENFORCED
from sarai.forecast.make import law_paths
from sarai.observe.case_folder import case_from_files

MOVED_FEW = Emergency(
    name="moved-few", base=130.0, peak=200.0, regime="not enforced", reporting="week", days=155, deadlines=(65,),
    population=3_700_000, seed=7023,
)  # fmt: skip
UNCOUNTED = Emergency(
    name="uncounted", base=270.0, peak=9_700.0, regime="enforced", crossings=5, reporting="week", days=188,
    deadlines=(98,), notice=12, population=None, seed=7016,
)  # fmt: skip


def believed(kind: Emergency, days_after: int) -> Posterior:
    """The posterior so many days after the deadline."""
    case = case_from_files(kind.name, make_folder(kind))
    return calibrate(case.as_of(kind.start + timedelta(days=kind.deadlines[-1] + days_after)))


def test_the_rise_to_a_deadline_without_effect_is_a_tenth_and_less_where_little_is_believed() -> None:
    """At and above the median a tenth; below it the distance on the log scale counts twice."""
    usual = np.array([[0.05]])
    found = unenforced_rise(np.array([[0.5, 0.05, 0.005, 0.0]]), usual)[0]
    assert found[:3] == pytest.approx([UNENFORCED_RISE, UNENFORCED_RISE, UNENFORCED_RISE / 10.0])
    assert 0.0 <= found[3] < 1e-9
    assert np.isfinite(unenforced_rise(np.zeros((1, 2)), np.zeros((1, 1)))).all()


def test_a_deadline_that_named_millions_and_moved_hundreds_is_seen_to_have_come_to_nothing() -> None:
    """Twelve days after it, by reports of the week that it fell into, a late rush is thought the less likely."""
    posterior = believed(MOVED_FEW, 12)
    nothing = sum(one.weight for one in posterior.components if one.regimes[-1] == NOT_ENFORCED)
    assert nothing > 0.6


def test_the_middle_of_a_range_that_says_nothing_does_not_end_a_rush() -> None:
    """Between 1,000 and 10 million people: the weeks after a rush are not told as if all had left."""
    posterior = believed(UNCOUNTED, 12)
    paths = law_paths(posterior, np.arange(300, dtype=np.uint64), 1, 14).sum(axis=(0, 1))
    first = UNCOUNTED.deadlines[-1] + 13
    came = true_flow(UNCOUNTED)[first : first + 14].sum()
    assert np.median(paths) > 0.4 * came
    assert np.quantile(paths, 0.05) > 0.05 * came
