"""Files that sarai must not take: refused with a place and a mend, and nothing of a person kept anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl.comments import Comment

from makers.ledger import write_folder
from makers.workbook import workbook
from sarai.observe.ingest import Request, ingest_files
from sarai.observe.mapping import parse_mapping
from sarai.observe.read_file import check_personal, read_tables
from sarai.world.errors import InputError, PersonalDataError

HEADER = ["date", "crossing", "persons", "note"]
GOOD = ["2030-03-07", "south", 50, ""]
RECORD = {"date": "2030-03-07", "crossing": "south", "persons": 50}
SOURCE = {"source_id": "agency", "publisher": "Agency", "title": "Update", "published": "2030-04-10"}


def noted(text: str) -> bytes:
    """One good row with a note."""
    return f'date,crossing,persons,note\n2030-03-07,south,50,"{text}"\n'.encode()


def booked(change: Callable[[Any], Any], title: str = "Daily") -> bytes:
    """A good workbook and what was done to it."""
    return workbook(HEADER, GOOD, title=title, change=change)


def add_hidden(sheet: Any) -> None:
    """A hidden sheet with a number of a card."""
    other = sheet.parent.create_sheet("x")
    other.append(["CNIC", "1730176543219"])
    other.sheet_state = "hidden"


# what is told of a person, the file that holds it, and what may be found of it anywhere
PERSONAL: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "in a header": ("a.csv", lambda: b"date,crossing,persons,17301-7654321-9\n2030-03-07,south,50,1\n", "7654321"),
    "above the header": (
        "a.csv", lambda: b"Prepared by A 0300-7654321,,\ndate,crossing,persons\n2030-03-07,south,50\n", "7654321",
    ),
    "in the name of a sheet": ("a.xlsx", lambda: booked(lambda _: None, title="A 0300-7654321"), "7654321"),
    "on a hidden sheet": ("a.xlsx", lambda: booked(add_hidden), "76543219"),
    "in a comment": (
        "a.xlsx", lambda: booked(lambda s: setattr(s["C2"], "comment", Comment("0300-7654321", "x"))), "7654321",
    ),
    "in a key": ("a.json", lambda: json.dumps([{**RECORD, "0300-7654321": "x"}]).encode(), "7654321"),
    "beside the records": (
        "a.json", lambda: json.dumps({"contact": {"phone": "+93 700 765 4321"}, "data": [RECORD]}).encode(), "765 4321",
    ),
    "in a list that is no table": (
        "a.json", lambda: json.dumps({"data": [RECORD], "staff": [{"e": "z@example.org"}]}).encode(), "z@example",
    ),
    "in a record in a record": (
        "a.json", lambda: json.dumps([{**RECORD, "who": {"card": "17301-7654321-9"}}]).encode(), "7654321",
    ),
    "a name with kin": ("a.csv", lambda: noted("Ahmad Gul s/o Sher Khan of 34 years"), "Sher Khan"),
    "a name with a title": ("a.csv", lambda: noted("Mr Wardak deported with family"), "Wardak"),
    "a name, age and sex": ("a.csv", lambda: noted("Zarmina, 12, female, unaccompanied"), "Zarmina"),
    "a name and age": ("a.csv", lambda: noted("Omid Noori aged 34 fell ill"), "Noori"),
    "the family of one": ("a.csv", lambda: noted("a man and his wife Shirin"), "Shirin"),
    "Persian digits": ("a.csv", lambda: noted("شماره ۰۷۰۰۷۶۵۴۳۲۱"), "۷۶۵۴۳۲"),
    "digits set apart": ("a.csv", lambda: noted("1 7 3 0 1 7 6 5 4 3 2 1 9"), "7 6 5 4"),
    "as a figure": ("a.csv", lambda: b"date,crossing,persons\n2030-03-07,south,1730176543219\n", "17301765"),
    "as a rounded figure": ("a.csv", lambda: b"date,crossing,persons\n2030-03-07,south,1.73018E+12\n", "1.73018"),
    "Spanish names": ("a.csv", lambda: b"Fecha,Nombre y apellido,Personas\n2030-03-07,Juan Paz,1\n", "Juan"),
    "Turkish cards": ("a.csv", lambda: "Tarih,TC Kimlik No,Kişi\n2030-03-07,12345678901,1\n".encode(), "12345678"),
    "Russian names": ("a.csv", lambda: "Дата,КПП,ФИО,человек\n2030-03-07,south,Иван Кот,1\n".encode(), "Иван"),
    "beside a bad row": (
        "a.csv", lambda: b"date,crossing,persons\n2030-03-07,south,many\n2030-03-08,0300-7654321,5\n", "7654321",
    ),
}  # fmt: skip


@pytest.mark.parametrize("keep_good", [False, True])
@pytest.mark.parametrize("name", PERSONAL)
def test_nothing_of_a_person_is_kept_or_shown(tmp_path: Path, name: str, keep_good: bool) -> None:
    """Refused whole, wherever in the file it stands; no file of the case and no message holds it."""
    file, make, secret = PERSONAL[name]
    folder = write_folder(tmp_path / "case")
    (tmp_path / file).write_bytes(make())
    mapping = parse_mapping("m.yaml", {"source": SOURCE})
    request = Request(files=(tmp_path / file,), mapping=mapping, keep_good=keep_good, today=date(2030, 4, 20))
    with pytest.raises(PersonalDataError) as caught:
        ingest_files(folder, request)
    assert secret not in str(caught.value)
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert secret.encode() not in kept
    assert secret.encode("utf-16-le") not in kept


AGGREGATE = [
    "children aged 5 to 17; women aged 18 and above",
    "Torkham, 12 of whom deported",
    "data as of 14:00, 2,345 men; 2,222 women",
    "women with their children",
    "Sr. No 4 of the bulletin",
    "flow of 8.0E+3 expected",
    "code 0102003",
]


@pytest.mark.parametrize("text", AGGREGATE)
def test_notes_about_counts_are_taken(text: str) -> None:
    """What an update says of groups is no sign of a person."""
    check_personal(read_tables("a.csv", noted(text)))


BAD: dict[str, tuple[bytes, str, int, str, str]] = {
    "UTF-16 without a mark": ("date,crossing\n2030-03-07,south\n".encode("utf-16-le"), "zero byte", 1, "", "utf-16-le"),
    "Arabic code page": ("التاريخ,crossing,persons\n".encode("cp1256"), "not utf-8", 1, "", "cp1256"),
    "a doubled name": (b"date,crossing,persons,persons\n2030-03-07,south,5,6\n", "one name", 1, "persons", "col:3"),
    "no row": (b"date,crossing,persons\n", "no row of counts", 1, "", "header_row"),
    "a page with the name of a workbook": (b"<html><table>", "not a table", 0, "", "save it"),
    "records one a line": (b'{"date": "2030-03-07"}\n{"date": "2030-03-08"}\n', "not JSON", 2, "", "list"),
    "a long number": (b"date,crossing,persons\n2030-03-07,south,99999999999\n", "people alive", 2, "persons", ""),
    "an error of a spreadsheet": (b"date,crossing,persons\n2030-03-07,south,#REF!\n", "whole number", 2, "persons", ""),
}


@pytest.mark.parametrize("name", BAD)
def test_a_refusal_names_the_place_and_the_mend(tmp_path: Path, name: str) -> None:
    """One sentence, the row and column, and what to do; nothing is written."""
    data, what, row, column, mend = BAD[name]
    folder = write_folder(tmp_path / "case")
    (tmp_path / "a.xls").write_bytes(data)
    before = (folder / "observations.csv").read_bytes()
    with pytest.raises(InputError) as caught:
        ingest_files(folder, Request(files=(tmp_path / "a.xls",), mapping=parse_mapping("m.yaml", {"source": SOURCE})))
    fault = caught.value.faults[0]
    assert what in fault.what
    assert (fault.row, fault.column) == (row, column)
    assert mend in fault.mend
    assert (folder / "observations.csv").read_bytes() == before
