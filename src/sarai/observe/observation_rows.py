"""From a sheet to rows of observations.csv: every cell checked, every fault with its place, good rows kept apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from datetime import date

from sarai.ledger.record import Origin, SourcedRow
from sarai.observe.dates import DateStyle, read_date, read_window, settle_style
from sarai.observe.digits import Count, read_count
from sarai.observe.headers import is_total, value_meaning
from sarai.observe.mapping import Mapping, WideColumn
from sarai.observe.personal_words import plain_words
from sarai.observe.raw_table import RawRow
from sarai.observe.sheet import Sheet, find_bad_cells
from sarai.world.errors import Fault

OBSERVATION_COLUMNS = (
    *("start_date", "end_date", "crossing", "status", "kind", "persons", "families", "cumulative", "as_of"),
    *("source_id", "note", "series", "known", "known_inferred"),
)
SOURCE_COLUMNS = ("source_id", "publisher", "title", "published", "url")
DATE_FIELDS = ("start_date", "end_date", "date", "window", "as_of", "known")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the case and the command say about a file.

    crossings   id of a crossing by each of its names in plain words
    source_id   the publication that the file is, where its rows do not say it; sources: ids that the case defines
    known       since when the file's figures were known, where its rows do not say it
    """

    crossings: MappingType[str, str]
    sources: frozenset[str]
    source_id: str
    known: date

    @classmethod
    def for_reading(cls, crossings: MappingType[str, str]) -> Setting:
        """A setting that knows the crossings and nothing else, to find out what columns mean."""
        return cls(crossings=crossings, sources=frozenset(), source_id="", known=date.max)


