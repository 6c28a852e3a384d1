"""Nearby: counts that show a hidden figure safe by moving people within a few spans of days, all others as they were.

Most hidden figures can be moved by taking from, or giving to, the days around them. That asks a linear programme over a
few spans and not over all; what it finds fits everything that was published and is therefore as good a certificate as
any. What it does not find is asked of the whole programme, so that nothing is taken to be safe, or unsafe, by looking
nearby alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sarai.publish.audit import SLACK, Audit, Published, Vector
from sarai.publish.condense import condense

BLOCKS = (14, 28)
"""Spans that are looked at together, each time in steps of half as many."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """Hidden figures that are asked about.

    places   (asked,) rows of the audit's targets      sums   sparse (asked, base cell) of 0 and 1
    zero     (asked,) True where it must be able to be 0 and `width`; others must be movable by `width`
    """

    places: NDArray[np.int64]
    sums: sparse.csr_array
    zero: NDArray[np.bool_]
    width: float

    def open_low(self, audit: Audit) -> NDArray[np.bool_]:
        """Figures not yet seen at 0, (asked,)."""
        return np.asarray(self.zero & ~audit.certified(0.0, -np.inf)[self.places])

    def open_high(self, audit: Audit) -> NDArray[np.bool_]:
        """Figures not yet seen at `width`, (asked,)."""
        return np.asarray(self.zero & ~audit.certified(np.inf, self.width)[self.places])

    def open_spread(self, audit: Audit) -> NDArray[np.bool_]:
        """Figures not yet seen to move by `width`, (asked,)."""
        return np.asarray(~self.zero & (audit.spread()[self.places] < self.width - SLACK))


def look_nearby(audit: Audit, published: Published, question: Question, counts: Vector, spans: int) -> None:
    """Let an audit remember counts that show figures of a question safe, found within blocks of spans.

    published, spans   what the audit holds      counts   (base cell,) what the base cells hold
    """
    sums, asked = sparse.csc_array(published.sums), sparse.csc_array(question.sums)
    told = published.sums @ counts
    for size in BLOCKS:
        for first in range(0, spans - size + size // 2, size // 2) if spans > size else ():
            begin = min(first, spans - size)
            width = counts.size // spans
            cells = np.arange(begin * width, (begin + size) * width)
            _look_in_block(audit, published, question, counts, cells, size, (sums, asked, told))


def _look_in_block(
    audit: Audit, published: Published, question: Question, counts: Vector, cells: NDArray[np.int64], size: int,
    whole: tuple[sparse.csc_array, sparse.csc_array, Vector],
) -> None:  # fmt: skip
    sums, asked, told = whole
    inside = sparse.csr_array(asked[:, cells])
    rest = question.sums @ counts - inside @ counts[cells]
    low, high, spread = (
        question.open_low(audit) & (rest < SLACK),
        question.open_high(audit),
        question.open_spread(audit),
    )
    chosen = np.flatnonzero((np.diff(inside.indptr) > 0) & (low | high | spread))
    if not chosen.size:
        return
    part = sparse.csr_array(sums[:, cells])
    rows = np.flatnonzero((np.diff(part.indptr) > 0) & (np.isfinite(published.low) | np.isfinite(published.high)))
    outside = told[rows] - part[rows] @ counts[cells]
    known = Published(
        sums=sparse.csr_array(part[rows]), low=published.low[rows] - outside, high=published.high[rows] - outside
    )
    near = Audit(condense(known, size), sparse.csr_array(inside[chosen]), spans=size, known=counts[cells])
    _ask(near, inside[chosen], rest[chosen], low[chosen], high[chosen], spread[chosen], question.width)
    for found in near.found():
        moved = counts.copy()
        moved[cells] = found
        audit.remember(moved)


def _ask(
    near: Audit, sums: sparse.csr_array, rest: Vector, low: NDArray[np.bool_], high: NDArray[np.bool_],
    spread: NDArray[np.bool_], width: float,
) -> None:  # fmt: skip
    """Sums of few cells first where they are to rise, since sums of more rise with them; the other way to fall."""
    order = np.argsort(np.diff(sums.indptr), kind="stable")
    for place in order.tolist():
        if high[place] and not near.certified(np.inf, width - rest[place])[place]:
            near.most(place)
    for place in order[::-1].tolist():
        if low[place] and not near.certified(0.0, -np.inf)[place]:
            near.least(place)
        if spread[place] and near.spread()[place] < width - SLACK:
            near.most(place)
            near.least(place)
