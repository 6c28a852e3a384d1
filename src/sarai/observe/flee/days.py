"""Reading what changes by day: period, closures, conflicts, floods, food, changes of type."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from sarai.model.flight.case import Closure, DayTable, FlightPlace, kind_of
from sarai.observe.flee.rows import Findings, Row, civil_date, nearest, number, read_rows, whole

CLOSURE_KINDS = ("country", "location", "camp", "idpcamp", "link", "remove_forced_redirection")


def read_period(
    folder: Path, findings: Findings, label: str = "input_csv/sim_period.csv"
) -> tuple[date | None, int | None]:
    """First day and number of days, None where they are missing or faulty."""
    start: date | None = None
    days: int | None = None
    rows = read_rows(folder / "sim_period.csv", label, findings)
    before = len(findings.faults)
    seen: dict[str, int] = {}
    for row in rows:
        word = row.cells[0].strip().lower()
        if word in ("startdate", "length") and seen.setdefault(word, row.line) != row.line:
            findings.fault(label, row.line, row.cells[0].strip(), "the row stands twice",
                           found=f"first in row {seen[word]}", mend="keep one of the two")  # fmt: skip
        if word == "startdate":
            start = civil_date(row.cell(1), label, row.line, "StartDate", findings)
        elif word == "length":
            days = whole(row.cell(1), label, row.line, "Length", findings, low=1)
        elif not row.is_comment:
            findings.note(f"{label}, row {row.line}: {row.cells[0].strip()[:40]!r} is not read, in Flee neither")
    if rows and len(findings.faults) == before:
        if start is None:
            findings.fault(label, 0, "StartDate", "the first day is missing", mend="add a row StartDate,YYYY-MM-DD")
        if days is None:
            findings.fault(label, 0, "Length", "the number of days is missing", mend="add a row Length,396")
    return start, days


def read_closures(
    folder: Path, places: tuple[FlightPlace, ...], findings: Findings, label: str = "input_csv/closures.csv"
) -> tuple[Closure, ...]:
    """Closures in file order, those without effect left out with a note."""
    names = [place.name for place in places]
    countries = sorted({place.country for place in places})
    closures = []
    for row in read_rows(folder / "closures.csv", label, findings):
        if row.is_comment:
            continue
        kind = row.cells[0].strip()
        if len(row.cells) < 5:
            findings.fault(label, row.line, "", "the row is too short", found=f"{len(row.cells)} columns",
                           wanted="closure_type, name1, name2, closure_start, closure_end",
                           mend="fill in the columns")  # fmt: skip
            continue
        if kind not in CLOSURE_KINDS:
            findings.fault(label, row.line, "closure_type", "no such closure", found=kind,
            wanted=", ".join(CLOSURE_KINDS),
                           mend=nearest(kind, CLOSURE_KINDS))  # fmt: skip
            continue
        first_day = whole(row.cells[3], label, row.line, "closure_start", findings)
        last_day = whole(row.cells[4], label, row.line, "closure_end", findings)
        if kind == "remove_forced_redirection":
            findings.note(f"{label}, row {row.line}: remove_forced_redirection has no effect, in Flee neither")
            continue
        known = countries if kind == "country" else names
        both = kind in ("country", "link")
        for column, name in (("name1", row.cells[1]), ("name2", row.cells[2]))[: 2 if both else 1]:
            if places and name not in known:
                findings.fault(label, row.line, column, "no such country or place in locations.csv", found=repr(name),
                               mend=nearest(name, known))  # fmt: skip
        if first_day is not None and last_day is not None:
            _note_days(first_day, last_day, label, row.line, findings)
            closures.append(
                Closure(kind=kind, first=row.cells[1], second=row.cells[2], close_day=first_day, open_day=last_day)
            )
    return tuple(closures)


def _note_days(first_day: int, last_day: int, label: str, line: int, findings: Findings) -> None:
    if 0 <= last_day <= first_day:
        findings.note(
            f"{label}, row {line}: it ends on day {last_day}, before it begins on day {first_day}, so it never reopens"
        )


def read_day_table(path: Path, label: str, findings: Findings, *, with_days: bool = False) -> DayTable | None:
    """A table with days as rows and names as columns. The first row names the columns, its first cell is not read.

    with_days   keep the numbers of the first column as days (else row k is day k, whatever its first cell says)
    """
    rows = list(read_rows(path, label, findings, filled="a first row of names and a row a day"))
    if not rows:
        return None
    head, body = rows[0], rows[1:]
    columns = [(i, cell.strip()) for i, cell in enumerate(head.cells) if i > 0 and cell.strip()]
    for i, name in columns:
        if [other for _, other in columns].count(name) > 1 and (i, name) != next(c for c in columns if c[1] == name):
            findings.fault(label, head.line, name, "the column stands twice", mend="keep one of the two")
    values = np.zeros((len(body), len(columns)))
    days = np.zeros(len(body))
    for k, row in enumerate(body):
        _read_day_row(row, columns, label, values[k], findings)
        if with_days:
            days[k] = number(row.cells[0], label, row.line, head.cells[0], findings) or 0.0
    if with_days and np.any(np.diff(days) <= 0):
        first = int(np.argmax(np.diff(days) <= 0)) + 1
        findings.fault(label, body[first].line, head.cells[0], "the days are not in order",
                       found=f"day {days[first]:g} after day {days[first - 1]:g}",
                       mend="sort the rows by day")  # fmt: skip
    return DayTable(names=tuple(name for _, name in columns), values=values, days=days if with_days else None)


def _read_day_row(
    row: Row, columns: list[tuple[int, str]], label: str, out: np.ndarray, findings: Findings
) -> None:  # fmt: skip
    """Values of one row into `out`; the sound row is read whole, any other cell by cell, to name its faults."""
    if any(cell.strip() for cell in row.cells[(columns[-1][0] if columns else 0) + 1 :]):
        findings.fault(label, row.line, "", "the row has more cells than the first row",
                       found=f"{len(row.cells)} cells",
                       mend="name the column, or take out the comma inside a number")  # fmt: skip
    try:
        values = [float(row.cells[i]) for i, _ in columns]
    except (ValueError, IndexError):
        values = []
    if values and min(values) >= 0.0 and max(values) < float("inf") and sum(values) >= 0.0:
        out[:] = values
        return
    for j, (i, name) in enumerate(columns):
        text = row.cell(i)
        if i >= len(row.cells):
            findings.fault(
                label, row.line, name, "the row has fewer cells than the first row", mend="fill in the value"
            )
            return
        try:
            out[j] = float(text)
        except ValueError:
            number(text, label, row.line, name, findings)
            continue
        if not np.isfinite(out[j]) or out[j] < 0:
            number(text, label, row.line, name, findings, low=0.0)


def read_conflicts(
    folder: Path, places: tuple[FlightPlace, ...], days: int, findings: Findings, *, counts_end: int | None = None,
    label: str = "input_csv/conflicts.csv",
) -> tuple[DayTable | None, int]:  # fmt: skip
    """Intensities by day, and how many days there are to run.

    counts_end   day of the last recorded count. A period that goes on where the table and the counts end with the same
                 day is cut there, with a note; otherwise rows are missing
    Faults: fewer rows than days, columns that name no place and are not all zero.
    """
    table = read_day_table(folder / "conflicts.csv", label, findings)
    if table is None:
        return None, days
    have = table.values.shape[0]
    if counts_end == have - 1 and have < days:
        findings.note(
            f"{label} and the counts both end with day {have - 1}, and the run with them, {days - have} days before the"
            " end of the period in sim_period.csv"
        )
        days = have
    check_length(table, days, label, findings)
    names = [place.name for place in places]
    for j, name in enumerate(table.names):
        if name in names or not names:
            continue
        above = np.flatnonzero(table.values[:days, j] > 1e-6)
        if len(above) == 0:
            findings.note(f"{label}: column {name!r} names no place and is zero throughout; not used")
        else:
            findings.fault(
                label, int(above[0]) + 2, name, "a conflict at a place that locations.csv does not have",
                found=f"intensity {table.values[above[0], j]:g}", mend=nearest(name, names),
            )  # fmt: skip
    return table, days


def check_length(table: DayTable, days: int, label: str, findings: Findings) -> None:
    """A fault where a table of days ends before the period does."""
    have = table.values.shape[0]
    if have < days:
        findings.fault(
            label, have + 1, "", "the table ends before the period does", found=f"{have} days", wanted=f"{days} days",
            mend=f"add rows for days {have} to {days - 1}, shorten Length in sim_period.csv, or use --days {have}",
        )  # fmt: skip


def read_type_changes(
    folder: Path, places: tuple[FlightPlace, ...], findings: Findings, label: str = "input_csv/location_changes.csv"
) -> tuple[tuple[str, str, int], ...]:
    """Changes of type: place, new kind, day."""
    names = [place.name for place in places]
    changes = []
    for row in read_rows(folder / "location_changes.csv", label, findings, needed=False):
        if row.is_comment:
            continue
        before = len(findings.faults)
        if names and row.cells[0] not in names:
            findings.fault(label, row.line, "location name", "no such place in locations.csv", found=repr(row.cells[0]),
                           mend=nearest(row.cells[0], names))  # fmt: skip
        kind = kind_of(row.cell(1))
        if kind is None:
            findings.fault(label, row.line, "new location type", "no such type", found=repr(row.cell(1)),
                           wanted="camp, idpcamp, conflict_zone, forwarding_hub, marker, flood_zone or town",
                           mend="write one of these words")  # fmt: skip
        day = whole(row.cell(2), label, row.line, "date", findings)
        if len(findings.faults) == before and kind is not None and day is not None:
            changes.append((row.cells[0], kind, day))
    return tuple(changes)


def read_food(
    folder: Path, places: tuple[FlightPlace, ...], days: int, needed: bool, findings: Findings,
    label: str = "input_csv/region_attributes_IPC.csv",
) -> DayTable | None:  # fmt: skip
    """Percent of people with critical food deprivation, by region, on some days."""
    path = folder / "region_attributes_IPC.csv"
    if not path.is_file():
        if needed:
            findings.fault(
                label, 0, "", "the file is missing, and a food rule is on", mend="add it or switch the rule off"
            )
        return None
    table = read_day_table(path, label, findings, with_days=True)
    if table is None or table.days is None or len(table.days) == 0:
        if needed and table is not None:
            findings.fault(label, 2, "", "the table has no days", mend="add rows of day and percentages")
        return None
    if needed:
        for region in sorted({place.region for place in places} - set(table.names)):
            findings.fault(label, 1, region, "a region of locations.csv has no column", mend=f"add a column {region!r}")
    if table.days[0] > 0 or table.days[-1] < days - 1:
        findings.note(
            f"{label}: the first and last rows hold before day {table.days[0]:g} and after day {table.days[-1]:g}"
        )
    for k, j in np.argwhere(table.values > 100.0).tolist():
        findings.fault(label, k + 2, table.names[j], "a percentage is above 100", found=f"{table.values[k, j]:g}",
                       wanted="0 to 100", mend="correct it")  # fmt: skip
    return table


def read_floods(
    folder: Path, places: tuple[FlightPlace, ...], days: int, levels: int, findings: Findings,
    label: str = "input_csv/flood_level.csv",
) -> DayTable | None:  # fmt: skip
    """Flood levels by day, cut to whole numbers as Flee does; columns that name no place are left out with a note."""
    table = read_day_table(folder / "flood_level.csv", label, findings)
    if table is None:
        return None
    check_length(table, days, label, findings)
    names = [place.name for place in places]
    for name in table.names:
        if name not in names:
            findings.note(
                f"{label}: column {name!r} names no place of locations.csv and has no effect, as in Flee; "
                + nearest(name, names)
            )
    known = [j for j, name in enumerate(table.names) if name in names]
    whole_levels = np.trunc(table.values[:, known])
    if whole_levels.size and whole_levels.max() > levels - 1:
        row = int(np.argmax(whole_levels.max(axis=1)))
        findings.fault(
            label, row + 2, "", "a level is beyond the lists of the flood rules", found=f"{whole_levels.max():g}",
            wanted=f"0 to {levels - 1}", mend="lengthen the lists or correct the level",
        )  # fmt: skip
    return DayTable(names=tuple(table.names[j] for j in known), values=whole_levels)
