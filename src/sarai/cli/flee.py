"""`sarai flee ...`: the cases of Flee and FabFlee, read as they are, run by counts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.options import DEFAULT_SEED, SeedOption
from sarai.cli.talk import say, step
from sarai.world.errors import Fault, RequestError

if TYPE_CHECKING:
    from sarai.model.flight.case import FlightCase
    from sarai.model.flight.law import FlightLaw

FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", help="A folder of Flee or FabFlee, unchanged.")]
SettingsOption = Annotated[
    Path | None, typer.Option("--settings", metavar="FILE", help="Settings in place of DIR/simsetting.yml.")
]
DataOption = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="Folder of the counts, where it is not DIR/source_data.")
]
DaysOption = Annotated[int | None, typer.Option("--days", metavar="N", help="Run fewer days than sim_period.csv says.")]
DivisorOption = Annotated[
    int | None, typer.Option("--divisor", metavar="N", help="In place of optimisations.hasten; 1 is full resolution.")
]
MembersOption = Annotated[int, typer.Option("--members", metavar="N", help="Possible courses to simulate.")]
ThreadsOption = Annotated[int, typer.Option("--threads", metavar="N", help="Members side by side; same bytes.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Mend the quirks of Flee that sarai otherwise keeps.")]

LearnedOption = Annotated[
    Path | None,
    typer.Option("--learned", metavar="FILE", help="One member a row of learned settings (calibrate --out)."),
]

flee = typer.Typer(
    name="flee", no_args_is_help=True, rich_markup_mode=None,
    help="Run, score and calibrate cases of Flee by counts.\n\nExample: sarai flee run burundi --members 100",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the group `flee` with all its verbs."""
    from sarai.cli import flee_study  # noqa: F401  registers its verbs with the group

    app.add_typer(flee)


def load_case(
    folder: Path, settings: Path | None, data: Path | None, days: int | None, divisor: int | None
) -> FlightCase:
    """Read a folder; notes go to stderr."""
    from sarai.observe.flee.folder import read_flee_case

    for option, value in (("--days", days), ("--divisor", divisor)):
        if value is not None and value < 1:
            raise RequestError(
                Fault(column=option, what="the number is too small", found=str(value), wanted="1 or more")
            )
    case = read_flee_case(folder, settings=settings, data=data, days=days, divisor=divisor)
    quiet = [note for note in case.notes if "no effect here. a log of Flee" in note]
    for note in case.notes:
        if note not in quiet:
            say(f"note: {note}")
    if quiet:
        say(f"note: {len(quiet)} settings under log_levels have no effect; sarai writes daily counts instead")
    return case


def load_law(
    folder: Path, settings: Path | None, data: Path | None, days: int | None, divisor: int | None, strict: bool
) -> FlightLaw:
    """Read a folder and build its law; people who cannot leave anywhere are named on stderr."""
    from sarai.cli.quick_start import start_numba

    start_numba()
    from sarai.model.flight.law import build_law, unplaced_leavers
    from sarai.model.flight.quirks import FLEE, STRICT

    law = build_law(load_case(folder, settings, data, days, divisor), STRICT if strict else FLEE)
    lost, first = unplaced_leavers(law)
    if lost:
        say(f"note: no place is in conflict from day {first} on some days; {lost} people do not set out")
    return law


def laws_of(law: FlightLaw, learned: Path | None) -> list[FlightLaw]:
    """The law itself, or one law a row of a file of learned settings."""
    if learned is None:
        return [law]
    from sarai.model.flight.declared import with_values
    from sarai.model.flight.law import build_law
    from sarai.observe.flee.learned import read_learned

    rows = read_learned(learned, law.case)
    return [build_law(with_values(law.case, row), law.quirks, like=law) for row in rows]


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
) -> None:
    """Simulate a folder. Without --out, the camps by day with their spread go to standard output as CSV.

    Example: sarai flee run config_files/burundi --members 100 --out burundi.parquet
    """
    from sarai.publish.flight_tables import CAMP_COLUMNS, camp_rows, csv_bytes, write_counts, write_flee_csv
    from sarai.simulate.flight.run import simulate_flight

    law = load_law(folder, settings, data, days, divisor, strict)
    laws = laws_of(law, learned)
    count = members if len(laws) == 1 else len(laws)
    with step(f"Running {law.case.name}, {count} members"):
        ensemble = simulate_flight(
            laws, seed=seed, members=count, threads=threads, keep_links=out is not None, keep_travel=travel is not None
        )
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
