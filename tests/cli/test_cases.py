"""The verbs on cases: list, check, copy; data on standard output, talk on standard error, 2 for bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from makers.folder import OBSERVATIONS, smallest_case
from sarai.observe.case_folder import built_in_cases, find_case, load_case


def run_sarai(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as a person calls it, in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "sarai", *words], capture_output=True, text=True, cwd=folder, check=False
    )


def write_folder(folder: Path, files: dict[str, bytes]) -> Path:
    """A case folder on disk."""
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def test_cases_lists_what_ships(tmp_path: Path) -> None:
    """Every built-in case is listed, as a table and as JSON."""
    plain, as_json = run_sarai("cases", folder=tmp_path), run_sarai("cases", "--json", folder=tmp_path)
    assert plain.returncode == as_json.returncode == 0
    assert [row["name"] for row in json.loads(as_json.stdout)] == list(built_in_cases())
    assert all(name in plain.stdout for name in built_in_cases())


def test_check_names_every_fault_and_exits_with_2(tmp_path: Path) -> None:
    """Two faults in two files are both named on standard error; nothing is on standard output."""
    files = smallest_case(observations=OBSERVATIONS.replace(",120,", ",-1,"), events=None)
    write_folder(tmp_path / "mine", files)
    done = run_sarai("check", "mine", folder=tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert "observations.csv, row 2, column persons" in done.stderr
    assert "events.csv" in done.stderr and "Traceback" not in done.stderr
    listed = run_sarai("check", "mine", "--json", folder=tmp_path)
    assert listed.returncode == 2
    assert {fault["file"] for fault in json.loads(listed.stdout)} == {"observations.csv", "events.csv"}


def test_check_says_what_a_good_case_takes_for_granted(tmp_path: Path) -> None:
    """A case without faults gets 0 and the list of its assumptions."""
    write_folder(tmp_path / "mine", smallest_case())
    done = run_sarai("check", "mine", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no fault found" in done.stdout and "\nA6: " in done.stdout


@pytest.mark.parametrize("words", [("check", "nowhere"), ("check", "mine", "--as-of", "2030-02-31")])
def test_a_request_that_makes_no_sense_exits_with_2(tmp_path: Path, words: tuple[str, ...]) -> None:
    """A case or a day that is not there is bad input, told without a traceback."""
    write_folder(tmp_path / "mine", smallest_case())
    done = run_sarai(*words, folder=tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr and done.stderr


def test_new_copies_a_built_in_case_whole(tmp_path: Path) -> None:
    """The copy loads and differs from the original in its name and the line that leads editors to the schema."""
    done = run_sarai("new", "mine", "--from", "pakistan-2023", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    copy = load_case(tmp_path / "mine")
    assert copy.name == "mine" and copy.reports == load_case("pakistan-2023").reports
    original = find_case("pakistan-2023")[1]
    files = {f.name: f.read_bytes() for f in original.iterdir() if f.is_file()}
    copied = {name: (tmp_path / "mine" / name).read_bytes() for name in files}
    hint, _, copied["case.yaml"] = copied["case.yaml"].partition(b"\n")
    assert copied == files and hint.startswith(b"# yaml-language-server: $schema=")


def test_new_never_writes_over_anything(tmp_path: Path) -> None:
    """A folder that is there is left as it is, and no half-made folder stays behind."""
    write_folder(tmp_path / "mine", smallest_case())
    done = run_sarai("new", "mine", "--from", "pakistan-2023", folder=tmp_path)
    assert done.returncode == 2
    assert sorted(item.name for item in tmp_path.iterdir()) == ["mine"]
    assert sorted(item.name for item in (tmp_path / "mine").iterdir()) == sorted(smallest_case())
