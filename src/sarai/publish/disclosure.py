"""Disclosure control: what may leave the house, at which level, with small cells held back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sarai.publish.figures import estimate
from sarai.publish.table import HIDDEN, Cell
from sarai.reconcile.picture import KINDS

SMALL = 10.0
"""A144: a cell of fewer persons than this is never shown in an observed or reconciled table."""
Key = tuple[str, str, str]


def protect_window(cube: NDArray[np.float64], crossings: tuple[str, ...], statuses: tuple[str, ...]) -> dict[Key, Cell]:
    """Cells of one window after small and complementary suppression, each axis with its sum `all`.

    cube   (crossing, status, kind, sample) persons
    A cell is small by its median. A line (along any axis) with one hidden cell under a shown sum gets a second one,
    the smallest of those left, until no line has exactly one.
    """
    axes = ((*crossings, "all"), (*statuses, "all"), (*KINDS, "all"))
    whole = _with_sums(cube)
    middle = np.median(whole, axis=-1)
    hidden = _complement(middle < SMALL, middle)
    cells: dict[Key, Cell] = {}
    for index in np.ndindex(middle.shape):
        key = (axes[0][index[0]], axes[1][index[1]], axes[2][index[2]])
        cells[key] = HIDDEN if hidden[index] else estimate(whole[index])
    return cells


def _with_sums(cube: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cube with its sum appended along each of the first three axes."""
    for axis in range(3):
        cube = np.concatenate([cube, cube.sum(axis=axis, keepdims=True)], axis=axis)
    return cube


def _complement(hidden: NDArray[np.bool_], size: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Hide a second cell in every line that has exactly one; repeats until nothing changes."""
    hidden = hidden.copy()
    changed = True
    while changed:
        changed = False
        for axis in range(hidden.ndim):
            lines = np.moveaxis(hidden, axis, -1)
            sizes = np.moveaxis(size, axis, -1)
            for index in np.ndindex(lines.shape[:-1]):
                line = lines[index]
                if line.sum() == 1:
                    candidates = np.where(line, np.inf, sizes[index])
                    line[int(np.argmin(candidates))] = True
                    changed = True
    return hidden


def shown_share(cells: Mapping[Key, Cell]) -> float:
    """Share of cells that are shown."""
    return sum(cell is not HIDDEN for cell in cells.values()) / max(1, len(cells))
