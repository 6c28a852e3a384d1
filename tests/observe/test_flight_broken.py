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


PLACES, ROADS, LAKE = (FILES[f"{name}.csv"] for name in ("input_csv/locations", "input_csv/routes", "source_data/lake"))
Fault = tuple[str, int, str]
NASTY: dict[str, tuple[dict[str, bytes | None], tuple[Fault, ...]]] = {
    "Windows, with a byte order mark, and slips in three files": (
        {"input_csv/locations.csv": b"\xef\xbb\xbf" + PLACES.replace("town", "").replace("\n", "\r\n").encode(),
         "input_csv/routes.csv": b"\xef\xbb\xbf" + ROADS.replace("700", "-7").replace("\n", "\r\n").encode(),
         "source_data/lake.csv": b"\xef\xbb\xbf" + LAKE.replace("208", "1.208").replace("\n", "\r\n").encode()},
        (("locations.csv", 3, "location_type"), ("routes.csv", 8, "distance"), ("lake.csv", 2, "count")),
    ),
    "everything parted by semicolons": (
        {name: text.replace(",", ";").encode() for name, text in FILES.items() if name.endswith(".csv") and text},
        tuple(
            (f"{name}.csv", 1, "")
            for name in ("locations", "routes", "closures", "conflicts", "sim_period", "data_layout")
        ),
    ),
    "numbers below zero": (
        {"input_csv/locations.csv": PLACES.replace("0,5000", "0,-5000").encode(),
         "input_csv/routes.csv": ROADS.replace("Mill,100,", "Mill,-100,").encode(),
         "input_csv/conflicts.csv": b"#Day,North\n0,-1\n" + b"0,1\n" * 25,
         "source_data/lake.csv": LAKE.replace("208", "-208").encode()},
        (("locations.csv", 7, "pop/cap"), ("routes.csv", 2, "distance"), ("conflicts.csv", 2, "North"),
         ("lake.csv", 2, "count")),
    ),
    "separators of thousands, of four kinds": (
        {"input_csv/locations.csv": PLACES.replace("0,5000", '0,"5,000"').replace("0,1000", "0,1 000").encode(),
         "input_csv/routes.csv": ROADS.replace("Mill,Bridge,250,0", "Mill,Bridge,1,250,0").encode(),
         "source_data/bridge.csv": FILES["source_data/bridge.csv"].replace("308", "1.308").encode(),
         "source_data/lake.csv": LAKE.replace("208", "1\u00a0208").encode()},
        (("locations.csv", 2, "pop/cap"), ("locations.csv", 7, "pop/cap"), ("routes.csv", 3, "distance"),
         ("bridge.csv", 3, "count"), ("lake.csv", 2, "count")),
    ),
    "names that differ only in blanks or capitals": (
        {"input_csv/locations.csv": (PLACES + "mill,r,Home,2,1,town,0,4\nInn ,r,Home,2,1,town,0,4\n").encode(),
         "input_csv/routes.csv": (ROADS + "lake,Inn,90\n").encode()},
        (("locations.csv", 8, "name"), ("locations.csv", 9, "name"), ("routes.csv", 11, "name1")),
    ),
    "parallel links and a link to itself": (
        {"input_csv/routes.csv": (ROADS + "Mill,North,90\nBridge,Mill,250\nInn,Inn,5\n").encode()},
        (("routes.csv", 11, "name1, name2"), ("routes.csv", 12, "name1, name2"), ("routes.csv", 13, "name2")),
    ),
    "no conflicts, and camp files lost or empty": (
        {"input_csv/conflicts.csv": None, "source_data/lake.csv": None, "source_data/bridge.csv": b""},
        (("conflicts.csv", 0, ""), ("lake.csv", 0, ""), ("bridge.csv", 1, "")),
    ),
    "too few rows everywhere": (
        {"input_csv/conflicts.csv": b"#Day,North\n" + b"0,1\n" * 3, "input_csv/sim_period.csv": b"Length,25\n",
         "source_data/data_layout.csv": b"total,all.csv\nLake,lake.csv\n"},
        (("conflicts.csv", 4, ""), ("sim_period.csv", 0, "StartDate"), ("data_layout.csv", 0, "name")),
    ),
    "settings misspelt, in the wrong section, and of the wrong kind": (
        {"simsetting.yml": b"move_rules:\n  max_move_spede: 200\n  hasten: 10\n  awareness_level: two\n"},
        (("simsetting.yml", 2, "move_rules.max_move_spede"), ("simsetting.yml", 3, "move_rules.hasten"),
         ("simsetting.yml", 4, "move_rules.awareness_level")),
    ),
    "accents of an old Windows, and a name with a comma": (
        {"input_csv/locations.csv": (PLACES + '"Inn, upper",r,Home,3,1,,0,0\n').encode(),
         "input_csv/routes.csv": (ROADS + '"Inn, upper",Inn,9\n').encode(),
         "input_csv/closures.csv": "country,Home,C\u00f4te,1,2\n".encode("latin-1"),
         "source_data/lake.csv": b"\xef\xbb\xbf2012-03-01,8\n2012-03-21,9 \xe9\n"},
        (("locations.csv", 8, "location_type"), ("closures.csv", 1, ""), ("lake.csv", 2, "")),
    ),
    "dates that are none, and a period without a length": (
        {"source_data/lake.csv": b"2012-03-01,8\n31/03/2012,308\n", "source_data/bridge.csv": b"2012-02-30,8\n",
         "input_csv/sim_period.csv": b"StartDate,2012-03-01\nLength,\n"},
        (("lake.csv", 2, "date"), ("bridge.csv", 1, "date"), ("sim_period.csv", 2, "Length")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", NASTY)
def test_a_nasty_folder_names_all_its_faults_at_once(tmp_path: Path, what: str) -> None:
    """Every fault in one message before day 0, each at its row and column and with a mend; exit code 2."""
    changes, wanted = NASTY[what]
    plain: dict[str, bytes | None] = {name: text.encode() for name, text in FILES.items()}
    files = {name: data for name, data in (plain | changes).items() if data is not None}
    folder = write_bytes(tmp_path / "case", files)
    done = CliRunner().invoke(build_app(), ["flee", "check", str(folder)])
    assert isinstance(done.exception, CaseError)
    assert done.exception.exit_code == 2
    found = {(Path(fault.file).name, fault.row, fault.column) for fault in done.exception.faults}
    assert set(wanted) <= found
    assert {file for file, _, _ in found} == {file for file, _, _ in wanted}
    assert all(fault.mend for fault in done.exception.faults)


def test_dates_out_of_order_are_read_as_flee_reads_them_with_a_note(tmp_path: Path) -> None:
    """Cases that are in use have them: the law says what they mean, so they are told and not refused."""
    lake = "2012-03-01,8\n2012-03-26,198\n2012-03-21,208\n2012-03-31,308\n"
    case = read_flee_case(write_case(tmp_path, {**FILES, "source_data/lake.csv": lake}))
    assert any("lake.csv" in note and "rising order" in note for note in case.notes)
    assert simulate_flight(build_law(case), seed=1).total.shape == (case.days, 1)


@pytest.mark.parametrize(
    ("written", "mend"), [('"170,5"', "170.5"), ('"1,705"', "write 1705"), ("1 705", "write 1705"), ("far", "decimal")]
)
def test_the_mend_of_a_length_says_what_was_meant(tmp_path: Path, written: str, mend: str) -> None:
    """A comma before one digit is a decimal comma, before three a separator of thousands."""
    roads = FILES["input_csv/routes.csv"].replace("North,Inn,170", f"North,Inn,{written}")
    with pytest.raises(CaseError) as raised:
        read_flee_case(write_case(tmp_path, {"input_csv/routes.csv": roads}))
    (fault,) = raised.value.faults
    assert (fault.row, fault.column) == (10, "distance") and mend in str(fault.mend)
