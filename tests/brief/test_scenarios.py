"""Scenarios in a briefing: the differences of `sarai whatif`, in every language, rebuilt by the record."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from sarai.brief import Brief, brief, rerun
from sarai.calibrate.calibrate import calibrate
from sarai.ledger.run_record import parse_record
from sarai.observe.case_folder import load_case
from sarai.publish.files import pack_files
from sarai.publish.whatif import say_signed
from sarai.publish.words import languages, read_words
from sarai.whatif.futures import compare, grow_futures
from sarai.whatif.scenario import Scenario
from sarai.whatif.values import parse_change
from sarai.world.errors import RequestError

AS_OF = date(2023, 10, 28)
ASKED = [
    {"name": "Torkham closed", "set": ["crossings.torkham.closed=2023-11-02..2023-11-11"]},
    {"name": "as announced", "set": []},
]


@pytest.fixture(scope="module")
def done() -> Brief:
    """A small briefing with two scenarios."""
    return brief(load_case("pakistan-2023"), AS_OF, horizon_days=20, member_count=40, seed=1, scenarios=ASKED)


def test_the_differences_are_those_of_a_what_if(done: Brief) -> None:
    """Exact draws over the briefing's horizon: what the terminal says for the same members."""
    world = load_case("pakistan-2023").as_of(AS_OF)
    futures = grow_futures(world, calibrate(world), horizon_days=20, member_count=40, seed=1)
    scenario = Scenario(name="x", changes=(parse_change(ASKED[0]["set"][0]),))
    line = next(line for line in compare(futures, scenario).lines if line.indicator.id == "long_waits")
    page = done.files["briefing.html"].decode()
    words = read_words("en")
    low, middle, high = (say_signed(words, value, line.difference) for value in line.difference)
    assert line.difference[1] > 0.0
    assert f"{middle} ({low} to {high})" in page
    assert "Torkham closed" in page
    assert "no difference" in page


def test_the_record_rebuilds_it(done: Brief) -> None:
    """The scenarios stand in the record, and running it again gives the same bytes."""
    again, said = rerun(parse_record(done.files["record.json"].decode()))
    assert said == ()
    assert again.files == done.files


def test_a_briefing_without_scenarios_has_no_such_part() -> None:
    """The heading is there only where something was asked."""
    plain = brief(load_case("pakistan-2023"), AS_OF, horizon_days=7, member_count=16, seed=1)
    assert "What would change" not in plain.files["briefing.html"].decode()
    assert "scenarios" not in plain.record.options


def test_a_refused_path_is_refused_before_anything_is_written() -> None:
    """The sentence of the closed list."""
    with pytest.raises(RequestError, match="outside fact"):
        brief(load_case("pakistan-2023"), AS_OF, horizon_days=7, member_count=16, seed=1,
              scenarios=[{"name": "x", "set": ["enforcement.rate=2"]}])  # fmt: skip


@pytest.mark.parametrize(
    ("triple", "texts"),
    [
        ((-1234.0, -567.0, -89.0), ("−1,200", "−600", "−90")),
        ((-4.0, 0.0, 3.0), ("0", "0", "0")),
        ((0.0, 0.0, 52.0), ("0", "0", "+50")),
    ],
)
def test_differences_have_a_sign_and_no_more_digits_than_their_range(
    triple: tuple[float, float, float], texts: tuple[str, str, str]
) -> None:
    """Nothing finer than tens, and nothing has no sign."""
    assert tuple(say_signed(read_words("en"), value, triple) for value in triple) == texts


def test_every_language_says_it() -> None:
    """Each catalogue has the sentences with their gaps."""
    for language in languages():
        words = read_words(language)
        assert words.say("whatif_range", mid="1", low="2", high="3")
        assert words.say("whatif_title", days=words.count(20))


def test_packed_files_are_the_same_bytes_and_open(done: Brief) -> None:
    """The archive that the lab hands over holds every file, and reads no clock."""
    packed = pack_files(done.files)
    assert packed == pack_files(done.files)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == done.files
