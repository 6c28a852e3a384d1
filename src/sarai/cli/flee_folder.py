"""What every verb of `sarai flee` takes, and how a folder becomes a law: options, the group itself, loading."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.talk import say
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
    quiet = [note for note in case.notes if "no effect here; a log of Flee" in note]
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
