"""`sarai whatif`: the same futures twice with one thing changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sarai.cli.options import (
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
from sarai.cli.talk import say, step

if TYPE_CHECKING:
    from sarai.whatif.contrast import Contrast

HORIZON_DAYS = 60


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("whatif")(whatif_command)


def whatif_command(
    case: CaseArgument,
    as_of: AsOfOption = None,
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="One change; repeat for more.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="FILE", help="Compare the scenarios of this file as well.")
    ] = None,
    shipped: Annotated[bool, typer.Option("--shipped", help="Compare the scenarios that the case ships.")] = False,
    paths: Annotated[bool, typer.Option("--paths", help="List what a scenario may change, and stop.")] = False,
    horizon: HorizonOption = HORIZON_DAYS,
    members: MembersOption = DEFAULT_MEMBERS,
    seed: SeedOption = DEFAULT_SEED,
    out: OutFileOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of CSV.")] = False,
) -> None:
    """What would change if the calendar, a crossing or reception were different?

    Same calibrated members, same draws, one change: differences with their 90 % range, and the chance of fewer.

    Example: sarai whatif pakistan-2023 --as-of 2023-10-28 --set stages.omari_reception.capacity=x2
    """
    check_counts(horizon_days=horizon, members=members, seed=seed)
    day = parse_day(as_of) if as_of else None
    from sarai.calibrate.calibrate import calibrate
    from sarai.observe.case_folder import load_case
    from sarai.observe.scenario_file import case_scenarios, read_scenarios
    from sarai.whatif.futures import compare, grow_futures
    from sarai.whatif.paths import all_paths
    from sarai.whatif.scenario import Scenario, apply_scenario
    from sarai.whatif.values import parse_change

    loaded = load_case(case)
    world = loaded.as_of(day or loaded.last_known())
    if paths:
        typer.echo("\n".join(all_paths(world)))
        return
    written = [*(read_scenarios(against) if against else ()), *(case_scenarios(case) if shipped else ())]
    scenarios = [
        Scenario(name=text.name, why=text.why, changes=tuple(parse_change(line) for line in text.lines))
        for text in written
    ]
    if changes or not scenarios:
        mine = tuple(parse_change(text) for text in changes or ())
        scenarios.insert(0, Scenario(name="this change" if mine else "as announced", changes=mine))
    for scenario in scenarios:
        apply_scenario(world, scenario)
    with step(f"Comparing {len(scenarios)} scenario{'s' if len(scenarios) > 1 else ''}"):
        posterior = calibrate(world)
        futures = grow_futures(world, posterior, horizon_days=horizon, member_count=members, seed=seed)
        found = [compare(futures, scenario) for scenario in scenarios]
    rows = [row for contrast in found for row in table_rows(contrast)]
    write_rows(rows, out, as_json)
    for contrast in found:
        say(f"{contrast.scenario}: the chance that nights without shelter and long waits become fewer is "
            f"{contrast.harm_falls:.0%}.")  # fmt: skip


def table_rows(contrast: Contrast) -> list[dict[str, Any]]:
    """One row an indicator: both scenarios and the paired difference, at 5 %, median and 95 %."""
    rows = []
    for line in contrast.lines:
        row: dict[str, Any] = {
            "scenario": contrast.scenario, "indicator": line.indicator.id, "unit": line.indicator.unit,
        }  # fmt: skip
        for name, triple in (("base", line.base), ("changed", line.changed), ("difference", line.difference)):
            row.update(zip((f"{name}_q05", f"{name}_q50", f"{name}_q95"), triple, strict=True))
        rows.append({**row, "less_probability": line.less_probability, "harm": line.indicator.harm})
    return rows


def write_rows(rows: list[dict[str, Any]], out: Path | None, as_json: bool) -> None:
    """Rows as JSON, CSV or Parquet, by option and by the ending of the file."""
    import io
    import json

    import polars as pl

    from sarai.publish.files import write_files

    table = pl.DataFrame(rows)
    buffer = io.BytesIO()
    if as_json:
        buffer.write((json.dumps(rows, indent=1) + "\n").encode())
    elif out and out.suffix == ".parquet":
        table.write_parquet(buffer, compression="zstd")
    else:
        table.write_csv(buffer)
    if out is None:
        typer.echo(buffer.getvalue().decode(), nl=False)
    else:
        write_files(out.parent, {out.name: buffer.getvalue()})
        typer.echo(out)
