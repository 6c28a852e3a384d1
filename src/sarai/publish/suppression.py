"""Suppression: the fewest further figures to hide so that no small one can be worked out.

Small figures are hidden first. Which others must go with them is a covering problem with cuts from the audit, after
Fischetti and Salazar (doi:10.1007/s101070050031): wherever the audit can bound a small figure too narrowly, at least
one of the figures that hold that bound must be hidden too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from sarai.publish.audit import Audit, Published, Vector, stack_published
from sarai.world.errors import SaraiError

MOST_ROUNDS = 60
TOLERANCE = 1e-6
MOST_CHECKED = 40
"""Small figures examined one by one in a round; the others wait for the next, where the new cuts often settle them."""
MARGIN = 1.0
"""A155: persons beyond the threshold that a small figure must be able to reach: an attacker may count whole persons."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Figures of one release before control.

    sums     sparse (figure, base cell)          values  (figure,) persons as printed
    steps    (figure,) rounding step             weights (figure,) what it costs to hide each
    small    (figure,) True where the figure itself may not be known
    low, high  (figure,) what a reader knows of a shown figure, persons
    """

    sums: sparse.csr_array
    values: Vector
    steps: Vector
    weights: Vector
    small: Mask
    low: Vector
    high: Vector


def hide_figures(
    figures: Figures, threshold: float, before: Published | None = None, watched: sparse.csr_array | None = None,
    guarded: sparse.csr_array | None = None,
) -> Mask:  # fmt: skip
    """Which figures to hide: all small ones and as little else (by weight) as the audit allows.

    before    what earlier releases said about the same base cells; None for a first release
    watched   sparse (figure, base cell): small figures of earlier releases, which must stay safe too
    guarded   the same of figures that earlier releases hid for the sake of others
    A small figure is safe when counts that fit everything published can make it 0 and can make it `threshold` and a
    little more; a figure hidden for its sake is safe when they can move it by as much.
    Fails closed: where no safe answer is found, everything is hidden.
    """
    hidden = figures.small.copy()
    targets = _targets(figures, watched)
    if targets is None:
        return hidden
    cuts: set[tuple[int, ...]] = set()
    audit: Audit | None = None
    try:
        for _ in range(MOST_ROUNDS):
            audit = audit or Audit(_whole(figures, hidden, before), targets)
            found = _violated(audit, targets.shape[0], len(figures.values), threshold + MARGIN)
            found = found or _narrow(figures, hidden, before, guarded, threshold + MARGIN)
            if not found:
                return hidden
            cuts |= found
            chosen = _cover(figures, sorted(cuts))
            if (hidden & ~chosen).any():
                audit = None
            else:
                audit.hide(np.flatnonzero(chosen & ~hidden))
            hidden = chosen
    except SaraiError:
        pass
    return np.ones_like(figures.small)


def _targets(figures: Figures, watched: sparse.csr_array | None) -> sparse.csr_array | None:
    return _stacked((figures.sums[np.flatnonzero(figures.small)], watched))


def _stacked(parts: Sequence[sparse.csr_array | None]) -> sparse.csr_array | None:
    filled = [part for part in parts if part is not None and part.shape[0]]
    return sparse.csr_array(sparse.vstack(filled, format="csr")) if filled else None


def _whole(figures: Figures, hidden: Mask, before: Published | None) -> Published:
    own = published(figures, hidden)
    return own if before is None else stack_published((own, before))


def published(figures: Figures, hidden: Mask) -> Published:
    """What a release tells: each shown figure to within its rounding, nothing about the others."""
    return Published(
        sums=figures.sums, low=np.where(hidden, -np.inf, figures.low), high=np.where(hidden, np.inf, figures.high)
    )


def _narrow(
    figures: Figures, hidden: Mask, before: Published | None, guarded: sparse.csr_array | None, width: float
) -> set[tuple[int, ...]]:
    """Cuts for figures that are hidden for the sake of others and can still be told more closely than `width`."""
    others = _stacked((figures.sums[np.flatnonzero(hidden & ~figures.small)], guarded))
    if others is None:
        return set()
    audit = Audit(_whole(figures, hidden, before), others)
    cuts: set[tuple[int, ...]] = set()
    for place in range(others.shape[0]):
        if audit.spread()[place] >= width:
            continue
        reach = audit.reach(place)
        if reach.high - reach.low < width - TOLERANCE:
            cuts.add(_own(tuple(sorted({*reach.held_low, *reach.held_high})), len(figures.values)))
    if () in cuts:
        raise SaraiError("a hidden figure is held by earlier releases alone")
    return cuts


def _violated(audit: Audit, target_count: int, figure_count: int, threshold: float) -> set[tuple[int, ...]]:
    """Cuts: for each small figure held too narrowly, the shown figures of this release that hold it."""
    cuts: set[tuple[int, ...]] = set()
    checked = 0
    for place in range(target_count):
        if checked >= MOST_CHECKED and cuts:
            break
        if audit.certified(0.0, threshold)[place]:
            continue
        checked += 1
        reach = audit.reach(place)
        if reach.low > TOLERANCE:
            cuts.add(_own(reach.held_low, figure_count))
        if reach.high < threshold - TOLERANCE:
            cuts.add(_own(reach.held_high, figure_count))
    if () in cuts:
        raise SaraiError("a small figure is held by earlier releases alone")
    return cuts


def _own(rows: tuple[int, ...], count: int) -> tuple[int, ...]:
    return tuple(row for row in rows if row < count)


def _cover(figures: Figures, cuts: list[tuple[int, ...]]) -> Mask:
    """The cheapest set of figures that hits every cut, small ones always in it."""
    count = len(figures.values)
    rows = sparse.lil_array((len(cuts), count))
    for index, cut in enumerate(cuts):
        rows[index, list(cut)] = 1.0
    bounds = optimize.Bounds(figures.small.astype(float), np.ones(count))
    answer = optimize.milp(
        figures.weights, integrality=np.ones(count), bounds=bounds,
        constraints=optimize.LinearConstraint(sparse.csr_array(rows), np.ones(len(cuts)), np.full(len(cuts), np.inf)),
    )  # fmt: skip
    if answer.x is None:
        raise SaraiError(f"no set of figures hits every cut: {answer.message}")
    chosen: Mask = answer.x > 0.5
    return chosen
