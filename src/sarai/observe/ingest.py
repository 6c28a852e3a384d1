"""Ingest: files that were offered, read, checked against the case, and put into its tables and ledger, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import yaml

from sarai.ledger.folder import FolderLedger, write_case
from sarai.ledger.hashing import hash_bytes, row_id
from sarai.ledger.moment import Clock, system_clock
from sarai.ledger.record import FileEntry, Origin, Receipt, SourcedRow
from sarai.ledger.table_text import parse_table
from sarai.ledger.writing import Act
from sarai.observe.bounds import MOST_FAULTS, read_bounded
from sarai.observe.columns import OBSERVATION_COLUMNS, SOURCE_COLUMNS, Reading, Setting
from sarai.observe.corrections import say_sorted, sort_rows
from sarai.observe.mapping import Mapping, SourceEntry
from sarai.observe.new_series import SERIES_COLUMNS, describe_new_series
from sarai.observe.observation_rows import read_observations
from sarai.observe.personal_words import plain_words
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


def read_crossings(folder: Path) -> dict[str, str]:
    """Id of a crossing by each of its names (id, name, aliases) in plain words, from case.yaml."""
    path = folder / "case.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    names: dict[str, str] = {}
    for place in (document or {}).get("crossings") or []:
        if isinstance(place, dict) and place.get("id"):
            printed = str(place.get("name") or "")
            for name in [place["id"], printed, *printed.split("/"), *(place.get("aliases") or [])]:
                names.setdefault(plain_words(str(name)), str(place["id"]))
    names.pop("", None)
    return names


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
            refusal = InputError(outcome.faults[:MOST_FAULTS])
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
    for name, tables in offered:
        reading = read_counting_tables(tables, request, read_crossings(held.folder), sources)
        outcome.rows["observations.csv"] += reading.rows
        outcome.faults += reading.faults
        outcome.left_out += [f"{name}: {text}" for text in reading.left_out]
        outcome.without_figure += reading.without_figure
        if reading.set_aside:
            outcome.quarantined = Path(name)


def read_counting_tables(
    tables: Sequence[RawTable],
    request: Request,
    crossings: MappingType[str, str],
    sources: MappingType[str, date | None],
) -> Reading:
    """The observations of all sheets of a file that hold counts; a sheet without a header is left out with a reason."""
    whole = Reading()
    wanted = [table for table in tables if request.mapping.sheet in ("", table.sheet)]
    if not wanted:
        names = ", ".join(table.sheet for table in tables)
        fault = Fault(file=tables[0].file if tables else "", what="there is no such sheet", found=request.mapping.sheet)
        whole.faults.append(Fault(**{**fault.__dict__, "wanted": names}))
    sheets = [(table, understand_sheet(table, request.mapping, crossings)) for table in wanted if table.rows]
    understood = [(table, sheet) for table, sheet in sheets if isinstance(sheet, Sheet)]
    for table, sheet in sheets:
        if isinstance(sheet, Fault):
            if not understood:
                whole.faults.append(sheet)
                whole.set_aside |= {row.line: row for row in table.rows}
            else:
                whole.left_out.append(f"sheet {table.sheet}: {sheet.what}")
    if not sheets and wanted:
        whole.faults.append(Fault(file=wanted[0].file, what="the file holds no table"))
    source_id = request.mapping.source.source_id or request.mapping.fixed.get("source_id", "")
    setting = Setting(
        crossings=crossings, sources=sources, source_id=source_id, known=request.known, today=request.today
    )
    for _, sheet in understood:
        if is_source_table(sheet):
            continue
        reading = read_observations(sheet, request.mapping, setting)
        whole.rows += reading.rows
        whole.faults += reading.faults
        whole.left_out += reading.left_out
        whole.set_aside |= reading.set_aside
        whole.without_figure += reading.without_figure
    return whole


def is_source_table(sheet: Sheet) -> bool:
    """Whether a sheet is a table of publications rather than of counts."""
    return set(sheet.header) >= {"source_id", "publisher", "title"} and "persons" not in sheet.header


def _sources_of(
    held: FolderLedger, request: Request, offered: Sequence[tuple[str, tuple[RawTable, ...]]], outcome: Outcome
) -> dict[str, date | None]:
    """Day of publication by id: publications of the case, of offered tables of publications, and the one described."""
    standing = published_days(version.cells for version in held.ledger.rows("sources.csv"))
    for _, tables in offered:
        for table in tables:
            sheet = understand_sheet(table, request.mapping, {}) if table.rows else None
            if isinstance(sheet, Sheet) and is_source_table(sheet):
                outcome.rows["sources.csv"] += _read_sources(sheet)
    described = request.mapping.source
    if described.source_id and described.publisher and described.source_id not in standing:
        outcome.rows["sources.csv"].append(SourcedRow(cells=_source_cells(described)))
    return {**standing, **published_days(row.cells for row in outcome.rows["sources.csv"])}


def published_days(sources: Iterable[MappingType[str, str]]) -> dict[str, date | None]:
    """Day of publication by source id; None where the table shows no full date."""
    return {cells.get("source_id", ""): _full_date(cells.get("published", "")) for cells in sources}


def _full_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _read_sources(sheet: Sheet) -> list[SourcedRow]:
    at = {name: i for i, name in enumerate(sheet.header) if name in SOURCE_COLUMNS}
    return [
        SourcedRow(
            cells={name: row.cells[i] if i < len(row.cells) else "" for name, i in at.items()},
            origin=Origin(file_hash=sheet.raw.file_hash, file=sheet.raw.file, sheet=sheet.raw.sheet, row=row.line),
        )
        for row in sheet.rows
    ]


def _source_cells(entry: SourceEntry) -> dict[str, str]:
    return {
        "source_id": entry.source_id,
        "publisher": entry.publisher,
        "title": entry.title or entry.publisher,
        "published": entry.published.isoformat() if entry.published else "",
        "url": entry.url,
    }


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


def place_faults(
    faults: Sequence[Fault], after: MappingType[str, bytes], rows: MappingType[str, Sequence[SourcedRow]]
) -> list[Fault]:
    """Faults of the tables as they would be, told by the file and line that each row was read from."""
    placed = []
    for fault in faults:
        if fault.file in after and fault.row > 1:
            table = parse_table(fault.file, after[fault.file])
            line = table.cells(table.lines.index(fault.row)) if fault.row in table.lines else {}
            origin = next((row.origin for row in rows.get(fault.file, ()) if row.id == row_id(line)), None)
            if origin is not None and origin.file:
                fault = replace(fault, file=origin.file, sheet=origin.sheet, row=origin.row)
        placed.append(fault)
    return sorted(set(placed))


def name_series(held: FolderLedger, rows: dict[str, list[SourcedRow]], source_id: str) -> None:
    """Name the series of rows that do not say it, and describe series that come for the first time in series.csv.

    Rows of the one publication `source_id` belong to the series of its publisher until someone says more; rows that
    bring their own publication each to a series of that publication, as the reader of cases has it. A case without
    series.csv assumes the regime of every series, and then nothing is written there.
    """
    sources = [version.cells for version in held.ledger.rows("sources.csv")]
    sources += [row.cells for row in rows["sources.csv"]]
    publishers = {cells.get("source_id", ""): cells.get("publisher", "") for cells in sources}
    has_table = (held.folder / "series.csv").exists()
    named = []
    for row in rows["observations.csv"]:
        source = row.cells["source_id"]
        name = row.cells["series"] or (f"source_{source}" if has_table else "")
        if not row.cells["series"] and source == source_id:
            name = "_".join(plain_words(publishers.get(source, "")).split()) or name
        named.append(replace(row, cells={**row.cells, "series": name}))
    rows["observations.csv"] = named
    if has_table:
        defined = {version.cells.get("series", "") for version in held.ledger.rows("series.csv")}
        crossings = sorted(set(read_crossings(held.folder).values()))
        rows["series.csv"] = describe_new_series(named, defined, publishers, crossings)


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
