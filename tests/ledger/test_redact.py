"""Redaction: the value is nowhere afterwards, and a tombstone says that something was there."""

from __future__ import annotations

from pathlib import Path

import pytest

from makers.ledger import observation, step_clock, write_folder
from sarai.ledger.export import export_ledger
from sarai.ledger.folder import read_case, write_case
from sarai.ledger.redact import redact_row
from sarai.ledger.writing import Act
from sarai.observe.ingest import HEADERS
from sarai.world.errors import RequestError

SECRET = "zwilling-told-us-in-confidence"


def anything(_: object) -> None:
    """A screen that lets every table through."""


def folder_with_secret(tmp_path: Path) -> Path:
    """A case in which a note that should not be there was ingested and then edited."""
    folder = write_folder(tmp_path / "c")
    clock = step_clock()
    with write_case(folder, screen=anything, now=clock) as held:
        held.append({"observations.csv": [observation(note=SECRET)]}, Act(verb="ingest"), HEADERS)
    path = folder / "observations.csv"
    path.write_text(path.read_text().replace(",140,", ",145,"))
    with read_case(folder, screen=anything, now=clock):
        pass
    return folder


def every_byte(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize("column", ["note", ""])
def test_value_is_nowhere_after_redaction(tmp_path: Path, column: str) -> None:
    """No table, no version, no replay, no export and no free page of the file holds the value."""
    folder = folder_with_secret(tmp_path)
    (folder / "quarantine").mkdir()
    (folder / "quarantine" / "old.csv").write_text(f"found\n{SECRET}\n")
    assert SECRET.encode() in every_byte(folder)
    with write_case(folder, screen=anything, now=step_clock()) as held:
        redact_row(held, "observations.csv:5", column=column, why="personal")
    assert SECRET.encode() not in every_byte(folder)
    with read_case(folder, screen=anything) as ledger:
        for number, *_ in ledger.batches():
            assert SECRET.encode() not in b"".join(ledger.replay(number).files.values())
        export_ledger(ledger, tmp_path / "out.sqlite")
        assert [version.cells["value"] for version in ledger.versions() if version.action == "erase"] == ["[redacted]"]
        assert ledger.batches()[-1][2:] == ("redact", "personal")
        assert ledger.check() == ()
    assert SECRET.encode() not in (tmp_path / "out.sqlite").read_bytes()
    assert (b",145," in (folder / "observations.csv").read_bytes()) is bool(column)


def test_same_file_does_not_bring_a_redacted_row_back(tmp_path: Path) -> None:
    """The place where a redacted row was read is remembered, its content is not."""
    folder = folder_with_secret(tmp_path)
    with write_case(folder, screen=anything) as held:
        redact_row(held, "observations.csv:5", why="personal")
        receipt = held.append({"observations.csv": [observation(note=SECRET)]}, Act(verb="ingest"), HEADERS)
        assert receipt.tables == {}
    assert SECRET.encode() not in every_byte(folder)


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("observations.csv:99", "", "w"),
        ("ffffffffffff", "", "w"),
        ("observations.csv:5", "nothing", "w"),
        ("observations.csv:5", "", " "),
    ],
)
def test_redaction_that_makes_no_sense_is_refused(tmp_path: Path, row: str, column: str, why: str) -> None:
    """No such row, no such cell, or no reason: nothing changes."""
    folder = folder_with_secret(tmp_path)
    with write_case(folder, screen=anything) as held:
        before = held.ledger.batches()
        with pytest.raises(RequestError):
            redact_row(held, row, column=column, why=why)
        assert held.ledger.batches() == before


def test_other_rows_stay(tmp_path: Path) -> None:
    """Only the one row goes."""
    folder = folder_with_secret(tmp_path)
    before = (folder / "observations.csv").read_text().splitlines()
    with write_case(folder, screen=anything) as held:
        redact_row(held, "observations.csv:5", why="personal")
    assert (folder / "observations.csv").read_text().splitlines() == before[:4]
