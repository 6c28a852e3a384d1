"""`sarai flee ...`: the cases of Flee and FabFlee, read as they are, run by counts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sarai.cli.crew import ClusterOption, open_crew
from sarai.cli.flee_folder import (
    DataOption,
    DaysOption,
    DivisorOption,
    FolderArgument,
    LearnedOption,
    MembersOption,
    SettingsOption,
    StrictOption,
    ThreadsOption,
    flee,
    laws_of,
    load_law,
)
from sarai.cli.options import DEFAULT_SEED, SeedOption
from sarai.cli.talk import say, step


def register(app: typer.Typer) -> None:
    """Add the group `flee` with all its verbs."""
    from sarai.cli import flee_compare, flee_study  # noqa: F401  they register their verbs with the group

    app.add_typer(flee)


@flee.command("check")
def check_folder(
    folder: FolderArgument, settings: SettingsOption = None, data: DataOption = None, days: DaysOption = None
) -> None:
    """Read a folder and report every fault with file, row, column and mend; nothing is run.

    Example: sarai flee check config_files/burundi
    """
    law = load_law(folder, settings, data, days, None, False)
    case = law.case
    size = f"{len(case.places)} places, {len(case.links)} links"
    typer.echo(f"{case.name}: {case.days} days from {case.start.isoformat()}, {size}")
    typer.echo(f"camps compared: {int(law.calendar.start_camps.sum())}; routes at awareness "
               f"{case.settings.awareness_level}: {len(law.routes)}; one step is {law.network.step_m} m")  # fmt: skip
    leaving, initial = int(law.people.leaving.sum()), int(law.people.initial.sum())
    typer.echo(f"people who leave, from data: {leaving}; in camps on day 0: {initial}")


@flee.command("run")
def run_folder(
    folder: FolderArgument,
    settings: SettingsOption = None,
    data: DataOption = None,
    days: DaysOption = None,
    divisor: DivisorOption = None,
    members: MembersOption = 1,
    seed: SeedOption = DEFAULT_SEED,
    threads: ThreadsOption = 1,
    strict: StrictOption = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Daily counts of every place and link: .csv or .parquet."),
    ] = None,
    flee_csv: Annotated[
        Path | None, typer.Option("--flee-csv", metavar="FILE", help="Flee's own out.csv, for the first member.")
    ] = None,
    learned: LearnedOption = None,
    travel: Annotated[
        Path | None, typer.Option("--travel-times", metavar="FILE", help="People by days from leaving home to a camp.")
    ] = None,
    cluster: ClusterOption = None,
) -> None:
    """Simulate a folder. Without --out, the camps by day with their spread go to standard output as CSV.

    Example: sarai flee run config_files/burundi --members 100 --out burundi.parquet
    """
    from sarai.publish.flight_tables import CAMP_COLUMNS, camp_rows, csv_bytes, write_counts, write_flee_csv
    from sarai.simulate.flight.spread import spread_flight

    law = load_law(folder, settings, data, days, divisor, strict)
    laws = laws_of(law, learned)
    count = members if len(laws) == 1 else len(laws)
    with open_crew(1, cluster) as crew, step(f"Running {law.case.name}, {count} members"):
        ensemble = spread_flight(
            laws, seed=seed, members=count, crew=crew, threads=threads, keep_links=out is not None,
            keep_travel=travel is not None,
        )  # fmt: skip
    if out is None:
        sys.stdout.buffer.write(csv_bytes(CAMP_COLUMNS, camp_rows(ensemble)))
    else:
        say(str(write_counts(ensemble, out)))
    if flee_csv is not None:
        recorded = law.people.recorded
        total = recorded[:, 0].tolist() if recorded.shape[1] else [0] * law.case.days
        say(str(write_flee_csv(ensemble, law.people.debt.tolist(), total, flee_csv)))
    if travel is not None:
        from sarai.publish.flight_tables import write_travel

        say(str(write_travel(ensemble, travel)))
