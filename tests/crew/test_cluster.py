"""A cluster: a scheduler with workers of its own on this machine, as on many. Same bytes; bad addresses are said."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from makers.flight import write_case
from sarai.cli.app import build_app
from sarai.cli.options import parse_day
from sarai.crew import cluster as cluster_file
from sarai.crew.cluster import SAME, Cluster, check_same, surroundings
from sarai.forecast.backtest import backtest
from sarai.forecast.targets import find_targets
from sarai.observe.case_folder import load_case
from sarai.world.errors import RequestError, SaraiError

# what Dask leaves behind of workers that were killed is found by the garbage collector in whatever test comes next
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]
LOCAL = {"dashboard_address": "127.0.0.1:0", "threads_per_worker": 1, "host": "127.0.0.1", "silence_logs": 50}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A scheduler with two worker processes on loopback."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, processes=True, **LOCAL) as local:
        yield local.scheduler_address
    gc.collect()


def test_results_come_in_order_and_faults_with_their_place(address: str) -> None:
    """The order of jobs; a fault of a worker is the same fault here, and the cluster works on."""
    days = ["2023-10-28", "2023-10-03", "2023-11-01"]
    with Cluster(address) as crew:
        assert crew.size == 2 and crew.strangers == ()
        assert [str(day) for day in crew.results(parse_day, days)] == days
        with pytest.raises(RequestError) as raised:
            list(crew.results(parse_day, [*days, "2023-02-30"]))
        assert raised.value.faults[0].found == "2023-02-30"
        assert [str(day) for day in crew.results(parse_day, days[:1])] == days[:1]


def test_a_back_test_gives_the_same_rows(address: str) -> None:
    """Two origins of the teaching case: reconciled, calibrated and scored by workers as by this process."""
    case = load_case("teaching")
    targets = find_targets(case.as_of(case.last_known()))
    origins = [date(2031, 5, 6), date(2031, 5, 13), date(2040, 1, 1)]
    told: list[str] = []
    asked: dict[str, Any] = {"models": ("law", "persistence"), "member_count": 40}
    with Cluster(address) as crew:
        shared = backtest(case.as_of, origins, targets, crew=crew, watch=told.append, **asked)
    assert shared == backtest(case.as_of, origins, targets, **asked)
    assert len(shared) > 4 and [line.split(": ")[1] for line in told][-1] == "no targets"


def test_a_flee_run_writes_the_same_file(address: str, tmp_path: Path) -> None:
    """By address and by scheduler file, the members of a run come back in their places."""
    folder = write_case(tmp_path / "case")
    (tmp_path / "scheduler.json").write_text(json.dumps({"address": address}))
    for name, more in (
        ("a", ()),
        ("b", ("--cluster", address)),
        ("c", ("--cluster", str(tmp_path / "scheduler.json"))),
    ):
        words = ["flee", "run", str(folder), "--members", "7", "--out", str(tmp_path / f"{name}.csv"), *more]
        done = CliRunner().invoke(build_app(), words)
        assert done.exit_code == 0, done.output
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes() == (tmp_path / "c.csv").read_bytes()


def test_a_job_that_ends_its_worker_is_said(address: str) -> None:
    """After a few workers are lost to the same job, a sentence; the others are not asked for ever."""
    with Cluster(address) as crew, pytest.raises(SaraiError, match="lacks memory"):
        list(crew.results(os._exit, [1]))


@pytest.mark.parametrize("at", ["nonsense", "no/such/scheduler.json", "tcp://", "tcp://127.0.0.1:9", "file"])
def test_what_is_no_scheduler_is_refused(at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found, what is wanted, how to start one; within the patience."""
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster_file, "PATIENCE_S", 2.0)
    if at == "file":
        (tmp_path / "x.json").write_text("no JSON")
        at = str(tmp_path / "x.json")
    with pytest.raises(RequestError, match=r"(?s)no scheduler answers there.*dask scheduler") as raised:
        Cluster(at)
    assert at in raised.value.faults[0].found


def test_a_scheduler_without_workers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how to start some."""
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(cluster_file, "PATIENCE_S", 2.0)
    with (
        distributed.LocalCluster(n_workers=0, processes=True, **LOCAL) as empty,
        pytest.raises(RequestError, match=r"(?s)no workers.*dask worker"),
    ):
        Cluster(empty.scheduler_address)


def test_workers_with_other_versions_are_refused_all_at_once() -> None:
    """Each by name, with what it has and what it should have; another processor is no fault."""
    here = surroundings()
    other = {**here, "numpy": "1.0", "sarai": "0.0.0"}
    workers = {
        "tcp://a": here,
        "tcp://b": other,
        "tcp://c": {**here, "scipy": "none"},
        "tcp://d": {**here, "processor": "x"},
    }
    with pytest.raises(RequestError) as raised:
        check_same(workers, here)
    assert [fault.what.split()[1] for fault in raised.value.faults] == ["tcp://b", "tcp://c"]
    assert raised.value.faults[0].found == "sarai 0.0.0, numpy 1.0" and set(SAME) <= set(here)


def test_dask_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RequestError, match=r"sarai\[cluster\]"):
        Cluster("tcp://127.0.0.1:9")
