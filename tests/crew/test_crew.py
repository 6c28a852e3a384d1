"""The crew: same results in the same order from any number of hands; what goes wrong in a job is told here."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from makers.flight import make_law
from sarai.cli.crew import open_crew
from sarai.cli.options import parse_day
from sarai.crew.cores import VARIABLE, cores
from sarai.crew.crew import ALONE, Crew
from sarai.crew.processes import Processes
from sarai.simulate.flight.run import simulate_flight
from sarai.simulate.flight.spread import join_members, shares, spread_flight
from sarai.world.errors import RequestError, SaraiError

DAYS = ["2023-10-28", "2023-10-03", "2023-11-01"]


def test_alone_does_a_job_when_it_is_asked_for() -> None:
    """Results come one by one, so that progress can be told; nothing is done ahead."""
    done: list[int] = []

    def work(job: int) -> int:
        done.append(job)
        return job * job

    results = ALONE.results(work, [1, 2, 3])
    assert next(results) == 1 and done == [1]
    assert list(results) == [4, 9] and ALONE.size == 1


def test_processes_give_results_in_order_and_faults_with_their_place(tmp_path: Path) -> None:
    """Order of jobs, not of ends; a fault raised in another process is the same fault here; members are the same."""
    law = make_law(tmp_path)
    with Processes(2) as crew:
        assert [str(day) for day in crew.results(parse_day, DAYS)] == DAYS
        with pytest.raises(RequestError) as raised:
            list(crew.results(parse_day, [*DAYS, "2023-02-30"]))
        assert raised.value.faults[0].column == "--as-of" and raised.value.faults[0].found == "2023-02-30"
        assert list(crew.results(os.getenv, [VARIABLE])) == [str(max(1, cores() // 2))]
        shared = spread_flight(law, seed=7, members=9, crew=crew, keep_travel=True)
    whole = simulate_flight(law, seed=7, members=9, keep_travel=True)
    for name in ("place", "link", "total", "travel", "members"):
        np.testing.assert_array_equal(getattr(shared, name), getattr(whole, name), err_msg=name)


def test_a_process_that_is_killed_is_said() -> None:
    """A sentence that says what to do, not a broken pool."""
    with Processes(2) as crew, pytest.raises(SaraiError, match="--workers with a smaller number"):
        list(crew.results(os._exit, [1]))


class InTurns:
    """A crew in this process, which records the sizes of its jobs."""

    def __init__(self, size: int = 3) -> None:
        self.size = size
        self.members: list[int] = []

    def results(self, work, jobs):  # type: ignore[no-untyped-def]
        """work(job) of every job."""
        self.members = [len(job.ids) for job in jobs]
        return map(work, jobs)


def test_members_and_their_laws_are_shared_out_evenly(tmp_path: Path) -> None:
    """One law a member goes with its member; no part is empty; more hands than members are no harm."""
    laws = [
        make_law(tmp_path / str(k), {"simsetting.yml": f"move_rules:\n  awareness_level: {k % 3 + 1}\n"})
        for k in range(5)
    ]
    crew: Crew = InTurns()
    shared = spread_flight(laws, seed=3, members=5, crew=crew)
    assert crew.members == [1] * 5  # type: ignore[attr-defined]
    np.testing.assert_array_equal(shared.place, simulate_flight(laws, seed=3).place)
    one = InTurns(1)
    spread_flight(laws[0], seed=3, members=8, crew=one)
    assert one.members == [2, 2, 2, 2]  # a crew of one elsewhere works there, and not here
    assert shares(10, 3) == [(0, 3), (3, 6), (6, 10)] and shares(1, 8) == [(0, 1)]
    assert join_members([shared]).place.shape == shared.place.shape


def test_cores_are_those_lent_or_those_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's word, unless SARAI_CORES says otherwise; what is no number is refused."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 3, 5}, raising=False)
    assert cores() == 3
    monkeypatch.setenv(VARIABLE, "2")
    assert cores() == 2
    for word in ("0", "-1", "two", "1.5"):
        monkeypatch.setenv(VARIABLE, word)
        with pytest.raises(RequestError, match=VARIABLE):
            cores()
    monkeypatch.delenv(VARIABLE)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert cores() == (os.cpu_count() or 1)


@pytest.mark.parametrize(
    ("workers", "cluster", "count"), [(0, None, 1), (5000, None, 1), (2, "tcp://x:1", 1), (0, "tcp://x:1", 2)]
)
def test_senseless_crews_are_refused(workers: int, cluster: str | None, count: int) -> None:
    """Numbers out of range and two ways at once, all faults together, before anything starts."""
    with pytest.raises(RequestError) as raised, open_crew(workers, cluster):
        pass
    assert len(raised.value.faults) == count
