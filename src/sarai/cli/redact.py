"""`sarai redact`: erase a value from a case, its ledger and every replay, and leave a tombstone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sarai.cli.options import CaseArgument


def register(app: typer.Typer) -> None:
    """Put the verb on the command line."""
    app.command("redact")(redact)


def redact(
    case: CaseArgument,
    row: Annotated[str, typer.Argument(metavar="ROW", help="Id of the row, or TABLE:LINE.")],
    why: Annotated[str, typer.Option(help="The reason; never the value itself.")],
    by: Annotated[str, typer.Option(help="Role and duty station of who decides, never a name.")],
    column: Annotated[str, typer.Option(help="Only this cell. Default: the whole row.")] = "",
) -> None:
    """Erase a row or a cell from the table and from every version that the ledger keeps.

    No replay of any past day shows it again, and the same file does not bring it back. Files sent out are beyond it.

    Example: sarai redact my-case observations.csv:17 --column note --why "personal data" --by "data protection, Kabul"
    """
    from sarai.ledger.folder import write_case
    from sarai.ledger.redact import redact_row
    from sarai.observe.case_folder import find_case
    from sarai.observe.report_rows import TABLE, report_lines
    from sarai.observe.screen import screen_text

    screen_text("--why", why)
    screen_text("--by", by)
    _, folder = find_case(case)
    with write_case(Path(str(folder)), screen=lambda _: None) as held:
        if line := report_lines(held.folder).get(row):
            row = f"{TABLE}:{line}"
        done = redact_row(held, row, column=column, why=f"{why} ({by})")
    typer.echo(
        f"{done.table}: {done.column or 'the whole row'} erased from the table and {len(done.versions)} versions"
    )
