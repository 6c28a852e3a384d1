"""`sarai reconcile`: rival reports into one daily picture."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sarai.cli.facts import run_facts
from sarai.cli.known import read_known
from sarai.cli.options import (
    DEFAULT_MEMBERS,
    DEFAULT_SEED,
    AsOfOption,
    CaseArgument,
    MembersOption,
    OutFileOption,
    SeedOption,
    check_counts,
    read_text,
)
from sarai.cli.talk import say, step

WindowsOption = Annotated[
    Path | None,
    typer.Option(
        "--windows", metavar="FILE", help="CSV with date_from, date_to, crossing: sums over these instead of days."
    ),
]


LevelOption = Annotated[
    str,
    typer.Option(
        "--level", metavar="NAME", help="public, restricted, or confidential: all figures, to stay in the house."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the verb `reconcile`."""

    @app.command("reconcile")
    def reconcile_case(
        case: CaseArgument,
        as_of: AsOfOption = None,
        members: MembersOption = DEFAULT_MEMBERS,
        seed: SeedOption = DEFAULT_SEED,
        windows: WindowsOption = None,
        out: OutFileOption = None,
        level: LevelOption = "restricted",
    ) -> None:
        """The daily flow at each crossing that explains all reports known on a day, with its uncertainty.

        Quantiles of persons by day, crossing, status and kind; sums over windows come from joint samples. Figures that
        are too small for the level, and those that would tell them, are left blank; the last column says so, and which
        quantiles are fewer than ten. Kinds of return and statuses that no report tells apart have no rows.

        Example: sarai reconcile pakistan-2023 --as-of 2023-11-20 --out reconciled.csv
        """
        from sarai.publish.flat import flat_bytes, write_flat
        from sarai.publish.reconciled import TOLD_COLUMNS, check_level, protect_rows
        from sarai.publish.told import told_rows
        from sarai.reconcile.reconcile import reconcile
        from sarai.reconcile.table import picture_table
        from sarai.reconcile.windows import parse_windows

        check_counts(members=members, seed=seed)
        check_level(level)
        asked = parse_windows(read_text(windows, "--windows"), windows.name) if windows else None
        with step(f"Reconciling {case}"):
            world = read_known(case, as_of)
            picture = reconcile(world, members, seed)
            table = picture_table(picture, asked, windows.name if windows else "")
            kept, untold = told_rows(world, table.iter_rows())
            told = protect_rows(picture, kept, level)
        rows = [[*map(str, row[:5]), *(_written(value, out) for value in row[5:-1]), row[-1]] for row in told]
        if out is None:
            sys.stdout.buffer.write(flat_bytes(TOLD_COLUMNS, rows))
        else:
            facts = run_facts(world, check_level(level), members=members, seed=seed)
            say(str(write_flat(TOLD_COLUMNS, rows, out, facts)))
        say(_level_words(level))
        if untold:
            say(f"No report tells apart, so no row is given: {', '.join(untold)}.")
        entered = sum(1 for bearing in picture.bearings if not bearing.reason)
        say(f"{entered} reports enter, {len(picture.bearings) - entered} are set aside; `sarai explain` says why.")
        if picture.status != "ok":
            say(picture.status)
            raise typer.Exit(code=1)


def _written(value: object, out: Path | None) -> object:
    """A figure with a decimal; one that is not shown is empty in text and null in Parquet, never a zero."""
    if value is None:
        return None if out is not None and out.suffix.lower() == ".parquet" else ""
    return round(float(str(value)), 1)


def _level_words(level: str) -> str:
    if level == "confidential":
        return "Confidential: small figures are not held back here. Keep the file in the house."
    from sarai.publish.levels import THRESHOLDS

    least = f"{THRESHOLDS[level]:.0f}"
    return (
        f"{level.capitalize()}: figures under {least} people, and those that would tell them, are left blank. This "
        "file knows of no other one and of no briefing: give a reader either it or the briefings, not both."
    )
