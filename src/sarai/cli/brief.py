"""`sarai brief`: the main job. `sarai rerun`: the same bytes again from a record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sarai.cli.keep import KeepOption, keep
from sarai.cli.options import (
    DEFAULT_MEMBERS,
    DEFAULT_SEED,
    AsOfOption,
    CaseArgument,
    LookAheadOption,
    MembersOption,
    SeedOption,
    check_counts,
    check_request,
    parse_day,
)
from sarai.cli.talk import say, step
from sarai.cli.warm import ready_kernels


def register(app: typer.Typer) -> None:
    """Add the verbs to the command."""
    app.command("brief")(brief_command)
    app.command("rerun")(rerun_command)


def brief_command(
    case: CaseArgument,
    as_of: AsOfOption = None,
    horizon: LookAheadOption = None,
    members: MembersOption = DEFAULT_MEMBERS,
    seed: SeedOption = DEFAULT_SEED,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files.")] = Path("briefing"),
    language: Annotated[str, typer.Option("--language", metavar="CODE", help="Language of the briefing.")] = "en",
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="NAME", help="Also write pdf, docx, markdown, charts or data; repeatable."),
    ] = None,
    include: Annotated[
        list[str] | None,
        typer.Option(
            "--include",
            metavar="NAME",
            help="Confidential; kept in the record: origins, enforcement or holding; repeatable.",
        ),
    ] = None,
    earlier: Annotated[
        Path | None,
        typer.Option("--earlier", metavar="DIR", help="Earlier briefings; differences to them give nothing away."),
    ] = None,
    scenarios: Annotated[
        Path | None, typer.Option("--scenarios", metavar="FILE", help="Scenarios to set side by side in the briefing.")
    ] = None,
    keep_it: KeepOption = True,
) -> None:
    """Reports to briefing: what happened, what is likely to come, what to have ready.

    Writes briefing.html (opens offline), briefing.xlsx, forecast.csv and record.json into --out.

    Example: sarai brief pakistan-2023 --as-of 2023-10-28 --out briefing
    """
    from sarai.observe.case_folder import load_case
    from sarai.observe.scenario_file import read_scenarios
    from sarai.publish.attack import read_releases
    from sarai.publish.files import write_files
    from sarai.publish.levels import check_includes
    from sarai.publish.words import read_words

    check_request(
        lambda: check_counts(horizon_days=1 if horizon is None else horizon, members=members, seed=seed),
        lambda: as_of is None or parse_day(as_of),
        lambda: check_includes(include or ()),
        lambda: read_words(language),
    )
    day = parse_day(as_of) if as_of else None
    asked = read_scenarios(scenarios) if scenarios is not None else ()
    releases = read_releases(earlier) if earlier is not None else []

    loaded = load_case(case)
    ready_kernels()
    from sarai.brief import brief
    from sarai.publish.render import check_formats

    check_formats(formats or ())
    with step(f"Briefing {case}"):
        day = day or loaded.last_known()
        done = brief(
            loaded,
            day,
            horizon_days=horizon or loaded.as_of(day).calendar.days_to_look_ahead(day),
            member_count=members,
            seed=seed,
            language=language,
            formats=formats or (),
            include=include or (),
            earlier=[release.to_json() for release in releases],
            scenarios=[{"name": one.name, "set": list(one.lines)} for one in asked],
        )
        paths = write_files(out, done.files)
        if keep_it:
            keep(case, done.world, done.picture, done.posterior, done.forecast, seed)
    for path in paths:
        typer.echo(path)
    say(f"The briefing is in {(out / 'briefing.html').resolve()}; open it by double-click.")
    if earlier is None:
        ask_for_earlier(out.absolute())
    finish(done.degraded)


def ask_for_earlier(out: Path) -> None:
    """Say that other briefings lie beside this one, if they do: they were not held against it."""
    from sarai.publish.release import RELEASE_FILE

    beside = out.parent
    if any(path.parent != out for path in beside.glob(f"*/{RELEASE_FILE}")):
        say(f"Other briefings lie in {beside}. If this one follows them, make it again with --earlier {beside}: the "
            "difference of two briefings can tell a small count.")  # fmt: skip


def rerun_command(
    record: Annotated[Path, typer.Argument(metavar="RECORD", help="The record.json of an earlier run.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder for the files. Default: rerun beside the record."),
    ] = None,
) -> None:
    """Rebuild every file of a run bit for bit from its record; say what differs and exit with 1 if anything does.

    Example: sarai rerun briefing/record.json
    """
    from sarai.brief import rerun
    from sarai.ledger.run_record import parse_record
    from sarai.publish.files import write_files

    with step(f"Rebuilding from {record}"):
        done, said = rerun(parse_record(read_record(record), str(record)))
        paths = write_files(out or record.parent / "rerun", done.files)
    for path in paths:
        typer.echo(path)
    if said:
        finish(said)
    say("Every file is the same, byte for byte.")


def read_record(path: Path) -> str:
    """The text of a record. Raises RequestError where there is none."""
    from sarai.world.errors import Fault, RequestError

    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError(
            Fault(file=str(path), what="this record cannot be read", found=str(error), mend="give a record.json")
        ) from error


def finish(sentences: tuple[str, ...]) -> None:
    """Say what is degraded or differs, and exit with 1; nothing to say: nothing happens."""
    for sentence in sentences:
        say(sentence)
    if sentences:
        raise typer.Exit(1)
