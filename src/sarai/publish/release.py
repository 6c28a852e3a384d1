"""Release: the figures of one briefing about the past, shown or held back, for later briefings and for audits."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sarai.publish.audit import SLACK, Published, Vector, stack_published
from sarai.publish.condense import condense
from sarai.publish.figures import digit_step, round_to
from sarai.publish.suppression import Figures, Mask, hide_figures
from sarai.world.errors import Fault, RequestError

RELEASE_SCHEMA = 1
RELEASE_FILE = "release.json"
COUNT_DIGITS = 2
LEAST_STEPS = ((1, 20.0), (7, 50.0), (10**6, 100.0))
"""A147: least rounding step of a count by the days it covers: longer spans overlap from one release to the next."""
WEEK_DAYS = 7
ALL, UNTOLD, JOIN = "all", "together", "+"
"""The sum over an axis, the one name on an axis that no report tells apart, and what stands between names added up."""


@dataclass(frozen=True, kw_only=True, order=True)
class ReleasedCell:
    """One figure: persons who crossed from `first` to `last`; `value` None where it is held back.

    crossing, status, kind   an id each, several with + between, or `all`
    step    the value is right to within half of it
    """

    first: str
    last: str
    crossing: str
    status: str
    kind: str
    value: float | None
    step: float


@dataclass(frozen=True, kw_only=True)
class Release:
    """All figures of one briefing about the past.

    axes   all crossings, statuses and kinds that add up to `all`, those without a figure of their own included
    """

    as_of: str
    record_id: str
    threshold: float
    cells: tuple[ReleasedCell, ...]
    axes: tuple[tuple[str, ...], ...] = ()
    schema: int = RELEASE_SCHEMA

    def to_json(self) -> str:
        """The release as text; equal releases have equal bytes."""
        head = {"level": "public", "licence": "CC-BY-4.0"}
        return json.dumps({**head, **asdict(self)}, indent=1, sort_keys=True) + "\n"


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


def protect(
    grid: Grid,
    keys: Sequence[Key],
    counts: Vector,
    threshold: float,
    *,
    steps: Vector | None = None,
    small: Mask | None = None,
    earlier: Sequence[Release] = (),
    sums: sparse.csr_array | None = None,
) -> tuple[Vector, Vector, Mask]:
    """Printed values, rounding steps and which figures to hide.

    counts   (base cell,) persons, C order of the grid        steps    (figure,) or None for two significant figures
    small    (figure,) or None: figures under the threshold by another measure too
    earlier  releases whose figures must not be differenced
    Of an earlier figure that today's counts contradict (a revision) the end that they contradict falls away.
    """
    sums = key_sums(grid, keys) if sums is None else sums
    exact = np.asarray(sums @ counts, dtype=np.float64)
    if steps is None:
        steps = np.array(
            [digit_step(value, COUNT_DIGITS, least_step(key)) for key, value in zip(keys, exact, strict=True)]
        )
    small = exact < threshold if small is None else small | (exact < threshold)
    values = np.array([round_to(value, step) for value, step in zip(exact, steps, strict=True)])
    weights = 1.0 + np.log2(2.0 + exact)
    whole = bool((counts == np.rint(counts)).all() and (small == (exact < threshold)).all())
    low, high = rounding_interval(values, steps, threshold, whole=whole)
    figures = Figures(sums=sums, values=values, steps=steps, weights=weights, small=small, low=low, high=high)
    standing = [_standing(known_of(grid, release, whole=whole), counts) for release in earlier]
    before = condense(stack_published(standing), len(grid.spans)) if standing else None
    watched, guarded = _hidden_before(grid, earlier, counts, threshold) if standing else (None, None)
    hidden = hide_figures(figures, threshold, before, watched, guarded, spans=len(grid.spans), counts=counts)
    return values, steps, hidden


def rounding_interval(values: Vector, steps: Vector, threshold: float, *, whole: bool) -> tuple[Vector, Vector]:
    """The least and the most that figures can be, from what is printed.

    whole   counts are whole persons and every figure under the threshold is held back: a shown figure is then at least
            the threshold, and the upper end of its rounding interval is never reached
    """
    low, high = np.maximum(0.0, values - steps / 2.0), values + steps / 2.0
    if whole:
        low, high = np.maximum(low, threshold), np.maximum(threshold, np.ceil(high) - 1.0)
    return low, high


def known_of(grid: Grid, release: Release, *, whole: bool = False) -> Published:
    """What a release tells about the base cells of a grid; figures that cut through its spans are left out."""
    rows: list[NDArray[np.int64]] = []
    columns: list[NDArray[np.int64]] = []
    values: list[float] = []
    steps: list[float] = []
    for cell in release.cells:
        if cell.value is None:
            continue
        cells = grid.row(date.fromisoformat(cell.first), date.fromisoformat(cell.last), cell.crossing, cell.status,
                         cell.kind)  # fmt: skip
        if cells is not None:
            rows.append(np.full(cells.size, len(values)))
            columns.append(cells)
            values.append(cell.value)
            steps.append(cell.step)
    shape = (len(values), int(np.prod(grid.shape)))
    if not values:
        return Published(sums=sparse.csr_array(shape), low=np.zeros(0), high=np.zeros(0))
    row, column = np.concatenate(rows), np.concatenate(columns)
    sums = sparse.csr_array((np.ones(row.size), (row, column)), shape=shape)
    low, high = rounding_interval(np.array(values), np.array(steps), release.threshold, whole=whole)
    return Published(sums=sums, low=low, high=high)


def make_release(
    grid: Grid, keys: Sequence[Key], values: Vector, steps: Vector, hidden: Mask, *, as_of: date, record_id: str,
    threshold: float,
) -> Release:  # fmt: skip
    """A release from protected figures."""
    cells = tuple(
        ReleasedCell(
            first=key.first.isoformat(), last=key.last.isoformat(), crossing=key.crossing, status=key.status,
            kind=key.kind, value=None if hide else float(value), step=float(step) if not hide else 0.0,
        )
        for key, value, step, hide in zip(keys, values, steps, hidden, strict=True)
    )  # fmt: skip
    axes = (grid.crossings, grid.statuses, grid.kinds)
    return Release(as_of=as_of.isoformat(), record_id=record_id, threshold=threshold, cells=cells, axes=axes)


def parse_release(text: str, file: str = RELEASE_FILE) -> Release:
    """Read a release back. Raises RequestError where it is none."""
    try:
        data = json.loads(text)
        if data["schema"] != RELEASE_SCHEMA:
            raise ValueError(f"schema {data['schema']}")
        cells = tuple(ReleasedCell(**cell) for cell in data["cells"])
        return Release(
            as_of=data["as_of"], record_id=data["record_id"], threshold=float(data["threshold"]), cells=cells,
            axes=tuple(tuple(names) for names in data.get("axes", ())),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise RequestError(
            Fault(file=file, what="this is not a release that this version can read", found=str(error),
                  wanted=f"schema {RELEASE_SCHEMA}", mend="give the release.json that `sarai brief` wrote")
        ) from error  # fmt: skip


def latest_day(texts: Sequence[str]) -> date | None:
    """The day of the newest of some releases; None where there are none."""
    days = [parse_release(text).as_of for text in texts]
    return date.fromisoformat(max(days)) if days else None


def day_windows(start: date, as_of: date) -> tuple[tuple[date, date], ...]:
    """The three windows that are filed on a day: the day, seven days, since the start."""
    week = max(start, as_of - timedelta(days=WEEK_DAYS - 1))
    return ((as_of, as_of), (week, as_of), (start, as_of))


def span_grid(
    start: date, as_of: date, windows: Sequence[tuple[date, date]], crossings: Sequence[str],
    statuses: Sequence[str], kinds: Sequence[str], *, earlier: Sequence[Release] = (),
) -> Grid:  # fmt: skip
    """A grid that tells apart what the windows and all figures of earlier releases tell apart, however old."""
    edges = {start, as_of + timedelta(days=1)}
    for first, last in windows:
        edges |= {max(start, first), last + timedelta(days=1)}
    told = {(cell.first, cell.last) for release in earlier for cell in release.cells}
    for first, last in ((date.fromisoformat(begin), date.fromisoformat(end)) for begin, end in told):
        edges |= {day for day in (first, last + timedelta(days=1)) if start <= day <= as_of}
    spans = tuple((first, after - timedelta(days=1)) for first, after in itertools.pairwise(sorted(edges)))
    return Grid(spans=spans, crossings=tuple(crossings), statuses=tuple(statuses), kinds=tuple(kinds))


def fold_days(grid: Grid, start: date, counts: Vector) -> Vector:
    """Counts by single day (day, crossing, status, kind), added up over the spans of a grid, as base cells."""
    parts = [counts[(first - start).days : (last - start).days + 1].sum(axis=0) for first, last in grid.spans]
    return np.asarray(np.stack(parts), dtype=np.float64).ravel()


def _standing(known: Published, counts: Vector) -> Published:
    """What still stands of an earlier release: each end that today's counts contradict falls away, all others hold.

    Estimates move a little with each report, and a figure near the end of its step moves over it. Whoever holds two
    releases against each other allows for that, so that the figures which still stand are still known.
    """
    told = np.asarray(known.sums @ counts)
    low = np.where(told < known.low - SLACK, -np.inf, known.low)
    return replace(known, low=low, high=np.where(told > known.high + SLACK, np.inf, known.high))


def _hidden_before(
    grid: Grid, earlier: Sequence[Release], counts: Vector, threshold: float
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Figures that earlier releases hid, on whole spans of the grid: small ones, and those hidden for their sake."""
    keys = {
        (cell.first, cell.last, cell.crossing, cell.status, cell.kind)
        for release in earlier
        for cell in release.cells
        if cell.value is None
    }
    found = [
        Key(first=date.fromisoformat(first), last=date.fromisoformat(last), crossing=crossing, status=status, kind=kind)
        for first, last, crossing, status, kind in sorted(keys)
        if grid.row(date.fromisoformat(first), date.fromisoformat(last), crossing, status, kind) is not None
    ]
    if not found:
        nothing = sparse.csr_array((0, int(np.prod(grid.shape))))
        return nothing, nothing
    sums = key_sums(grid, found)
    small = sums @ counts < threshold
    return sparse.csr_array(sums[np.flatnonzero(small)]), sparse.csr_array(sums[np.flatnonzero(~small)])
