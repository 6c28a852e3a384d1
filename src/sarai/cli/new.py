"""`sarai new`: a case folder of one's own, from a few questions, a filled-in spreadsheet or another case."""

from __future__ import annotations

import sys
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sarai.observe.case_draft import Draft

SHEET_ENDING = ".xlsx"
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}


def register(app: typer.Typer) -> None:
    """Add the verb `new`."""

    @app.command("new")
    def start_case(
        name: Annotated[str, typer.Argument(metavar="[NAME]", help="Folder to make: a name or a path.")] = "",
        from_case: Annotated[
            str,
            typer.Option(
                "--from",
                metavar="CASE",
                help="Copy this case, or read this filled-in spreadsheet (.xlsx). Default: ask a few questions.",
            ),
        ] = "",
        template: Annotated[
            str, typer.Option("--template", metavar="FILE.xlsx", help="Write an empty spreadsheet to fill in.")
        ] = "",
    ) -> None:
        """Start a case folder of your own: answer a few questions, fill in a spreadsheet, or copy a case.

        Nothing is written before all answers hold together, and nothing over a folder that is there. Priors of the
        forecast are the documented ones, or learned on request from the emergencies that ship, this one left out; they
        then stand as settings in case.yaml (A320), and deleting those lines brings the documented ones back.

        Example: sarai new my-case

        Example: sarai new --template my-case.xlsx

        Example: sarai new my-case --from my-case.xlsx

        Example: sarai new my-case --from pakistan-2023
        """  # fmt: skip
        if template:
            write_empty_template(template, name or from_case)
            return
        from sarai.observe.case_new import copy_case

        require_name(name)
        filled = from_case.lower().endswith(SHEET_ENDING)
        folder = copy_case(from_case, name) if from_case and not filled else write_draft(name, from_case)
        typer.echo(str(folder))
        called = quote(name)
        say(f"Next: `sarai check {called}` says what is still taken for granted and what to find out first;")
        say(f"`sarai add {called} --help` records a count; `sarai brief {called}` makes a first briefing.")


def write_draft(name: str, sheet: str) -> Path:
    """The folder made from a filled-in spreadsheet, or from answers where there is none."""
    from sarai.cli.borrow import borrow_priors
    from sarai.ledger.moment import system_clock
    from sarai.observe.case_new import require_free, write_case
    from sarai.observe.draft_files import draft_files
    from sarai.observe.template_read import read_template

    require_free(name)
    draft = read_template(Path(sheet), say, system_clock().date()) if sheet else ask_draft()
    show(draft)
    if draft.borrow:
        draft = borrow_priors(draft)
    return write_case(draft_files(draft), name)


def say(words: str) -> None:
    """A sentence for the person at the terminal."""
    typer.echo(words, err=True)


def show(draft: Draft) -> None:
    """What was understood."""
    from sarai.cli.interview import summary

    say("Understood:")
    for line in summary(draft):
        say(f"  {line}")


def require_name(name: str) -> None:
    """Refuse a run without a name for the folder."""
    from sarai.world.errors import Fault, RequestError

    if not name.strip():
        raise RequestError(
            Fault(what="the case has no name", column="NAME", wanted="a folder to make", mend="sarai new my-case")
        )
    last = Path(name).name
    odd_end = last.strip(".") and last != last.rstrip(" .")
    if last.split(".")[0].upper() in RESERVED or odd_end or set(last) & set('<>:"|?*'):
        raise RequestError(
            Fault(
                what="a computer with Windows cannot hold a folder of this name", column="NAME", found=name,
                wanted="letters, digits, - and _", mend="sarai new my-case",
            )
        )  # fmt: skip


def write_empty_template(template: str, other: str) -> None:
    """Write the spreadsheet; refuse a name beside it, another ending and a file that is there."""
    from sarai.observe.template_write import write_template
    from sarai.world.errors import Fault, RequestError

    if other:
        mend = f"write it first: sarai new --template {template}"
        raise RequestError(Fault(what="--template stands alone", column="--template", found=other, mend=mend))
    path = Path(template)
    write_template(path)
    typer.echo(str(path))
    say(f"Fill it in, save it, then: sarai new my-case --from {template}")


def ask_draft() -> Draft:
    """The answers of the person at the terminal, or of a file given as standard input."""
    from sarai.cli.interview import PRIORS_QUESTION, interview
    from sarai.world.errors import Fault, RequestError

    seated = sys.stdin.isatty()

    def ask(question: str, default: str) -> str:
        typer.echo(f"{question} [{default}]: " if default else f"{question}: ", nl=False, err=True)
        try:
            line = sys.stdin.readline()
        except UnicodeDecodeError:
            mend = "save the file as UTF-8, or fill in a spreadsheet (--template)"
            raise RequestError(Fault(what="the answers are not UTF-8 text", column=question, mend=mend)) from None
        if not line and question == PRIORS_QUESTION:
            return default  # the last question: answers written down before it was asked end here
        if not line:
            mend = "answer all questions, fill in a spreadsheet (--template), or copy a case with --from"
            raise RequestError(Fault(what="the questions ended early; nothing was written", column=question, mend=mend))
        if not seated:
            say(line.strip())
        return line.strip() or default

    return interview(ask, say, patient=seated)
