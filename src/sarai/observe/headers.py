"""Which row is the header, what each column means, and which rows are totals. Synonyms stand in `headers.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from importlib.resources import files

from sarai.observe.dates import DATE_FORM
from sarai.observe.digits import western_digits
from sarai.observe.hxl import read_tags
from sarai.observe.personal_words import plain_words

SEARCH_ROWS = 40  # A209
_TABLE = tomllib.loads(files("sarai.observe").joinpath("headers.toml").read_text(encoding="utf-8"))
_MEANING_OF: dict[str, str] = {
    plain_words(word): name for name, words in _TABLE["columns"].items() for word in [name, *words]
}
FILLERS = frozenset(plain_words(word) for word in _TABLE["heading"]["fillers"])
OF_WHICH = tuple(plain_words(word) for word in _TABLE["heading"]["of_which"])
_SINCE_WORDS = "|".join(_TABLE["heading"]["since"])
_WITHIN = r"(?:(?!\s[-–—/]\s)[^()\[\]])*"  # up to a bracket or the seam between two rows of a header
SINCE = re.compile(rf"(?<!\w)(?:{_SINCE_WORDS})\s+({_WITHIN}\d{_WITHIN})", re.IGNORECASE)
TO_DATE = tuple(plain_words(word) for word in _TABLE["heading"]["to_date"])
LAST, HOURS, DAYS, BEFORE_LAST, AFTER_LAST = (
    frozenset(plain_words(word) for word in _TABLE["heading"][key])
    for key in ("last", "hours", "days", "before_last", "after_last")
)
_RAISED = re.compile(r"(?<=\w)[¹²³⁴⁵⁶⁷⁸⁹⁰]+(?=$|[\s)\]/])")
_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
ALL_CROSSINGS = frozenset(plain_words(word) for word in _TABLE["rows"]["all_crossings"])
_TOTALS = frozenset(plain_words(word) for word in _TABLE["rows"]["total"])
_VALUES: dict[str, dict[str, str]] = {
    field: {plain_words(word): value for value, words in table.items() for word in [value, *words]}
    for field, table in _TABLE["values"].items()
}


def split_joined(name: str) -> str:
    """A name of a program with a blank before each capital: `reportDate`."""
    return _JOINED.sub(" ", name)


def unmarked(name: str) -> str:
    """A name without the raised digits of a footnote behind it, and without the form of its dates."""
    return DATE_FORM.sub("", _RAISED.sub("", name))


def column_meaning(name: str) -> str:
    """Our name for a column, or an empty string."""
    name = unmarked(name)
    return _MEANING_OF.get(plain_words(name)) or _MEANING_OF.get(plain_words(split_joined(name)), "")


def value_meaning(field: str, cell: str) -> str:
    """Our value for a printed status, kind or cumulative flag, or an empty string."""
    return _VALUES.get(field, {}).get(plain_words(cell), "")


def is_total(cell: str) -> bool:
    """Whether a cell says that its row or column adds up others."""
    return plain_words(unmarked(cell)) in _TOTALS


def starts_total(cell: str) -> bool:
    """Whether a cell begins with words for a total: `Total October`, `Subtotal week 4`."""
    words = plain_words(cell).split()
    return any(" ".join(words[:count]) in _TOTALS for count in range(1, min(len(words), 4) + 1))


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
