"""What sarai must never hold, aim at, map, export or say. A new field, path, output or sentence fails here."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import typer.main
from typer.core import TyperGroup

import sarai
from makers.briefing import make_briefing, make_world
from sarai.observe.personal import personal_kind
from sarai.observe.personal_words import plain_words
from sarai.publish.data import data_files
from sarai.publish.disclosure import protect_picture
from sarai.publish.map import draw_map
from sarai.publish.words import languages, read_words
from sarai.whatif.change import SETTERS
from sarai.whatif.paths import RULES, find_rule
from sarai.world.errors import RequestError
from sarai.world.reception import Capacity, HoldingCentre

ROOT = Path(sarai.__file__).parent
SOURCES = sorted(ROOT.rglob("*.py"))
BANNED_LEVERS = (
    "enforce",
    "arrest",
    "raid",
    "police",
    "detention",
    "deport",
    "expel",
    "expulsion",
    "clearance",
    "removal",
)
BANNED_WORDS = re.compile(
    r"\b(illegals?|aliens?|crackdowns?|fizzle[sd]?|bites?|stocks?|overflow(?:s|ed|ing)?)\b", re.IGNORECASE
)
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")


def fields_of(tree: ast.Module) -> Iterator[str]:
    """Names of the annotated fields of every class."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                    yield line.target.id


def sentences_of(tree: ast.Module) -> Iterator[str]:
    """Texts in code that a person may read: constants with a blank in them that are no docstrings."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
            and " " in node.value.strip()
        ):
            yield node.value


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_no_type_has_a_field_for_a_person() -> None:
    """No name, document, telephone, address, birth, device or household number anywhere in the code."""
    found = [
        (path.name, name, kind)
        for path in SOURCES
        for name in fields_of(parse(path))
        if (kind := personal_kind(plain_words(name)))
    ]
    assert found == []


def test_no_shipped_table_has_a_column_for_a_person() -> None:
    """Neither a case nor a table of standards."""
    for path in sorted(ROOT.rglob("*.csv")):
        header = next(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        assert [name for name in header if personal_kind(plain_words(name))] == [], path


def test_planted_personal_field_is_found() -> None:
    """The check above sees what it is for."""
    tree = ast.parse("class Returnee:\n    father_name: str\n    phone: str\n    persons: int\n")
    assert [name for name in fields_of(tree) if personal_kind(plain_words(name))] == ["father_name", "phone"]


@pytest.mark.parametrize(
    "path",
    [
        "enforcement.rate",
        "calendar.phase-1.enforcement_strength",
        "holding.h1.capacity",
        "detention.beds",
        "deportation.buses",
        "crossings.bridge.exit_desks",
        "arrests.daily",
        "population.hill.none",
        "origins.hill.priority",
        "strata.hill.none.persons",
        "goal.remaining",
        "target.departures",
        "objective",
        "maximise.returns",
        "minimise.population",
        "remaining.hill",
    ],
)
def test_no_lever_on_enforcement_people_or_goals(path: str) -> None:
    """A scenario that asks for one is refused with the reason."""
    with pytest.raises(RequestError) as caught:
        find_rule(make_world(), path)
    assert caught.value.faults[0].what


def test_closed_list_of_levers_lies_on_the_receiving_side() -> None:
    """The list and its setters hold the announced calendar, crossings and reception, and nothing else."""
    outside = {"calendar", "crossings", "arrivals"}
    receiving = {"stages", "sites", "registration", "transport", "staff", "health", "protection", "stock", "cash"}
    assert {rule.area for rule in RULES} == outside | receiving
    for rule in RULES:
        assert not [word for word in BANNED_LEVERS if word in f"{rule.area}.{rule.field}"], rule
    assert set(SETTERS) <= {(rule.area, rule.field) for rule in RULES}


def test_no_plan_decides_on_enforcement() -> None:
    """No name in the planning rooms stands for detention, expulsion, clearance or arrest."""
    for room in ("plan", "lab"):
        for path in sorted((ROOT / room).glob("*.py")):
            names = {node.id for node in ast.walk(parse(path)) if isinstance(node, ast.Name)}
            names |= {node.arg for node in ast.walk(parse(path)) if isinstance(node, ast.arg)}
            names |= set(fields_of(parse(path)))
            found = [
                name for name in names for word in BANNED_LEVERS if word in name.lower() and "not_deported" not in name
            ]
            assert found == [], path


def test_map_shows_no_population_and_no_holding_centre() -> None:
    """The drawing stays the same, byte for byte, when ten times the people live there and centres stand beside them."""
    world = make_world()
    more = replace(
        world,
        strata=tuple(
            replace(s, low_persons=10 * s.low_persons, high_persons=10 * s.high_persons) for s in world.strata
        ),
        holding=(HoldingCentre(id="h1", origin="hill", capacity=Capacity(value=500.0), stay_days=2.0),),
    )
    words = read_words("en")
    assert draw_map(words, more, "k") == draw_map(words, world, "k")


def texts_of(files: dict[str, bytes]) -> dict[str, str]:
    """Files as text, Parquet as CSV."""
    return {
        name: pl.read_parquet(io.BytesIO(data)).write_csv() if name.endswith(".parquet") else data.decode("utf-8")
        for name, data in files.items()
    }


def test_no_export_is_about_areas_of_origin_or_remaining_people() -> None:
    """Origins stand in the file of places, without a figure, and nowhere else; nobody's remaining number is written."""
    briefing = make_briefing()
    _, release = protect_picture(briefing.world, briefing.picture, record_id=briefing.record_id)
    origins = [place.id for place in briefing.world.places_of("origin")]
    assert origins
    for name, text in texts_of(data_files(briefing, release)).items():
        said = [word for word in ("remaining", "holding", "arrest", "enforcement") if word in text.lower()]
        assert said == [], name
        if name != "data/places.geojson":
            assert [origin for origin in origins if re.search(rf"(?<![\w-]){origin}(?![\w-])", text)] == [], name
        else:
            numbers = [feature["properties"] for feature in json.loads(text)["features"]]
            assert not [
                key
                for entry in numbers
                for key, value in entry.items()
                if isinstance(value, int | float) and value is not True and value is not False
            ]


