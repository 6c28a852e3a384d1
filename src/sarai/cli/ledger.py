"""`sarai ledger`: what the ledger holds, how the tables stood on any past day, and one file to send."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.options import CaseArgument
from sarai.cli.talk import CONFIDENTIAL, say
from sarai.world.errors import Fault, RequestError

if TYPE_CHECKING:
    from sarai.ledger.store import Ledger

RecordedOption = Annotated[
    str,
    typer.Option("--recorded", metavar="MOMENT", help="A day, a UTC moment, or the number of an act. Default: now."),
]
LedgerOption = Annotated[str, typer.Option("--ledger", metavar="URL", help="A team's database in place of the file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON instead of CSV.")]
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


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
    as_json: JsonOption = False,
) -> None:
    """List acts, files offered, or the versions of one row, oldest first.

    Example: sarai ledger show my-case --row 1f2e3d4c
    """
    with _opened(case, url) as ledger:
        if row:
            columns, rows = _versions(_folder(case), ledger, row)
        elif files:
            columns = ("recorded", "verdict", "sha256", "bytes", "name", "detail")
            rows = [
                (f"{f.recorded:{MOMENT}}", f.verdict, f.file_hash, str(f.size_bytes), f.name, f.detail)
                for f in ledger.files()
            ]
        else:
            columns = ("act", "recorded", "verb", "why")
            rows = [(str(n), f"{recorded:{MOMENT}}", verb, why) for n, recorded, verb, why in ledger.batches()]
    _print_rows(columns, rows, as_json)
    if row:
        say(CONFIDENTIAL)


def export(
    case: CaseArgument,
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    url: LedgerOption = "",
) -> None:
    """Write one file with every record, to keep or to send.

    Example: sarai ledger export my-case my-case-2023-11-02.sqlite
    """
    from sarai.ledger.export import export_ledger

    with _opened(case, url) as ledger:
        size = export_ledger(ledger, out)
    typer.echo(f"{out}: {size:,} bytes")
    say(CONFIDENTIAL)


def replay(
    case: CaseArgument,
    recorded: RecordedOption = "",
    url: LedgerOption = "",
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write the tables there.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask for the tables as they stood on a past day, bit for bit; the folder written is a case that any verb takes.

    Example: sarai ledger replay my-case --recorded 2023-11-02 --out my-case-then
    """
    from sarai.ledger.hashing import hash_bytes
    from sarai.observe.case_new import write_case

    if out is not None and out.exists():
        raise RequestError(Fault(file=str(out), what="the folder is there already", mend="Name another."))
    moment = parse_moment(recorded)
    with _opened(case, url) as ledger:
        then = ledger.replay(moment)
    if not then.tables:
        raise RequestError(Fault(column="--recorded", what="nothing was recorded by then", found=recorded))
    if out is not None:
        out.absolute().parent.mkdir(parents=True, exist_ok=True)
        write_case(then.files, out)
    rows = [(name, str(len(then.tables[name].rows)), hash_bytes(data)) for name, data in then.files.items()]
    _print_rows(("table", "rows", "sha256"), [*rows, ("all", "", then.digest)], as_json)
    if out is not None:
        say(CONFIDENTIAL)


def check(case: CaseArgument, url: LedgerOption = "") -> None:
    """Replay every recorded state of every table and compare it with the digest written then.

    Example: sarai ledger check my-case
    """
    from sarai.world.errors import SaraiError

    with _opened(case, url) as ledger:
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
        wanted = "2023-11-02, a moment, or the number of an act"
        fault = Fault(column="--recorded", what="this is no day or moment", found=text, wanted=wanted)
        raise RequestError(fault) from None


def _versions(folder: Path, ledger: Ledger, row: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    from sarai.observe.report_rows import row_of_report

    history = ledger.history(row_of_report(folder, ledger, row))
    if not history:
        raise RequestError(Fault(column="--row", what="the ledger has no such row or report", found=row))
    rows: list[tuple[str, ...]] = []
    for version in history:
        origin, cells = version.origin, "; ".join(f"{name}={cell}" for name, cell in version.cells.items())
        place = (origin.file, origin.sheet, str(origin.row), origin.file_hash)
        moment = f"{version.recorded:{MOMENT}}"
        rows.append((str(version.version), moment, version.action, version.id, *place, cells))
    return ("version", "recorded", "action", "id", "file", "sheet", "row", "sha256", "cells"), rows


def _print_rows(columns: Sequence[str], rows: Sequence[Sequence[str]], as_json: bool) -> None:
    from sarai.ledger.table_text import render_table

    if as_json:
        made = [dict(zip(columns, row, strict=True)) for row in rows]
        typer.echo(json.dumps(made, indent=2, ensure_ascii=False))
    else:
        typer.echo(render_table(columns, rows).decode("utf-8"), nl=False)


def _folder(case: str) -> Path:
    from sarai.observe.case_folder import find_case

    return Path(str(find_case(case)[1]))


@contextmanager
def _opened(case: str, url: str) -> Iterator[Ledger]:
    from sarai.ledger.folder import read_case
    from sarai.observe.screen import screen_tables

    with read_case(_folder(case), screen=screen_tables, place=url or None) as ledger:
        yield ledger
