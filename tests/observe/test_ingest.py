"""Ingest from end to end: files as published into a case, or a refusal that says where and how to mend it."""

from __future__ import annotations

import csv
import datetime
import json
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from makers.folder import OBSERVATIONS
from makers.ledger import write_folder
from makers.workbook import workbook
from sarai.ledger.folder import read_case
from sarai.ledger.places import LEDGER_FILE, built_in_cases
from sarai.ledger.table_text import read_folder
from sarai.observe.case_folder import load_case, read_files
from sarai.observe.case_folder import read_case as read_case_files
from sarai.observe.crossing_names import read_crossings
from sarai.observe.ingest import Outcome, Request, ingest_files
from sarai.observe.mapping import parse_mapping
from sarai.observe.new_series import SERIES_COLUMNS
from sarai.observe.personal_words import plain_words
from sarai.observe.report_rows import report_origins
from sarai.observe.screen import screen_tables
from sarai.world.errors import Fault, InputError, PersonalDataError

TODAY = date(2030, 4, 20)
SOURCE = {"source_id": "agency", "publisher": "Agency", "title": "Update", "published": "2030-04-10"}


def ingest(folder: Path, *files: Path, known: date | None = None, keep_good: bool = False, **mapping: Any) -> Outcome:
    """Ingest as the command does, with the same check of the whole case."""

    def check(after: Mapping[str, bytes]) -> list[Fault]:
        _, faults, personal = read_case_files(folder.name, {**read_files(folder), **after})
        return [*personal, *faults]

    read = parse_mapping("m.yaml", {"source": SOURCE, **mapping})
    request = Request(files=files, mapping=read, known=known, keep_good=keep_good, today=TODAY)
    return ingest_files(folder, request, check_case=check)