@dataclass(kw_only=True)
class Reading:
    """What came of a sheet: rows, rows set aside with their faults, columns and rows left out with reasons."""

    rows: list[SourcedRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    set_aside: dict[int, RawRow] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    without_figure: int = 0


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Index of the column of each of our names, and of each wide column what it counts."""

    of: MappingType[str, int]
    wide: MappingType[int, WideColumn]

    @property
    def used(self) -> set[int]:
        """Indices of all columns that are read."""
        return {*self.of.values(), *self.wide}


def assign_columns(sheet: Sheet, mapping: Mapping, setting: Setting) -> tuple[Columns, list[Fault]]:
    """Which column is what: by the mapping where there is one, else by tags, names of crossings and synonyms."""
    faults: list[Fault] = []
    index = {plain_words(name): i for i, name in reversed(list(enumerate(sheet.header))) if name}
    missing = [name for name in [*mapping.columns.values(), *mapping.wide] if plain_words(name) not in index]
    for name in missing:
        faults.append(
            Fault(
                file=sheet.raw.file,
                sheet=sheet.raw.sheet,
                row=sheet.header_line,
                column=name,
                what="the mapping names a column that the file lacks",
                found=", ".join(name for name in sheet.header if name)[:200],
            )
        )
    of = {
        field_name: index[plain_words(name)]
        for field_name, name in mapping.columns.items()
        if plain_words(name) in index
    }
    wide = {index[plain_words(name)]: entry for name, entry in mapping.wide.items() if plain_words(name) in index}
    if not mapping.columns and not mapping.wide:
        ignored = {plain_words(name) for name in mapping.ignore}
        found = {
            name: i for i, name in enumerate(sheet.meanings) if name and plain_words(sheet.header[i]) not in ignored
        }
        wide = _wide_columns(sheet, setting) if "crossing" not in found else {}
        of = {name: i for name, i in found.items() if i not in wide and not (wide and name == "persons")}
    return Columns(of=of, wide=wide), faults


def _wide_columns(sheet: Sheet, setting: Setting) -> dict[int, WideColumn]:
    """Columns that bear the name of a crossing."""
    wide = {}
    for i, name in enumerate(sheet.header):
        if identity := setting.crossings.get(plain_words(name)):
            wide[i] = WideColumn(crossing=identity)
    return wide


def read_observations(sheet: Sheet, mapping: Mapping, setting: Setting) -> Reading:
    """Every row of a sheet as rows of observations.csv. A row with any fault is set aside; the others are good.

    Faults that touch the whole sheet (no date column, a mapping that does not fit, merged cells) set all rows aside.
    """
    reading = Reading(left_out=[f"row {line}: {why}" for line, why in sheet.left_out])
    columns, faults = assign_columns(sheet, mapping, setting)
    faults += _missing_columns(sheet, columns, mapping, setting) or find_bad_cells(sheet, columns.used)
    reading.faults = [fault for fault in faults if not _row_of(fault, sheet)]
    row_faults: dict[int, list[Fault]] = defaultdict(list)
    for fault in faults:
        if _row_of(fault, sheet):
            row_faults[fault.row].append(fault)
    reading.left_out += [
        f"column {sheet.column_name(i)}: {'adds up others' if is_total(name) else 'sarai has no such column'}"
        for i, name in enumerate(sheet.header)
        if name and i not in columns.used
    ]
    if reading.faults:
        reading.set_aside = {row.line: row for row in sheet.rows}
        return reading
    reader = _RowReader(sheet, mapping, setting, columns)
    for row in sheet.rows:
        rows, problems = reader.read(row)
        problems = [*row_faults.get(row.line, []), *problems]
        if problems:
            reading.faults += problems
            reading.set_aside[row.line] = row
        elif rows:
            reading.rows += rows
        else:
            reading.without_figure += 1
    return reading


def _row_of(fault: Fault, sheet: Sheet) -> bool:
    return fault.row > sheet.header_line and fault.what.startswith("a formula")


def _missing_columns(sheet: Sheet, columns: Columns, mapping: Mapping, setting: Setting) -> list[Fault]:
    has = {*columns.of, *mapping.fixed}
    problems = []
    if not has & {"date", "window", "end_date", "as_of"}:
        problems.append(("no column holds a date", "a column such as date, or start date and end date"))
    if not columns.wide and not has & {"persons", "families", "persons_cumulative", "families_cumulative"}:
        problems.append(("no column holds a count", "a column such as individuals or families, or one a crossing"))
    if not columns.wide and "crossing" not in has and len(set(setting.crossings.values())) != 1:
        problems.append(("no column says which crossing", "a column such as border point, or --crossing"))
    if "source_id" not in has and not setting.source_id:
        problems.append(("nothing says which publication this is", "--source ID, or --publisher with --title"))
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


class _RowReader:
    """Reads the rows of one sheet; the order of day and month is settled once for each date column."""

    def __init__(self, sheet: Sheet, mapping: Mapping, setting: Setting, columns: Columns) -> None:
        self.sheet, self.mapping, self.setting, self.columns = sheet, mapping, setting, columns
        declared = DateStyle(calendar=mapping.calendar, dayfirst=mapping.dayfirst)
        self.styles = {
            name: settle_style(declared, (row.cells[i] for row in sheet.rows if i < len(row.cells)))
            for name, i in columns.of.items()
            if name in DATE_FIELDS
        }
        self.faults: list[Fault] = []

    def read(self, row: RawRow) -> tuple[list[SourcedRow], list[Fault]]:
        """The observations of one row (several from a wide one), or the faults in it."""
        self.faults = []
        shared = self._shared_cells(row)
        made = []
        for cells in self._figures(row):
            cells = {**shared, **{name: value for name, value in cells.items() if value}}
            note = "; ".join(text for text in (cells.get("note", ""), cells.pop("about", "")) if text)
            cells["note"] = note
            self._finish(row, cells)
            kept = {name: cells.get(name, "") for name in OBSERVATION_COLUMNS}
            origin = Origin(
                file_hash=self.sheet.raw.file_hash,
                file=self.sheet.raw.file,
                sheet=self.sheet.raw.sheet,
                row=row.line,
            )
            made.append(SourcedRow(cells=kept, origin=origin))
        return ([], self.faults) if self.faults else (made, [])

    def _cell(self, row: RawRow, name: str) -> str:
        i = self.columns.of.get(name)
        cell = row.cells[i] if i is not None and i < len(row.cells) else ""
        return cell or self.mapping.fixed.get(name, "")

    def _fault(
        self, row: RawRow, name: str | int, what: str, found: str = "", wanted: str = "", mend: str = ""
    ) -> None:
        i = name if isinstance(name, int) else self.columns.of.get(name)
        column = self.sheet.column_name(i) if i is not None else str(name)
        self.faults.append(
            Fault(
                file=self.sheet.raw.file,
                sheet=self.sheet.raw.sheet,
                row=row.line,
                column=column,
                what=what,
                found=found[:80],
                wanted=wanted,
                mend=mend,
            )
        )

    def _date(self, row: RawRow, name: str) -> date | None:
        text = self._cell(row, name)
        if not text:
            return None
        style = self.styles.get(name, DateStyle(calendar=self.mapping.calendar, dayfirst=self.mapping.dayfirst))
        if self.columns.of.get(name) is None:
            style = DateStyle()
        try:
            return read_date(text, style)
        except ValueError as error:
            self._fault(row, name, str(error), text, "a date such as 2023-11-01")
            return None

    def _shared_cells(self, row: RawRow) -> dict[str, str]:
        """Cells that every figure of the row has."""
        start, end = self._window(row)
        as_of, known = self._date(row, "as_of"), self._date(row, "known")
        if start and end and end < start:
            self._fault(row, "end_date", "the window ends before it starts", f"{start} to {end}")
        known = known or self.setting.known
        if end and known < end and not self.faults:
            self._fault(
                row, "known", "the figure was known before its window ended", f"{known} before {end}",
                mend="Check the dates, or give --known DATE: the first day on which the figure could be used.",
            )  # fmt: skip
        source = self._cell(row, "source_id") or self.setting.source_id
        if source not in self.setting.sources:
            self._fault(
                row, "source_id", "sources.csv has no such publication", source, mend="Ingest it, or add the row."
            )
        return {
            "start_date": start.isoformat() if start else "",
            "end_date": end.isoformat() if end else "",
            "as_of": as_of.isoformat() if as_of else "",
            "known": known.isoformat(),
            "known_inferred": self._meaning(row, "known_inferred") or "false",
            "source_id": source,
            "series": self._cell(row, "series"),
            "note": self._cell(row, "note"),
        }

    def _window(self, row: RawRow) -> tuple[date | None, date | None]:
        if text := self._cell(row, "window"):
            try:
                return read_window(text, self.styles.get("window", DateStyle(calendar=self.mapping.calendar)))
            except ValueError as error:
                self._fault(row, "window", str(error), text, "two dates such as 2023-11-01 to 2023-11-07")
                return None, None
        start, end = self._date(row, "start_date"), self._date(row, "end_date")
        day = self._date(row, "date")
        end = end or day or (self._date(row, "as_of") if "date" not in self.columns.of else None)
        if end is None and not self.faults:
            named = next((name for name in ("date", "end_date", "as_of") if name in self.columns.of), "date")
            self._fault(row, named, "the row has no date", wanted="a date such as 2023-11-01")
        return start or (day if day else None) or (end if "start_date" not in self.columns.of else None), end

    def _figures(self, row: RawRow) -> list[dict[str, str]]:
        """One set of cells for each figure in the row; cells that say there is none are left out."""
        made = []
        if self.columns.wide:
            for i, wide in self.columns.wide.items():
                count = self._count(row, i)
                if count and count.value is not None:
                    made.append(self._figure(row, wide.unit, count, wide.cumulative, wide))
        for cumulative, suffix in ((False, ""), (True, "_cumulative")):
            counts = {unit: self._count(row, self.columns.of.get(unit + suffix)) for unit in ("persons", "families")}
            filled = {unit: count for unit, count in counts.items() if count and count.value is not None}
            if filled:
                cells = self._figure(row, "", Count(value=None), cumulative or self._flag(row), WideColumn())
                cells |= {unit: str(count.value) for unit, count in filled.items()}
                cells["about"] = "approx" if any(count.about for count in filled.values()) else ""
                made.append(cells)
        return made

    def _figure(self, row: RawRow, unit: str, count: Count, cumulative: bool, wide: WideColumn) -> dict[str, str]:
        cells = {
            "crossing": wide.crossing or self._crossing(row),
            "status": wide.status or self._meaning(row, "status") or "all",
            "kind": wide.kind or self._meaning(row, "kind") or "return_all",
            "cumulative": "true" if cumulative else "false",
            "about": "approx" if count.about else "",
        }
        return {**cells, unit: str(count.value)} if unit else cells

    def _count(self, row: RawRow, i: int | None) -> Count | None:
        text = row.cells[i] if i is not None and i < len(row.cells) else ""
        if not text or i is None:
            return None
        try:
            return read_count(text, point_groups=self.mapping.point_groups)
        except ValueError as error:
            self._fault(row, i, str(error), text, "a whole number of persons or families, such as 24000")
            return None

    def _flag(self, row: RawRow) -> bool:
        return self._meaning(row, "cumulative") == "true"

    def _meaning(self, row: RawRow, name: str) -> str:
        """Our value for a printed status, kind or flag; a word that sarai does not know is kept, made one word."""
        text = self._cell(row, name)
        own = {plain_words(printed): value for printed, value in self.mapping.values.get(name, {}).items()}
        if meant := own.get(plain_words(text)) or value_meaning(name, text):
            return meant
        if text and name in {"cumulative", "known_inferred"}:
            if (flag := value_meaning("cumulative", text)) in {"true", "false"}:
                return flag
            self._fault(row, name, "this is neither yes nor no", text, "true or false")
        return "_".join(plain_words(text).split())

    def _crossing(self, row: RawRow) -> str:
        text = self._cell(row, "crossing")
        own = {plain_words(printed): value for printed, value in self.mapping.values.get("crossing", {}).items()}
        text = own.get(plain_words(text), text)
        ids = sorted(set(self.setting.crossings.values()))
        if not text and len(ids) == 1:
            return ids[0]
        if plain_words(text) in {"all", "all crossings", "total"}:
            return "all"
        whole = self.setting.crossings.get(plain_words(text))
        parts = (
            [whole] if whole else [self.setting.crossings.get(plain_words(part), "") for part in _split_crossings(text)]
        )
        if not text or not all(parts):
            self._fault(
                row, "crossing", "the case has no such crossing", text, f"{', '.join(ids)}, all, or ids joined by +",
                "Add the name to `aliases` of the crossing in case.yaml, or to `values: crossing:` of a mapping.",
            )  # fmt: skip
            return ""
        return "+".join(sorted({part for part in parts if part}))

    def _finish(self, row: RawRow, cells: dict[str, str]) -> None:
        """A running total starts when the mapping, the command or the file says, never at a guess."""
        if cells["cumulative"] != "true":
            return
        if "start_date" not in self.columns.of and "window" not in self.columns.of:
            since = self.mapping.cumulative_since or self._date(row, "start_date")
            if since is None:
                self._fault(
                    row, "persons_cumulative", "nothing says since when the running total counts",
                    mend="Give --cumulative-since DATE, or cumulative_since in the mapping.",
                )  # fmt: skip
                return
            cells["start_date"] = since.isoformat()
        cells["as_of"] = cells["as_of"] or cells["end_date"]


def _split_crossings(text: str) -> list[str]:
    for joint in ("+", " and ", "&", "/", ";", " و ", " اور ", " et "):
        text = text.replace(joint, "\x1f")
    return [part for part in text.split("\x1f") if part.strip()]
