"""A case folder and its ledger: appended rows, edits by hand, kills, and cases that are never written."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from makers.ledger import observation, step_clock, write_folder
from sarai.ledger.folder import FolderLedger, read_case, require_writable, write_case
from sarai.ledger.places import built_in_cases, is_built_in, ledger_place
from sarai.ledger.table_text import read_folder
from sarai.ledger.writing import Act
from sarai.observe.ingest import HEADERS
from sarai.world.errors import InputError, PersonalDataError, ReadOnlyError, RequestError


def anything(_: object) -> None:
    """A screen that lets every table through."""


def append(held: FolderLedger, *rows: object) -> object:
    return held.append({"observations.csv": list(rows)}, Act(verb="ingest"), HEADERS)  # type: ignore[dict-item]


def test_append_puts_rows_at_the_end_and_leaves_the_rest_byte_for_byte(tmp_path: Path) -> None:
    """What stood in a table stays as it was typed."""
    folder = write_folder(tmp_path / "c")
    before = (folder / "observations.csv").read_bytes()
    with write_case(folder, screen=anything) as held:
        receipt = append(held, observation())
    after = (folder / "observations.csv").read_bytes()
    assert after.startswith(before)
    assert after[len(before) :].count(b"\n") == 1
    assert receipt.tables == {"observations.csv": 1}  # type: ignore[attr-defined]


def test_same_rows_again_add_nothing(tmp_path: Path) -> None:
    """A row that stands already, word for word, is not put again, in one act or in two."""
    folder = write_folder(tmp_path / "c")
    with write_case(folder, screen=anything) as held:
        append(held, observation(), observation())
        once = (folder / "observations.csv").read_bytes()
        again = append(held, observation())
    assert (folder / "observations.csv").read_bytes() == once
    assert again.known_already == 1  # type: ignore[attr-defined]


def test_each_row_keeps_where_it_was_read(tmp_path: Path) -> None:
    """File hash, file, sheet and line of a row stay with it."""
    folder = write_folder(tmp_path / "c")
    with write_case(folder, screen=anything) as held:
        append(held, observation(persons="141"), observation(persons="142"))
        origins = [version.origin for version in held.ledger.rows("observations.csv")[-2:]]
    assert [(origin.file_hash[:2], origin.file, origin.row) for origin in origins] == [
        ("ab", "daily.csv", 141),
        ("ab", "daily.csv", 142),
    ]


def test_edit_by_hand_is_a_new_version_and_a_vanished_row_is_withdrawn(tmp_path: Path) -> None:
    """The ledger follows the tables: it keeps what they said before."""
    folder = write_folder(tmp_path / "c")
    clock = step_clock()
    with read_case(folder, screen=anything, now=clock) as ledger:
        first = ledger.replay()
    path = folder / "observations.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([lines[0], lines[1].replace(",120,", ",125,"), lines[3]]))
    with read_case(folder, screen=anything, now=clock) as ledger:
        versions = [version for version in ledger.versions() if version.batch > first.batch]
        assert [(v.action, v.supersedes is not None) for v in versions] == [("put", True), ("withdraw", True)]
        assert ledger.replay(first.batch).files == first.files
        assert ledger.replay().files["observations.csv"] == path.read_bytes()
        history = ledger.history(versions[0].id)
        assert [version.cells["persons"] for version in history] == ["120", "125"]


def test_failed_check_writes_nothing(tmp_path: Path) -> None:
    """When the case would not hold together with the new rows, no byte and no record changes."""
    folder = write_folder(tmp_path / "c")
    with write_case(folder, screen=anything) as held:
        before, acts = read_folder(folder), held.ledger.batches()

        def refuse(after: object) -> None:
            raise InputError([])

        with pytest.raises(InputError):
            held.append({"observations.csv": [observation()]}, Act(verb="ingest"), HEADERS, refuse)
        assert read_folder(folder) == before
        assert held.ledger.batches() == acts


def test_committed_act_is_finished_by_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill between the commit and the writing of the table loses nothing: the next command writes it."""
    folder = write_folder(tmp_path / "c")
    before = (folder / "observations.csv").read_bytes()
    with write_case(folder, screen=anything) as held, monkeypatch.context() as patch:
        patch.setattr(FolderLedger, "finish", lambda self: None)
        append(held, observation())
        assert (folder / "observations.csv").read_bytes() == before
    with read_case(folder, screen=anything) as ledger:
        assert b",140," in (folder / "observations.csv").read_bytes()
        assert ledger.read_pending() == ()
        assert ledger.check() == ()


