"""Release: the figures of one briefing about the past, shown or held back, for later briefings and for audits."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sarai.publish.audit import Published, Vector
from sarai.publish.grid import Grid, Key
from sarai.publish.suppression import Mask
from sarai.world.errors import Fault, RequestError

RELEASE_SCHEMA = 1
RELEASE_FILE = "release.json"


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
