"""The command `sarai`: every verb lives in a file of its own and registers itself here.

A verb module imports numba, polars, altair or scipy only inside its function, so that `sarai --help` stays quick.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib import import_module
from typing import Annotated

import typer

from sarai import __version__
from sarai.cli.quick_start import end_calmly, start_calmly
from sarai.cli.streams import drop_output, fold_message, settle_streams
from sarai.world.errors import Fault, RequestError, SaraiError
from sarai.world.responsible_use import RESPONSIBLE_USE

VERB_MODULES: tuple[str, ...] = (
    "add",
    "attack",
    "audit",
    "backtest",
    "brief",
    "calibrate",
    "cases",
    "check",
    "explain",
    "flee",
    "forecast",
    "ingest",
    "ledger",
    "new",
    "plan",
    "preposition",
    "priors",
    "reconcile",
    "redact",
    "scoreboard",
    "serve",
    "targets",
    "simulate",
    "warm",
    "whatif",
)

OUR_FAULT = 3
TRACE_SWITCH = "SARAI_TRACE"

app = typer.Typer(
    name="sarai",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=(
        "Forecast, simulate and plan the response to a mass return, from aggregate counts only.\n\n"
        "Example: sarai brief pakistan-2023 --as-of 2023-10-28\n\n" + "\n\n".join(RESPONSIBLE_USE)
    ),
)


def show_version(value: bool) -> None:
    """Print the version and stop."""
    if value:
        typer.echo(f"sarai {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options that every verb shares."""


@cache
def build_app() -> typer.Typer:
    """The command with every verb registered, in the order of VERB_MODULES."""
    for name in VERB_MODULES:
        import_module(f"sarai.cli.{name}").register(app)
    return app


def main() -> None:
    """Run the command line; sarai's own errors become a message and their exit code, any other is our fault (3).

    What the machine refuses (a full disk, lost rights, a folder that is a file) is no fault of ours: exit code 2.
    """
    start_calmly()
    settle_streams()
    try:
        build_app()()
    except SaraiError as error:
        typer.echo(fold_message(str(error)), err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        if os.environ.get(TRACE_SWITCH):
            raise
        drop_output()
        typer.echo(fold_message(str(refused(error))), err=True)
        sys.exit(RequestError.exit_code)
    except Exception as error:
        if os.environ.get(TRACE_SWITCH):
            raise
        first_line = (str(error).splitlines() or [""])[0]
        typer.echo(
            f"This is our fault, not yours: {type(error).__name__}: {first_line}\n"
            f"Nothing was half written. Set {TRACE_SWITCH}=1, run it again and send us what it prints.",
            err=True,
        )
        sys.exit(OUR_FAULT)
    finally:
        end_calmly()


def refused(error: OSError) -> RequestError:
    """What the machine refused, where and why, in one sentence."""
    return RequestError(
        Fault(file=str(error.filename or ""), what="the machine refused to read or write",
              found=error.strerror or str(error), mend="make room, mend the rights or choose another place")
    )  # fmt: skip