def test_table_edited_between_kill_and_next_command_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pending table never overwrites what a person typed meanwhile."""
    folder = write_folder(tmp_path / "c")
    path = folder / "observations.csv"
    with write_case(folder, screen=anything) as held, monkeypatch.context() as patch:
        patch.setattr(FolderLedger, "finish", lambda self: None)
        append(held, observation())
    path.write_bytes(path.read_bytes().replace(b",120,", b",121,"))
    with read_case(folder, screen=anything) as ledger:
        assert b",121," in path.read_bytes()
        assert b",140," not in path.read_bytes()
        assert ledger.replay().files["observations.csv"] == path.read_bytes()


def test_screen_stops_the_record_of_an_edit(tmp_path: Path) -> None:
    """Tables that must not be recorded leave no trace in the ledger."""
    folder = write_folder(tmp_path / "c")
    with read_case(folder, screen=anything) as ledger:
        acts = ledger.batches()
    path = folder / "observations.csv"
    path.write_bytes(path.read_bytes().replace(b",post_daily", b"secret-cell,post_daily", 1))

    def refuse(_: object) -> None:
        raise PersonalDataError([])

    with pytest.raises(PersonalDataError), write_case(folder, screen=refuse):
        pass
    assert b"secret-cell" not in ledger_place(folder).read_bytes()
    with read_case(write_folder(folder), screen=anything) as ledger:
        assert ledger.batches() == acts


def test_built_in_case_is_read_only_and_its_ledger_lies_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writing verb refuses and names the command that copies the case; reading keeps its ledger elsewhere."""
    monkeypatch.setenv("SARAI_CACHE", str(tmp_path))
    folder = built_in_cases() / "pakistan-2023"
    assert is_built_in(folder)
    with pytest.raises(ReadOnlyError, match="sarai new NAME --from pakistan-2023"):
        require_writable(folder)
    with pytest.raises(ReadOnlyError), write_case(folder, screen=anything):
        pass
    with read_case(folder, screen=anything) as ledger:
        assert ledger.replay().files["observations.csv"].count(b"\n") > 300
        assert ledger.check() == ()
    assert list((tmp_path / "ledger").glob("pakistan-2023-*.sqlite"))
    assert not list(folder.glob("*.sqlite")) and not list(folder.glob(".ledger*"))


def test_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    """A broken ledger file gives a message that says how to go on, not a traceback."""
    folder = write_folder(tmp_path / "c")
    ledger_place(folder).write_bytes(b"this is not a database, but it is long enough to be looked at" * 20)
    with pytest.raises(RequestError, match="Move the file away"), write_case(folder, screen=anything):
        pass


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_full_disk_is_a_sentence_and_the_next_command_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """When the table cannot be written after the commit, a message says so, and the rows are there later."""
    folder = write_folder(tmp_path / "c")

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch, pytest.raises(RequestError, match="cannot be written"):
        patch.setattr("sarai.ledger.folder.write_whole", fail)
        with write_case(folder, screen=anything) as held:
            append(held, observation())
    with read_case(folder, screen=anything) as ledger:
        assert b",140," in (folder / "observations.csv").read_bytes()
        assert ledger.check() == ()


def test_damaged_ledger_is_a_sentence(tmp_path: Path) -> None:
    """Pages that were overwritten give a message that says what may be moved away."""
    folder = write_folder(tmp_path / "c")
    with read_case(folder, screen=anything):
        pass
    data = bytearray(ledger_place(folder).read_bytes())
    data[4096:] = b"\x5a" * (len(data) - 4096)
    ledger_place(folder).write_bytes(bytes(data))
    with pytest.raises(RequestError, match=r"(?i)moved? (the file )?away"), read_case(folder, screen=anything):
        pass


def test_folder_without_the_right_to_write_is_read_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case on a disk that is not ours can be looked at and is never written."""
    folder = write_folder(tmp_path / "c")
    monkeypatch.setenv("SARAI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("sarai.ledger.folder.os.access", lambda *_: False)
    before = sorted(folder.iterdir())
    with read_case(folder, screen=anything) as ledger:
        assert ledger.check() == ()
    assert sorted(folder.iterdir()) == before
    with pytest.raises(RequestError, match="right to write"), write_case(folder, screen=anything):
        pass


def test_second_writer_waits_or_is_told(tmp_path: Path) -> None:
    """Two writers never hold a folder at once."""
    from sarai.ledger.lock import hold_lock

    folder = write_folder(tmp_path / "c")
    with (
        hold_lock(folder),
        pytest.raises(RequestError, match="another process"),
        hold_lock(folder, longest_wait_s=0.05),
    ):
        pass
    with hold_lock(folder):
        pass
