"""Tables on individuals are refused by name and by content; tables of counts are not."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from sarai.observe.personal import find_personal_data

COUNTS = ["start_date", "end_date", "crossing", "persons", "note"]

PERSONAL_HEADERS = [
    "Name of Head of Family",
    "full_name",
    "Father's Name",
    "FATHER NAME",
    "Husband Name",
    "surname",
    "Nom et prénom",
    "nom du père",
    "Passport No.",
    "passport",
    "CNIC",
    "cnic number",
    "NIC No",
    "Tazkira number",
    "Tazkera No",
    "e-Tazkira",
    "PoR card number",
    "ACC No",
    "ID number",
    "National ID",
    "Numéro de passeport",
    "Phone",
    "Mobile No",
    "WhatsApp number",
    "contact number",
    "E-mail",
    "portable",
    "Date of Birth",
    "DOB",
    "place of birth",
    "Date de naissance",
    "Address",
    "permanent address",
    "House No",
    "household ID",
    "individual_id",
    "registration no",
    "Fingerprint",
    "IMEI",
    "bank account",
    "photo",
    "Case file no",
    "والد کا نام",
    "شناختی کارڈ نمبر",
    "تاریخ پیدائش",
    "فون نمبر",
    "پتہ",
    "نام پدر",
    "نمبر تذکره",
    "شماره تماس",
    "تاریخ تولد",
    "آدرس",
    "د پلار نوم",
    "د تذکرې شمیره",
    "د زیږیدو نیټه",
    "د ټیلیفون شمیره",
    "اسم الأب",
    "رقم الجواز",
    "رقم الهاتف",
    "تاريخ الميلاد",
    "العنوان",
]

AGGREGATE_HEADERS = [
    "persons",
    "families",
    "publisher",
    "title",
    "place",
    "series",
    "note",
    "source_id",
    "url",
    "province",
    "district_or_city",
    "households",
    "number of passports",
    "no of PoR cards",
    "with passport",
    "without documents",
    "PoR card holders",
    "registered",
    "male adults",
    "girls",
    "border crossing point",
    "site name",
    "name of crossing",
    "province name",
    "series name",
    "as_of",
    "mobile clinics",
    "individuals",
    "total cases",
    "family size",
    "biometric registrations",
    "cash desks",
    "known_inferred",
    "تعداد افراد",
    "خاندان",
    "تاریخ",
    "گذرگاه",
    "#affected+ind",
    "#adm1+name",
]

PERSONAL_CELLS = {
    "identity card": "17301-1234567-1",
    "identity card in a sentence": "the family with card 42101 1234567 3 crossed",
    "thirteen digits": "1730112345671",
    "thirteen Persian digits": "۱۷۳۰۱۱۲۳۴۵۶۷۱",
    "Arabic-Indic digits": "١٧٣٠١-١٢٣٤٥٦٧-١",
    "hidden by a zero-width space": "17301-12345\u200b67-1",
    "electronic tazkira": "1400-0101-12345",
    "refugee registration number": "304-12C00456",
    "Pakistani mobile": "0300-1234567",
    "international phone": "+93 70 123 4567",
    "phone with 00": "0093701234567",
    "phone without plus": "923001234567",
    "French phone": "06 12 34 56 78",
    "Afghan mobile": "0701234567",
    "e-mail": "someone.private@example.org",
    "born": "head of family born on 3/4/1985",
    "DOB": "DOB: 1985-04-03",
    "Dari birth": "تاریخ تولد: ۱۳۶۴",
    "son of": "Ahmad s/o Karim, two days at the gate",
    "Urdu son of": "احمد ولد کریم",
    "street": "House No. 12, Street 4",
}

HARMLESS_CELLS = [
    "1,234,567",
    "200,200,975",
    "0.0000001",
    "https://example.org/news/1701234567890/story?id=1730112345671",
    "aaj_30349675",
    "about 12,000-15,000 persons between 1 and 15 November 2023",
    "2023-10-01 00:00:00",
    "PK2030401",
    "AF0101",
    "30.9133, 66.4441",
    "men 2,345; women 2,222; children 5,001; vehicles 312",
    "2023-10-01/2023-10-31",
    "from 08:00 to 17:00",
    "w/o Chaman",
    "1402/08/10",
    "phone-in count by the UNHCR sub-office, Peshawar",
    "10000000000",
    "5.0E+08",
    "131,325 (= 387,593 - 256,268)",
    "Houses at Zero Point block 4",
    "20231001-20231031",
    "S/2023/678, A/78/123",
]


def shared_tables() -> list[Path]:
    root = Path(os.environ.get("SARAI_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    return sorted(root.glob("data/*/*.csv")) + sorted(root.glob("*.csv"))


def case_tables() -> list[Path]:
    import sarai

    return sorted((Path(sarai.__file__).parent / "cases").rglob("*.csv"))


def read_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


@pytest.mark.parametrize("header", PERSONAL_HEADERS)
def test_column_name_for_a_person_is_found(header: str) -> None:
    """A column whose name stands for a personal datum is found in each language, even beside counts."""
    faults = find_personal_data("a.csv", [*COUNTS, header], [["2023-11-01", "2023-11-01", "torkham", "10", "", ""]])
    assert [fault.column for fault in faults] == ["number 6"]


@pytest.mark.parametrize("header", AGGREGATE_HEADERS)
def test_column_name_of_counts_passes(header: str) -> None:
    """A column of counts, places, sources or texts is left alone."""
    assert (
        find_personal_data("a.csv", [*COUNTS, header], [["2023-11-01", "2023-11-01", "torkham", "10", "", "7"]]) == []
    )


@pytest.mark.parametrize("cell", PERSONAL_CELLS.values(), ids=PERSONAL_CELLS.keys())
def test_personal_content_is_found_in_a_note_and_never_repeated(cell: str) -> None:
    """One personal datum in a note is found, with its row and column, and no part of it stands in the fault."""
    faults = find_personal_data("a.csv", COUNTS, [["", "", "", "1", "fine"], ["", "", "", "2", cell]])
    assert [(fault.row, fault.column) for fault in faults] == [(3, "number 5")]
    assert not [part for part in cell.split() if len(part) > 5 and not part.isalpha() and part in str(faults[0])]


@pytest.mark.parametrize("cell", HARMLESS_CELLS)
def test_harmless_content_passes(cell: str) -> None:
    """Counts, addresses of pages, source ids, place codes, windows and hours are left alone."""
    assert find_personal_data("a.csv", COUNTS, [["", "", "", "1", cell]]) == []


def test_header_row_that_is_data_is_found() -> None:
    """A file without a header is looked at by content, its first line too."""
    assert find_personal_data("a.csv", ["17301-1234567-1", "3"], []) != []


def test_column_of_personal_names_is_found_under_a_harmless_name() -> None:
    """A column that mostly holds personal names is found whatever it is called."""
    cells = ["Ahmad Khan", "Gul Bibi", "Abdul Rahim", "Torkham gate", "Noor Muhammad"]
    faults = find_personal_data("a.csv", ["place", "persons"], [[cell, "1"] for cell in cells])
    assert ["personal names" in fault.found for fault in faults] == [True]


def test_places_called_after_persons_pass() -> None:
    """Crossings, districts and camps that are called after persons are places."""
    cells = [
        "Ghulam Khan",
        "Dera Ismail Khan",
        "Rahim Yar Khan",
        "Torkham",
        "Spin Boldak",
        "Angoor Adda",
        "Kharlachi",
        "Milak",
    ]
    assert find_personal_data("a.csv", ["place", "persons"], [[cell, "12"] for cell in cells]) == []


def test_bare_name_column_needs_counts_or_coordinates_beside_it() -> None:
    """`name` passes in a gazetteer and is refused in a list."""
    rows = [["A", "B", "1", "2"]]
    assert find_personal_data("a.csv", ["name", "kind", "lat", "lon"], rows) == []
    assert find_personal_data("a.csv", ["name", "district", "date", "remarks"], rows) != []


def test_one_row_per_person_is_found() -> None:
    """Age and sex on each row without any count is a list of persons; the same with counts is a table."""
    people = [["1", "Male", "34"], ["2", "Female", "31"], ["3", "F", "5"]]
    assert any("one row per person" in f.found for f in find_personal_data("a.csv", ["sn", "sex", "age"], people))
    assert find_personal_data("a.csv", ["persons", "sex", "age"], [[n + "0", s, a] for n, s, a in people]) == []


def test_column_of_birth_dates_is_found_without_its_name() -> None:
    """Dates that span decades are dates of birth; windows of reports are not."""
    births = [["12/03/1961"], ["05/07/1985"], ["30/01/1990"], ["02/02/2004"], ["19/09/2015"], ["11/11/1979"]]
    assert find_personal_data("a.csv", ["when"], births) != []
    assert find_personal_data("a.csv", ["when"], [[f"2023-11-{d:02d}"] for d in range(1, 20)]) == []


def test_milliseconds_of_a_map_service_pass_only_in_a_date_column() -> None:
    """Thirteen digits are a time stamp in a column of dates and an identity number elsewhere."""
    assert find_personal_data("a.json", ["EditDate", "persons"], [["1698796800000", "5"]]) == []
    assert find_personal_data("a.json", ["remarks", "persons"], [["1698796800000", "5"]]) != []


def test_faults_are_bounded() -> None:
    """A large personal table gives at most 20 faults."""
    rows = [[f"17301-123{i:04d}-1"] * 40 for i in range(500)]
    assert 1 <= len(find_personal_data("a.csv", [], rows)) <= 20


@pytest.mark.parametrize("path", case_tables(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_tables_of_built_in_cases_pass(path: Path) -> None:
    """No table that ships with sarai looks personal."""
    header, *rows = read_rows(path)
    assert find_personal_data(path.name, header, rows) == []


@pytest.mark.shared
def test_reference_tables_pass() -> None:
    """No reference table looks personal."""
    if not shared_tables():
        pytest.skip("the reference folder is not beside this checkout")
    for path in shared_tables():
        header, *rows = read_rows(path)
        assert find_personal_data(path.name, header, rows) == [], path
