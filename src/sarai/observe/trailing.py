"""Windows that end with the day of the row, as headings say them: `last 24 hours`, `24 dernières heures`.

Hours are a window without the word last too (`24h`); days are not: 7 days may be those to come.
"""

from __future__ import annotations

import re

from sarai.observe.headers import AFTER_LAST, BEFORE_LAST, DAYS, HOURS, LAST

DAY_HOURS = 24
MOST_DAYS = 366
_NUMBER = re.compile(r"(?:ال)?ـ?(\d{1,3})([^\W\d]*)")  # 24, 24h, 7d, and 24 with the Arabic article


def take_trailing(words: list[str]) -> tuple[list[str], int]:
    """Plain words without those that say how many days the window has that ends with the day of the row, and the days.

    0 days, and all words, where none say so.
    """
    for count in (3, 2, 1):
        for place in range(len(words) - count + 1):
            if days := _days_of(words[place : place + count]):
                first, last = place, place + count
                while first and words[first - 1] in BEFORE_LAST:
                    first -= 1
                while last < len(words) and words[last] in AFTER_LAST:
                    last += 1
                return words[:first] + words[last:], days
    return words, 0


def _days_of(words: list[str]) -> int:
    """Days of a phrase that is a number, its unit and perhaps the word last, in any order; 0 for anything else."""
    number, unit, last = 0, "", False
    for word in words:
        found = _NUMBER.fullmatch(word)
        if found and not number:
            number, own = int(found[1]), found[2]
            if own and unit:
                return 0
            unit = own or unit
        elif word in HOURS | DAYS and not unit:
            unit = word
        elif word in LAST and not last:
            last = True
        else:
            return 0
    if unit in HOURS and number % DAY_HOURS == 0:
        return number // DAY_HOURS
    return number if unit in DAYS and last and number <= MOST_DAYS else 0
