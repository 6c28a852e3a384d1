"""Dates as people write them. The calendar and the order of day and month are declared, or the date is refused."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Literal

from sarai.observe.digits import western_digits
from sarai.observe.personal_words import plain_words
from sarai.observe.solar_hijri import gregorian_date

CalendarName = Literal["gregorian", "solar_hijri", "hijri"]
WeekName = Literal["", "iso", "epi"]
CALENDARS: tuple[CalendarName, ...] = ("gregorian", "solar_hijri", "hijri")
FIRST_YEAR, LAST_YEAR = 1950, 2100  # A207

_MONTH_TABLE = tomllib.loads(files("sarai.observe").joinpath("months.toml").read_text(encoding="utf-8"))


def _month_words(calendar: str) -> dict[str, int]:
    return {
        plain_words(name): number
        for months in _MONTH_TABLE[calendar].values()
        for number, names in enumerate(months, start=1)
        for name in names.split()
    }


_MONTHS = {calendar: _month_words(calendar) for calendar in CALENDARS}
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?")
_COMPACT = re.compile(r"((?:19|20|13|14)\d\d)(\d\d)(\d\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T ]\d{1,2}:\d{2}.*)?")
_WORDED_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?[ -]+(?:of )?([^\W\d]+(?: [^\W\d]+)?)\.?[ ,-]+(\d{4}|\d{2})")
_WORDED_MONTH = re.compile(r"([^\W\d]+(?: [^\W\d]+)?)\.?[ -]+(\d{1,2})(?:st|nd|rd|th)?[ ,-]+(\d{4})")
_DAYS_OF_MONTH = re.compile(r"(\d{1,2})\s*(?:-|–|—|to|au|al|a|ao)\s*(\d{1,2})\s+([^\W\d]+\.?,? \d{4})")
_DAYS_OF_YEAR = re.compile(
    r"(\d{1,2} [^\W\d]+\.?)\s*(?:-|–|—|\bto\b|\bau\b|\bal?\b|\bao\b)\s*(\d{1,2} [^\W\d]+\.?)(?=,? \d{4}),?( \d{4})"
)
_ISO_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_WEEK_WORDS = r"(?:weeks?|wk|w|semaine|semana|sem|s|kw|hafta|هفته|ہفتہ|اسبوع|الاسبوع|أسبوع)\.?\s*(?:no\.?\s*)?"
_WEEK_OF_YEAR = re.compile(rf"{_WEEK_WORDS}(?P<w>\d{{1,2}})(?:[ ,/-]+(?P<y>\d{{4}}))?", re.IGNORECASE)
_YEAR_OF_WEEK = re.compile(rf"(?P<y>\d{{4}})[ ,/-]+{_WEEK_WORDS}(?P<w>\d{{1,2}})", re.IGNORECASE)
_SHORT_MONTH = re.compile(r"([^\W\d]{3,})\.?[ '-]+(\d{2})")
_DAY_WORD = re.compile(r"\d{1,2}(?:\s*[-–]\s*\d{1,2})?[ -]+[^\W\d]{3,}\.?|[^\W\d]{3,}\.?[ -]+\d{1,2}")
_DAY_AND_MONTH = re.compile(r"\d{1,2}([/.-])\d{1,2}")
_PART = "dd|jj|mmm?|yyyy|yy|aaaa|aa"
DATE_FORM = re.compile(rf"(?<!\w)({_PART})([-/.])({_PART})(?:\2(?:{_PART}))?(?!\w)", re.IGNORECASE)
_ANY_YEAR_LAST = re.compile(r"(?<![\d/.-])(\d{1,2})[-/.](\d{1,2})(?:[-/.](?:\d{4}|\d{2})|(?=\s|$))(?![\d/.-])")
_MONTH_NUMBER = re.compile(r"(\d{4})[-/](\d{1,2})")
_MONTH_WORD = re.compile(r"([^\W\d]+(?: [^\W\d]+)?)\.?[ ,-]+(\d{4})")
_FROM = re.compile(r"^(?:(?P<week>semaine|semana|week)\s+)?(?:du|del|de|from|of|le|el)\s+(?=\d)", re.IGNORECASE)
_OF_MONTH = re.compile(r"(?<=\d)\s+de\s+(?=[^\W\d])|(?<=\d)\s+d['’](?=[^\W\d])", re.IGNORECASE)  # 3 de mayo, 3 d'avril
_OF_YEAR = re.compile(r"(?<=[^\W\d])\s+del?\s+(?=\d{4})", re.IGNORECASE)  # octubre de 2024
_TO = re.compile(
    r"\s+(?:to|until|till|-|–|—|au|al|a|ao|تا|الى|إلى|سے)\s+|\s*(?:\.\.|→)\s*|(?<=\d{4}-\d\d-\d\d)\s*[/–—]\s*"
)


@dataclass(frozen=True, kw_only=True)
class DateStyle:
    """How a file writes dates, as declared; what is not declared is never guessed.

    dayfirst   whether 3/4 is 3 April; None: not declared, and then refused where both readings are days
    year       of dates that are written without one; 0: not declared
    weeks      how weeks are numbered: iso from Monday, epi from Sunday (the week of the first Wednesday is number 1)
    """

    calendar: CalendarName = "gregorian"
    dayfirst: bool | None = None
    year: int = 0
    weeks: WeekName = ""


def said_style(style: DateStyle, heading: str) -> DateStyle:
    """The style with the order of day and month that a heading says, if it was not declared: `Date (dd/mm/yy)`."""
    found = DATE_FORM.search(heading)
    if style.dayfirst is not None or not found:
        return style
    order = (found[1][0].lower(), found[3][0].lower())
    first = {("d", "m"): True, ("j", "m"): True, ("m", "d"): False, ("m", "j"): False}.get(order)
    return style if first is None else replace(style, dayfirst=first)


def settle_style(style: DateStyle, cells: Iterable[str]) -> DateStyle:
    """The style with the order of day and month that the column itself proves, if it was not declared.

    One cell with a first number above 12 and none with a second number above 12 proves day first, and the reverse. Both
    ends of a window count.
    """
    if style.dayfirst is not None:
        return style
    first = second = False
    for cell in cells:
        for found in _ANY_YEAR_LAST.finditer(_plain(cell)[:80]):
            first |= int(found[1]) > 12
            second |= int(found[2]) > 12
    return style if first == second else replace(style, dayfirst=first)


def read_date(text: str, style: DateStyle) -> date:
    """The Gregorian date of a cell. Raises ValueError with a sentence on what is wrong and how to declare it."""
    plain = _plain(text)
    year, month, day = _parts(plain, style)
    if style.calendar == "gregorian":
        return _gregorian(year, month, day)
    if year > 1600:
        raise ValueError(f"this is no {style.calendar} date: its year is {year}; declare --calendar gregorian")
    if style.calendar == "solar_hijri":
        return gregorian_date(year, month, day)
    return _from_hijri(year, month, day)


def is_dotted_day(text: str) -> bool:
    """Whether a text of digits and points has the form of a day, 04.01.2024, and not of a number, 1.234.567."""
    return "." in text and bool(_YEAR_FIRST.fullmatch(_plain(text)) or _YEAR_LAST.fullmatch(_plain(text)))


def read_window(text: str, style: DateStyle) -> tuple[date, date]:
    """First and last day of a cell: one date, two with a dash or `to` between, a month, or an ISO week.

    Takes 1-7 November 2023, 28 Oct - 3 Nov 2023, November 2023, 2023-11 and 2023-W44 too; where it is declared, Week 44
    2023 and, with a year, all of these without theirs. Raises ValueError.
    """
    plain = _plain(text)
    if len(plain) > 80:
        raise ValueError("this is not a date")
    if found := _ISO_WEEK.fullmatch(plain):
        return _week(int(found[1]), int(found[2]), "iso")
    if found := _WEEK_OF_YEAR.fullmatch(plain) or _YEAR_OF_WEEK.fullmatch(plain):
        return _week(int(found["y"] or _declared_year(style)), int(found["w"]), style.weeks)
    if style.year and not re.search(r"\d{4}", plain):
        plain = _with_year(plain, style)
    if found := _DAYS_OF_MONTH.fullmatch(plain):
        return read_date(f"{found[1]} {found[3]}", style), read_date(f"{found[2]} {found[3]}", style)
    if found := _DAYS_OF_YEAR.fullmatch(plain):
        return _over_new_year(f"{found[1]}", f"{found[2]}", int(found[3]), style)
    if month := _whole_month(plain, style):
        return month
    parts = _TO.split(plain)
    if len(parts) == 2:
        return read_date(parts[0], style), read_date(parts[1], style)
    if (found := _FROM.match(text.strip())) and found["week"]:
        raise ValueError("one day of a week is named: write the first and the last day")
    day = read_date(plain, style)
    return day, day


def _week_one(year: int, weeks: WeekName) -> date:
    """First day of week 1: the Monday of the week with the first Thursday, or the Sunday of that with the Wednesday."""
    fourth = date(year, 1, 4)
    return fourth - timedelta(days=fourth.isoweekday() % 7 if weeks == "epi" else fourth.weekday())


def _over_new_year(first: str, last: str, year: int, style: DateStyle) -> tuple[date, date]:
    """Two days of which the second has a year: the first lies in that year, or the one before if it would be later."""
    start, end = read_date(f"{first} {year}", style), read_date(f"{last} {year}", style)
    if start <= end:
        return start, end
    if style.year:
        raise ValueError("the window runs over the New Year: write its years")
    return read_date(f"{first} {year - 1}", style), end


def _declared_year(style: DateStyle) -> int:
    if not style.year:
        raise ValueError("the date has no year; declare --year")
    return style.year


def _with_year(plain: str, style: DateStyle) -> str:
    """A date, month or window without a year, with the declared one."""
    parts = _TO.split(plain)
    if all(_DAY_AND_MONTH.fullmatch(part) for part in parts):
        return " to ".join(f"{re.sub('[.-]', '/', part)}/{style.year}" for part in parts)
    return f"{plain} {style.year}"


def _week(year: int, week: int, weeks: WeekName) -> tuple[date, date]:
    if not weeks:
        raise ValueError("declare how weeks are numbered: --weeks iso (Monday to Sunday) or epi (Sunday to Saturday)")
    first = _week_one(year, weeks) + timedelta(days=7 * (week - 1))
    if not week >= 1 or first >= _week_one(year + 1, weeks):
        raise ValueError("the year has no such week")
    return first, first + timedelta(days=6)


def _whole_month(plain: str, style: DateStyle) -> tuple[date, date] | None:
    """First and last day of a month of the declared calendar, or None if the text is no month and year."""
    if found := _MONTH_NUMBER.fullmatch(plain):
        year, month = int(found[1]), int(found[2])
    elif found := _MONTH_WORD.fullmatch(plain):
        year, month = int(found[2]), _month(found[1], style)
    elif (found := _SHORT_MONTH.fullmatch(plain)) and _is_month(found[1]):
        year, month = _full_year(found[2], style), _month(found[1], style)
    else:
        return None
    first = read_date(f"{year:04d}-{month:02d}-01", style)
    after = f"{year + month // 12:04d}-{month % 12 + 1:02d}-01"
    return first, read_date(after, style) - timedelta(days=1)


def _plain(text: str) -> str:
    plain = _FROM.sub("", western_digits(unicodedata.normalize("NFKC", text)).strip())
    plain = _OF_YEAR.sub(" ", _OF_MONTH.sub(" ", plain))
    return re.sub(r"^[^\W\d]{3,12}\.?,\s*(?=\d)|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", "", plain, flags=re.I)


def _parts(plain: str, style: DateStyle) -> tuple[int, int, int]:
    """Year, month and day as written in the calendar that was declared."""
    if len(plain) > 60:
        raise ValueError("this is not a date")
    if found := _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _sensible_year(int(found[1]), style), int(found[2]), int(found[3])
    if found := _YEAR_LAST.fullmatch(plain):
        year = _sensible_year(_full_year(found[3], style), style)
        return _ordered(int(found[1]), int(found[2]), year, style)
    if found := _WORDED_DAY.fullmatch(plain):
        return _sensible_year(_full_year(found[3], style), style), _month(found[2], style), int(found[1])
    if found := _WORDED_MONTH.fullmatch(plain):
        return _sensible_year(int(found[3]), style), _month(found[1], style), int(found[2])
    if not style.year and (_DAY_AND_MONTH.fullmatch(plain) or _DAY_WORD.fullmatch(plain)):
        raise ValueError("the date has no year; declare --year")
    raise ValueError("this is not a date with day, month and year")


def _full_year(digits: str, style: DateStyle) -> int:
    if len(digits) == 4:
        return int(digits)
    if style.calendar != "gregorian" or style.dayfirst is None:
        raise ValueError(
            "a year of two digits is taken only in the Gregorian calendar with a declared --dayfirst order"
        )
    return 2000 + int(digits)


def _sensible_year(year: int, style: DateStyle) -> int:
    if style.calendar == "gregorian" and 1300 <= year <= 1500:
        raise ValueError(
            f"the year {year} is no Gregorian year of a report; declare --calendar solar_hijri (or hijri) if that is it"
        )
    return year


def _ordered(first: int, second: int, year: int, style: DateStyle) -> tuple[int, int, int]:
    if style.dayfirst is None:
        if first <= 12 and second <= 12 and first != second:
            raise ValueError("day and month cannot be told apart; declare --dayfirst or --monthfirst")
        return (year, second, first) if first > 12 or first == second else (year, first, second)
    return (year, second, first) if style.dayfirst else (year, first, second)


def _month(word: str, style: DateStyle) -> int:
    plain = plain_words(word).replace(" ", "")
    for calendar in (style.calendar, *CALENDARS):
        words = {name.replace(" ", ""): number for name, number in _MONTHS[calendar].items()}
        if plain in words:
            if calendar != style.calendar:
                raise ValueError(f"this month is one of the {calendar} calendar; declare --calendar {calendar}")
            return words[plain]
    raise ValueError("this is not the name of a month that sarai knows")


def _is_month(word: str) -> bool:
    plain = plain_words(word)
    return any(plain in words for words in _MONTHS.values())


def _gregorian(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the year lies outside {FIRST_YEAR} to {LAST_YEAR}")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("the calendar has no such day") from None


def _from_hijri(year: int, month: int, day: int) -> date:
    """Umm al-Qura conversion (package hijridate), 1343 to 1500."""
    from hijridate import Hijri

    try:
        made: date = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        raise ValueError("the Hijri (Umm al-Qura) calendar has no such day between 1343 and 1500") from None
    return date(made.year, made.month, made.day)
