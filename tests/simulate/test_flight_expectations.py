"""What Flee's own tests expect, and its reference ensembles, where the reference cases are at hand."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from makers.flight import run, shared_flee
from sarai.model.flight.law import build_law
from sarai.model.flight.series import camp_records, value_on
from sarai.observe.flee.counts import read_layout
from sarai.observe.flee.folder import read_flee_case
from sarai.observe.flee.rows import Findings

EXPECTED_ROWS = {*range(1, 47)} - {42, 43}
NOT_MET = {
    42: "a helper of Flee for matching by ethnicity, which sarai refuses",
    43: "agents.csv lists single people, which sarai refuses",
}


@pytest.mark.shared
def test_every_reference_behaviour_is_met_or_refused_by_name() -> None:
    """The list of behaviours of Flee's own tests has no row that is in neither list."""
    with (shared_flee() / "reference" / "expectations.csv").open(encoding="utf-8") as file:
        rows = {int(row["id"]) for row in csv.DictReader(file)}
    assert rows == EXPECTED_ROWS | set(NOT_MET)


@pytest.mark.shared
def test_recorded_series_equal_the_reference_numbers(tmp_path: Path) -> None:
    """Rows 2, 4 and 8 to 14: sums, interpolation, largest values and the correction of cases/test_series."""
    found = Findings()
    layout = read_layout(
        shared_flee() / "cases" / "test_series" / "source_data", date(2010, 6, 1), (), True, True, found
    )
    total = camp_records(layout[0], 1, ())
    assert [value_on(total, day) for day in (0, 300, 700)] == [2775, 21079, 311338]
    corrected = camp_records(layout[0], 1, (("Total", (date(2014, 1, 1) - date(2010, 6, 1)).days),))
    assert [value_on(corrected, day) for day in (0, 300, 700)] == [1387, 10539, 155669]
    days, counts = camp_records(layout[1], 1, ())
    first_past = int(np.argmax(days >= 1200))
    assert counts[: first_past + 1].max() == 800000
    early = read_layout(
        shared_flee() / "cases" / "test_series" / "source_data", date(2010, 1, 1), (), True, True, found
    )
    both = [camp_records(table, 1, ()) for table in early]
    assert sum(value_on(table, 0) for table in both) == 1000
    assert value_on(both[1], 9) - value_on(both[1], 0) == 135


@pytest.mark.shared
def test_the_reference_case_of_csv_files_is_read_as_expected() -> None:
    """Rows 31 to 41: changes of type, intensities, food levels, and a run with a border closure."""
    case = read_flee_case(shared_flee() / "cases" / "test_csv")
    assert case.conflicts is not None
    column = {name: j for j, name in enumerate(case.conflicts.names)}
    values = case.conflicts.values
    assert [values[49, column["C"]], values[50, column["C"]], values[0, column["A"]], values[94, column["C2"]]] == [
        0,
        1,
        1,
        0,
    ]
    assert case.food is not None
    assert case.food.days is not None
    levels = [
        float(np.interp(5, case.food.days, case.food.values[:, case.food.names.index(name)])) for name in ("AB", "EF")
    ]
    assert levels == [7.0, 8.0]
    assert case.type_changes == (("C", "idpcamp", 100), ("A", "town", 500))
    assert run(build_law(case)).total[-1, 0] >= 0
    longer = replace(case, days=502, conflicts=replace(case.conflicts, values=np.tile(values[:1], (502, 1))))
    calendar = build_law(longer).calendar
    kinds = [(calendar.town[r, 2], calendar.camp[r, 2]) for r in calendar.place_row[[99, 100]]]
    assert kinds == [(1, 0), (0, 1)]
    assert [calendar.town[r, 0] for r in calendar.place_row[[499, 500]]] == [0, 1]


@pytest.mark.shared
def test_frozen_counts_are_the_reference_where_capacity_binds() -> None:
    """Row 46: on day 18 camp C of the toy case holds 132.1 on average, not the 110.5 of one-process Flee."""
    case = read_flee_case(shared_flee() / "cases" / "toy", days=19)
    counts = run(build_law(case), 400).place[18, 4]
    assert abs(counts.mean() - 132.1) < 4 * counts.std() / 20 + 0.5


@pytest.mark.shared
@pytest.mark.parametrize("name", ["toy__aw2_foot_stints", "toy__poisson", "toy_groups__groups", "ethiopia__own_h100"])
def test_camp_counts_agree_with_reference_ensembles(name: str) -> None:
    """A sample of the nightly claim: means by camp and day lie within five joint standard errors."""
    with (shared_flee() / "reference" / "ensembles.csv").open(encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["file_stem"] == name)
    folder = shared_flee() / "cases" / row["case"]
    case = read_flee_case(folder, settings=folder / row["settings_file"], divisor=int(row["divisor"]))
    ensemble = run(build_law(case), 200)
    counts = ensemble.camp_counts().astype(float)
    column = {camp: j for j, camp in enumerate(ensemble.camp_names)}
    with gzip.open(shared_flee() / "reference" / f"{name}__daily.csv.gz", "rt") as file:
        for cell in csv.DictReader(file):
            seen = counts[int(cell["day"]), column[cell["camp"]]]
            assert int(cell["data"]) == ensemble.recorded[int(cell["day"]), column[cell["camp"]]]
            if float(cell["mean"]) >= 2:
                error = np.hypot(float(cell["se_of_mean"]), seen.std(ddof=1) / np.sqrt(len(seen)))
                assert abs(seen.mean() - float(cell["mean"])) <= 5 * max(error, 0.05)
