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
OPTIONS: dict[str, bool | int | str] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "solver": "simplex",
    "presolve": "off",
}
CAP_FACTOR = 4.0
"""No base cell is taken to hold more than this many times the largest published figure."""
LEAST_CAP = 1000.0
"""Persons that a base cell can always hold: where little or nothing is published, that little bounds nobody."""


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
    cap       (base cell,) the most that each may hold; None for `largest_cell`, the same for all
    Raises SaraiError where the published figures contradict each other (no counts fit them all).
    """

    def __init__(
        self, published: Published, targets: sparse.csr_array, *, spans: int = 1, known: Vector | None = None,
        cap: Vector | None = None,
    ) -> None:  # fmt: skip
        self._published = published
        self._figures, self._columns = published.sums.shape
        self._steps = running_steps(self._columns, spans)
        self._origin = known if known is not None and fits(published, known) else np.zeros(self._columns)
        most = largest_cell(published, self._origin) * spans if cap is None else cap
        self._told = np.asarray(published.sums @ self._origin)
        self._totals = np.cumsum(self._origin.reshape(spans, -1), axis=0).ravel()
        self._solver = _solver(published, self._steps, most, self._origin, self._totals, spans)
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
        for row, least, most in zip(rows, low - self._told[rows], high - self._told[rows], strict=True):
            for column, cost in ((int(row), -float(least)), (int(row) + self._figures, float(most))):
                self._solver.changeColCost(column, cost)
                self._solver.changeColBounds(column, 0.0, highspy.kHighsInf)
        found, self._seen = self._seen, []
        self._least[:], self._most[:] = np.inf, -np.inf
        for counts in found:
            self.remember(counts)

    def found(self) -> Sequence[Vector]:
        """Counts that fit, (base cell,) each: those that moved some target further than all before them."""
        return self._seen

    def remember(self, counts: Vector) -> bool:
        """Take counts found elsewhere, (base cell,); those that do not fit what is published count for nothing."""
        fitting = fits(Published(sums=self._published.sums, low=self._low, high=self._high), counts)
        if fitting:
            self._keep(counts)
        return fitting

    def least(self, place: int, enough: float = -np.inf) -> tuple[float, tuple[int, ...]]:
        """The least that a target can be, and the published figures that hold it there (rows of `Published`).

        enough   stop at the first counts that bring the target to or below this; they are returned, held by nothing
        """
        return self._push(place, 1.0, enough)

    def most(self, place: int, enough: float = np.inf) -> tuple[float, tuple[int, ...]]:
        """The most that a target can be, and the published figures that hold it there (rows of `Published`).

        enough   stop at the first counts that bring the target to or above this; they are returned, held by nothing
        """
        return self._push(place, -1.0, enough)

    def look_towards(self, weights: Vector) -> None:
        """Remember fitting counts that make a sum of targets, weighted (target,), as small as it can be."""
        sides = np.ascontiguousarray(self._costs.T @ weights)
        self._solver.changeRowsBounds(self._columns, self._indices, sides, sides)
        self._solver.setOptionValue("objective_bound", np.inf)
        self._run()
        self._keep(self._counts())

    def _push(self, place: int, sign: float, enough: float) -> tuple[float, tuple[int, ...]]:
        """How far a target can go and the figures that hold it; what targets are in the counts found is remembered."""
        solver = self._solver
        row = slice(*self._costs.indptr[place : place + 2])
        sides = np.zeros(self._columns)
        sides[self._costs.indices[row]] = sign * self._costs.data[row]
        begin = float(sides @ self._totals)
        solver.changeRowsBounds(self._columns, self._indices, sides, sides)
        solver.setOptionValue("objective_bound", begin - sign * enough + SLACK)
        if self._run() == highspy.HighsModelStatus.kObjectiveBound:
            counts = self._counts()
            if self.remember(counts):
                return float((self._targets[[place]] @ counts)[0]), ()
            solver.setOptionValue("objective_bound", np.inf)
            self._run()
        self._keep(self._counts())
        weights = np.asarray(solver.getSolution().col_value)
        ends = weights[: self._figures] + weights[self._figures : 2 * self._figures]
        held = tuple(int(row) for row in np.flatnonzero(ends > SLACK))
        return sign * (begin - float(solver.getInfo().objective_function_value)), held

    def _run(self) -> highspy.HighsModelStatus:
        self._solver.run()
        status: highspy.HighsModelStatus = self._solver.getModelStatus()
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kObjectiveBound):
            raise SaraiError(f"the published figures cannot be audited: {self._solver.modelStatusToString(status)}")
        return status

    def _counts(self) -> Vector:
        """The counts at which the solver stands."""
        moved = self._steps @ np.asarray(self._solver.getSolution().row_dual, dtype=np.float64)
        counts: Vector = np.maximum(0.0, self._origin - moved)
        return counts

    def _keep(self, counts: Vector) -> None:
        seen = self._targets @ counts
        if (seen < self._least).any() or (seen > self._most).any():
            self._seen.append(counts)
            self._least, self._most = np.minimum(self._least, seen), np.maximum(self._most, seen)


def largest_cell(published: Published, counts: Vector) -> float:
    """The most that anybody takes a base cell to hold; counts (base cell,) fit what is published."""
    finite = published.high[np.isfinite(published.high)]
    return CAP_FACTOR * max(float(finite.max(initial=0.0)), float(counts.max(initial=0.0)), LEAST_CAP)


def running_steps(columns: int, spans: int) -> sparse.csr_array:
    """Sparse (base cell, running total): a base cell is its running total less the one a span earlier."""
    width = columns // spans
    ones = sparse.eye_array(columns, format="csr")
    return sparse.csr_array(ones - sparse.eye_array(columns, k=-width, format="csr") if spans > 1 else ones)


def _solver(
    published: Published, steps: sparse.csr_array, cap: float | Vector, origin: Vector, totals: Vector, spans: int
) -> Any:
    """The dual over running totals, of which the last ones are at most `cap`, told from an origin that fits.

    Minimise (high - told) q - (low - told) p + origin u + (cap - total) r
    where (sums steps)' (p - q) + steps' u - r = cost, all >= 0; hidden ends stay at 0. No cost is negative where the
    origin fits, so that every question begins at the origin and not with the search for counts that fit.
    """
    columns = published.sums.shape[1]
    width = columns // spans
    told = published.sums @ origin
    shown_low, shown_high = published.low > 0.0, np.isfinite(published.high)
    terms = published.sums @ steps
    terms.eliminate_zeros()
    last = sparse.eye_array(width, columns, k=columns - width, format="csr")
    starts, index, values = _stack_rows((terms, -terms, sparse.csr_array(steps), -last))
    count = len(starts) - 1
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, columns
    model.col_cost_ = np.concatenate(
        [np.where(shown_low, told - published.low, 0.0), np.where(shown_high, published.high - told, 0.0), origin,
         cap - totals[-width:]]
    )  # fmt: skip
    model.col_lower_ = np.zeros(count)
    model.col_upper_ = np.concatenate(
        [_free_where(shown_low), _free_where(shown_high), np.full(columns + width, highspy.kHighsInf)]
    )
    model.row_lower_, model.row_upper_ = np.zeros(columns), np.zeros(columns)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = starts, index, values
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in OPTIONS.items():
        solver.setOptionValue(option, value)
    solver.passModel(model)
    return solver


def fits(published: Published, counts: Vector) -> bool:
    """Whether counts of base cells lie within all that was told, up to SLACK."""
    told = published.sums @ counts
    return bool(
        counts.min(initial=0.0) >= -SLACK
        and (told >= published.low - SLACK).all()
        and (told <= published.high + SLACK).all()
    )


def _stack_rows(parts: Sequence[sparse.csr_array]) -> tuple[NDArray[np.int32], NDArray[np.int32], Vector]:
    """Rows of several matrices one below the other: where each begins, columns and values, columns ascending."""
    for part in parts:
        part.sort_indices()
    ends = np.cumsum([0, *(part.nnz for part in parts)])
    starts = [part.indptr[:-1] + end for part, end in zip(parts, ends[:-1], strict=True)]
    return (
        np.concatenate([*starts, ends[-1:]]).astype(np.int32),
        np.concatenate([part.indices for part in parts]).astype(np.int32),
        np.concatenate([part.data for part in parts]).astype(np.float64),
    )


def _free_where(shown: NDArray[np.bool_]) -> Vector:
    return np.where(shown, highspy.kHighsInf, 0.0)


def stack_published(parts: Sequence[Published]) -> Published:
    """Several sets of figures over the same base cells as one."""
    return Published(
        sums=sparse.csr_array(sparse.vstack([part.sums for part in parts], format="csr")),
        low=np.concatenate([part.low for part in parts]), high=np.concatenate([part.high for part in parts]),
    )  # fmt: skip
