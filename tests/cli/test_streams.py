"""Letters of every script go in and out, whatever table of letters the machine has; messages fit the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sarai.cli.streams import fold_lines

QUESTIONS = ("x", "Tchad", "السودان", "أدري", "", "", "", "", "", "وزارة", "décret", "2024-03-01", "", "no")


def run(words: list[str], typed: bytes, folder: Path, table: str) -> subprocess.CompletedProcess[bytes]:
    """sarai as on a machine with this table of letters."""
    environment = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": table}
    return subprocess.run(
        [sys.executable, "-m", "sarai", *words],
        input=typed,
        capture_output=True,
        cwd=folder,
        env=environment,
        check=False,
    )


@pytest.mark.parametrize("table", ["cp1252", "ascii", "cp850"])
def test_answers_in_arabic_and_french_survive_an_old_table(table: str, tmp_path: Path) -> None:
    """Names typed in UTF-8 stand in the case as typed, and what is printed is UTF-8."""
    done = run(["new", "mine"], ("\n".join(QUESTIONS) + "\n").encode(), tmp_path, table)
    assert done.returncode == 0, done.stderr.decode()
    text = (tmp_path / "mine" / "case.yaml").read_text(encoding="utf-8")
    assert "country_from: Chad" in text and "country_to: Sudan" in text and "أدري" in text
    assert "décret" in (tmp_path / "mine" / "sources.csv").read_text(encoding="utf-8")
    assert "أدري" in done.stderr.decode("utf-8")


def test_answers_in_another_encoding_are_refused_with_a_sentence(tmp_path: Path) -> None:
    """A file of answers in the table of the machine is no traceback, and nothing is written."""
    done = run(["new", "mine"], "Rückkehr\n".encode("cp1252"), tmp_path, "cp1252")
    assert done.returncode == 2 and "not UTF-8" in done.stderr.decode() and list(tmp_path.iterdir()) == []


def test_a_message_is_folded_to_the_terminal_and_keeps_every_word() -> None:
    """No line is wider than 80 columns, facts stay under their word, nothing is lost."""
    text = (
        "case.yaml, row 12, column x: "
        + "a rule that is broken " * 8
        + "\n  found   "
        + "value " * 30
        + "\n  mend    do this"
    )
    folded = fold_lines(text, 80)
    assert max(map(len, folded.splitlines())) <= 80
    assert folded.split() == text.split()
    assert all(line.startswith(" " * 10) for line in folded.splitlines() if line.strip().startswith("value value"))
