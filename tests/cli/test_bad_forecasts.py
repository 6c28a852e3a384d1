"""What forecasting does with thin, old, contradictory or foreign input: a sentence and an exit code, never a trace."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from typer.testing import CliRunner

from makers.emergency import KINDS, make_folder
from sarai.cli.app import build_app
from sarai.forecast.forecast import COLUMNS, QUANTILE_LEVELS
from sarai.forecast.targets import find_targets
from sarai.forecast.targets_file import format_targets
from sarai.observe.case_folder import load_case
from sarai.world.errors import InputError

ONE_CROSSING = next(kind for kind in KINDS if kind.crossings == 1)
FEW = ["--members", "60", "--horizon", "14"]


def run(*arguments: object) -> Result:
    """The command line, in this process."""
    return CliRunner().invoke(build_app(), [str(part) for part in arguments])


def faults(done: Result) -> str:
    """What an input error says; it must be one, with exit code 2."""
    assert isinstance(done.exception, InputError) and done.exception.exit_code == 2, done.output
    return str(done.exception)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """An emergency with one crossing."""
    folder = tmp_path / "one"
    folder.mkdir()
    for name, data in make_folder(ONE_CROSSING).items():
        (folder / name).write_bytes(data)
    return folder


def forecast_values(case: Path, day: str, out: Path) -> tuple[Result, np.ndarray]:
    """A forecast and its daily values at the crossing."""
    done = run("forecast", case, "--as-of", day, "--no-keep", "--out", out, *FEW)
    with out.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if (row["target"], row["location"]) == ("day crossings", "gate_0")]
    return done, np.array([float(row["value"]) for row in rows])


@pytest.mark.parametrize(
    ("day", "code", "words"),
    [
        ("2029-12-31", 1, "no report counts crossings yet"),
        ("2031-12-01", 1, "all reports are too old"),
        ("2030-03-08", 0, ""),
    ],
    ids=["no reports yet", "all reports older than a year", "one crossing only"],
)  # fmt: skip
def test_thin_input_gives_a_forecast_that_says_so(case: Path, tmp_path: Path, day: str, code: int, words: str) -> None:
    """Every value is finite; what is degraded is said, and the exit code is 1."""
    done, values = forecast_values(case, day, tmp_path / "f.csv")
    assert done.exit_code == code and words in done.output
    assert values.size == 14 * 23 and np.isfinite(values).all() and (values >= 0.0).all()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("announced: 2030-02-12", "announced: 2030-05-12", "the deadline lies before the announcement"),
        ("deadline: 2030-03-12", "deadline: 2030-01-12", "the deadline lies before the announcement"),
        ("deadline: 2030-03-12", "deadline: 2030-02-30", "2030-02-30"),
    ],
)
def test_contradictory_deadlines_are_refused(case: Path, old: str, new: str, words: str) -> None:
    """A deadline before its announcement, and one that the calendar does not have."""
    file = case / "case.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    assert words in faults(run("forecast", case, "--no-keep", *FEW))


def test_the_same_phase_twice_is_refused(case: Path) -> None:
    """Two deadlines under one name contradict each other."""
    file = case / "case.yaml"
    text = file.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "phase_1" in line)
    file.write_text(text.replace(line, f"{line}\n{line.replace('2030-03-12', '2030-03-20')}"), encoding="utf-8")
    assert "phase_1" in faults(run("forecast", case, "--no-keep", *FEW))


def test_two_extensions_of_one_day_are_refused(case: Path) -> None:
    """Nothing says which of them holds; with a day of its own the later one does."""
    file = case / "case.yaml"
    text = file.read_text(encoding="utf-8")
    calendar = next(line for line in text.splitlines() if line.startswith("calendar:"))
    first = "    - {wave: phase_1, deadline: 2030-03-20, known: 2030-03-01}"
    for known, refused in (("2030-03-01", True), ("2030-03-05", False)):
        second = f"    - {{wave: phase_1, deadline: 2030-03-25, known: {known}}}"
        file.write_text(text.replace(calendar, f"{calendar}\n  changes:\n{first}\n{second}", 1), encoding="utf-8")
        done = run("check", case)
        assert ("two changes of one wave were known on the same day" in str(done.exception)) == refused


def test_a_change_that_calls_a_phase_off_and_dates_it_is_refused(case: Path) -> None:
    """It was read as called off, and the day in it said nothing."""
    file = case / "case.yaml"
    text = file.read_text(encoding="utf-8")
    calendar = next(line for line in text.splitlines() if line.startswith("calendar:"))
    change = "    - {wave: phase_1, deadline: 2030-03-20, withdrawn: true, known: 2030-03-01}"
    file.write_text(text.replace(calendar, f"{calendar}\n  changes:\n{change}", 1), encoding="utf-8")
    assert "withdrawn, with deadline 2030-03-20" in faults(run("check", case))


def test_calls_that_may_contradict_are_pointed_at(case: Path) -> None:
    """Two calls of the same people at once, and enforcement before the deadline, may be meant: check says so."""
    file = case / "case.yaml"
    text = file.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "phase_1" in line)
    assert "SECOND LOOK" not in run("check", case).output
    for day, rival in (("2030-02-20", True), ("2030-04-01", False)):
        dates = f"announced: {day}, deadline: 2030-04-20, enforcement: 2030-04-10, known: {day}"
        file.write_text(text.replace(line, f"{line}\n    - {{id: phase_2, {dates}}}"), encoding="utf-8")
        said = run("check", case).output
        assert "enforcement before the deadline: phase_2" in said
        assert ("calls to leave of the same people at the same time: phase_1 and phase_2" in said) == rival


def test_targets_that_overlap_the_inputs_are_refused(case: Path, tmp_path: Path) -> None:
    """Targets that were known on the first origin could have been read."""
    loaded = load_case(case)
    found = find_targets(loaded.as_of(loaded.last_known()))
    (tmp_path / "t.csv").write_text(format_targets(found), encoding="utf-8")
    middle = found[len(found) // 2].known
    assert "overlaps the inputs" in faults(run("backtest", case, "--targets", tmp_path / "t.csv", "--origins", middle))


def test_every_fault_of_a_request_is_named(case: Path) -> None:
    """A day that is none hid the others, and samples below none or above all members were taken as they could be."""
    said = faults(run("forecast", case, "--as-of", "soon", "--samples", "20", "--members", "10", "--out", "f.txt",
                      "--include", "magic", "--horizon", "0"))  # fmt: skip
    assert all(option in said for option in ("--as-of", "--samples", "--out", "--include", "--horizon"))
    assert "--samples" in faults(run("forecast", case, "--samples", "-2"))
    said = faults(run("backtest", case, "--origins", "soon,2030-02-30,2030-03-01", "--models", "magic", "--seeds", "0",
                      "--workers", "0", "--level", "public", "--members", "0"))  # fmt: skip
    assert all(
        word in said for word in ("soon", "2030-02-30", "magic", "no seeds", "--workers", "--level", "--members")
    )
    assert "2030-03-01" not in said
    said = faults(run("calibrate", case, "--as-of", "soon", "--out", "p.txt"))
    assert "--as-of" in said and "--out" in said
    said = faults(run("scoreboard", case, "--as-of", "soon", "--level", "public"))
    assert "--as-of" in said and "--level" in said
    said = faults(run("brief", case, "--as-of", "soon", "--members", "0", "--include", "magic", "--language", "zz"))
    assert all(option in said for option in ("--as-of", "--members", "--include", "--language"))


def test_a_place_where_nothing_can_be_written_is_refused_before_the_work(case: Path, tmp_path: Path) -> None:
    """A file for a folder, a folder for a file: both named at once, and no origin was forecast."""
    taken = tmp_path / "taken"
    taken.write_text("notes", encoding="utf-8")
    done = run("backtest", case, "--json", case, "--plots", taken / "below", *FEW)
    said = faults(done)
    assert "--json" in said and f"{taken} is a file" in said and "nothing can be written there" in said
    assert "targets" not in done.output and taken.read_text(encoding="utf-8") == "notes"
    assert "--json" in faults(run("backtest", case, "--json", taken / "scores.json", *FEW))


def test_origins_with_nothing_to_score_say_which_would_do(case: Path) -> None:
    """Of an origin that lies too early it said: choose an earlier one."""
    said = faults(run("backtest", case, "--origins", "2029-01-01"))
    assert "found   2029-01-01" in said and "wanted  days from 2029-12-04 to 2030-06-08" in said


def test_scores_are_told_without_a_baseline_too(case: Path, tmp_path: Path) -> None:
    """It pointed at a JSON file, although none had been asked for, and told nothing."""
    few = ("--origins", "2030-03-08", "--members", "40", "--models", "law,pool")
    done = run("backtest", case, *few, "--json", tmp_path / "s.json")
    found = [row for row in json.loads((tmp_path / "s.json").read_text(encoding="utf-8")) if row["model"] == "law"]
    mean = sum(row["wis"] for row in found) / len(found)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("| law |")]
    assert done.exit_code == 0 and line.split(" | ")[1] == f"{mean:,.0f}"


def test_a_case_without_a_count_that_can_be_scored_says_what_it_lacks(case: Path) -> None:
    """It was told as origins that lie too late."""
    file = case / "observations.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",false\n", ",true\n"), encoding="utf-8")
    said = faults(run("backtest", case, "--origins", "2030-03-08"))
    assert "no report of this case can be scored" in said and "the day on which it became known" in said


def test_a_case_named_twice_is_scored_once_and_two_of_one_name_are_refused(case: Path, tmp_path: Path) -> None:
    """Rows of two folders of one name stood in one table, and one folder named twice counted twice."""
    few = ("--origins", "2030-03-08", "--models", "persistence", "--members", "40")
    once, twice = (run("backtest", *cases, *few) for cases in ([case], [case, case]))
    assert once.exit_code == twice.exit_code == 0 and once.stdout == twice.stdout
    other = tmp_path / "elsewhere" / case.name
    other.mkdir(parents=True)
    for file in case.iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    assert "two cases have the same name" in faults(run("backtest", case, other, *few))


def test_crossing_quantiles_from_outside_are_refused_with_their_row(case: Path, tmp_path: Path) -> None:
    """The row at which the value falls is named before anything runs."""
    rows = [
        (date(2030, 3, 8), "day crossings", 1, "gate_0", date(2030, 3, 9), "quantile", p, 100 * p)
        for p in QUANTILE_LEVELS
    ]
    rows[9] = (*rows[9][:-1], 1.0)
    text = "\n".join(",".join(map(str, row)) for row in [COLUMNS, *rows])
    (tmp_path / "2030-03-08-a-b.csv").write_text(text + "\n", encoding="utf-8")
    said = faults(run("backtest", case, "--outside", tmp_path / "2030-03-08-a-b.csv"))
    assert "row 11" in said and "quantiles cross" in said


def test_an_outside_forecast_speaks_of_one_case(case: Path, tmp_path: Path) -> None:
    """Two cases and a file: which one it means cannot be known. Every fault of the request is named."""
    said = faults(
        run("backtest", case, "teaching", "--outside", tmp_path / "x.csv", "--models", "magic", "--seeds", "0")
    )
    assert "one case" in said and "no such model" in said and "no seeds" in said
