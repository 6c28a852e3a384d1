from dataclasses import replace
from datetime import date

from makers.briefing import make_briefing, make_world
from sarai.publish.attack import attack
from sarai.publish.disclosure import protect_picture
from sarai.publish.document import compose
from sarai.publish.figures import Estimate
from sarai.publish.release import parse_release
from sarai.publish.told import publisher_of, told_kinds, told_rows, told_statuses


def test_what_no_report_tells_apart_is_no_figure_of_the_past() -> None:
    """Without a report on kinds or statuses, release and tables hold totals only, and a sentence says so."""
    briefing = make_briefing()
    world = replace(briefing.world, reports=tuple(replace(item, kind="return_all") for item in briefing.world.reports))
    assert told_kinds(world) == () and told_statuses(world) == (False, False)
    _, release = protect_picture(world, briefing.picture, record_id="r")
    assert {(cell.status, cell.kind) for cell in release.cells} == {("all", "all")}
    section = next(item for item in compose(replace(briefing, world=world)).sections if item.id == "crossings")
    assert any("tells these kinds of return apart" in text for text in section.paragraphs)
    assert [column.key for column in section.tables[0].columns].count("deported") == 0


def test_a_report_on_deported_people_brings_their_column_back() -> None:
    """One report that counts deported people apart is enough, here and in the release."""
    briefing = make_briefing()
    told = replace(briefing.world.reports[0], id="d", kind="deported", persons=12)
    world = replace(briefing.world, reports=(*briefing.world.reports, told))
    assert "deported" in told_kinds(world)
    _, release = protect_picture(world, briefing.picture, record_id="r")
    assert "deported" in {cell.kind for cell in release.cells}


def test_the_attacker_reads_releases_in_which_some_kinds_are_not_told() -> None:
    """Where only one kind is told, the others are still part of the sum, and the attack can be made."""
    briefing = make_briefing()
    told = replace(briefing.world.reports[0], id="d", kind="deported", persons=12)
    world = replace(briefing.world, reports=(*briefing.world.reports, told))
    _, release = protect_picture(world, briefing.picture, record_id="r")
    read = parse_release(release.to_json())
    assert {cell.kind for cell in read.cells} == {"all", "deported"} and "facilitated" in read.axes[2]
    assert attack([read]).recovered == ()


def test_a_series_without_a_publisher_is_named_by_its_source() -> None:
    """An id of a series is no name: the publisher of the source row stands for it."""
    briefing = make_briefing()
    report = briefing.world.reports[0]
    series = tuple(replace(item, publisher=item.series) for item in briefing.world.series)
    source = briefing.world.sources[report.source_id]
    assert publisher_of(replace(briefing.world, series=series), report) == source.publisher


def test_days_that_charts_draw_are_figures_of_the_release() -> None:
    """Every day that a chart draws stands in the release, shown or held back; none is drawn that is held back."""
    briefing = make_briefing()
    cells, release = protect_picture(briefing.world, briefing.picture, record_id="r")
    days = {(cell.first, cell.crossing) for cell in release.cells if cell.first == cell.last and cell.value is not None}
    drawn = {
        (name, crossing)
        for name, window in cells.items()
        if name[:1].isdigit()
        for (crossing, status, kind), cell in window.items()
        if (status, kind) == ("all", "all") and not isinstance(cell, Estimate)
    }
    assert len(days) > 30 and not drawn & days


def test_without_any_report_nothing_is_said_of_the_past() -> None:
    """The assumption about an uncounted border is no finding: no figure of the past, and sentences that say so."""
    briefing = make_briefing()
    world = replace(briefing.world, reports=())
    _, release = protect_picture(world, briefing.picture, record_id="r")
    assert release.cells == () and attack([release]).recovered == ()
    document = compose(replace(briefing, world=world))
    assert "No report counts crossings yet" in document.headline
    section = next(item for item in document.sections if item.id == "crossings")
    assert section.tables == () and "how many have crossed is not known" in section.paragraphs[0]


def test_rows_of_kinds_and_statuses_that_no_report_tells_are_left_out() -> None:
    """The table of the past says no more than the briefing: a split that rests on no report is no row."""
    world = make_world()
    alike = replace(world, reports=tuple(replace(r, kind="return_all", status="all") for r in world.reports), series=())
    day = date(2031, 10, 20)
    rows = [(day, day, "bridge", status, kind, 1.0) for status in ("all", "card") for kind in ("all", "deported")]
    kept, untold = told_rows(alike, rows)
    assert kept == [rows[0]] and untold == ["card", "deported"]
    telling = replace(alike, reports=(replace(alike.reports[0], kind="deported", status="card"),))
    assert told_rows(telling, rows) == (rows, [])
