from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from sarai.publish.files import write_files
from sarai.world.errors import RequestError


def test_a_disk_that_fills_up_leaves_neither_file_nor_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of three files does not fit: what was there stays, and no folder is made for nothing."""
    (tmp_path / "old.txt").write_text("old")
    calls = iter(range(3))

    def fsync(handle: int) -> None:
        if next(calls) == 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("sarai.publish.files.os.fsync", fsync)
    with pytest.raises(RequestError) as error:
        write_files(tmp_path / "out" / "deep", {"a.txt": b"a", "charts/b.svg": b"b", "c.txt": b"c"})
    assert "No space left" in str(error.value) and str(tmp_path / "out" / "deep") in str(error.value)
    assert [path.name for path in tmp_path.rglob("*")] == ["old.txt"]


def test_one_file_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the file, not the folder `.` that it would lie in."""

    def fsync(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("sarai.publish.files.os.fsync", fsync)
    with pytest.raises(RequestError, match=r"needs\.csv: nothing can be written there"):
        write_files(tmp_path, {"needs.csv": b"a"})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_a_file_stops_all_of_them(tmp_path: Path) -> None:
    """Nothing is moved into place where one of the places is taken by a folder."""
    (tmp_path / "out" / "b.txt").mkdir(parents=True)
    with pytest.raises(RequestError):
        write_files(tmp_path / "out", {"a.txt": b"a", "b.txt": b"b"})
    assert sorted(path.name for path in (tmp_path / "out").rglob("*")) == ["b.txt"]
