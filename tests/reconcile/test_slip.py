"""Running totals that deny their own series' counts, and what a lone odd figure is called."""

from __future__ import annotations

from datetime import date

import pytest

from makers.rivals import row, world_of
from sarai.reconcile.audit import audit
from sarai.reconcile.lone import name_slip


def feed(slip: int = 0) -> list[str]:
    """A desk that prints the day's count and the total every day; one total off by `slip` on the tenth day."""
    counts = [3000 + 37 * (day % 5) for day in range(20)]
    rows, total = [], 0
    for day, count in enumerate(counts):
        total += count
        off = slip if day == 9 else 0
        rows.append(row("desk", day, day, count, crossing="north_gate"))
        rows.append(row("desk", 0, day, total + off, crossing="north_gate", total=True))
    return rows


def test_a_total_with_a_wrong_digit_is_found() -> None:
    """A total that is 2,000 too high beside the count of its own day is one misprint, and nothing else is found."""
    found = audit(world_of(feed(2_000), date(2030, 3, 25)))
    assert [(item.kind, item.start) for item in found] == [("misprint", date(2030, 3, 10).toordinal())]
    assert "the series counts" in found[0].evidence


def test_totals_that_agree_with_their_counts_are_no_slips() -> None:
    """The same feed without the misprint gives no finding."""
    assert audit(world_of(feed(), date(2030, 3, 25))) == ()


@pytest.mark.parametrize(
    ("offset", "error", "kind"),
    [
        (-2.25, 0.15, "dropped_digit"),
        (4.6, 0.15, "dropped_digit"),
        (-2.05, 0.5, "disagreement"),
        (-3.4, 0.3, "misprint"),
    ],
)
def test_a_digit_is_lost_only_where_that_is_clear(offset: float, error: float, kind: str) -> None:
    """A figure of a tenth is a lost digit where others are sure of it; where they are not, it disagrees."""
    assert name_slip(offset, error)[0] == kind
