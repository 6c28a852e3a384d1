"""All tables of a case folder, read and resolved against the places that case.yaml defines."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from sarai.observe.case_schema import CaseFile
from sarai.observe.case_table import Row, decode_text, read_table
from sarai.observe.case_tables import (
    FACT_TABLES,
    SPECS,
    read_decision,
    read_estimate,
    read_event,
    read_fact,
    read_name,
    read_provision,
    read_regime,
    read_report,
    read_route,
    read_source,
)
from sarai.observe.personal import MEND, find_personal_data
from sarai.observe.personal_words import AMBIGUOUS_NAMES, plain_words
from sarai.world.case_defaults import TRUCK_KM_DAY
from sarai.world.errors import Fault
from sarai.world.place import Route
from sarai.world.report import Report, SeriesRegime

NAMES = "the table has a column of names: it looks like data on individuals"
NO_STATUS = "the case does not define this status"
SEVERAL_STATUSES = "a count stands for several statuses"
COUNTS = "counts of persons; no table of a case has a column of names"


@dataclass(kw_only=True)
class CaseRows:
    """The rows of every table, by file name, and which tables there are."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    files: frozenset[str] = frozenset()

    def of(self, file: str) -> list[Row]:
        """Rows of one table that could be read; none where the file is not there."""
        return [row for row in self.rows.get(file, []) if not row.bad]

    def every(self, file: str) -> list[Row]:
        """All rows of one table: also those with a cell that could not be read, which is then None."""
        return self.rows.get(file, [])

    def resolve(self, case: CaseFile) -> tuple[dict[str, Any], list[Fault]]:
        """The fields of a Case that come from tables, and every reference in them that leads nowhere."""
        faults: list[Fault] = []
        names = {alias: place.id for place in case.crossings for alias in (place.id, *place.aliases)}
        statuses = [status.id for status in case.statuses]
        reports = [
            report for row in self.every("observations.csv") if (report := _report(row, names, statuses, faults))
        ]
        regimes = [regime for row in self.every("series.csv") if (regime := _regime(row, names, statuses, faults))]
        ends = [*case.origins, *case.crossings, *case.destinations, *case.sites]
        places = {alias: place.id for place in ends for alias in (place.id, *place.aliases)}
        routes = [route for row in self.every("routes.csv") if (route := _route(row, places, faults))]
        facts = [read_fact(row, spec) for spec in FACT_TABLES for row in self.of(spec.file)]
        tables = {
            "reports": tuple(reports),
            "series": tuple(regimes),
            "routes": tuple(routes),
            "facts": tuple(facts),
            "sources": tuple(read_source(row) for row in self.of("sources.csv")),
            "response": tuple(read_provision(row) for row in self.of("response.csv") if row["quantity"] is not None),
            "names": tuple(read_name(row) for row in self.of("names.csv")),
            "events": tuple(read_event(row) for row in self.of("events.csv")),
            "decisions": tuple(read_decision(row) for row in self.of("decisions.csv")),
            "estimates": tuple(read_estimate(row) for row in self.of("population.csv") if row["value"] is not None),
        }
        return tables, faults


def read_tables(data: Mapping[str, bytes]) -> tuple[CaseRows, list[Fault], list[Fault]]:
    """Rows of all known tables, faults, and apart from them the faults of data on individuals (no row is then kept)."""
    out = CaseRows(files=frozenset(data))
    faults: list[Fault] = []
    personal: list[Fault] = []
    for file, content in sorted(data.items()):
        if file.endswith(".csv"):
            personal += _personal(file, content)
    refused = {fault.file for fault in personal}
    known = [spec.file for spec in SPECS]
    for file in sorted(data):
        near = get_close_matches(file, known, n=1, cutoff=0.8) if file.endswith(".csv") and file not in known else []
        if near and near[0] not in data:
            what, mend = "no table of a case has this name", f"did you mean `{near[0]}`?"
            faults.append(Fault(file=file, what=what, found=file, wanted=", ".join(known), mend=mend))
    for spec in SPECS:
        if spec.file in data and spec.file not in refused:
            table = read_table(data[spec.file], spec)
            faults += table.faults
            out.rows[spec.file] = table.rows
    return out, faults, personal


def _personal(file: str, content: bytes) -> list[Fault]:
    text = decode_text(content, file, [])
    if text is None:
        return []
    try:
        lines = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        return []
    if not lines:
        return []
    found = find_personal_data(file, lines[0], lines[1:])
    named = [i for i, column in enumerate(lines[0], start=1) if plain_words(column) in AMBIGUOUS_NAMES]
    return found or [Fault(file=file, row=1, column=str(i), what=NAMES, wanted=COUNTS, mend=MEND) for i in named]


