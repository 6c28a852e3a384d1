"""Reading recorded counts: `data_layout.csv`, camp files, corrections, demographics."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np

from sarai.model.flight.case import CampTable, FlightPlace, Shares
from sarai.observe.flee.rows import Findings, Row, check_split, civil_date, nearest, number, read_rows, whole


def read_layout(
    folder: Path, start: date, places: tuple[FlightPlace, ...], needed: bool, by_camp: bool, findings: Findings,
    label: str = "source_data/data_layout.csv",
) -> tuple[CampTable, ...]:  # fmt: skip
    """Rows of the layout with the records of their files.

    needed   False where nothing is spawned from data: a missing layout is then a note
    by_camp  whether those who leave are summed over camps: a camp of `locations.csv` without a row is then a fault
    """
    path = folder / "data_layout.csv"
    if not path.is_file() and not needed:
        findings.note(f"{label} is missing: camps start empty and there is nothing to score against")
        return ()
    tables: list[CampTable] = []
    rows = [row for row in read_rows(path, label, findings, filled="rows of name,file") if not row.is_comment]
    if needed:
        _check_total(rows, places, label, findings)
    line_of: dict[str, int] = {}
    for row in rows:
        name = row.cells[0]
        if name in line_of:
            findings.fault(label, row.line, "name", "the name stands twice",
            found=f"{name!r}, first in row {line_of[name]}",
                           mend="put both files on one row")  # fmt: skip
            continue
        line_of[name] = row.line
        files = [cell.strip() for cell in row.cells[1:] if cell.strip()]
        if not files:
            findings.fault(label, row.line, "file", "the row names no file", found=row.cells[0], wanted="name,file.csv",
                           mend="name the file with the counts")  # fmt: skip
        parts = [read_camp_file(folder, file, start, findings) for file in files]
        tables.append(CampTable(name=name, parts=tuple(part for part in parts if part is not None)))
    if rows:
        _check_camps(tables, line_of, places, needed and by_camp, label, findings)
    return tuple(tables)


def last_record(layout: tuple[CampTable, ...]) -> int | None:
    """Day offset of the last record of all files; None where there is none."""
    return max((int(days.max()) for table in layout for days, _ in table.parts), default=None)


def _check_total(rows: list[Row], places: tuple[FlightPlace, ...], label: str, findings: Findings) -> None:
    """The first row is the total whatever its name; a camp there would be taken for it."""
    camps = {place.name for place in places if place.is_camp}
    if rows and rows[0].cells[0] in camps:
        findings.fault(label, rows[0].line, "name", "the first row is the total, and this is a camp",
                       found=repr(rows[0].cells[0]), wanted="total,refugees.csv first",
                       mend="put the row of the total first")  # fmt: skip


def _check_camps(
    tables: list[CampTable], line_of: dict[str, int], places: tuple[FlightPlace, ...], needed: bool, label: str,
    findings: Findings,
) -> None:  # fmt: skip
    have = {table.name for table in tables}
    names = [place.name for place in places]
    for place in places:
        if place.is_camp and place.name not in have and not needed:
            findings.note(f"{label}: camp {place.name!r} has no row; it starts empty and is not scored by itself")
        elif place.is_camp and place.name not in have:
            findings.fault(label, 0, "name", "a camp of locations.csv has no row", found=repr(place.name),
                           mend=f"add a row {place.name},FILE.csv, or make the place a town")  # fmt: skip
    for table in tables[1:] if needed else ():
        if table.name not in names:
            findings.note(
                f"{label}, row {line_of[table.name]}: {table.name!r} is no place; its counts still add to the people"
                " who leave each day, as in Flee (--strict leaves them out)"
            )


def read_camp_file(
    folder: Path, file: str, start: date, findings: Findings
) -> tuple[np.ndarray, np.ndarray] | None:  # fmt: skip
    """Day offsets from `start` and counts of one file, in file order."""
    label = f"source_data/{file}"
    rows = read_rows(folder / file, label, findings, filled="rows of date,count")
    days: list[float] = []
    counts: list[float] = []
    before = len(findings.faults)
    for k, row in enumerate(rows):
        if row.is_comment or (k == 0 and row.cells[0].strip() in ("", "Date", "DateTime")):
            continue
        if len(row.cells) < 2:
            findings.fault(label, row.line, "count", "the row has no count", found=row.cells[0], wanted="date,count",
                           mend="add the count, or a comma where there is none")  # fmt: skip
            continue
        if not row.cells[1].strip():
            continue
        _read_count(row, label, start, days, counts, findings)
    if rows and not days and len(findings.faults) == before:
        findings.fault(label, 0, "", "the file has no counts", wanted="rows of date,count", mend="add at least one")
    if len(findings.faults) > before or not days:
        return None
    if np.any(np.diff(days) <= 0):
        findings.note(f"{label}: dates are not in rising order; read in file order, as Flee does")
    return np.array(days), np.array(counts)


def _read_count(row: Row, label: str, start: date, days: list[float], counts: list[float], findings: Findings) -> None:
    when = civil_date(row.cells[0], label, row.line, "date", findings)
    count = whole(row.cells[1], label, row.line, "count", findings, low=0)
    check_split(row, 1, 2, label, "count", findings)
    if when is not None and count is not None:
        days.append(float((when - start).days))
        counts.append(float(count))


def read_corrections(
    folder: Path, start: date, layout: tuple[CampTable, ...], findings: Findings,
    label: str = "input_csv/registration_corrections.csv",
) -> tuple[tuple[str, int], ...]:  # fmt: skip
    """Corrections of registration: camp and day offset. A date before the start is left out, as in Flee."""
    rows_of = {table.name: table for table in layout}
    corrections = []
    for row in read_rows(folder / "registration_corrections.csv", label, findings, needed=False):
        if row.is_comment:
            continue
        if len(row.cells) < 2:
            findings.fault(label, row.line, "date", "the row has no date", found=row.cells[0], wanted="camp,date",
                           mend="add the date, or remove the row")  # fmt: skip
            continue
        name = row.cells[0]
        when = civil_date(row.cells[1], label, row.line, "date", findings)
        if name not in rows_of:
            findings.fault(label, row.line, "camp", "no such row in data_layout.csv", found=repr(name),
                           mend=nearest(name, list(rows_of)))  # fmt: skip
            continue
        if when is None or (when - start).days < 0:
            continue
        day = (when - start).days
        if not any(day in part[0][min(1, len(part[0]) - 1) :] for part in rows_of[name].parts):
            findings.fault(
                label, row.line, "date", "the camp has no record on this date that another comes before",
                found=row.cells[1],
                mend="use the date of a record, or add one to the camp file",
            )  # fmt: skip
            continue
        corrections.append((name, day))
    return tuple(corrections)


def read_demographics(
    folder: Path, places: tuple[FlightPlace, ...], wanted: tuple[str, ...], findings: Findings
) -> Mapping[str, Shares]:
    """Shares of the attributes that a rule needs; the other files are named in a note and not read."""
    names = [place.name for place in places]
    found: dict[str, Shares] = {}
    for path in sorted(folder.glob("demographics_*.csv")):
        attribute = path.stem.split("_")[1]
        label = f"input_csv/{path.name}"
        if attribute not in wanted:
            findings.note(f"{label}: no rule that is on needs it; not read")
            continue
        shares = _read_shares(path, label, attribute, names, findings)
        if shares is not None:
            found[attribute] = shares
    for attribute in wanted:
        if attribute not in found and not (folder / f"demographics_{attribute}.csv").is_file():
            findings.fault(
                f"input_csv/demographics_{attribute}.csv", 0, "",
                "the file is missing, and a rule that is on needs it",
                mend="add it, or switch the rule off",
            )  # fmt: skip
    return found


def _read_shares(path: Path, label: str, attribute: str, names: list[str], findings: Findings) -> Shares | None:
    rows = read_rows(path, label, findings)
    if not rows:
        return None
    before = len(findings.faults)
    head = [cell.strip() for cell in rows[0].cells]
    if "Default" not in head:
        findings.fault(
            label, rows[0].line, "Default", "the column is missing", mend="add a column Default with weights"
        )
    values: list[str] = []
    weights: dict[str, list[float]] = {name: [] for name in head[1:] if name}
    for name in weights:
        if names and name != "Default" and name not in names:
            findings.fault(
                label, rows[0].line, name, "a column names no place", found=repr(name), mend=nearest(name, names)
            )
    for row in rows[1:]:
        values.append(row.cells[0].strip())
        if attribute == "age":
            number(row.cells[0], label, row.line, "age", findings, low=0.0)
        for i, name in enumerate(head):
            if i > 0 and name:
                weights[name].append(number(row.cell(i), label, row.line, name, findings, low=0.0) or 0.0)
    for name, column in weights.items():
        if sum(column) <= 0.0:
            findings.fault(label, 0, name, "the weights add up to nothing", mend="give at least one weight above 0")
    if len(findings.faults) > before:
        return None
    return Shares(values=tuple(values), weights={name: np.array(column) for name, column in weights.items()})
