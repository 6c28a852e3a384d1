"""Export: one file with every record, and nothing beside it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from makers.ledger import step_clock, write_folder
from sarai.ledger.export import export_ledger
from sarai.ledger.folder import read_case
from sarai.ledger.store import open_ledger
from sarai.world.errors import RequestError


def anything(_: object) -> None:
    """A screen that lets every table through."""


def test_export_is_one_file_that_replays_the_same(tmp_path: Path) -> None:
    """The file that is sent gives every past state with the same digest, without a log beside it."""
    folder = write_folder(tmp_path / "c")
    out = tmp_path / "sent" / "out.sqlite"
    out.parent.mkdir()
    with read_case(folder, screen=anything, now=step_clock()) as ledger:
        size = export_ledger(ledger, out)
        digest = ledger.replay().digest
    assert [path.name for path in out.parent.iterdir()] == ["out.sqlite"]
    assert size == out.stat().st_size
    connection = sqlite3.connect(out)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()
    with open_ledger(out, "c") as sent:
        assert sent.replay().digest == digest
        assert sent.check() == ()


def test_export_never_overwrites(tmp_path: Path) -> None:
    """A file that is there is left alone."""
    folder = write_folder(tmp_path / "c")
    (tmp_path / "out.sqlite").write_bytes(b"mine")
    with read_case(folder, screen=anything) as ledger, pytest.raises(RequestError, match="there already"):
        export_ledger(ledger, tmp_path / "out.sqlite")
    assert (tmp_path / "out.sqlite").read_bytes() == b"mine"
