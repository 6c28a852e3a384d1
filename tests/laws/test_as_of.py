"""The as-of law, from end to end: deleting everything known later changes no byte of any output."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from makers.folder import delete_later
from sarai.observe.case_folder import find_case


def write_copy(folder: Path, files: dict[str, bytes]) -> Path:
    """A case folder of the same name in a place of its own."""
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def brief_bytes(case: Path, day: date) -> dict[str, bytes]:
    """Every file of a small briefing, by name."""
    out = case.parent / "out"
    words = ["brief", str(case), "--as-of", day.isoformat(), "--members", "24", "--out", str(out)]
    done = subprocess.run([sys.executable, "-m", "sarai", *words], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(("name", "day"), [("pakistan-2023", date(2023, 10, 28)), ("teaching", date(2031, 3, 25))])
def test_no_output_byte_knows_what_became_known_later(tmp_path: Path, name: str, day: date) -> None:
    """A briefing of the whole folder and one of the folder without anything known later are the same files."""
    source = find_case(name)[1]
    files = {f.name: f.read_bytes() for f in source.iterdir() if f.is_file() and f.name.endswith((".csv", ".yaml"))}
    files.pop("scenarios.yaml", None)
    whole = brief_bytes(write_copy(tmp_path / "whole" / name, files), day)
    cut = brief_bytes(write_copy(tmp_path / "cut" / name, delete_later(files, day)), day)
    assert sorted(whole) == sorted(cut) and "forecast.csv" in whole
    assert [file for file in whole if whole[file] != cut[file]] == []
