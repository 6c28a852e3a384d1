"""Figures of the past outside the tables of the release: shares, reports as they came, sums over other days."""

import io
from dataclasses import replace
from datetime import date

import numpy as np
import openpyxl
import pytest

from makers.briefing import AS_OF, make_briefing
from sarai.publish.briefing import Briefing
from sarai.publish.changes import fared_table
from sarai.publish.disclosure import protect_picture
from sarai.publish.document import compose
from sarai.publish.figures import Estimate
from sarai.publish.gallery import rival_figures
from sarai.publish.guarded import SHARE_STEPS, guarded_completeness, guarded_count, guarded_share, guarded_sum
from sarai.publish.opening import _comparison, headline
from sarai.publish.past import by_figure
from sarai.publish.render import render_briefing
from sarai.publish.spoken import spoken_of
from sarai.publish.table import HIDDEN
from sarai.publish.words import read_words

DEPORTED_SHARE = 0.02
WHOLE = 300.0


def small_briefing() -> Briefing:
    """Some 300 people since the start, of whom six were deported, as reports tell exactly."""
    briefing = make_briefing()
    picture, reports = briefing.picture, briefing.world.reports
    flow = np.full_like(picture.flow, WHOLE / picture.flow.shape[0])
    flow[:, 1] = 0.0
    kinds = np.broadcast_to(np.array([DEPORTED_SHARE, 0.0, 1 - DEPORTED_SHARE])[:, None], picture.kind_share.shape)
    world = replace(briefing.world, reports=(*reports[:-1], replace(reports[-1], kind="deported")))
    return replace(briefing, world=world, picture=replace(picture, flow=flow, kind_share=kinds))


def test_total_times_share_does_not_tell_a_count_that_is_held_back() -> None:
    """Six of three hundred are held back in the tables, and so is the two percent: in page, workbook and sentences."""
    briefing = small_briefing()
    cells, _ = protect_picture(briefing.world, briefing.picture, record_id="x")
    assert cells["start"]["all", "all", "deported"] is HIDDEN
    document = compose(briefing)
    share = next(table for table in document.tables() if table.id == "protection_shares").rows[0][1]
    assert share is HIDDEN
    who = " ".join(document.answers[0].sentences)
    assert "How many were deported" in who and "2 %" not in who
    book = openpyxl.load_workbook(io.BytesIO(render_briefing(briefing)["briefing.xlsx"]))
    numbers = {cell for sheet in book for row in sheet.values for cell in row if isinstance(cell, float)}
    assert not any(abs(number - DEPORTED_SHARE) < 0.005 for number in numbers if 0.0 < number < 1.0)


@pytest.mark.parametrize("whole", [60.0, 300.0, 900.0, 4_000.0, 100_000.0])
@pytest.mark.parametrize("fraction", [0.03, 0.31, 0.97])
def test_a_share_multiplied_out_is_no_finer_than_the_count(whole: float, fraction: float) -> None:
    """The step of a share times all who crossed is at least the step in which the count itself is printed."""
    part = whole * fraction
    cells = {("all", "all", "all"): Estimate(low=whole, mid=whole, high=whole, least=20.0),
             ("all", "card", "all"): Estimate(low=part, mid=part, high=part, least=20.0)}  # fmt: skip
    shown = guarded_share(Estimate(low=fraction, mid=fraction, high=fraction), cells, status="card")
    assert shown is not None and 0.0 <= shown.low <= fraction <= shown.high <= 1.0
    if shown.low < shown.high:
        fits = [step for step in SHARE_STEPS if abs(shown.low / step - round(shown.low / step)) < 1e-6]
        assert max(fits, default=1.0) * whole >= 20.0


def test_a_share_that_is_not_nobody_is_not_told_as_none() -> None:
    """The same small low end for every share below one step, printed as `less than 1 %`; none stays none."""
    cells = {("all", "all", "all"): Estimate(low=2e5, mid=2.6e5, high=3e5, least=20.0),
             ("all", "card", "all"): Estimate(low=700.0, mid=9e3, high=5e4, least=20.0)}  # fmt: skip
    lows = {
        low: guarded_share(Estimate(low=low, mid=0.03, high=0.19), cells, status="card") for low in (0.0, 2e-3, 9e-3)
    }
    shown = [one.low for one in lows.values() if one is not None]
    assert shown[0] == 0.0 < shown[1] == shown[2]
    assert read_words("en").percent(shown[1]).replace("\N{NO-BREAK SPACE}", " ") == "less than 1 %"


def test_a_report_is_said_in_the_steps_of_a_release_or_not_at_all() -> None:
    """Four people are not shown, 1,537 come in the step of their day in the release; a hidden one has no verdict."""
    day = Estimate(low=1_500.0, mid=1_530.0, high=1_560.0, least=20.0)
    assert guarded_count(4.0, day) is None and guarded_count(1_537.0, day) == 1_540.0
    assert guarded_count(1_537.0, HIDDEN) is None
    assert guarded_sum(Estimate(low=2.0, mid=6.0, high=40.0), 7) is None
    assert guarded_sum(Estimate(low=2.0, mid=30.0, high=400.0), 31) is None  # in hundreds it would read as nobody
    briefing = make_briefing()
    fared = tuple(replace(row, observed=value) for row, value in zip(briefing.past.fared, (4.0, 1_537.0), strict=True))
    past = replace(briefing.past, fared=fared)
    spoken = spoken_of(briefing.world, briefing.picture, past)
    cells, release = protect_picture(briefing.world, briefing.picture, record_id="x", spoken=spoken)
    rows = fared_table(read_words("en"), briefing.world, briefing.picture, past, cells).rows
    assert [row[4] for row in rows] == [HIDDEN, 1_500.0] and rows[0][5] == "" and rows[1][5]
    assert {("2031-10-15", "2031-10-15"), ("2031-10-17", "2031-10-18")} <= {(c.first, c.last) for c in release.cells}
    bare, _ = protect_picture(briefing.world, briefing.picture, record_id="x")
    assert fared_table(read_words("en"), briefing.world, briefing.picture, past, bare).rows[1][4] is HIDDEN


