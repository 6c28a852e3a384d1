"""A new case from answers: what is asked, what is refused, and that the folder is whole or not there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml

from sarai.cli.answers import AnswerError, read_day, read_deadline, read_names, read_persons, read_point
from sarai.cli.interview import interview
from sarai.cli.new import require_name
from sarai.observe.case_draft import Draft
from sarai.observe.case_folder import case_from_files, load_case
from sarai.observe.case_new import copy_case
from sarai.observe.draft_files import draft_files
from sarai.world.errors import RequestError

ANSWERS = {
    "What happens": "Return ordered in spring",
    "Country that people leave": "Pakistan",
    "Country that they return to": "Afghanistan",
    "Border crossings": "Torkham, Chaman, Ghulam Khan, Far Gate",
    "Latitude, longitude of Far Gate": "31.5, 69.0",
    "Provinces they come from": "Balochistan, Sindh",
    "Document statuses": "Card, No card",
    "Day on which departure": "2030-03-01",
    "Deadline": "2030-04-01",
    "Fewest": "200,000",
    "Most": "900000",
    "Who published": "Ministry",
    "Title": "Decree",
}


def answer_from(answers: dict[str, str]) -> Callable[[str, str], str]:
    """A person who answers each question by how it begins, and takes the default elsewhere."""

    def ask(question: str, default: str) -> str:
        return next((text for start, text in answers.items() if question.startswith(start)), default)

    return ask


def quiet(words: str) -> None:
    """Nobody listens."""


def test_answers_make_a_case_without_faults() -> None:
    """Four crossings, one of them not in the gazetteer, make a case that can be seen on a day."""
    case = case_from_files("mine", draft_files(interview(answer_from(ANSWERS), quiet)))
    world = case.as_of(date(2030, 3, 5))
    assert [place.id for place in world.places_of("crossing")] == ["chaman", "far_gate", "ghulam_khan", "torkham"]
    assert [place.id for place in world.places_of("origin")] == ["balochistan", "sindh"]
    assert len(world.places_of("destination")) == 34
    assert [status.id for status in world.statuses] == ["card", "no_card"]
    assert world.calendar.waves[0].deadline == date(2030, 4, 1)
    assert world.timezone in ("Asia/Kabul", "Asia/Karachi")
    assert sum(s.high_persons for s in world.strata) == 900_000
    assert world.reports == ()


def test_few_answers_are_enough() -> None:
    """No order, no provinces, no coordinates: still a case, and `calendar` is empty."""
    answers = {**ANSWERS, "Country that people leave": "Norland", "Country that they return to": "Suland"}
    answers |= {
        "Border crossings": "North Gate",
        "Day on which departure": "",
        "Day it was": "2030-03-02",
        "Provinces": "",
    }
    answers.pop("Provinces they come from")
    world = case_from_files("mine", draft_files(interview(answer_from(answers), quiet))).as_of(date(2030, 3, 5))
    assert world.calendar.waves == () and len(world.places_of("origin")) == 1
    assert world.places["north_gate"].lat is None and world.routes[0].distance_km == 300


def test_a_crossing_named_like_a_province_gets_along_with_it() -> None:
    """Ids of areas that clash with a crossing are told apart."""
    answers = {**ANSWERS, "Border crossings": "Kabul"}
    world = case_from_files("mine", draft_files(interview(answer_from(answers), quiet))).as_of(date(2030, 3, 5))
    assert "kabul" in world.places and "kabul_to" in world.places


def test_an_answer_that_cannot_be_read_is_asked_again_and_then_given_up() -> None:
    """Three unreadable answers end the questions with a sentence."""
    said: list[str] = []
    with pytest.raises(RequestError, match="three answers"):
        interview(answer_from({**ANSWERS, "Fewest": "many"}), said.append)
    assert sum("whole number" in words for words in said) == 3


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (read_persons, "-5"),
        (read_persons, "1.5"),
        (read_day, "2030-02-31"),
        (read_point, "91, 0"),
        (read_point, "x"),
        (read_names, "Torkham, 18.04"),
    ],
)
def test_answers_out_of_range_are_refused(read: Callable[[str], object], text: str) -> None:
    """A number, day or point that cannot be is refused with what would be right."""
    with pytest.raises(AnswerError):
        read(text)


def test_the_command_writes_the_folder_whole_or_not_at_all(tmp_path: Path) -> None:
    """Answers on standard input make the folder; answers that end early leave nothing."""
    lines = [
        "Return",
        "Norland",
        "Suland",
        "North Gate",
        "",
        "",
        "",
        "",
        "",
        "1000",
        "9000",
        "Desk",
        "Note",
        "2030-03-02",
        "",
    ]
    command = [sys.executable, "-m", "sarai", "new", "mine"]
    early = subprocess.run(command, input="Return\n", capture_output=True, text=True, cwd=tmp_path, check=False)
    assert early.returncode == 2 and "ended early" in early.stderr and list(tmp_path.iterdir()) == []
    done = subprocess.run(
        command, input="\n".join(lines) + "\n", capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "mine"
    assert load_case(tmp_path / "mine").as_of(date(2030, 4, 1)).strata
    assert (tmp_path / "mine" / "case_schema.json").is_file()


def test_a_day_is_no_name_and_the_deadline_of_an_order_at_once_is_its_own_day() -> None:
    """Answers that slipped by one question are told so, and an empty deadline says what to write."""
    with pytest.raises(AnswerError, match="is a day"):
        read_names("2 October 2024")
    with pytest.raises(AnswerError, match="2030-03-01"):
        read_deadline("", date(2030, 3, 1))


def test_people_may_return_to_two_countries() -> None:
    """One country of departure with two borders: places are looked up in both, and each has its interior."""
    answers = {
        **ANSWERS,
        "Country that people leave": "South Africa",
        "Country that they return to": "Zimbabwe, Mozambique",
    }
    answers |= {"Border crossings": "Far Gate, Beira", "Latitude, longitude of Far Gate": ""}
    answers |= {"Provinces they come from": ""}
    draft = interview(answer_from(answers), quiet)
    assert draft.country_to == "Zimbabwe, Mozambique"
    assert {place.country for place in draft.destinations} == {"ZWE", "MOZ"}
    assert next(place.country for place in draft.crossings if place.name == "Beira") == "MOZ"
    case_from_files("mine", draft_files(draft)).as_of(date(2030, 3, 5))


def test_the_time_zone_of_a_crossing_without_coordinates_is_that_of_the_capital() -> None:
    """Days are civil days at the border; UTC is a last resort."""
    answers = {**ANSWERS, "Country that people leave": "Algeria", "Country that they return to": "Niger"}
    answers |= {"Border crossings": "Far Gate", "Latitude, longitude of Far Gate": ""}
    answers |= {"Provinces they come from": ""}
    assert interview(answer_from(answers), quiet).timezone == "Africa/Niamey"


@pytest.mark.parametrize("name", ["CON", " ", "a:b", "case.", "lpt1.old"])
def test_a_name_that_some_machine_cannot_hold_is_refused(name: str) -> None:
    """A case is sent to colleagues; the folder must exist on their machines too."""
    with pytest.raises(RequestError):
        require_name(name)


@pytest.mark.parametrize("name", ["my-case", "Haïti 2024", "مورد", "../my-case"])
def test_other_names_are_taken(name: str) -> None:
    """Any script, blanks inside, and a path before it."""
    require_name(name)


def test_a_draft_is_held_to_the_same_rules_as_a_folder() -> None:
    """A draft that does not hold together is refused before anything is written."""
    draft = interview(answer_from(ANSWERS), quiet)
    assert isinstance(draft, Draft)
    with pytest.raises(Exception, match="time zone"):
        draft_files(
            Draft(**{**{name: getattr(draft, name) for name in draft.__dataclass_fields__}, "timezone": "Mars"})
        )


def test_a_copy_names_its_schema_and_is_the_same_case(tmp_path: Path) -> None:
    """The first line of the copy's case.yaml leads an editor to the schema beside it; nothing else differs."""
    folder = copy_case("teaching", tmp_path / "mine")
    first, _, rest = (folder / "case.yaml").read_text(encoding="utf-8").partition("\n")
    assert first == "# yaml-language-server: $schema=case_schema.json" and (folder / "case_schema.json").is_file()
    again = copy_case(folder, tmp_path / "again")
    assert (again / "case.yaml").read_text(encoding="utf-8") == f"{first}\n{rest}"
    day = date(2031, 4, 1)
    assert load_case(folder).as_of(day).strata == load_case("teaching").as_of(day).strata


