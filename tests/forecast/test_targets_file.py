"""The file of targets is read as it was written, and refused with every fault in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sarai.forecast.targets import find_targets
from sarai.forecast.targets_file import check_targets, format_targets, parse_targets
from sarai.observe.case_folder import load_case
from sarai.world.errors import RequestError


@pytest.fixture(scope="module")
def world():  # type: ignore[no-untyped-def]
    """The reference case with everything known."""
    case = load_case("pakistan-2023")
    return case.as_of(case.last_known())


def test_targets_survive_their_file(world) -> None:  # type: ignore[no-untyped-def]
    """Writing and reading the targets file changes nothing."""
    found = find_targets(world)
    assert parse_targets(format_targets(found)) == found


def test_faults_of_a_targets_file_are_named_all_at_once(world) -> None:  # type: ignore[no-untyped-def]
    """Two bad cells in two rows give two faults with row and column."""
    lines = format_targets(find_targets(world)[:3]).splitlines()
    lines[1] = lines[1].replace(lines[1].split(",")[4], "2023-13-01", 1)
    cells = lines[2].split(",")
    cells[8] = "many"
    lines[2] = ",".join(cells)
    with pytest.raises(RequestError) as caught:
        parse_targets("\n".join(lines))
    assert {(fault.row, fault.column) for fault in caught.value.faults} == {(2, "start"), (3, "persons")}


def test_targets_that_overlap_inputs_are_refused(world) -> None:  # type: ignore[no-untyped-def]
    """A target known by the first origin was an input of every forecast."""
    found = find_targets(world)
    with pytest.raises(RequestError, match="overlaps the inputs"):
        check_targets(found, world, max(t.known for t in found))


def test_a_target_of_one_status_is_refused(world) -> None:  # type: ignore[no-untyped-def]
    """A forecast of everybody was scored against it."""
    found = find_targets(world)
    first = min(t.start for t in found) - timedelta(days=1)
    check_targets(found, world, first)
    with pytest.raises(RequestError, match="counts some of those who cross"):
        check_targets([replace(found[0], status="por")], world, first)
