"""The mapping file: which column is what, and what the file does not say. `sarai ingest --suggest` proposes one."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from datetime import date
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sarai.observe.dates import LAST_YEAR, CalendarName, DateStyle, WeekName
from sarai.world.errors import Fault, InputError

FIELDS = (
    *("start_date", "end_date", "date", "window", "crossing", "status", "kind", "persons", "families", "cumulative"),
    *("persons_cumulative", "families_cumulative", "as_of", "source_id", "note", "series", "known", "known_inferred"),
)
FIXED = ("start_date", "crossing", "status", "kind", "cumulative", "as_of", "note", "series", "known", "known_inferred")
MOST_MAPPING_BYTES = 1_000_000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceEntry(_Strict):
    """The publication that a file is: a row of sources.csv."""

    source_id: str = ""
    publisher: str = ""
    title: str = ""
    published: date | None = None
    url: str = ""


class WideColumn(_Strict):
    """A column that holds the counts of one crossing, status, kind or day; or of days to the `last_day`.

    days  of a count of so many days that end with the day of its row (`last 24 hours`: 1); 0: as the row says
    """

    crossing: str = ""
    status: str = ""
    kind: str = ""
    unit: Literal["persons", "families"] = "persons"
    cumulative: bool = False
    day: date | None = None
    last_day: date | None = None
    days: int = Field(default=0, ge=0, le=366)

    @model_validator(mode="after")
    def _one_window(self) -> Self:
        if self.days and (self.day or self.cumulative):
            raise ValueError("days is of a count up to the day of its row: it goes with neither day nor cumulative")
        return self


class Mapping(_Strict):
    """How to read one file.

    columns            our column name -> the file's column name
    wide               the file's column name -> what its counts are about
    fixed              our column name -> one value for every row
    values             our column name -> printed value -> our value
    year, weeks        year of dates without one; how weeks are numbered (iso, epi)
    cumulative_since   first day of running totals; needed where the file has any and does not say it
    total_rows         drop: rows that say total are left out; keep: they are read like others
    """

    schema_version: Literal[1] = Field(default=1, alias="schema")
    sheet: str = ""
    header_row: int = 0
    calendar: CalendarName = "gregorian"
    dayfirst: bool | None = None
    year: int = Field(default=0, ge=0, le=LAST_YEAR)
    weeks: WeekName = ""
    point_groups: bool = False
    encoding: str = ""
    columns: dict[str, str] = Field(default_factory=dict)
    wide: dict[str, WideColumn] = Field(default_factory=dict)
    fixed: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    cumulative_since: date | None = None
    total_rows: Literal["drop", "keep"] = "drop"
    source: SourceEntry = SourceEntry()

    def date_style(self) -> DateStyle:
        """How dates are written, as far as it is declared."""
        return DateStyle(calendar=self.calendar, dayfirst=self.dayfirst, year=self.year, weeks=self.weeks)


def read_mapping(path: Path) -> Mapping:
    """A mapping file. Raises InputError with every unknown key and wrong value."""
    from sarai.observe.bounds import read_bounded

    data = read_bounded(path)
    if len(data) > MOST_MAPPING_BYTES:
        raise InputError(Fault(file=path.name, what="the mapping is too large"))
    try:
        document = yaml.load(data.decode("utf-8-sig"), Loader=_PlainLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        fault = Fault(file=path.name, row=mark.line + 1 if mark else 0, what="this is not a YAML text")
        raise InputError(fault) from error
    return parse_mapping(path.name, document)


def parse_mapping(file: str, document: object) -> Mapping:
    """A mapping from plain values. Raises InputError with every fault, each naming its key."""
    if not isinstance(document, dict):
        raise InputError(
            Fault(file=file, what="a mapping file holds keys and values", mend="See sarai ingest --suggest.")
        )
    try:
        mapping = Mapping.model_validate(document)
    except ValidationError as error:
        raise InputError(
            [
                Fault(
                    file=file,
                    column=".".join(map(str, problem["loc"])),
                    what=problem["msg"],
                    found=str(problem.get("input", ""))[:60],
                    mend="sarai ingest CASE FILE --suggest prints a mapping that fits the file.",
                )
                for problem in error.errors()
            ]
        ) from error
    wrong = [
        Fault(file=file, column=f"{part}.{name}", what="there is no such column", wanted=", ".join(allowed))
        for part, names, allowed in (("columns", mapping.columns, FIELDS), ("fixed", mapping.fixed, FIXED))
        for name in names
        if name not in allowed
    ]
    if wrong:
        raise InputError(wrong)
    return mapping


def write_mapping(mapping: Mapping, remarks: MappingType[str, str]) -> str:
    """A mapping as YAML, with remarks as comments above the keys that they are about."""
    plain = mapping.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    plain = {"schema": 1, **plain}
    lines = ["# How to read this file; check each line, then: sarai ingest CASE FILE --mapping THIS_FILE"]
    for key, value in plain.items():
        if key in remarks:
            lines.append(f"# {remarks[key]}")
        lines.append(yaml.safe_dump({key: value}, allow_unicode=True, sort_keys=False).rstrip())
    lines += [f"# {text}" for key, text in remarks.items() if key not in plain]
    return "\n".join(lines) + "\n"


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases (they can grow without bound) and with every key as text."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not taken")
        return super().compose_node(parent, index)
