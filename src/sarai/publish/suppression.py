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
from scipy import sparse

from sarai.publish.audit import Audit, Published, Vector, stack_published
from sarai.publish.nearby import Question, look_nearby
from sarai.publish.together import find_safe
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
    guarded: sparse.csr_array | None = None, *, spans: int = 1, counts: Vector | None = None,
) -> Mask:  # fmt: skip
    """Which figures to hide: all small ones and as little else (by weight) as the audit allows.

    before    what earlier releases said about the same base cells; None for a first release
    watched   sparse (figure, base cell): small figures of earlier releases, which must stay safe too
    guarded   the same of figures that earlier releases hid for the sake of others
    spans, counts   spans of days in the base cells, and what they hold; both only save time
    A small figure is safe when counts that fit everything published can make it 0 and can make it `threshold` and a
    little more; a figure hidden for its sake is safe when they can move it by as much.
    Fails closed: where no safe answer is found, everything is hidden.
    """
    first = before is None and watched is None and guarded is None
    if spans == 1 and first and counts is not None:
        return hide_parts([figures], threshold, [counts])[0]
    return _hide_asking(figures, threshold, before, watched, guarded, spans=spans, counts=counts)


def hide_parts(parts: Sequence[Figures], threshold: float, counts: Sequence[Vector]) -> list[Mask]:
    """The same for the first figures of parts that share nothing, each over one span of days.

    counts   (base cell,) of each part: what its base cells hold
    """
    safe = find_safe(
        [published(part, part.small) for part in parts], [part.small for part in parts], counts, threshold + MARGIN
    )
    return [
        part.small.copy() if fine else _hide_asking(part, threshold, counts=known)
        for part, fine, known in zip(parts, safe, counts, strict=True)
    ]


def _hide_asking(
    figures: Figures, threshold: float, before: Published | None = None, watched: sparse.csr_array | None = None,
    guarded: sparse.csr_array | None = None, *, spans: int = 1, counts: Vector | None = None,
) -> Mask:  # fmt: skip
    """What `hide_figures` says, found figure by figure."""
    hidden = figures.small.copy()
    asked = _Asked.of(figures, watched, guarded, threshold + MARGIN)
    if not (hidden.any() or asked.older):
        return hidden
    cuts: set[tuple[int, ...]] = set()
    try:
        told = _whole(figures, hidden, before)
        audit = Audit(told, asked.sums, spans=spans, known=counts)
        if counts is not None:
            look_nearby(audit, told, asked.question(hidden), counts, spans)
        for _ in range(MOST_ROUNDS):
            found = _violated(audit, asked, hidden)
            if not found:
                return hidden
            cuts |= found
            chosen = _cover(figures, sorted(cuts))
            shown = np.flatnonzero(hidden & ~chosen)
            audit.hide(np.flatnonzero(chosen & ~hidden))
            audit.show(shown, figures.low[shown], figures.high[shown])
            hidden = chosen
    except SaraiError:
        pass
    return np.ones_like(figures.small)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """Figures that must not be told: those of this release first, then `older` ones that earlier releases hid.

    zero    (figure,) True where it must be able to be 0 and `width`; others must be movable by `width`
    lost    (figure,) True where earlier releases alone hold it: nothing that is hidden today can help
    Both masks change while questions are asked: what earlier releases alone do, no answer undoes.
    """

    sums: sparse.csr_array
    zero: Mask
    lost: Mask
    older: int
    width: float

    @classmethod
    def of(
        cls, figures: Figures, watched: sparse.csr_array | None, guarded: sparse.csr_array | None, width: float
    ) -> _Asked:
        older = [(part, flag) for part, flag in ((watched, True), (guarded, False)) if part is not None]
        parts = [(figures.sums, figures.small), *((part, np.full(part.shape[0], flag)) for part, flag in older)]
        return cls(
            sums=sparse.csr_array(sparse.vstack([part for part, _ in parts], format="csr")),
            zero=np.concatenate([flags for _, flags in parts]),
            lost=np.zeros(sum(part.shape[0] for part, _ in parts), dtype=bool),
            older=sum(part.shape[0] for part, _ in older), width=width,
        )  # fmt: skip

    def places(self, hidden: Mask) -> list[int]:
        """What is asked about when these figures are hidden, small figures first, of these sums of few cells first:
        where they can rise, sums of more can.
        """
        asked = np.concatenate([hidden, np.ones(self.older, dtype=bool)]) & ~self.lost
        small = np.flatnonzero(asked & self.zero)
        order = np.argsort(np.diff(self.sums.indptr)[small], kind="stable")
        return [*small[order].tolist(), *np.flatnonzero(asked & ~self.zero).tolist()]

    def question(self, hidden: Mask) -> Question:
        """The same as a question, to look for answers nearby."""
        places = np.array(self.places(hidden), dtype=np.int64)
        return Question(
            places=places, sums=sparse.csr_array(self.sums[places]), zero=self.zero[places], width=self.width
        )


