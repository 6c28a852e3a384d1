"""Civil days: dates as day numbers, so that arrays and random keys can hold them.

A day number is `datetime.date.toordinal()`: 1 is 1 January of the year 1 (proleptic Gregorian). It never
depends on where a run starts, which keeps random keys paired when a start date moves.
"""

from __future__ import annotations

from datetime import date

FIRST_YEAR, LAST_YEAR = 1900, 2199  # A17: days outside are taken for slips of the pen


def day_number(day: date) -> int:
    """The civil day number of a date."""
    return day.toordinal()


def day_date(number: int) -> date:
    """The date of a civil day number. Raises ValueError outside the years 1 to 9999."""
    return date.fromordinal(int(number))
