"""Columns that only as a whole give away that a table is about individuals: names, passports, dates of birth."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sarai.observe.personal_words import (
    AGE_WORDS,
    AGGREGATE_WORDS,
    GIVEN_NAME_PARTS,
    NAMED_PLACES,
    SEX_VALUES,
    SEX_WORDS,
    plain_words,
)

_COUNTRY_CODES = "AF|PK|IR|IN|SD|SS|TD|SY|LB|TR|IQ|JO|ET|ER|UG|KE|SO|CF|LY|EG|MM|BD|UA|UZ|TJ|TM|KG|CD|BI|RW|TZ|YE"
_PASSPORT = re.compile(rf"(?:[OP]\d{{7,8}}|(?!(?:{_COUNTRY_CODES})\d)[A-Z]{{2}}\d{{7}})", re.IGNORECASE)
_DEVICE = re.compile(r"\d{15}")
_FULL_DATE = re.compile(
    r"(?:((?:19|20|13|14)\d\d)[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]((?:19|20|13|14)\d\d))(?: .*|T.*)?"
)


def _are_personal_names(cells: Sequence[str]) -> bool:
    """At least half of the distinct values are two to five words, with a part that is common in personal names."""
    distinct = sorted(set(cells))
    if len(distinct) < 3 or len(distinct) < 0.5 * len(cells):
        return False
    hits = sum(_is_personal_name(cell) for cell in distinct)
    return hits >= 3 and hits >= 0.5 * len(distinct)


def _is_personal_name(cell: str) -> bool:
    if any(map(str.isdigit, cell)):
        return False
    plain = plain_words(cell)
    words = plain.split()
    if not 2 <= len(words) <= 5 or GIVEN_NAME_PARTS.isdisjoint(words):
        return False
    return not any(f" {place} " in f" {plain} " for place in NAMED_PLACES)


def _are_passports(cells: Sequence[str]) -> bool:
    return sum(bool(_PASSPORT.fullmatch(cell)) for cell in cells) >= max(2, 0.5 * len(cells))


def _are_device_numbers(cells: Sequence[str]) -> bool:
    return sum(bool(_DEVICE.fullmatch(cell)) and _luhn(cell) for cell in cells) >= max(2, 0.5 * len(cells))


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _are_birth_dates(cells: Sequence[str]) -> bool:
    """Full dates of mostly different years that span 25 years or more and end before the last few (A201)."""
    years = [int(m[1] or m[2]) for cell in cells if (m := _FULL_DATE.fullmatch(cell))]
    if len(years) < max(5, 0.8 * len(cells)):
        return False
    return max(years) - min(years) >= 25 and min(years) < 1995 and len(set(years)) >= 5


_COLUMN_TESTS: tuple[tuple[str, Callable[[Sequence[str]], bool]], ...] = (
    ("a column of personal names", _are_personal_names),
    ("a column of passport numbers", _are_passports),
    ("a column of device numbers", _are_device_numbers),
    ("a column of dates of birth", _are_birth_dates),
)


def column_kind(cells: Sequence[str]) -> str:
    """What the cells of a column, the empty ones left out, look like as a whole, or an empty string."""
    return next((kind for kind, test in _COLUMN_TESTS if len(cells) >= 3 and test(cells)), "")


def one_row_per_person(columns: Sequence[Sequence[str]], names: Sequence[str], height: int) -> bool:
    """Whether a table of so many rows has a column of ages, one of sexes, and none that counts more than one."""
    if height < 3:
        return False
    sex = any(
        (name in SEX_WORDS or not name) and len(cells) >= 0.8 * height and {plain_words(c) for c in cells} <= SEX_VALUES
        for name, cells in zip(names, columns, strict=True)
    )
    age = any(
        name in AGE_WORDS and len(cells) >= 0.8 * height and all(re.fullmatch(r"\d{1,3}", c) for c in cells)
        for name, cells in zip(names, columns, strict=True)
    )
    if not (sex and age):
        return False
    counted = any(
        set(name.split()) & AGGREGATE_WORDS and any(c not in {"", "0", "1"} for c in cells) and name not in AGE_WORDS
        for name, cells in zip(names, columns, strict=True)
    )
    return not counted
