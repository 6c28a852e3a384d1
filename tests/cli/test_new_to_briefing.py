"""From a form to a briefing where little is known: an honest result or a sentence, and never a half-written file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from makers.new_case import COUNTS, CROSSINGS, START, fill_template

resource = pytest.importorskip("resource", reason="limits on files are a matter of Unix")
NO_RANGE = {key: value for key, value in START.items() if "persons concerned" not in key}
NO_ORDER = {key: value for key, value in START.items() if "announced" not in key and "Deadline" not in key}
FAR = {"Country that people leave": "Norland", "Country that they return to": "Suland"}
ARABIC = {"Country that people leave": "تشاد", "Country that they return to": "السودان"}
ONE = (("2024-10-05", "", "all", 320, "", "", "", "2024-10-06", "Desk", "Count"),)
CASES: Mapping[str, tuple[Mapping[str, object], Sequence[Sequence[object]], Sequence[Sequence[object]], str]] = {
    "nothing but the announcement": (NO_RANGE, CROSSINGS, (), "treat as indicative"),
    "no range, ten counts": (NO_RANGE, CROSSINGS, COUNTS, ""),
    "no order, ten counts": (NO_ORDER, CROSSINGS, COUNTS, ""),
    "one crossing that nobody knows": ({**START, **FAR}, (("North Gate",),), ONE, "treat as indicative"),
    "Arabic names": ({**START, **ARABIC}, (("أدري",), ("معبر",)), ONE, "treat as indicative"),
    "families only": (START, CROSSINGS, tuple((*row[:3], "", row[3], *row[5:]) for row in COUNTS), ""),
}


def run(words: list[str], folder: Path, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    """sarai with few members; `limit` bytes are all that a file may grow to, as on a disk that is full."""

    def fill_disk() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    environment = {
        **os.environ,
        "SARAI_MEMBERS": "20",
        "SARAI_CACHE": str(folder / ".cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        [sys.executable, "-m", "sarai", *words], cwd=folder, capture_output=True, text=True, check=False,
        env=environment, preexec_fn=fill_disk if limit is not None else None,
    )  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_little_known_still_makes_a_briefing(name: str, tmp_path: Path) -> None:
    """The case holds, check names what is missing, and the briefing is whole and says what it rests on."""
    start, crossings, counts, words = CASES[name]
    fill_template(tmp_path / "form.xlsx", start, Crossings=crossings, Counts=counts)
    made = run(["new", "mine", "--from", "form.xlsx"], tmp_path)
    assert made.returncode == 0, made.stderr
    checked = run(["check", "mine"], tmp_path)
    assert checked.returncode == 0 and "NOT KNOWN YET" in checked.stdout
    briefed = run(["brief", "mine", "--out", "out"], tmp_path)
    assert briefed.returncode == (1 if words else 0), briefed.stderr
    assert words in briefed.stderr
    page = (tmp_path / "out" / "briefing.html").read_text(encoding="utf-8")
    assert "nan" not in page.lower().replace("finance", "").split() and "</html>" in page


@pytest.mark.parametrize("words", [["new", "mine", "--from", "form.xlsx"], ["new", "--template", "empty.xlsx"]])
def test_a_full_disk_leaves_nothing_behind(words: list[str], tmp_path: Path) -> None:
    """A write that fails ends with a sentence and exit code 2, and neither folder nor file is there."""
    fill_template(tmp_path / "form.xlsx", Crossings=CROSSINGS)
    done = run(words, tmp_path, limit=1500)
    assert done.returncode == 2 and "could not be written" in done.stderr, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != ".cache") == ["form.xlsx"]
