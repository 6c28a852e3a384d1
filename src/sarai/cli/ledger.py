"""`sarai ledger`: what the ledger holds, how the tables stood on any past day, and one file to send."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from sarai.cli.options import CaseArgument
from sarai.world.errors import Fault, RequestError

RecordedOption = Annotated[
    str,
    typer.Option("--recorded", metavar="MOMENT", help="A day, a UTC moment, or the number of an act. Default: now."),
]
LedgerOption = Annotated[str, typer.Option("--ledger", metavar="URL", help="A team's database in place of the file.")]


def register(app: typer.Typer) -> None:
    """Put the verb on the command line."""
    verb = typer.Typer(help="The record of every version of every row.\n\nExample: sarai ledger show my-case")
    verb.command("show")(show)
    verb.command("export")(export)
    verb.command("replay")(replay)
    verb.command("check")(check)
    app.add_typer(verb, name="ledger")


def show(
    case: CaseArgument,
    row: Annotated[str, typer.Option(help="Only the versions of this row or report.")] = "",
    files: Annotated[bool, typer.Option("--files", help="Files that were offered.")] = False,
    url: LedgerOption = "",
) -> None:
    """List acts, files offered, or the versions of one row, oldest first.

    Example: sarai ledger show my-case --row 1f2e3d4c
    """
    from sarai.ledger.folder import read_case
    from sarai.observe.report_rows import row_of_report
    from sarai.observe.screen import screen_tables

    with read_case(_folder(case), screen=screen_tables, place=url or None) as ledger:
        if row:
            typer.echo("version,recorded,action,id,file,sheet,row,cells")
            row = row_of_report(_folder(case), ledger, row)
            for version in ledger.history(row):
                cells = "; ".join(f"{name}={cell}" for name, cell in version.cells.items())
                origin = version.origin
                typer.echo(
                    f"{version.version},{version.recorded:%Y-%m-%dT%H:%M:%SZ},{version.action},{version.id},"
                    f"{origin.file},{origin.sheet},{origin.row},{cells}"
                )
        elif files:
            typer.echo("recorded,verdict,sha256,bytes,name")
            for entry in ledger.files():
                typer.echo(
                    f"{entry.recorded:%Y-%m-%dT%H:%M:%SZ},{entry.verdict},{entry.file_hash},{entry.size_bytes},{entry.name}"
                )
        else:
            typer.echo("act,recorded,verb,why")
            for number, recorded, name, why in ledger.batches():
                typer.echo(f"{number},{recorded:%Y-%m-%dT%H:%M:%S.%fZ},{name},{why}")


def export(
    case: CaseArgument,
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    url: LedgerOption = "",
) -> None:
    """Write one file with every record, to keep or to send.

    Example: sarai ledger export my-case my-case-2023-11-02.sqlite
    """
    from sarai.ledger.export import export_ledger
    from sarai.ledger.folder import read_case
    from sarai.observe.screen import screen_tables

    with read_case(_folder(case), screen=screen_tables, place=url or None) as ledger:
        size = export_ledger(ledger, out)
    typer.echo(f"{out}: {size:,} bytes")


def replay(
    case: CaseArgument,
    recorded: RecordedOption = "",
    url: LedgerOption = "",
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write the tables there.")] = None,
) -> None:
    """Ask for the tables as they stood on a past day, bit for bit; the folder written is a case that any verb takes.

    Example: sarai ledger replay my-case --recorded 2023-11-02 --out my-case-then
    """
    from sarai.ledger.folder import read_case
    from sarai.ledger.hashing import hash_bytes
    from sarai.observe.screen import screen_tables

    with read_case(_folder(case), screen=screen_tables, place=url or None) as ledger:
        then = ledger.replay(parse_moment(recorded))
    if not then.tables:
        raise RequestError(Fault(column="--recorded", what="nothing was recorded by then", found=recorded))
    if out is not None:
        if out.exists():
            raise RequestError(Fault(file=str(out), what="the folder is there already", mend="Name another."))
        out.mkdir(parents=True)
        for name, data in then.files.items():
            (out / name).write_bytes(data)
    typer.echo("table,rows,sha256")
    for name, data in then.files.items():
        typer.echo(f"{name},{len(then.tables[name].rows)},{hash_bytes(data)}")
    typer.echo(f"all,,{then.digest}")


def check(case: CaseArgument, url: LedgerOption = "") -> None:
    """Replay every recorded state of every table and compare it with the digest written then.

    Example: sarai ledger check my-case
    """
    from sarai.ledger.folder import read_case
    from sarai.observe.screen import screen_tables
    from sarai.world.errors import SaraiError

    with read_case(_folder(case), screen=screen_tables, place=url or None) as ledger:
        faults, acts = ledger.check(), len(ledger.batches())
    if faults:
        raise SaraiError("\n".join(map(str, faults)))
    typer.echo(f"{acts} acts replay bit for bit")


def parse_moment(text: str) -> datetime | date | int | None:
    """A day, a UTC moment or the number of an act. Raises RequestError."""
    if not text:
        return None
    if text.isdecimal() and len(text) < 9:
        return int(text)
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        fault = Fault(
            column="--recorded", what="this is no day or moment", found=text, wanted="2023-11-02, or an act's number"
        )
        raise RequestError(fault) from None


def _folder(case: str) -> Path:
    from sarai.observe.case_folder import find_case

    return Path(str(find_case(case)[1]))
