"""Kernel of a day's record: sums of rows of members, persons on a road, and what is kept of the day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.blocks import MEAN, copy_row
from sarai.simulate.kernel import kernel


@kernel(nogil=True)
def add_row(total: NDArray[np.float64], row: NDArray[np.float64]) -> None:
    """total (member,) += row (member,)."""
    for m in range(len(total)):
        total[m] += row[m]


@kernel(nogil=True)
def add_rows(total: NDArray[np.float64], rows: NDArray[np.float64]) -> None:
    """total (member,) += sum of rows (row, member)."""
    for k in range(rows.shape[0]):
        for m in range(len(total)):
            total[m] += rows[k, m]


@kernel(nogil=True)
def add_road(total: NDArray[np.float64], road: NDArray[np.float64], t: int, first: int, last: int) -> None:
    """total (member,) += sum of rows first .. last - 1 of road (slot, row, member), in order of arrival."""
    slots = road.shape[0]
    for k in range(slots):
        slot = (t + 1 + k) % slots
        for row in range(first, last):
            for m in range(len(total)):
                total[m] += road[slot, row, m]


@kernel(nogil=True)
def count_road(
    total: NDArray[np.float64], road: NDArray[np.float64], t: int, groups: int, way: NDArray[np.float64], mode: int
) -> None:
    """total (member,) becomes all persons on a road after day t: the running count `way` of whole persons.

    Expectations are added up anew, `groups` equal parts of the rows one after another.
    """
    if mode != MEAN:
        copy_row(total, way)
        return
    rows = road.shape[1] // groups
    for group in range(groups):
        add_road(total, road, t, group * rows, (group + 1) * rows)


@kernel(nogil=True)
def keep_rows(
    record: NDArray[np.float64],
    kept: NDArray[np.int64],
    counts: NDArray[np.int32],
    means: NDArray[np.float64],
    t: int,
    first: int,
    mode: int,
) -> None:
    """Write the wanted rows of a day's record to the ensemble: int32 in mode `draws`, float64 in mode `mean`."""
    for k in range(len(kept)):
        row = record[kept[k]]
        if mode == MEAN:
            copy_row(means[t, k, first : first + len(row)], row)
        else:
            whole = counts[t, k, first : first + len(row)]  # a row of its own: an index first + m is written one by one
            for m in range(len(row)):
                whole[m] = np.int32(row[m])
