"""Propose a mapping for a file: what sarai would take each column for, and what it cannot know."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from sarai.observe.columns import DATE_FIELDS, Columns, Setting, assign_columns
from sarai.observe.crossing_names import find_crossings, like_crossing, read_crossings
from sarai.observe.dates import CalendarName, DateStyle, read_window, said_style, settle_style
from sarai.observe.digits import western_digits
from sarai.observe.header_rows import guess_header
from sarai.observe.headers import ALL_CROSSINGS, is_total
from sarai.observe.mapping import Mapping, WideColumn, write_mapping
from sarai.observe.personal_words import plain_words
from sarai.observe.raw_table import RawTable
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
    sheets = [_understand(table, given, crossings) for table in wanted]
    found = [sheet for sheet in sheets if isinstance(sheet, Sheet)]
    if not found:
        raise InputError(
            [sheet for sheet in sheets if isinstance(sheet, Fault)] or Fault(file=path.name, what="no table")
        )
    best = max(found, key=lambda sheet: sum(map(bool, sheet.meanings)))
    columns, _ = assign_columns(best, given, Setting.for_reading(crossings))
    return write_mapping(_mapping_of(best, columns, given, crossings), _remarks(best, columns, given, crossings))


def _understand(table: RawTable, given: Mapping, crossings: dict[str, str]) -> Sheet | Fault:
    """A sheet by its header, or by the row above its first figures where no name is known."""
    sheet = understand_sheet(table, given, crossings)
    place = guess_header(table) if isinstance(sheet, Fault) else None
    if place is None:
        return sheet
    return understand_sheet(table, given.model_copy(update={"header_row": table.rows[place].line}), crossings)


def _mapping_of(sheet: Sheet, columns: Columns, given: Mapping, crossings: dict[str, str]) -> Mapping:
    alike = _alike_headings(sheet, columns, crossings)
    settled = {
        "sheet": sheet.raw.sheet,
        "header_row": sheet.header_line,
        "columns": {name: sheet.header[i] for name, i in sorted(columns.of.items(), key=lambda item: item[1])},
        "wide": {sheet.header[i]: wide for i, wide in sorted({**columns.wide, **alike}.items())},
        "ignore": tuple(name for i, name in enumerate(sheet.header) if name and i not in {*columns.used, *alike}),
        "calendar": _calendar(sheet, columns, given),
        "point_groups": given.point_groups or _groups_by_points(sheet, columns),
        "cumulative_since": given.cumulative_since or columns.since,
    }
    close = {name: like_crossing(name, crossings) for name in _unknown_crossings(sheet, columns, crossings)}
    if close := {name: place for name, place in close.items() if place}:
        settled["values"] = {**given.values, "crossing": {**close, **given.values.get("crossing", {})}}
    return given.model_copy(update=settled)


def _alike_headings(sheet: Sheet, columns: Columns, crossings: dict[str, str]) -> dict[int, WideColumn]:
    """Headings that are not understood and are spelt like a crossing that no column counts; a remark says so."""
    if "crossing" in columns.of:
        return {}
    told = {part for item in columns.wide.values() for part in item.crossing.split("+")}
    free = {i: like_crossing(name, crossings) for i, name in enumerate(sheet.header) if i not in columns.used}
    return {
        i: WideColumn(crossing=place)
        for i, place in free.items()
        if place and place not in told and list(free.values()).count(place) == 1
    }


def _unknown_crossings(sheet: Sheet, columns: Columns, crossings: dict[str, str]) -> list[str]:
    """Names in the column of crossings that the case does not know, in order."""
    i = columns.of.get("crossing")
    printed = {row.cells[i] for row in sheet.rows if i < len(row.cells) and row.cells[i]} if i is not None else set()
    known = {*crossings, *ALL_CROSSINGS}
    return [name for name in sorted(printed) if plain_words(name) not in known and not find_crossings(name, crossings)]


def _calendar(sheet: Sheet, columns: Columns, given: Mapping) -> CalendarName:
    """The declared calendar, or Solar Hijri where no date is Gregorian and all could be that; a remark says so."""
    if given.calendar != "gregorian":
        return given.calendar
    cells = _below(sheet, columns, DATE_FIELDS)
    if (
        cells
        and not any(_reads(cell, "gregorian") for cell in cells)
        and all(_reads(cell, "solar_hijri") for cell in cells)
    ):
        return "solar_hijri"
    return "gregorian"


def _below(sheet: Sheet, columns: Columns, names: Collection[str]) -> list[str]:
    """The cells of the first rows in the columns of some of our names."""
    places = [i for name, i in columns.of.items() if name in names]
    return [row.cells[i] for row in sheet.rows[:50] for i in places if i < len(row.cells) and row.cells[i]]


def _groups_by_points(sheet: Sheet, columns: Columns) -> bool:
    """Whether figures are grouped by points: none has one elsewhere, and some have one; a remark says so."""
    counts = {name for name in columns.of if name.startswith(("persons", "families"))}
    cells = _below(sheet, columns, counts)
    cells += [row.cells[i] for row in sheet.rows[:50] for i in columns.wide if i < len(row.cells)]
    pointed = [cell for cell in cells if "." in cell]
    return bool(pointed) and all(re.fullmatch(r"\d{1,3}(?:\.\d{3})+", western_digits(cell)) for cell in pointed)


def _date_remarks(sheet: Sheet, columns: Columns, given: Mapping) -> dict[str, str]:
    """What dates want to have declared: their order, their year, how weeks are numbered."""
    said = {
        "dayfirst": "dayfirst: true   03/04/2023 is 3 April; false: 4 March",
        "year": "year: 2023   the year of dates that are written without one",
        "weeks": "weeks: iso   weeks run from Monday to Sunday; epi: from Sunday to Saturday",
    }
    remarks: dict[str, str] = {}
    cells = _below(sheet, columns, DATE_FIELDS) + [name for name in sheet.header if name]
    style = replace(said_style(given.date_style(), " ".join(sheet.header)), calendar=_calendar(sheet, columns, given))
    style = settle_style(style, cells)
    for cell in cells:
        try:
            read_window(cell, style)
        except ValueError as error:
            remarks |= {key: text for key, text in said.items() if f"--{key}" in str(error)}
    return remarks


def _reads(cell: str, calendar: CalendarName) -> bool:
    try:
        read_window(cell, DateStyle(calendar=calendar, dayfirst=True, year=2000, weeks="iso"))
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
    if _groups_by_points(sheet, columns):
        remarks["point_groups"] = "figures look like 1.234 for 1234; keep this line only if they are"
    remarks |= _date_remarks(sheet, columns, given)
    if any(is_total(name) for name in sheet.header):
        remarks["ignore"] = "columns that are not read; a total of other columns is left out"
    if alike := _alike_headings(sheet, columns, crossings):
        listed = ", ".join(sheet.header[i] for i in sorted(alike))
        remarks["wide"] += f"; keep these only if they count all who crossed there: {listed}"
    if not given.source.source_id:
        remarks["source"] = "source: {source_id: ..., publisher: ..., title: ..., published: 2023-11-02, url: ...}"
    has = {*columns.of, *given.fixed}
    if "series" not in has:
        remarks["series"] = "fixed: {series: ...}  the counting that these figures belong to, one name for each"
    if has & {"persons_cumulative", "families_cumulative", "cumulative"} and not (
        given.cumulative_since or columns.since
    ):
        remarks["cumulative_since"] = "cumulative_since: 2023-09-15  the first day of the running total"
    unknown = _unknown_crossings(sheet, columns, crossings)
    if any(like_crossing(name, crossings) for name in unknown):
        remarks["values"] = "proposed because the names are alike; check each"
    if strange := [name for name in unknown if not like_crossing(name, crossings)][:20]:
        listed = ", ".join(f"{name!r}: ..." for name in strange)
        ids = ", ".join(sorted(set(crossings.values())))
        remarks["values beside"] = f"values: {{crossing: {{{listed}}}}}  ids: {ids}, all"
    return remarks
