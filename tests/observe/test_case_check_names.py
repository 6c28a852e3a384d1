"""Names in other languages are read, checked with every fault at once, and kept in a record."""

from __future__ import annotations

from importlib import resources

import pytest

from sarai.observe.case_folder import case_from_files, load_case
from sarai.observe.case_writer import snapshot
from sarai.observe.gazetteer import read_gazetteer, shipped_names
from sarai.world.errors import CaseError, Fault, InputError
from sarai.world.local_name import SAME_SCRIPT
from sarai.world.telling import names_in

HEAD = "id,language,label,source\n"
CASES = ("pakistan-2023", "pakistan-2016", "sudan-southsudan-2023", "teaching")


def files_with(table: str) -> dict[str, bytes | Fault]:
    """The teaching case with a table of names."""
    folder = resources.files("sarai.cases") / "teaching"
    files: dict[str, bytes | Fault] = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    return files | {"names.csv": (HEAD + table).encode()}


def test_every_fault_is_told_at_once_with_its_place() -> None:
    """An id that is not there, a language without a catalogue, an empty name, a mark of direction, a name twice."""
    table = "stonebrige,fr,Pont,\nmillford,xx,Moulin,\nmillford,ar,,\nhigh_pass,fr,a\u202eb,\nhigh_pass,fr,Col,\n"
    with pytest.raises((CaseError, InputError)) as caught:
        case_from_files("teaching", files_with(table))
    found = [(fault.row, fault.column) for fault in caught.value.faults if fault.file == "names.csv"]
    assert found == [(2, "id"), (3, "language"), (4, "label"), (5, "label"), (6, "id")]
    assert "stonebridge" in str(caught.value)


def test_a_record_keeps_the_names() -> None:
    """The world as text and back is the world, names included."""
    case = case_from_files(
        "teaching", files_with("millford,fr,Gué du Moulin,us\nstatus:card,fr,Carte,\ntitle,ar,حالة,\n")
    )
    world = case.as_of(case.last_known())
    assert len(world.names) == 3
    files: dict[str, bytes | Fault] = {name: text.encode() for name, text in snapshot(world).items()}
    assert case_from_files("teaching", files).as_of(world.as_of).names == world.names


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("language", ["fr", "ar", "prs"])
def test_built_in_cases_are_named_in_french_arabic_and_dari(name: str, language: str) -> None:
    """Title, statuses and waves, and in Arabic letters nearly every place; the rest stands in Latin letters."""
    case = load_case(name)
    world = case.as_of(case.last_known())
    found = names_in(world, language, shipped_names())
    wanted = [
        "title",
        *(f"status:{item.id}" for item in world.statuses),
        *(f"wave:{w.id}" for w in world.calendar.waves),
    ]
    assert [key for key in wanted if key not in found] == []
    if language in SAME_SCRIPT:
        assert sum(key in found for key in world.places) >= 0.9 * len(world.places)
        assert all(any("\u0600" <= letter <= "\u06ff" for letter in text) for text in found.values())


def test_shipped_names_are_of_shipped_places() -> None:
    """Each stands beside a row of the gazetteer or in a built-in case, so that new cases find it by its id."""
    ids = {place.id for place in read_gazetteer()}
    for name in CASES:
        ids |= set(load_case(name).as_of(load_case(name).last_known()).places)
    assert {key for key, _ in shipped_names()} <= ids
