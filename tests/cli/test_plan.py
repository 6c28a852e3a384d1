"""The verb `plan`: its own table of standards, read or refused before anything is computed."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from makers.new_case import COUNTS, CROSSINGS, fill_template


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


def test_a_folder_gets_every_table_and_the_same_bytes_again(tmp_path: Path) -> None:
    """Needs, gaps, money, cash, hours, breaches and protection, a workbook, JSON and a page; twice the same."""
    words = ("plan", "teaching", "--members", "40", "--horizon", "10", "--funds", "100000")
    for name in ("one", "two"):
        done = run_sarai(*words, "--out", name, folder=tmp_path)
        assert done.returncode == 0, done.stderr
    made = {path.name for path in (tmp_path / "one").iterdir()}
    tables = ("needs", "gaps", "money", "cash", "hours", "breaches", "protection", "supplies")
    assert made == {*(f"{name}.csv" for name in tables), "needs.parquet", "plan.xlsx", "plan.json", "plan.html"}
    for name in sorted(made):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    page = (tmp_path / "one" / "plan.html").read_text(encoding="utf-8")
    assert "<script" not in page and "http://" not in page.replace("http://www.w3.org", "")
    assert "CC BY 4.0" in page and "Run record sarai " in page and "teaching " in page
    for name in tables:
        head, *rows = csv.reader((tmp_path / "one" / f"{name}.csv").read_text(encoding="utf-8").splitlines())
        assert head[-4:] == ["level", "reference_date", "record", "licence"]
        told = {(row[-4], row[-2].split(", ", 2)[2], row[-1]) for row in rows}
        assert told <= {("restricted", "horizon 10, members 40, seed 1, funds 100000.0", "CC-BY-4.0")}
        assert rows or name == "cash"


def test_a_plan_of_a_case_without_stocks_does_not_say_that_they_last(tmp_path: Path) -> None:
    """Where nothing is stated to be in place, the first page says so and what to order; no line needs nothing."""
    fill_template(tmp_path / "form.xlsx", Crossings=CROSSINGS, Counts=COUNTS)
    for words in (("new", "mine", "--from", "form.xlsx"), ("plan", "mine", "--members", "20", "--out", "out")):
        assert run_sarai(*words, folder=tmp_path).returncode in (0, 1)
    page = (tmp_path / "out" / "plan.html").read_text(encoding="utf-8")
    assert "Nothing is stated of what is in place" in page and "lasts in four of five" not in page
    assert "Cannot be said for" in page and "Nothing in most worlds" not in page
    assert "arrival kits, order" in page and "State it in response.csv" in page
    lines = (tmp_path / "out" / "gaps.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert lines and not [line for line in lines if ",0.0,0.0,0.0," in line]


@pytest.mark.parametrize("words", [("--out", "plan.pdf"), ("--funds", "-1"), ("--supplies", "nowhere.csv")])
def test_what_cannot_be_is_refused_before_anything_is_computed(words: tuple[str, str], tmp_path: Path) -> None:
    """An ending that no plan has, money below nothing, a table that is not there: a sentence and 2."""
    done = run_sarai("plan", "teaching", *words, folder=tmp_path)
    assert done.returncode == 2 and "mend" in done.stderr and "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("verb", ["plan", "simulate"])
def test_a_day_before_anything_was_known_is_told(verb: str, tmp_path: Path) -> None:
    """No report and no call to leave: the figures are assumptions alone, and the command says so and ends with 1."""
    done = run_sarai(verb, "teaching", "--as-of", "2020-01-01", "--members", "20", "--horizon", "3", folder=tmp_path)
    assert done.returncode == 1 and done.stdout
    assert "no usable report is known on this day" in done.stderr or "Nothing was known yet" in done.stderr
