"""The ledger of a team in PostgreSQL: the same record, the same refusals. Needs SARAI_TEST_POSTGRES, a database URL."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from makers.ledger import observation, step_clock, write_folder
from sarai.ledger.export import export_ledger
from sarai.ledger.folder import write_case
from sarai.ledger.places import LEDGER_FILE
from sarai.ledger.redact import redact_row
from sarai.ledger.store import open_ledger
from sarai.ledger.writing import Act
from sarai.observe.ingest import HEADERS
from sarai.world.errors import RequestError

URL = os.environ.get("SARAI_TEST_POSTGRES", "")


def anything(_: object) -> None:
    """A screen that lets every table through."""


@pytest.mark.skipif(not URL, reason="SARAI_TEST_POSTGRES names no database")
def test_team_database_keeps_the_same_record(tmp_path: Path) -> None:
    """Append, replay, refuse changes, redact and export, with no file in the folder."""
    folder = write_folder(tmp_path / f"case-{uuid.uuid4().hex[:8]}")
    with write_case(folder, screen=anything, place=URL, now=step_clock()) as held:
        receipt = held.append({"observations.csv": [observation(note="secret")]}, Act(verb="ingest"), HEADERS)
        assert receipt.tables == {"observations.csv": 1}
        ledger = held.ledger
        for statement in ("UPDATE batch SET why = 'x'", "DELETE FROM row_version", "UPDATE row_version SET cells = ''"):
            with pytest.raises(DatabaseError, match="append-only"), ledger.engine.begin() as connection:
                connection.execute(text(statement))
        redact_row(held, "observations.csv:5", why="personal")
        assert ledger.check() == ()
        heights = [len(ledger.replay(number).tables["observations.csv"].rows) for number, *_ in ledger.batches()]
        assert heights == [3, 3, 3]
        export_ledger(ledger, tmp_path / "out.sqlite")
    assert not (folder / LEDGER_FILE).exists()
    assert b"secret" not in (tmp_path / "out.sqlite").read_bytes()
    with open_ledger(tmp_path / "out.sqlite", folder.name) as sent:
        assert sent.check() == ()


@pytest.mark.parametrize("url", ["oracle+nothing://host/x", "postgresql+psycopg2cffi://host/x", "nonsense://"])
def test_database_without_a_driver_is_refused(url: str) -> None:
    """The message names what to install."""
    with pytest.raises(RequestError, match="no driver"):
        open_ledger(url, "case")
