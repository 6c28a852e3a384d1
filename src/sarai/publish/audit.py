"""Audit: what anyone can work out about a hidden figure from all that was published, by linear programming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sarai.world.errors import SaraiError

Vector = NDArray[np.float64]
SLACK = 1e-6
CAP_FACTOR = 4.0
"""No base cell is taken to hold more than this many times the largest published figure."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """Figures that add up the same base cells, each known to lie between `low` and `high`.

    sums   sparse (figure, base cell) of 0 and 1        low, high   (figure,) persons; -inf and inf where hidden
    """

    sums: sparse.csr_array
    low: Vector
    high: Vector


class Audit:
    """One linear programme over base cells >= 0, asked again and again about the same targets from a warm basis.

    It is solved in its dual, which has a row for each base cell and a column for each end of each figure: far fewer
    rows than figures, and a new target only moves the right-hand side. Base cells are written as steps of running
    totals over the spans, so that a figure over many spans has as few terms as one over a single span.
    targets   sparse (target, base cell): the hidden figures that are asked about
    spans     how many spans of days the base cells hold, earliest first; 1 where they have no order
    known     (base cell,) counts that fit, where the asker has them; they only save questions
    Raises SaraiError where the published figures contradict each other (no counts fit them all).
    """

    def __init__(
        self, published: Published, targets: sparse.csr_array, *, spans: int = 1, known: Vector | None = None
    ) -> None:
        self._published = published
        self._figures, self._columns = published.sums.shape
        finite = published.high[np.isfinite(published.high)]
        self._cap = CAP_FACTOR * max(float(finite.max(initial=0.0)), 1.0)
        self._steps = running_steps(self._columns, spans)
        self._solver = _solver(published, self._steps, self._cap * spans, self._columns // spans)
        self._indices = np.arange(self._columns, dtype=np.int32)
        self._targets, self._costs = targets, sparse.csr_array(targets @ self._steps)
        self._seen: list[Vector] = []
        self._low, self._high = published.low.copy(), published.high.copy()
        self._least = np.full(targets.shape[0], np.inf)
        self._most = np.full(targets.shape[0], -np.inf)
        if known is not None:
            self._keep(known)

    def certified(self, low: float, high: float) -> NDArray[np.bool_]:
        """Targets seen at or below `low` in one fitting set of counts and at or above `high` in another.

        A certificate is two sets of counts that fit everything published, so it needs no trust in the solver's bounds.
        """
        mask: NDArray[np.bool_] = (self._least <= low + SLACK) & (self._most >= high - SLACK)
        return mask

    def spread(self) -> Vector:
        """How far apart each target was seen in counts that fit; what is really possible is at least that wide."""
        width: Vector = np.maximum(0.0, self._most - self._least)
        return width

    def hide(self, rows: NDArray[np.int64]) -> None:
        """Take figures back from what is published. Counts that fitted before still fit, so certificates stay."""
        self._low[rows], self._high[rows] = -np.inf, np.inf
        for row in rows:
            for column in (int(row), int(row) + self._figures):
                self._solver.changeColBounds(column, 0.0, 0.0)

    def show(self, rows: NDArray[np.int64], low: Vector, high: Vector) -> None:
        """Publish figures after all, each known to lie from `low` to `high`; only counts that fit them still count."""
        if not rows.size:
            return
        self._low[rows], self._high[rows] = low, high
        for row, least, most in zip(rows, low, high, strict=True):
            for column, cost in ((int(row), float(least)), (int(row) + self._figures, -float(most))):
                self._solver.changeColCost(column, cost)
                self._solver.changeColBounds(column, 0.0, highspy.kHighsInf)
        found, self._seen = self._seen, []
        self._least[:], self._most[:] = np.inf, -np.inf
        for counts in found:
            self.remember(counts)

    def found(self) -> Sequence[Vector]:
        """Counts that fit, (base cell,) each: those that moved some target further than all before them."""
        return self._seen

    def remember(self, counts: Vector) -> None:
        """Take counts found elsewhere, (base cell,); those that do not fit what is published count for nothing."""
        told = self._published.sums @ counts
        if counts.min(initial=0.0) >= -SLACK and ((told >= self._low - SLACK) & (told <= self._high + SLACK)).all():
            self._keep(counts)

    def least(self, place: int) -> tuple[float, tuple[int, ...]]:
        """The least that a target can be, and the published figures that hold it there (rows of `Published`)."""
        return self._push(self._costs[[place]].toarray().ravel())

    def most(self, place: int) -> tuple[float, tuple[int, ...]]:
        """The most that a target can be, and the published figures that hold it there (rows of `Published`)."""
        value, held = self._push(-self._costs[[place]].toarray().ravel())
        return -value, held

    def _push(self, cost: Vector) -> tuple[float, tuple[int, ...]]:
        """The least cost x and the figures that hold it; what the targets are in the counts found is remembered."""
        solver = self._solver
        sides = np.ascontiguousarray(cost, dtype=np.float64)
        solver.changeRowsBounds(self._columns, self._indices, sides, sides)
        solver.run()
        status = solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise SaraiError(f"the published figures cannot be audited: {solver.modelStatusToString(status)}")
        solution = solver.getSolution()
        counts = self._steps @ np.asarray(solution.row_dual)
        self._keep(np.maximum(0.0, counts if counts.sum() >= 0.0 else -counts))
        weights = np.asarray(solution.col_value)
        ends = weights[: self._figures] + weights[self._figures : 2 * self._figures]
        held = tuple(int(row) for row in np.flatnonzero(ends > SLACK))
        return float(solver.getInfo().objective_function_value), held

    def _keep(self, counts: Vector) -> None:
        seen = self._targets @ counts
        if (seen < self._least).any() or (seen > self._most).any():
            self._seen.append(counts)
            self._least, self._most = np.minimum(self._least, seen), np.maximum(self._most, seen)


def running_steps(columns: int, spans: int) -> sparse.csr_array:
    """Sparse (base cell, running total): a base cell is its running total less the one a span earlier."""
    width = columns // spans
    ones = sparse.eye_array(columns, format="csr")
    return sparse.csr_array(ones - sparse.eye_array(columns, k=-width, format="csr") if spans > 1 else ones)


def _solver(published: Published, steps: sparse.csr_array, cap: float, width: int) -> Any:
    """The dual over running totals c, of which the last `width` are at most `cap`.

    Maximise low p - high q - cap r where (sums steps)' (p - q) + steps' u - r = cost, all >= 0; hidden ends stay at 0.
    """
    columns = published.sums.shape[1]
    shown_low, shown_high = published.low > 0.0, np.isfinite(published.high)
    terms = sparse.csr_array(published.sums @ steps)
    terms.eliminate_zeros()
    last = sparse.eye_array(columns, width, k=width - columns)
    matrix = sparse.csc_array(sparse.hstack([terms.T, -terms.T, steps.T, -last], format="csc"))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = matrix.shape[1], columns
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = np.concatenate(
        [np.where(shown_low, published.low, 0.0), np.where(shown_high, -published.high, 0.0), np.zeros(columns),
         np.full(width, -cap)]
    )  # fmt: skip
    model.col_lower_ = np.zeros(matrix.shape[1])
    model.col_upper_ = np.concatenate(
        [_free_where(shown_low), _free_where(shown_high), np.full(columns + width, highspy.kHighsInf)]
    )
    model.row_lower_, model.row_upper_ = np.zeros(columns), np.zeros(columns)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data.astype(np.float64)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("parallel", "off"), ("solver", "simplex")):
        solver.setOptionValue(option, value)
    solver.passModel(model)
    return solver


def _free_where(shown: NDArray[np.bool_]) -> Vector:
    return np.where(shown, highspy.kHighsInf, 0.0)


def stack_published(parts: Sequence[Published]) -> Published:
    """Several sets of figures over the same base cells as one."""
    return Published(
        sums=sparse.csr_array(sparse.vstack([part.sums for part in parts], format="csr")),
        low=np.concatenate([part.low for part in parts]), high=np.concatenate([part.high for part in parts]),
    )  # fmt: skip
