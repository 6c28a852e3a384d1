"""Nearby: counts that show a hidden figure safe by moving people within a few spans of days, all others as they were.

Most hidden figures can be moved by taking from, or giving to, the days around them. That asks a linear programme over a
few spans and not over all; what it finds fits everything that was published and is therefore as good a certificate as
any. What it does not find is asked of the whole programme, so that nothing is taken to be safe, or unsafe, by looking
nearby alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sarai.publish.audit import SLACK, Audit, Published, Vector
from sarai.publish.condense import condense

BLOCKS = (14, 28)
"""Spans that are looked at together, each time in steps of half as many."""
LONGEST_HALF = 3.0
"""Spans before its end around which a sum over many spans is moved."""
THREADS = 2
"""Blocks that are looked at at once; the solver works outside Python's lock."""


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
    A figure is asked about in one block of each size, so that blocks share nothing and two are looked at at once; what
    they find is remembered in their order.
    """
    width = counts.size // spans
    told = published.sums @ counts
    sums = sparse.csc_array(published.sums)
    middle = _middle_spans(question.sums, width)
    for size in (size for size in BLOCKS if size < spans):
        begins = np.array(sorted({min(first, spans - size) for first in range(0, spans, size // 2)}))
        chosen = np.abs(middle[:, None] - (begins + (size - 1) / 2.0)).argmin(axis=1)
        blocks = [
            _Block.of(audit, question, np.flatnonzero(chosen == number), counts, range(begin, begin + size), width)
            for number, begin in enumerate(begins.tolist())
        ]
        with ThreadPoolExecutor(THREADS) as pool:
            found = list(pool.map(lambda block: block.look(published, sums, told, counts), blocks))
        for block, parts in zip(blocks, found, strict=True):
            for part in parts:
                moved = counts.copy()
                moved[block.cells] = part
                audit.remember(moved)


def _middle_spans(sums: sparse.csr_array, width: int) -> Vector:
    """The span around which each sum is best moved, (asked,): its middle, or near its end where it is long."""
    spans = [sums.indices[begin:end] // width for begin, end in pairwise(sums.indptr)]
    first = np.array([part.min(initial=sums.shape[1]) for part in spans], dtype=np.float64)
    last = np.array([part.max(initial=0) for part in spans], dtype=np.float64)
    middle: Vector = np.maximum((first + last) / 2.0, last - LONGEST_HALF)
    return middle


@dataclass(frozen=True, kw_only=True)
class _Block:
    """What is asked within a block.

    spans   spans of days in it, `cells` their base cells      sums   sparse (asked, base cell of the block)
    rest    (asked,) persons of the figures outside it         low, high, spread   (asked,) what is still open
    enough  what figures must be able to reach, or be moved by
    """

    spans: int
    cells: slice
    sums: sparse.csr_array
    rest: Vector
    low: NDArray[np.bool_]
    high: NDArray[np.bool_]
    spread: NDArray[np.bool_]
    enough: float

    @classmethod
    def of(
        cls, audit: Audit, question: Question, mine: NDArray[np.int64], counts: Vector, spans: range, width: int
    ) -> _Block:
        cells = slice(spans.start * width, spans.stop * width)
        whole = sparse.csc_array(question.sums[mine])
        inside = sparse.csr_array(whole[:, cells])
        rest = whole @ counts - inside @ counts[cells]
        low, high, spread = (
            question.open_low(audit)[mine] & (rest < SLACK),
            question.open_high(audit)[mine],
            question.open_spread(audit)[mine],
        )
        asked = np.flatnonzero((np.diff(inside.indptr) > 0) & (low | high | spread))
        return cls(
            spans=len(spans), cells=cells, sums=sparse.csr_array(inside[asked]), rest=rest[asked], low=low[asked],
            high=high[asked], spread=spread[asked], enough=question.width,
        )  # fmt: skip

    def look(self, published: Published, sums: sparse.csc_array, told: Vector, counts: Vector) -> Sequence[Vector]:
        """Counts of the block, all others as they are, that fit what was published and move figures that are asked."""
        if not self.rest.size:
            return ()
        part = sparse.csr_array(sums[:, self.cells])
        rows = np.flatnonzero((np.diff(part.indptr) > 0) & (np.isfinite(published.low) | np.isfinite(published.high)))
        outside = told[rows] - part[rows] @ counts[self.cells]
        known = Published(
            sums=sparse.csr_array(part[rows]), low=published.low[rows] - outside, high=published.high[rows] - outside
        )
        near = Audit(condense(known, self.spans), self.sums, spans=self.spans, known=counts[self.cells])
        self._ask(near)
        return near.found()

    def _ask(self, near: Audit) -> None:
        """Sums of few cells first where they are to rise, since sums of more rise with them; the other way to fall."""
        order = np.argsort(np.diff(self.sums.indptr), kind="stable")
        for place in order.tolist():
            enough = self.enough - self.rest[place]
            if self.high[place] and not near.certified(np.inf, enough)[place]:
                near.most(place, enough)
        for place in order[::-1].tolist():
            if self.low[place] and not near.certified(0.0, -np.inf)[place]:
                near.least(place, 0.0)
            if self.spread[place] and near.spread()[place] < self.enough - SLACK:
                near.most(place)
                near.least(place)
