"""The solar Hijri calendar of Afghanistan, from civil days."""

from __future__ import annotations

from datetime import date

CYCLE_YEARS = 33
LEAP_YEARS_IN_CYCLE = (1, 5, 9, 13, 17, 22, 26, 30)
"""Years of the 33-year cycle with 366 days. Agrees with the astronomical calendar for the years 1244 to 1531 (SH)."""
ORIGIN = date(2023, 3, 21).toordinal()
"""1 Hamal 1402."""
ORIGIN_YEAR = 1402


def is_leap(year: int) -> bool:
    """Whether a solar Hijri year has 366 days, by the 33-year cycle."""
    return year % CYCLE_YEARS in LEAP_YEARS_IN_CYCLE


def solar_hijri(day: date) -> tuple[int, int, int]:
    """Year, month and day in the solar Hijri calendar. Six months of 31 days, five of 30, the last 29 or 30."""
    year, left = ORIGIN_YEAR, day.toordinal() - ORIGIN
    while left < 0:
        year -= 1
        left += 366 if is_leap(year) else 365
    while left >= (366 if is_leap(year) else 365):
        left -= 366 if is_leap(year) else 365
        year += 1
    if left < 186:
        return year, left // 31 + 1, left % 31 + 1
    return year, (left - 186) // 30 + 7, (left - 186) % 30 + 1
