"""Ingest from end to end: files as published into a case, or a refusal that says where and how to mend it."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date
from pathlib import Path

import pytest

from makers.ingest import TODAY, ingest, put
from makers.ledger import write_folder
from makers.workbook import workbook
from sarai.ledger.folder import read_case
from sarai.ledger.places import built_in_cases
from sarai.observe.case_folder import load_case
from sarai.observe.crossing_names import read_crossings
from sarai.observe.new_series import SERIES_COLUMNS
from sarai.observe.personal_words import plain_words
from sarai.observe.report_rows import report_origins
from sarai.observe.screen import screen_tables
from sarai.world.errors import InputError


def test_each_row_keeps_file_hash_sheet_and_line(tmp_path: Path, folder: Path) -> None:
    """Where a figure was read can be told for every row."""
    data = workbook(["t"], ["Date", "Crossing", "Individuals"], ["2030-03-07", "south", 5], title="Week 1")
    ingest(folder, put(tmp_path, "w.xlsx", data))
    with read_case(folder, screen=screen_tables) as ledger:
        origin = ledger.rows("observations.csv")[-1].origin
    assert (origin.file_hash, origin.file, origin.sheet, origin.row) == (
        hashlib.sha256(data).hexdigest(), "w.xlsx", "Week 1", 3,
    )  # fmt: skip


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


def test_origin_of_each_report_can_be_told(tmp_path: Path, folder: Path) -> None:
    """From the id that explain shows to file, sheet and line."""
    ingest(folder, put(tmp_path, "a.csv", "title,,\ndate,crossing,persons\n2030-03-07,south,5\n"))
    (report,) = [report for report in load_case(folder).reports if report.source_id == "agency"]
    with read_case(folder, screen=screen_tables) as ledger:
        origins = report_origins(folder, ledger)
    assert (origins[report.id].file, origins[report.id].row) == ("a.csv", 3)
    assert len(origins) == len(load_case(folder).reports)


def test_publication_comes_with_its_file(tmp_path: Path, folder: Path) -> None:
    """A table of publications in the same act defines the ids that the counts name."""
    sources = put(tmp_path, "sources.csv", "source_id,publisher,title,published,url\nnew,New desk,Count,2030-04-01,\n")
    counts = put(tmp_path, "counts.csv", "date,crossing,persons,source_id\n2030-03-07,south,5,new\n")
    ingest(folder, counts, sources)
    case = load_case(folder)
    assert "new" in {source.source_id for source in case.sources}
    assert [report.known for report in case.reports if report.source_id == "new"] == [date(2030, 4, 1)]


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
