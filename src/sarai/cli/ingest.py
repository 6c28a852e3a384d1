"""`sarai ingest`: counts from files into a case's tables and ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.options import CaseArgument, parse_day
from sarai.world.errors import Fault

if TYPE_CHECKING:
    from sarai.observe.ingest import Outcome
    from sarai.observe.mapping import Mapping as FileMapping

CaseCheck = Callable[[Mapping[str, bytes]], list[Fault]]


def register(app: typer.Typer) -> None:
    """Put the verb on the command line."""
    app.command("ingest")(ingest)


def ingest(
    case: CaseArgument,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV, XLSX, JSON or HXL files of counts.")],
    mapping: Annotated[Path | None, typer.Option(metavar="FILE", help="Which column is what (YAML).")] = None,
    suggest: Annotated[bool, typer.Option("--suggest", help="Print a mapping for the first file and stop.")] = False,
    keep_good: Annotated[bool, typer.Option("--keep-good", help="Take good rows; quarantine the others.")] = False,
    source: Annotated[str, typer.Option(metavar="ID", help="Publication in sources.csv, or a new one.")] = "",
    publisher: Annotated[str, typer.Option(help="Publisher of a new publication.")] = "",
    title: Annotated[str, typer.Option(help="Title of a new publication.")] = "",
    published: Annotated[str, typer.Option(metavar="DATE", help="Day on which it was published.")] = "",
    url: Annotated[str, typer.Option(help="Address of a new publication.")] = "",
    series: Annotated[str, typer.Option(help="Series that the figures belong to.")] = "",
    crossing: Annotated[str, typer.Option(help="Crossing, where the file names none.")] = "",
    kind: Annotated[str, typer.Option(help="What was counted, where the file does not say.")] = "",
    status: Annotated[str, typer.Option(help="Document status, where the file does not say.")] = "",
    known: Annotated[str, typer.Option(metavar="DATE", help="Known since. Default: published, else today.")] = "",
    cumulative_since: Annotated[str, typer.Option(metavar="DATE", help="First day of running totals.")] = "",
    calendar: Annotated[str, typer.Option(help="gregorian, solar_hijri or hijri; never guessed.")] = "",
    dayfirst: Annotated[bool | None, typer.Option("--dayfirst/--monthfirst", help="How 03/04/2023 is meant.")] = None,
    year: Annotated[int, typer.Option(metavar="YEAR", help="Year of dates without one.")] = 0,
    weeks: Annotated[str, typer.Option(help="How week 42 is meant: iso (from Monday), epi (from Sunday).")] = "",
    point_groups: Annotated[bool, typer.Option("--point-groups", help="1.234 is 1234.")] = False,
    encoding: Annotated[str, typer.Option(help="Encoding of a text file that is not UTF-8.")] = "",
    sheet: Annotated[str, typer.Option(help="Only this sheet of a workbook.")] = "",
    why: Annotated[str, typer.Option(help="Why, for the ledger.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Write what came of it as JSON.")] = False,
) -> None:
    """Read counts from files and put them into a case: all rows of all files, or none.

    The same file again adds nothing. A file that looks like data on individuals is refused and nothing of it is kept.

    Example: sarai ingest my-case daily.xlsx --publisher UNHCR --title "Daily update" --published 2023-11-02
    """
    from sarai.observe.case_folder import find_case
    from sarai.observe.ingest import Request, ingest_files
    from sarai.observe.mapping import Mapping as FileMapping
    from sarai.observe.mapping import read_mapping

    name, folder = find_case(case)
    read = read_mapping(mapping) if mapping else FileMapping()
    read = _with_options(
        read,
        source={"source_id": source, "publisher": publisher, "title": title, "published": published, "url": url},
        fixed={"series": series, "crossing": crossing, "kind": kind, "status": status},
        top={
            "cumulative_since": cumulative_since,
            "calendar": calendar,
            "dayfirst": dayfirst,
            "year": year or "",
            "weeks": weeks,
            "point_groups": point_groups or "",
            "encoding": encoding,
            "sheet": sheet,
        },
    )
    if suggest:
        from sarai.observe.suggest import suggest_mapping

        typer.echo(suggest_mapping(Path(str(folder)), files[0], read), nl=False)
        return
    request = Request(
        files=tuple(files),
        mapping=read,
        known=parse_day(known, "--known") if known else None,
        keep_good=keep_good,
        why=why,
    )
    outcome = ingest_files(Path(str(folder)), request, check_case=case_check(name, Path(str(folder))))
    show_outcome(outcome, as_json=as_json)
    if outcome.receipt and any(outcome.receipt.tables.values()) and not as_json:
        typer.echo(f"Next: `sarai audit {case}` holds the new figures against all others.", err=True)
    if outcome.faults:
        raise typer.Exit(1)


def case_check(name: str, folder: Path) -> CaseCheck:
    """A check of the tables as they would be, with every fault that `sarai check` would find."""
    from sarai.observe.case_folder import read_case, read_files

    def check(after: Mapping[str, bytes]) -> list[Fault]:
        _, faults, personal = read_case(name, {**read_files(folder), **after})
        return [*personal, *faults]

    return check


def _with_options(
    mapping: FileMapping, *, source: Mapping[str, str], fixed: Mapping[str, str], top: Mapping[str, object]
) -> FileMapping:
    """A mapping with what the command line says in place of what the file says."""
    from sarai.observe.mapping import parse_mapping

    plain = mapping.model_dump(mode="json", by_alias=True)
    given = {name: value for name, value in source.items() if value}
    if given.get("publisher") and not given.get("source_id") and not plain["source"]["source_id"]:
        words = "".join(
            mark if mark.isalnum() else "_" for mark in f"{given['publisher']}_{given.get('published', '')}"
        )
        given["source_id"] = "_".join(part for part in words.lower().split("_") if part)
    plain["source"] = {**plain["source"], **given}
    plain["fixed"] = {**plain["fixed"], **{name: value for name, value in fixed.items() if value}}
    plain |= {name: value for name, value in top.items() if value not in ("", None)}
    return parse_mapping("command line", plain)


def show_outcome(outcome: Outcome, *, as_json: bool = False) -> None:
    """Say what went in to stdout, and what did not and why to stderr; or all of it as JSON to stdout."""
    if as_json:
        typer.echo(json.dumps(outcome_as_json(outcome), indent=2, ensure_ascii=False))
        return
    for text in outcome.left_out:
        typer.echo(f"left out: {text}", err=True)
    if outcome.without_figure:
        typer.echo(f"left out: {outcome.without_figure} rows without a figure", err=True)
    for fault in outcome.faults:
        typer.echo(f"set aside: {fault}", err=True)
    if outcome.quarantined:
        typer.echo(f"quarantine: {outcome.quarantined}", err=True)
    added = outcome.receipt.tables if outcome.receipt else {}
    for text in outcome.said:
        typer.echo(text, err=True)
    for table, rows in outcome.rows.items():
        read = max(outcome.read_count, len(rows)) if table == "observations.csv" else len(rows)
        if read:
            typer.echo(f"{table}: {added.get(table, 0)} rows added of {read} read")
    if not any(added.values()):
        typer.echo("nothing added: every row stands in the tables already")


def outcome_as_json(outcome: Outcome) -> dict[str, object]:
    """What came of an ingest as plain values."""
    receipt = outcome.receipt
    return {
        "act": receipt.batch if receipt else 0,
        "added": dict(receipt.tables) if receipt else {},
        "read": max(outcome.read_count, len(outcome.rows["observations.csv"])),
        "said": outcome.said,
        "left_out": outcome.left_out,
        "without_figure": outcome.without_figure,
        "set_aside": [asdict(fault) for fault in outcome.faults],
        "quarantine": str(outcome.quarantined) if outcome.quarantined else None,
    }
