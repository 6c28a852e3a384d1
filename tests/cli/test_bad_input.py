"""What the law cannot be run on, from a case folder through the front door: refused before the first step, all at once.

Each fault is named with its file and row, the number found, what would do, and how to mend it; the exit code is 2.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from sarai.cli.app import main
from sarai.observe.case_folder import find_case
from sarai.simulate import request

SETTING = "  - {{parameter: {}, value: {}, assumption: A49}}\n"
RATES = [
    ("enforce_rate", "-0.2", "a number from 0 to 5 (per day)"),
    ("rise_rate", "40", "a number from 0 to 5 (per day)"),
    ("announce_rate", ".inf", "a number, without quotes"),
    ("enforce_rate.spread", "-1", "a number from 0 to inf"),
    ("capacity_factor.millford", "-1", "a number from 0 to 1000"),
    ("capacity_factor.milford", "1", "did you mean `millford`?"),
    ("wave_weight", "1", "did you mean `wait_weight`?"),
    ("arrival_first_hour", "20", "first < last"),
]
CAPACITIES = [
    ("desks: 15", "desks: -15", "-15"),
    ("persons_desk_hour: 40", "persons_desk_hour: .nan", ".nan"),
    ("service_log_sd: 0.3", "service_log_sd: -0.3", "-0.3"),
    ("opens_hour: 8, closes_hour: 18", "opens_hour: 18, closes_hour: 8", "18.0 to 8.0"),
    ("[{value: 2500", "[{value: -2500", "-2500"),
    ("stay_days: 1.5", "stay_days: -1.5", "-1.5"),
    ("low: 45000, high: 85000", "low: 95000, high: 85000", "95000 to 85000"),
]
CALENDARS = [
    ("announced: 2031-03-10, deadline: 2031-04-10", "announced: 2031-03-10, deadline: 2031-03-01", "2031-03-01"),
    ("enforcement: 2031-04-12", "enforcement: 2031-03-02", "2031-03-02"),
    ("start: 2031-03-24, end: 2031-03-25", "start: 2031-03-24, end: 2031-03-20", "2031-03-24 to 2031-03-20"),
]
NETWORKS = [
    ("to: onward, share: 0.6", "to: onward, share: 0.5", "0.9"),
    ("from: millford, to: millford_reception", "from: millford, to: nowhere", "nowhere"),
    ("from: high_pass_screening, to: onward", "from: high_pass_screening, to: high_pass_screening", "circle"),
    ("south_suland: 0.2", "far_suland: 0.2", "far_suland"),
    ("crossing: high_pass, start: 2031-03-24, source", "crossing: low_pass, start: 2031-03-24, source", "low_pass"),
]
Run = tuple[int, str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the teaching case that may be spoilt."""
    copy = tmp_path / "mine"
    shutil.copytree(str(find_case("teaching")[1]), copy)
    return copy


@pytest.fixture
def sarai(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """The command as a person gives it: exit code and what it says, runs of blanks as one."""

    def run(*words: str) -> Run:
        monkeypatch.setattr(sys, "argv", ["sarai", *words])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        assert not said.out, "nothing is printed of a run that was refused"
        return int(stopped.value.code or 0), " ".join(said.err.split())

    return run


def spoil(folder: Path, changes: list[tuple[str, str, str]]) -> None:
    """Put every change into case.yaml."""
    path = folder / "case.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new, _ in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("verb", ["check", "simulate"])
@pytest.mark.parametrize("changes", [CAPACITIES, CALENDARS, NETWORKS], ids=["capacities", "calendars", "networks"])
def test_every_fault_of_a_case_is_told_at_once(changes, verb, folder: Path, sarai) -> None:  # type: ignore[no-untyped-def]
    """Capacities below zero, calendars out of order, ways that lead nowhere: each named, and what was found."""
    spoil(folder, changes)
    code, said = sarai(verb, str(folder))
    assert code == 2
    for _, _, found in changes:
        assert found in said, found
    assert said.count("case.yaml, row") >= len(changes) and said.count(" mend ") >= len(changes)


@pytest.mark.parametrize("change", [*CAPACITIES, *CALENDARS, *NETWORKS], ids=lambda change: change[1])
def test_each_fault_is_enough(change: tuple[str, str, str], folder: Path, sarai) -> None:  # type: ignore[no-untyped-def]
    """Alone, each one stops the run too: none is told only in the shadow of another."""
    spoil(folder, [change])
    code, said = sarai("simulate", str(folder), "--members", "2")
    assert code == 2 and change[2] in said


def test_rates_beyond_a_days_meaning_are_told_at_once(folder: Path, sarai) -> None:  # type: ignore[no-untyped-def]
    """Settings that are negative, not finite, too large or about nothing: each with its bounds and its row."""
    with (folder / "case.yaml").open("a", encoding="utf-8") as file:
        file.write("\nsettings:\n" + "".join(SETTING.format(name, value) for name, value, _ in RATES))
    for verb in ("check", "simulate", "brief"):
        code, said = sarai(verb, str(folder))
        assert code == 2 and "8 faults found; nothing was written" in said
        for _, _, wanted in RATES:
            assert wanted in said, wanted


def test_roads_that_are_no_roads_are_refused(folder: Path, sarai) -> None:  # type: ignore[no-untyped-def]
    """Below zero, not finite, at no speed: each cell with its row."""
    path = folder / "routes.csv"
    text = path.read_text(encoding="utf-8").replace("high_pass,410,250", "high_pass,-410,0")
    path.write_text(text.replace("stonebridge,260,300", "stonebridge,nan,inf"), encoding="utf-8")
    code, said = sarai("check", str(folder))
    assert code == 2 and said.startswith("4 faults found")
    assert "routes.csv, row 4, column distance_km" in said and "routes.csv, row 5, column speed_km_day" in said


def test_more_than_can_be_counted_or_travelled_is_refused(folder: Path, sarai) -> None:  # type: ignore[no-untyped-def]
    """Three thousand million people would be cut to two, a road of a million years would fill the memory: both told."""
    spoil(folder, [("low: 45000, high: 85000", "low: 45000, high: 3000000000", "")])
    path = folder / "routes.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("stonebridge,180,300", "stonebridge,1e9,0.001"), encoding="utf-8"
    )
    for verb in ("check", "simulate"):
        code, said = sarai(verb, str(folder))
        assert code == 2 and said.count(" mend ") == 2
        assert "45000 to 3000000000" in said and "<= 2,000,000,000" in said
        assert "takes longer than a year" in said and "1,000,000,000,000 days" in said


@pytest.mark.parametrize("members", [3_000, 2_000_000])
def test_more_members_than_memory_are_refused_before_the_first_step(members, monkeypatch, sarai) -> None:  # type: ignore[no-untyped-def]
    """On a machine of 50 megabytes; the message says how many would fit, and then so many do."""
    monkeypatch.setattr(request, "physical_memory", lambda: 50_000_000)
    code, said = sarai("simulate", "teaching", "--members", str(members))
    assert code == 2
    assert "more memory than there is" in said and "members would fit" in said and "run fewer members" in said
