import pytest

from sarai.plan.standards import FIELDS, default_standards, parse_standards, standards_for
from sarai.world.errors import CaseError

HEAD = ",".join(FIELDS)
GOOD = "water,WASH,water,litres,transit|camp,all,night,consumed,15,Sphere Handbook,2018,106,"


def test_every_shipped_line_names_source_edition_and_place_in_it() -> None:
    """A standard without its publication, edition and page or section cannot be disputed, so none is shipped."""
    lines = default_standards()
    assert len(lines) >= 20
    assert all(line.source and line.edition and line.page for line in lines)
    assert {"Sphere Handbook", "UNHCR Emergency Handbook"} <= {line.source for line in lines}


def test_setting_and_season_choose_the_lines() -> None:
    """Cold nights in a transit centre call for more covered space than warm ones."""
    space = {
        season: [
            line.per_person
            for line in standards_for(default_standards(), "transit", season)
            if line.item == "covered living space"
        ]
        for season in ("warm", "cold")
    }
    assert space == {"warm": [3.5], "cold": [4.5]}


def test_all_faults_of_a_table_are_named_at_once() -> None:
    """Unknown words, a figure that is none, a doubled id and a missing source come back together, each with its row."""
    bad = "water,WASH,water,litres,moon,all,night,consumed,minus,Sphere,2018,106,"
    unsourced = "soap,WASH,soap,kg,camp,all,yearly,consumed,1,,2018,106,"
    with pytest.raises(CaseError) as caught:
        parse_standards("\n".join((HEAD, GOOD, bad, unsourced)) + "\n", "own.csv")
    found = {(fault.row, fault.column) for fault in caught.value.faults}
    assert found == {(3, "setting"), (3, "per_person"), (3, "id"), (4, "basis"), (4, "source")}


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", ""])
def test_a_quantity_must_be_a_positive_number(value: str) -> None:
    """Zero, negative, infinite and empty quantities are refused."""
    with pytest.raises(CaseError):
        parse_standards(HEAD + "\n" + GOOD.replace(",15,", f",{value},") + "\n")


def test_a_missing_column_is_named() -> None:
    """A table without the column `basis` is refused by that name."""
    with pytest.raises(CaseError, match="basis"):
        parse_standards(HEAD.replace(",basis", "") + "\n")
