"""A crew on other machines, through the scheduler of Dask."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sarai.crew.crew import Job, Result
from sarai.ledger.environment import read_cpu, read_versions
from sarai.world.errors import Fault, RequestError, SaraiError

OPTION = "--cluster"
PATIENCE_S = 20.0  # for a scheduler to answer and a first worker to be there; A325
LOOK_EVERY_S = 0.2  # A325
SAME = ("sarai", "python", "numpy", "numba", "llvmlite", "scipy", "polars")  # what moves a number; pages are made here
SCHEMES = ("tcp://", "tls://")


class Cluster:
    """The workers of a Dask scheduler. A context: leaving it lets go of them; the scheduler goes on.

    at         its address (`tcp://head:8786`), or the path of its scheduler file
    strangers  types of processor among the workers that are not this machine's: last digits may differ there
    Raises RequestError where Dask is not installed, nothing answers, there is no worker, or a worker has other
    versions than this machine.
    """

    def __init__(self, at: str) -> None:
        self._client = open_client(at)
        try:
            here, everyone = surroundings(), self._client.run(surroundings)
            check_same(everyone, here)
        except BaseException:
            self._client.close()
            raise
        self.size = sum(self._client.nthreads().values())
        self.strangers = tuple(sorted({one["processor"] for one in everyone.values()} - {here["processor"]}))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def results(self, work: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
        """work(job) of every job, in the order of the jobs; a job of a lost worker is done again by another.

        Raises SaraiError where the scheduler is lost, or a job ends its worker again and again.
        """
        from distributed import CancelledError, KilledWorker

        waiting = self._client.map(work, jobs, pure=False)
        try:
            for one in waiting:
                yield one.result()
        except (KilledWorker, CancelledError, OSError) as error:
            raise SaraiError(
                f"The cluster was lost: {type(error).__name__}. Nothing was written. Look at the scheduler's and the "
                "workers' logs; a worker that is killed most often lacks memory."
            ) from None
        finally:
            self._client.cancel(waiting)


def open_client(at: str) -> Any:
    """A client of the scheduler, with at least one worker there."""
    try:
        from distributed import Client
    except ImportError:
        raise RequestError(
            Fault(column=OPTION, what="work on other machines needs Dask", found="distributed is not installed",
                  mend='pip install "sarai[cluster]"')
        ) from None  # fmt: skip
    address = at if at.startswith(SCHEMES) else read_address(Path(at))
    try:
        client = Client(address, timeout=PATIENCE_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise unanswered(f"{at} ({type(error).__name__})") from None
    try:
        client.wait_for_workers(1, timeout=PATIENCE_S)
    except TimeoutError:
        client.close()
        raise RequestError(
            Fault(column=OPTION, what="the scheduler has no workers", found=at, wanted="one worker or more",
                  mend="start some with: dask worker --scheduler-file FILE --nthreads 1")
        ) from None  # fmt: skip
    return client


def read_address(file: Path) -> str:
    """The address in a scheduler file, waited for where a scheduler may yet write it; a RequestError where none is."""
    deadline = time.monotonic() + PATIENCE_S
    while file.suffix == ".json" and not file.exists() and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY_S)
    try:
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
    except OSError:
        raise unanswered(f"{file}, which cannot be read") from None
    except (ValueError, LookupError, TypeError):
        raise unanswered(f"{file}, which is no scheduler file") from None
    return str(address)


def unanswered(found: str) -> RequestError:
    """No scheduler is where it was looked for."""
    return RequestError(
        Fault(column=OPTION, what="no scheduler answers there", found=found,
              wanted="tcp://HOST:PORT of a Dask scheduler, or the path of its scheduler file",
              mend="start one with: dask scheduler --scheduler-file FILE")
    )  # fmt: skip


def surroundings() -> dict[str, str]:
    """What the numbers of a worker hang on: versions, and the type of processor."""
    versions = read_versions()
    return {"processor": read_cpu(), **{name: versions.get(name, "none") for name in SAME}}


def check_same(workers: dict[str, dict[str, str]], here: dict[str, str]) -> None:
    """Raise RequestError naming every worker whose versions are not those of this machine."""
    faults = []
    for worker, there in sorted(workers.items()):
        other = [name for name in SAME if there[name] != here[name]]
        if other:
            faults.append(
                Fault(column=OPTION, what=f"worker {worker} has other versions than this machine",
                      found=", ".join(f"{name} {there[name]}" for name in other),
                      wanted=", ".join(f"{name} {here[name]}" for name in other),
                      mend="install sarai with the same constraints.txt on every machine")
            )  # fmt: skip
    if faults:
        raise RequestError(faults)
