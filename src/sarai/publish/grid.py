"""Grid of base cells (days x crossings x statuses x kinds), and the figures that are sums over it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sarai.publish.audit import Vector

LEAST_STEPS = ((1, 20.0), (7, 50.0), (10**6, 100.0))
"""A147: least rounding step of a count by the days it covers: longer spans overlap from one release to the next."""
WEEK_DAYS = 7
ALL, UNTOLD, JOIN = "all", "together", "+"
"""The sum over an axis, the one name on an axis that no report tells apart, and what stands between names added up."""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Base cells: every span of days x crossing x status x kind, in C order.

    spans   (first, last) of days that are told apart, in order, without gaps or overlaps
    """

    spans: tuple[tuple[date, date], ...]
    crossings: tuple[str, ...]
    statuses: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Lengths of the four axes."""
        return len(self.spans), len(self.crossings), len(self.statuses), len(self.kinds)

    def row(self, first: date, last: date, crossing: str, status: str, kind: str) -> NDArray[np.int64] | None:
        """Base cells that a figure adds up; None where the figure does not fall on whole spans of this grid."""
        begin, end = self._edges[0].get(first), self._edges[1].get(last)
        if begin is None or end is None or begin > end:
            return None
        parts: list[Sequence[int]] = [range(begin, end + 1)]
        for name, names in ((crossing, self.crossings), (status, self.statuses), (kind, self.kinds)):
            chosen = [index for index, one in enumerate(names) if name == ALL or one in name.split(JOIN)]
            if name != ALL and len(chosen) != len(name.split(JOIN)):
                return None
            parts.append(chosen)
        return self._cells[np.ix_(*parts)].ravel()

    @cached_property
    def _edges(self) -> tuple[dict[date, int], dict[date, int]]:
        """The span that begins, and the one that ends, on a day."""
        return (
            {first: index for index, (first, _) in enumerate(self.spans)},
            {last: index for index, (_, last) in enumerate(self.spans)},
        )

    @cached_property
    def _cells(self) -> NDArray[np.int64]:
        return np.arange(int(np.prod(self.shape)), dtype=np.int64).reshape(self.shape)


@dataclass(frozen=True, kw_only=True)
class Key:
    """Which figure: days, crossing, status and kind."""

    first: date
    last: date
    crossing: str
    status: str
    kind: str


def least_step(key: Key) -> float:
    """The finest step in which a figure is printed (A147)."""
    return least_step_of((key.last - key.first).days + 1)


def least_step_of(days: int) -> float:
    """The finest step of a count over so many days (A147)."""
    return next(step for most, step in LEAST_STEPS if days <= most)


def release_keys(grid: Grid, windows: Sequence[tuple[date, date]]) -> list[Key]:
    """Every figure of a release: windows x crossings x statuses x kinds, each axis with its sum, each figure once."""
    axes = ((ALL, *grid.crossings), (ALL, *grid.statuses), (ALL, *grid.kinds))
    unique = list(dict.fromkeys(windows))
    return [
        Key(first=first, last=last, crossing=crossing, status=status, kind=kind)
        for (first, last), crossing, status, kind in itertools.product(unique, *axes)
    ]


def key_sums(grid: Grid, keys: Sequence[Key]) -> sparse.csr_array:
    """Sparse (figure, base cell) of 0 and 1. Raises ValueError on a figure that cuts through a span of the grid."""
    rows: list[NDArray[np.int64]] = []
    columns: list[NDArray[np.int64]] = []
    for number, key in enumerate(keys):
        cells = grid.row(key.first, key.last, key.crossing, key.status, key.kind)
        if cells is None:
            raise ValueError(f"figure from {key.first} to {key.last} does not fall on whole spans")
        rows.append(np.full(cells.size, number))
        columns.append(cells)
    row, column = np.concatenate(rows), np.concatenate(columns)
    shape = (len(keys), int(np.prod(grid.shape)))
    return sparse.csr_array((np.ones(row.size), (row, column)), shape=shape)


def day_windows(start: date, as_of: date) -> tuple[tuple[date, date], ...]:
    """The three windows that are filed on a day: the day, seven days, since the start."""
    week = max(start, as_of - timedelta(days=WEEK_DAYS - 1))
    return ((as_of, as_of), (week, as_of), (start, as_of))


def fold_days(grid: Grid, start: date, counts: Vector) -> Vector:
    """Counts by single day (day, crossing, status, kind), added up over the spans of a grid, as base cells."""
    parts = [counts[(first - start).days : (last - start).days + 1].sum(axis=0) for first, last in grid.spans]
    return np.asarray(np.stack(parts), dtype=np.float64).ravel()
