"""Asking about many small figures at once changes no answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from sarai.publish import suppression
from sarai.publish.grid import Grid, release_keys
from sarai.publish.holding_back import protect

DAY = date(2030, 3, 1)
GRID = Grid(spans=((DAY, DAY),), crossings=("north", "south", "west"), statuses=("one", "two"), kinds=("a", "b"))


def hide_day(number: int, threshold: float = 10.0) -> np.ndarray:
    """What is hidden of one day of made-up counts, small ones among them."""
    rng = np.random.default_rng(number)
    counts = np.exp(rng.uniform(np.log(0.5), np.log(300.0), int(np.prod(GRID.shape))))
    return protect(GRID, release_keys(GRID, [(DAY, DAY)]), counts, threshold)[2]


def test_the_same_figures_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days of which a joint look shows nothing are asked figure by figure, and from a fresh start."""
    together = [hide_day(number) for number in range(40)]
    told: list[bool] = []
    look = suppression.find_safe

    def note(*given: Any) -> Any:
        told.extend(look(*given).tolist())
        return np.zeros(len(given[0]), dtype=bool)

    monkeypatch.setattr(suppression, "find_safe", note)
    alone = [hide_day(number) for number in range(40)]
    assert all(np.array_equal(mine, other) for mine, other in zip(together, alone, strict=True))
    assert {True, False} == set(told)