def put(tmp_path: Path, name: str, content: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def figures(folder: Path) -> list[tuple[str, ...]]:
    """Start, end, crossing, persons, families and cumulative of the rows that ingest added."""
    with (folder / "observations.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))[OBSERVATIONS.count("\n") - 1 :]
    names = ("start_date", "end_date", "crossing", "persons", "families", "cumulative")
    return [tuple(row[name] for name in names) for row in rows]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The smallest valid case on disk."""
    return write_folder(tmp_path / "case")


LONG = [
    ("2030-03-07", "2030-03-07", "north_gate", "1200", "", "false"),
    ("2030-03-08", "2030-03-08", "south_gate", "900", "", "false"),
]
LONG_FILES: dict[str, tuple[str, Callable[[], str | bytes], dict[str, Any]]] = {
    "plain": ("a.csv", lambda: "date,crossing,persons\n2030-03-07,north_gate,1200\n2030-03-08,south_gate,900\n", {}),
    "synonyms, separators and a title": (
        "a.csv",
        lambda: 'Agency update,,\n,,\nReport date;x\nReporting Date,Border Point,No. of Individuals\n'
        '7 March 2030,North Gate,"1,200"\n'
        "8 March 2030,SOUTH,900\nTotal,,\"2,100\"\nSource: agency,,\n",
        {},
    ),
    "Dari": (
        "a.csv",
        lambda: "تاریخ,گذرگاه,تعداد افراد\n"
        "۲۰۳۰/۰۳/۰۷,north gate,۱٬۲۰۰\n۲۰۳۰/۰۳/۰۸,south,۹۰۰\nمجموع,,۲٬۱۰۰\n",
        {},
    ),
    "Solar Hijri, declared": (
        "a.csv",
        lambda: "date,crossing,persons\n1408/12/17,north_gate,1200\n1408-12-18,south,900\n",
        {"calendar": "solar_hijri"},
    ),
    "day first, declared": (
        "a.csv",
        lambda: "date,crossing,persons\n07/03/2030,north_gate,1200\n08/03/2030,south,900\n",
        {"dayfirst": True},
    ),
    "workbook": (
        "a.xlsx",
        lambda: workbook(
            ["Agency update"], [], ["Date", "Crossing", "Individuals"], [datetime.date(2030, 3, 7), "North gate", 1200],
            [datetime.date(2030, 3, 8), "South", "900"], ["Grand total", None, "=SUM(C4:C5)"],
            change=lambda sheet: sheet.merge_cells("A1:C1"),
        ),
        {},
    ),
    "JSON": (
        "a.json",
        lambda: json.dumps({"data": [
            {"date": "2030-03-07", "crossing": "north_gate", "persons": 1200},
            {"date": "2030-03-08", "crossing": "south", "persons": 900},
        ]}),
        {},
    ),
    "HXL": (
        "a.csv",
        lambda: "Jour,Poste,Nombre\n#date,#loc+crossing,#affected+ind\n"
        "2030-03-07,north_gate,1200\n2030-03-08,south,900\n",
        {},
    ),
    "wide": (
        "a.csv",
        lambda: 'Date,North gate,South,Total\n2030-03-07,"1,200",-,"1,200"\n2030-03-08,n/a,900,900\n',
        {},
    ),
    "mapping": (
        "a.csv",
        lambda: "D;G;Z;Q\n2030-03-07;N;1.200;x\n2030-03-08;S;900;y\n",
        {
            "columns": {"date": "D", "crossing": "G", "persons": "Z"},
            "values": {"crossing": {"N": "north_gate", "S": "south_gate"}},
            "point_groups": True,
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LONG_FILES)
def test_same_counts_in_every_shape_give_the_same_rows(tmp_path: Path, folder: Path, name: str) -> None:
    """CSV, XLSX, JSON and HXL, four scripts, three calendars, long and wide: two rows, the same ones."""
    file, make, mapping = LONG_FILES[name]
    outcome = ingest(folder, put(tmp_path, file, make()), **mapping)
    assert figures(folder) == LONG
    assert outcome.faults == []
    world = load_case(folder).as_of(TODAY)
    assert [report.persons for report in world.reports if report.source_id == "agency"] == [1200, 900]


@pytest.mark.parametrize("name", LONG_FILES)
def test_same_file_again_adds_nothing(tmp_path: Path, folder: Path, name: str) -> None:
    """Not a byte of a table and not an act of the ledger."""
    file, make, mapping = LONG_FILES[name]
    path = put(tmp_path, file, make())
    ingest(folder, path, **mapping)
    before = read_folder(folder)
    with read_case(folder, screen=screen_tables) as ledger:
        acts = ledger.batches()
    outcome = ingest(folder, path, **mapping)
    assert read_folder(folder) == before
    assert outcome.receipt is not None and outcome.receipt.tables == {}
    with read_case(folder, screen=screen_tables) as ledger:
        assert ledger.batches() == acts


def test_each_row_keeps_file_hash_sheet_and_line(tmp_path: Path, folder: Path) -> None:
    """Where a figure was read can be told for every row."""
    import hashlib

    data = workbook(["t"], ["Date", "Crossing", "Individuals"], ["2030-03-07", "south", 5], title="Week 1")
    ingest(folder, put(tmp_path, "w.xlsx", data))
    with read_case(folder, screen=screen_tables) as ledger:
        origin = ledger.rows("observations.csv")[-1].origin
    assert (origin.file_hash, origin.file, origin.sheet, origin.row) == (
        hashlib.sha256(data).hexdigest(), "w.xlsx", "Week 1", 3,
    )  # fmt: skip


def test_running_totals_need_their_first_day(tmp_path: Path, folder: Path) -> None:
    """Cumulative and daily figures in one table become two rows; since when a total counts is never guessed."""
    path = put(tmp_path, "a.csv", "date,crossing,persons,cumulative total\n2030-03-07,north_gate,1200,5000\n")
    with pytest.raises(InputError, match="since when"):
        ingest(folder, path)
    assert figures(folder) == []
    ingest(folder, path, cumulative_since="2030-03-01")
    assert figures(folder) == [
        ("2030-03-07", "2030-03-07", "north_gate", "1200", "", "false"),
        ("2030-03-01", "2030-03-07", "north_gate", "5000", "", "true"),
    ]


@pytest.mark.parametrize(("heading", "told"), [("Cumulative since 20 February 2030", ""), ("Cumulative", "2030-02-20")])
def test_a_total_beside_a_period_counts_since_its_own_first_day(
    tmp_path: Path, folder: Path, heading: str, told: str
) -> None:
    """A heading or the command says since when: the period beside it is not the window of the total."""
    rows = "1-10 March 2030,north_gate,1200\n11-20 March 2030,north_gate,1900\n21-31 March 2030,north_gate,2100\n"
    path = put(tmp_path, "a.csv", f"Reporting period,crossing,{heading}\n{rows}")
    if told:
        with pytest.raises(InputError, match="since when"):
            ingest(folder, path)
        assert figures(folder) == []
    ingest(folder, path, **({"cumulative_since": told} if told else {}))
    assert [row[:2] for row in figures(folder)] == [
        ("2030-02-20", "2030-03-10"), ("2030-02-20", "2030-03-20"), ("2030-02-20", "2030-03-31"),
    ]  # fmt: skip
    assert {row[5] for row in figures(folder)} == {"true"}


def test_totals_that_begin_anew_and_fall_keep_their_windows(tmp_path: Path, folder: Path) -> None:
    """Counts of three periods under a heading of totals: each may be its own."""
    rows = "1-10 March 2030,north_gate,1200\n11-20 March 2030,north_gate,900\n21-31 March 2030,north_gate,2100\n"
    ingest(folder, put(tmp_path, "a.csv", f"Reporting period,crossing,Cumulative\n{rows}"))
    assert [row[0] for row in figures(folder)] == ["2030-03-01", "2030-03-11", "2030-03-21"]


def test_scopes_of_several_crossings(tmp_path: Path, folder: Path) -> None:
    """One figure may be about two crossings or the whole border."""
    text = "date,crossing,persons\n2030-03-07,North Gate + South,10\n"
    text += "2030-03-08,north_gate and south_gate,20\n2030-03-09,All crossings,30\n"
    ingest(folder, put(tmp_path, "a.csv", text))
    assert [row[2] for row in figures(folder)] == ["north_gate+south_gate", "north_gate+south_gate", "all"]


def test_kinds_and_statuses_in_columns(tmp_path: Path, folder: Path) -> None:
    """Beside a column of crossings, a column may hold one kind of return or one document status; the total stays."""
    text = "Date,BCP,Deported,Spontaneous,PoR,Total\n2030-03-07,south,10,90,40,100\n"
    ingest(folder, put(tmp_path, "a.csv", text))
    rows = [report for report in load_case(folder).reports if report.source_id == "agency"]
    assert sorted((report.kind, report.status, report.persons) for report in rows) == [
        ("deported", "all", 10),
        ("return_all", "all", 100),
        ("return_all", "por", 40),
        ("spontaneous_return", "all", 90),
    ]


def test_doubled_names_are_told_apart_by_number(tmp_path: Path, folder: Path) -> None:
    """A mapping may call a column by its number where two rows of names made doubles."""
    text = "Day,North,,South,\nDate,Ind,HH,Ind,HH\n2030-03-07,10,2,20,4\n"
    wide = {
        "col:2": {"crossing": "north_gate"},
        "col:4": {"crossing": "south_gate"},
        "col:5": {"crossing": "south_gate", "unit": "families"},
    }
    ingest(folder, put(tmp_path, "a.csv", text), header_row=2, columns={"date": "col:1"}, wide=wide)
    assert [row[2:5] for row in figures(folder)] == [
        ("north_gate", "10", ""), ("south_gate", "20", "4"),
    ]  # fmt: skip


def test_rows_broken_down_by_an_unread_column_are_not_taken_for_rivals(tmp_path: Path, folder: Path) -> None:
    """Two rows of one day and crossing by nationality are parts of a figure; a mapping says what the parts are."""
    text = "no,date,crossing,nationality,persons\n1,2030-03-07,south,A,500\n2,2030-03-07,south,B,80\n"
    path = put(tmp_path, "a.csv", text)
    with pytest.raises(InputError, match="differ only in a column") as caught:
        ingest(folder, path)
    assert (caught.value.faults[0].row, caught.value.faults[0].column) == (3, "nationality")
    columns = {"date": "date", "crossing": "crossing", "persons": "persons", "kind": "nationality"}
    ingest(folder, path, columns=columns)
    assert [row[3] for row in figures(folder)] == ["500", "80"]


WINDOWS = {
    "2030-03": ("2030-03-01", "2030-03-31"),
    "March 2030": ("2030-03-01", "2030-03-31"),
    "1-7 March 2030": ("2030-03-01", "2030-03-07"),
    "26 Feb - 4 March 2030": ("2030-02-26", "2030-03-04"),
    "2030-W10": ("2030-03-04", "2030-03-10"),
    "2030-03-01 to 2030-03-07": ("2030-03-01", "2030-03-07"),
}


@pytest.mark.parametrize("text", WINDOWS)
@pytest.mark.parametrize("name", ["date", "week", "month"])
def test_windows_of_reports(tmp_path: Path, folder: Path, text: str, name: str) -> None:
    """A week, a month or some days in one cell, under whatever name."""
    ingest(folder, put(tmp_path, "a.csv", f"{name},crossing,persons\n{text},south,500\n"))
    assert [row[:2] for row in figures(folder)] == [WINDOWS[text]]


def test_days_across_the_top(tmp_path: Path, folder: Path) -> None:
    """One row a crossing and one column a day."""
    ingest(folder, put(tmp_path, "a.csv", "Crossing,7 Mar 2030,8 Mar 2030\nNorth gate,1200,-\nSouth,,900\n"))
    assert figures(folder) == LONG


def test_running_total_beside_columns_of_crossings_is_about_those(tmp_path: Path, folder: Path) -> None:
    """The total of the columns is left out, the running total is kept with their scope, its start is asked for once."""
    text = "Date,North gate,South,Daily total,Cumulative total\n2030-03-07,10,20,30,300\n2030-03-08,10,20,30,330\n"
    path = put(tmp_path, "a.csv", text)
    with pytest.raises(InputError) as caught:
        ingest(folder, path)
    assert [fault.what for fault in caught.value.faults] == ["nothing says since when the running total counts"]
    ingest(folder, path, cumulative_since="2030-03-01")
    totals = [row for row in figures(folder) if row[5] == "true"]
    assert totals[0] == ("2030-03-01", "2030-03-07", "north_gate+south_gate", "300", "", "true")
    assert len(figures(folder)) == 6


def test_known_is_the_day_of_publication_or_today(tmp_path: Path, folder: Path) -> None:
    """A figure is never known earlier than its file was published, and never later than it came in."""
    path = put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,south,5\n")
    ingest(folder, path)
    rows = [report for report in load_case(folder).reports if report.source_id == "agency"]
    assert [report.known for report in rows] == [date(2030, 4, 10)]
    late = put(tmp_path, "b.csv", "date,crossing,persons\n2030-04-15,south,5\n")
    with pytest.raises(InputError, match="known before its window ended"):
        ingest(folder, late)
    ingest(folder, late, known=date(2030, 4, 16))
    nothing_published = {"source_id": "desk", "publisher": "Desk"}
    third = put(tmp_path, "c.csv", "date,crossing,persons\n2030-04-16,south,5\n")
    ingest(folder, third, source=nothing_published)
    assert max(report.known for report in load_case(folder).reports) == TODAY


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


def test_reason_and_file_name_pass_the_screen(tmp_path: Path, folder: Path) -> None:
    """What is recorded beside the rows may not point to a person either."""
    path = put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,south,5\n")
    with pytest.raises(PersonalDataError, match="--why"):
        ingest_files(folder, Request(files=(path,), why="told by 0300-7654321"))
    named = put(tmp_path, "card 17301-7654321-9.csv", "date,crossing,persons\n2030-03-07,south,5\n")
    with pytest.raises(PersonalDataError, match="name of a file"):
        ingest(folder, named)
    assert b"7654321" not in b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_origin_of_each_report_can_be_told(tmp_path: Path, folder: Path) -> None:
    """From the id that explain shows to file, sheet and line."""
    ingest(folder, put(tmp_path, "a.csv", "title,,\ndate,crossing,persons\n2030-03-07,south,5\n"))
    (report,) = [report for report in load_case(folder).reports if report.source_id == "agency"]
    with read_case(folder, screen=screen_tables) as ledger:
        origins = report_origins(folder, ledger)
    assert (origins[report.id].file, origins[report.id].row) == ("a.csv", 3)
    assert len(origins) == len(load_case(folder).reports)


PERSONAL = {
    "named columns": "name,father's name,date,crossing,persons\nA B,C D,2030-03-07,south,1\n",
    "identity numbers in a note": "date,crossing,persons,note\n2030-03-07,south,5,card 17301-7654321-9\n",
    "a title row with a telephone": "Call +93 70 765 4321,,\ndate,crossing,persons\n2030-03-07,south,5\n",
}


@pytest.mark.parametrize("keep_good", [False, True])
@pytest.mark.parametrize("name", PERSONAL)
def test_personal_data_leaves_no_cell_anywhere(tmp_path: Path, folder: Path, name: str, keep_good: bool) -> None:
    """Refused whole: the folder holds the file's hash, place and kind of match, and no cell, not even its name."""
    path = put(tmp_path, "zwilling.csv", PERSONAL[name])
    good = put(tmp_path, "good.csv", "date,crossing,persons\n2030-03-07,south,5\n")
    with pytest.raises(PersonalDataError) as caught:
        ingest(folder, good, path, keep_good=keep_good)
    kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    for secret in ("7654321", "765 4321", "C D", "zwilling", "father"):
        assert secret.encode() not in kept
        if secret != "zwilling":
            assert secret not in str(caught.value)
    assert figures(folder) == []
    with read_case(folder, screen=screen_tables) as ledger:
        (entry,) = ledger.files()
    assert entry.verdict == "personal" and len(entry.file_hash) == 64 and "row" in entry.detail


def test_personal_data_in_another_sheet_is_found(tmp_path: Path, folder: Path) -> None:
    """A sheet that would not be read is looked at too."""
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(workbook(["Date", "Crossing", "Individuals"], ["2030-03-07", "south", 5])))
    book.create_sheet("List").append(["Passport No", "remarks"])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(PersonalDataError, match="sheet List"):
        ingest(folder, put(tmp_path, "w.xlsx", out.getvalue()))


def test_personal_data_typed_into_a_table_by_hand_is_not_recorded(tmp_path: Path, folder: Path) -> None:
    """An edit by hand passes the same screen before the ledger hears of it."""
    table = folder / "observations.csv"
    table.write_text(table.read_text().replace("post,,post_daily", "post,0300-7654321,post_daily", 1))
    with pytest.raises(PersonalDataError):
        ingest(folder, put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,south,5\n"))
    assert b"7654321" not in (folder / LEDGER_FILE).read_bytes()


def test_correction_supersedes_from_the_day_it_became_known(tmp_path: Path, folder: Path) -> None:
    """The same publication gives another figure: as of the day before the old one holds, from then on the new one."""
    ingest(folder, put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,south,500\n2030-03-08,south,600\n"))
    again = put(tmp_path, "b.csv", "date,crossing,persons\n2030-03-07,south,550\n2030-03-08,south,600\n")
    ingest(folder, again)
    case = load_case(folder)

    def seen(day: date) -> list[int | None]:
        return sorted(report.persons or 0 for report in case.as_of(day).reports if report.source_id == "agency")

    assert seen(date(2030, 4, 19)) == [500, 600]
    assert seen(TODAY) == [550, 600]
    notes = [report.note for report in case.as_of(TODAY).reports if report.persons == 550]
    assert "supersedes" in notes[0] and "another figure" in notes[0]
    before = read_folder(folder)
    ingest(folder, again)
    assert read_folder(folder) == before


def test_same_file_on_a_later_day_adds_nothing(tmp_path: Path, folder: Path) -> None:
    """A file without a day of publication is known from the day of its ingest, and not from a later one again."""
    path = put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,south,500\n")
    source = {"source_id": "desk", "publisher": "Desk"}
    ingest(folder, path, source=source)
    before = read_folder(folder)
    for known in (date(2030, 5, 1), None):
        outcome = ingest(folder, path, source=source, known=known)
        assert read_folder(folder) == before
        assert outcome.said == ["1 row left out: the publisher's series says so already"]


def test_next_edition_adds_only_what_is_new(tmp_path: Path, folder: Path) -> None:
    """A table that grows each day is one witness: old days are not counted again, a changed day supersedes."""
    first = put(tmp_path, "d1.csv", "date,crossing,persons\n2030-03-07,south,500\n2030-03-08,south,600\n")
    second = put(
        tmp_path, "d2.csv", "date,crossing,persons\n2030-03-07,south,500\n2030-03-08,south,650\n2030-03-09,south,700\n"
    )
    ingest(folder, first, source={**SOURCE, "source_id": "e1", "published": "2030-03-09"})
    outcome = ingest(folder, second, source={**SOURCE, "source_id": "e2", "published": "2030-03-10"})
    assert [row[3] for row in figures(folder)] == ["500", "600", "650", "700"]
    assert len(outcome.said) == 2
    case = load_case(folder)
    seen = [
        sorted(r.persons or 0 for r in case.as_of(date(2030, 3, day)).reports if r.series == "agency")
        for day in (9, 10)
    ]
    assert seen == [[500, 600], [500, 650, 700]]


def test_other_publishers_stay_rivals(tmp_path: Path, folder: Path) -> None:
    """Two publishers that say the same, or something else, of one day are both kept."""
    for number, persons in ((1, 500), (2, 500), (3, 650)):
        path = put(tmp_path, f"{number}.csv", f"date,crossing,persons\n2030-03-07,south,{persons}\n")
        ingest(folder, path, source={"source_id": f"p{number}", "publisher": f"P{number}"}, fixed={"series": "press"})
    assert [row[3] for row in figures(folder)] == ["500", "500", "650"]
    assert len([r for r in load_case(folder).as_of(TODAY).reports if r.series == "press"]) == 3


def test_row_removed_or_edited_by_hand_is_not_brought_back(tmp_path: Path, folder: Path) -> None:
    """What a person decided stays decided when the same file comes again."""
    path = put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,south,500\n2030-03-08,south,600\n")
    ingest(folder, path)
    table = folder / "observations.csv"
    lines = table.read_text().splitlines(keepends=True)
    table.write_text("".join([*lines[:-2], lines[-1].replace(",600,", ",606,")]))
    outcome = ingest(folder, path)
    assert [row[3] for row in figures(folder)] == ["606"]
    assert outcome.said == ["2 rows left out: ingested before, and since edited or removed by hand; not brought back"]


def test_publication_comes_with_its_file(tmp_path: Path, folder: Path) -> None:
    """A table of publications in the same act defines the ids that the counts name."""
    sources = put(tmp_path, "sources.csv", "source_id,publisher,title,published,url\nnew,New desk,Count,2030-04-01,\n")
    counts = put(tmp_path, "counts.csv", "date,crossing,persons,source_id\n2030-03-07,south,5,new\n")
    ingest(folder, counts, sources)
    case = load_case(folder)
    assert "new" in {source.source_id for source in case.sources}
    assert [report.known for report in case.reports if report.source_id == "new"] == [date(2030, 4, 1)]


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


def test_what_was_left_out_is_said(tmp_path: Path, folder: Path) -> None:
    """Titles, totals, notes, unknown columns and cells without a figure are each named."""
    text = (
        "Update,,,\nDate,North gate,Weather,Total\n2030-03-07,5,dry,5\n2030-03-08,-,wet,\nTotal,5,,5\nend of table,,,\n"
    )
    outcome = ingest(folder, put(tmp_path, "a.csv", text))
    said = "\n".join(outcome.left_out)
    for part in (
        "row 1: above the header",
        "row 5: a total row",
        "row 6: a note",
        "column Weather",
        "column Total: adds up",
    ):
        assert part in said
    assert outcome.without_figure == 1


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


def test_new_series_is_described_for_a_person_to_correct(tmp_path: Path) -> None:
    """In a case with a table of series a new one gets its row, with assumed priors and a note that says so."""
    series = ",".join(SERIES_COLUMNS) + "\n"
    rows = "".join(
        f"{name},2030-03-01,,Post,all,all,persons,,differences,1,0,0.1,0.1,2030-03-06,false,\n"
        for name in ("post_daily", "ministry_total")
    )
    folder = write_folder(tmp_path / "case", series=series + rows)
    ingest(folder, put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,south,500\n"))
    added = (folder / "series.csv").read_text().splitlines()[-1]
    assert added.startswith("agency,2030-03-07,,Agency,south_gate,all,persons,")
    assert load_case(folder)


def test_crossings_are_known_by_their_names_in_other_scripts(tmp_path: Path) -> None:
    """Names in Urdu, Dari and Arabic keyboards' letters go to the crossing that the gazetteer knows by them."""
    folder = tmp_path / "mine"
    shutil.copytree(built_in_cases() / "pakistan-2023", folder)
    names = read_crossings(folder)
    for written, crossing in (("طورخم", "torkham"), ("تورخم", "torkham"), ("سپین بولدک", "chaman"), ("چمن", "chaman"),
                              ("انگور اڈہ", "angoor_adda"), ("خرلاچي", "kharlachi"), ("غلام خان", "ghulam_khan"),
                              ("Turkham", "torkham")):  # fmt: skip
        assert names[plain_words(written)] == crossing


def test_a_publication_that_bears_the_id_of_another_is_refused(tmp_path: Path, folder: Path) -> None:
    """Else its figures would be known since the day of the other one."""
    first = put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,south,500\n")
    ingest(folder, first)
    later = {**SOURCE, "published": "2030-05-01"}
    second = put(tmp_path, "b.csv", "date,crossing,persons\n2030-04-20,south,700\n")
    with pytest.raises(InputError, match="another publication of this id is there"):
        ingest(folder, second, source=later)
    ingest(folder, second, source={**later, "source_id": "second"})
    assert [row[3] for row in figures(folder)] == ["500", "700"]
