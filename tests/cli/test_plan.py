"""The verb `plan`: its own table of standards, read or refused before anything is computed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def run_sarai(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as a person calls it, in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "sarai", *words], capture_output=True, text=True, cwd=folder, check=False
    )


def test_a_wrong_table_of_standards_is_refused_with_all_its_faults(tmp_path: Path) -> None:
    """A table with an unknown word and a bad figure names both, writes nothing and ends with 2."""
    (tmp_path / "own.csv").write_text(
        "id,sector,item,unit,setting,season,basis,use,per_person,source,edition,page,note\n"
        "water,WASH,water,litres,moon,all,night,consumed,none,Sphere,2018,106,\n",
        encoding="utf-8",
    )
    done = run_sarai("plan", "pakistan-2023", "--standards", "own.csv", "--out", "needs.csv", folder=tmp_path)
    assert done.returncode == 2
    assert "moon" in done.stderr and "none" in done.stderr and "own.csv" in done.stderr
    assert not (tmp_path / "needs.csv").exists()


def test_a_table_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A path that leads nowhere is named."""
    done = run_sarai("plan", "pakistan-2023", "--standards", "nowhere.csv", folder=tmp_path)
    assert done.returncode == 2 and "nowhere.csv" in done.stderr


def test_help_shows_an_example(tmp_path: Path) -> None:
    """The help text holds a command that can be copied."""
    for verb in ("plan", "attack"):
        assert f"Example: sarai {verb}" in run_sarai(verb, "--help", folder=tmp_path).stdout
