"""The line: what sarai never decides, sizes, seeks or ranks is refused with a sentence, wherever it is asked."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from tests.makers.forbidden import FORBIDDEN

from sarai.observe.case_folder import load_case
from sarai.plan.bounds import Bounds
from sarai.plan.standards import FIELDS, parse_standards
from sarai.plan.supplies import default_supplies, parse_supplies
from sarai.whatif.paths import all_paths, find_rule
from sarai.world.errors import CaseError, RequestError
from sarai.world.line import REFUSED, find_refusal
from sarai.world.response import FUNDS, ITEMS
from sarai.world.world import World


@pytest.fixture(scope="module")
def world() -> World:
    """The reference case."""
    return load_case("pakistan-2023").as_of(date(2023, 10, 28))


@pytest.mark.parametrize("path", [path for paths in FORBIDDEN.values() for path in paths])
def test_each_forbidden_path_is_refused_with_its_sentence(world: World, path: str) -> None:
    """Not as an unknown path but with the reason, and no nearest path is offered towards it."""
    with pytest.raises(RequestError) as caught:
        find_rule(world, path)
    fault = caught.value.faults[0]
    assert fault.what in [reason for _, reason in REFUSED]
    assert "did you mean" not in fault.mend


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("calendar.undocumented.dedline", "calendar.undocumented.deadline"),
        ("calendar.phase_2.deadline", "calendar.undocumented.deadline"),
        ("stages.frank_camp.capacity", "capacity"),
    ],
)
def test_a_slip_beside_the_line_is_only_a_slip(world: World, path: str, near: str) -> None:
    """A wave that a case calls a phase, a place whose name holds `rank`: the nearest path and not the sentence."""
    with pytest.raises(RequestError) as caught:
        find_rule(world, path)
    assert caught.value.faults[0].what == "no such path" and near in caught.value.faults[0].mend


def test_no_lever_of_the_closed_list_touches_the_line(world: World) -> None:
    """Neither a path of the reference case nor an item of the 3W or of the supplies falls under the line."""
    areas = {(path.split(".")[0], path.split(".")[2]) for path in all_paths(world)}
    assert [pair for pair in areas if find_refusal(".".join(pair))] == []
    assert [item for item in (*ITEMS, FUNDS) if find_refusal(item)] == []
    assert [line.id for line in default_supplies() if find_refusal(f"{line.id} {line.item}")] == []


@pytest.mark.parametrize("item", ["deportation buses", "detention beds", "police vehicles", "exit desks"])
def test_the_optimiser_buys_nothing_beyond_the_line(item: str) -> None:
    """A table of supplies with such a line is refused with the sentence and the row."""
    head = "id,item,unit,setting,basis,use,persons_per_unit,cost_usd,resupply_days,severity,assumption,note\n"
    with pytest.raises(RequestError) as caught:
        parse_supplies(f"{head}x,{item},units,transit,night,held,5,10,3,1,A1,\n")
    assert (caught.value.faults[0].row, caught.value.faults[0].what) in [(2, reason) for _, reason in REFUSED]


@pytest.mark.parametrize("item", ["holding cells", "beds in detention", "trucks for deportation", "police posts"])
def test_no_standard_sizes_what_lies_beyond_the_line(item: str) -> None:
    """A table of standards with such a line is refused with the sentence and the row."""
    line = f"x,Shelter,{item},cells,transit,all,night,held,0.1,ours,1,,"
    with pytest.raises(CaseError) as caught:
        parse_standards(f"{','.join(FIELDS)}\n{line}\n")
    assert (caught.value.faults[0].row, caught.value.faults[0].what) in [(2, reason) for _, reason in REFUSED]
    assert parse_standards(f"{','.join(FIELDS)}\n{line.replace(item, 'minimum kits in waves')}\n")


def test_no_bound_of_a_plan_names_what_lies_beyond_the_line() -> None:
    """Least beds of a holding centre are not an unknown supply but a refusal."""
    bounds = Bounds(budget_usd=1.0, floors={("omari_camp", "detention_beds"): 5.0}, ceilings={})
    with pytest.raises(RequestError) as caught:
        bounds.check([])
    assert caught.value.faults[0].what in [reason for _, reason in REFUSED]


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("stages.omari_recepton.capacity", "stages.omari_reception.capacity"),
        ("registration.torkham.desks", "registration.torkham_zero_point.desks"),
        ("calendar.undocumented.dedline", "calendar.undocumented.deadline"),
        ("cash.omari.usd_day", "cash.omari_camp.usd_day"),
    ],
)
def test_an_unknown_path_gets_the_nearest_one(world: World, path: str, near: str) -> None:
    """A slip is met with the path that was meant."""
    with pytest.raises(RequestError) as caught:
        find_rule(world, path)
    assert near in caught.value.faults[0].mend


@pytest.mark.parametrize("text", ["enforcement.rate=2", "origins.punjab.rank=1", "no.such.path=1", "x"])
def test_the_terminal_says_a_sentence_and_ends_with_two(text: str) -> None:
    """No stack trace; the exit code of bad input."""
    done = subprocess.run(
        [sys.executable, "-m", "sarai", "whatif", "teaching", "--set", text],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr and done.stderr.strip()


@pytest.mark.parametrize("command", [["whatif", "teaching", "--against"], ["brief", "teaching", "--scenarios"]])
def test_a_scenario_file_is_held_to_the_same_line(command: list[str], tmp_path: Path) -> None:
    """In the terminal, for a comparison and for a briefing: every forbidden path of a file is named, nothing is run."""
    paths = [paths[0] for paths in FORBIDDEN.values()]
    file = tmp_path / "scenarios.json"
    file.write_text(json.dumps([{"name": f"n{at}", "set": [f"{path}=2"]} for at, path in enumerate(paths)]))
    done = subprocess.run(
        [sys.executable, "-m", "sarai", *command, str(file)], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert [path for path in paths if path not in done.stderr] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scenarios.json"]
