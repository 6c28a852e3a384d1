"""The spreadsheet of a new case: empty, filled in, half filled in, and wrong."""

from __future__ import annotations

import datetime
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from makers.new_case import COUNTS, CROSSINGS, START, fill_template
from sarai.observe.case_folder import case_from_files
from sarai.observe.draft_files import draft_files
from sarai.observe.template_read import read_template
from sarai.observe.template_write import template_bytes, write_template
from sarai.world.errors import InputError, PersonalDataError, RequestError
from sarai.world.world import World


def world_of(path: Path, day: date) -> World:
    """The case of a filled-in spreadsheet as known on a day."""
    return case_from_files("mine", draft_files(read_template(path, lambda words: None))).as_of(day)


def test_the_empty_spreadsheet_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    """Two writings are equal, and nothing is written over a file or to another ending."""
    assert template_bytes() == template_bytes()
    write_template(tmp_path / "new.xlsx")
    for name, words in (("new.xlsx", "already"), ("new.csv", "ends in"), ("none/new.xlsx", "could not")):
        with pytest.raises(RequestError, match=words):
            write_template(tmp_path / name)


def test_the_empty_spreadsheet_is_refused_with_every_answer_that_is_needed(tmp_path: Path) -> None:
    """Each missing answer is named with its line; nothing else is complained about."""
    write_template(tmp_path / "new.xlsx")
    with pytest.raises(InputError) as caught:
        read_template(tmp_path / "new.xlsx", lambda words: None)
    assert {fault.column for fault in caught.value.faults if fault.sheet == "Start"} == {
        "What happens, in a few words", "Country that people leave", "Country that they return to",
        "Who published this", "Title of the publication", "Day it was published",
    }  # fmt: skip
    assert [fault.sheet for fault in caught.value.faults if fault.sheet != "Start"] == ["Crossings"]
    assert all(fault.row > 1 for fault in caught.value.faults if fault.sheet == "Start")


def test_four_crossings_and_ten_counts_make_a_case(tmp_path: Path) -> None:
    """Names in French, Spanish and Arabic are found; counts, source and range arrive whole."""
    world = world_of(fill_template(tmp_path / "new.xlsx", Crossings=CROSSINGS, Counts=COUNTS), date(2024, 10, 8))
    assert [place.id for place in world.places_of("crossing")] == ["dajabon", "elias_pina", "jimani", "pedernales"]
    assert all(place.lat is not None for place in world.places.values())
    assert (world.country_from, world.country_to) == ("Dominican Republic", "Haiti")
    assert world.timezone == "America/Port-au-Prince"
    assert len(world.reports) == 10
    assert sum(r.persons or 0 for r in world.reports if r.crossing == "elias_pina") == 5 * 240 + 40 * 10
    assert [(s.low_persons, s.high_persons) for s in world.strata] == [(80_000, 400_000)]
    assert world.calendar.waves[0].deadline == date(2024, 10, 20)
    assert any("Dessalines" in name for _, name in world.calendar.holidays)


def test_reception_ranges_and_closures_arrive(tmp_path: Path) -> None:
    """The sheets that may stay empty are read when they are not."""
    path = fill_template(
        tmp_path / "new.xlsx",
        Crossings=(("Dajabón", "", "", 8, 17, 12, 30), ("Jimaní",)),
        People=(("Santiago", "card", 1000, 9000), ("Santiago", "no card", 20000, 60000)),
        Returning_to=(("Cap-Haïtien",), ("Gonaïves",)),
        Reception=(
            ("Dajabon", "registration", "", "border guard", "", "persons_day", 0.1),
            ("Dajabon", "reception_centre", "Ouanaminthe centre", "two agencies", 1500, "", 1.5, 0.4),
        ),
        Closures=(("Jimaní", datetime.datetime(2024, 10, 5), "2024-10-06"),),
    )
    world = world_of(path, date(2024, 10, 8))
    assert {(s.origin, s.status, s.high_persons) for s in world.strata} == {
        ("santiago", "card", 9000), ("santiago", "no_card", 60000),
    }  # fmt: skip
    assert [stage.capacity.value for stage in world.stages] == [1500, None] or world.stages
    shares = {(row.from_id, row.to_id): row.share for row in world.routing}
    assert shares["dajabon_registration_1", "dajabon_reception_centre_2"] == 0.4
    assert shares["dajabon_registration_1", "onward"] == 0.6
    assert world.calendar.closures[0].crossing == "jimani" and world.calendar.closures[0].end == date(2024, 10, 6)
    assert next(c for c in world.crossings if c.place_id == "dajabon").desks == 12


def test_names_in_other_languages_find_their_ids(tmp_path: Path) -> None:
    """A row may call a place or status as the other sheets do; one that is a crossing and an area names both."""
    path = fill_template(
        tmp_path / "new.xlsx",
        Crossings=(("Dajabón",), ("Jimaní",)),
        People=(("Santiago", "no card", 20000, 60000), ("Jimaní", "no card", 2000, 6000)),
        Reception=(("Dajabón", "reception_centre", "Ouanaminthe centre"),),
        Names=(
            ("dajabon", "ar", "داخابون", "our translation"), ("Jimaní", "ar", "خيماني"),
            ("Santiago", "ar", "سانتياغو"), ("Ouanaminthe centre", "fr", "Centre d’Ouanaminthe"),
            ("no card", "fr", "Sans carte", "", "2024-10-05"), ("title", "fr", "Retour d’essai"),
            ("wave:first", "fr", "Premier appel"),
        ),
    )  # fmt: skip
    early, late = world_of(path, date(2024, 10, 4)), world_of(path, date(2024, 10, 8))
    assert {(name.id, name.language) for name in late.names} == {
        ("dajabon", "ar"), ("jimani", "ar"), ("jimani_from", "ar"), ("santiago", "ar"),
        ("dajabon_reception_centre_1_site", "fr"), ("status:no_card", "fr"), ("title", "fr"), ("wave:first", "fr"),
    }  # fmt: skip
    assert {name.name for name in late.names} - {name.name for name in early.names} == {"Sans carte"}


