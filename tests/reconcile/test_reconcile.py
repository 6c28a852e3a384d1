"""The picture: what it must do with clean, rival, missing and absent reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from makers.reports import day, regime, report, world_of
from sarai.reconcile.reconcile import reconcile


def daily(level: float, days: int, series: str = "police", crossing: str = "north") -> tuple:
    """Counts of one crossing, day by day."""
    return tuple(
        report(n, n, round(level * (1 + 0.02 * (n % 3))), series=series, crossing=crossing) for n in range(days)
    )


def band(picture, number: int, crossing: int = 0) -> np.ndarray:  # type: ignore[no-untyped-def]
    """5, 50 and 95 % of a day's flow, days counted from the first."""
    index = day(number).toordinal() - int(picture.days[0])
    return np.quantile(picture.flow[index, crossing], (0.05, 0.5, 0.95))


def test_follows_careful_counts() -> None:
    """Where a careful series counts daily, the median is within a few per cent and the band narrow."""
    picture = reconcile(world_of(*daily(2000, 20), days=20), 200, 1)
    low, middle, high = band(picture, 10)
    assert abs(middle / 2040 - 1) < 0.06
    assert high / low < 1.4


def test_missing_days_are_wider() -> None:
    """A gap is filled with a band wider than the counted days around it, widest in its middle."""
    counts = tuple(item for item in daily(2000, 25) if item.start not in {day(n) for n in range(9, 16)})
    picture = reconcile(world_of(*counts, days=24), 300, 1)
    widths = {n: float(np.log(band(picture, n)[2] / band(picture, n)[0])) for n in (5, 9, 12)}
    assert widths[12] > widths[9] > widths[5]
    assert picture.completeness[12, 0] < 0.2 < picture.completeness[5, 0]


def test_last_days_widen_until_reported() -> None:
    """Days after the last report are carried on with a growing band; a later total narrows them again."""
    world = world_of(*daily(2000, 20), days=27)
    before = reconcile(world, 300, 1)
    total = report(0, 26, 70000, series="joint", cumulative=True, known=27)
    joint = regime("joint", keeping="levels", origin=day(0), noise_log_sd=0.02)
    after = reconcile(replace(world, reports=(*world.reports, total), series=(*world.series, joint)), 300, 1)
    grow = [np.log(band(before, n)[2] / band(before, n)[0]) for n in (20, 23, 26)]
    assert grow[0] < grow[1] < grow[2]
    assert band(after, 24)[1] > 1.5 * band(before, 24)[1]


def test_one_misprint_moves_nothing() -> None:
    """A count with an extra digit moves the median of its day by less than a fifth, and of other days hardly."""
    clean = daily(2000, 20)
    dirty = tuple(replace(item, persons=20400) if item.start == day(10) else item for item in clean)
    joint = (regime(), regime("joint", keeping="levels", origin=day(0)))
    totals = tuple(report(0, n, 2040 * (n + 1), series="joint", cumulative=True) for n in (8, 9, 10, 11, 12, 19))
    first = reconcile(world_of(*clean, *totals, series=joint, days=20), 200, 1)
    second = reconcile(world_of(*dirty, *totals, series=joint, days=20), 200, 1)
    moved = np.abs(np.log(np.median(second.flow[:, 0], axis=1) / np.median(first.flow[:, 0], axis=1)))
    assert moved.max() < 0.2
    assert np.delete(moved, 10).max() < 0.05


def test_biased_series_is_found_out() -> None:
    """A series that misses half the people is seen to, and does not pull the picture down."""
    wide = regime("partial", bias_log_sd=0.7, noise_log_sd=0.1)
    picture = reconcile(
        world_of(*daily(2000, 25), *daily(1000, 25, series="partial"), series=(regime(), wide), days=25), 200, 1
    )
    learned = {item.series: item.bias_log_mean for item in picture.series}
    assert abs(learned["partial"] - np.log(0.5)) < 0.12
    assert abs(band(picture, 12)[1] / 2040 - 1) < 0.06


def test_totals_hold_sums_of_samples() -> None:
    """Each joint sample keeps a window's sum near the reported one although its days are free."""
    world = world_of(report(0, 20, 50000, crossing="all"), days=20)
    picture = reconcile(world, 300, 1)
    first = day(0).toordinal() - int(picture.days[0])
    totals = picture.flow[first : first + 21].sum(axis=(0, 1))
    days = picture.flow[first + 10].sum(axis=0)
    assert np.log(totals).std() < 0.15
    assert np.log(days).std() > 2 * np.log(totals).std()


def test_kinds_and_statuses_are_told_apart() -> None:
    """Counts of deported people set their share; shares sum to one; what nobody tells apart stays wide."""
    counts = daily(2000, 15) + tuple(report(n, n, 200, kind="deported") for n in range(15))
    picture = reconcile(world_of(*counts, days=15), 200, 1)
    assert np.allclose(picture.kind_share.sum(axis=2), 1.0)
    assert np.allclose(picture.status_share.sum(axis=2), 1.0)
    share = np.quantile(picture.kind_share[10, 0, 0], (0.05, 0.5, 0.95))
    assert abs(share[1] - 0.1) < 0.02
    width = np.quantile(picture.status_share[10, 0, 0], (0.05, 0.95))
    assert width[1] - width[0] > 0.4


