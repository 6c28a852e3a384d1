"""Propose a mapping for a file: what sarai would take each column for, and what it cannot know."""

from __future__ import annotations

from pathlib import Path

from sarai.observe.columns import DATE_FIELDS, Columns, Setting, assign_columns
from sarai.observe.crossing_names import read_crossings
from sarai.observe.dates import DateStyle, read_window
from sarai.observe.headers import is_total
from sarai.observe.mapping import Mapping, write_mapping
from sarai.observe.personal_words import plain_words
from sarai.observe.read_file import check_personal, read_file
from sarai.observe.sheet import Sheet, understand_sheet
from sarai.world.errors import Fault, InputError


def suggest_mapping(folder: Path, path: Path, given: Mapping) -> str:
    """A mapping as YAML for a file, with a comment above each line that needs a look.

    given  what the command line or an earlier mapping says already
    Raises InputError as ingest does: unreadable, personal, or no sheet with a header.
    """
    tables = read_file(path, encoding=given.encoding or None)
    check_personal(tables)
    crossings = read_crossings(folder)
    wanted = [table for table in tables if table.rows and given.sheet in ("", table.sheet)]
    sheets = [understand_sheet(table, given, crossings) for table in wanted]
    found = [sheet for sheet in sheets if isinstance(sheet, Sheet)]
    if not found:
        raise InputError(
            [sheet for sheet in sheets if isinstance(sheet, Fault)] or Fault(file=path.name, what="no table")
        )
    best = max(found, key=lambda sheet: sum(map(bool, sheet.meanings)))
    columns, _ = assign_columns(best, given, Setting.for_reading(crossings))
    return write_mapping(_mapping_of(best, columns, given), _remarks(best, columns, given, crossings))


def _mapping_of(sheet: Sheet, columns: Columns, given: Mapping) -> Mapping:
    settled = {
        "sheet": sheet.raw.sheet,
        "header_row": sheet.header_line,
        "columns": {name: sheet.header[i] for name, i in sorted(columns.of.items(), key=lambda item: item[1])},
        "wide": {sheet.header[i]: wide for i, wide in sorted(columns.wide.items())},
        "ignore": tuple(name for i, name in enumerate(sheet.header) if name and i not in columns.used),
        "calendar": _calendar(sheet, columns, given),
    }
    return given.model_copy(update=settled)


def _calendar(sheet: Sheet, columns: Columns, given: Mapping) -> str:
    """The declared calendar, or Solar Hijri where no date is Gregorian and all could be that; a remark says so."""
    if given.calendar != "gregorian":
        return given.calendar
    cells = [
        row.cells[i]
        for name, i in columns.of.items()
        if name in DATE_FIELDS
        for row in sheet.rows[:50]
        if i < len(row.cells)
    ]
    cells = [cell for cell in cells if cell]
    if (
        cells
        and not any(_reads(cell, "gregorian") for cell in cells)
        and all(_reads(cell, "solar_hijri") for cell in cells)
    ):
        return "solar_hijri"
    return "gregorian"


def _reads(cell: str, calendar: str) -> bool:
    try:
        read_window(cell, DateStyle(calendar=calendar, dayfirst=True))  # type: ignore[arg-type]
    except ValueError:
        return False
    return True


def _remarks(sheet: Sheet, columns: Columns, given: Mapping, crossings: dict[str, str]) -> dict[str, str]:
    remarks = {
        "columns": "our column: the file's column",
        "wide": "the file's column: what its counts are about",
    }
    if _calendar(sheet, columns, given) != given.calendar:
        remarks["calendar"] = (
            "the years look like Solar Hijri; keep this line only if they are (the lunar one is hijri)"
        )
    if any(is_total(name) for name in sheet.header):
        remarks["ignore"] = "columns that are not read; a total of other columns is left out"
    if not given.source.source_id:
        remarks["source"] = "source: {source_id: ..., publisher: ..., title: ..., published: 2023-11-02, url: ...}"
    has = {*columns.of, *given.fixed}
    if "series" not in has:
        remarks["series"] = "fixed: {series: ...}  the counting that these figures belong to, one name for each"
    if has & {"persons_cumulative", "families_cumulative", "cumulative"} and not given.cumulative_since:
        remarks["cumulative_since"] = "cumulative_since: 2023-09-15  the first day of the running total"
    if (i := columns.of.get("crossing")) is not None:
        printed = sorted({row.cells[i] for row in sheet.rows if i < len(row.cells) and row.cells[i]})
        unknown = [name for name in printed if plain_words(name) not in crossings][:20]
        if unknown:
            ids = ", ".join(sorted(set(crossings.values())))
            remarks["values"] = (
                f"values: {{crossing: {{{', '.join(f'{name!r}: ...' for name in unknown)}}}}}  ids: {ids}, all"
            )
    return remarks
