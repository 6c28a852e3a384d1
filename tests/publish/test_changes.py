from dataclasses import replace

from makers.briefing import make_briefing
from sarai.forecast.look_back import NOTHING_PAST, LookBack, parse_look_back
from sarai.publish.briefing import Briefing
from sarai.publish.changes import change_sentences, fared_sentences, fared_table
from sarai.publish.disclosure import Shown, protect_picture
from sarai.publish.spoken import spoken_of
from sarai.publish.words import read_words

WORDS = read_words("en")


def shown(briefing: Briefing) -> Shown:
    """The past of a briefing after disclosure control, with the figures that stand outside its tables."""
    world, picture = briefing.world, briefing.picture
    return protect_picture(world, picture, record_id="x", spoken=spoken_of(world, picture, briefing.past))[0]


def said(**changes: object) -> str:
    """What the made-up briefing says of the week since the one before."""
    briefing = make_briefing()
    before = replace(briefing.past.before, **changes)  # type: ignore[type-var,arg-type]
    briefing = replace(briefing, past=replace(briefing.past, before=before))
    return " ".join(
        change_sentences(WORDS, briefing.world, briefing.picture, briefing.forecast, before, shown(briefing))
    )


def test_a_new_deadline_and_a_moved_one_are_told_apart() -> None:
    """A wave that was not there is new; one with another day has moved; one that stands is not mentioned."""
    assert "New: People without papers, deadline 31 October 2031." in said()
    assert "deadline now 31 October 2031; then it was 24 October" in said(deadlines={"first": "2031-10-24"})
    assert "deadline" not in said(deadlines={"first": "2031-10-31"})


def test_the_week_that_was_expected_stands_beside_the_week_that_came() -> None:
    """The verdict follows from the range that was given: within, above or below."""
    assert "within the range" in said(week=(1.0, 10_000.0, 1e6))
    assert "more than the range allowed for" in said(week=(1.0, 2.0, 3.0))
    assert "fewer than the range allowed for" in said(week=(1e7, 2e7, 3e7))


def test_new_figures_are_counted_by_their_day_of_knowledge() -> None:
    """Reports known after the last briefing count, those known before it do not, and none is said in words."""
    briefing = make_briefing()
    new = sum(report.known.isoformat() > "2031-10-13" for report in briefing.world.reports)
    assert f"New figures since 13 October 2031: {new}, from" in said()
    assert "No new figure has become known" in said(as_of="2032-01-01")


def test_scores_are_counted_from_the_rows() -> None:
    """One of two reports in the 90 % range, both above the middle, half the error of the yardstick."""
    briefing = make_briefing()
    text = " ".join(fared_sentences(WORDS, briefing.world, briefing.past)).replace("\u00a0", " ")
    assert "The 90 % range held 1 of 2 reported figures, the 50 % range 1." in text
    assert "too low: 100 %" in text and "0.50 times" in text
    table = fared_table(WORDS, briefing.world, briefing.picture, briefing.past, shown(briefing))
    assert [row[-1] for row in table.rows] == ["in the range", "above the range"]


def test_a_first_briefing_says_that_nothing_can_be_compared_yet() -> None:
    """Without an earlier day there is a sentence and no empty table."""
    assert fared_sentences(WORDS, make_briefing().world, NOTHING_PAST) == [WORDS.say("no_past_scores")]
    briefing = make_briefing()
    assert fared_table(WORDS, briefing.world, briefing.picture, NOTHING_PAST, {}).rows == ()


def test_a_look_back_survives_its_record() -> None:
    """What a record keeps reads back equal, so that a rebuild says the same."""
    import json

    past = make_briefing().past
    assert parse_look_back(json.loads(json.dumps(past.to_record()))) == past
    assert parse_look_back(json.loads(json.dumps(LookBack().to_record()))) == LookBack()
