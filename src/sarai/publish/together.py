"""Together: parts of a table that share nothing, shown safe by a few questions to one linear programme.

Asked one by one, the days of a table take a programme each, and some questions to each. Days that do not overlap are
also one programme whose parts do not meet, and one question lowers, or raises, small figures of all of them. What is
seen of a part is a certificate for that part alone; one that is not shown safe here is asked about by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sarai.publish.audit import Audit, Published, Vector, fits, largest_cell
from sarai.publish.nearby import THREADS
from sarai.world.errors import SaraiError

MOST_PARTS = 16
"""Parts in a programme: fewer take more of them, more take longer steps; either way the answers are the same."""

Mask = NDArray[np.bool_]
Places = NDArray[np.int64]
One = TypeVar("One")


def find_safe(told: Sequence[Published], small: Sequence[Mask], counts: Sequence[Vector], width: float) -> Mask:
    """Parts (part,) of which counts that fit show every small figure at 0 and at `width`; False says nothing.

    told     what each part publishes; its base cells have no order
    small    (figure,) of each part: figures that are not told
    counts   (base cell,) of each part: what its base cells hold
    """
    safe = np.array([fits(one, known) for one, known in zip(told, counts, strict=True)], dtype=bool)
    asked = [number for number, each in enumerate(small) if safe[number] and each.any()]
    batches = [asked[begin : begin + MOST_PARTS] for begin in range(0, len(asked), MOST_PARTS)]
    with ThreadPoolExecutor(THREADS) as pool:
        looks = [
            pool.submit(_look, _take(told, batch), _take(small, batch), _take(counts, batch), width)
            for batch in batches
        ]
        for batch, look in zip(batches, looks, strict=True):
            safe[batch] = look.result()
    return safe


def _take(of: Sequence[One], chosen: Sequence[int]) -> list[One]:
    return [of[one] for one in chosen]


def _look(told: Sequence[Published], small: Sequence[Mask], counts: Sequence[Vector], width: float) -> Mask:
    """Parts (part,) shown safe in one programme; none where it cannot be solved."""
    try:
        return _Stack(told, small, counts).look(width)
    except SaraiError:
        return np.zeros(len(told), dtype=bool)


class _Stack:
    """Parts one behind the other in one audit, each held to the largest cell that it would be held to alone."""

    def __init__(self, told: Sequence[Published], small: Sequence[Mask], counts: Sequence[Vector]) -> None:
        sums = sparse.csr_array(sparse.block_diag([one.sums for one in told], format="csr"))
        published = Published(
            sums=sums, low=np.concatenate([one.low for one in told]), high=np.concatenate([one.high for one in told])
        )
        cap = np.concatenate(
            [np.full(known.size, largest_cell(one, known)) for one, known in zip(told, counts, strict=True)]
        )
        self._audit = Audit(published, sums, known=np.concatenate(counts), cap=cap)
        self._size = np.maximum(np.diff(sums.indptr), 1)
        self._part = np.repeat(np.arange(len(told)), [one.low.size for one in told])
        places = np.flatnonzero(np.concatenate(small))
        self._places: Places = places[np.argsort(self._size[places], kind="stable")]
        self._weights = np.zeros(self._size.size)
        self._safe = np.ones(len(told), dtype=bool)

    def look(self, width: float) -> Mask:
        """Parts (part,) all of whose small figures were seen at 0 and at `width`."""
        self._settle(0.0, -np.inf, np.ones(self._size.size))
        self._settle(np.inf, width, -1.0 / self._size)
        return self._safe

    def _settle(self, low: float, high: float, toward: Vector) -> None:
        """Move all figures that are left at once, as often as that settles one of a part, else the first of it alone.

        A part whose first figure does not get there alone is given up. toward   (figure,) weights of a question
        """
        left = self._left(low, high)
        while left.size:
            self._ask(left, toward)
            after = self._left(low, high)
            stuck = after[~np.isin(self._part[after], self._part[np.setdiff1d(left, after)])]
            if stuck.size:
                first = stuck[np.unique(self._part[stuck], return_index=True)[1]]
                self._ask(first, toward)
                self._safe[self._part[np.intersect1d(first, self._left(low, high))]] = False
            left = self._left(low, high)

    def _left(self, low: float, high: float) -> Places:
        """Small figures not yet seen at both ends, of parts that are not given up, those of few cells first."""
        seen = self._audit.certified(low, high)
        left: Places = self._places[~seen[self._places] & self._safe[self._part[self._places]]]
        return left

    def _ask(self, places: Places, toward: Vector) -> None:
        """Move some figures; parts without any stay where the last question left them, at no cost."""
        self._weights[np.isin(self._part, self._part[places])] = 0.0
        self._weights[places] = toward[places]
        self._audit.look_towards(self._weights)
