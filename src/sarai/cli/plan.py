"""`sarai plan`: what to have ready at each site on each day."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sarai.cli.options import (
    DEFAULT_HORIZON_DAYS,
    DEFAULT_MEMBERS,
    DEFAULT_SEED,
    AsOfOption,
    CaseArgument,
    HorizonOption,
    MembersOption,
    OutFileOption,
    SeedOption,
    check_counts,
    parse_day,
)

COLUMNS = ("date", "site", "sector", "item", "unit", "p50", "p80", "p95", "standard", "source", "edition", "page")
OWN_TABLE = "standards.csv"
StandardsOption = Annotated[
    Path | None,
    typer.Option(
        "--standards", metavar="FILE", help="Your own table of standards. Default: the case's, or the shipped one."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the verb `plan`."""

    @app.command("plan")
    def plan_response(
        case: CaseArgument,
        as_of: AsOfOption = None,
        horizon: HorizonOption = DEFAULT_HORIZON_DAYS,
        members: MembersOption = DEFAULT_MEMBERS,
        seed: SeedOption = DEFAULT_SEED,
        out: OutFileOption = None,
        standards: StandardsOption = None,
    ) -> None:
        """Needs by sector, site and day at P50, P80 and P95, each with the standard it rests on.

        Example: sarai plan pakistan-2023 --as-of 2023-10-28 --out needs.csv
        """
        from sarai.brief import brief
        from sarai.observe.case_folder import load_case
        from sarai.plan.needs import make_plan
        from sarai.plan.standards import parse_standards
        from sarai.publish.flat import check_ending, flat_bytes, write_flat

        check_counts(horizon_days=horizon, members=members, seed=seed)
        if out is not None:
            check_ending(out.suffix.lower())
        own = standards or (Path(case) / OWN_TABLE if (Path(case) / OWN_TABLE).is_file() else None)
        table = parse_standards(_read(own), own.name) if own is not None else None
        loaded = load_case(case)
        day = parse_day(as_of) if as_of else loaded.last_known()
        found = brief(loaded, day, horizon_days=horizon, member_count=members, seed=seed)
        plan = make_plan(found.world, found.forecast, table)
        cited = {line.id: line for line in plan.standards}
        rows = [
            (need.day.isoformat(), need.site, need.sector, need.item, need.unit, round(need.p50, 1),
             round(need.p80, 1), round(need.p95, 1), need.standard_id, cited[need.standard_id].source,
             cited[need.standard_id].edition, cited[need.standard_id].page)
            for need in plan.needs
        ]  # fmt: skip
        for note in plan.notes:
            typer.echo(note, err=True)
        if out is None:
            sys.stdout.buffer.write(flat_bytes(COLUMNS, rows))
        else:
            typer.echo(str(write_flat(COLUMNS, rows, out)), err=True)


def _read(path: Path) -> str:
    """The text of a table. Raises RequestError where there is no such file or it is not UTF-8."""
    from sarai.world.errors import Fault, RequestError

    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError(
            Fault(file=str(path), column="--standards", what="this table cannot be read", found=str(error),
                  wanted="a CSV file in UTF-8", mend="save it as CSV (UTF-8) and give its path")
        ) from error  # fmt: skip