def test_drawings_of_sources_hold_no_exact_count() -> None:
    """Daily counts of a source are drawn in twenties; of days that the release holds back, and of few people, none."""
    briefing = make_briefing()
    first = AS_OF.toordinal() - 20
    reports = tuple(
        replace(report, crossing="pass", persons=persons)
        for report, persons in zip(briefing.world.reports[-21:], [4, 31, *([63] * 19)], strict=True)
    )
    picture = briefing.picture
    flow = picture.flow.copy()
    flow[-21:, 1] = np.array([4.0, 31.0, *([63.0] * 19)])[:, None]
    briefing = replace(briefing, world=replace(briefing.world, reports=reports), picture=replace(picture, flow=flow))
    spoken = spoken_of(briefing.world, briefing.picture, briefing.past)
    cells, _ = protect_picture(briefing.world, briefing.picture, record_id="x", spoken=spoken)
    hidden = {day for day in range(first, first + 21)
              if cells[date.fromordinal(day).isoformat()]["pass", "all", "all"] is HIDDEN}  # fmt: skip
    figure = next(one for one in rival_figures(read_words("en"), briefing, cells) if one.id == "chart-rivals-pass")
    assert figure.table is not None
    drawn = {row[1]: row[3].mid for row in figure.table.rows}  # type: ignore[union-attr]
    assert first in hidden and date.fromordinal(first) not in drawn
    assert not hidden & {day.toordinal() for day in drawn}  # type: ignore[union-attr]
    assert drawn and set(drawn.values()) <= {60.0, 40.0}


@pytest.mark.parametrize("whole", [60.0, 180.0, 300.0, 900.0, 4_000.0, 100_000.0])
@pytest.mark.parametrize("rest", [0.0, 2.0, 7.0, 9.0, 30.0])
def test_what_is_not_from_reports_is_not_told_by_what_is(whole: float, rest: float) -> None:
    """A crossing without a report that day has seven people: whole times the part from reports leaves room for many."""
    cell = Estimate(low=whole, mid=whole, high=whole, least=20.0)
    printed = guarded_completeness(1.0 - rest / whole, cell)
    same = [other for other in range(int(whole) + 1) if guarded_completeness(1.0 - other / whole, cell) == printed]
    assert max(same) - min(same) >= 19


def test_the_part_from_reports_goes_with_a_figure_that_is_held_back() -> None:
    """Where the figure may not be shown, neither is the part of it that reports tell."""
    assert guarded_completeness(0.97, HIDDEN) is HIDDEN


@pytest.mark.parametrize("whole", [300.0, 2_000.0, 4_000.0])
def test_what_is_left_beside_a_share_is_not_told_by_it(whole: float) -> None:
    """All but seven of two thousand are of one status: neither page nor workbook tells the seven from nineteen."""

    def told(rest: int) -> float:
        part, share = whole - rest, 1.0 - rest / whole
        cells = {("all", "all", "all"): Estimate(low=whole, mid=whole, high=whole, least=20.0),
                 ("all", "card", "all"): Estimate(low=part, mid=part, high=part, least=20.0)}  # fmt: skip
        shown = guarded_share(Estimate(low=share, mid=share, high=share), cells, status="card")
        assert shown is not None
        return shown.mid

    same = [rest for rest in range(60) if told(rest) == told(7)]
    assert max(same) - min(same) >= 19


def test_the_headline_compares_with_the_week_as_it_is_printed() -> None:
    """A week of 491 to 509 people is printed as 500; what is said of the week to come beside it is one sentence."""
    coming = Estimate(low=1_200.0, mid=1_275.0, high=1_300.0)
    weeks = (Estimate(low=mid, mid=mid, high=mid, least=20.0) for mid in (491.0, 500.0, 509.0))
    assert len({_comparison(read_words("en"), coming, week) for week in weeks}) == 1


def test_a_past_of_one_kind_of_return_is_not_compared_with_everybody_to_come() -> None:
    """Where reports count deported people alone, `18 times as many as last week` would compare two kinds of figures."""
    briefing = make_briefing()
    cells, _ = protect_picture(briefing.world, briefing.picture, record_id="x")
    words = read_words("en")
    said = headline(words, briefing.world, briefing.picture, briefing.forecast, cells)
    alone = np.zeros_like(briefing.picture.kind_share)
    alone[:, :, 0] = 1.0
    only = headline(words, briefing.world, replace(briefing.picture, kind_share=alone), briefing.forecast, cells)
    assert "last seven days" in said and "last seven days" not in only and "likely to cross" in only


def test_crossings_that_are_held_back_stand_last_by_name() -> None:
    """The order of rows follows from what is printed: of two that are held back the larger one does not stand first."""
    picture = make_briefing().picture
    first, second = picture.crossings[:2]
    key = {name: (name, "all", "all") for name in picture.crossings}
    shown = Estimate(low=50.0, mid=60.0, high=70.0, least=20.0)
    assert by_figure(picture, {"start": {key[second]: shown, key[first]: HIDDEN}})[0] == second
    assert by_figure(picture, {"start": {key[second]: HIDDEN}}) == sorted(picture.crossings)
    near = replace(shown, mid=61.0)
    assert by_figure(picture, {"start": {key[first]: shown, key[second]: near}})[:2] == sorted([first, second])
