"""Which column of a sheet is what: by a mapping, by HXL tags, by names of crossings, or by synonyms."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from datetime import date

from sarai.ledger.record import SourcedRow
from sarai.observe.column_finder import find_columns
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
    """What came of a sheet: rows, rows set aside with their faults, columns and rows left out with reasons,
    and what columns were taken for whose heading alone does not say it.
    """

    rows: list[SourcedRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    set_aside: dict[int, RawRow] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    without_figure: int = 0


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Index of the column of each of our names, and of each wide column what it counts; since when totals do."""

    of: MappingType[str, int]
    wide: MappingType[int, WideColumn]
    since: date | None = None

    @property
    def used(self) -> set[int]:
        """Indices of all columns that are read."""
        return {*self.of.values(), *self.wide}

    @property
    def shows_window(self) -> bool:
        """Whether rows say on which day their window starts."""
        return bool({"start_date", "window"} & set(self.of))

    @property
    def has_both(self) -> bool:
        """Whether running totals stand in columns beside counts of a window."""
        totals = {"persons_cumulative", "families_cumulative"} & set(self.of) or self._wide_with(cumulative=True)
        return bool(totals) and bool({"persons", "families"} & set(self.of) or self._wide_with(cumulative=False))

    def _wide_with(self, *, cumulative: bool) -> bool:
        return any(item.cumulative == cumulative for item in self.wide.values())


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
    since = None
    if not mapping.columns and not mapping.wide:
        of, wide, since = find_columns(sheet, mapping, setting.crossings)
    return Columns(of=of, wide=wide, since=since), faults
