"""`sarai priors` writes a file that the other verbs take, and that they refuse for its own emergency."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sarai.cli.app import build_app
from sarai.world.errors import RequestError

RUN = CliRunner()


@pytest.fixture(scope="module")
def priors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Priors from the 2016 return."""
    out = tmp_path_factory.mktemp("priors") / "priors.json"
    done = RUN.invoke(
        build_app(), ["priors", "--from", "pakistan-2016", "teaching", "--leave-out", "teaching", "--out", str(out),
                      "--page", str(out.with_suffix(".html"))]
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "| at_risk_fraction |" in done.output and "teaching" not in done.output
    assert "<h1>Priors from past emergencies</h1>" in out.with_suffix(".html").read_text(encoding="utf-8")
    return out


def test_another_case_takes_them(priors: Path, tmp_path: Path) -> None:
    """The prior columns of calibrate change with the file."""
    texts = []
    for extra in ([], ["--priors", str(priors)]):
        done = RUN.invoke(build_app(), ["calibrate", "teaching", "--out", str(tmp_path / "p.csv"), *extra])
        assert done.exit_code in (0, 1), done.output
        texts.append((tmp_path / "p.csv").read_text(encoding="utf-8"))
    assert texts[0] != texts[1]


@pytest.mark.parametrize("verb", [["calibrate"], ["forecast", "--no-keep"], ["backtest"]])
def test_the_own_case_is_refused(priors: Path, verb: list[str]) -> None:
    """Exit code 2 with a sentence, from every verb that takes priors."""
    done = RUN.invoke(build_app(), [verb[0], "pakistan-2016", *verb[1:], "--priors", str(priors)])
    assert isinstance(done.exception, RequestError) and done.exception.exit_code == 2
    assert "made from the case" in str(done.exception)


def test_nothing_left_to_learn_from_and_wrong_endings_are_named_at_once() -> None:
    """All faults of the request in one go."""
    done = RUN.invoke(
        build_app(), ["priors", "--from", "teaching", "--leave-out", "teaching", "--out", "a.csv", "--page", "b.txt"]
    )
    assert isinstance(done.exception, RequestError) and len(done.exception.faults) == 3


def copy_of(case: str, folder: Path) -> Path:
    """A folder with the files of a built-in case."""
    folder.mkdir(parents=True)
    for file in (resources.files("sarai.cases") / case).iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


@pytest.mark.parametrize("said", ["own", "path", "built-in"])
def test_what_is_left_out_is_known_by_name_path_and_reports(tmp_path: Path, said: str) -> None:
    """A source given by its path stayed where its name was to be left out, as the refusal of its file advises."""
    own = copy_of("teaching", tmp_path / "own")
    left = {"own": "own", "path": str(own), "built-in": "teaching"}[said]
    out = tmp_path / "p.json"
    done = RUN.invoke(
        build_app(), ["priors", "--from", str(own), "pakistan-2016", "--leave-out", left, "--out", str(out)]
    )
    assert done.exit_code == 0, done.output
    assert [case["name"] for case in json.loads(out.read_text(encoding="utf-8"))["cases"]] == ["pakistan-2016"]


def test_a_name_to_leave_out_that_nobody_has_and_an_emergency_twice_are_refused(tmp_path: Path) -> None:
    """A slip of the pen left nothing out; two folders of one emergency had twice the say."""
    own = copy_of("teaching", tmp_path / "own")
    done = RUN.invoke(
        build_app(), ["priors", "--from", "teaching", str(own), "--leave-out", "teeching", "--out",
                      str(tmp_path / "p.json")]
    )  # fmt: skip
    assert isinstance(done.exception, RequestError) and done.exception.exit_code == 2
    assert [fault.column for fault in done.exception.faults] == ["--leave-out", "--from"]
    assert "one emergency" in str(done.exception) and not (tmp_path / "p.json").exists()
