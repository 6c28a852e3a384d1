"""The usual movement: it goes on where a deadline comes to nothing, and from where it stands where nobody sets one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.makers.emergency import KINDS, Emergency, make_folder, true_flow

from sarai.calibrate.calibrate import calibrate
from sarai.forecast.make import law_paths
from sarai.observe.case_folder import load_case

IDS = np.arange(200, dtype=np.uint64)


def forecast(kind: Emergency, day: int, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Persons a day that the law expects (horizon, member) and those who came (horizon,)."""
    for name, data in make_folder(kind).items():
        (folder / name).write_bytes(data)
    posterior = calibrate(load_case(str(folder)).as_of(kind.start + timedelta(days=day)))
    truth = true_flow(kind).sum(axis=1)[day + 1 : day + 15]
    return law_paths(posterior, IDS, 1, 14).sum(axis=1), truth


@pytest.mark.parametrize("name", [kind.name for kind in KINDS if kind.regime == "not enforced"])
def test_people_go_on_leaving_after_a_deadline_that_came_to_nothing(name: str, tmp_path: Path) -> None:
    """A wave that moves few does not empty those from whom the usual movement is taken."""
    kind = next(kind for kind in KINDS if kind.name == name)
    paths, truth = forecast(kind, kind.deadlines[-1] + 30, tmp_path)
    low, high = np.quantile(paths.mean(axis=0), [0.025, 0.975])
    assert paths.min(axis=1).max() > 0.0
    assert 0.5 * low < truth.mean() < 2.0 * high
    assert np.median(paths.mean(axis=0)) > 0.5 * truth.mean()


def test_a_population_below_the_counts_is_raised(tmp_path: Path) -> None:
    """Where the table names fewer people than were counted, the forecast does not end at nobody."""
    kind = next(kind for kind in KINDS if kind.name == "war-daily")
    small = Emergency(**{**kind.__dict__, "population": 20_000})
    paths, truth = forecast(small, 120, tmp_path)
    assert true_flow(kind)[:120].sum() > 100_000, "many more were counted than the table names"
    assert np.median(paths.mean(axis=0)) > 0.4 * truth.mean()


@pytest.mark.parametrize(("name", "part"), [("enforced-small", 20), ("enforced-large", 20), ("totals", 20)])
def test_a_range_that_the_counts_refute_does_not_end_a_rush(name: str, part: int, tmp_path: Path) -> None:
    """Far more people were counted, by all crossings together, than the directive named at most: the weeks after the
    deadline are not told as empty.
    """
    kind = next(kind for kind in KINDS if kind.name == name)
    refuted = Emergency(**{**kind.__dict__, "population": (kind.population or 0) // part})
    paths, truth = forecast(refuted, kind.deadlines[0] + 5, tmp_path)
    assert np.median(paths.mean(axis=0)) > 0.45 * truth.mean()
    assert np.quantile(paths.mean(axis=0), 0.05) > 0.2 * truth.mean()


def test_a_movement_without_deadline_goes_on_from_where_it_stands(tmp_path: Path) -> None:
    """Half or twice the usual level is not called back within a week."""
    kind = next(kind for kind in KINDS if kind.name == "war-daily")
    paths, _ = forecast(kind, 85, tmp_path)
    recent = true_flow(kind).sum(axis=1)[81:86].mean()
    first_week = np.median(paths[:5].mean(axis=0))
    assert 0.6 < first_week / recent < 1.5


def test_a_movement_goes_on_where_the_only_phase_was_called_off(tmp_path: Path) -> None:
    """It fell to the usual level on the day after each forecast, however long ago the phase had been called off."""
    kind = next(kind for kind in KINDS if kind.name == "enforced-small")
    files = make_folder(kind)
    off = kind.start + timedelta(days=kind.deadlines[0] + 2)
    change = f"calendar:\n  changes:\n    - {{wave: phase_1, withdrawn: true, source: ministry, known: {off}}}\n"
    files["case.yaml"] = files["case.yaml"].replace(b"calendar:\n", change.encode())
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    as_of = off + timedelta(days=8)
    day = (as_of - kind.start).days
    posterior = calibrate(load_case(str(tmp_path)).as_of(as_of))
    middle = np.median(law_paths(posterior, IDS, 1, 7).sum(axis=1)[2:].mean(axis=0))
    recent = true_flow(kind).sum(axis=1)[day - 4 : day + 1].mean()
    assert recent > 5.0 * kind.base and 0.5 < middle / recent < 1.5
