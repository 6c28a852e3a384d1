"""The Solar Hijri calendar of Afghanistan and Iran.

A year starts at the spring equinox. From 1244 to 1501 the official leap years follow a cycle of 33 years with eight
leap years: year y is leap when (25 y + 11) mod 33 < 8. 1 Farvardin (Hamal) 1300 was 21 March 1921; all else follows by
counting days. Outside those years the cycle and the equinox part, so they are refused.
"""

from __future__ import annotations

from datetime import date

FIRST_YEAR, LAST_YEAR = 1300, 1500  # A206
_START = date(1921, 3, 21).toordinal()


def is_leap_year(year: int) -> bool:
    """Whether the twelfth month has 30 days."""
    return (25 * year + 11) % 33 < 8


def month_days(year: int, month: int) -> int:
    """Days of a month: 31 in the first six, 30 in the next five, 29 or 30 in the last."""
    if month <= 6:
        return 31
    return 30 if month <= 11 or is_leap_year(year) else 29


def gregorian_date(year: int, month: int, day: int) -> date:
    """The Gregorian date of a Solar Hijri day. Raises ValueError: no such day, or a year outside 1300 to 1500."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"a Solar Hijri year from {FIRST_YEAR} to {LAST_YEAR} is wanted")
    if not 1 <= month <= 12 or not 1 <= day <= month_days(year, month):
        raise ValueError("the Solar Hijri calendar has no such day")
    whole_years = 365 * (year - FIRST_YEAR) + sum(is_leap_year(y) for y in range(FIRST_YEAR, year))
    before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return date.fromordinal(_START + whole_years + before + day - 1)
