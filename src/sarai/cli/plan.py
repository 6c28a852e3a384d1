"""`sarai plan`: what to have ready at each site on each day, what is missing, by when to order, what it costs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.brief import finish
from sarai.cli.facts import run_facts
from sarai.cli.known import read_known
from sarai.cli.options import (
    DEFAULT_MEMBERS,
    DEFAULT_SEED,
    AsOfOption,
    CaseArgument,
    LookAheadOption,
    MembersOption,
    SeedOption,
    check_counts,
)
from sarai.cli.talk import RESTRICTED, say, step
from sarai.cli.warm import ready_kernels

if TYPE_CHECKING:
    from sarai.plan.response_plan import ResponsePlan
    from sarai.world.world import World

NEEDS = "needs.csv"
OWN_STANDARDS, OWN_SUPPLIES = "standards.csv", "supplies.csv"
FILE_OF_ENDING = {
    ".csv": NEEDS,
    ".parquet": "needs.parquet",
    ".xlsx": "plan.xlsx",
    ".json": "plan.json",
    ".html": "plan.html",
}


def register(app: typer.Typer) -> None:
    """Add the verb `plan`."""
    app.command("plan")(plan_response)


def plan_response(
    case: CaseArgument,
    as_of: AsOfOption = None,
    horizon: LookAheadOption = None,
    members: MembersOption = DEFAULT_MEMBERS,
    seed: SeedOption = DEFAULT_SEED,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="PATH",
            help="A folder for tables, workbook and page; or one file: .csv, .parquet (needs), .xlsx, .json, .html. "
            "Default: the needs on the screen.",
        ),
    ] = None,
    standards: Annotated[
        Path | None,
        typer.Option(
            "--standards", metavar="FILE", help="Your own table of standards. Default: the case's, or shipped."
        ),
    ] = None,
    supplies: Annotated[
        Path | None,
        typer.Option("--supplies", metavar="FILE", help="Your own table of supplies and costs. Default: as above."),
    ] = None,
    funds: Annotated[
        float | None, typer.Option("--funds", metavar="USD", help="Money there is. Default: what the case states.")
    ] = None,
) -> None:
    """Needs, what is in place (3W), what is missing and by when to order, cost, cash, hours and what runs out first.

    Example: sarai plan pakistan-2023 --as-of 2023-10-28 --out response-plan
    """
    check_counts(horizon_days=1 if horizon is None else horizon, members=members, seed=seed)
    _check_out(out)
    _check_funds(funds)
    tables = _read_tables(case, standards, supplies)
    world = read_known(case, as_of)
    days = horizon or world.calendar.days_to_look_ahead(world.as_of)
    ready_kernels()
    with step(f"Planning {days} days"):
        found, degraded = _plan(world, days, members, seed, tables, funds)
    for note in found.plan.notes:
        say(note)
    facts = run_facts(world, "restricted", horizon=days, members=members, seed=seed, funds=funds)
    _write(world, found, out, facts)
    finish(degraded)


def _plan(
    world: World, horizon: int, members: int, seed: int, tables: tuple[str | None, str | None], funds: float | None
) -> tuple[ResponsePlan, tuple[str, ...]]:
    """The plan, and what is degraded in what it stands on."""
    from sarai.brief import PICTURE_SAMPLES
    from sarai.calibrate.calibrate import calibrate
    from sarai.forecast.make import make_forecast
    from sarai.plan.response_plan import make_response_plan
    from sarai.plan.standards import parse_standards
    from sarai.plan.supplies import parse_supplies
    from sarai.reconcile.reconcile import reconcile

    standards = parse_standards(tables[0], OWN_STANDARDS) if tables[0] is not None else None
    supplies = parse_supplies(tables[1], OWN_SUPPLIES) if tables[1] is not None else None
    picture = reconcile(world, sample_count=PICTURE_SAMPLES, seed=seed)
    posterior = calibrate(world)
    forecast = make_forecast(world, picture, posterior, horizon_days=horizon, member_count=members, seed=seed)
    degraded = tuple(part.status for part in (picture, posterior) if part.status != "ok")
    return make_response_plan(world, forecast, standards=standards, supplies=supplies, funds_usd=funds), degraded


def _write(world: World, found: ResponsePlan, out: Path | None, facts: dict[str, str]) -> None:
    from sarai.publish.files import write_files
    from sarai.publish.plan_files import plan_files

    files = plan_files(world, found, facts)
    if out is None:
        typer.echo(files[NEEDS].decode(), nl=False)
    elif out.suffix == "":
        for path in write_files(out, files):
            say(str(path))
    else:
        say(str(write_files(out.parent, {out.name: files[FILE_OF_ENDING[out.suffix.lower()]]})[0]))
    say(RESTRICTED)


def _check_out(out: Path | None) -> None:
    from sarai.world.errors import Fault, RequestError

    if out is not None and out.suffix and out.suffix.lower() not in FILE_OF_ENDING:
        wanted = f"a folder, or a file with one of {', '.join(FILE_OF_ENDING)}"
        raise RequestError(
            Fault(column="--out", what="a plan is not written in this format", found=out.suffix, wanted=wanted,
                  mend="give a folder, or another ending")
        )  # fmt: skip


def _check_funds(funds: float | None) -> None:
    from sarai.world.errors import Fault, RequestError

    if funds is not None and not 0.0 <= funds < float("inf"):
        raise RequestError(
            Fault(column="--funds", what="this is no sum of money", found=str(funds), wanted="0 or more US dollars",
                  mend="give the money there is")
        )  # fmt: skip


def _read_tables(case: str, standards: Path | None, supplies: Path | None) -> tuple[str | None, str | None]:
    """The texts of the user's tables, or the case's own; checked before anything is computed."""
    from sarai.plan.standards import parse_standards
    from sarai.plan.supplies import parse_supplies

    found: list[str | None] = []
    for given, name in ((standards, OWN_STANDARDS), (supplies, OWN_SUPPLIES)):
        own = given or (Path(case) / name if (Path(case) / name).is_file() else None)
        found.append(None if own is None else read_table(own, f"--{name.removesuffix('.csv')}"))
        if own is not None and found[-1] is not None:
            (parse_standards if name == OWN_STANDARDS else parse_supplies)(found[-1], own.name)
    return found[0], found[1]


def read_table(path: Path, option: str) -> str:
    """The text of a table. Raises RequestError where there is no such file or it is not UTF-8."""
    from sarai.world.errors import Fault, RequestError

    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError(
            Fault(file=str(path), column=option, what="this table cannot be read", found=str(error),
                  wanted="a CSV file in UTF-8", mend="save it as CSV (UTF-8) and give its path")
        ) from error  # fmt: skip
