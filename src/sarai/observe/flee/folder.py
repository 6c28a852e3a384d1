"""Reading a whole folder of Flee or FabFlee: every fault before day 0, then one FlightCase."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from sarai.model.flight.case import FlightCase
from sarai.model.flight.settings import FlightSettings, default_settings
from sarai.observe.flee.counts import last_record, read_corrections, read_demographics, read_layout
from sarai.observe.flee.days import (
    read_closures,
    read_conflicts,
    read_floods,
    read_food,
    read_period,
    read_type_changes,
)
from sarai.observe.flee.major_routes import read_major_routes
from sarai.observe.flee.places import read_links, read_places
from sarai.observe.flee.rows import Findings
from sarai.observe.flee.rule_needs import check_attributes, check_forecast, wanted_attributes
from sarai.observe.flee.settings_file import read_settings
from sarai.world.errors import CaseError, Fault

STAND_IN_START, STAND_IN_DAYS = (
    date(1900, 1, 1),
    1,
)  # let the other files be read, and their faults found, without a period
KNOWN_FILES = frozenset(
    {
        "locations.csv", "routes.csv", "closures.csv", "conflicts.csv", "sim_period.csv", "flood_level.csv",
        "registration_corrections.csv", "location_changes.csv", "major_routes.csv", "region_attributes_IPC.csv",
        "agents.csv",
    }
)  # fmt: skip


def find_folders(folder: Path, data: Path | None) -> tuple[Path, Path]:
    """Folder of the inputs and folder of the counts: FabFlee's two subfolders, or Flee's own flat layout."""
    if not folder.is_dir():
        raise CaseError(Fault(file=str(folder), what="there is no such folder", mend="give the folder of a case"))
    inputs = folder / "input_csv" if (folder / "input_csv").is_dir() else folder
    if data is not None:
        return inputs, data
    if (folder / "source_data").is_dir():
        return inputs, folder / "source_data"
    twin = folder.parent.parent / "conflict_validation" / folder.name
    return inputs, twin if twin.is_dir() else folder / "source_data"


def read_flee_case(
    folder: Path, *, settings: Path | None = None, data: Path | None = None, days: int | None = None,
    divisor: int | None = None,
) -> FlightCase:  # fmt: skip
    """Read a folder as Flee would, with every fault found first.

    settings  another settings file in place of DIR/simsetting.yml     data  folder of the counts, if elsewhere
    days      run fewer days than sim_period.csv says                   divisor  in place of optimisations.hasten
    Raises CaseError with all faults (file, row, column, how to mend).
    """
    findings = Findings()
    inputs, counts = find_folders(folder, data)
    path = settings or folder / "simsetting.yml"
    chosen = read_settings(path, findings, label=path.name)
    case = _read_inputs(folder, inputs, counts, chosen, days, divisor, findings)
    if findings.faults or case is None:
        raise CaseError(sorted(findings.faults, key=lambda fault: (fault.file, fault.row, fault.column)))
    return replace(case, notes=tuple(findings.notes))


def _read_inputs(
    folder: Path, inputs: Path, counts: Path, settings: FlightSettings | None, days: int | None, divisor: int | None,
    findings: Findings,
) -> FlightCase | None:  # fmt: skip
    start, period_days = read_period(inputs, findings)
    places = read_places(inputs, findings)
    links = read_links(inputs, places, findings)
    closures = read_closures(inputs, places, findings)
    changes = read_type_changes(inputs, places, findings)
    if settings is not None and divisor is not None:
        settings = replace(settings, hasten=divisor)
    complete = start is not None and period_days is not None and settings is not None
    settings = settings or default_settings()
    start, period_days = start or STAND_IN_START, period_days or STAND_IN_DAYS
    length = min(period_days, days) if days is not None else period_days
    if days is not None and days > period_days:
        findings.fault(
            "--days", 0, "", "longer than the period", found=str(days), wanted=f"at most {period_days}", mend="lower it"
        )
    food_rules = (
        settings.flee_when_starving or settings.avoid_food_deprived_locations or settings.starvation_driven_spawning
    )
    levels = min((len(x) for x in (settings.flood_movechances, settings.flood_loc_weights) if x is not None), default=0)
    floods = read_floods(inputs, places, length, levels, findings) if settings.flood_rules else None
    unsure = not complete and (inputs / "flood_level.csv").is_file() and not (inputs / "conflicts.csv").is_file()
    from_data = not (settings.conflict_driven or settings.flood_driven)
    layout = read_layout(counts, start, places, from_data, settings.sum_from_camps, findings)
    conflicts = None
    if settings.flood_rules and (inputs / "conflicts.csv").is_file():
        findings.note("input_csv/conflicts.csv: not read, because flood rules are on, as in Flee")
    elif not settings.flood_rules and not unsure:
        conflicts, length = read_conflicts(inputs, places, length, findings, counts_end=last_record(layout))
    _note_files(inputs, findings)
    majors: tuple[tuple[int, ...], ...] = ()
    if settings.fixed_routes:
        sound = not any(fault.file.endswith("routes.csv") for fault in findings.faults)
        majors = read_major_routes(inputs, places, links if sound else None, findings)
    elif (inputs / "major_routes.csv").is_file():
        findings.note("input_csv/major_routes.csv: not read, because fixed_routes is off")
    check_attributes(places, settings, findings)
    people = read_demographics(inputs, places, wanted_attributes(settings, inputs), findings)
    check_forecast(settings, length, floods, people, findings)
    case = FlightCase(
        name=folder.resolve().name, start=start, days=length, places=places, links=links, closures=closures,
        major_routes=majors,
        conflicts=conflicts, floods=floods, layout=layout, settings=settings, type_changes=changes,
        corrections=read_corrections(inputs, start, layout, findings) if layout else (),
        food=read_food(inputs, places, length, food_rules, findings),
        demographics=people,
    )  # fmt: skip
    return case if complete else None


def _note_files(inputs: Path, findings: Findings) -> None:
    for path in sorted(inputs.glob("*")):
        if path.name not in KNOWN_FILES and not path.name.startswith("demographics_") and not path.name.startswith("."):
            findings.note(f"input_csv/{path.name}: not a file of Flee; not read")
    if (inputs / "agents.csv").is_file():
        findings.note("input_csv/agents.csv: lists single people; not read, sarai holds counts only")
