"""Which column of a sheet is what: by a mapping, by HXL tags, by names of crossings, or by synonyms."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from datetime import date

from sarai.ledger.record import SourcedRow
from sarai.observe.crossing_names import find_crossings
from sarai.observe.dates import DateStyle, read_date, settle_style
from sarai.observe.headers import value_meaning
from sarai.observe.mapping import Mapping, WideColumn
from sarai.observe.personal_words import plain_words
from sarai.observe.raw_table import RawRow
from sarai.observe.sheet import Sheet
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
    source_id   the publication that the file is, where its rows do not say it
    sources     day of publication, or None, of each publication that the case defines
    known       since when the file's figures were known, where its rows do not say it: as told by the command (None:
                not told), else the day of publication, else `today`
    """

    crossings: MappingType[str, str]
    sources: MappingType[str, date | None]
    source_id: str
    known: date | None
    today: date

    @classmethod
    def for_reading(cls, crossings: MappingType[str, str]) -> Setting:
        """A setting that knows the crossings and nothing else, to find out what columns mean."""
        return cls(crossings=crossings, sources={}, source_id="", known=None, today=date.max)


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
    index = {f"col {i + 1}": i for i in range(len(sheet.header))}  # as `col:3` in a mapping, where names are doubled
    index |= {plain_words(name): i for i, name in reversed(list(enumerate(sheet.header))) if name}
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
        wide = _wide_columns(sheet, setting, found) or _day_columns(sheet, mapping, found)
        adds_up = "crossing" not in found and bool(wide)
        of = {name: i for name, i in found.items() if i not in wide and not (adds_up and name == "persons")}
    return Columns(of=of, wide=wide), faults


def _day_columns(sheet: Sheet, mapping: Mapping, found: MappingType[str, int]) -> dict[int, WideColumn]:
    """Columns that bear a day, where no column holds dates and at least two names are days."""
    if {"date", "end_date", "window", "as_of"} & set(found):
        return {}
    style = settle_style(DateStyle(calendar=mapping.calendar, dayfirst=mapping.dayfirst), sheet.header)
    wide = {}
    for i, name in enumerate(sheet.header):
        try:
            wide[i] = WideColumn(day=read_date(name, style))
        except ValueError:
            continue
    return wide if len(wide) >= 2 else {}


def _wide_columns(sheet: Sheet, setting: Setting, found: MappingType[str, int]) -> dict[int, WideColumn]:
    """Columns that bear the name of a crossing; beside a column of crossings, those that bear a kind or a status."""
    wide = {}
    for i, name in enumerate(sheet.header):
        identity = find_crossings(name, setting.crossings)
        if "crossing" not in found:
            if identity:
                wide[i] = WideColumn(crossing=identity)
        elif i not in found.values():
            kind, status = value_meaning("kind", name), value_meaning("status", name)
            if kind not in ("", "return_all"):
                wide[i] = WideColumn(kind=kind)
            elif status not in ("", "all"):
                wide[i] = WideColumn(status=status)
    return wide
