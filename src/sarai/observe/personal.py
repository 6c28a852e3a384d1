"""Tables that look like data on individuals: found by column names and by content, and refused.

sarai holds aggregate counts only. A fault names the place and the kind of match and never repeats a cell, so that
nothing of a refused table can reach a screen, a log or a store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sarai.observe.personal_words import (
    AGE_WORDS,
    AGGREGATE_WORDS,
    AMBIGUOUS_NAMES,
    COUNT_PREFIXES,
    GIVEN_NAME_PARTS,
    NAMED_PLACES,
    PERSONAL_COLUMNS,
    SEX_VALUES,
    SEX_WORDS,
    plain_words,
)
from sarai.world.errors import Fault

MOST_FAULTS = 20  # A200
MEND = "Remove this column or row, count persons by date and crossing, and ingest the counts only."
_ASCII_DIGITS = {ord(mark): str(i % 10) for i, mark in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_LONG_DIGITS = re.compile(r"\d(?:[ -]?\d){6}")
_COUNTRY_CODES = "AF|PK|IR|IN|SD|SS|TD|SY|LB|TR|IQ|JO|ET|ER|UG|KE|SO|CF|LY|EG|MM|BD|UA|UZ|TJ|TM|KG|CD|BI|RW|TZ|YE"

CONTENT_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("an identity card number (5-7-1 digits)", re.compile(r"(?<![\d-])\d{5}[- ]\d{7}[- ]\d(?![\d-])")),
    ("an electronic tazkira number (4-4-5 digits)", re.compile(r"(?<![\d-])1[34]\d\d-\d{4}-\d{5}(?![\d-])")),
    ("a refugee registration number", re.compile(r"(?<![\w-])\d{3}-\d{2}[A-Z]\d{5}(?![\w-])", re.IGNORECASE)),
    ("an identity number of 13 digits", re.compile(r"(?<![\d.,])\d{13}(?![\d.,]\d|\d)")),
    ("an identity number of 13 digits", re.compile(r"(?<![\d ])\d(?: \d){12}(?![\d ])")),
    ("an identity or telephone number", re.compile(r"(?<![\w.])\d(?:\.\d+)?E\+?(?:09|9|1[0-4])(?!\d)", re.IGNORECASE)),
    ("a telephone number", re.compile(r"(?<![\w+])\+\d{1,3}[ ()./-]{0,2}\d(?:[ ()./-]{0,2}\d){7,12}(?!\d)")),
    ("a telephone number", re.compile(r"(?<![\d./-])00(?:9[1-9]|249|211|235|96[1-6])[ -]?\d(?:[ -]?\d){6,10}(?!\d)")),
    ("a telephone number", re.compile(r"(?<![\d./,-])03\d{2}[- ]?\d{3}[- ]?\d{4}(?![\d-])")),
    ("a telephone number", re.compile(r"(?<![\d./,-])0[79]\d[- ]?\d{3}[- ]?\d{4}(?![\d-])")),
    ("a telephone number", re.compile(r"(?<![\d./,-])0[1-9](?:[ .]\d\d){4}(?!\d)")),
    ("a telephone number", re.compile(r"(?<![\w./,-])0\d{2,3}[ -]?\d{3}[ -]?\d{4}(?![\w.-])")),
    ("the name of a person", re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mme|Mlle|Monsieur|Madame)\.? [^\W\d_a-z][^\W\d_]+")),
    (
        "a person's name, age and sex",
        re.compile(
            r"\b[^\W\d_a-z][^\W\d_]+[,;] ?\(?\d{1,2}(?: ?(?:years?|yrs?|ans|años|y)(?: old)?)?\)?[,;] ?"
            r"(?:male|female|boy|girl|man|woman|[MF]|homme|femme|hombre|mujer)\b"
        ),
    ),
    (
        "a person's name and age",
        re.compile(
            r"\b[^\W\d_a-z][^\W\d_]+ [^\W\d_a-z][^\W\d_]+,? (?:aged|âgée? de|de edad) \d{1,2}"
            r"(?! ?(?:to|and|or|[-–+]|\d|à|a) ?)"
        ),
    ),
    (
        "the family of one person",
        re.compile(r"\b(?:his|her) (?:wife|husband|son|daughter|brother|sister|mother|father|child)\b", re.IGNORECASE),
    ),
    (
        "a telephone number",
        re.compile(r"(?<![\d.,/-])(?:923\d{9}|937\d{8}|9891\d{9}|989\d{9}|2499\d{8}|2119\d{8})(?![\d.])"),
    ),
    ("an e-mail address", re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE)),
    (
        "a date of birth",
        re.compile(
            r"\b(?:d\.?o\.?b\.?|date of birth|born (?:on|in)|n[ée]e? le|date de naissance)\b[^\d]{0,6}\d{1,4}"
            r"|(?:تاریخ (?:پیدائش|تولد)|تاريخ الميلاد|متولد|د زیږیدو نیټه)[^\d]{0,6}\d{1,4}",
            re.IGNORECASE,
        ),
    ),
    (
        "a name given as son, daughter or wife of",
        re.compile(r"\b[A-Z][\w'-]+ (?:[sSdDwW]/[oO]|[Ss]on of|[Dd]aughter of) [A-Z]"),
    ),
    ("a name given as son, daughter or wife of", re.compile(r"(?:\S+ )(?:ولد|ولدیت|بنت|پسر|دختر|زوجہ|زوجه) (?:\S+)")),
    (
        "a street address",
        re.compile(
            r"\b(?:house|flat|h)\s*(?:no\.?|#)\s*\w{1,6}\W{1,3}(?:.{0,30}\W)?(?:street|st|road|lane|gali|block|sector)\b",
            re.I,
        ),
    ),
)
_TRIGGERS = re.compile(
    r"@|\+\d|\dE\+?\d|\d \d \d|\bM[rs]s?\b|\bM(?:iss|me|lle|onsieur|adame)\b|[,;] ?\(?\d{1,2}\b"
    r"|\bhis\b|\bher\b|\baged \d|âg|\bde edad"
    r"|d\.?o\.?b|birth|born|n[ée]e? le|naissance|پیدائش|تولد|الميلاد|زیږیدو|/o |son of|daughter of|ولد|بنت"
    r"|پسر|دختر|زوج|house|flat|h ?#|\d\.?\d \d\d[ .]\d\d|\d{3}-\d\d[A-Za-z]",
    re.IGNORECASE,
)


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


def require_no_personal_data(faults: Sequence[Fault]) -> None:
    """Raise PersonalDataError if there is any fault; the message holds places and kinds only."""
    from sarai.world.errors import PersonalDataError

    if faults:
        raise PersonalDataError(faults)


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
            kinds[cell] = _kind_in(cell)
        if kinds[cell] and not _is_time_stamp(_URL.sub(" ", cell), names[i] if i < len(names) else ""):
            found.append(PersonalMatch(row=number, column=i + 1, kind=kinds[cell]))
    return found


def _kind_in(cell: str) -> str:
    """The kind of the first pattern that a text shows, or nothing."""
    if not (_LONG_DIGITS.search(cell) or _TRIGGERS.search(cell)):
        return ""
    text = _URL.sub(" ", cell)
    return next((kind for kind, pattern in CONTENT_PATTERNS if pattern.search(text)), "")


def _is_time_stamp(text: str, name: str) -> bool:
    """Whether a 13-digit number is milliseconds since 1970 in a column of dates, as map services write it."""
    if not re.fullmatch(r"\d{13}", text) or not re.search(r"date|time|edit|creat|updat|modif", name):
        return False
    return 946_684_800_000 <= int(text) <= 2_208_988_800_000


def _match_columns(table: Sequence[Sequence[str]], names: Sequence[str], first_row: int) -> list[PersonalMatch]:
    """Signs that only a whole column gives: personal names, passports, dates of birth, one row per person."""
    found = []
    columns = [[row[i] for row in table if i < len(row) and row[i]] for i in range(len(names))]
    for i, cells in enumerate(columns, start=1):
        for kind, test in _COLUMN_TESTS:
            if len(cells) >= 3 and test(cells):
                found.append(PersonalMatch(row=first_row, column=i, kind=kind))
                break
    if _one_row_per_person(columns, names, len(table)):
        found.append(PersonalMatch(row=first_row, column=0, kind="one row per person (age and sex, and no count)"))
    return found


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


_PASSPORT = re.compile(rf"(?:[OP]\d{{7,8}}|(?!(?:{_COUNTRY_CODES})\d)[A-Z]{{2}}\d{{7}})", re.IGNORECASE)
_DEVICE = re.compile(r"\d{15}")


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


_FULL_DATE = re.compile(
    r"(?:((?:19|20|13|14)\d\d)[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]((?:19|20|13|14)\d\d))(?: .*|T.*)?"
)
_COLUMN_TESTS: tuple[tuple[str, Callable[[Sequence[str]], bool]], ...] = (
    ("a column of personal names", _are_personal_names),
    ("a column of passport numbers", _are_passports),
    ("a column of device numbers", _are_device_numbers),
    ("a column of dates of birth", _are_birth_dates),
)


def _one_row_per_person(columns: Sequence[Sequence[str]], names: Sequence[str], height: int) -> bool:
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
