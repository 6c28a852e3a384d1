"""`sarai whatif`: the same futures twice with one thing changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sarai.cli.facts import run_facts
from sarai.cli.known import read_known
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
)
from sarai.cli.talk import RESTRICTED, say, step
from sarai.cli.warm import ready_kernels

if TYPE_CHECKING:
    from sarai.observe.scenario_file import ScenarioText
    from sarai.whatif.contrast import Contrast
    from sarai.whatif.scenario import Scenario
    from sarai.world.world import World

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
    table: Annotated[
        bool, typer.Option("--table", help="Scenarios side by side: a row an indicator, a column a scenario.")
    ] = False,
) -> None:
    """What would change if the calendar, a crossing or reception were different?

    Same calibrated members, same draws, one change: differences with their 90 % range, and the chance of fewer.

    Example: sarai whatif pakistan-2023 --as-of 2023-10-28 --set stages.omari_reception.capacity=x2
    """
    check_counts(horizon_days=horizon, members=members, seed=seed)
    from sarai.observe.scenario_file import case_scenarios, read_scenarios
    from sarai.whatif.paths import describe_paths

    world = read_known(case, as_of)
    if paths:
        typer.echo("\n".join(describe_paths(world)))
        return
    written = [*(read_scenarios(against) if against else ()), *(case_scenarios(case) if shipped else ())]
    scenarios = read_all(world, changes or [], written, horizon)
    ready_kernels()
    with step(f"Comparing {len(scenarios)} scenario{'s' if len(scenarios) > 1 else ''}"):
        found = _compare(world, scenarios, horizon, members, seed)
    from sarai.publish.scenario_table import long_rows, say_chance, side_by_side
    from sarai.whatif.beyond import say_beyond
    from sarai.whatif.provide import say_not_counted
    from sarai.whatif.scenario import apply_scenario

    facts = run_facts(world, "restricted", horizon=horizon, members=members, seed=seed)
    write_rows(side_by_side(found) if table else long_rows(found), out, as_json, facts)
    if silent := say_not_counted(world):
        say(silent)
    for scenario in scenarios:
        for text in say_beyond(world, apply_scenario(world, scenario).world, world.as_of + timedelta(days=horizon)):
            say(f"{scenario.name}: {text}")
    for contrast in found:
        say(f"{contrast.scenario}: the chance that harm becomes less is {say_chance(contrast.harm_falls)}.")
    say(RESTRICTED)


def read_all(world: World, changes: list[str], written: Sequence[ScenarioText], horizon: int) -> list[Scenario]:
    """Every scenario asked for, checked before anything is computed. Raises RequestError with the faults of all."""
    from sarai.whatif.scenario import Scenario, check_scenarios
    from sarai.whatif.values import parse_change
    from sarai.world.errors import Fault, RequestError

    scenarios = [
        Scenario(name=text.name, why=text.why, changes=tuple(parse_change(line) for line in text.lines))
        for text in written
    ]
    if changes:
        scenarios.insert(0, Scenario(name="this change", changes=tuple(parse_change(text) for text in changes)))
    if not scenarios:
        what = "there is nothing to compare with the future as announced"
        mend = "give --set PATH=VALUE (see --paths), --against FILE, or --shipped where the case has a scenarios.yaml"
        raise RequestError(Fault(what=what, mend=mend))
    check_scenarios(world, scenarios, world.as_of + timedelta(days=horizon))
    return scenarios


def _compare(world: World, scenarios: list[Scenario], horizon: int, members: int, seed: int) -> list[Contrast]:
    from sarai.calibrate.calibrate import calibrate
    from sarai.whatif.futures import compare, grow_futures

    futures = grow_futures(world, calibrate(world), horizon_days=horizon, member_count=members, seed=seed)
    return [compare(futures, scenario) for scenario in scenarios]


def write_rows(rows: list[dict[str, Any]], out: Path | None, as_json: bool, facts: dict[str, str]) -> None:
    """Rows as JSON, CSV or Parquet, by option and by the ending of the file; `facts` stand in each row of a file."""
    import io
    import json

    import polars as pl

    from sarai.publish.files import write_files

    rows = [row | facts for row in rows] if out else rows
    frame = pl.DataFrame(rows)
    buffer = io.BytesIO()
    if as_json:
        buffer.write((json.dumps(rows, indent=1) + "\n").encode())
    elif out and out.suffix == ".parquet":
        frame.write_parquet(buffer, compression="zstd")
    else:
        frame.write_csv(buffer)
    if out is None:
        typer.echo(buffer.getvalue().decode(), nl=False)
    else:
        write_files(out.parent, {out.name: buffer.getvalue()})
        typer.echo(out)