def test_every_kind_of_new_case_holds_to_its_schema() -> None:
    """What the interview writes is what the schema beside it allows, so an editor underlines nothing."""
    files = draft_files(interview(answer_from(ANSWERS), quiet))
    document = yaml.load(files["case.yaml"], Loader=yaml.BaseLoader)
    assert document["population"]["low"] == "200000"
    plain = json.loads(json.dumps(yaml.safe_load(files["case.yaml"]), default=str))
    jsonschema.validate(plain, json.loads(files["case_schema.json"]))


@pytest.mark.parametrize(
    ("text", "wanted"), [("1.2 million", 1_200_000), ("300 Thousand", 300_000), ("1,5 million", 1_500_000)]
)
def test_the_people_concerned_may_be_said_in_round_words(text: str, wanted: int) -> None:
    """Ranges are published so; three digits behind a mark could be thousands and are refused."""
    assert read_persons(text) == wanted
    with pytest.raises(AnswerError):
        read_persons("1,234 million")


def test_a_town_beside_a_place_stands_for_it_where_its_point_is_asked_for() -> None:
    """A province that no list has is put at its main town, marked approximate; a town nobody knows is asked again."""
    answers = {**ANSWERS, "Country that people leave": "Thailand", "Country that they return to": "Myanmar"}
    answers |= {"Border crossings": "Mae Sot", "Provinces they come from": "", "Provinces they return to": "Kayin"}
    draft = interview(answer_from({**answers, "Latitude, longitude of Kayin": "Hpa-An"}), quiet)
    (kayin,) = draft.destinations
    assert (kayin.id, kayin.name, kayin.country, kayin.approximate) == ("kayin", "Kayin", "MMR", True)
    assert kayin.lat == pytest.approx(16.9, abs=0.1)
    with pytest.raises(RequestError, match="Latitude, longitude of Kayin"):
        interview(answer_from({**answers, "Latitude, longitude of Kayin": "Nowhere at all"}), quiet)
