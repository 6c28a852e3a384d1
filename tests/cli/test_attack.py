"""The verb `attack`: what it says and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np

from sarai.publish.grid import key_sums, release_keys
from sarai.publish.release import make_release, span_grid

DAY = date(2031, 1, 1)


def run_sarai(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as a person calls it, in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "sarai", *words], capture_output=True, text=True, cwd=folder, check=False
    )


def write_release(folder: Path, *, careless: bool) -> None:
    """A release of one line with one small cell: careless (exact, only the small one hidden) or rounded to tens."""
    grid = span_grid(DAY, DAY, [(DAY, DAY)], ("a", "b"), ("s",), ("k",))
    keys = release_keys(grid, [(DAY, DAY)])
    exact = np.asarray(key_sums(grid, keys) @ np.array([4.0, 500.0]))
    steps = np.full(len(keys), 1.0 if careless else 100.0)
    values = exact if careless else np.round(exact / 100.0) * 100.0
    release = make_release(grid, keys, values, steps, exact < 10.0, as_of=DAY, record_id="x", threshold=10.0)
    folder.mkdir()
    (folder / "release.json").write_text(release.to_json(), encoding="utf-8")


def test_attack_lists_what_can_be_worked_out_and_exits_with_1(tmp_path: Path) -> None:
    """An exact line with one gap gives the gap away; the verb names it and ends with 1."""
    write_release(tmp_path / "out", careless=True)
    done = run_sarai("attack", "out", folder=tmp_path)
    assert done.returncode == 1 and "between" in done.stdout


def test_attack_finds_nothing_behind_rounding_and_exits_with_0(tmp_path: Path) -> None:
    """The same line in coarse steps keeps its small cell."""
    write_release(tmp_path / "out", careless=False)
    done = run_sarai("attack", "out", "--json", folder=tmp_path)
    assert done.returncode == 0 and json.loads(done.stdout)["recovered"] == []


def test_attack_on_nothing_is_bad_input(tmp_path: Path) -> None:
    """A folder without releases ends with 2 and a sentence on what is wanted."""
    done = run_sarai("attack", ".", folder=tmp_path)
    assert done.returncode == 2 and "release.json" in done.stderr and done.stdout == ""
