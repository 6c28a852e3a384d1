"""What must hold in the tables of a case: ids, references, periods, and no population below province."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from typing import get_args

from sarai.observe.case_rows import CaseRows
from sarai.observe.case_table import read_cell
from sarai.observe.case_tables import FACT_TABLES
from sarai.world.decision import Action
from sarai.world.errors import Fault


def check_tables(rows: CaseRows) -> list[Fault]:
    """Every disagreement inside and between the tables."""
    checker = TableChecker(rows)
    _tables(checker)
    _series(checker)
    _decisions(checker)
    return checker.faults


class TableChecker:
    """Gathers the faults of the tables of one case."""

    def __init__(self, rows: CaseRows) -> None:
        self.rows = rows
        self.faults: list[Fault] = []
        self.sources = {row["source_id"] for row in rows.every("sources.csv")}


def _tables(c: TableChecker) -> None:
    rows = c.rows
    for row in rows.of("sources.csv"):
        if not row["source_id"]:
            c.faults.append(
                _cell("sources.csv", row.line, "source_id", "the id is missing", "", "an id", "give it one")
            )
    _unique_rows(c, "sources.csv", "source_id")
    for file in ("observations.csv", "events.csv", "population.csv", *(spec.file for spec in FACT_TABLES)):
        for row in rows.every(file):
            name = row["source_id"]
            if "sources.csv" in rows.rows and name not in c.sources:
                near = get_close_matches(name, sorted(c.sources), n=1)
                mend = f"did you mean `{near[0]}`?" if near else "add the source to sources.csv"
                c.faults.append(
                    _cell(file, row.line, "source_id", "no such source", name, "an id of sources.csv", mend)
                )
    for row in rows.of("population.csv"):
        if row["district_or_city"]:
            what, mend = (
                "a population below province is refused",
                "add the counts up to the province, or remove the row",
            )
            found = row["district_or_city"]
            c.faults.append(_cell("population.csv", row.line, "district_or_city", what, found, "an empty cell", mend))
        if row["value"] is not None and row["value"] < 0:
            what = "a population is not negative"
            c.faults.append(_cell("population.csv", row.line, "value", what, str(row["value"]), "0 or more", ""))
    for spec in FACT_TABLES:
        for row in rows.of(spec.file):
            if row["value"].lower().lstrip("+-") in ("nan", "inf", "infinity"):
                what = "the number is not finite"
                c.faults.append(_cell(spec.file, row.line, "value", what, row["value"], "a number or words", ""))
    for file, first, last in (
        ("events.csv", "date", "end_date"),
        *((s.file, "start_date", "end_date") for s in FACT_TABLES),
    ):
        for row in rows.of(file):
            if row[first] and row[last] and row[last] < row[first]:
                found = f"{row[first]} to {row[last]}"
                what = "the period ends before it starts"
                c.faults.append(_cell(file, row.line, last, what, found, "the first day first", "correct the dates"))
    _repeated_observations(c)


def _repeated_observations(c: TableChecker) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for row in c.rows.of("observations.csv"):
        key = tuple(str(row[name]) for name in sorted(row.cells))
        if key in seen:
            what, found = "the row stands twice", f"the same as row {seen[key]}"
            c.faults.append(
                _cell("observations.csv", row.line, "", what, found, "one row for one report", "remove one")
            )
        seen.setdefault(key, row.line)


def _unique_rows(c: TableChecker, file: str, column: str) -> None:
    seen: dict[str, int] = {}
    for row in c.rows.of(file):
        name = row[column]
        if name in seen:
            what, wanted = "the id stands twice", f"one row for one id; row {seen[name]} has it already"
            c.faults.append(_cell(file, row.line, column, what, name, wanted, "remove or rename one"))
        seen.setdefault(name, row.line)


def _series(c: TableChecker) -> None:
    if "series.csv" not in c.rows.rows:
        return
    first: dict[str, date] = {}
    for row in c.rows.of("series.csv"):
        known = row["known"] or date.min
        first[row["series"]] = min(first.get(row["series"], date.max), known)
    seen: set[tuple[object, ...]] = set()
    for row in c.rows.of("series.csv"):
        key = (row["series"], row["from"], row["known"])
        if key in seen:
            what, found = "the regime stands twice", f"{row['series']} from {row['from']}"
            c.faults.append(_cell("series.csv", row.line, "from", what, found, "one row for one regime", "remove one"))
        seen.add(key)
    for row in c.rows.every("observations.csv"):
        name = row["series"]
        if name not in first:
            near = get_close_matches(name, sorted(first), n=1)
            mend = f"did you mean `{near[0]}`?" if near else "add the series to series.csv, or remove that file"
            what, wanted = "the case does not define this series", ", ".join(sorted(first))
            c.faults.append(_cell("observations.csv", row.line, "series", what, name, wanted, mend))
        elif row["known"] and row["known"] < first[name]:
            what, wanted = "the report is known before its series is", f"{first[name]} or later"
            mend = "let `known` of the first regime in series.csv be the day of its first report"
            c.faults.append(_cell("observations.csv", row.line, "known", what, str(row["known"]), wanted, mend))


def _decisions(c: TableChecker) -> None:
    """A decision must name something and say one of the actions that there are."""
    actions = list(get_args(Action))
    for row in c.rows.of("decisions.csv"):
        if row["action"] not in actions:
            near = get_close_matches(row["action"], actions, n=1)
            mend = f"did you mean `{near[0]}`?" if near else "correct the cell"
            wanted = ", ".join(actions)
            c.faults.append(_cell("decisions.csv", row.line, "action", "no such action", row["action"], wanted, mend))
        if not row["reports"] and not row["series"]:
            what = "the decision is about nothing"
            c.faults.append(_cell("decisions.csv", row.line, "reports", what, "", "ids of reports, or a series", ""))
        if row["value"] and (wanted := value_wanted(row["action"], row["value"])):
            what = "the value does not fit the action"
            c.faults.append(_cell("decisions.csv", row.line, "value", what, row["value"], wanted, "correct the cell"))


def value_wanted(action: str, value: str) -> str:
    """What the value of a decision would have to be; empty when it is right."""
    if action == "use_persons":
        return "" if value.isascii() and value.isdigit() else "a whole number of persons"
    days = value.split("/") if action == "use_window" else [value] if action == "break_series" else []
    if action == "use_window" and len(days) != 2:
        return "first and last day, 2023-11-01/2023-11-07"
    return "" if all(not read_cell(day, "date")[1] for day in days) else "dates that exist, for example 2023-11-01"


def _cell(file: str, row: int, column: str, what: str, found: str, wanted: str, mend: str) -> Fault:
    return Fault(file=file, row=row, column=column, what=what, found=found, wanted=wanted, mend=mend)
