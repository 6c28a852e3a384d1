"""From a sheet to rows of observations.csv: every cell checked, every fault with its place, good rows kept apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from itertools import pairwise

from sarai.ledger.record import SourcedRow
from sarai.observe.breakdown import Breakdown
from sarai.observe.column_finder import tell_columns
from sarai.observe.columns import Columns, Reading, Setting, assign_columns
from sarai.observe.crossing_names import like_crossing
from sarai.observe.dates import read_window
from sarai.observe.header_rows import SEAM
from sarai.observe.headers import column_meaning, is_total
from sarai.observe.mapping import Mapping
from sarai.observe.personal_words import plain_words
from sarai.observe.row_reader import RowReader
from sarai.observe.sheet import Sheet, find_bad_cells
from sarai.world.errors import Fault

LEAST_STEPS = 2  # three yearly totals that rise by chance are one in six


def read_observations(sheet: Sheet, mapping: Mapping, setting: Setting) -> Reading:
    """Every row of a sheet as rows of observations.csv. A row with any fault is set aside; the others are good.

    Faults that touch the whole sheet (no date column, a mapping that does not fit, merged cells) set all rows aside.
    """
    reading = Reading(left_out=[f"row {line}: {why}" for line, why in sheet.left_out])
    columns, faults = assign_columns(sheet, mapping, setting)
    if not mapping.columns and not mapping.wide:
        reading.told = tell_columns(sheet, columns.of, columns.wide)
        faults += _doubled(sheet, columns)
    missing = _missing_columns(sheet, columns, mapping, setting)
    faults += find_bad_cells(sheet, set(range(len(sheet.header))) if missing else columns.used)
    faults += missing
    reading.faults = [fault for fault in faults if not _row_of(fault, sheet)]
    row_faults: dict[int, list[Fault]] = defaultdict(list)
    for fault in faults:
        if _row_of(fault, sheet):
            row_faults[fault.row].append(fault)
    reading.left_out += [
        f"column {sheet.column_name(i)}: {_why_unread(sheet, i, setting.crossings)}"
        for i, name in enumerate(sheet.header)
        if name and i not in columns.used
    ]
    if reading.faults:
        reading.set_aside = {row.line: row for row in sheet.rows}
        return reading
    reader = RowReader(sheet, mapping, setting, columns)
    breakdown = Breakdown(sheet, columns)
    for row in sheet.rows:
        rows, problems = reader.read(row)
        problems = [*row_faults.get(row.line, []), *problems, *breakdown.find(row, rows)]
        if problems:
            reading.faults += problems
            reading.set_aside[row.line] = row
        elif rows:
            reading.rows += rows
        else:
            reading.without_figure += 1
    if anew := _starts_anew(sheet, reading.rows):
        reading.faults += anew
        reading.set_aside |= {row.line: row for row in sheet.rows}
        reading.rows = []
    return reading


def _starts_anew(sheet: Sheet, rows: Sequence[SourcedRow]) -> list[Fault]:
    """Totals that each begin after the one before ended and yet never fall: the windows beside them are not theirs."""
    groups: dict[tuple[str, ...], list[tuple[str, str, int, int]]] = defaultdict(list)
    for item in rows:
        cells = item.cells
        if cells["cumulative"] == "true" and (count := cells["persons"] or cells["families"]):
            key = (cells["crossing"], cells["status"], cells["kind"], str(bool(cells["persons"])))
            groups[key].append((cells["end_date"], cells["start_date"], int(count), item.origin.row))
    for group in groups.values():
        group.sort()
        pairs = list(pairwise(group))
        if len(pairs) >= LEAST_STEPS and all(b[1] > a[0] and b[2] >= a[2] for a, b in pairs):
            first, second = group[:2]
            return [
                Fault(
                    file=sheet.raw.file, sheet=sheet.raw.sheet, row=second[3],
                    what="nothing says since when the running total counts",
                    found=f"{first[2]:,} up to {first[0]}, then {second[2]:,} from {second[1]} to {second[0]}",
                    wanted="one first day for all totals of a column",
                    mend="Give --cumulative-since DATE, or cumulative_since in the mapping.",
                )
            ]  # fmt: skip
    return []


def _doubled(sheet: Sheet, columns: Columns) -> list[Fault]:
    """Columns that are read, and whose very name stands over another one too."""
    names = [plain_words(name) for name in sheet.header]
    return [
        Fault(
            file=sheet.raw.file,
            sheet=sheet.raw.sheet,
            row=sheet.header_line,
            column=sheet.column_name(i),
            what="two columns have one name",
            found=sheet.header[i],
            wanted="a name for each",
            mend=f"Say in a mapping which is which: {name}: col:{i + 1}.",
        )
        for name, i in sorted(columns.of.items())
        if names.count(names[i]) > 1
    ]


def _why_unread(sheet: Sheet, i: int, crossings: MappingType[str, str]) -> str:
    """Why a column is not read, and how to have it read where it looks like one of a crossing."""
    name = sheet.header[i]
    if any(is_total(part) for part in (name, name.rpartition(SEAM)[2])):
        return "adds up others"
    if meant := column_meaning(name):
        return f"another column is read as {meant}"
    if place := like_crossing(name, crossings):
        return (
            f"the heading is not understood; if it counts all who crossed at {place}, say so in a mapping (--suggest)"
        )
    return "the heading is not understood; to read it, say in a mapping what it is (--suggest)"


def _undeclared(sheet: Sheet, mapping: Mapping) -> str:
    """What would make headings days: what their dates want to have declared, or a column."""
    for name in filter(None, sheet.header):
        try:
            read_window(name, mapping.date_style())
        except ValueError as error:
            if "declare" in str(error):
                return f"to read {name[:30]} as a day: {error}"
    return "a column such as date, or start date and end date"


def _row_of(fault: Fault, sheet: Sheet) -> bool:
    return fault.row > sheet.header_line and fault.what.startswith("a formula")


def _missing_columns(sheet: Sheet, columns: Columns, mapping: Mapping, setting: Setting) -> list[Fault]:
    has = {*columns.of, *mapping.fixed}
    problems = []
    if not has & {"date", "window", "end_date", "as_of"} and not any(wide.day for wide in columns.wide.values()):
        problems.append(("no column holds a date", _undeclared(sheet, mapping)))
    if not columns.wide and not has & {"persons", "families", "persons_cumulative", "families_cumulative"}:
        problems.append(("no column holds a count", "a column such as individuals or families, or one a crossing"))
    by_crossing = any(wide.crossing for wide in columns.wide.values())
    if not by_crossing and "crossing" not in has and len(set(setting.crossings.values())) != 1:
        problems.append(
            (
                "no column says which crossing",
                "a column such as border point, or --crossing ID; --crossing all where it counts the whole border",
            )
        )
    if "source_id" not in has and not setting.source_id:
        problems.append(("nothing says which publication this is", "--source ID, or --publisher with --title"))
    has_since = mapping.cumulative_since or columns.since
    totals = has & {"persons_cumulative", "families_cumulative"} or mapping.fixed.get("cumulative") == "true"
    if totals and not has_since and (columns.has_both or (not columns.shows_window and "start_date" not in has)):
        problems.append(("nothing says since when the running total counts", "--cumulative-since DATE"))
    return [
        Fault(
            file=sheet.raw.file,
            sheet=sheet.raw.sheet,
            row=sheet.header_line,
            what=what,
            found=", ".join(name for name in sheet.header if name)[:200],
            wanted=wanted,
            mend="sarai ingest CASE FILE --suggest prints a mapping to correct and use with --mapping.",
        )
        for what, wanted in problems
    ]
