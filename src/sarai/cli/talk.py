"""Talk goes to stderr, so that data on stdout can be piped; work of over two seconds shows that it goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer


def say(sentence: str) -> None:
    """A sentence for the person at the terminal."""
    typer.echo(sentence, err=True)


RESTRICTED = "Restricted: for those who plan reception and care."
CONFIDENTIAL = "Confidential: it shows counts as they were reported. Keep it in the house."


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show that a piece of work goes on: a spinner with the time on a terminal, one line elsewhere."""
    if not sys.stderr.isatty():
        say(f"{title} ...")
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        progress.add_task(title, total=None)
        yield
