"""What a reader who takes each line at its word would trip over: two answers to one question, blanks, jargon."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from makers.briefing import make_briefing
from publish.test_changes import fared
from sarai.publish.charts import band_chart, run_of
from sarai.publish.document import Document, compose
from sarai.publish.gallery import map_figure, unplaced
from sarai.publish.reception import need_overview
from sarai.publish.render import render_briefing
from sarai.publish.table import Table, cell_text
from sarai.publish.words import languages, read_words
from sarai.publish.workbook import expand

WORDS = read_words("en")


def table(document: Document, key: str) -> Table:
    """One table of a briefing by its id."""
    return next(item for item in document.tables() if item.id == key)


def test_a_day_has_one_middle_figure_beside_two_ranges() -> None:
    """The 50 % range is two ends: a second middle, rounded by another width, would contradict the first."""
    days = table(compose(make_briefing()), "days_all")
    wide, narrow = (
        cell_text(WORDS, column, cell) for column, cell in zip(days.columns[1:], days.rows[0][1:], strict=True)
    )
    assert wide.startswith("about ") and re.fullmatch(r"[\d,]+ to [\d,]+", narrow)


def test_the_workbook_gives_the_ends_of_a_range_a_column_each() -> None:
    """Low and high of the 50 % range, under a head of their own, and no third figure."""
    heads, rows = expand(WORDS, table(compose(make_briefing()), "days_all"))
    assert heads[-2:] == ["50 % range, low", "50 % range, high"] and all(len(row) == len(heads) == 6 for row in rows)
    assert all(row[-2] < row[-1] for row in rows)


def test_the_size_of_the_busiest_day_is_not_said_of_the_day_named() -> None:
    """Each future has its own busiest day; sentence, column and note say that the figure is for that one."""
    document = compose(make_briefing())
    said = " ".join(next(answer for answer in document.answers if answer.key == "when").sentences)
    assert "On the busiest day, whichever it is, about" in said and "On it" not in said
    assert document.glance is not None and WORDS.say("glance_note") in document.glance.notes


def test_groups_within_a_sentence_have_no_capital() -> None:
    """`men, women, boys` in a sentence, `Men` at the head of a row."""
    page = render_briefing(make_briefing(with_profile=False))["briefing.html"].decode()
    assert "the shares of men, women, boys" in page


def test_every_series_names_its_publisher() -> None:
    """A series without a row in series.csv has the publisher of its source."""
    briefing = make_briefing()
    fit = replace(briefing.picture.series[0], regime_start=1)
    rows = table(compose(replace(briefing, picture=replace(briefing.picture, series=(fit,)))), "series").rows
    assert rows[0][1] != ""


def test_a_place_that_cannot_be_drawn_is_named_below_the_map() -> None:
    """A crossing without coordinates is missing from the map, and the page says which and why."""
    briefing = make_briefing()
    places = {**briefing.world.places, "pass": replace(briefing.world.places["pass"], lat=None, lon=None)}
    briefing = replace(briefing, world=replace(briefing.world, places=places))
    assert unplaced(briefing.world) == [places["pass"].name]
    section = next(item for item in compose(briefing).sections if item.id == "map")
    assert section.paragraphs[-1] == WORDS.say("map_unplaced", places=places["pass"].name)


def test_the_key_of_the_map_explains_only_what_is_drawn() -> None:
    """No entry for reception sites where none has a point."""
    world = make_briefing().world
    places = {key: replace(place, lat=None) if place.kind == "site" else place for key, place in world.places.items()}
    figure = map_figure(WORDS, replace(world, places=places))
    assert figure is not None and "sym site" not in dict(figure.legend) and "sym crossing" in dict(figure.legend)


def test_forecasts_made_before_the_call_are_counted_as_such() -> None:
    """Comparisons of forecasts from before any call to leave was known are told apart; where there are none, not."""
    briefing = make_briefing()
    early = tuple(replace(row, origin="2000-01-01") for row in briefing.past.fared)
    said = " ".join(fared(replace(briefing, past=replace(briefing.past, fared=early))))
    assert f"Of these comparisons {len(early)} are of forecasts made before any call to leave was known" in said
    late = tuple(replace(row, origin="2099-01-01") for row in early)
    said = " ".join(fared(replace(briefing, past=replace(briefing.past, fared=late))))
    assert "before any call" not in said


def test_what_is_needed_at_one_site_is_told_for_each() -> None:
    """Less than one desk is one desk, not a blank; items of a sector stand together."""
    briefing = make_briefing()
    totals = tuple(replace(line, p80=0.3) if line.site == "pass_zero" else line for line in briefing.plan.totals)
    overview = need_overview(WORDS, briefing.world, replace(briefing.plan, totals=totals))
    assert any(1.0 in row[3:] for row in overview.rows) or "pass_zero" not in str(overview.columns)
    sectors = [row[0] for row in overview.rows]
    assert len(set(sectors)) == 1 + sum(left != right for left, right in pairwise(sectors))


@pytest.mark.parametrize("language", languages())
def test_what_the_reports_do_not_tell_is_said_in_words(language: str) -> None:
    """Names of parameters become phrases of the language, each said once."""
    words = read_words(language)
    said = words.note("the reports say nothing yet about: at risk fraction, rise rate, rise days")
    assert "rise" not in said and "fraction" not in said
    assert said.count(words.term("rise rate")) == 1


def test_the_first_of_a_month_is_written_as_the_language_writes_it() -> None:
    """`1er avril 2025` in French, `1 April 2025` in English."""
    assert read_words("fr").day(date(2025, 4, 1), year=True) == "1er avril 2025"
    assert WORDS.day(date(2025, 4, 1), year=True) == "1 April 2025"
    assert read_words("fr").day(date(2025, 4, 11)) == "11 avril"


def test_a_chart_of_a_few_days_has_more_than_one_date() -> None:
    """Six days have a date each, ten every second one."""
    for count, least in ((6, 6), (10, 5)):
        drawn = band_chart(WORDS, "k", "t", "s", [run_of(date(2025, 3, 3), np.ones((count, 3)), "past")])
        assert len(re.findall(r">\d+ Mar<", drawn)) == least
