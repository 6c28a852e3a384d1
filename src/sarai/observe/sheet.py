"""A sheet understood: its header, its rows of counts, and what was left out (titles, totals, notes) with reasons."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass

from sarai.observe.crossing_names import find_crossings
from sarai.observe.header_rows import find_header, join_rows, stack_header
from sarai.observe.headers import SEARCH_ROWS, is_total, looks_like_number, name_columns, starts_total
from sarai.observe.hxl import find_tag_row
from sarai.observe.mapping import Mapping
from sarai.observe.personal_words import plain_words
from sarai.observe.raw_table import RawRow, RawTable, column_letter
from sarai.world.errors import Fault


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table with its header found.

    header        names as printed, one a column, those of two rows joined by ` / `
    meanings      our name for each where HXL tags say it, else what synonyms say
    header_line   line of the header, the lower one of two; header_top: the upper one
    rows          rows of counts; left_out: line and reason of each row that is none
    """

    raw: RawTable
    header: tuple[str, ...]
    meanings: tuple[str, ...]
    header_line: int
    header_top: int
    rows: tuple[RawRow, ...]
    left_out: tuple[tuple[int, str], ...]

    def column_name(self, i: int) -> str:
        """How to call column `i` (from 0) in a message: its letter in a workbook, and its name."""
        name = self.header[i] if i < len(self.header) else ""
        letter = column_letter(i + 1) if self.raw.sheet and self.raw.file.lower().endswith("x") else ""
        return f"{letter} ({name})" if letter and name else letter or name or str(i + 1)


def understand_sheet(raw: RawTable, mapping: Mapping, crossings: MappingType[str, str]) -> Sheet | Fault:
    """Find the header and the rows of counts of a table, or say that there is no header."""
    tags = find_tag_row(raw) if not mapping.header_row else None
    place = tags if tags is not None else _header_place(raw, mapping, crossings)
    if place is None:
        return Fault(
            file=raw.file,
            sheet=raw.sheet,
            what="no header row was found",
            wanted="a row with names such as date, crossing, persons; or a row of HXL tags",
            mend="sarai ingest CASE FILE --suggest prints a mapping to correct; there header_row: N names the row.",
        )
    top, names = place, raw.rows[place].cells
    if tags is None:
        top, place, names = stack_header(raw, place, crossings, mapping.date_style())
    meanings = name_columns(names, tags is not None)
    header = _printed_names(raw, place) if tags is not None else names
    rows, left_out = _counting_rows(raw, place, mapping, header, crossings)
    width = max(len(names), *(len(row.cells) for row in rows)) if rows else len(names)
    return Sheet(
        raw=raw,
        header=(*header, *[""] * (width - len(header))),
        meanings=(*meanings, *[""] * (width - len(meanings))),
        header_line=raw.rows[place].line,
        header_top=raw.rows[top].line,
        rows=tuple(rows),
        left_out=tuple((line, why) for line, why in left_out if line != raw.rows[top].line or top == place),
    )


def _header_place(raw: RawTable, mapping: Mapping, crossings: MappingType[str, str]) -> int | None:
    if mapping.header_row:
        return next((i for i, row in enumerate(raw.rows) if row.line == mapping.header_row), None)
    wanted = {plain_words(name) for name in [*mapping.columns.values(), *mapping.wide]}
    for i, row in enumerate(raw.rows):
        if wanted and (wanted <= {plain_words(cell) for cell in row.cells} or wanted <= _stacked_words(raw, i)):
            return i
    return find_header(raw, crossings, mapping.date_style())


def _stacked_words(raw: RawTable, place: int) -> set[str]:
    """Names of a row under the one above it, in plain words."""
    return {plain_words(name) for name in join_rows(raw, place - 1)} if 0 < place < SEARCH_ROWS else set()


def _printed_names(raw: RawTable, tags: int) -> tuple[str, ...]:
    """The names above a row of tags, or the tags themselves where there is nothing above."""
    if tags > 0 and raw.rows[tags - 1].filled >= 2:
        above = raw.rows[tags - 1].cells
        return tuple(above[i] if i < len(above) and above[i] else cell for i, cell in enumerate(raw.rows[tags].cells))
    return raw.rows[tags].cells


def _counting_rows(
    raw: RawTable, place: int, mapping: Mapping, header: tuple[str, ...], crossings: MappingType[str, str]
) -> tuple[list[RawRow], list[tuple[int, str]]]:
    left_out = [(row.line, "above the header") for row in raw.rows[:place]]
    below = list(raw.rows[place + 1 :])
    while below and below[-1].filled == 1 and not any(looks_like_number(cell) for cell in below[-1].cells):
        left_out.append((below.pop().line, "a note below the table"))
    rows = []
    for row in below:
        if mapping.total_rows == "drop" and _says_total(row, crossings):
            left_out.append((row.line, "a total row"))
        elif row.cells in (header, raw.rows[place].cells):
            left_out.append((row.line, "the header again"))
        else:
            rows.append(row)
    return rows, sorted(left_out)


def _says_total(row: RawRow, crossings: MappingType[str, str]) -> bool:
    """Whether the first words of a row say total, before any number, or begin with it and name no crossing."""
    first = True
    for cell in row.cells:
        if cell and looks_like_number(cell):
            return False
        if is_total(cell) or (cell and first and starts_total(cell) and not find_crossings(cell, crossings)):
            return True
        first = first and not cell
    return False


def find_bad_cells(sheet: Sheet, used: set[int]) -> list[Fault]:
    """Merged cells in the header or below it, and formulas in columns that are used (numbers from 0)."""
    faults = []
    last = sheet.rows[-1].line if sheet.rows else sheet.header_line
    for top, left, bottom, right in sheet.raw.merged:
        if sheet.header_top <= top and bottom <= sheet.header_line and sheet.header_top < sheet.header_line:
            continue
        if bottom >= sheet.header_line and top <= last and any(left <= i + 1 <= right for i in used):
            faults.append(
                Fault(
                    file=sheet.raw.file,
                    sheet=sheet.raw.sheet,
                    row=top,
                    column=sheet.column_name(left - 1),
                    what="merged cells: it cannot be told which rows or columns the value is meant for",
                    found=f"{column_letter(left)}{top}:{column_letter(right)}{bottom}",
                    wanted="one value in each cell",
                    mend="Unmerge the cells and write the value into each.",
                )
            )
    for row in sheet.rows:
        faults += [
            Fault(
                file=sheet.raw.file,
                sheet=sheet.raw.sheet,
                row=row.line,
                column=sheet.column_name(number - 1),
                what="a formula stands where a value is needed; sarai does not compute",
                wanted="the value",
                mend="Copy the column and paste it as values.",
            )
            for number in row.formulas
            if number - 1 in used
        ]
    return faults
