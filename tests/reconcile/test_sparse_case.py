"""The shipped case of 2016, whose reports are few and end long before later days."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from sarai.observe.case_folder import load_case
from sarai.reconcile.audit import audit
from sarai.reconcile.reconcile import reconcile
from sarai.reconcile.table import Window, window_samples

LAST_REPORT = date(2017, 8, 31)


def test_the_picture_ends_where_reports_are_no_news_any_more() -> None:
    """A year and more after the last report there is no curve for that year, its sum is sober, and that is said."""
    picture = reconcile(load_case("pakistan-2016").as_of(date(2019, 1, 1)), 200, 1)
    last = date.fromordinal(int(picture.days[-1]))
    assert last == LAST_REPORT + timedelta(days=45)
    assert f"no report tells of days after {LAST_REPORT}: the picture ends on {last}" in picture.status
    low, high = np.quantile(picture.flow.sum(axis=(0, 1)), (0.05, 0.95))
    assert high < 1.3 * low


def test_totals_brought_up_to_date_at_the_end_of_the_year_make_no_spike() -> None:
    """The last two days of 2016 are like those before; the total is that of its reports; nothing is left to find."""
    world = load_case("pakistan-2016").as_of(date(2017, 9, 30))
    picture = reconcile(world, 200, 1)
    before, end = (
        np.median(window_samples(picture, Window(start=date(2016, 12, first), end=date(2016, 12, last))))
        for first, last in ((22, 28), (30, 31))
    )
    assert 0.5 < (end / 2) / (before / 7) < 1.5
    year = np.quantile(window_samples(picture, Window(start=date(2016, 1, 1), end=date(2016, 12, 31))), (0.05, 0.95))
    assert year[0] < 620_000 < year[1]
    assert audit(world) == ()
