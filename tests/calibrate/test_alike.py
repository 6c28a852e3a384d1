"""Waves of one emergency are alike: what one taught is believed, in part, of the next."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.makers.emergency import KINDS, Emergency, make_folder

from sarai.calibrate.alike import WAVE_CORRELATION, alike_precision
from sarai.calibrate.calibrate import calibrate
from sarai.calibrate.posterior import Posterior
from sarai.observe.case_folder import case_from_files


def test_the_precision_is_the_inverse_of_sds_with_one_correlation() -> None:
    """Against the covariance written out, for one wave and for three."""
    for spread in (np.array([0.7]), np.array([0.5, 1.5, 0.8])):
        correlation = np.where(np.eye(spread.size) == 1.0, 1.0, WAVE_CORRELATION)
        covariance = correlation * np.outer(spread, spread)
        assert alike_precision(spread, WAVE_CORRELATION) @ covariance == pytest.approx(np.eye(spread.size), abs=1e-12)


def twice() -> tuple[Emergency, Posterior]:
    """An emergency whose first deadline came to nothing, a day after the second was announced."""
    kind = next(kind for kind in KINDS if kind.name == "not-enforced-twice")
    day = kind.start + timedelta(days=kind.deadlines[1] - kind.notice + 1)
    return kind, calibrate(case_from_files(kind.name, make_folder(kind)).as_of(day))


def test_a_quiet_first_announcement_is_believed_of_the_second() -> None:
    """Nothing has been reported after the second, yet its step is expected below the prior, as the first one's was."""
    _, posterior = twice()
    block = posterior.unknowns.by_name["announce_rate"]
    first, second = posterior.components[0].fit.mode[block.where] - block.mean
    assert first < -0.3 and first < second < 0.5 * first


def test_the_prior_of_each_wave_by_itself_is_that_of_the_table() -> None:
    """The correlation changes no marginal sd, so a case with one wave has the prior it always had."""
    _, posterior = twice()
    covariance = np.linalg.inv(posterior.unknowns.precision)
    block = posterior.unknowns.by_name["rise_rate"]
    assert np.sqrt(np.diag(covariance))[block.where] == pytest.approx(block.spread)
