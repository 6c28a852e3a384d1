"""Folders of Flee broken at random: each is read and runs to its last day, or is refused with a place and a mend."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from makers.flight import AGES, FILES, GENDERS, write_case
from sarai.model.flight.law import build_law
from sarai.observe.flee.folder import read_flee_case
from sarai.simulate.flight.run import simulate_flight
from sarai.world.errors import CaseError

EXTRA = {
    "input_csv/demographics_age.csv": AGES, "input_csv/demographics_gender.csv": GENDERS,
    "input_csv/location_changes.csv": "#name,type,day\nMill,idpcamp,5\n",
    "input_csv/region_attributes_IPC.csv": "#Day,r\n0,5\n20,9\n",
    "input_csv/registration_corrections.csv": "Lake,2012-03-21\n",
    "simsetting.yml": "spawn_rules:\n  conflict_spawn_decay: [1.0, 0.5]\n  conflict_spawn_decay_interval: 7\n"
    "move_rules:\n  max_move_speed: 200\n  awareness_level: 2\n  WomenAvoidHazards: True\n"
    "  ChildrenAvoidHazards: True\n  flee_when_starving: True\n  capacity_buffer: 0.9\n  start_on_foot: True\n"
    "optimisations:\n  hasten: 1\n",
}  # fmt: skip
JUNK = (
    "", "x", "-5", "1e400", "nan", "inf", "1,000", "1 000", "1.5", "0", "999999999999999999999", '"', "#", "é", "\0",
    "2012-02-30", "2012/03/05", "True", "[1]", "Home", "Mill", "\t", "None", "5000000000", "1e-320", " 7 ",
)  # fmt: skip
BATCHES, FOLDERS = 6, 25


def break_folder(chance: random.Random) -> dict[str, str | None]:
    """A whole folder with one file lost, emptied, or with a cell, a line or a piece of text changed."""
    files: dict[str, str | None] = {**FILES, **EXTRA}
    name = chance.choice(sorted(files))
    lines = str(files[name]).split("\n")
    k = chance.randrange(len(lines))
    how = chance.choice(("lose", "empty", "cell", "cell", "cell", "cell", "repeat", "drop", "insert"))
    if how == "lose":
        return files | {name: None}
    if how == "cell":
        mark = ": " if name.endswith("yml") else ","
        cells = lines[k].split(mark)
        cells[chance.randrange(len(cells))] = chance.choice(JUNK)
        lines[k] = mark.join(cells)
    elif how == "repeat":
        lines.insert(k, lines[chance.randrange(len(lines))])
    elif how == "drop":
        del lines[k]
    elif how == "insert":
        at = chance.randrange(len(lines[k]) + 1)
        lines[k] = lines[k][:at] + chance.choice(JUNK) + lines[k][at:]
    return files | {name: "" if how == "empty" else "\n".join(lines)}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_broken_folder_runs_or_is_refused_with_a_mend(tmp_path: Path, batch: int) -> None:
    """Never a crash, neither at the door nor on the last day; every fault has a file and a mend."""
    refused = 0
    for k in range(FOLDERS):
        files = break_folder(random.Random(f"broken {batch} {k}"))
        folder = write_case(tmp_path / str(k), files)
        try:
            case = read_flee_case(folder)
        except CaseError as error:
            refused += 1
            assert all(fault.file and fault.mend for fault in error.faults)
            continue
        assert simulate_flight(build_law(case), seed=k).total.shape == (case.days, 1)
    assert 5 < refused < FOLDERS
