"""A bad file is refused with its place, and nothing of it is written; or its good rows, when asked."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from makers.ingest import SOURCE, TODAY, figures, ingest, put
from makers.workbook import workbook
from sarai.ledger.folder import read_case
from sarai.ledger.table_text import read_folder
from sarai.observe.case_folder import load_case
from sarai.observe.ingest import Request, ingest_files
from sarai.observe.mapping import parse_mapping
from sarai.observe.screen import screen_tables
from sarai.world.errors import Fault, InputError

BAD: dict[str, tuple[str, str, int, str]] = {
    "no such crossing": (
        "date,crossing,persons\n2030-03-07,north_gate,1\n2030-03-07,middle,2\n", "no such crossing", 3, "crossing",
    ),
    "a fraction": ("date,crossing,persons\n2030-03-07,north_gate,1.5\n", "whole number", 2, "persons"),
    "a negative": ("date,crossing,persons\n2030-03-07,north_gate,-3\n", "not negative", 2, "persons"),
    "a word": ("date,crossing,persons\n2030-03-07,north_gate,many\n", "not a whole number", 2, "persons"),
    "no such day": ("date,crossing,persons\n2030-02-30,north_gate,3\n", "no such day", 2, "date"),
    "an unclear day": ("date,crossing,persons\n03/04/2030,north_gate,3\n", "dayfirst", 2, "date"),
    "an undeclared calendar": ("date,crossing,persons\n1408-12-17,north_gate,3\n", "solar_hijri", 2, "date"),
    "a window that ends early": (
        "start date,end date,crossing,persons\n2030-03-07,2030-03-05,north_gate,3\n", "ends before", 2, "end date",
    ),
    "no date": ("date,crossing,persons\n,north_gate,3\n", "no date", 2, "date"),
    "no date column": ("crossing,persons\nnorth_gate,3\n", "no column holds a date", 1, ""),
    "no count column": ("date,crossing\n2030-03-07,north_gate\n", "no column holds a count", 1, ""),
    "no crossing column": ("date,persons\n2030-03-07,4\n", "which crossing", 1, ""),
    "no header": ("1,2,3\n4,5,6\n", "no header row", 0, ""),
    "no such publication": (
        "date,crossing,persons,source_id\n2030-03-07,north_gate,3,nobody\n", "no such publication", 2, "source_id",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_row_is_named_with_file_row_and_column_and_nothing_is_written(
    tmp_path: Path, folder: Path, name: str
) -> None:
    """Each fault carries its place, and neither table nor ledger has a row of the file."""
    text, what, row, column = BAD[name]
    before = read_folder(folder)
    with pytest.raises(InputError) as caught:
        ingest(folder, put(tmp_path, "bad.csv", text))
    (fault,) = caught.value.faults
    assert what in fault.what
    assert (fault.file, fault.row, fault.column) == ("bad.csv", row, column)
    assert read_folder(folder) == before
    with read_case(folder, screen=screen_tables) as ledger:
        assert [entry.verdict for entry in ledger.files()] == ["refused"]


def test_all_faults_come_at_once(tmp_path: Path, folder: Path) -> None:
    """Every bad cell of every file is in one message."""
    one = put(tmp_path, "one.csv", "date,crossing,persons\n2030-03-07,middle,x\n2030-02-30,south,1\n")
    two = put(tmp_path, "two.csv", "date,crossing,persons\n2030-03-07,south,-1\n")
    with pytest.raises(InputError) as caught:
        ingest(folder, one, two)
    assert [(fault.file, fault.row, fault.column) for fault in caught.value.faults] == [
        ("one.csv", 2, "persons"), ("one.csv", 2, "crossing"), ("one.csv", 3, "date"), ("two.csv", 2, "persons"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "what", "row", "column"),
    [
        (lambda sheet: sheet.merge_cells("B3:B4"), "merged cells", 3, "B (Crossing)"),
        (lambda sheet: sheet.merge_cells("A2:B2"), "merged cells", 2, "A (Date)"),
        (lambda sheet: sheet.__setitem__("C3", "=1+1"), "formula", 3, "C (Individuals)"),
        (lambda sheet: sheet.__setitem__("C4", "x"), "whole number", 4, "C (Individuals)"),
    ],
)
def test_workbook_faults_name_sheet_row_and_column(
    tmp_path: Path, folder: Path, change: Callable[[Any], None], what: str, row: int, column: str
) -> None:
    """Merged cells, formulas and bad values below a title row."""
    data = workbook(
        ["Update"],
        ["Date", "Crossing", "Individuals"],
        ["2030-03-07", "south", 1],
        ["2030-03-08", "south", 2],
        change=change,
    )
    with pytest.raises(InputError) as caught:
        ingest(folder, put(tmp_path, "w.xlsx", data))
    fault = caught.value.faults[0]
    assert what in fault.what
    assert (fault.file, fault.sheet, fault.row, fault.column) == ("w.xlsx", "Daily", row, column)


def test_good_rows_go_in_only_when_asked_and_the_rest_is_quarantined(tmp_path: Path, folder: Path) -> None:
    """Without the option nothing goes in; with it the bad rows stand in a file with their reasons."""
    text = "date,crossing,persons\n2030-03-07,north_gate,5\n2030-03-08,middle,6\n2030-03-09,south,seven\n"
    path = put(tmp_path, "part.csv", text)
    with pytest.raises(InputError):
        ingest(folder, path)
    assert figures(folder) == []
    outcome = ingest(folder, path, keep_good=True)
    assert [row[3] for row in figures(folder)] == ["5"]
    assert outcome.quarantined is not None
    with outcome.quarantined.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["file"], row["row"], row["column"]) for row in rows] == [
        ("part.csv", "3", "crossing"),
        ("part.csv", "4", "persons"),
    ]
    assert all(row["what"] for row in rows)
    assert rows[1]["found"] == "seven"
    assert load_case(folder)


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd|x", "-A1"])
def test_text_that_a_spreadsheet_would_run_is_refused(tmp_path: Path, folder: Path, cell: str) -> None:
    """A formula in a CSV file is a formula too, in a figure or in a note."""
    for name, text in (("f.csv", f"2030-03-07,south,{cell},"), ("n.csv", f"2030-03-07,south,5,{cell}")):
        with pytest.raises(InputError) as caught:
            ingest(folder, put(tmp_path, name, f"date,crossing,persons,note\n{text}\n"))
        assert any("formula" in fault.what and fault.row == 2 for fault in caught.value.faults)


@pytest.mark.parametrize("text", [b"crossings: [", b"\xff\xfe", b"", b"- a", b"crossings: 3", b"crossings: {a: b}"])
def test_case_that_cannot_be_read_is_said(tmp_path: Path, folder: Path, text: bytes) -> None:
    """A broken case.yaml gives a sentence that names it, whatever is offered."""
    (folder / "case.yaml").write_bytes(text)
    with pytest.raises(InputError) as caught:
        ingest(folder, put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,south,5\n"))
    assert {fault.file for fault in caught.value.faults} == {"case.yaml"}


def test_fault_that_only_the_whole_case_shows_names_the_file_that_was_offered(tmp_path: Path, folder: Path) -> None:
    """A publication that stands already with other words is told by its own file and line."""
    sources = put(
        tmp_path, "pubs.csv", "source_id,publisher,title,published,url\nx,Other,Other,2030-04-01,\npost,P,Q,,\n"
    )
    before = read_folder(folder)
    with pytest.raises(InputError) as caught:
        ingest(folder, sources, put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,south,5\n"))
    assert {(fault.file, fault.row) for fault in caught.value.faults} == {("pubs.csv", 3)}
    assert read_folder(folder) == before


def test_case_that_would_not_hold_together_is_left_alone(tmp_path: Path, folder: Path) -> None:
    """The whole case is checked with the new rows before anything is written."""
    before = read_folder(folder)
    path = put(
        tmp_path, "a.csv", "start_date,end_date,crossing,persons,known\n2030-03-07,2030-03-08,south,5,2030-03-08\n"
    )
    request = Request(files=(path,), mapping=parse_mapping("m", {"source": SOURCE}), today=TODAY)
    with pytest.raises(InputError, match="planted"):
        ingest_files(folder, request, check_case=lambda _: [Fault(what="planted")])
    assert read_folder(folder) == before


@pytest.mark.parametrize(
    "document",
    [
        {"colums": {}},
        {"columns": {"person": "x"}},
        {"calendar": "julian"},
        {"schema": 2},
        {"fixed": {"persons": "3"}},
        [],
        "x",
        None,
    ],
)
def test_mapping_with_a_fault_is_refused(document: object) -> None:
    """Unknown keys, columns, calendars and versions are named."""
    with pytest.raises(InputError):
        parse_mapping("m.yaml", document)
