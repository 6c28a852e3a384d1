"""Files as tables: CSV, XLSX, JSON and HXL as published, and everything that is no table refused within bounds."""

from __future__ import annotations

import datetime
import io
import json
import time
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from makers.workbook import repack, sheet_xml, workbook
from sarai.observe import bounds
from sarai.observe.hxl import find_tag_row, read_tags
from sarai.observe.raw_table import RawTable, column_letter
from sarai.observe.read_file import check_personal, read_tables
from sarai.world.errors import InputError

RECORD = {"date": "2023-11-01", "persons": 24000}
HEADER = ["Date", "Crossing", "Individuals"]
ROW = ["2023-11-01", "Torkham", "24000"]


def one_row(cells: str, head: str = "") -> bytes:
    return sheet_xml(f'<sheetData><row r="2">{cells}</row></sheetData>', head)


def cells(tables: tuple[RawTable, ...]) -> list[tuple[str, ...]]:
    return [row.cells for row in tables[0].rows]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_in_any_of_its_dialects(mark: str, encoding: str, end: str) -> None:
    """Delimiters, line ends and marked encodings are found from the content."""
    data = (mark.join(HEADER) + end + end + mark.join(ROW) + end).encode(encoding)
    tables = read_tables("a.csv", data)
    assert cells(tables) == [tuple(HEADER), tuple(ROW)]
    assert [row.line for row in tables[0].rows] == [1, 3]


def test_wrong_encoding_names_row_and_byte_and_is_never_guessed() -> None:
    """Arabic Windows text is refused with its place, and read when declared."""
    data = "Date,Crossing\n2023-11-01,تورخم\n".encode("cp1256")
    with pytest.raises(InputError) as caught:
        read_tables("a.csv", data)
    assert caught.value.faults[0].row == 2
    assert "byte 0x" in caught.value.faults[0].found
    assert cells(read_tables("a.csv", data, encoding="cp1256"))[1] == ("2023-11-01", "تورخم")


def test_workbook_gives_dates_numbers_texts_merges_and_formulas() -> None:
    """Dates come as ISO, whole numbers without a point; merged ranges and formulas are noted with their place."""
    data = workbook(
        ["Title"],
        HEADER,
        [datetime.date(2023, 11, 1), "Torkham", 24000],
        [datetime.datetime(2023, 11, 2, 6, 30), "Chaman", 1500.5],
        ["Total", None, "=SUM(C3:C4)"],
        change=lambda sheet: sheet.merge_cells("A1:C1"),
    )
    (table,) = read_tables("a.xlsx", data)
    assert table.sheet == "Daily"
    assert [row.cells for row in table.rows] == [
        ("Title",),
        tuple(HEADER),
        ("2023-11-01", "Torkham", "24000"),
        ("2023-11-02 06:30:00", "Chaman", "1500.5"),
        ("Total",),
    ]
    assert table.rows[-1].formulas == (3,)
    assert table.merged == ((1, 1, 1, 3),)


def test_workbook_of_1904_and_inline_texts() -> None:
    """Workbooks of old Macintosh days count from 1904; texts may stand in the cell."""
    data = repack(
        workbook(["x"]),
        xl__worksheets__sheet1_xml=one_row(
            '<c r="B2" s="1"><v>1</v></c><c r="D2" t="inlineStr"><is><t>a</t><t>b</t></is></c>'
        ),
        xl__styles_xml=sheet_xml('<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'),
    )
    (table,) = read_tables("a.xlsx", data)
    assert [(row.line, row.cells) for row in table.rows] == [(2, ("", "1899-12-31", "", "ab"))]


@pytest.mark.parametrize(
    "document",
    [
        [{"date": "2023-11-01", "persons": 24000}],
        {"data": [{"date": "2023-11-01", "persons": 24000.0}]},
        {"meta": {"x": 1}, "payload": {"records": [{"date": "2023-11-01", "persons": 24000}]}},
        {"data": {"timeseries": [{"date": "2023-11-01", "persons": 24000}]}, "status": {"code": 200}},
        [["date", "persons"], ["2023-11-01", 24000]],
        {
            "type": "FeatureCollection",
            "features": [{"type": "Feature", "geometry": {"type": "Point"}, "properties": RECORD}],
        },
    ],
)
def test_json_of_the_usual_shapes(document: object) -> None:
    """A list of records, one under a key, a list of rows, map features."""
    tables = read_tables("a.json", json.dumps(document).encode())
    assert cells(tables) == [("date", "persons"), ("2023-11-01", "24000")]


