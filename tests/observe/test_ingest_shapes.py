"""Tables of every shape: whatever the columns, scripts, calendars and windows, the same counts give the same rows."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from makers.ingest import TODAY, figures, ingest, put
from makers.workbook import workbook
from sarai.ledger.folder import read_case
from sarai.ledger.table_text import read_folder
from sarai.observe.case_folder import load_case
from sarai.observe.screen import screen_tables
from sarai.world.errors import InputError

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
