"""Numbers as people write them: digits of several scripts, thousands separators, words for about."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST_PERSONS = 8_000_000_000  # A205
MOST_DIGITS = 9  # of a cell that is shown in a message: longer numbers may be a person's
MISSING = frozenset(
    {"", "-", "--", "–", "—", "n/a", "na", "nd", "n.d.", "…", "...", "null", "none", "#n/a", "not available"}
)
_SEPARATORS = str.maketrans(
    {"٬": ",", "،": ",", "٫": ".", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'", "−": "-", "\u066a": "%"}
)
_ABOUT = re.compile(
    r"(?P<word>approx(?:imately)?\.?|about|around|almost|nearly|over|more than|less than|at least|up to|some"
    r"|env(?:iron)?\.?|plus de|près de|تقریبا|تقریباً|حدود|حوالي|نحو|أكثر من|زیادہ از)\s+|(?P<sign>[~≈<>≤≥±])\s*",
    re.IGNORECASE,
)
_MARKED = re.compile(
    r"(?P<number>.*\d)\s*(?P<mark>[*†‡§#]{1,3}|\((?:[a-z]|\*{1,3})\)|\[[a-z0-9]{1,2}\])", re.IGNORECASE
)
_GROUPED = re.compile(r"\d{1,3}(?:([, '])\d{3})(?:\1\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}")
_PLAIN = re.compile(r"\d+(?:\.0*)?")
_POINTS = re.compile(r"\d{1,3}(?:\.\d{3})+")


@dataclass(frozen=True, kw_only=True)
class Count:
    """A count read from a cell: `value` None where the cell says that there is none; `about` where it says so.

    mark  the footnote mark behind the number, empty where there is none
    """

    value: int | None
    about: bool = False
    mark: str = ""


def western_digits(text: str) -> str:
    """The text with every decimal digit of every script as 0-9, and separators of other scripts as , and ."""
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(mark, mark)) for mark in text)
    return text.translate(_SEPARATORS)


def read_count(text: str, *, point_groups: bool = False) -> Count:
    """A whole, non-negative number of persons or families from a cell.

    point_groups  the file writes 1.234 for one thousand two hundred and thirty-four
    Takes 24000, 24,000, 24 000, 24'000, 1,23,456 and 24000.0, in any script, with `about` or ~ before it or + behind,
    and with a footnote mark: *, †, ‡, §, #, (a), [1].
    Raises ValueError with a sentence on what is wrong.
    """
    if any(unicodedata.category(mark) == "No" for mark in text):
        raise ValueError("a raised or circled digit stands in the number; take the footnote mark away")
    bare = western_digits(unicodedata.normalize("NFKC", text)).strip()
    if bare.casefold() in MISSING:
        return Count(value=None)
    about, mark = False, ""
    if found := _MARKED.fullmatch(bare):
        bare, mark = found["number"], found["mark"].strip("()[]")
    if found := _ABOUT.match(bare):
        bare, about = bare[found.end() :].strip(), True
    if bare.endswith("+"):
        bare, about = bare[:-1].strip(), True
    value = _whole_number(bare, point_groups)
    if value > MOST_PERSONS:
        raise ValueError("the number is larger than the number of people alive")
    return Count(value=value, about=about, mark=mark)


def _whole_number(bare: str, point_groups: bool) -> int:
    if len(bare) > 40:
        raise ValueError("this is not a number")
    if re.fullmatch(r"-\s?\d.*", bare):
        raise ValueError("a count is not negative")
    if _GROUPED.fullmatch(bare):
        return int(re.sub(r"\D", "", bare))
    if point_groups and _POINTS.fullmatch(bare):
        return int(bare.replace(".", ""))
    if _PLAIN.fullmatch(bare) and not _POINTS.fullmatch(bare):
        return int(bare.split(".")[0])
    if re.fullmatch(r"\d+(?:\.\d+)?[eE]\+?\d{1,2}", bare) and float(bare).is_integer() and float(bare) <= 1e15:
        return int(float(bare))
    if _POINTS.fullmatch(bare):
        raise ValueError(
            "1.234 may mean 1234 or a fraction: say point_groups in the mapping, or write it without a point"
        )
    if re.fullmatch(r"\d+[.,]\d+", bare):
        raise ValueError("a count is a whole number")
    if re.fullmatch(
        r"[\d., ]+\s*(k|m|mn|million|thousand|lakh|crore|mille|هزار|لاکھ|ہزار|ملیون|الف)", bare, re.IGNORECASE
    ):
        raise ValueError("write the number out: thousands and millions in words are rounded")
    if "%" in bare:
        raise ValueError("this is a percentage, not a count")
    raise ValueError("this is not a whole number")
