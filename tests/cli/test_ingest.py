"""The verbs that write: ingest, add, redact, ledger; what they print, where, and with which exit code."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from makers.ledger import write_folder
from sarai.observe.case_folder import load_case

WIDE = 'Update,,,\nDate,North gate,South,Total\n2030-03-07,"1,200",900,"2,100"\n'
WIDE += '2030-03-08,-,800,800\nTotal,"1,200","1,700",\n'


def run_sarai(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as a person calls it, in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "sarai", *words], capture_output=True, text=True, cwd=folder, check=False
    )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the case `mine` and a file of counts."""
    write_folder(tmp_path / "mine")
    (tmp_path / "wide.csv").write_text(WIDE)
    return tmp_path


SOURCE = ("--publisher", "Agency", "--title", "Update", "--published", "2030-04-10")


def test_ingest_says_what_went_in_and_what_did_not(place: Path) -> None:
    """Rows added on standard output; what was left out, and why, on standard error."""
    done = run_sarai("ingest", "mine", "wide.csv", *SOURCE, folder=place)
    assert done.returncode == 0, done.stderr
    assert "observations.csv: 3 rows added of 3 read" in done.stdout
    assert "row 5: a total row" in done.stderr and "column Total: adds up others" in done.stderr
    told = json.loads(run_sarai("ingest", "mine", "wide.csv", "--json", *SOURCE, folder=place).stdout)
    assert told["added"] == {} and told["read"] == 3 and len(told["said"]) == 1
    again = run_sarai("ingest", "mine", "wide.csv", *SOURCE, folder=place)
    assert again.returncode == 0 and "nothing added" in again.stdout


def test_suggested_mapping_reads_the_file_the_same(place: Path) -> None:
    """What --suggest prints is a mapping that can be used as it is."""
    text = run_sarai("ingest", "mine", "wide.csv", "--suggest", *SOURCE, folder=place)
    assert text.returncode == 0, text.stderr
    assert yaml.safe_load(text.stdout)["wide"] == {
        "North gate": {"crossing": "north_gate"},
        "South": {"crossing": "south_gate"},
    }
    (place / "map.yaml").write_text(text.stdout)
    done = run_sarai("ingest", "mine", "wide.csv", "--mapping", "map.yaml", folder=place)
    assert done.returncode == 0, done.stderr
    rows = load_case(place / "mine").reports
    assert sorted(report.persons or 0 for report in rows if report.source_id == "agency_2030_04_10") == [800, 900, 1200]


def test_suggestion_never_settles_the_calendar_silently(place: Path) -> None:
    """Years that look like Solar Hijri are proposed with a word to check, and refused without the option."""
    (place / "solar.csv").write_text("date,crossing,persons\n1408/12/17,south,5\n")
    assert run_sarai("ingest", "mine", "solar.csv", *SOURCE, folder=place).returncode == 2
    text = run_sarai("ingest", "mine", "solar.csv", "--suggest", folder=place)
    assert "calendar: solar_hijri" in text.stdout and "keep this line only if" in text.stdout
    done = run_sarai("ingest", "mine", "solar.csv", "--calendar", "solar_hijri", *SOURCE, folder=place)
    assert done.returncode == 0, done.stderr


def test_partly_bad_file_ends_with_1_when_good_rows_went_in(place: Path) -> None:
    """2 and nothing written without the option, 1 and a quarantine file with it."""
    (place / "part.csv").write_text("date,crossing,persons\n2030-03-07,south,5\n2030-03-08,middle,6\n")
    assert run_sarai("ingest", "mine", "part.csv", *SOURCE, folder=place).returncode == 2
    assert not (place / "mine" / "quarantine").exists()
    done = run_sarai("ingest", "mine", "part.csv", "--keep-good", *SOURCE, folder=place)
    assert done.returncode == 1
    assert "set aside: part.csv, row 3, column crossing" in done.stderr
    assert len(list((place / "mine" / "quarantine").iterdir())) == 1


def test_count_by_telephone_in_seconds(place: Path) -> None:
    """One count is recorded in under 30 s, and again with the same source without naming its publisher."""
    start = time.monotonic()
    words = (
        "add",
        "mine",
        "--crossing",
        "north_gate",
        "--from",
        "2030-03-07",
        "--persons",
        "1,250",
        "--source",
        "desk",
    )
    done = run_sarai(*words, "--publisher", "Control room", "--known", "2030-03-08", folder=place)
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - start < 30
    words = ("add", "mine", "--crossing", "South", "--from", "2030-03-07", "--to", "2030-03-09", "--families", "40")
    done = run_sarai(*words, "--source", "desk", "--kind", "deported", "--known", "2030-03-10", folder=place)
    assert done.returncode == 0, done.stderr
    rows = [report for report in load_case(place / "mine").reports if report.source_id == "desk"]
    assert [(r.crossing, r.persons, r.families, r.kind, r.series) for r in rows] == [
        ("north_gate", 1250, None, "return_all", "control_room"),
        ("south_gate", None, 40, "deported", "control_room"),
    ]


