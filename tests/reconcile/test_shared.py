"""What crossings share: a level that all of them follow, and how far one may go alone."""

from __future__ import annotations

from datetime import date

import numpy as np

from makers.rivals import FIRST, row, world_of
from sarai.observe.case_folder import load_case
from sarai.reconcile.picture import Picture
from sarai.reconcile.reconcile import reconcile


def total(picture: Picture, crossing: str, first: date, last: date) -> np.ndarray:
    """Samples of a window sum at one crossing."""
    start = int(picture.days[0])
    days = slice(first.toordinal() - start, last.toordinal() + 1 - start)
    return np.asarray(picture.flow[days, picture.crossings.index(crossing)].sum(axis=0))


def test_a_crossing_without_news_goes_with_the_border() -> None:
    """One gate is counted daily to the end and rises tenfold, the other fell silent before: it is taken to rise too."""
    counts = [1000] * 20 + [round(1000 * 10 ** ((day - 19) / 10)) for day in range(20, 30)] + [10_000] * 6
    rows = [row("guard", day, day, count, crossing="north_gate") for day, count in enumerate(counts)]
    rows += [row("town", day, day, 500, crossing="south_gate") for day in range(20)]
    picture = reconcile(world_of(rows, date(2030, 4, 5)), 400, 1)
    silent = picture.flow[34, picture.crossings.index("south_gate")]
    assert FIRST.toordinal() == picture.days[0]
    low, middle, high = np.quantile(silent, (0.05, 0.5, 0.95))
    assert 1000 < middle < 6000
    assert low < 1000
    assert high < 60_000


def test_crossings_that_nothing_tells_apart_go_together() -> None:
    """Reports of the whole border alone: its sum is known, its parts only as a share that hardly changes by the day."""
    rows = [row("agency", day, day, 1000 + 20 * day) for day in range(30)]
    picture = reconcile(world_of(rows, date(2030, 3, 31)), 300, 1)
    whole = np.quantile(picture.flow[20].sum(axis=0), (0.05, 0.95))
    assert whole[1] / whole[0] < 3.5
    share = np.log(picture.flow[:, 0] / picture.flow[:, 1])
    assert np.median(np.abs(np.diff(share, axis=0))) < 0.2
    assert share[20].std() > 0.8


def test_totals_of_one_crossing_tell_that_of_the_others() -> None:
    """December 2024: 900,000 in all and 700,000 at Joda leave a fifth to the other entry points of South Sudan."""
    picture = reconcile(load_case("sudan-southsudan-2023").as_of(date(2024, 12, 15)), 300, 1)
    first, last = date(2023, 4, 15), date(2024, 12, 10)
    other, joda = (total(picture, name, first, last) for name in ("other_entry_points", "renk_joda"))
    low, middle, high = np.quantile(other / (other + joda), (0.05, 0.5, 0.95))
    assert 0.1 < middle < 0.3
    assert low < 2 / 9 < high


def test_half_a_year_without_news_by_crossing_leaves_neither_empty() -> None:
    """June 2024: since January totals are of the whole border; no one would sign 47 people a day at Torkham."""
    picture = reconcile(load_case("pakistan-2023").as_of(date(2024, 6, 30)), 300, 1)
    torkham, chaman = (np.median(total(picture, name, date(2024, 6, 17), date(2024, 6, 30))) for name in
                       ("torkham", "chaman"))  # fmt: skip
    assert 0.05 < torkham / (torkham + chaman) < 0.95


def test_a_count_of_some_people_bounds_the_whole() -> None:
    """15 October 2023: a families-only count and a contradicting press bound Torkham within a factor of 12 at 90 %."""
    picture = reconcile(load_case("pakistan-2023").as_of(date(2023, 10, 15)), 600, 1)
    low, high = np.quantile(total(picture, "torkham", date(2023, 9, 15), date(2023, 10, 15)), (0.05, 0.95))
    assert low < 48_000 < high
    assert high / low < 12.0
