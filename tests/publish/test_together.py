"""Many days in one linear programme: what is said of a day is what is true of it, whatever lies beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy import sparse

from sarai.publish import together
from sarai.publish.audit import CAP_FACTOR, LEAST_CAP, Audit, Published
from sarai.publish.grid import Grid, key_sums, release_keys
from sarai.publish.holding_back import figures_of
from sarai.publish.suppression import MARGIN, Figures, hide_figures, hide_parts, published
from sarai.publish.together import find_safe

DAY = date(2030, 3, 1)
GRID = Grid(spans=((DAY, DAY),), crossings=("north", "south", "west"), statuses=("one", "two"), kinds=("a", "b"))
KEYS = release_keys(GRID, [(DAY, DAY)])
SUMS = key_sums(GRID, KEYS)
THRESHOLD = 10.0
WIDTH = THRESHOLD + MARGIN


def make_day(number: int) -> tuple[Figures, np.ndarray]:
    """Figures of a day of made-up counts, small ones among them, and the counts."""
    rng = np.random.default_rng(number)
    counts = np.exp(rng.uniform(np.log(0.5), np.log(300.0), int(np.prod(GRID.shape))))
    return figures_of(KEYS, SUMS, counts, THRESHOLD)[0], counts


def two_cells(low: tuple[float, float, float], high: tuple[float, float, float]) -> Published:
    """A figure, another, and their sum."""
    sums = sparse.csr_array(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]))
    return Published(sums=sums, low=np.array(low), high=np.array(high))


FIRST = np.array([True, False, False])
WIDE = two_cells((-np.inf, 80.0, 70.0), (np.inf, 120.0, 130.0))  # the first may be anything from 0 to 50
TOLD = two_cells((-np.inf, 98.0, 103.0), (np.inf, 102.0, 107.0))  # the first is 1 at least
KNOWN = np.array([5.0, 100.0])


def test_days_are_hidden_as_each_would_be_alone() -> None:
    """More days than one programme takes, the unsafe among them."""
    days = [make_day(number) for number in range(3 * together.MOST_PARTS + 5)]
    jointly = hide_parts([day for day, _ in days], THRESHOLD, [counts for _, counts in days])
    for (day, counts), hidden in zip(days, jointly, strict=True):
        np.testing.assert_array_equal(hidden, hide_figures(day, THRESHOLD, counts=counts))
    more = [bool((hidden & ~day.small).any()) for (day, _), hidden in zip(days, jointly, strict=True)]
    assert {True, False} == set(more)


def test_every_day_said_to_be_safe_is_safe_to_the_attacker() -> None:
    """Figure by figure, in a programme of its own, each small one can be nobody and can be the threshold."""
    days = [make_day(number) for number in range(40)]
    told = [published(day, day.small) for day, _ in days]
    safe = find_safe(told, [day.small for day, _ in days], [counts for _, counts in days], WIDTH)
    assert {True, False} == set(safe.tolist())
    for fine, one, (day, _) in zip(safe, told, days, strict=True):
        audit = Audit(one, SUMS)
        kept = [audit.least(row)[0] < 1e-6 and audit.most(row)[0] > WIDTH - 1e-6 for row in np.flatnonzero(day.small)]
        assert all(kept) or not fine


def test_a_day_that_tells_is_given_up_and_its_neighbours_are_not() -> None:
    """Whatever its place among them."""
    for place in range(4):
        told = [WIDE] * 4
        told[place] = TOLD
        safe = find_safe(told, [FIRST] * 4, [KNOWN] * 4, WIDTH)
        assert safe.tolist() == [number != place for number in range(4)]


def test_a_day_is_held_to_its_own_largest_cell() -> None:
    """A quiet day of which nobody takes a cell to hold thousands stays so beside a day of hundred thousands."""
    most = CAP_FACTOR * LEAST_CAP + THRESHOLD
    quiet, few = two_cells((-np.inf, 0.0, 0.0), (np.inf, 2.0, np.inf)), np.array([1.0, 1.0])
    busy = replace(WIDE, low=1000.0 * WIDE.low, high=1000.0 * WIDE.high)
    alone = find_safe([quiet], [FIRST], [few], most)
    beside = find_safe([quiet, busy], [FIRST] * 2, [few, 1000.0 * KNOWN], most)
    assert not alone[0] and beside.tolist() == [False, True]
    assert find_safe([quiet], [FIRST], [few], WIDTH)[0], "a day of two tells nothing of eleven more"


def test_counts_that_do_not_fit_and_days_without_small_figures_ask_nothing() -> None:
    """The former are asked about one by one; of the latter nothing is to be told."""
    safe = find_safe([WIDE, WIDE], [FIRST, ~FIRST & False], [np.array([5.0, 300.0]), KNOWN], WIDTH)
    assert safe.tolist() == [False, True]


def test_a_programme_that_cannot_be_solved_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails closed."""

    def fail(*_: object) -> None:
        raise together.SaraiError("no")

    monkeypatch.setattr(Audit, "look_towards", fail)
    assert find_safe([WIDE], [FIRST], [KNOWN], WIDTH).tolist() == [False]
