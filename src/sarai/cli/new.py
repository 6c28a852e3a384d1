"""`sarai new`: a case folder of one's own, from a few questions or as a copy of another case."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sarai.observe.case_draft import Draft


def register(app: typer.Typer) -> None:
    """Add the verb `new`."""

    @app.command("new")
    def start_case(
        name: Annotated[str, typer.Argument(metavar="NAME", help="Folder to make: a name or a path.")],
        from_case: Annotated[
            str, typer.Option("--from", metavar="CASE", help="Copy this case. Default: ask a few questions.")
        ] = "",
    ) -> None:
        """Start a case folder of your own: answer a few questions, or copy a case. Nothing half written.

        Example: sarai new my-case

        Example: sarai new my-case --from pakistan-2023
        """
        from sarai.observe.case_new import copy_case, require_free, write_case

        if from_case:
            folder = copy_case(from_case, name)
        else:
            from sarai.observe.case_draft import draft_files

            require_free(name)
            folder = write_case(draft_files(ask_draft()), name)
        typer.echo(str(folder))
        typer.echo(
            f"Next: `sarai check {name}` says what is still taken for granted; `sarai add {name} --help` records a "
            f"count; `sarai brief {name}` makes a first briefing.",
            err=True,
        )


def ask_draft() -> Draft:
    """The answers of the person at the terminal, or of a file given as standard input."""
    from sarai.cli.interview import interview
    from sarai.world.errors import Fault, RequestError

    def ask(question: str, default: str) -> str:
        typer.echo(f"{question} [{default}]: " if default else f"{question}: ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            mend = "answer all questions, or copy a case with --from"
            raise RequestError(Fault(what="the questions ended early; nothing was written", column=question, mend=mend))
        return line.strip() or default

    return interview(ask, lambda words: typer.echo(words, err=True))
