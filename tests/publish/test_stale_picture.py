"""A picture that ends before the day of the briefing: what is said of the days that no report covers."""

import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from makers.briefing import make_briefing
from sarai.publish.briefing import Briefing
from sarai.publish.document import compose
from sarai.publish.words import languages
from sarai.reconcile.picture import SeriesFit
from sarai.reconcile.steps import SILENT_DAYS

DAYS_LATE = 12


def stale_briefing(language: str = "en") -> Briefing:
    """The made-up briefing, with a picture that ends twelve days before its day."""
    briefing = make_briefing(language=language)
    picture = briefing.picture
    kept = slice(0, picture.days.size - DAYS_LATE)
    picture = replace(
        picture, days=picture.days[kept], flow=picture.flow[kept], kind_share=picture.kind_share[kept],
        status_share=picture.status_share[kept], completeness=picture.completeness[kept],
        status="no report tells of days after 2031-08-24: the picture ends on 2031-10-08, 45 days later",
    )  # fmt: skip
    return replace(briefing, picture=picture)


def test_the_last_days_of_an_old_picture_are_not_called_the_last_days() -> None:
    """Nothing on the page compares with `the last seven days` when no report covers them; windows have their dates."""
    document = compose(stale_briefing())
    how_many = next(answer.sentences for answer in document.answers if answer.key == "how_many")
    assert "No report covers the days after 24 August 2031" in document.headline
    assert (
        how_many[0] == "No report covers the days after 24 August 2031: how many have crossed since then is not known."
    )
    assert document.glance is not None
    assert document.glance.columns[1].label == "Seven days to 8 October"
    shown = [row for section in document.sections for table in section.tables for row in table.rows]
    assert any("Seven days to 8 October" in row for row in shown) and any("On 8 October" in row for row in shown)
    assert not any("Last seven days" in row or "Last 24 hours" in row for row in shown)


def test_a_picture_that_reaches_the_day_keeps_the_usual_names() -> None:
    """Where reports reach the day of the briefing, the last seven days are called so."""
    document = compose(make_briefing())
    assert "No report covers" not in document.headline
    assert document.glance is not None and document.glance.columns[1].label == "Last seven days"


@pytest.mark.parametrize("language", languages())
def test_why_is_said_in_the_language_with_days_written_out(language: str) -> None:
    """The warning at the top has no date in figures of a machine and no word of the machine room, in any language."""
    said = " ".join(compose(stale_briefing(language)).degraded)
    assert said and not re.search(r"\d{4}-\d\d-\d\d|picture ends|prior|indicative", said)


def test_silence_is_as_long_as_reconciliation_takes_it() -> None:
    """The day named is that of the last report: the end of the picture less the days it reaches past reports."""
    briefing = stale_briefing()
    end = int(np.max(briefing.picture.days))
    assert SILENT_DAYS == 45
    assert (briefing.world.as_of - timedelta(days=DAYS_LATE)).toordinal() == end


@pytest.mark.parametrize("language", languages())
def test_a_series_far_from_all_others_is_named_before_any_figure(language: str) -> None:
    """A running total read as counts makes every total wrong; a reader is told first, and not of a usual bias."""
    briefing = make_briefing(language=language)
    series = briefing.world.reports[0].series
    told = [
        len(compose(replace(briefing, picture=replace(briefing.picture, series=(far_fit(series, bias),)))).degraded)
        for bias in (1.3, 4.6)
    ]
    assert told[1] == told[0] + 1


@pytest.mark.parametrize("language", languages())
def test_a_picture_of_deported_people_alone_says_so(language: str) -> None:
    """No share of those who crossed: how many others crossed is not known."""
    briefing = make_briefing(language=language)
    share = np.zeros_like(briefing.picture.kind_share)
    share[:, :, 0] = 1.0
    deported = tuple(replace(item, kind="deported") for item in briefing.world.reports)
    briefing = replace(
        briefing, world=replace(briefing.world, reports=deported),
        picture=replace(briefing.picture, kind_share=share, status="every report counts one kind of return only"),
    )  # fmt: skip
    document = compose(briefing)
    who = next(answer.sentences for answer in document.answers if answer.key == "who")
    assert document.words.say("who_deported_only") in who
    assert not any("one kind of return only" in text for text in document.degraded) or language == "en"


def far_fit(series: str, bias_log: float) -> SeriesFit:
    """What a picture learned of a series that stands far from the others."""
    return SeriesFit(
        series=series, regime_start=1, bias_log_mean=bias_log, bias_log_sd=0.1, noise_log_sd=0.1, report_count=9
    )


def test_an_order_that_was_withdrawn_and_none_at_all_are_said() -> None:
    """A head of operations asks after the deadline first; silence would leave the old one standing."""
    briefing = make_briefing()
    for waves, words in (
        (tuple(replace(wave, withdrawn=True) for wave in briefing.world.calendar.waves), "has been withdrawn"),
        ((), "No order to leave by a day is known"),
    ):
        world = replace(briefing.world, calendar=replace(briefing.world.calendar, waves=waves))
        when = next(a.sentences for a in compose(replace(briefing, world=world)).answers if a.key == "when")
        assert words in when[0]
