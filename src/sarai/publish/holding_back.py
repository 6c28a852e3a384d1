"""Holding back: which figures of a release to hide so that no small one can be worked out, beside earlier releases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from scipy import sparse

from sarai.publish.audit import SLACK, Published, Vector, stack_published
from sarai.publish.condense import condense
from sarai.publish.figures import digit_step, round_to
from sarai.publish.grid import Grid, Key, key_sums, least_step
from sarai.publish.release import Release, known_of, rounding_interval
from sarai.publish.suppression import Figures, Mask, hide_figures

COUNT_DIGITS = 2
ROOM = 5.0
"""A347: persons more by which an end that today's counts contradict is taken to lie beyond them."""


def protect(
    grid: Grid,
    keys: Sequence[Key],
    counts: Vector,
    threshold: float,
    *,
    steps: Vector | None = None,
    small: Mask | None = None,
    earlier: Sequence[Release] = (),
) -> tuple[Vector, Vector, Mask]:
    """Printed values, rounding steps and which figures to hide.

    counts   (base cell,) persons, C order of the grid        steps    (figure,) or None for two significant figures
    small    (figure,) or None: figures under the threshold by another measure too
    earlier  releases whose figures must not be differenced
    Of an earlier figure that today's counts contradict (a revision) the end that they contradict moves past them.
    """
    figures, whole = figures_of(keys, key_sums(grid, keys), counts, threshold, steps=steps, small=small)
    standing = [still_standing(known_of(grid, release, whole=whole), counts) for release in earlier]
    before = condense(stack_published(standing), len(grid.spans)) if standing else None
    watched, guarded = _hidden_before(grid, earlier, counts, threshold) if standing else (None, None)
    hidden = hide_figures(figures, threshold, before, watched, guarded, spans=len(grid.spans), counts=counts)
    return figures.values, figures.steps, hidden


def figures_of(
    keys: Sequence[Key], sums: sparse.csr_array, counts: Vector, threshold: float, *, steps: Vector | None = None,
    small: Mask | None = None,
) -> tuple[Figures, bool]:  # fmt: skip
    """Figures before control, and whether a reader may take them to be whole persons; arguments as for `protect`.

    sums   sparse (figure, base cell), what `key_sums` makes of the keys
    """
    exact = np.asarray(sums @ counts, dtype=np.float64)
    if steps is None:
        steps = np.array(
            [digit_step(value, COUNT_DIGITS, least_step(key)) for key, value in zip(keys, exact, strict=True)]
        )
    small = exact < threshold if small is None else small | (exact < threshold)
    values = np.array([round_to(value, step) for value, step in zip(exact, steps, strict=True)])
    whole = bool((counts == np.rint(counts)).all() and (small == (exact < threshold)).all())
    low, high = rounding_interval(values, steps, threshold, whole=whole)
    weights = 1.0 + np.log2(2.0 + exact)
    figures = Figures(sums=sums, values=values, steps=steps, weights=weights, small=small, low=low, high=high)
    return figures, whole


def still_standing(known: Published, counts: Vector) -> Published:
    """What still stands of an earlier release: an end that today's counts contradict moves past them, all others hold.

    Estimates move a little with each report, and a figure near the end of its step moves over it. Whoever holds two
    releases against each other allows for that: such an end is taken to lie as far beyond today's counts as they lie
    beyond it, and a few persons more (A347).
    """
    told = np.asarray(known.sums @ counts)
    below, above = known.low - told, told - known.high
    low = np.where(below > SLACK, np.maximum(0.0, told - below - ROOM), known.low)
    return replace(known, low=low, high=np.where(above > SLACK, told + above + ROOM, known.high))


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
