"""Borders where one kind of return is a main part of all: its counts are taken for its share and not for a bias."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from makers.rivals import row, world_of
from sarai.reconcile.reconcile import reconcile


@pytest.mark.parametrize(
    ("early", "late"), [(0.6, 0.6), (0.6, 0.3), (0.2, 0.6), (0.05, 0.5)], ids=["steady", "falls", "rises", "begins"]
)
@pytest.mark.parametrize(("kind", "place"), [("deported", 0), ("registered_assisted", 1)])
def test_the_share_of_a_main_kind_is_that_of_its_counts(early: float, late: float, kind: str, place: int) -> None:
    """Everybody by one office and one kind by another, each with errors of 7 %, at two crossings."""
    rng = np.random.default_rng(11)
    share = np.where(np.arange(44) < 22, early, late)
    rows = []
    for day in range(44):
        for crossing in ("north_gate", "south_gate"):
            everybody, some = np.exp(rng.normal(0.0, 0.07, 2)) * 1000.0 * np.array([1.0, share[day]])
            rows.append(row("office", day, day, int(everybody), crossing=crossing))
            rows.append(row("police", day, day, int(some), crossing=crossing).replace("return_all", kind))
    picture = reconcile(world_of(rows, date(2030, 4, 13)), 200, 1)
    told = np.median(picture.kind_share[:, :, place], axis=(1, 2))
    assert np.median(picture.flow.sum(axis=(0, 1))) == pytest.approx(88_000, rel=0.12)
    assert np.median(told[3:19]) == pytest.approx(early, rel=0.3)
    assert np.median(told[25:41]) == pytest.approx(late, rel=0.3)
