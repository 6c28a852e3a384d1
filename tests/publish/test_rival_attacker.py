"""An attacker who shares no code with the house: day by day, whole persons, every relation of every release at once."""

from datetime import date

import numpy as np
from scipy import optimize, sparse

from makers.releases import CROSSINGS, KINDS, START, STATUSES, THRESHOLD, careless_days, publish_days, sparse_counts
from sarai.publish.release import Release

NAMES = (CROSSINGS, STATUSES, KINDS)


def day_cells(cell: object, days: int) -> np.ndarray:
    """Which (day, crossing, status, kind) a figure adds up, as a flat mask."""
    mask = np.zeros((days, *(len(names) for names in NAMES)), dtype=bool)
    first, last = ((date.fromisoformat(getattr(cell, end)) - START).days for end in ("first", "last"))
    axes = [
        range(len(names)) if getattr(cell, axis) == "all" else [names.index(getattr(cell, axis))]
        for axis, names in zip(("crossing", "status", "kind"), NAMES, strict=True)
    ]
    mask[np.ix_(range(first, last + 1), *axes)] = True
    return mask.ravel()


def bounds_of(releases: list[Release], days: int, *, integers: bool) -> dict[tuple[object, ...], tuple[float, float]]:
    """The least and the most that each held-back figure can be; whole persons by branch and bound where asked."""
    cells = [cell for release in releases for cell in release.cells]
    shown = [cell for cell in cells if cell.value is not None]
    hidden = {(c.first, c.last, c.crossing, c.status, c.kind): c for c in cells if c.value is None}
    sums = sparse.csr_array(np.array([day_cells(cell, days) for cell in shown], dtype=float))
    low = np.array([max(THRESHOLD, np.ceil(cell.value - cell.step / 2)) for cell in shown])
    high = np.array([np.ceil(cell.value + cell.step / 2) - 1 for cell in shown])
    told = optimize.LinearConstraint(sums, low, np.maximum(low, high))
    whole = np.full(sums.shape[1], 1.0 if integers else 0.0)
    found = {}
    for key, cell in hidden.items():
        cost = day_cells(cell, days).astype(float)
        ends = [
            optimize.milp(sign * cost, integrality=whole, bounds=optimize.Bounds(0, np.inf), constraints=told)
            for sign in (1.0, -1.0)
        ]
        assert ends[0].success and ends[1].status in (0, 3), "the published figures contradict each other"
        found[key] = (ends[0].fun, -ends[1].fun if ends[1].success else np.inf)
    return found


def narrow(found: dict[tuple[object, ...], tuple[float, float]]) -> list[tuple[object, ...]]:
    """Figures that can be told more closely than the threshold."""
    return [key for key, (low, high) in found.items() if high - low < THRESHOLD - 1e-6]


def test_an_attacker_of_another_hand_works_nothing_out() -> None:
    """Six daily releases: a linear programme over single days, tightened to whole persons, bounds no hidden figure."""
    releases, *_ = publish_days(sparse_counts(6, seed=5))
    found = bounds_of(releases, 6, integers=False)
    assert len(found) > 100
    assert narrow(found) == []


def test_counting_whole_persons_exactly_adds_nothing() -> None:
    """Three releases by integer programming: what a linear bound leaves open is not closed by wholeness either."""
    releases, *_ = publish_days(sparse_counts(3, seed=6))
    found = bounds_of(releases, 3, integers=True)
    assert found and narrow(found) == []


def test_the_same_attacker_breaks_releases_that_only_hide_small_figures() -> None:
    """Printed to the person with only small figures hidden, some of them fall: silence elsewhere means something."""
    releases = careless_days(sparse_counts(2, seed=5))
    assert narrow(bounds_of(releases, 2, integers=False))
