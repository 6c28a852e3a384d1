"""How an answer of the interview is read: each function takes a line of text, or says what would be right."""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo

SIZES = {"thousand": 1_000, "lakh": 100_000, "million": 1_000_000, "crore": 10_000_000}
ROUNDED = re.compile(rf"(\d{{1,4}}(?:[.,]\d{{1,2}})?)\s*({'|'.join(SIZES)})", re.IGNORECASE)


class AnswerError(ValueError):
    """An answer that cannot be read; its text says what would be right."""


def read_words(text: str) -> str:
    """Any text that is not empty."""
    if not text:
        raise AnswerError("an answer is needed here")
    return text


def read_name(text: str) -> str:
    """The name of a place: a text with a letter in it."""
    if not any(mark.isalpha() for mark in read_words(text)):
        raise AnswerError(f"a name is wanted here, and {text} has no letter in it")
    if _is_day(text):
        raise AnswerError(f"a name is wanted here, and {text} is a day; the question on days comes later")
    return text


def read_list(text: str) -> tuple[str, ...]:
    """Names separated by commas, at least one."""
    names = read_names(text)
    if not names:
        raise AnswerError("at least one is needed, for example: North Gate, South Gate")
    return names


def read_names(text: str) -> tuple[str, ...]:
    """Names separated by commas (also the Arabic one), or none."""
    parts = re.split("[,،;؛]", text)
    return tuple(dict.fromkeys(read_name(part.strip()) for part in parts if part.strip()))


def read_id(text: str) -> str:
    """A short id."""
    from sarai.observe.gazetteer import slug

    if not slug(text):
        raise AnswerError("use small letters a to z, for example north_gate")
    return slug(text)


def read_persons(text: str, least: int = 0) -> int:
    """A whole number of persons, also as `1.2 million`; marks between thousands and other digits are understood.

    The ends of a range of people concerned are round by nature; a count of crossings in words stays refused elsewhere.
    """
    from sarai.observe.digits import read_count

    rounded = ROUNDED.fullmatch(text)
    if rounded:
        return _at_least(round(float(rounded[1].replace(",", ".")) * SIZES[rounded[2].casefold()]), least)
    try:
        value = read_count(text).value
    except ValueError as error:
        raise AnswerError(f"a whole number of persons, for example 250000 ({error})") from None
    if value is None:
        raise AnswerError("a whole number of persons, for example 250000")
    return _at_least(value, least)


def _at_least(value: int, least: int) -> int:
    if value < max(least, 1):
        raise AnswerError(f"at least {max(least, 1):,}; this says {value:,}")
    return value


def read_persons_or_none(text: str) -> int | None:
    """A whole number of persons, or nothing."""
    return read_persons(text) if text else None


def read_day(text: str, first: date | None = None) -> date:
    """A day, not before `first`."""
    from sarai.observe.dates import DateStyle, read_date

    try:
        day = read_date(text, DateStyle())
    except ValueError:
        raise AnswerError("a day such as 2023-10-28 or 28 October 2023") from None
    if first is not None and day < first:
        raise AnswerError(f"{day} lies before {first}; a day from {first} on is wanted")
    return day


def read_deadline(text: str, announced: date) -> date:
    """A day, not before the announcement."""
    if not text:
        raise AnswerError(f"where the order holds at once, its own day: {announced}; without an order, start again")
    return read_day(text, announced)


def read_day_or_none(text: str, first: date | None = None) -> date | None:
    """A day, or nothing."""
    return read_day(text, first) if text else None


def _is_day(text: str) -> bool:
    try:
        read_day(text)
    except AnswerError:
        return False
    return True


POINT = "two decimal numbers with a point, for example 34.11, 71.08"


def read_point(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in decimal degrees, or nothing."""
    if not text:
        return None
    try:
        lat, lon = (float(part) for part in text.replace(";", ",").split(","))
    except ValueError:
        raise AnswerError(POINT) from None
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise AnswerError("latitude lies in -90 to 90, longitude in -180 to 180")
    return lat, lon


def read_timezone(text: str) -> str:
    """An IANA time zone."""
    try:
        ZoneInfo(text)
    except (ValueError, OSError, LookupError):
        raise AnswerError("a name such as Asia/Karachi") from None
    return text


def read_priors(text: str) -> bool:
    """Whether priors are to be learned from past emergencies."""
    word = text.casefold()
    if word not in ("documented", "learned"):
        raise AnswerError("documented or learned")
    return word == "learned"


def read_yes(text: str) -> bool:
    """Yes or no."""
    word = text.casefold()
    if word in ("yes", "y", "oui", "نعم", "بله"):
        return True
    if word in ("no", "n", "non", "لا", "نه"):
        return False
    raise AnswerError("yes or no")
