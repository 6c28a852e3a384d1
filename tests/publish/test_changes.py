from dataclasses import replace
from datetime import date

from makers.briefing import make_briefing
from sarai.forecast.look_back import NOTHING_PAST, Before, LookBack, parse_look_back
from sarai.publish.briefing import Briefing
from sarai.publish.changes import _expected, change_sentences, fared_sentences, fared_table
from sarai.publish.disclosure import Shown, protect_picture
from sarai.publish.figures import Estimate
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


def fared(briefing: Briefing) -> list[str]:
    """What a briefing says of past forecasts."""
    return fared_sentences(WORDS, briefing.world, briefing.picture, briefing.past, shown(briefing))


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
    text = " ".join(fared(briefing)).replace("\u00a0", " ")
    assert "The 90 % range held 1 of 2 reported figures, the 50 % range 1." in text
    assert "too low: 100 %" in text and "0.50 times" in text
    table = fared_table(WORDS, briefing.world, briefing.picture, briefing.past, shown(briefing))
    assert [row[-1] for row in table.rows] == ["in the range", "above the range"]


def test_counts_that_are_printed_alike_are_told_alike() -> None:
    """A range that ends between two counts of one step puts neither in nor out: sentences and verdicts are the same."""
    briefing = make_briefing()
    said = set()
    for observed in (1_491.0, 1_499.0, 1_509.0):
        rows = tuple(
            replace(row, observed=observed, lower50=1_495.0, median=1_500.0, upper50=1_504.0, upper90=1_504.0)
            for row in briefing.past.fared
        )
        told = replace(briefing, past=replace(briefing.past, fared=rows))
        table = fared_table(WORDS, told.world, told.picture, told.past, shown(told))
        said.add((*fared(told), *(str(row) for row in table.rows)))
    assert len(said) == 1


def test_a_report_that_is_held_back_counts_in_no_sentence() -> None:
    """Seven people, in the range or not: how many reports a range held does not tell on which side of its end."""
    briefing = make_briefing()
    said = set()
    for observed in (1.0, 9.0):
        first, second = briefing.past.fared
        rows = (replace(first, observed=observed, lower90=5.0, median=6.0, upper90=8.0), second)
        told = replace(briefing, past=replace(briefing.past, fared=rows))
        said.add(tuple(fared(told)))
        none = replace(briefing, past=replace(briefing.past, fared=rows[:1]))
        assert fared(none) == [WORDS.say("fared_made_again")]
    assert len(said) == 1


def test_a_week_printed_alike_is_compared_alike() -> None:
    """The week that came is held against the one that was expected as both are printed."""
    for came in (4_232.0, 4_239.0, 4_247.0):
        week = Estimate(low=came, mid=came, high=came, least=20.0)
        told = " ".join(_expected(WORDS, before(4_235.0), (date(2031, 10, 14), date(2031, 10, 20)), week))
        assert "within the range" in told, came


def before(high: float) -> Before:
    """What stood on an earlier day, with the upper end of the week that was then expected."""
    stood = make_briefing().past.before
    assert stood is not None
    return replace(stood, week=(4_000.0, 4_200.0, high))


def test_a_first_briefing_says_that_nothing_can_be_compared_yet() -> None:
    """Without an earlier day there is a sentence and no empty table."""
    briefing = make_briefing()
    assert fared_sentences(WORDS, briefing.world, briefing.picture, NOTHING_PAST, {}) == [WORDS.say("no_past_scores")]
    assert fared_table(WORDS, briefing.world, briefing.picture, NOTHING_PAST, {}).rows == ()


def test_a_look_back_survives_its_record() -> None:
    """What a record keeps reads back equal, so that a rebuild says the same."""
    import json

    past = make_briefing().past
    assert parse_look_back(json.loads(json.dumps(past.to_record()))) == past
    assert parse_look_back(json.loads(json.dumps(LookBack().to_record()))) == LookBack()
