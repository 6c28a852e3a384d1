"""The facts of the built-in cases are those of the reference folder, where that folder stands beside the checkout."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from sarai.observe.case_folder import find_case

SHARED = Path(os.environ.get("SARAI_SHARED") or Path(__file__).parents[3] / "shared") / "data"
# rows that are no count of a crossing stand in capacity.csv instead; populations still present are not shipped
MOVED = {"chamkani_centre", "renk", "malakal"}


def read_rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Header and rows of a table."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or []), list(reader)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["pakistan-2023", "pakistan-2016", "sudan-southsudan-2023"])
def test_observations_and_sources_are_carried_over_unchanged(name: str) -> None:
    """Same columns, same rows, but for the few that count something at a place that is no crossing."""
    if not (SHARED / name).is_dir():
        pytest.skip(f"the reference folder is not there: {SHARED / name}")
    for table in ("observations.csv", "sources.csv"):
        header, wanted = read_rows(SHARED / name / table)
        shipped_header, shipped = read_rows(Path(str(find_case(name)[1])) / table)
        kept = [r for r in wanted if r.get("crossing") not in MOVED and r.get("kind") != "onward_transport"]
        assert shipped_header == header
        assert shipped == kept


def test_no_population_below_province_or_still_present_is_shipped() -> None:
    """Population tables hold no district, nobody who left, and nobody counted long after the deadline."""
    _, rows = read_rows(Path(str(find_case("pakistan-2023")[1])) / "population.csv")
    assert rows and all(not row["district_or_city"] for row in rows)
    assert all("left" not in row["status"] and row["as_of"] < "2024-10-01" for row in rows)
    for name in ("pakistan-2016", "sudan-southsudan-2023"):
        _, rows = read_rows(Path(str(find_case(name)[1])) / "population.csv")
        assert all("remaining" not in row["group"] for row in rows)
