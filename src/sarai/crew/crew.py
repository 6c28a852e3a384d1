"""Crew: who does the work. Jobs that need nothing of each other, results in the order of the jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


class Crew(Protocol):
    """Does jobs; one job's result hangs on that job alone, so the number of hands changes no byte.

    size  jobs at work side by side
    """

    @property
    def size(self) -> int:
        """Jobs at work side by side."""

    def results(self, work: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
        """work(job) of every job, in the order of the jobs, each as soon as those before it are there.

        work  a function of a module: other processes find it by its name
        An error of a job is raised here, and the jobs that have not begun are dropped.
        """


class Alone:
    """The crew of one: this process, one job after another."""

    size = 1

    def results(self, work: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
        """work(job) of every job, done when it is asked for."""
        return map(work, jobs)


ALONE = Alone()
