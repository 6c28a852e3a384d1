"""The verbs that tell counts as reported have a level: small ones stay in the house unless asked for."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sarai.cli.app import build_app
from sarai.world.errors import RequestError

RUN = CliRunner()
FEW = "2031-05-14,2031-05-14,stonebridge,all,return_all,3,,false,,guard-daily,,border_guard,2031-05-15,false\n"
DAY = "2031-05-14"


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The teaching case with a day on which three people crossed."""
    monkeypatch.setenv("SARAI_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "mine"
    RUN.invoke(build_app(), ["new", str(folder), "--from", "teaching"])
    file = folder / "observations.csv"
    kept = [line for line in file.read_text().splitlines(keepends=True) if not line.startswith(f"{DAY},{DAY},stone")]
    file.write_text("".join([*kept, FEW]))
    return folder


def run(*words: str) -> str:
    """What a command prints on standard output; it has to succeed or be degraded."""
    done = RUN.invoke(build_app(), list(words))
    assert done.exit_code in (0, 1), done.output
    return done.stdout


@pytest.mark.parametrize(("level", "told"), [("restricted", False), ("confidential", True)])
def test_targets_of_few_people_are_listed_in_the_house_only(case: Path, level: str, told: bool) -> None:
    """Three people of one day: left out unless asked for; each row names its level, and the default is restricted."""
    rows = list(csv.DictReader(io.StringIO(run("targets", str(case), "--level", level))))
    assert any(row["start"] == DAY and row["persons"] == "3" for row in rows) == told
    assert rows and {row["level"] for row in rows} == {level}
    assert (run("targets", str(case)) == run("targets", str(case), "--level", level)) == (not told)


@pytest.mark.parametrize(("level", "told"), [("restricted", False), ("confidential", True)])
def test_scores_of_few_people_are_made_in_the_house_only(case: Path, tmp_path: Path, level: str, told: bool) -> None:
    """A score beside its forecast tells the count: back-test and scoreboard leave the report out at both doors."""
    back = ("backtest", str(case), "--origins", "2031-05-11", "--members", "50", "--models", "pool,persistence")
    run("forecast", str(case), "--as-of", "2031-05-11", "--members", "50", "--out", str(tmp_path / "f.csv"))
    for number, verb in enumerate((back, ("scoreboard", str(case)))):
        file = tmp_path / f"{number}.json"
        run(*verb, "--level", level, "--json", str(file))
        rows = json.loads(file.read_text())
        assert any(row["start"] == DAY and row["observed"] == 3 for row in rows) == told, verb
        assert rows and {row["sensitivity"] for row in rows} == {level}


@pytest.mark.parametrize("verb", ["targets", "backtest", "scoreboard"])
def test_counts_as_reported_are_never_public(case: Path, verb: str) -> None:
    """The level is refused with the ones that there are, before anything is computed."""
    done = RUN.invoke(build_app(), [verb, str(case), "--level", "public"])
    assert isinstance(done.exception, RequestError)
    assert "restricted or confidential" in str(done.exception)
