"""Ingest: files that were offered, read, checked against the case, and put into its tables and ledger, or refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sarai.ledger.folder import FolderLedger, write_case
from sarai.ledger.hashing import hash_bytes
from sarai.ledger.moment import Clock, system_clock
from sarai.ledger.record import FileEntry, Receipt, SourcedRow
from sarai.ledger.writing import Act
from sarai.observe.bounds import MOST_FAULTS, read_bounded
from sarai.observe.columns import OBSERVATION_COLUMNS, SOURCE_COLUMNS, Setting
from sarai.observe.corrections import say_sorted, sort_rows
from sarai.observe.counting_tables import (
    is_source_table,
    published_days,
    read_counting_tables,
    read_sources,
    source_cells,
)
from sarai.observe.crossing_names import read_crossings
from sarai.observe.mapping import Mapping
from sarai.observe.new_series import SERIES_COLUMNS, name_series
from sarai.observe.placed_faults import group_faults, place_faults
from sarai.observe.quarantine import write_quarantine
from sarai.observe.raw_table import RawTable
from sarai.observe.read_file import check_personal, read_tables
from sarai.observe.screen import screen_tables, screen_text
from sarai.observe.sheet import Sheet, understand_sheet
from sarai.world.errors import Fault, InputError, PersonalDataError

NO_MAPPING = Mapping()
HEADERS = {"observations.csv": OBSERVATION_COLUMNS, "sources.csv": SOURCE_COLUMNS, "series.csv": SERIES_COLUMNS}


@dataclass(frozen=True, kw_only=True)
class Request:
    """What was asked: files, how to read them, and whether good rows of a partly bad file may go in."""

    files: tuple[Path, ...]
    mapping: Mapping = NO_MAPPING
    known: date | None = None
    keep_good: bool = False
    why: str = ""
    today: date = field(default_factory=date.today)


@dataclass(kw_only=True)
class Outcome:
    """What came of it: rows by table, faults of rows set aside, what was left out and why, the quarantine file."""

    receipt: Receipt | None = None
    rows: dict[str, list[SourcedRow]] = field(default_factory=lambda: {"observations.csv": [], "sources.csv": []})
    faults: list[Fault] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    read_count: int = 0
    without_figure: int = 0
    quarantined: Path | None = None
    files: list[FileEntry] = field(default_factory=list)


def ingest_files(
    folder: Path,
    request: Request,
    *,
    check_case: Callable[[MappingType[str, bytes]], list[Fault]] = lambda _: [],
    place: Path | str | None = None,
    now: Clock = system_clock,
) -> Outcome:
    """Put the counts of files into a case's tables and ledger: all rows of all files, or none.

    check_case  gets the tables as they would be and says what is wrong with the case then
    Raises InputError with every fault, and then nothing was written but the hash of each refused file; with `keep_good`
    only faults that spare no row raise, the bad rows go to a quarantine file. PersonalDataError always refuses all.
    """
    screen_text("--why", request.why)
    for path in request.files:
        screen_text("the name of a file", path.name)
    with write_case(folder, screen=screen_tables, place=place, now=now) as held:
        outcome = Outcome()
        try:
            _read_all(held, request, outcome)
        except InputError as error:
            _note_refusal(held, request, error)
            raise
        if outcome.faults and not (request.keep_good and outcome.rows["observations.csv"]):
            refusal = InputError(group_faults(outcome.faults)[:MOST_FAULTS])
            _note_refusal(held, request, refusal)
            raise refusal
        _put(held, request, outcome, check_case)
        return outcome


def _read_all(held: FolderLedger, request: Request, outcome: Outcome) -> None:
    personal: list[Fault] = []
    broken: list[Fault] = []
    offered: list[tuple[str, tuple[RawTable, ...]]] = []
    for path in request.files:
        try:
            data = read_bounded(path)
            tables = read_tables(path.name, data, encoding=request.mapping.encoding or None)
            check_personal(tables)
            offered.append((path.name, tables))
        except PersonalDataError as error:
            personal += error.faults
        except InputError as error:
            broken += error.faults
    if personal:
        raise PersonalDataError(personal)
    if broken:
        raise InputError(broken)
    sources = _sources_of(held, request, offered, outcome)
    described = request.mapping.source.source_id or request.mapping.fixed.get("source_id", "")
    setting = Setting(
        crossings=read_crossings(held.folder),
        sources=sources,
        source_id=described,
        known=request.known,
        today=request.today,
    )
    for name, tables in offered:
        reading = read_counting_tables(tables, request.mapping, setting)
        outcome.rows["observations.csv"] += reading.rows
        outcome.faults += reading.faults
        outcome.left_out += [f"{name}: {text}" for text in reading.left_out]
        outcome.said += [f"{name}: {text}" for text in reading.told]
        outcome.without_figure += reading.without_figure
        if reading.set_aside:
            outcome.quarantined = Path(name)


def _sources_of(
    held: FolderLedger, request: Request, offered: Sequence[tuple[str, tuple[RawTable, ...]]], outcome: Outcome
) -> dict[str, date | None]:
    """Day of publication by id: publications of the case, of offered tables of publications, and the one described."""
    standing = published_days(version.cells for version in held.ledger.rows("sources.csv"))
    for _, tables in offered:
        for table in tables:
            sheet = understand_sheet(table, request.mapping, {}) if table.rows else None
            if isinstance(sheet, Sheet) and is_source_table(sheet):
                outcome.rows["sources.csv"] += read_sources(sheet)
    described = request.mapping.source
    known_day = standing.get(described.source_id)
    if described.published and known_day and known_day != described.published:
        raise InputError(
            Fault(
                file="sources.csv", column="source_id", found=f"{described.source_id}, published {known_day}",
                what=f"another publication of this id is there, and this one was published {described.published}",
                mend="Give this publication an id of its own: source_id of the mapping, or --source.",
            )
        )  # fmt: skip
    if described.source_id and described.publisher and described.source_id not in standing:
        outcome.rows["sources.csv"].append(SourcedRow(cells=source_cells(described)))
    return {**standing, **published_days(row.cells for row in outcome.rows["sources.csv"])}


def _put(
    held: FolderLedger,
    request: Request,
    outcome: Outcome,
    check_case: Callable[[MappingType[str, bytes]], list[Fault]],
) -> None:
    def check(after: MappingType[str, bytes]) -> None:
        faults = check_case(after)
        if faults:
            error = InputError(place_faults(faults[:MOST_FAULTS], after, outcome.rows))
            _note_refusal(held, request, error)
            raise error

    if outcome.quarantined is not None:
        outcome.quarantined = write_quarantine(held.folder, request.files, outcome.faults)
    verdict = "partly" if outcome.faults else "accepted"
    outcome.files = [_entry(path, verdict) for path in request.files]
    seen = {(entry.file_hash, entry.verdict) for entry in held.ledger.files()}
    fresh = [entry for entry in outcome.files if (entry.file_hash, entry.verdict) not in seen]
    act = Act(verb="ingest", why=request.why, files=fresh)
    outcome.read_count = len(outcome.rows["observations.csv"])
    name_series(held, outcome.rows, request.mapping.source.source_id)
    told = request.known is not None or "known" in {*request.mapping.columns, *request.mapping.fixed}
    done = sort_rows(held, outcome.rows, request.why, None if told else request.today)
    outcome.rows["observations.csv"] = done.rows
    outcome.said += say_sorted(done)
    outcome.receipt = held.append({name: rows for name, rows in outcome.rows.items() if rows}, act, HEADERS, check)


def _entry(path: Path, verdict: str, detail: str = "") -> FileEntry:
    data = path.read_bytes()
    return FileEntry(file_hash=hash_bytes(data), name=path.name, size_bytes=len(data), verdict=verdict, detail=detail)  # type: ignore[arg-type]


def _note_refusal(held: FolderLedger, request: Request, error: InputError) -> None:
    """Keep hash, place and kind of a refusal. Of a file refused for personal data not even its name is kept."""
    personal = isinstance(error, PersonalDataError)
    entries = []
    for path in request.files:
        own = [fault for fault in error.faults if fault.file == path.name]
        if not own or not path.is_file():
            continue
        places = "; ".join(_place(fault, personal) for fault in own[:20])
        entry = _entry(path, "personal" if personal else "refused", places)
        entries.append(FileEntry(**{**entry.__dict__, "name": ""}) if personal else entry)
    if entries:
        held.note_files(entries)


def _place(fault: Fault, personal: bool) -> str:
    """Row and kind of fault; for personal data the column number and the kind of match, and no text of the file."""
    if personal:
        return f"row {fault.row}{' column ' + fault.column if fault.column else ''}: {fault.found}"
    return f"{fault.sheet + ' ' if fault.sheet else ''}row {fault.row}: {fault.what}"
