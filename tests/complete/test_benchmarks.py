"""`make bench` runs what measures speed, and nothing that writes into the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.__main__ import FOLDER, MAKES_TABLES, NO_PROGRAM, benchmark_names, main


def test_every_program_is_run_or_makes_a_table() -> None:
    """Each file that is a program of its own is named on one side or the other."""
    programs = {path.stem for path in FOLDER.glob("*.py")} - set(NO_PROGRAM)
    assert set(benchmark_names()) | set(MAKES_TABLES) == programs
    assert not set(benchmark_names()) & set(MAKES_TABLES)


def test_no_benchmark_of_speed_writes_a_file_of_the_project() -> None:
    """Only those that make tables name one in the sources or the docs to write to; others write in a passing folder."""
    for name in benchmark_names():
        text = Path(FOLDER / f"{name}.py").read_text(encoding="utf-8")
        writes = "write_text" in text or "write_bytes" in text
        assert not writes or ("TemporaryDirectory" in text and "TABLE" not in text and "PAGE" not in text), name


def test_an_unknown_benchmark_is_told_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and the names."""
    assert main(["speed"]) == 2
    assert "returns" in capsys.readouterr().err


def test_help_names_every_program_with_its_question(capsys: pytest.CaptureFixture[str]) -> None:
    """One line each, those that write a page or a table among them."""
    assert main(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [*benchmark_names(), *MAKES_TABLES]
    assert all(len(line.split()) > 3 for line in lines)
