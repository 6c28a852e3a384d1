"""In place: what the 3W table says is there on each day, and what reaches a site on each day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sarai.world.errors import Fault, RequestError
from sarai.world.response import EVERYWHERE, FUNDS, Provision
from sarai.world.world import World

Floats = NDArray[np.float64]


def level_in_place(world: World, site: str, item: str, days: Sequence[date]) -> Floats:
    """Units of an item at a site on each day, (day,): for each agency the line that started last and has not ended.

    Nothing known to be there is 0: a gap is a gap against what is known to be in place.
    """
    lines = [line for line in world.response if (line.site, line.item) == (site, item) and line.per == "once"]
    return _held_by_day(lines, days)


def deliveries(world: World, site: str, item: str, days: Sequence[date]) -> Floats:
    """Units of an item that come to hand at a site on each day, (day,).

    The first day has what is in stock then; later days have what is delivered daily, and stock that starts that day.
    """
    lines = [line for line in world.response if (line.site, line.item) == (site, item)]
    daily = [line for line in lines if line.per == "day"]
    stock = [line for line in lines if line.per == "once"]
    found = _held_by_day(daily, days)
    for index, day in enumerate(days if stock else ()):
        fresh = _holding(stock, day) if index == 0 else [line for line in stock if line.start == day]
        found[index] += sum(line.quantity for line in fresh)
    return found


def is_stated(world: World, site: str, item: str) -> bool:
    """True where some line says what a site has of an item, be it nothing."""
    return any((line.site, line.item) == (site, item) for line in world.response)


def funds_in_place(world: World) -> float:
    """US dollars pledged or given for the response as a whole, as known."""
    return sum(line.quantity for line in world.response if (line.site, line.item) == (EVERYWHERE, FUNDS))


def list_days(first: date, count: int) -> list[date]:
    """`count` days from `first` on."""
    return [first + timedelta(days=step) for step in range(count)]


def days_until(as_of: date, by: date | None, days: int) -> int:
    """Index of a day among the `days` days after the as-of date; the first where none is given. Raises RequestError."""
    if by is None:
        return 0
    index = (by - as_of).days - 1
    if not 0 <= index < days:
        first, last = as_of + timedelta(days=1), as_of + timedelta(days=days)
        raise RequestError(
            Fault(column="in place by", what="this day is not among the days that are planned for", found=str(by),
                  wanted=f"{first} to {last}", mend="give another day, or plan for more days")
        )  # fmt: skip
    return index


def _held_by_day(lines: Sequence[Provision], days: Sequence[date]) -> Floats:
    """Units that the lines hold on each day; reckoned once for all days between two on which a line begins or ends."""
    starts = {line.start for line in lines if line.start}
    turns = sorted(starts | {line.end + timedelta(days=1) for line in lines if line.end})
    since = [bisect_right(turns, day) for day in days]
    level = {turn: sum(line.quantity for line in _holding(lines, days[since.index(turn)])) for turn in set(since)}
    return np.array([level[turn] for turn in since], dtype=np.float64)


def _holding(lines: Sequence[Provision], day: date) -> list[Provision]:
    """Of each agency the line that started last by `day`; none of an agency whose last line has ended."""
    held: dict[str, Provision] = {}
    for line in sorted(lines, key=lambda item: (item.start or date.min, item.agency)):
        if (line.start or date.min) <= day:
            held[line.agency] = line
    return [line for line in held.values() if line.end is None or line.end >= day]
