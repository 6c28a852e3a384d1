"""A disk that is full: a sentence and exit code 2, nothing half written, whatever verb writes."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import sarai

resource = pytest.importorskip("resource", reason="limits on the size of files need POSIX")
ROOM = 2048
"""Bytes that a file may have; anything longer is refused by the machine, as on a full disk."""
WRITERS = {"ledger/write_file.py", "publish/files.py", "observe/case_new.py"}
"""The only files that open one to write; each writes beside the place and moves there once whole."""


def no_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


def run_full(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A verb run where no file can grow beyond a little."""
    code = "from sarai.cli.app import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=folder, preexec_fn=no_room, capture_output=True, text=True,
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}, timeout=300, check=False,
    )  # fmt: skip


def run(folder: Path, *words: str) -> None:
    code = "from sarai.cli.app import main; main()"
    subprocess.run([sys.executable, "-c", code, *words], cwd=folder, check=True, capture_output=True)


VERBS = (
    ("new", "mine", "--from", "teaching"),
    ("new", "--template", "mine.xlsx"),
    ("reconcile", "teaching", "--members", "20", "--out", "past.csv"),
    ("targets", "teaching", "--out", "targets.csv"),
    ("plan", "teaching", "--members", "20", "--out", "plans/first"),
)


@pytest.mark.parametrize("words", VERBS, ids=lambda words: words[0])
def test_a_verb_that_finds_no_room_says_so_and_leaves_nothing(words: tuple[str, ...], tmp_path: Path) -> None:
    """The reason is the machine's, the exit code the reader's, and the folder is as it was."""
    done = run_full(tmp_path, *words)
    assert done.returncode == 2, done.stderr
    assert "large" in done.stderr or "space" in done.stderr
    assert "our fault" not in done.stderr
    assert [path.name for path in tmp_path.iterdir() if path.name != "cache"] == []


def test_an_export_and_a_replay_leave_nothing_half_written(tmp_path: Path) -> None:
    """A ledger is copied by a database, whose own error on a full disk is no crash."""
    run(tmp_path, "new", "mine", "--from", "teaching")
    before = sorted(tmp_path.iterdir())
    for words in (("ledger", "export", "mine", "mine.sqlite"), ("ledger", "replay", "mine", "--out", "then")):
        done = run_full(tmp_path, *words)
        assert done.returncode == 2, done.stderr
        assert "our fault" not in done.stderr
        assert [path for path in sorted(tmp_path.iterdir()) if path.name != "cache"] == before


def test_a_count_that_finds_no_room_changes_nothing(tmp_path: Path) -> None:
    """The first count of a case makes its ledger: on a full disk there is neither, and the sentence asks for room."""
    run(tmp_path, "new", "mine", "--from", "teaching")
    before = {path.name: path.read_bytes() for path in (tmp_path / "mine").iterdir()}
    done = run_full(tmp_path, "add", "mine", "--crossing", "all", "--from", "2031-04-01", "--persons", "400",
                    "--source", "desk", "--publisher", "Desk", "--known", "2031-04-02")  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "Make room" in done.stderr and "Move the file away" not in done.stderr
    after = {path.name: path.read_bytes() for path in (tmp_path / "mine").iterdir() if path.name != ".ledger.lock"}
    assert after == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_pipe_that_takes_nothing_is_no_fault_of_ours(tmp_path: Path) -> None:
    """Standard output on a full disk ends in one sentence and exit code 2."""
    code = "from sarai.cli.app import main; main()"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-c", code, "cases"], stdout=full, stderr=subprocess.PIPE, text=True,
                              check=False)  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "space" in done.stderr and "Traceback" not in done.stderr and "our fault" not in done.stderr


def test_files_are_written_in_three_places_only() -> None:
    """Every verb writes through functions that write whole files or none; a new way to write fails here."""
    root = Path(sarai.__file__).parent
    found = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _writes(node):
                found.add(path.relative_to(root).as_posix())
    assert found == WRITERS


def _writes(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in ("write_text", "write_bytes"):
        return True
    modes = [item.value for item in node.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return name in ("open", "fdopen") and any(mode[:1] in "wax" and len(mode) <= 3 for mode in modes if mode)
