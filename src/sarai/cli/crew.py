"""Options of verbs whose work can be shared out: processes of this machine, or a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.talk import say
from sarai.world.errors import Fault, RequestError

if TYPE_CHECKING:
    from sarai.crew.crew import Crew

MOST_WORKERS = 1024  # a slip of the keyboard should not start more processes than any machine holds; A326
WorkersOption = Annotated[
    int, typer.Option("--workers", metavar="N", help="Processes of this machine to share the work; same bytes.")
]
ClusterOption = Annotated[
    str | None,
    typer.Option("--cluster", metavar="AT", help="Share the work out to a Dask scheduler: its address or its file."),
]


@contextmanager
def open_crew(workers: int, cluster: str | None) -> Iterator[Crew]:
    """Who does the work. Raises RequestError for numbers and addresses that make no sense."""
    check_workers(workers, cluster)
    if cluster is not None:
        from sarai.crew.cluster import Cluster

        with Cluster(cluster) as many:
            say(f"{many.size} threads of {cluster} share the work.")
            if many.strangers:
                say(
                    f"Some have other processors ({', '.join(many.strangers)}): last digits may differ from a run here."
                )
            yield many
    elif workers > 1:
        from sarai.crew.processes import Processes

        with Processes(workers) as several:
            yield several
    else:
        from sarai.crew.crew import ALONE

        yield ALONE


def check_workers(workers: int, cluster: str | None) -> None:
    """Refuse a number of processes out of range, and both ways of sharing at once."""
    faults = []
    if not 1 <= workers <= MOST_WORKERS:
        faults.append(Fault(column="--workers", what="this number is out of range", found=str(workers),
                            wanted=f"a whole number from 1 to {MOST_WORKERS}"))  # fmt: skip
    if cluster is not None and workers != 1:
        faults.append(Fault(column="--cluster", what="the work is shared out in one way", found="--workers as well",
                            wanted="one of the two", mend="leave --workers out"))  # fmt: skip
    if faults:
        raise RequestError(faults)