def test_counts_without_deported_people_are_lifted() -> None:
    """A count of those not deported enters as the whole less the deported share."""
    counts = tuple(report(n, n, 1800, kind="not_deported") for n in range(15))
    counts += tuple(report(n, n, 200, kind="deported") for n in range(15))
    picture = reconcile(world_of(*counts, days=15), 200, 1)
    assert abs(band(picture, 8)[1] / 2000 - 1) < 0.06


def test_statuses_counted_apart_make_a_whole() -> None:
    """Where two series count one status each and none counts all, the flow is their sum."""
    counts = tuple(report(n, n, 900, status="card", series="a") for n in range(15))
    counts += tuple(report(n, n, 600, status="none", series="b") for n in range(15))
    picture = reconcile(world_of(*counts, series=(regime("a"), regime("b")), days=15), 300, 1)
    low, middle, high = band(picture, 8)
    assert 1200 < middle < 1900
    assert low < 1500 < high


def test_samples_do_not_depend_on_their_number() -> None:
    """Sample i is the same among 15 as among 40; the same seed gives the same bytes, another seed other ones."""
    world = world_of(*daily(2000, 12), days=15)
    few, many = reconcile(world, 15, 7), reconcile(world, 40, 7)
    assert np.array_equal(few.flow, many.flow[..., :15])
    assert few.flow.tobytes() == reconcile(world, 15, 7).flow.tobytes()
    assert not np.array_equal(few.flow, reconcile(world, 15, 8).flow)


@pytest.mark.parametrize("reports", [(), (report(4, 4, 700),)])
def test_hardly_anything_known(reports: tuple) -> None:
    """Without a report the picture is the wide prior and says so; with one report it is finite and wide elsewhere."""
    picture = reconcile(world_of(*reports, days=10), 100, 1)
    assert np.isfinite(picture.flow).all()
    assert (picture.flow > 0).all()
    assert (picture.status == "ok") == bool(reports)
    assert np.log(band(picture, 9)[2] / band(picture, 9)[0]) > 1.0


def test_one_crossing() -> None:
    """A border with a single crossing works; `all` means that crossing."""
    world = world_of(
        report(1, 1, 500, crossing="all"), days=5, crossings=("north",), series=(regime(scope=("north",)),)
    )
    assert abs(band(reconcile(world, 200, 1), 1)[1] / 500 - 1) < 0.15


def test_set_scope_and_unknown_crossing() -> None:
    """A figure for a set of crossings binds their sum; a crossing that the case lacks is set aside with the reason."""
    world = world_of(
        report(1, 1, 900, crossing="north+south"), report(1, 1, 400), report(1, 1, 5, crossing="west"), days=3
    )
    picture = reconcile(world, 300, 1)
    index = day(1).toordinal() - int(picture.days[0])
    assert abs(np.median(picture.flow[index].sum(axis=0)) / 900 - 1) < 0.1
    assert [item.reason for item in picture.bearings if item.reason] == ["crossing west is none of this case"]


def test_later_reports_change_nothing() -> None:
    """What becomes known after the as-of date is not in the world, so an earlier picture is asked again bit for bit."""
    early = world_of(*daily(2000, 12), days=12)
    again = replace(early, as_of=early.as_of + timedelta(days=0))
    assert reconcile(early, 30, 1).flow.tobytes() == reconcile(again, 30, 1).flow.tobytes()


def test_zero_days_stay_finite() -> None:
    """Days on which nobody crossed come out small, not minus infinity, and do not spoil their neighbours."""
    counts = tuple(report(n, n, 0 if 8 <= n <= 10 else 2000) for n in range(20))
    picture = reconcile(world_of(*counts, days=20), 200, 1)
    assert band(picture, 9)[1] < 400
    assert abs(band(picture, 4)[1] / 2000 - 1) < 0.1


def deported(total: int, count: int, series: str = "ministry") -> tuple:
    """Running totals of people deported at the whole border, the same number each day."""
    kept = [
        report(0, n, total * (n + 1), series=series, crossing="all", cumulative=True, kind="deported")
        for n in range(count)
    ]
    return tuple(kept)


def test_where_only_one_kind_is_counted_the_picture_is_of_that_kind() -> None:
    """Nobody is thought up beside 1,000 deported people a day; the status says that others are in no figure."""
    picture = reconcile(world_of(*deported(1000, 40), days=40), 300, 1)
    low, middle, high = np.quantile(picture.flow[:40].sum(axis=(0, 1)), (0.05, 0.5, 0.95))
    assert low < 40_000 < high < 80_000 and abs(middle / 40_000 - 1) < 0.2
    assert (picture.kind_share[:, :, 0] == 1.0).all()
    assert "one kind of return only" in picture.status


def test_a_main_kind_is_taken_at_its_word() -> None:
    """Where counts of everybody are no larger than those of deported people, the others are few, not two in three."""
    everybody = tuple(report(n, n, 1000, series="agency", crossing="all") for n in range(40))
    picture = reconcile(world_of(*deported(1040, 40), *everybody, days=40), 300, 1)
    _, middle, high = np.quantile(picture.flow[:40].sum(axis=(0, 1)), (0.05, 0.5, 0.95))
    assert 36_000 < middle < 48_000
    assert high < 66_000
