"""Tables, windows and lineage: joint sums, refusals in one go, and the reports behind a figure."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from makers.reports import day, report, world_of
from sarai.reconcile.lineage import trace_figure
from sarai.reconcile.picture import Picture
from sarai.reconcile.reconcile import reconcile
from sarai.reconcile.table import COLUMNS, QUANTILES, Window, picture_table, quantiles_of_sorted, window_samples
from sarai.reconcile.windows import parse_windows
from sarai.world.errors import RequestError
from sarai.world.world import World


def small_world() -> World:
    """Ten days of counts at two crossings, and a week's total over both."""
    rows = [report(n, n, 1003 + n) for n in range(10)] + [report(n, n, 403, crossing="south") for n in range(0, 10, 2)]
    return world_of(*rows, report(0, 6, 9871, crossing="all", series="agency"), days=10)


@pytest.fixture(scope="module")
def picture() -> Picture:
    """Its picture."""
    return reconcile(small_world(), 120, 1)


def test_one_row_a_day_and_crossing(picture: Picture) -> None:
    """Without windows: each day at all and at each crossing, all kinds and statuses first, quantiles in order."""
    table = picture_table(picture)
    assert tuple(table.columns) == COLUMNS
    whole = table.filter((table["status"] == "all") & (table["kind"] == "all"))
    assert len(whole) == 3 * len(picture.days)
    values = table.select(COLUMNS[5:]).to_numpy()
    assert (np.diff(values, axis=1) >= 0).all()


def test_sums_come_from_joint_samples(picture: Picture) -> None:
    """A window's band is that of the summed samples, narrower than the sum of the days' bands."""
    window = Window(start=day(0), end=day(6), crossing="north+south")
    row = picture_table(picture, [window]).row(0)
    samples = window_samples(picture, window)
    assert np.allclose(row[5:], np.quantile(samples, (0.05, 0.25, 0.5, 0.75, 0.95)))
    days = picture.flow[:7].sum(axis=1)
    assert samples.std() < days.std(axis=1).sum()


def test_all_is_the_sum_of_crossings(picture: Picture) -> None:
    """`all` and the set of all crossings are the same people."""
    first = window_samples(picture, Window(start=day(2), end=day(4)))
    assert np.allclose(first, window_samples(picture, Window(start=day(2), end=day(4), crossing="north+south")))


def test_windows_are_refused_in_one_go(picture: Picture) -> None:
    """Windows that end before they start, leave the picture or name no crossing: each is told, with its row."""
    late = Window(start=day(3), end=day(3) + timedelta(days=400))
    wrong = [Window(start=day(4), end=day(2)), late, Window(start=day(1), end=day(2), crossing="north+moon")]
    with pytest.raises(RequestError) as caught:
        picture_table(picture, wrong, "w.csv")
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (2, "date_to"), (3, "date_from"), (4, "crossing")
    ]  # fmt: skip


def test_window_file() -> None:
    """A file of windows is read; missing columns and cells that are no dates are told with row and column."""
    good = parse_windows("date_from,date_to,crossing\n2030-01-07,2030-01-09,north\n", "w.csv")
    assert good == [Window(start=day(0), end=day(2), crossing="north")]
    with pytest.raises(RequestError) as caught:
        parse_windows("date_from,date_to,crossing\n2030-02-31,x,\n", "w.csv")
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (2, "date_from"), (2, "date_to"), (2, "crossing")
    ]  # fmt: skip
    with pytest.raises(RequestError):
        parse_windows("from,to\n", "w.csv")


def test_lineage_names_the_reports(picture: Picture) -> None:
    """The count of the day bears most on it, the week's total less; shares sum to one."""
    lineage = trace_figure(small_world(), picture, day(4), "north")
    assert lineage.strands[0].report.persons == 1007
    assert {strand.report.series for strand in lineage.strands} == {"police", "agency"}
    assert sum(strand.share for strand in lineage.strands) == pytest.approx(1.0)
    assert lineage.q05 <= lineage.q50 <= lineage.q95


def test_lineage_refuses_days_and_places(picture: Picture) -> None:
    """A day outside the picture and a crossing that is none are told together."""
    with pytest.raises(RequestError) as caught:
        trace_figure(small_world(), picture, day(900), "moon")
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize("count", [1, 2, 3, 20, 99, 1000])
def test_quantiles_of_sorted_rows_are_those_of_numpy(count: int) -> None:
    """Bit for bit, ties among them."""
    rows = np.sort(np.exp(np.random.default_rng(count).normal(3.0, 2.0, (300, count))).round(1), axis=1)
    for levels in (QUANTILES, (0.0, 0.1, 1 / 3, 0.499, 0.9, 1.0)):
        np.testing.assert_array_equal(quantiles_of_sorted(rows, levels), np.quantile(rows, levels, axis=1))
