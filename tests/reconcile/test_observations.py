"""Reports into figures: chains of totals, repeats, what is set aside and why."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np

from makers.reports import day, regime, report, world_of
from sarai.reconcile.observations import build_observations, window_sums
from sarai.world.decision import Decision
from sarai.world.population import Status


def test_totals_become_differences() -> None:
    """Running totals of a book-keeping series enter as the steps between them, over the days between them."""
    world = world_of(
        report(0, 5, 1000, cumulative=True), report(0, 7, 1300, cumulative=True), report(0, 10, 1900, cumulative=True)
    )
    figures = build_observations(world)
    first = day(0).toordinal()
    windows = [
        (int(a) - first, int(b) - first, v) for a, b, v in zip(figures.start, figures.end, figures.value, strict=True)
    ]
    assert windows == [(6, 7, 300.0), (8, 10, 600.0)]
    assert set(figures.form) == {"difference"}


def test_stated_origin_keeps_first_total() -> None:
    """Where a series says since when it counts, its first total enters too, as a level with more noise."""
    world = world_of(
        report(0, 5, 1000, cumulative=True), report(0, 7, 1300, cumulative=True), series=(regime(origin=day(0)),)
    )
    figures = build_observations(world)
    assert figures.form == ("level", "difference")
    assert figures.noise_sd[0] > figures.noise_sd[1]


def test_levels_stay_levels() -> None:
    """A series that rounds enters as levels, each over its whole window, with the rounding in its error."""
    rounded = regime("joint", keeping="levels", rounding=1000, origin=day(0))
    world = world_of(
        report(0, 9, 50000, series="joint", crossing="all", cumulative=True),
        report(0, 19, 81000, series="joint", crossing="all", cumulative=True), series=(rounded,),
    )  # fmt: skip
    figures = build_observations(world)
    assert figures.form == ("level", "level")
    assert np.allclose(figures.rounding_sd, [5000 / 50000, 500 / 81000]) or figures.rounding_sd[0] >= 500 / 50000
    assert figures.scope.all()


def test_misprinted_total_is_set_aside() -> None:
    """A total that stands above later ones does not enter, is listed with the reason, and its neighbours still do."""
    world = world_of(
        report(0, 5, 1007, cumulative=True), report(0, 6, 110000, cumulative=True), report(0, 7, 1311, cumulative=True),
        report(0, 8, 1423, cumulative=True),
    )  # fmt: skip
    figures = build_observations(world)
    assert figures.value.tolist() == [304.0, 112.0]
    assert [item.report_id for item in figures.set_aside] == ["police north return_all all 0 6 110000 None True"]
    assert "later total" in figures.set_aside[0].reason


def test_reset_of_totals_starts_a_new_piece() -> None:
    """Several totals in a row below the one before are a reset: no step is taken across it and none is lost."""
    totals = [(1, 901), (2, 1001), (3, 1101), (4, 1151), (5, 1201), (6, 101), (7, 181), (8, 261), (9, 301)]
    world = world_of(*(report(0, end, persons, cumulative=True) for end, persons in totals))
    figures = build_observations(world)
    assert sorted(figures.value.tolist()) == [40.0, 50.0, 50.0, 80.0, 80.0, 100.0, 100.0]


def test_repeats_enter_once() -> None:
    """A figure carried by two outlets, or printed under another series too, counts once and keeps its reports."""
    first, second = report(3, 3, 12345), replace(report(3, 3, 12345), id="second outlet")
    other = report(3, 3, 12345, series="press")
    figures = build_observations(world_of(first, second, other))
    assert figures.count == 1
    assert set(figures.report_ids[0]) == {first.id, "second outlet"}
    assert [item.report_id for item in figures.set_aside] == [other.id]


def test_sum_beside_its_parts_is_left_out() -> None:
    """A sum over crossings adds nothing where the same series prints its parts for the same days."""
    figures = build_observations(
        world_of(report(2, 2, 3000), report(2, 2, 1000, crossing="south"), report(2, 2, 4000, crossing="all"))
    )
    assert figures.count == 2
    assert "sum of figures" in figures.set_aside[0].reason


def test_order_of_rows_does_not_matter() -> None:
    """Shuffled reports give the same figures in the same order."""
    reports = [report(n, n, 500 + 13 * n) for n in range(12)] + [
        report(0, n, 900 * n, cumulative=True) for n in (3, 6, 9)
    ]
    first = build_observations(world_of(*reports))
    Random(4).shuffle(reports)
    second = build_observations(world_of(*reports))
    assert first.report_ids == second.report_ids
    assert np.array_equal(first.value, second.value)


def test_families_alone_are_read_as_households() -> None:
    """A row with families only enters as persons of middling households with a wider error."""
    figures = build_observations(world_of(report(2, 2, None, families=100)))
    assert figures.value.tolist() == [600.0]
    assert figures.noise_sd[0] > 0.15


def test_what_counts_something_else_is_told() -> None:
    """Registrations and peaks are no crossings: they are set aside with a reason, never dropped in silence."""
    world = world_of(
        report(1, 1, 50, kind="registered_for_onward_transport"), report(1, 1, 99, kind="return_daily_peak")
    )
    figures = build_observations(world)
    assert figures.count == 0
    assert len(figures.set_aside) == 2


def test_decisions_change_how_reports_enter() -> None:
    """An accepted finding replaces the figure, or keeps the report out; nothing else changes."""
    wrong, right = report(3, 3, 99000), report(4, 4, 1000)
    mend = Decision(
        finding="misprint", reports=(wrong.id,), action="use_persons", value="990", why="w", by="r", known=day(5)
    )
    out = Decision(
        finding="misprint", reports=(wrong.id,), action="set_aside", why="typing error", by="r", known=day(5)
    )
    assert build_observations(world_of(wrong, right, decisions=(mend,))).value.tolist() == [990.0, 1000.0]
    left = build_observations(world_of(wrong, right, decisions=(out,)))
    assert left.value.tolist() == [1000.0]
    assert "typing error" in left.set_aside[0].reason


def test_break_series_cuts_the_chain() -> None:
    """An accepted break keeps a step from being taken across it."""
    totals = tuple(
        report(0, end, 1003 + 101 * end + (50000 if end >= 6 else 0), cumulative=True) for end in range(3, 10)
    )
    cut = Decision(finding="rebase", series="police", action="break_series", value=day(6).isoformat(), why="w", by="r",
                   known=day(9))  # fmt: skip
    assert build_observations(world_of(*totals)).value.max() > 50000
    assert build_observations(world_of(*totals, decisions=(cut,))).value.max() == 101.0


def test_window_sums_add_days_and_crossings() -> None:
    """The operator sums a flow over each figure's days and crossings, and fills days outside with a stated rate."""
    figures = build_observations(world_of(report(1, 3, 10, crossing="all"), report(2, 2, 10)))
    flow = np.ones((4, 2, 1)) * np.array([1.0, 10.0])[None, :, None]
    sums = window_sums(figures, flow, day(0).toordinal())
    assert sorted(sums[:, 0].tolist()) == [1.0, 33.0]
    short = window_sums(figures, flow[:2], day(0).toordinal(), fill=5.0)
    assert sorted(short[:, 0].tolist()) == [5.0, 31.0]


def test_a_count_of_some_statuses_is_read_as_everybody_less_surely() -> None:
    """`all` of a series that counts two of three statuses has the error of a loose label; of all three it has none."""
    three = (*world_of().statuses, Status(id="other", name="other"))
    noise = [
        build_observations(world_of(report(0, 6, 900), series=(regime(statuses=counted),), statuses=three)).noise_sd[0]
        for counted in (("all",), ("card", "none", "other"), ("card", "none"))
    ]
    assert noise[0] == noise[1]
    assert noise[2] > noise[0] + 0.1
