"""Which row is the header, what each column means, and which rows are totals. Synonyms stand in `headers.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files

from sarai.observe.crossing_names import find_crossings
from sarai.observe.dates import DateStyle, read_date
from sarai.observe.digits import western_digits
from sarai.observe.hxl import find_tag_row, read_tags
from sarai.observe.personal_words import plain_words
from sarai.observe.raw_table import RawTable

SEARCH_ROWS = 40  # A209
_TABLE = tomllib.loads(files("sarai.observe").joinpath("headers.toml").read_text(encoding="utf-8"))
_MEANING_OF: dict[str, str] = {
    plain_words(word): name for name, words in _TABLE["columns"].items() for word in [name, *words]
}
_TOTALS = frozenset(plain_words(word) for word in _TABLE["rows"]["total"])
_VALUES: dict[str, dict[str, str]] = {
    field: {plain_words(word): value for value, words in table.items() for word in [value, *words]}
    for field, table in _TABLE["values"].items()
}


def column_meaning(name: str) -> str:
    """Our name for a column, or an empty string."""
    return _MEANING_OF.get(plain_words(name), "")


def value_meaning(field: str, cell: str) -> str:
    """Our value for a printed status, kind or cumulative flag, or an empty string."""
    return _VALUES.get(field, {}).get(plain_words(cell), "")


def is_total(cell: str) -> bool:
    """Whether a cell says that its row or column adds up others."""
    return plain_words(cell) in _TOTALS


def find_header(table: RawTable, crossings: Mapping[str, str] | None = None) -> int | None:
    """Index in `table.rows` of the header row, or None if no row of the first 40 looks like one.

    crossings  id of a crossing by each of its names in plain words; a column may bear such a name
    An HXL tag row counts as the header. Else the row with the most names that sarai knows, if it has two or more, or
    one and nothing but text; the first such row on a tie.
    """
    tags = find_tag_row(table)
    if tags is not None:
        return tags
    best, most = None, 0
    for i, row in enumerate(table.rows[: SEARCH_ROWS + 1]):
        known = _count_names(row.cells, crossings or {})
        if known >= 2 and known > most:
            best, most = i, known
    return best


def _count_names(cells: Sequence[str], crossings: Mapping[str, str]) -> int:
    """How many cells of a row are names of columns; crossings, kinds and days count only where no cell is a number."""
    numbers = sum(looks_like_number(cell) for cell in cells)
    known = sum(bool(column_meaning(cell)) for cell in cells if cell)
    if numbers:
        return known if numbers <= known else 0
    also = sum(bool(find_crossings(cell, crossings)) or bool(value_meaning("kind", cell)) for cell in cells if cell)
    days = {cell for cell in cells if cell and _is_day(cell)}
    return known + also + (len(days) if len(days) >= 2 else 0)


def _is_day(cell: str) -> bool:
    try:
        read_date(cell, DateStyle(dayfirst=True))
    except ValueError:
        return False
    return True


def looks_like_number(cell: str) -> bool:
    """Whether a cell is digits with separators."""
    bare = western_digits(cell).replace(",", "").replace(" ", "").replace(".", "").replace("'", "")
    return bare.isdecimal()


def name_columns(cells: Sequence[str], tags: bool) -> list[str]:
    """Our name for each column of a header row, each name once, empty where there is none."""
    if tags:
        return read_tags(cells)
    names: list[str] = []
    for cell in cells:
        name = column_meaning(cell)
        names.append("" if name in names else name)
    return names
