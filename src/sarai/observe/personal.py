"""Tables that look like data on individuals: found by column names and by content, and refused.

sarai holds aggregate counts only. A fault names the place and the kind of match and never repeats a cell, so that
nothing of a refused table can reach a screen, a log or a store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sarai.observe.personal_columns import column_kind, one_row_per_person
from sarai.observe.personal_patterns import is_time_stamp, kind_in
from sarai.observe.personal_words import (
    AGGREGATE_WORDS,
    AMBIGUOUS_NAMES,
    COUNT_PREFIXES,
    PERSONAL_COLUMNS,
    plain_words,
)
from sarai.world.errors import Fault

MOST_FAULTS = 20  # A200
MEND = "Remove this column or row, count persons by date and crossing, and ingest the counts only."
_ASCII_DIGITS = {ord(mark): str(i % 10) for i, mark in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")


@dataclass(frozen=True, kw_only=True)
class PersonalMatch:
    """One match: where (line with the header as line 1, column counted from 1) and what kind. Never a value."""

    row: int
    column: int
    kind: str


def find_personal_data(
    file: str, header: Sequence[str], rows: Iterable[Sequence[str]], *, sheet: str = "", first_row: int = 2
) -> list[Fault]:
    """Every sign that a table holds data on individuals; an empty list when there is none.

    header     column names; may be empty, the content is then all that is looked at
    rows       cells as text, one sequence a row; the first is line `first_row` of the file
    returns    at most 20 faults, each with file, sheet, row, column number and kind of match; no fault repeats a cell
    Fires on column names in English, French, Urdu, Dari, Pashto and Arabic, on identity, card, passport, telephone
    and e-mail patterns, dates of birth, addresses, columns of personal names, and tables with one row per person.
    """
    table = [[clean_cell(cell) for cell in row] for row in rows]
    width = max([len(header), *(len(row) for row in table)], default=0)
    names = [plain_words(clean_cell(header[i])) if i < len(header) else "" for i in range(width)]
    kinds: dict[str, str] = {}
    found = [*_match_names(names), *_match_cells([clean_cell(cell) for cell in header], first_row - 1, names, kinds)]
    for number, row in enumerate(table, start=first_row):
        found += _match_cells(row, number, names, kinds)
        if len(found) > 50 * MOST_FAULTS:
            break
    found += _match_columns(table, names, first_row)
    return _faults(found, file, sheet)


def clean_cell(cell: object) -> str:
    """A cell as text with ASCII digits and no invisible marks, so that no spelling hides a number."""
    if cell is None:
        return ""
    text = str(cell)
    return text.strip() if text.isascii() else _INVISIBLE.sub("", text).translate(_ASCII_DIGITS).strip()


def _faults(found: list[PersonalMatch], file: str, sheet: str) -> list[Fault]:
    unique = sorted({(match.column, match.kind, match.row) for match in found})
    first: dict[tuple[int, str], list[int]] = {}
    for column, kind, row in unique:
        first.setdefault((column, kind), []).append(row)
    faults = [
        Fault(
            file=file,
            sheet=sheet,
            row=rows[0],
            column=f"number {column}" if column else "",
            what="this looks like data on individuals; sarai holds aggregate counts only and has kept nothing of it",
            found=kind + (f" (and on {len(rows) - 1} further rows)" if len(rows) > 1 else ""),
            wanted="counts of persons or families by date and crossing",
            mend=MEND,
        )
        for (column, kind), rows in first.items()
    ]
    return sorted(faults)[:MOST_FAULTS]


def _match_names(names: Sequence[str]) -> list[PersonalMatch]:
    sure = [
        PersonalMatch(row=1, column=i, kind=f"a column named like {kind}")
        for i, name in enumerate(names, start=1)
        if (kind := personal_kind(name))
    ]
    aggregate = any(set(name.split()) & AGGREGATE_WORDS for name in names)
    if sure or not aggregate:
        sure += [
            PersonalMatch(row=1, column=i, kind="a column named like a personal name")
            for i, name in enumerate(names, start=1)
            if name in AMBIGUOUS_NAMES
        ]
    return sure


def personal_kind(name: str) -> str:
    """The kind of personal datum that a column name (already plain words) stands for, or an empty string."""
    if not name or name.startswith(COUNT_PREFIXES):
        return ""
    for kind, pattern in PERSONAL_COLUMNS:
        if pattern.fullmatch(name):
            return kind
    return ""


def _match_cells(row: Sequence[str], number: int, names: Sequence[str], kinds: dict[str, str]) -> list[PersonalMatch]:
    """The signs in the cells of a row. kinds: what was found in a text, since many texts stand in many cells."""
    found = []
    for i, cell in enumerate(row):
        if len(cell) < 7:
            continue
        if cell not in kinds:
            kinds[cell] = kind_in(cell)
        if kinds[cell] and not is_time_stamp(cell, names[i] if i < len(names) else ""):
            found.append(PersonalMatch(row=number, column=i + 1, kind=kinds[cell]))
    return found


def _match_columns(table: Sequence[Sequence[str]], names: Sequence[str], first_row: int) -> list[PersonalMatch]:
    """Signs that only a whole column gives: personal names, passports, dates of birth, one row per person."""
    found = []
    columns = [[row[i] for row in table if i < len(row) and row[i]] for i in range(len(names))]
    for i, cells in enumerate(columns, start=1):
        if kind := column_kind(cells):
            found.append(PersonalMatch(row=first_row, column=i, kind=kind))
    if one_row_per_person(columns, names, len(table)):
        found.append(PersonalMatch(row=first_row, column=0, kind="one row per person (age and sex, and no count)"))
    return found
