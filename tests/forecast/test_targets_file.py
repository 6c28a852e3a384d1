"""The file of targets is read as it was written, and refused with every fault in it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sarai.forecast.targets import Target, find_targets
from sarai.forecast.targets_file import TargetsFile, format_targets, parse_targets, target_faults
from sarai.observe.case_folder import load_case
from sarai.world.errors import RequestError
from sarai.world.world import World


@pytest.fixture(scope="module")
def world() -> World:
    """The reference case with everything known."""
    case = load_case("pakistan-2023")
    return case.as_of(case.last_known())


def read_cells(found: tuple[Target, ...], *changes: tuple[int, str, str]) -> TargetsFile:
    """The file of these targets, read with some cells changed: (line, column, text)."""
    lines = [line.split(",") for line in format_targets(found).splitlines()]
    for line, column, text in changes:
        lines[line - 1][lines[0].index(column)] = text
    return parse_targets("\n".join(",".join(cells) for cells in lines), "t.csv")


def places(file: TargetsFile) -> list[tuple[int, str]]:
    """Row and column of each fault."""
    return [(fault.row, fault.column) for fault in file.faults]


def before_all(found: tuple[Target, ...]) -> date:
    """A day before the first target."""
    return min(target.start for target in found) - timedelta(days=1)


def test_targets_survive_their_file(world: World) -> None:
    """Writing and reading the targets file changes nothing; each target knows its line."""
    found = find_targets(world)
    file = parse_targets(format_targets(found))
    assert file.targets == found and file.rows == tuple(range(2, len(found) + 2)) and not file.faults


def test_faults_of_a_targets_file_are_named_all_at_once(world: World) -> None:
    """Bad cells in several rows give a fault each, with row and column; what is right is read."""
    found = find_targets(world)[:9]
    file = read_cells(
        found, (2, "start", "2023-13-01"), (3, "persons", "many"), (4, "persons", "-4"), (5, "target_id", ""),
        (6, "crossings", "torkham+torkham"), (7, "end", "2023-01-01"), (8, "target_id", found[7].id),
    )  # fmt: skip
    assert places(file) == [
        (2, "start"), (3, "persons"), (4, "persons"), (5, "target_id"), (6, "crossings"), (7, "end"), (9, "target_id"),
    ]  # fmt: skip
    assert file.rows == (8, 10)


def test_a_row_that_ends_too_early_is_a_fault(world: World) -> None:
    """With the columns in another order it broke off in the middle, as our own fault."""
    lines = [line.split(",")[::-1] for line in format_targets(find_targets(world)[:2]).splitlines()]
    lines[1] = lines[1][:6]
    file = parse_targets("\n".join(",".join(cells) for cells in lines), "t.csv")
    assert places(file) == [(2, "target_id"), (2, "case")] and len(file.targets) == 1


def test_missing_columns_are_refused(world: World) -> None:
    """Nothing can be read without them."""
    with pytest.raises(RequestError, match="columns are missing"):
        parse_targets("target_id,case\na,b\n")


def test_targets_that_overlap_inputs_are_refused(world: World) -> None:
    """A target known by the first origin was an input of every forecast; each is named by its row."""
    found = find_targets(world)
    file = parse_targets(format_targets(found), "t.csv")
    faults = target_faults(file, world, max(t.known for t in found))
    assert [(fault.file, fault.row) for fault in faults] == [("t.csv", row) for row in file.rows]
    assert all("overlaps the inputs" in fault.what for fault in faults)
    assert not target_faults(file, world, before_all(found)) and not target_faults(file, world, None)


def test_a_target_of_one_status_or_an_unknown_crossing_is_refused(world: World) -> None:
    """A forecast of everybody was scored against it."""
    found = find_targets(world)[:3]
    file = read_cells(found, (2, "status", "por"), (3, "crossings", "nowhere"))
    told = [(fault.row, fault.column) for fault in target_faults(file, world, before_all(found))]
    assert told == [(2, "status"), (3, "crossings")]


def test_a_file_without_a_target_of_the_case_is_refused(world: World) -> None:
    """It was told as no target after the origins, whatever the origins."""
    found = find_targets(world)[:2]
    file = parse_targets(format_targets(found).replace(",pakistan-2023,", ",another,"))
    (fault,) = target_faults(file.of_case(world.name), world, before_all(found))
    assert fault.column == "case" and fault.wanted == "pakistan-2023"