def _report(row: Row, names: Mapping[str, str], statuses: Sequence[str], faults: list[Fault]) -> Report | None:
    """A report, or None with faults for what does not hold together in the row."""
    before = len(faults)
    crossing = _crossings(row, "crossing", "observations.csv", names, faults)
    _status(row, statuses, faults)
    if row.bad:
        return None
    if row["end_date"] < row["start_date"]:
        found = f"{row['start_date']} to {row['end_date']}"
        _add(
            faults,
            "observations.csv",
            row,
            "end_date",
            "the window ends before it starts",
            found,
            "start_date <= end_date",
        )
    if row["persons"] is None and row["families"] is None:
        _add(faults, "observations.csv", row, "persons", "the row counts nothing", "", "persons, or families")
    if row["known"] is not None and row["known"] < row["start_date"]:
        what = "known before the window starts"
        _add(faults, "observations.csv", row, "known", what, str(row["known"]), f"{row['start_date']} or later")
    if len(faults) > before:
        return None
    series = row["series"] or f"source_{row['source_id']}"
    return read_report(row, "+".join(crossing), series)


def _regime(row: Row, names: Mapping[str, str], statuses: Sequence[str], faults: list[Fault]) -> SeriesRegime | None:
    before = len(faults)
    file = "series.csv"
    scope = _crossings(row, "scope", file, names, faults)
    for part in (row["statuses"] or "").split("+"):
        if statuses and part.strip() not in (*statuses, "all", ""):
            _add(faults, file, row, "statuses", NO_STATUS, part, f"all, or statuses joined by +: {', '.join(statuses)}")
    if row.bad:
        return None
    if row["keeping"] not in ("levels", "differences"):
        _add(faults, file, row, "keeping", "no such way of keeping", row["keeping"], "levels or differences")
    if row["unit"] not in ("", "persons", "families"):
        _add(faults, file, row, "unit", "no such unit", row["unit"], "persons or families")
    if row["from"] and row["to"] and row["to"] < row["from"]:
        _add(faults, file, row, "to", "the regime ends before it starts", f"{row['from']} to {row['to']}", "from <= to")
    for name in ("bias_log_sd", "noise_log_sd"):
        if row[name] is not None and row[name] < 0:
            _add(faults, file, row, name, "a scale is not negative", str(row[name]), "0 or more")
    if len(faults) > before:
        return None
    crossings = tuple(sorted(set(names.values()))) if scope == ("all",) else scope
    return read_regime(row, crossings)


def _route(row: Row, places: Mapping[str, str], faults: list[Fault]) -> Route | None:
    before = len(faults)
    for name in ("from", "to"):
        if row[name] not in places:
            _add(faults, "routes.csv", row, name, "no such place", row[name], "a place of case.yaml")
    if row.bad:
        return None
    for name in ("distance_km", "speed_km_day"):
        value = row[name]
        if value is not None and not (value > 0 and math.isfinite(value)):
            _add(faults, "routes.csv", row, name, "the number must be above zero", str(value), "a number above 0")
    if row["distance_km"] is None:
        _add(faults, "routes.csv", row, "distance_km", "the distance is missing", "", "kilometres by road")
    if len(faults) > before:
        return None
    return read_route(row, places[row["from"]], places[row["to"]], TRUCK_KM_DAY)


def _crossings(row: Row, column: str, file: str, names: Mapping[str, str], faults: list[Fault]) -> tuple[str, ...]:
    """The crossings of a cell, by id and sorted; `all` stands for itself."""
    parts = [part.strip() for part in row[column].split("+")]
    if parts == ["all"]:
        return ("all",)
    for part in parts:
        if part not in names:
            wanted = f"all, or crossings joined by +: {', '.join(sorted(set(names.values())))}"
            _add(faults, file, row, column, "the case does not define this crossing", part, wanted)
    return tuple(sorted({names[part] for part in parts if part in names}))


def _status(row: Row, statuses: Sequence[str], faults: list[Fault]) -> None:
    """A count is of everybody or of one status: one of the case, where the case names any."""
    found = row["status"] or ""
    if "+" in found:
        _add(faults, "observations.csv", row, "status", SEVERAL_STATUSES, found, "all, or one status")
    elif statuses and found not in (*statuses, "all", ""):
        _add(faults, "observations.csv", row, "status", NO_STATUS, found, f"all, or one of {', '.join(statuses)}")


def _add(faults: list[Fault], file: str, row: Row, column: str, what: str, found: str, wanted: str) -> None:
    faults.append(
        Fault(
            file=file,
            row=row.line,
            column=column,
            what=what,
            found=found,
            wanted=wanted,
            mend=_MEND.get(what, "correct the cell"),
        )
    )


_MEND: Mapping[str, str] = {
    "the case does not define this crossing": "add the crossing to case.yaml, or an alias to the one that is meant",
    "the row counts nothing": "fill persons or families, or remove the row",
    NO_STATUS: "add the status to case.yaml, or correct the cell",
    SEVERAL_STATUSES: "write all here, and name the statuses in the column `statuses` of series.csv",
    "no such place": "add the place to case.yaml",
}
