"""Condense: what many releases told, in as few figures as tell the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from sarai.publish.audit import Published, Vector


def condense(published: Published, spans: int) -> Published:
    """The same knowledge in fewer figures: each sum once, and running totals without ends that others imply.

    A running total from the first span never falls: its lower end follows from an earlier one that is as high, its
    upper end from a later one that is as low.
    """
    sums, low, high = _merged(published)
    width = sums.shape[1] // spans
    totals: dict[bytes, list[tuple[int, int]]] = {}
    for row in range(sums.shape[0]):
        cells = sums.indices[sums.indptr[row] : sums.indptr[row + 1]]
        first = cells[cells < width]
        last = int(cells[-1]) // width
        if first.size * (last + 1) == cells.size:
            totals.setdefault(first.tobytes(), []).append((last, row))
    for runs in totals.values():
        rows = [row for _, row in sorted(runs)]
        _drop_implied(low, rows, -1.0)
        _drop_implied(high, rows[::-1], 1.0)
    told = np.flatnonzero(np.isfinite(low) | np.isfinite(high))
    return Published(sums=sparse.csr_array(sums[told]), low=low[told], high=high[told])


def _merged(published: Published) -> tuple[sparse.csr_array, Vector, Vector]:
    """Each sum once with the tightest of its ends; sums of nothing left out."""
    sums = sparse.csr_array(published.sums)
    sums.sort_indices()
    place: dict[bytes, int] = {}
    low, high = published.low.copy(), published.high.copy()
    for row in range(sums.shape[0]):
        cells = sums.indices[sums.indptr[row] : sums.indptr[row + 1]]
        if cells.size:
            kept = place.setdefault(cells.tobytes(), row)
            low[kept], high[kept] = max(low[kept], low[row]), min(high[kept], high[row])
    rows = np.array(list(place.values()), dtype=np.int64)
    return sparse.csr_array(sums[rows]), low[rows], high[rows]


def _drop_implied(ends: Vector, rows: Sequence[int], sign: float) -> None:
    """Of ends in an order in which each implies the next where it is as tight: make those that are implied open."""
    best = np.inf
    for row in rows:
        end = sign * ends[row]
        if end >= best:
            ends[row] = sign * np.inf
        else:
            best = end
