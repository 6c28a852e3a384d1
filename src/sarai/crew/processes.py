"""A crew of processes on this machine."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self

from sarai.crew.cores import VARIABLE, cores
from sarai.crew.crew import Job, Result
from sarai.world.errors import SaraiError


class Processes:
    """Several processes, each with its share of the cores. A context: leaving it ends them."""

    def __init__(self, size: int) -> None:
        self.size = size
        share = max(1, cores() // size)
        # spawned, not forked: a fork copies locks that threads of the kernels hold
        self._pool = ProcessPoolExecutor(
            size, mp_context=multiprocessing.get_context("spawn"), initializer=take_share, initargs=(share,)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def results(self, work: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
        """work(job) of every job, in the order of the jobs. Raises SaraiError where a process was killed."""
        waiting = [self._pool.submit(work, job) for job in jobs]
        try:
            for one in waiting:
                yield one.result()
        except BrokenProcessPool:
            raise SaraiError(
                "One of the processes at work was killed, most often because memory ran out. Nothing was written. "
                "Take fewer: --workers with a smaller number, or fewer --members."
            ) from None
        finally:
            for one in waiting:
                one.cancel()


def take_share(share: int) -> None:
    """Use no more than a share of the cores in this process."""
    os.environ[VARIABLE] = str(share)
