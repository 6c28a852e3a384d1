"""Reported counts that may be told: none that is small for a level, and none that would tell one that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from scipy import optimize, sparse

from sarai.forecast.targets import Target
from sarai.publish.audit import Vector
from sarai.publish.levels import THRESHOLDS
from sarai.publish.suppression import Figures, Mask, hide_figures
from sarai.world.errors import Fault, RequestError, SaraiError

REPORT_LEVELS = ("restricted", "confidential")
"""Counts as reported, by day and crossing, and forecasts beside them are never public."""


def tellable_targets(targets: Sequence[Target], level: str) -> tuple[Target, ...]:
    """Targets whose counts may be told at a level, in their order; all of them where it is confidential.

    Counts are told to the person. One is left out where it is under the threshold of the level (A144), and so is one
    without which a count left out could not be told more closely than that. Where that cannot be settled, none is told.
    Raises RequestError on a level that is not known, or public.
    """
    check_report_level(level)
    small = np.array([target.persons < THRESHOLDS[level] for target in targets], dtype=bool)
    if not small.any():
        return tuple(targets)
    hidden = np.zeros_like(small)
    for case in sorted({target.case for target in targets}):
        places = [place for place, target in enumerate(targets) if target.case == case]
        hidden[places] = _hide_counts([targets[place] for place in places], small[places], THRESHOLDS[level])
    return tuple(target for target, hide in zip(targets, hidden, strict=True) if not hide)


def check_report_level(level: str) -> None:
    """Refuse a level at which counts as reported do not go out, before anything is computed."""
    if level not in REPORT_LEVELS:
        raise RequestError(
            Fault(column="--level", what="counts as reported do not go out at this level", found=level,
                  wanted=" or ".join(REPORT_LEVELS),
                  mend="leave the option out; what may be made public is in the tables of `sarai brief`")
        )  # fmt: skip


def left_out_words(before: int, after: int, level: str) -> str:
    """A sentence on the targets that a level leaves out; empty where it leaves out none."""
    if before == after:
        return ""
    return (
        f"{before - after} of {before} targets are left out: they count fewer than {THRESHOLDS[level]:.0f} people, or "
        "would tell one that does. --level confidential keeps them, in the house."
    )


def _hide_counts(targets: Sequence[Target], small: Mask, threshold: float) -> Mask:
    """Which counts of one case to leave out. Counts that contradict each other are taken as near as they can be met."""
    if not small.any():
        return small
    sums, spans = _sums_of(targets)
    try:
        counts = _nearest_counts(sums, np.array([target.persons for target in targets], dtype=np.float64))
    except SaraiError:
        return np.ones_like(small)
    told = np.asarray(sums @ counts)
    figures = Figures(sums=sums, values=told, steps=np.zeros(len(targets)), weights=1.0 + np.log2(2.0 + told),
                      small=small, low=told, high=told)  # fmt: skip
    return hide_figures(figures, threshold, spans=spans, counts=counts)


def _sums_of(targets: Sequence[Target]) -> tuple[sparse.csr_array, int]:
    """Sparse (target, base cell) over spans of days x crossings, in that order, and how many spans there are."""
    edges = sorted({target.start for target in targets} | {target.end + timedelta(days=1) for target in targets})
    first = {day: place for place, day in enumerate(edges)}
    crossings = sorted({name for target in targets for name in target.crossings})
    cells = np.arange((len(edges) - 1) * len(crossings)).reshape(-1, len(crossings))
    rows = sparse.lil_array((len(targets), cells.size))
    for number, target in enumerate(targets):
        columns = [crossings.index(name) for name in target.crossings]
        days = slice(first[target.start], first[target.end + timedelta(days=1)])
        rows[number, cells[days, columns].ravel()] = 1.0
    return sparse.csr_array(rows), len(cells)


def _nearest_counts(sums: sparse.csr_array, persons: Vector) -> Vector:
    """Counts of base cells, none negative, whose sums miss the reported ones by as few persons as can be."""
    rows, columns = sums.shape
    unit = sparse.eye_array(rows, format="csr")
    cost = np.concatenate([np.zeros(columns), np.ones(2 * rows)])
    met = optimize.linprog(cost, A_eq=sparse.hstack([sums, unit, -unit], format="csr"), b_eq=persons, method="highs")
    if met.x is None:
        raise SaraiError(f"reported counts cannot be brought together: {met.message}")
    return np.maximum(0.0, np.asarray(met.x[:columns], dtype=np.float64))
