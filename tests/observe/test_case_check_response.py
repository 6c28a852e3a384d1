"""The 3W table of a case is read, dated and checked, with every fault at once."""

from __future__ import annotations

from datetime import date
from importlib import resources

import pytest

from sarai.observe.case_folder import case_from_files, load_case
from sarai.world.errors import CaseError, Fault, InputError

HEAD = "start_date,end_date,agency,item,site,quantity,per,source_id,assumption,note,known,known_inferred\n"


def case_files(table: str) -> dict[str, bytes | Fault]:
    """The teaching case with a 3W table."""
    folder = resources.files("sarai.cases") / "teaching"
    files: dict[str, bytes | Fault] = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    return files | {"response.csv": (HEAD + table).encode()}


def test_lines_are_used_only_from_the_day_they_were_known() -> None:
    """A later line of the reference case is not there before its day, and replaces the earlier one after it."""
    case = load_case("pakistan-2023")
    before = case.as_of(date(2023, 11, 13)).response
    after = case.as_of(date(2023, 11, 14)).response
    assert not [line for line in before if line.basis.source_id == "afintl_231114"]
    assert [line.quantity for line in after if line.basis.source_id == "afintl_231114"] == [0.0]


def test_every_fault_is_told_at_once_with_its_place() -> None:
    """Unknown site and item, a negative number, a period backwards, no source: one list."""
    table = (
        ",,x,desk,north_gate,5,once,,A1,,,false\n"
        ",,x,desks,nowhere,-5,weekly,,A1,,,false\n"
        "2023-11-05,2023-11-01,x,desks,nowhere,nan,once,,,,,false\n"
        ",,x,funds_usd,nowhere,5,once,no_such,,,,false\n"
    )
    with pytest.raises((CaseError, InputError)) as caught:
        case_from_files("teaching", case_files(table))
    found = [(fault.row, fault.column) for fault in caught.value.faults if fault.file == "response.csv"]
    for wanted in ((2, "item"), (3, "site"), (3, "quantity"), (3, "per"), (4, "end_date"), (4, "source_id"),
                   (5, "site"), (5, "source_id")):  # fmt: skip
        assert wanted in found
    assert any("did you mean `desks`" in fault.mend for fault in caught.value.faults)
