"""HXL: a row of hashtags says what each column is. The tag row is found by itself (hxlstandard.org)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sarai.observe.raw_table import RawTable

SEARCH_ROWS = 25  # the standard asks processors to look at the first 25 rows
_COUNTS = ("persons", "families", "persons_cumulative")
_ALL = frozenset({"total", "all"})
_TAG = re.compile(r"#[a-z][a-z0-9_]*(?:\s*\+[a-z0-9_]+)*", re.IGNORECASE)

# our column, tag, attributes that must be there, attributes that must not
_MEANINGS: tuple[tuple[str, str, frozenset[str], frozenset[str]], ...] = (
    ("start_date", "#date", frozenset({"start"}), frozenset()),
    ("end_date", "#date", frozenset({"end"}), frozenset()),
    ("as_of", "#date", frozenset({"asof"}), frozenset()),
    ("known", "#date", frozenset({"published"}), frozenset()),
    ("known", "#date", frozenset({"known"}), frozenset({"inferred"})),
    ("date", "#date", frozenset(), frozenset({"start", "end", "published", "known", "asof", "year", "month"})),
    ("crossing", "#loc", frozenset(), frozenset({"from", "to", "origin", "destination", "type"})),
    ("families", "#affected", frozenset({"hh"}), frozenset()),
    ("families", "#reached", frozenset({"hh"}), frozenset()),
    ("families", "#population", frozenset({"hh"}), frozenset()),
    ("cumulative_flag", "#indicator", frozenset({"cumulative"}), frozenset({"num"})),
    (
        "persons",
        "#affected",
        frozenset(),
        frozenset({"hh", "f", "m", "children", "adults", "infants", "cumulative", "pct"}),
    ),
    (
        "persons",
        "#reached",
        frozenset(),
        frozenset({"hh", "f", "m", "children", "adults", "infants", "cumulative", "pct"}),
    ),
    ("persons", "#population", frozenset(), frozenset({"hh", "f", "m", "children", "adults", "cumulative", "pct"})),
    ("persons_cumulative", "#affected", frozenset({"cumulative"}), frozenset({"hh", "f", "m", "pct"})),
    ("persons_cumulative", "#reached", frozenset({"cumulative"}), frozenset({"hh", "f", "m", "pct"})),
    ("status", "#group", frozenset(), frozenset()),
    ("status", "#status", frozenset(), frozenset()),
    ("kind", "#cause", frozenset(), frozenset()),
    ("kind", "#subject", frozenset(), frozenset()),
    ("source_id", "#meta", frozenset({"source", "id"}), frozenset()),
    ("publisher", "#meta", frozenset({"source"}), frozenset({"id", "url"})),
    ("publisher", "#org", frozenset(), frozenset()),
    ("url", "#meta", frozenset({"url"}), frozenset()),
    ("series", "#meta", frozenset({"series"}), frozenset()),
    ("note", "#description", frozenset(), frozenset()),
    ("note", "#meta", frozenset({"comments"}), frozenset()),
)


def find_tag_row(table: RawTable) -> int | None:
    """Index in `table.rows` of the row of hashtags, or None: at least one tag, and nothing but tags and empty cells."""
    for i, row in enumerate(table.rows):
        if row.line > SEARCH_ROWS:
            return None
        cells = [cell for cell in row.cells if cell]
        if cells and all(_TAG.fullmatch(cell.strip()) for cell in cells):
            return i
    return None


def read_tags(cells: Sequence[str]) -> list[str]:
    """Our column name for each tag, empty where sarai has none; the first column with a meaning has it.

    Of several columns of counts it is the one that says it is the whole: with an attribute `total` or `all`, or with no
    attribute that the others lack. Where none does, each may be a part, and none is read.
    """
    meanings = [tag_meaning(cell) for cell in cells]
    for name in dict.fromkeys(filter(None, meanings)):
        places = [i for i, meaning in enumerate(meanings) if meaning == name]
        kept = places[0] if name not in _COUNTS else _whole([_attributes(cells[i]) for i in places], places)
        meanings = ["" if meaning == name and i != kept else meaning for i, meaning in enumerate(meanings)]
    return meanings


def _whole(attributes: Sequence[frozenset[str]], places: Sequence[int]) -> int | None:
    """The place of the column whose attributes say that it counts all that the others count parts of."""
    for i, own in zip(places, attributes, strict=True):
        if own & _ALL:
            return i
    plain = [i for i, own in zip(places, attributes, strict=True) if all(own <= other for other in attributes)]
    return plain[0] if plain else None


def _attributes(cell: str) -> frozenset[str]:
    return frozenset(part.strip().lower() for part in cell.strip().split("+")[1:])


def tag_meaning(cell: str) -> str:
    """Our column name for one tag and its attributes, in any order and case."""
    tag, *attributes = [part.strip().lower() for part in cell.strip().split("+")]
    own = set(attributes)
    for name, wanted, needed, barred in _MEANINGS:
        if tag == wanted and needed <= own and not barred & own:
            return name
    return ""
