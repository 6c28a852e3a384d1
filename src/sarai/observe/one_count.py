"""One count that came by telephone: checked as a row of a file is, and put into the tables and the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sarai.ledger.folder import write_case
from sarai.ledger.moment import Clock, system_clock
from sarai.ledger.record import Origin, SourcedRow
from sarai.ledger.writing import Act
from sarai.observe.columns import OBSERVATION_COLUMNS, Setting
from sarai.observe.corrections import say_sorted, sort_rows
from sarai.observe.counting_tables import published_days, read_counting_tables
from sarai.observe.crossing_names import read_crossings
from sarai.observe.ingest import HEADERS, Outcome
from sarai.observe.mapping import Mapping as FileMapping
from sarai.observe.new_series import name_series
from sarai.observe.raw_table import RawRow, RawTable
from sarai.observe.read_file import check_personal
from sarai.observe.report_rows import report_lines
from sarai.observe.screen import screen_tables
from sarai.world.errors import Fault, InputError
from sarai.world.supersede import supersede_note

COMMAND_LINE = "command line"


@dataclass(frozen=True, kw_only=True)
class OneCount:
    """A count as it was told: texts as typed, dates read. `supersedes` is the id of a row that it corrects."""

    crossing: str
    start: date
    end: date
    persons: str
    families: str
    kind: str
    status: str
    series: str
    cumulative: bool
    source_id: str
    publisher: str
    title: str
    known: date
    note: str
    supersedes: str = ""


def add_count(
    folder: Path,
    count: OneCount,
    *,
    check_case: Callable[[Mapping[str, bytes]], list[Fault]] = lambda _: [],
    place: Path | str | None = None,
    now: Clock = system_clock,
) -> Outcome:
    """Record one count. Raises InputError with every fault, each naming its option; nothing is then written."""
    table = _as_table(count)
    check_personal((table,))
    with write_case(folder, screen=screen_tables, place=place, now=now) as held:
        standing = published_days(version.cells for version in held.ledger.rows("sources.csv"))
        sources = [] if count.source_id in standing else _new_source(count)
        if count.supersedes and count.supersedes not in report_lines(folder):
            raise InputError(Fault(column="--supersedes", what="the case has no such report", found=count.supersedes))
        known_sources = {**standing, **published_days(row.cells for row in sources)}
        setting = Setting(
            crossings=read_crossings(folder), sources=known_sources, source_id="", known=count.known, today=count.known
        )
        reading = read_counting_tables([table], FileMapping(), setting)
        if reading.faults or not reading.rows:
            raise InputError(
                [_as_option(f) for f in reading.faults]
                or Fault(column="--persons", what="nothing was counted", wanted="a number")
            )

        def check(after: Mapping[str, bytes]) -> None:
            if faults := check_case(after):
                raise InputError(faults)

        outcome = Outcome(rows={"observations.csv": reading.rows, "sources.csv": sources})
        name_series(held, outcome.rows, count.source_id)
        outcome.read_count = len(reading.rows)
        if not count.supersedes:
            done = sort_rows(held, outcome.rows, count.note, None)
            outcome.rows["observations.csv"] = done.rows
            outcome.said = say_sorted(done)
        rows = {name: found for name, found in outcome.rows.items() if found}
        outcome.receipt = held.append(rows, Act(verb="add", why=count.note), HEADERS, check)
        return outcome


def _as_table(count: OneCount) -> RawTable:
    """The count as a table of one row, so that it passes the same checks."""
    note = supersede_note("", count.supersedes, count.note) if count.supersedes else count.note
    cells = {
        "start_date": count.start.isoformat(),
        "end_date": count.end.isoformat(),
        "crossing": count.crossing,
        "status": count.status,
        "kind": count.kind,
        "persons": count.persons,
        "families": count.families,
        "cumulative": "true" if count.cumulative else "false",
        "source_id": count.source_id,
        "note": note,
        "series": count.series,
        "known": count.known.isoformat(),
        "known_inferred": "false",
    }
    names = tuple(name for name in OBSERVATION_COLUMNS if name in cells)
    rows = (RawRow(line=1, cells=names), RawRow(line=2, cells=tuple(cells[name] for name in names)))
    return RawTable(file=COMMAND_LINE, file_hash="", rows=rows)


def _as_option(fault: Fault) -> Fault:
    """The fault of a column as the fault of the option that it was typed into."""
    option = {"start_date": "from", "end_date": "to", "source_id": "source"}.get(fault.column, fault.column)
    return replace(fault, file="", row=0, column=f"--{option}" if option else "")


def _new_source(count: OneCount) -> list[SourcedRow]:
    if not count.publisher:
        fault = Fault(
            column="--source",
            what="sources.csv has no such publication",
            found=count.source_id,
            mend='Name who counted, as an office and never as a person: --publisher "KP control room".',
        )
        raise InputError(fault)
    cells = {"source_id": count.source_id, "publisher": count.publisher, "title": count.title or "Count by telephone"}
    return [
        SourcedRow(cells={**cells, "published": count.known.isoformat(), "url": ""}, origin=Origin(file=COMMAND_LINE))
    ]
