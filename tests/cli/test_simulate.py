"""`sarai simulate` and `sarai warm`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sarai.cli.app import build_app
from sarai.cli.simulate import COLUMNS, WITHHELD
from sarai.world.errors import RequestError

RUNNER = CliRunner()


def simulate(*options: str) -> list[dict[str, str]]:
    """Rows of a small simulation of the teaching case, from standard output."""
    result = RUNNER.invoke(
        build_app(), ["simulate", "teaching", "--members", "20", "--horizon", "3", *options], catch_exceptions=False
    )
    assert result.exit_code == 0
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_every_stage_is_listed_and_nobody_held_or_remaining() -> None:
    """Departures, crossings, queues, reception and arrivals are there; people still present or held are not."""
    rows = simulate()
    names = {row["observable"] for row in rows}
    assert tuple(rows[0]) == COLUMNS
    assert {"departures", "crossed", "queue", "occupancy", "arrivals"} <= names
    assert not names & set(WITHHELD)
    for row in rows:
        levels = [float(row[name]) for name in COLUMNS[4:]]
        assert levels == sorted(levels)
        assert levels[0] >= 0.0


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """CSV and Parquet are written whole, and again the same."""
    for ending in ("csv", "parquet"):
        files = [tmp_path / f"{name}.{ending}" for name in ("one", "two")]
        for file in files:
            simulate_to(file)
        assert files[0].read_bytes() == files[1].read_bytes()


def simulate_to(file: Path) -> None:
    """Write a small simulation to a file."""
    result = RUNNER.invoke(
        build_app(),
        ["simulate", "teaching", "--members", "9", "--horizon", "2", "--fast", "--out", str(file)],
        catch_exceptions=False,
    )
    assert result.exit_code == 0


def test_deadlines_that_are_not_enforced_send_fewer_people() -> None:
    """The three ways of taking deadlines differ as they should."""
    totals = {}
    for way in ("on-time", "not-enforced"):
        rows = simulate("--deadline", way)
        totals[way] = sum(float(row["q50"]) for row in rows if row["observable"] == "departures")
    assert totals["not-enforced"] < totals["on-time"]


def test_another_word_for_deadlines_is_refused() -> None:
    """An unknown way is named with those that there are."""
    result = RUNNER.invoke(build_app(), ["simulate", "teaching", "--deadline", "never"])
    assert isinstance(result.exception, RequestError)
    assert "on-time" in str(result.exception)


@pytest.mark.parametrize("verb", ["warm"])
def test_warming_says_that_it_compiled(verb: str) -> None:
    """sarai warm compiles and says how long it took, on standard error."""
    result = RUNNER.invoke(build_app(), [verb], catch_exceptions=False)
    assert result.exit_code == 0
    assert "compiled" in result.stderr