def test_nested_records_get_dotted_names() -> None:
    """A record in a record becomes columns."""
    tables = read_tables("a.json", b'[{"date": "2023-11-01", "count": {"persons": 5, "families": null}}]')
    assert cells(tables) == [("date", "count.persons", "count.families"), ("2023-11-01", "5", "")]


def test_hxl_tag_row_is_found_by_itself() -> None:
    """Tags may stand below a title and a header, in any case, with blanks before the plus."""
    data = b"Title,,\nDay,Gate,People\n#date , #LOC +name,#affected+ind\n2023-11-01,Torkham,5\n"
    (table,) = read_tables("a.csv", data)
    assert find_tag_row(table) == 2
    assert read_tags(table.rows[2].cells) == ["date", "crossing", "persons"]


def test_columns_of_parts_are_not_taken_for_the_whole() -> None:
    """Women, children and percentages are no count of all persons."""
    tags = [
        "#date+start",
        "#date+end",
        "#affected+f",
        "#affected+ind+children",
        "#affected+hh",
        "#affected+ind",
        "#meta+source",
    ]
    assert read_tags(tags) == ["start_date", "end_date", "", "", "families", "persons", "publisher"]


@pytest.mark.parametrize(
    ("tags", "meanings"),
    [
        (["#affected+ind+official", "#affected+ind+other", "#affected+ind+total"], ["", "", "persons"]),
        (["#affected+ind+official", "#affected+ind"], ["", "persons"]),
        (["#affected+ind+official", "#affected+ind+other"], ["", ""]),
    ],
)
def test_the_first_of_several_tagged_counts_is_not_taken_for_the_whole(tags: list[str], meanings: list[str]) -> None:
    """The one that says so is, or the one that says least; where none does, none is read."""
    assert read_tags(tags) == meanings


def zip_bomb() -> bytes:
    """A few kilobytes that unpack to 400 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(4):
            archive.writestr(f"xl/part{i}.xml", b"0" * 100_000_000)
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return out.getvalue()


def lying_zip_bomb() -> bytes:
    """A bomb that says that it is small."""
    data = zip_bomb()
    return data.replace((100_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))


ENTITY = '<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;">]>'
BODY = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&m;</t></is></c></row></sheetData>'

HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zip bomb": ("unpacks to too much", zip_bomb),
    "zip bomb that lies": ("broken", lying_zip_bomb),
    "entities": ("document type", lambda: repack(workbook(["x"]), xl__worksheets__sheet1_xml=sheet_xml(BODY, ENTITY))),
    "a million columns": (
        "too many columns",
        lambda: ("a," * 1_000_000).encode(),
    ),
    "a column far out": (
        "too many columns",
        lambda: repack(workbook(["x"]), xl__worksheets__sheet1_xml=one_row('<c r="XFD2"><v>1</v></c>')),
    ),
    "a million rows": ("too many rows", lambda: b"a,b\n" * 300_000),
    "macros": ("macros", lambda: repack(workbook(["x"]), xl__vbaProject_bin=b"x")),
    "old workbook or password": ("old .xls", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 600),
    "another archive": ("not an XLSX", lambda: repack(workbook(["x"]), xl__workbook_xml=None)),
    "a missing sheet": ("broken", lambda: repack(workbook(["x"]), xl__worksheets__sheet1_xml=None)),
    "broken XML": ("broken", lambda: repack(workbook(["x"]), xl__worksheets__sheet1_xml=b"<worksheet><sheetData>")),
    "deep XML": ("deeply", lambda: repack(workbook(["x"]), xl__worksheets__sheet1_xml=b"<a>" * 5000)),
    "a text that is not there": (
        "not there",
        lambda: repack(workbook(["x"]), xl__worksheets__sheet1_xml=one_row('<c t="s"><v>9</v></c>')),
    ),
    "a PDF": ("not a table", lambda: b"%PDF-1.7 ..."),
    "an image": ("not a table", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100)),
    "a web page": ("not a table", lambda: b"<!DOCTYPE html><html>"),
    "zero bytes": ("not a text table", lambda: b"a,b\n1,\x002\n"),
    "an open quote": ("quoted cell", lambda: b'a,b\n"1,2\n'),
    "an endless cell": ("too long", lambda: b"a,b\n1," + b"x" * 50_000 + b"\n"),
    "no list": ("no list of records", lambda: b'{"a": 1}'),
    "broken JSON": ("not JSON", lambda: b'{"a": '),
    "deep JSON": ("deeply", lambda: b'[' * 100_000),
    "a doubled key": ("twice", lambda: b'[{"a": 1, "a": 2}]'),
    "NaN": ("NaN", lambda: b'[{"a": NaN}]'),
    "an endless number": ("too long", lambda: b'[{"a": ' + b"9" * 10_000 + b"}]"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_ends_in_a_clear_refusal(name: str) -> None:
    """Each is refused with its reason, in seconds and without unpacking it."""
    reason, make = HOSTILE[name]
    data = make()
    start = time.process_time()
    with pytest.raises(InputError, match=reason):
        read_tables("file.json" if data[:1] in (b"[", b"{") else "file", data)
    assert time.process_time() - start < 10


def test_limits_are_checked_while_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sheets, parts and cells over the limit are counted and named."""
    monkeypatch.setattr(bounds, "MOST_CELLS", 5)
    with pytest.raises(InputError, match="too many cells"):
        read_tables("a.csv", b"a,b,c\n1,2,3\n")
    with pytest.raises(InputError, match="too many cells"):
        read_tables("a.xlsx", workbook("abc", "123"))


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_column_letters(number: int, letters: str) -> None:
    """As spreadsheets name them."""
    assert column_letter(number) == letters


