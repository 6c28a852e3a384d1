from dataclasses import replace

import numpy as np
import pytest

from makers.briefing import make_picture, make_world
from sarai.publish.allowed import allowed_tables
from sarai.publish.disclosure import protect_picture
from sarai.publish.levels import THRESHOLDS
from sarai.publish.past import completeness, find_windows, publishers_of, total
from sarai.publish.table import HIDDEN, Column, Table
from sarai.reconcile.picture import Bearing


def test_windows_are_the_last_day_the_last_week_and_the_whole() -> None:
    """The three windows that agencies file daily end on the last day of the picture; the last begins with the case."""
    world = make_world()
    picture = make_picture(world)
    windows = {window.key: window for window in find_windows(world, picture)}
    assert windows["day"].first == windows["day"].last == world.as_of
    assert (windows["week"].last - windows["week"].first).days == 6
    assert windows["start"].first == world.start
    assert total(picture, windows["day"]).mid == pytest.approx(float(np.median(picture.flow[-1].sum(axis=0))))


def test_days_before_the_start_of_the_case_do_not_count() -> None:
    """A picture that reaches further back than the case does not lengthen the total."""
    world = make_world()
    later = replace(world, start=world.start.replace(month=9))
    picture = make_picture(world)
    assert find_windows(later, picture)[-1].first == later.start


def test_small_cells_are_hidden_and_large_ones_kept() -> None:
    """Every cell whose median is under ten is hidden; each other stands once under its days, as in the release."""
    world = make_world()
    picture = make_picture(world)
    cells, release = protect_picture(world, picture, record_id="x")
    large = kept = 0
    for window in (window for name, window in cells.items() if name not in ("day", "week", "start")):
        for cell in window.values():
            if cell is HIDDEN:
                continue
            assert cell.mid >= THRESHOLDS["public"]  # type: ignore[union-attr]
            kept += 1
    large = sum(cell.value is not None for cell in release.cells)
    assert kept == large > 60


def test_sources_name_publishers_whose_reports_bear_on_the_days() -> None:
    """A crossing nobody counted in the window has no source; the counted one names its publisher."""
    world = make_world()
    windows = find_windows(world, make_picture(world))
    assert publishers_of(world, "bridge", windows[1]) == ("Bureau of Made-up Counts",)
    assert publishers_of(world, "pass", windows[1]) == ()


def test_a_weekly_count_stands_for_its_week_and_not_for_its_last_day() -> None:
    """What a count tells of the week is told of the week's row alone, and of crossings that it is about alone."""
    world = make_world()
    picture = make_picture(world)
    last = int(picture.days[-1])
    weekly = Bearing(report_id="w", series="bureau", residual=0.0, weight=0.95, start=last - 6, end=last,
                     scope=("bridge",), form="count", persons=9000.0)  # fmt: skip
    known = replace(picture, completeness=np.full_like(picture.completeness, 0.02), bearings=(weekly,))
    windows = {window.key: window for window in find_windows(world, known)}
    assert completeness(known, windows["day"], 0) == pytest.approx(0.02)
    assert completeness(known, windows["week"], 0) == pytest.approx(0.95)
    assert completeness(known, windows["week"], 1) == pytest.approx(0.02)
    assert 0.9 < completeness(known, windows["week"], None) < 0.95, "the pass has a part of all that crossed"
    people = known.flow.mean(axis=2)[:, 0]
    week = people[-7:].sum() / people.sum()
    assert completeness(known, windows["start"], 0) == pytest.approx(0.02 + 0.93 * week)

    for other in (replace(weekly, end=last + 1), replace(weekly, start=last - 7), replace(weekly, status="card"),
                  replace(weekly, count_class="deported"), replace(weekly, scope=("bridge", "pass")),
                  replace(weekly, weight=0.0)):  # fmt: skip
        assert completeness(replace(known, bearings=(other,)), windows["week"], 0) == pytest.approx(0.02)


def test_confidential_tables_stay_inside() -> None:
    """A table marked confidential is dropped unless it is asked for; one without a known level is an error."""
    table = Table(id="t", title="t", columns=(Column(key="a", label="a"),), rows=(("x",),),
                  level="confidential", asked_by="origins")  # fmt: skip
    assert allowed_tables([table]) == ()
    assert allowed_tables([table], ("holding", "enforcement")) == ()
    assert allowed_tables([table], ("origins",)) == (table,)
    with pytest.raises(ValueError, match="level"):
        allowed_tables([replace(table, level="secret")])  # type: ignore[arg-type]


def test_a_table_with_a_ragged_row_is_refused() -> None:
    """A row with another number of cells than columns cannot be built."""
    with pytest.raises(ValueError, match="rows"):
        Table(id="t", title="t", columns=(Column(key="a", label="a"),), rows=(("x", "y"),))
