"""`sarai add`: one count that came by telephone or message."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from sarai.cli.options import CaseArgument, parse_day


def register(app: typer.Typer) -> None:
    """Put the verb on the command line."""
    app.command("add")(add)


def add(
    case: CaseArgument,
    crossing: Annotated[str, typer.Option(help="Crossing id or name, several joined by +, or all.")],
    start: Annotated[str, typer.Option("--from", metavar="DATE", help="First day that the count is about.")],
    source: Annotated[
        str, typer.Option(metavar="ID", help="Publication or desk; an id that is new needs --publisher.")
    ],
    end: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day, inclusive. Default: the first.")] = "",
    persons: Annotated[str, typer.Option(metavar="N", help="Persons counted.")] = "",
    families: Annotated[str, typer.Option(metavar="N", help="Families counted.")] = "",
    kind: Annotated[
        str, typer.Option(help="return_all, deported, not_deported, registered_assisted ...")
    ] = "return_all",
    status: Annotated[str, typer.Option(help="Document status, or all.")] = "all",
    series: Annotated[str, typer.Option(help="Series that the count belongs to.")] = "",
    cumulative: Annotated[bool, typer.Option("--cumulative", help="A running total since --from.")] = False,
    publisher: Annotated[str, typer.Option(help="Publisher or duty station of a new source, never a person.")] = "",
    title: Annotated[str, typer.Option(help="Title of a new source.")] = "",
    known: Annotated[str, typer.Option(metavar="DATE", help="Known since. Default: today.")] = "",
    note: Annotated[str, typer.Option(help="What to know about the figure; never about a person.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Write what came of it as JSON.")] = False,
    supersedes: Annotated[
        str, typer.Option(metavar="ROW", help="Id of the row that this corrects; --note says why.")
    ] = "",
) -> None:
    """Record one count: where, when, how many, what kind, from whom.

    Example: sarai add my-case --crossing torkham --from 2023-11-01 --persons 24000 --source desk --publisher "KP desk"
    """
    from sarai.cli.ingest import case_check, show_outcome
    from sarai.observe.case_folder import find_case
    from sarai.observe.one_count import OneCount, add_count

    name, folder = find_case(case)
    count = OneCount(
        crossing=crossing,
        start=parse_day(start, "--from"),
        end=parse_day(end or start, "--to"),
        persons=persons,
        families=families,
        kind=kind,
        status=status,
        series=series,
        cumulative=cumulative,
        source_id=source,
        publisher=publisher,
        title=title,
        known=parse_day(known, "--known") if known else _today(),
        note=note,
        supersedes=supersedes,
    )
    done = add_count(Path(str(folder)), count, check_case=case_check(name, Path(str(folder))))
    show_outcome(done, as_json=as_json)


def _today() -> date:
    return datetime.now(UTC).date()