def read_anything(data: bytes, name: str) -> None:
    """Read as ingest does, up to the point where a case is needed."""
    try:
        check_personal(read_tables(name, data))
    except InputError as error:
        assert error.faults
        assert all(fault.what for fault in error.faults)


@settings(max_examples=300)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"[", b"{", b"date,persons\n", b"\xff\xfe", b"\xef\xbb\xbf"]),
)
def test_any_bytes_end_in_a_table_or_a_refusal(data: bytes, head: bytes) -> None:
    """Random bytes after the beginnings of real files."""
    read_anything(head + data, "f")


@settings(max_examples=200)
@given(st.integers(0, 10**9), st.integers(1, 40), st.sampled_from(["xlsx", "csv", "json"]))
@example(seed=121204436, damage=8, kind="xlsx")  # an offset in the archive that leads before its start
def test_damaged_files_end_in_a_table_or_a_refusal(seed: int, damage: int, kind: str) -> None:
    """Real files with bytes changed, cut or doubled."""
    whole = {
        "xlsx": WORKBOOK,
        "csv": b"Date,Crossing,Individuals\n2023-11-01,Torkham,24000\n",
        "json": b'{"data": [{"date": "2023-11-01", "persons": 24000}]}',
    }[kind]
    data = bytearray(whole)
    for step in range(damage):
        seed = (seed * 6364136223846793005 + 1442695040888963407 + step) % 2**64
        at = seed % len(data)
        if seed % 5 == 0:
            del data[at : at + seed % 50]
        elif seed % 5 == 1:
            data[at:at] = data[at : at + seed % 50]
        else:
            data[at] = (seed >> 32) % 256
        if not data:
            break
    read_anything(bytes(data), f"f.{kind}")


WORKBOOK = workbook(HEADER, [datetime.date(2023, 11, 1), "Torkham", 24000], ["2023-11-02", "Chaman", "5,000"])


@settings(max_examples=150)
@given(st.text(max_size=400))
def test_any_sheet_xml_ends_in_a_table_or_a_refusal(text: str) -> None:
    """A workbook whose sheet is any text at all, or any text in a cell."""
    read_anything(repack(WORKBOOK, xl__worksheets__sheet1_xml=text.encode("utf-8", "replace")), "f.xlsx")
    cell = f'<sheetData><row><c t="s"><v>{text}</v></c></row></sheetData>'
    read_anything(repack(WORKBOOK, xl__worksheets__sheet1_xml=sheet_xml(cell)), "f.xlsx")
