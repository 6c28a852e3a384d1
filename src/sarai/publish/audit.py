"""Audit: what anyone can work out about a hidden figure from all that was published, by linear programming."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sarai.world.errors import SaraiError

Vector = NDArray[np.float64]
SLACK = 1e-6
PROBES = 6
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


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far a hidden figure can lie, and which published figures hold each end (rows of `Published`)."""

    low: float
    high: float
    held_low: tuple[int, ...]
    held_high: tuple[int, ...]


class Audit:
    """One linear programme over base cells >= 0, asked again and again about the same targets from a warm basis.

    It is solved in its dual, which has a row for each base cell and a column for each end of each figure: far fewer
    rows than figures, and a new target only moves the right-hand side.
    targets   sparse (target, base cell): the hidden figures that are asked about
    Raises SaraiError where the published figures contradict each other (no counts fit them all).
    """

    def __init__(self, published: Published, targets: sparse.csr_array) -> None:
        self._figures, self._columns = published.sums.shape
        finite = published.high[np.isfinite(published.high)]
        self._cap = CAP_FACTOR * max(float(finite.max(initial=0.0)), 1.0)
        self._solver = _solver(published, self._cap)
        self._indices = np.arange(self._columns, dtype=np.int32)
        self._targets = targets
        self._least = np.full(targets.shape[0], np.inf)
        self._most = np.full(targets.shape[0], -np.inf)
        for direction in _probes(targets):
            self._push(direction)

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
        for row in rows:
            for column in (int(row), int(row) + self._figures):
                self._solver.changeColBounds(column, 0.0, 0.0)

    def reach(self, place: int) -> Reach:
        """The least and the most that a target can be, with the published figures that hold each end."""
        target = self._targets[[place]].toarray().ravel()
        low, held_low = self._push(target)
        high, held_high = self._push(-target)
        return Reach(low=low, high=-high, held_low=held_low, held_high=held_high)

    def _push(self, cost: Vector) -> tuple[float, tuple[int, ...]]:
        """The least cost x and the figures that hold it; what the targets are in the counts found is remembered."""
        solver = self._solver
        lower = np.full(self._columns, -highspy.kHighsInf)
        solver.changeRowsBounds(self._columns, self._indices, lower, np.ascontiguousarray(cost, dtype=np.float64))
        solver.run()
        status = solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise SaraiError(f"the published figures cannot be audited: {solver.modelStatusToString(status)}")
        solution = solver.getSolution()
        counts = np.clip(np.abs(np.asarray(solution.row_dual)), 0.0, self._cap)
        seen = self._targets @ counts
        self._least, self._most = np.minimum(self._least, seen), np.maximum(self._most, seen)
        weights = np.asarray(solution.col_value)
        ends = weights[: self._figures] + weights[self._figures : 2 * self._figures]
        held = tuple(int(row) for row in np.flatnonzero(ends > SLACK))
        return float(solver.getInfo().objective_function_value), held


def _probes(targets: sparse.csr_array) -> Iterator[Vector]:
    """Directions that push many targets at once: all up, all down, and halves of them by the bits of their number."""
    numbers = np.arange(targets.shape[0])
    for bit in range(-1, PROBES):
        signs = np.ones(targets.shape[0]) if bit < 0 else np.where((numbers >> bit) & 1, 1.0, -1.0)
        direction = np.asarray(targets.T @ signs, dtype=np.float64).ravel()
        yield direction
        yield -direction


def _solver(published: Published, cap: float) -> Any:
    """The dual: maximise low p - high q - cap r where sums' (p - q) - r <= cost, all >= 0; hidden ends stay at 0."""
    figures, columns = published.sums.shape
    shown_low, shown_high = published.low > 0.0, np.isfinite(published.high)
    matrix = sparse.csc_array(
        sparse.hstack([published.sums.T, -published.sums.T, -sparse.eye_array(columns)], format="csc")
    )
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = 2 * figures + columns, columns
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = np.concatenate(
        [np.where(shown_low, published.low, 0.0), np.where(shown_high, -published.high, 0.0), np.full(columns, -cap)]
    )
    model.col_lower_ = np.zeros(2 * figures + columns)
    model.col_upper_ = np.concatenate(
        [_free_where(shown_low), _free_where(shown_high), np.full(columns, highspy.kHighsInf)]
    )
    model.row_lower_, model.row_upper_ = np.full(columns, -highspy.kHighsInf), np.zeros(columns)
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
