"""Data on individuals offered for ingest: refused whole, and no cell of it is kept anywhere."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from makers.ingest import figures, ingest, put
from makers.workbook import workbook
from sarai.ledger.folder import read_case
from sarai.ledger.places import LEDGER_FILE
from sarai.observe.ingest import Request, ingest_files
from sarai.observe.screen import screen_tables
from sarai.world.errors import PersonalDataError


def test_reason_and_file_name_pass_the_screen(tmp_path: Path, folder: Path) -> None:
    """What is recorded beside the rows may not point to a person either."""
    path = put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,south,5\n")
    with pytest.raises(PersonalDataError, match="--why"):
        ingest_files(folder, Request(files=(path,), why="told by 0300-7654321"))
    named = put(tmp_path, "card 17301-7654321-9.csv", "date,crossing,persons\n2030-03-07,south,5\n")
    with pytest.raises(PersonalDataError, match="name of a file"):
        ingest(folder, named)
    assert b"7654321" not in b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


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
