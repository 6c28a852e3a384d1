"""The solar Hijri calendar of Afghanistan, from civil days."""

from __future__ import annotations

from datetime import date

from sarai.observe.solar_hijri import is_leap_year

ORIGIN = date(2023, 3, 21).toordinal()
"""1 Hamal 1402."""
ORIGIN_YEAR = 1402


def solar_hijri(day: date) -> tuple[int, int, int]:
    """Year, month and day in the solar Hijri calendar. Six months of 31 days, five of 30, the last 29 or 30."""
    year, left = ORIGIN_YEAR, day.toordinal() - ORIGIN
    while left < 0:
        year -= 1
        left += 366 if is_leap_year(year) else 365
    while left >= (366 if is_leap_year(year) else 365):
        left -= 366 if is_leap_year(year) else 365
        year += 1
    if left < 186:
        return year, left // 31 + 1, left % 31 + 1
    return year, (left - 186) // 30 + 7, (left - 186) % 30 + 1
