import csv
import json
import re
import string
from dataclasses import replace
from datetime import date
from importlib import resources

import pytest

from makers.briefing import make_briefing
from sarai.observe.case_folder import built_in_cases, find_case, read_files
from sarai.plan.standards import default_standards
from sarai.publish.figures import Estimate
from sarai.publish.render import render_briefing
from sarai.publish.solar import solar_hijri
from sarai.publish.words import languages, read_words
from sarai.world.responsible_use import RESPONSIBLE_USE


def gaps(text: str) -> set[str]:
    """Names of the gaps in a message."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_english_french_and_a_right_to_left_language_are_complete() -> None:
    """Every catalogue has every message of the English one, with the same gaps, and no other but month names."""
    english = read_words("en").messages
    assert {"en", "fr", "prs"} <= set(languages())
    for language in languages():
        messages = read_words(language).messages
        assert set(english) <= set(messages), language
        assert all(key.startswith("solar_month_") for key in set(messages) - set(english)), language
        assert [key for key in english if gaps(english[key]) != gaps(messages[key])] == []


def test_french_keeps_its_punctuation_on_the_line() -> None:
    """A space before ; : ! ? % and inside « » never breaks, in the catalogue and in a whole briefing."""
    breaking = re.compile(r"\w[^\S\u00a0\u202f][;:!?%»](?!\S)|«[^\S\u00a0\u202f]")
    words = read_words("fr")
    assert [key for key, text in words.messages.items() if breaking.search(text)] == []
    files = render_briefing(replace(make_briefing(language="fr"), formats=("markdown",)))
    assert breaking.findall(files["briefing.md"].decode()) == []


def test_no_catalogue_is_left_in_english() -> None:
    """In another language at least nine messages in ten differ from the English ones."""
    english = read_words("en").messages
    for language in set(languages()) - {"en"}:
        messages = read_words(language).messages
        same = [key for key in english if english[key] == messages[key] and gaps(english[key]) != {english[key]}]
        assert len(same) <= 0.1 * len(english), same


def test_items_and_units_of_the_shipped_standards_are_translated() -> None:
    """Sectors, items and units of the table of standards have a word in each language."""
    for language in set(languages()) - {"en"}:
        words = read_words(language)
        for line in default_standards():
            assert {line.sector, line.item, line.unit} <= set(words.terms), language


def test_catalogues_are_plain_json_with_a_direction() -> None:
    """Each file names its language and the direction of its script."""
    folder = resources.files("sarai.publish").joinpath("messages")
    for item in folder.iterdir():
        data = json.loads(item.read_text(encoding="utf-8"))
        assert data["name"] and data["direction"] in ("ltr", "rtl") and len(data["months"]) == 12


@pytest.mark.parametrize(
    ("low", "mid", "high", "text"),
    [
        (18_234, 24_111, 30_901, "about 24,000 (18,000 to 31,000)"),
        (470_400, 492_800, 524_600, "about 493,000 (470,000 to 525,000)"),
        (0.0, 62_000, 158_000, "about 60,000 (fewer than 10 to 160,000)"),
        (0.0, 3.0, 1260.0, "fewer than 10 (up to 1,300)"),
        (0.0, 3.0, 8.0, "fewer than 10"),
        (40.0, 40.0, 40.0, "about 40"),
    ],
)
def test_figures_carry_no_digit_that_their_range_does_not(low: float, mid: float, high: float, text: str) -> None:
    """Narrow ranges leave three significant figures, wide ones one; below ten persons nothing is spelled out."""
    assert read_words("en").persons(Estimate(low=low, mid=mid, high=high)) == text


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.999, "almost certain (more than 95\u00a0%)"),
        (0.84, "very likely (about 85\u00a0%)"),
        (0.5, "about as likely as not (about 50\u00a0%)"),
        (0.0, "hardly to be expected (less than 5\u00a0%)"),
    ],
)
def test_a_chance_is_said_in_words_and_figures(probability: float, text: str) -> None:
    """Words and figure stand together, in steps of five percent, and the edges are never printed as 0 or 100."""
    assert read_words("en").chance(probability) == text


@pytest.mark.parametrize(
    ("civil", "solar"),
    [
        (date(2023, 3, 21), (1402, 1, 1)),
        (date(2024, 3, 20), (1403, 1, 1)),
        (date(2025, 3, 21), (1404, 1, 1)),
        (date(2021, 8, 15), (1400, 5, 24)),
        (date(2023, 10, 28), (1402, 8, 6)),
    ],
)
def test_solar_hijri_dates(civil: date, solar: tuple[int, int, int]) -> None:
    """Known dates of the Afghan calendar, on both sides of a leap year."""
    assert solar_hijri(civil) == solar


def test_dari_reads_right_to_left_with_its_own_digits_and_calendar() -> None:
    """The page is marked right-to-left, and dates and figures are in the digits and calendar of the language."""
    words = read_words("prs")
    assert words.day(date(2023, 10, 28), year=True) == "۶ عقرب ۱۴۰۲ (۲۸ اکتوبر ۲۰۲۳)"
    assert words.count(24_000) == "۲۴٬۰۰۰"
    html = render_briefing(make_briefing(language="prs"))["briefing.html"].decode()
    assert '<html lang="prs" dir="rtl">' in html and "چه باید کرد" in html


@pytest.mark.parametrize("language", [name for name in languages() if read_words(name).digits])
def test_sentences_and_titles_have_the_digits_of_their_language(language: str) -> None:
    """No 2016 in Latin digits stands in a sentence or in the title of a shipped case; P80, A143 and 1:50m are names."""
    words = read_words(language)
    texts = [re.sub(r"\{[^}]*\}|[AP]\d+|1:50m", "", text) for text in words.messages.values()]
    for case in built_in_cases():
        labels = csv.DictReader(read_files(find_case(case)[1])["names.csv"].decode().splitlines())
        texts += [row["label"] for row in labels if row["language"] == language and row["id"] == "title"]
    assert [text for text in texts if re.search(r"[0-9]", text)] == []


def test_the_lines_of_responsible_use_are_those_of_the_record() -> None:
    """Briefing and record carry the same three lines."""
    messages = read_words("en").messages
    assert tuple(messages[f"responsible_{number}"] for number in (1, 2, 3)) == RESPONSIBLE_USE


def test_names_in_latin_letters_stand_apart_in_a_text_from_right_to_left() -> None:
    """Between their marks they take no digit or stop with them; names in the language's own letters need none."""
    words = read_words("ur")
    assert "\u2068Stonebridge\u2069" in words.say("place_figure", place="Stonebridge", figure=words.count(14))
    assert "\u2068" not in words.say("place_figure", place="طورخم", figure=words.count(14))
    assert "\u2068" not in read_words("en").say("place_figure", place="Stonebridge", figure="14")