def test_faults_of_names_have_their_cell(tmp_path: Path) -> None:
    """An unknown place, a language without a catalogue, a name twice and no name at all, each with its row."""
    path = fill_template(
        tmp_path / "new.xlsx", Crossings=CROSSINGS,
        Names=(("Nowhere", "fr", "Nulle part"), ("Jimaní", "de", "Jimaní"), ("title", "fr", "Un"),
               ("title", "fr", "Deux"), ("Dajabón", "ar", "x" * 201)),
    )  # fmt: skip
    with pytest.raises(InputError) as caught:
        read_template(path, lambda words: None)
    found = {(fault.sheet, fault.row, fault.column) for fault in caught.value.faults}
    assert found == {("Names", 4, "Id"), ("Names", 5, "Language"), ("Names", 7, "Id"), ("Names", 8, "Label")}


def test_every_fault_is_named_at_once_with_its_place(tmp_path: Path) -> None:
    """Unknown crossings, turned dates, half ranges and words out of the list come in one message."""
    start = {**START, "Deadline: last day to leave": "2024-09-01", "Most persons concerned": 10}
    path = fill_template(
        tmp_path / "new.xlsx", start, Crossings=CROSSINGS,
        Counts=(
            ("2024-10-05", "2024-10-03", "Nowhere", 5),
            ("2024-10-05", "", "Dajabón"),
            ("2024-10-05", "", "Dajabón", 5, "", "", "", "2024-10-01"),
            ("2024-10-05", "", "Dajabón", "many"),
        ),
    )  # fmt: skip
    with pytest.raises(InputError) as caught:
        read_template(path, lambda words: None)
    found = {(fault.sheet, fault.row, fault.column) for fault in caught.value.faults}
    assert found == {
        ("Start", 7, "Deadline: last day to leave"), ("Start", 10, "Most persons concerned"),
        ("Counts", 4, "Crossing"), ("Counts", 4, "Last day"), ("Counts", 5, "Persons"), ("Counts", 6, "Known since"),
        ("Counts", 7, "Persons"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "words"),
    [(("2024-10-05", "", "Dajabón", "many"), "number"), (("31.31.2024", "", "Dajabón", 5), "date")],
)
def test_cells_that_cannot_be_read_are_named(tmp_path: Path, cells: tuple[object, ...], words: str) -> None:
    """A count or a day that cannot be read is a fault of its cell."""
    path = fill_template(tmp_path / "new.xlsx", Crossings=CROSSINGS, Counts=(cells,))
    with pytest.raises(InputError) as caught:
        read_template(path, lambda said: None)
    assert [(f.sheet, f.row) for f in caught.value.faults] == [("Counts", 4)]


def test_a_formula_and_a_strange_workbook_are_refused(tmp_path: Path) -> None:
    """A formula is no value, and another workbook is no template."""
    path = fill_template(tmp_path / "new.xlsx", Crossings=CROSSINGS, Counts=(("2024-10-05", "", "Dajabón", "=2+3"),))
    with pytest.raises(InputError, match="formula"):
        read_template(path, lambda words: None)
    book = openpyxl.Workbook()
    book.active["A1"] = "Date"
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(InputError, match="not the spreadsheet of a new case"):
        read_template(tmp_path / "other.xlsx", lambda words: None)


def test_a_spreadsheet_about_persons_is_refused_whole(tmp_path: Path) -> None:
    """A sheet of names slipped in beside the others stops everything."""
    path = fill_template(tmp_path / "new.xlsx", Crossings=CROSSINGS)
    book = openpyxl.load_workbook(path)
    page = book.create_sheet("list")
    page.append(["Name", "Father name", "Passport no", "Phone"])
    page.append(["x y", "z", "AB1234567", "+509 3412 3456"])
    book.save(path)
    with pytest.raises(PersonalDataError):
        read_template(path, lambda words: None)


@pytest.mark.parametrize("dropped", ["Fewest persons concerned", "Day on which departure was announced"])
def test_what_is_not_known_may_stay_empty(tmp_path: Path, dropped: str) -> None:
    """No range, and no order to leave: still a case, with the assumption named."""
    pair = {"Fewest persons concerned": "Most persons concerned"}.get(dropped, "Deadline: last day to leave")
    start = {key: value for key, value in START.items() if key not in (dropped, pair)}
    world = world_of(fill_template(tmp_path / "new.xlsx", start, Crossings=(("North Gate",),)), date(2024, 10, 8))
    assert len(world.places_of("crossing")) == 1 and world.places["north_gate"].lat is None
    assert any(line.startswith("A7" if "Fewest" in dropped else "A4") for line in world.assumptions)


def test_a_count_that_is_filled_in_is_known_by_the_day_on_which_the_form_is_read(tmp_path: Path) -> None:
    """The usual delay of a running total is ten days; one that somebody holds in their hands is known already."""
    total = (date(2024, 10, 3), date(2024, 10, 9), "all", 3100, None, None, "yes")
    path = fill_template(tmp_path / "new.xlsx", Crossings=CROSSINGS, Counts=[total])
    for today, known in ((date(2024, 10, 10), date(2024, 10, 10)), (date(2024, 11, 20), None)):
        (count,) = read_template(path, lambda words: None, today).counts
        assert count.known == known