def _whole(figures: Figures, hidden: Mask, before: Published | None) -> Published:
    own = published(figures, hidden)
    return own if before is None else stack_published((own, before))


def published(figures: Figures, hidden: Mask) -> Published:
    """What a release tells: each shown figure to within its rounding, nothing about the others."""
    return Published(
        sums=figures.sums, low=np.where(hidden, -np.inf, figures.low), high=np.where(hidden, np.inf, figures.high)
    )


def _violated(audit: Audit, asked: _Asked, hidden: Mask) -> set[tuple[int, ...]]:
    """Cuts: for each figure held too narrowly, the shown figures of this release that hold it.

    Figures hidden for the sake of others are asked about once no small one is held.
    """
    cuts: set[tuple[int, ...]] = set()
    checked = 0
    for place in asked.places(hidden):
        if cuts and (checked >= MOST_CHECKED or not asked.zero[place]):
            break
        held = _cuts_of(audit, asked, place, hidden.size)
        checked += held is not None
        cuts |= held or set()
    return cuts


def _cuts_of(audit: Audit, asked: _Asked, place: int, own: int) -> set[tuple[int, ...]] | None:
    """Shown figures of this release, the first `own`, that hold one figure; None where nothing had to be asked.

    A small one that earlier releases alone keep from 0, or from the threshold, can only be kept wide: that is asked
    from then on. One that they leave not even that is lost. Neither happens while counts stay as they were; estimates
    move.
    """
    hold = _holding_small if asked.zero[place] else _holding_other
    held = hold(audit, place, asked.width)
    cuts = {tuple(row for row in rows if row < own) for rows in held or ()}
    if () not in cuts:
        return None if held is None else cuts
    if asked.zero[place]:
        asked.zero[place] = False
        return _cuts_of(audit, asked, place, own)
    asked.lost[place] = True
    return set()


def _holding_small(audit: Audit, place: int, width: float) -> list[tuple[int, ...]] | None:
    """What keeps a small figure above 0 or under `width`; None where nothing had to be asked."""
    held = []
    low, high = audit.certified(0.0, -np.inf)[place], audit.certified(np.inf, width)[place]
    if not low:
        least, rows = audit.least(place, 0.0)
        held += [rows] if least > TOLERANCE else []
    if not high:
        most, rows = audit.most(place, width)
        held += [rows] if most < width - TOLERANCE else []
    return None if low and high else held


def _holding_other(audit: Audit, place: int, width: float) -> list[tuple[int, ...]] | None:
    """What keeps a figure from moving by `width`; None where nothing had to be asked."""
    if audit.spread()[place] >= width - TOLERANCE:
        return None
    least, lower = audit.least(place)
    most, upper = audit.most(place, least + width)
    return [tuple(sorted({*lower, *upper}))] if most - least < width - TOLERANCE else []


def _cover(figures: Figures, cuts: list[tuple[int, ...]]) -> Mask:
    """The cheapest set of figures that hits every cut, small ones always in it."""
    from scipy import optimize  # a third of a second to import, and most tables need no cut

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
