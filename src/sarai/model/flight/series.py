"""Recorded counts by day: sums of files, corrections of registration, straight lines between records.

Source of every rule: the law of Flee's data table (commit 02cd2cbd), restated in docs/explanation/flight-law.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.case import CampTable, Floats

Records = tuple[Floats, Floats]


def add_records(first: Records, second: Records, keep_last: bool = False) -> Records:
    """Sum of two tables of records, as Flee adds them.

    While a record of `second` is later than the one in `first`, that one is taken with the last value of `second`;
    equal days are summed; earlier ones take the present value of `first`. Records of `first` after the last of
    `second` are dropped, unless keep_last. Days in rising order, counts in persons.
    """
    days: list[float] = []
    counts: list[float] = []
    at = 0
    last = 0.0
    end = len(first[0]) - 1
    finished = False
    for day, count in zip(*second, strict=True):
        while day > first[0][at]:
            days.append(first[0][at])
            counts.append(last + first[1][at])
            if at == end:
                finished = True
                break
            at += 1
        if day <= first[0][at]:
            days.append(day)
            counts.append(count + first[1][at])
            if day == first[0][at] and at < end:
                at += 1
            last = count
    if keep_last:
        if finished or (days and days[-1] < second[0][-1]):
            days.append(second[0][-1])
            counts.append(second[1][-1] + first[1][-1])
        for day, count in zip(first[0][at:], first[1][at:], strict=True):
            if not days or day > days[-1]:
                days.append(day)
                counts.append(count + second[1][-1])
    return np.array(days), np.array(counts)


def correct_records(records: Records, day: int) -> Records:
    """Scale all records before the one on `day` by its value over the value before it (level 1 to level 2 counts)."""
    days, counts = records[0], records[1].copy()
    for i in range(1, len(days)):
        if int(days[i]) == day and counts[i - 1] > 0:
            counts[:i] *= counts[i] / counts[i - 1]
    return days, counts


def value_on(records: Records, day: int) -> int:
    """Count on a day: constant before the first record and after the last, a straight line between, cut to persons."""
    days, counts = records
    if day <= days[0]:
        return int(counts[0])
    for i in range(1, len(days)):
        if day < days[i]:
            fraction = float(day - days[i - 1]) / float(days[i] - days[i - 1])
            if fraction > 1.0:
                return -1
            return int(counts[i - 1] + fraction * float(counts[i] - counts[i - 1]))
    return int(counts[-1])


def daily_counts(records: Records, days: int) -> NDArray[np.int64]:
    """`value_on` for day 0 .. days - 1; persons, shape (day,)."""
    known, counts = records
    if np.any(np.diff(known) <= 0):
        return np.array([value_on(records, day) for day in range(days)], dtype=np.int64)
    day = np.arange(days, dtype=np.float64)
    after = np.searchsorted(known, day, side="right")
    inside = (after > 0) & (after < len(known))
    right = np.clip(after, 1, max(len(known) - 1, 1)) if len(known) > 1 else np.zeros(days, dtype=np.int64)
    left = np.maximum(right - 1, 0)
    span = np.where(known[right] > known[left], known[right] - known[left], 1.0)
    between = counts[left] + (day - known[left]) / span * (counts[right] - counts[left])
    value = np.where(after == 0, counts[0], np.where(inside, between, counts[-1]))
    value = np.where(day <= known[0], counts[0], value)
    return np.trunc(value).astype(np.int64)


def camp_records(
    table: CampTable, divisor: int, corrections: Sequence[tuple[str, int]], keep_last: bool = False
) -> Records:
    """Records of one layout row: divided, its files added in turn, then corrected in file order."""
    parts = [(days, counts / float(divisor)) for days, counts in table.parts]
    total = parts[0]
    for part in parts[1:]:
        total = add_records(total, part, keep_last)
    for name, day in corrections:
        if name == table.name:
            total = correct_records(total, day)
    return total
