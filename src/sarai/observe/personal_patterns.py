"""Patterns by which the text of a cell gives away that it is about one person: identity numbers, telephones, names."""

from __future__ import annotations

import re

_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_LONG_DIGITS = re.compile(r"\d(?:[ -]?\d){6}")
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
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


def kind_in(cell: str) -> str:
    """The kind of the first pattern that a text shows, or nothing."""
    if not (_LONG_DIGITS.search(cell) or _TRIGGERS.search(cell)):
        return ""
    text = _URL.sub(" ", cell)
    return next((kind for kind, pattern in _PATTERNS if pattern.search(text)), "")


def is_time_stamp(cell: str, name: str) -> bool:
    """Whether a 13-digit number is milliseconds since 1970 in a column of dates, as map services write it."""
    text = _URL.sub(" ", cell)
    if not re.fullmatch(r"\d{13}", text) or not re.search(r"date|time|edit|creat|updat|modif", name):
        return False
    return 946_684_800_000 <= int(text) <= 2_208_988_800_000
