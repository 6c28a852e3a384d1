"""`sarai flee` from the command line: data on stdout, faults with exit code 2, nothing half written."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars
import pytest
from typer.testing import CliRunner

from makers.flight import FILES, write_case
from sarai.cli.app import build_app
from sarai.model.flight.law import build_law
from sarai.observe.flee.folder import read_flee_case
from sarai.world.errors import InputError

runner = CliRunner()


def call(*words: str) -> str:
    """Standard output of a call that must succeed."""
    done = runner.invoke(build_app(), ["flee", *words])
    if done.exception is not None:
        raise done.exception
    assert done.exit_code == 0
    return done.stdout


def table(text: str) -> list[dict[str, str]]:
    """Rows of CSV text."""
    return list(csv.DictReader(io.StringIO(text)))


def test_run_prints_camps_and_writes_every_count(tmp_path: Path) -> None:
    """Camps by day on stdout; every place and directed link, by day and member, in a Parquet file."""
    folder = write_case(tmp_path / "case")
    rows = table(call("run", str(folder), "--members", "3"))
    assert len(rows) == 25 * 2
    assert rows[0]["camp"] == "Bridge"
    call("run", str(folder), "--members", "3", "--out", str(tmp_path / "out.parquet"))
    frame = polars.read_parquet(tmp_path / "out.parquet")
    assert frame.height == 25 * (6 + 18) * 3
    total = frame.filter(polars.col("day") == 24)["persons"].sum()
    people = build_law(read_flee_case(folder)).people
    assert total == 3 * (people.leaving.sum() + people.initial.sum())


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """Two runs with one seed print the same text, whatever the threads."""
    folder = str(write_case(tmp_path / "case"))
    one = call("run", folder, "--members", "4", "--seed", "9")
    assert one == call("run", folder, "--members", "4", "--seed", "9", "--threads", "2")
    assert one != call("run", folder, "--members", "4", "--seed", "10")


def test_flees_own_table_has_the_right_dates(tmp_path: Path) -> None:
    """out.csv has Flee's columns, and the date of the day itself."""
    folder = write_case(tmp_path / "case")
    call("run", str(folder), "--flee-csv", str(tmp_path / "out.csv"))
    rows = table((tmp_path / "out.csv").read_text(encoding="utf-8"))
    assert rows[0]["Date"] == "2012-03-01"
    assert {"Bridge sim", "Bridge data", "Bridge error", "Total error", "refugee_debt"} <= set(rows[0])
    assert int(rows[0]["raw UNHCR refugee count"]) == 16


def test_calibrate_score_and_run_with_what_was_learned(tmp_path: Path) -> None:
    """The learned members are written, read again, and scored."""
    folder = str(write_case(tmp_path / "case"))
    learned = str(tmp_path / "learned.csv")
    rows = table(call("calibrate", folder, "--train", "0:12", "--members", "8", "--out", learned))
    assert "camp:Lake" in [row["unknown"] for row in rows]
    scores = table(call("score", folder, "--learned", learned, "--window", "12:25"))
    assert scores[0]["measure"] == "averaged relative difference"
    assert call("run", folder, "--learned", learned)


def test_whatif_and_diff_say_what_changes(tmp_path: Path) -> None:
    """Shutting the border keeps people out of the camps; diff has a row a quirk and one for all."""
    folder = str(write_case(tmp_path / "case"))
    rows = table(call("whatif", folder, "--close-border", "Home:Away:0:25", "--members", "5"))
    last = next(row for row in rows if row["day"] == "24" and row["place"] == "Lake")
    assert float(last["difference"]) < 0
    rows = table(call("diff", folder, "--members", "2"))
    assert rows[-1]["quirk"] == "all of them"
    assert len(rows) == 15


def test_brief_is_one_page_that_asks_for_nothing(tmp_path: Path) -> None:
    """One HTML file with a chart a camp, no script and no address to fetch; same seed, same bytes."""
    folder = str(write_case(tmp_path / "case"))
    for name in ("one.html", "two.html"):
        call("brief", folder, "--members", "5", "--out", str(tmp_path / name))
    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert page == (tmp_path / "two.html").read_text(encoding="utf-8")
    assert page.count("<figure>") == 2
    assert "<script" not in page
    assert "src=" not in page
    assert "averaged relative difference" in page


def test_brief_says_in_its_headline_that_counts_are_divided(tmp_path: Path) -> None:
    """Nobody takes a hundredth of the people for all of them."""
    folder = str(write_case(tmp_path / "case"))
    for divisor in ("1", "2"):
        call("brief", folder, "--members", "2", "--divisor", divisor, "--out", str(tmp_path / f"{divisor}.html"))
    whole, half = ((tmp_path / f"{divisor}.html").read_text(encoding="utf-8") for divisor in ("1", "2"))
    assert "All counts are divided by 2." in half
    assert "All counts are divided" not in whole


@pytest.mark.parametrize(
    "words",
    [("check",), ("run", "--out", "OUT.csv"), ("score",), ("calibrate", "--train", "0:12"), ("diff",)],
)
def test_a_broken_folder_stops_every_verb(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Exit code 2, all faults in the message, nothing written."""
    folder = write_case(tmp_path / "case", {"input_csv/routes.csv": FILES["input_csv/routes.csv"] + "Mill,Nowhere,9\n"})
    out = tmp_path / "OUT.csv"
    with pytest.raises(InputError, match="Nowhere") as raised:
        call(words[0], str(folder), *[word.replace("OUT.csv", str(out)) for word in words[1:]])
    assert raised.value.exit_code == 2
    assert not out.exists()


@pytest.mark.parametrize(
    "words",
    [("whatif",), ("score", "--window", "9:3"), ("whatif", "--open-camp", "Mill:x:5"), ("run", "--members", "0")],
)
def test_requests_that_make_no_sense_are_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Each is an input error with a sentence."""
    folder = write_case(tmp_path / "case")
    with pytest.raises(InputError):
        call(words[0], str(folder), *words[1:])


def test_a_total_without_counts_of_camps_is_scored(tmp_path: Path) -> None:
    """With sum_from_camps off people leave by the total alone, and all camps together are scored against it."""
    settings = FILES["simsetting.yml"] + "spawn_rules:\n  sum_from_camps: False\n"
    changes = {"simsetting.yml": settings, "source_data/data_layout.csv": "total,all.csv\n"}
    folder = str(write_case(tmp_path / "case", changes))
    rows = table(call("score", folder, "--members", "3"))
    assert [row["camp"] for row in rows[:3]] == ["all", "all", "all camps"]
    assert 0 < float(rows[0]["mean"]) < 2
    assert float(rows[1]["mean"]) <= 1 / 25  # rescaling sets one camp right, but for the day when it is empty
    call("brief", folder, "--members", "3", "--out", str(tmp_path / "page.html"))
    assert "the count of day 7 kept" in (tmp_path / "page.html").read_text(encoding="utf-8")