def test_same_count_by_telephone_again_adds_nothing(place: Path) -> None:
    """Told twice is not seen twice, and another number from the same desk corrects the first."""
    words = ("add", "mine", "--crossing", "south", "--from", "2030-03-07", "--source", "desk", "--publisher", "Desk")
    for persons, known, said in (("50", "2030-03-08", "1 rows added"), ("50", "2030-03-09", "nothing added")):
        done = run_sarai(*words, "--persons", persons, "--known", known, folder=place)
        assert done.returncode == 0 and said in done.stdout, done.stdout + done.stderr
    done = run_sarai(*words, "--persons", "55", "--known", "2030-03-10", folder=place)
    assert "superseding an earlier figure" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--crossing", "middle", "--persons", "5", "--source", "post"), "no such crossing"),
        (("--crossing", "south", "--persons", "5k", "--source", "post"), "write the number out"),
        (("--crossing", "south", "--persons", "5", "--source", "nobody"), "no such publication"),
        (("--crossing", "south", "--source", "post"), "nothing was counted"),
        (
            ("--crossing", "south", "--persons", "5", "--source", "post", "--known", "2030-03-01"),
            "--known: the figure was known",
        ),
        (("--crossing", "south", "--persons", "5", "--source", "post", "--note", "ask 0300-1234567"), "telephone"),
        (("--crossing", "south", "--persons", "5", "--source", "post", "--supersedes", "ffffffff"), "no such report"),
    ],
)
def test_count_that_makes_no_sense_is_refused(place: Path, words: tuple[str, ...], said: str) -> None:
    """Each with its reason, exit code 2, and the table as it was."""
    before = (place / "mine" / "observations.csv").read_bytes()
    done = run_sarai("add", "mine", "--from", "2030-03-07", "--known", "2030-03-08", *words, folder=place)
    assert done.returncode == 2 and said in done.stderr, done.stderr
    assert (place / "mine" / "observations.csv").read_bytes() == before


def test_count_may_correct_a_report(place: Path) -> None:
    """A correction names the report that it supersedes, and the world no longer has that one."""
    old = next(report for report in load_case(place / "mine").reports if report.persons == 120)
    words = ("--crossing", "north_gate", "--from", "2030-03-05", "--persons", "210", "--source", "post")
    words += ("--supersedes", old.id, "--note", "digits were swapped", "--known", "2030-03-09")
    done = run_sarai("add", "mine", *words, folder=place)
    assert done.returncode == 0, done.stderr
    case = load_case(place / "mine")
    from datetime import date

    assert 120 in [report.persons for report in case.as_of(date(2030, 3, 8)).reports]
    now = case.as_of(date(2030, 3, 9)).reports
    assert 120 not in [report.persons for report in now] and 210 in [report.persons for report in now]


def test_built_in_case_is_refused_by_every_verb_that_writes(place: Path) -> None:
    """Exit code 2 and the command that makes a copy."""
    for words in (
        ("ingest", "pakistan-2023", "wide.csv"),
        ("add", "pakistan-2023", "--crossing", "torkham", "--from", "2023-11-01", "--persons", "5", "--source", "x"),
        ("redact", "pakistan-2023", "observations.csv:2", "--why", "w", "--by", "desk"),
    ):
        done = run_sarai(*words, folder=place)
        assert done.returncode == 2
        assert "sarai new NAME --from pakistan-2023" in done.stderr


def test_past_day_comes_back_as_a_case(place: Path) -> None:
    """The folder that replay writes is a case, with the tables as they stood, byte for byte."""
    before = {path.name: path.read_bytes() for path in (place / "mine").glob("*.csv")}
    run_sarai("ledger", "show", "mine", folder=place)
    run_sarai("ingest", "mine", "wide.csv", *SOURCE, folder=place)
    acts = run_sarai("ledger", "show", "mine", folder=place).stdout.splitlines()
    assert [line.split(",")[2] for line in acts] == ["verb", "read", "ingest"]
    listed = json.loads(run_sarai("ledger", "show", "mine", "--files", "--json", folder=place).stdout)
    assert [(entry["name"], entry["verdict"]) for entry in listed] == [("wide.csv", "accepted")]
    assert run_sarai("ledger", "show", "mine", "--row", "ffffffffffff", folder=place).returncode == 2
    done = run_sarai("ledger", "replay", "mine", "--recorded", "1", "--out", "then", folder=place)
    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_bytes() for path in (place / "then").glob("*.csv")} == before
    assert run_sarai("check", "then", folder=place).returncode == 0
    assert "2 acts replay bit for bit" in run_sarai("ledger", "check", "mine", folder=place).stdout
    assert run_sarai("ledger", "replay", "mine", "--recorded", "2000-01-01", folder=place).returncode == 2


def test_redaction_by_report_id_and_export(place: Path) -> None:
    """The id that explain and audit show names a row; an export is one file."""
    old = next(report for report in load_case(place / "mine").reports if report.persons == 120)
    shown = run_sarai("ledger", "show", "mine", "--row", old.id, folder=place).stdout
    assert "persons=120" in shown and ",observations.csv,,2," in shown
    done = run_sarai("redact", "mine", old.id, "--why", "small cell", "--by", "data protection, Kabul", folder=place)
    assert done.returncode == 0, done.stderr
    assert ",120," not in (place / "mine" / "observations.csv").read_text()
    assert run_sarai("ledger", "export", "mine", "out.sqlite", folder=place).returncode == 0
    assert (place / "out.sqlite").stat().st_size > 1000
    assert run_sarai("ledger", "export", "mine", "out.sqlite", folder=place).returncode == 2
