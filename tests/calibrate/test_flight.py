"""Learning flight settings: the smoother on a linear law, a planted setting found again, later counts unread."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from makers.flight import make_case
from sarai.calibrate.flight import calibrate_flight, normals, with_divisor
from sarai.calibrate.flight_smoother import smoother_weights, update_members
from sarai.model.flight.case import CampTable, FlightCase
from sarai.model.flight.declared import DECLARED, apply_values, centre, declare, from_scale, to_scale
from sarai.model.flight.law import build_law, with_settings
from sarai.simulate.flight.run import simulate_flight
from sarai.world.errors import RequestError


def test_inflations_trust_the_data_once() -> None:
    """The inverses of the inflations sum to 1, whatever the passes and the ratio."""
    for passes, ratio in ((1, 2.0), (3, 2.0), (5, 1.0)):
        weights = smoother_weights(passes, ratio)
        assert (1 / weights).sum() == pytest.approx(1.0)
        assert weights[:-1] / weights[1:] == pytest.approx(ratio), "the first pass trusts the data least"


def test_the_smoother_finds_the_gaussian_posterior() -> None:
    """y = x + error, prior N(0, 1), error sd 0.5, y = 1: the posterior is N(0.8, 0.2)."""
    members = 4000
    unknowns = normals(1, "prior", ["x"], members)
    for step, inflation in enumerate(smoother_weights(3, 2.0)):
        noise = normals(1, "noise", ["y"], members, step)
        unknowns = update_members(unknowns, unknowns.copy(), np.array([1.0]), np.array([0.5]), noise, float(inflation))
    assert unknowns.mean() == pytest.approx(0.8, abs=0.05)
    assert unknowns.var() == pytest.approx(0.2, abs=0.03)


def test_scales_go_there_and_back(tmp_path: Path) -> None:
    """Every declared unknown keeps its value through its scale, inside its bounds."""
    for item in DECLARED:
        middle = (item.low * item.high) ** 0.5
        assert from_scale(item, to_scale(item, middle)) == pytest.approx(middle)
        assert from_scale(item, 1e9) == item.high
        assert from_scale(item, -1e9) == item.low
    case = make_case(tmp_path)
    unknowns = declare(case)
    assert [item.name for item in unknowns][-2:] == ["camp:Bridge", "camp:Lake"]
    same = apply_values(case, unknowns, centre(case, unknowns))
    assert same.settings.camp_weight == pytest.approx(case.settings.camp_weight)
    assert same.pulls == {"Bridge": 1.0, "Lake": 1.0}
    with pytest.raises(RequestError, match="cannot be learned"):
        declare(case, ["hasten"])


def planted_case(tmp_path: Path, **settings: float) -> FlightCase:
    """A case whose recorded counts are the mean of a run with other settings."""
    case = with_settings(make_case(tmp_path), hasten=1, camp_movechance=1e-6)
    truth = simulate_flight(build_law(with_settings(case, **settings)), seed=99, members=40)
    mean = truth.camp_counts().mean(axis=2).round()
    days = np.arange(case.days, dtype=float)
    tables = [CampTable(name=name, parts=((days, mean[:, j]),)) for j, name in enumerate(truth.camp_names)]
    return replace(case, layout=(case.layout[0], *tables))


def test_a_planted_setting_is_found_again(tmp_path: Path) -> None:
    """Counts made with a foreign weight of 8 raise the learned weight well above the 1 of the case."""
    case = planted_case(tmp_path, foreign_weight=8.0)
    posterior = calibrate_flight(case, (0, 25), seed=4, names=["foreign_weight"], camps=False, members=40, divisor=1)
    assert np.median(posterior.values("foreign_weight")) > 2.0
    assert posterior.error[1] < posterior.error[0]


def test_no_member_is_kept_that_does_worse_than_the_settings_of_the_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts made with the settings of the case, and a smoother that leads far astray: these settings are kept."""
    case = planted_case(tmp_path)
    monkeypatch.setattr("sarai.calibrate.flight.update_members", lambda unknowns, *_: unknowns + 40.0)
    posterior = calibrate_flight(case, (0, 25), seed=2, members=8, passes=1, divisor=1)
    assert posterior.error[1] == posterior.error[0]
    assert np.array_equal(posterior.posterior, np.repeat(centre(case, posterior.unknowns)[:, None], 2, axis=1))


def test_later_counts_are_not_read(tmp_path: Path) -> None:
    """Changing every count after the days of learning changes no bit of what is learned."""
    case = make_case(tmp_path)
    cut = []
    for table in case.layout:
        (days, counts) = table.parts[0]
        at = float(np.interp(14, days, counts))
        cut.append(CampTable(name=table.name, parts=((np.array([0.0, 14.0, 25.0]), np.array([counts[0], at, 0.0])),)))
    kept = [replace(t, parts=((t.parts[0][0], t.parts[0][1]),)) for t in cut]
    kept = [replace(t, parts=((t.parts[0][0], t.parts[0][1] + np.array([0, 0, 77])),)) for t in kept]
    one = calibrate_flight(replace(case, layout=tuple(cut)), (0, 14), seed=3, members=8, divisor=1)
    two = calibrate_flight(replace(case, layout=tuple(kept)), (0, 14), seed=3, members=8, divisor=1)
    assert np.array_equal(one.posterior, two.posterior)


def test_a_window_outside_the_period_is_refused(tmp_path: Path) -> None:
    """Days of learning must lie in the period, and there must be one."""
    case = with_divisor(make_case(tmp_path), 1)
    for window in ((0, 0), (5, 99), (-1, 4)):
        with pytest.raises(ValueError, match="must lie in"):
            calibrate_flight(case, window, seed=1)