def without_quotes(text: str) -> str:
    """A text without what stands in quotation marks."""
    return QUOTED.sub("", text)


@pytest.mark.parametrize("language", languages())
def test_catalogues_say_no_banned_word(language: str) -> None:
    """Words that reach a screen: the field's own terms, and a quoted word only between quotation marks."""
    words = read_words(language)
    for key, text in [*words.messages.items(), *words.terms.items()]:
        assert not BANNED_WORDS.search(without_quotes(text)), key


def test_templates_and_pages_say_no_banned_word() -> None:
    """Text between tags of templates and pages."""
    for path in sorted([*ROOT.rglob("*.j2"), *ROOT.rglob("*.typ"), *ROOT.rglob("*.html")]):
        text = re.sub(
            r"<(style|script)\b.*?</\1>|<[^>]*>|\{[{%#].*?[}%#]\}",
            " ",
            path.read_text(encoding="utf-8"),
            flags=re.DOTALL,
        )
        if path.suffix == ".typ":
            text = " ".join(re.findall(r"\[([^\]]*)\]", text))
        assert not BANNED_WORDS.search(without_quotes(text)), path


def test_help_says_no_banned_word() -> None:
    """Help of every verb and option."""
    from sarai.cli.app import build_app

    def walk(command: object) -> Iterator[str]:
        yield getattr(command, "help", "") or ""
        for option in getattr(command, "params", []):
            yield getattr(option, "help", "") or ""
        if isinstance(command, TyperGroup):
            for inner in command.commands.values():
                yield from walk(inner)

    for text in walk(typer.main.get_command(build_app())):
        assert not BANNED_WORDS.search(without_quotes(text)), text


def test_sentences_in_code_say_no_banned_word() -> None:
    """Messages of errors, remarks and results; a title of a source is a quotation and stands in a table."""
    found = [
        (path.relative_to(ROOT).as_posix(), text[:80])
        for path in SOURCES
        for text in sentences_of(parse(path))
        if BANNED_WORDS.search(without_quotes(text))
    ]
    assert found == []


def test_planted_word_is_found_and_a_quoted_one_is_not() -> None:
    """The checks above see what they are for."""
    assert BANNED_WORDS.search(without_quotes("Above capacity: the overflow is 20 persons."))
    assert BANNED_WORDS.search(without_quotes("illegal foreigners"))
    assert not BANNED_WORDS.search(without_quotes("The “Illegal Foreigners' Repatriation Plan” was made public."))
    assert list(sentences_of(ast.parse('"""Doc string here."""\nx = "a stock of words"\n'))) == ["a stock of words"]


def test_responsible_use_is_said_the_same_everywhere() -> None:
    """Help, records and RESPONSIBLE_USE.md say the same three lines, and the page says what is left out."""
    from sarai.cli.app import build_app
    from sarai.world.responsible_use import RESPONSIBLE_USE

    text = Path(__file__).resolve().parents[2].joinpath("RESPONSIBLE_USE.md").read_text(encoding="utf-8")
    plain = " ".join(text.split())
    for line in RESPONSIBLE_USE:
        assert line in plain
        assert line in (build_app().info.help or "")
    for part in (
        "What it is for",
        "What it must not be used for",
        "What remains possible",
        "What was left out",
        "checklist",
    ):
        assert part in text


def test_glossary_names_the_words_that_never_reach_a_screen() -> None:
    """Each banned word stands in the glossary with the one to use."""
    text = Path(__file__).resolve().parents[2].joinpath("docs", "glossary.md").read_text(encoding="utf-8")
    for word in ("illegal", "alien", "crackdown", "fizzle", "bite", "stock", "overflow", "deported"):
        assert re.search(rf"\|\s*{word}\b", text), word
