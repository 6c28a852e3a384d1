"""Folders of Flee broken at random: each is read and runs to its last day, or is refused with a place and a mend."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from makers.flight import AGES, FILES, GENDERS, write_case
from sarai.cli.app import build_app
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
WHOLE = {**FILES, **EXTRA, "input_csv/major_routes.csv": "North,Inn,Lake\n"}
WHOLE["simsetting.yml"] = WHOLE["simsetting.yml"].replace("  awareness", "  fixed_routes: True\n  awareness")
HARMLESS: dict[str, Callable[[str], bytes]] = {
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "lines of Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "empty rows": lambda text: text.replace("\n", "\n\n").encode(),
    "rows of nothing": lambda text: (text + ("" if ": " in text else ",,,\n , \n")).encode(),
    "a cell more": lambda text: text.replace("\n", "\n" if ": " in text or "major" in text else ",\n").encode(),
}
SPOILT: dict[str, Callable[[str], bytes]] = {
    "two bytes a letter": lambda text: text.encode("utf-16"),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "first two columns swapped": lambda text: "\n".join(
        ",".join((cells[1], cells[0], *cells[2:])) if len(cells := line.split(",")) > 1 else line
        for line in text.split("\n")
    ).encode(),
    "zeros at the end": lambda text: text.encode() + bytes(50),
}  # fmt: skip
CAMP_FILES = ("source_data/bridge.csv", "source_data/lake.csv", "source_data/all.csv")
WRONG: dict[str, dict[str, str]] = {
    "a population that is none": {"input_csv/locations.csv": FILES["input_csv/locations.csv"].replace("400", "NaN")},
    "a population with separators": {
        "input_csv/locations.csv": FILES["input_csv/locations.csv"].replace("5000", '"5 000"')},
    "camps of a header only": dict.fromkeys(CAMP_FILES, "Date,count\n"),
    "a camp file cut within a row": {"source_data/bridge.csv": "#Date,count\n2012-03-01,8\n2012-03"},
    "dates the other way round": {"source_data/lake.csv": "01-03-2012,8\n31-03-2012,308\n"},
    "awareness 9": {"simsetting.yml": "move_rules:\n  awareness_level: 9\n"},
    "two places of one name": {"input_csv/locations.csv": FILES["input_csv/locations.csv"].replace("Mill", "North")},
    "two links of one pair": {"input_csv/routes.csv": FILES["input_csv/routes.csv"] + "Mill,North,100\n"},
    "conflicts that end early": {"input_csv/conflicts.csv": "#Day,North\n" + "0,1\n" * 24},
}  # fmt: skip


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


def write_bytes(folder: Path, files: dict[str, bytes]) -> Path:
    """A folder of files as they are, byte for byte."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("how", HARMLESS)
def test_what_office_programs_do_to_a_file_changes_nothing(tmp_path: Path, how: str) -> None:
    """Every file in turn with a byte order mark, other line ends, empty rows or cells: the same case is read."""
    plain = {name: text.encode() for name, text in WHOLE.items()}
    wanted = replace(read_flee_case(write_bytes(tmp_path / "plain", plain)), notes=(), name="")
    for k, (name, text) in enumerate(WHOLE.items()):
        case = read_flee_case(write_bytes(tmp_path / str(k), plain | {name: HARMLESS[how](text)}))
        assert repr(replace(case, notes=(), name="")) == repr(wanted), name


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_file_is_named_with_its_mend(tmp_path: Path, how: str) -> None:
    """Every file in turn in another encoding, with other signs between cells, or with columns swapped: never read."""
    plain = {name: text.encode() for name, text in WHOLE.items()}
    for k, (name, text) in enumerate(WHOLE.items()):
        spoilt = SPOILT[how](text)
        if not text or spoilt == text.encode() or (name.endswith("yml") and how != "two bytes a letter"):
            continue
        if name.endswith("sim_period.csv") and how == "zeros at the end":
            assert any(
                "row 3" in note for note in read_flee_case(write_bytes(tmp_path / "p", plain | {name: spoilt})).notes
            )
            continue
        with pytest.raises(CaseError) as raised:
            read_flee_case(write_bytes(tmp_path / str(k), plain | {name: spoilt}))
        faults = raised.value.faults
        assert any(Path(name).name in fault.file or Path(name).stem in fault.file for fault in faults), name
        assert all(fault.file and fault.mend for fault in faults)


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_folder_ends_with_code_2_and_writes_nothing(tmp_path: Path, what: str) -> None:
    """Each verb refuses it before day 0; nothing is written, and no program text reaches the screen."""
    folder = write_case(tmp_path / "case", {**FILES, **WRONG[what]})
    out = tmp_path / "out.csv"
    for verb in (["check"], ["run", "--out", str(out)], ["score"], ["diff"], ["brief", "--out", str(out)]):
        done = CliRunner().invoke(build_app(), ["flee", verb[0], str(folder), *verb[1:]])
        assert isinstance(done.exception, CaseError), (verb, done.output)
        assert done.exception.exit_code == 2
        assert all(fault.file and fault.mend for fault in done.exception.faults)
        assert not out.exists()
