"""`sarai forecast` keeps what it makes, and `sarai scoreboard` scores it as reports arrive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sarai.cli.app import build_app

RUN = CliRunner()


def run(*words: str) -> str:
    """What a command prints; it has to succeed or be degraded."""
    done = RUN.invoke(build_app(), list(words))
    assert done.exit_code in (0, 1), done.output
    return done.output


def forecast(case: str, tmp_path: Path, *more: str) -> None:
    """A small forecast of a case as of a day."""
    run("forecast", case, "--members", "60", "--out", str(tmp_path / "f.csv"), *more)


def test_a_kept_forecast_is_scored_by_later_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forecast in a copy of a case lies in its folder, once however often it is made, and is scored as of any day."""
    monkeypatch.setenv("SARAI_CACHE", str(tmp_path / "cache"))
    case = str(tmp_path / "mine")
    run("new", case, "--from", "teaching")
    assert "No forecast of this case was kept yet" in run("scoreboard", case)
    for _ in range(2):
        forecast(case, tmp_path, "--as-of", "2031-04-08")
    forecast(case, tmp_path, "--as-of", "2031-04-15", "--no-keep")
    assert len(list((tmp_path / "mine" / "forecasts").glob("2031-04-08-*.parquet"))) == 1
    early = run("scoreboard", case, "--as-of", "2031-04-08")
    assert "| 2031-04-08 | 1 | 0 |" in early
    late = run("scoreboard", case, "--json", str(tmp_path / "scores.json"))
    rows = json.loads((tmp_path / "scores.json").read_text())
    assert "| pool |" in late and "| persistence |" in late and "2031-04-15" not in late
    assert rows and all(row["start"] > "2031-04-08" for row in rows)
    assert "no fault found" in run("check", case)


def test_forecasts_of_a_built_in_case_lie_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of a case that ships is never written."""
    monkeypatch.setenv("SARAI_CACHE", str(tmp_path / "cache"))
    forecast("teaching", tmp_path, "--as-of", "2031-04-08")
    assert len(list((tmp_path / "cache" / "forecasts").rglob("*.parquet"))) == 1
    assert "| 2031-04-08 | 1 |" in run("scoreboard", "teaching")


def test_a_shelf_that_cannot_be_written_costs_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The forecast stands all the same."""
    (tmp_path / "cache").write_text("a file where the folder should be")
    monkeypatch.setenv("SARAI_CACHE", str(tmp_path / "cache"))
    done = RUN.invoke(build_app(), ["forecast", "teaching", "--members", "60", "--out", str(tmp_path / "f.csv")])
    assert done.exit_code in (0, 1) and "was not kept" in done.output
    assert (tmp_path / "f.csv").exists()
