"""The main job: reports to files, the same bytes again, and nothing in them that was known later."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml

from sarai.brief import Brief, brief, rerun
from sarai.ledger.run_record import parse_record
from sarai.observe.case_folder import load_case

AS_OF = date(2023, 10, 28)
MEMBERS = 40
FILES = {"briefing.html", "briefing.xlsx", "forecast.csv", "release.json", "record.json"}


@pytest.fixture(scope="module")
def done() -> Brief:
    """One small briefing of the built-in case."""
    return brief(load_case("pakistan-2023"), AS_OF, member_count=MEMBERS)


def test_the_main_job_writes_its_files(done: Brief) -> None:
    """Page, workbook, forecast, release and record are there, and the record holds the hash of all the others."""
    assert set(done.files) == FILES
    assert set(done.record.outputs) == FILES - {"record.json"}
    assert all(len(data) > 1000 for data in done.files.values())


def test_a_record_rebuilds_every_byte(done: Brief) -> None:
    """From the record alone, without the case folder, every file comes out the same."""
    again, said = rerun(parse_record(done.files["record.json"].decode()))
    assert said == ()
    assert again.files == done.files


def test_an_edited_record_is_told_apart(done: Brief) -> None:
    """A record with a changed input says so, and the files that come out otherwise are named."""
    text = done.files["record.json"].decode().replace("59780,", "59781,")
    assert text != done.files["record.json"].decode()
    _, said = rerun(parse_record(text))
    assert any("changed after the run" in line for line in said)
    assert any("forecast.csv differs" in line for line in said)


def test_the_forecast_table_has_the_hub_columns_and_levels(done: Brief) -> None:
    """Each target, location and day has the 23 usual quantiles, in order and never negative."""
    rows = list(csv.DictReader(io.StringIO(done.files["forecast.csv"].decode())))
    columns = "reference_date,target,horizon,location,target_end_date,output_type,output_type_id,value"
    assert list(rows[0]) == [*columns.split(","), "level", "record", "licence"]
    wanted = {"day crossings", "week crossings", "day departures", "queue at close", "site occupancy"}
    assert wanted <= {row["target"] for row in rows}
    days: dict[tuple[str, str, str], list[float]] = {}
    for row in rows:
        if row["output_type"] == "quantile":
            days.setdefault((row["target"], row["location"], row["horizon"]), []).append(float(row["value"]))
    assert all(len(values) == 23 and values == sorted(values) and values[0] >= 0.0 for values in days.values())
    assert len([key for key in days if key[:2] == ("day crossings", "all")]) == 28


def test_members_are_the_same_in_any_company(done: Brief) -> None:
    """The first members of a larger run are those of a smaller one, so block size can never show."""
    larger = brief(load_case("pakistan-2023"), AS_OF, member_count=MEMBERS + 7)
    small, large = (run.forecast.series["queue at close"].samples for run in (done, larger))
    assert np.array_equal(small, large[..., :MEMBERS])


@pytest.mark.parametrize("day", [date(2023, 7, 1), date(2023, 10, 3), date(2025, 6, 1)])
def test_any_day_can_be_asked(day: date) -> None:
    """Before the first report, on the day of the announcement and after the last report there is still a briefing."""
    run = brief(load_case("pakistan-2023"), day, member_count=1, horizon_days=7)
    assert set(run.files) == FILES


def test_what_became_known_later_leaves_no_trace(done: Brief, tmp_path: Path) -> None:
    """Deleting every row and entry known after the day changes no byte of any file."""
    from importlib.resources import files

    folder = tmp_path / "under-another-name"
    shutil.copytree(str(files("sarai.cases") / "pakistan-2023"), folder)
    dropped = sum(forget_rows(path) for path in folder.glob("*.csv")) + forget_entries(folder / "case.yaml")
    assert dropped > 300
    assert brief(load_case(folder), AS_OF, member_count=MEMBERS).files == done.files


def forget_rows(path: Path) -> int:
    """Delete the rows of a table that were known after the day, or published after it; returns how many."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = [row for row in rows if (row.get("known") or row.get("published") or "")[:10] <= AS_OF.isoformat()]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)
    return len(rows) - len(kept)


def forget_entries(path: Path) -> int:
    """Delete the entries of case.yaml that were known after the day; returns how many."""
    dropped = 0

    def keep(value: object) -> object:
        nonlocal dropped
        if isinstance(value, dict):
            return {key: keep(inner) for key, inner in value.items()}
        if isinstance(value, list):
            later = [item for item in value if isinstance(item, dict) and item.get("known", AS_OF) > AS_OF]
            dropped += len(later)
            return [keep(item) for item in value if item not in later]
        return value

    data = keep(yaml.safe_load(path.read_text(encoding="utf-8")))
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return dropped
