"""Files that come again: what is new is added, a changed figure supersedes, rivals and decisions by hand stay."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from makers.ingest import SOURCE, TODAY, figures, ingest, put
from sarai.ledger.table_text import read_folder
from sarai.observe.case_folder import load_case
from sarai.world.errors import InputError


def test_correction_supersedes_from_the_day_it_became_known(tmp_path: Path, folder: Path) -> None:
    """The same publication gives another figure: as of the day before the old one holds, from then on the new one."""
    ingest(folder, put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,south,500\n2030-03-08,south,600\n"))
    again = put(tmp_path, "b.csv", "date,crossing,persons\n2030-03-07,south,550\n2030-03-08,south,600\n")
    ingest(folder, again)
    case = load_case(folder)

    def seen(day: date) -> list[int | None]:
        return sorted(report.persons or 0 for report in case.as_of(day).reports if report.source_id == "agency")

    assert seen(date(2030, 4, 19)) == [500, 600]
    assert seen(TODAY) == [550, 600]
    notes = [report.note for report in case.as_of(TODAY).reports if report.persons == 550]
    assert "supersedes" in notes[0] and "another figure" in notes[0]
    before = read_folder(folder)
    ingest(folder, again)
    assert read_folder(folder) == before


def test_same_file_on_a_later_day_adds_nothing(tmp_path: Path, folder: Path) -> None:
    """A file without a day of publication is known from the day of its ingest, and not from a later one again."""
    path = put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,south,500\n")
    source = {"source_id": "desk", "publisher": "Desk"}
    ingest(folder, path, source=source)
    before = read_folder(folder)
    for known in (date(2030, 5, 1), None):
        outcome = ingest(folder, path, source=source, known=known)
        assert read_folder(folder) == before
        assert outcome.said == ["1 row left out: the publisher's series says so already"]


def test_next_edition_adds_only_what_is_new(tmp_path: Path, folder: Path) -> None:
    """A table that grows each day is one witness: old days are not counted again, a changed day supersedes."""
    first = put(tmp_path, "d1.csv", "date,crossing,persons\n2030-03-07,south,500\n2030-03-08,south,600\n")
    second = put(
        tmp_path, "d2.csv", "date,crossing,persons\n2030-03-07,south,500\n2030-03-08,south,650\n2030-03-09,south,700\n"
    )
    ingest(folder, first, source={**SOURCE, "source_id": "e1", "published": "2030-03-09"})
    outcome = ingest(folder, second, source={**SOURCE, "source_id": "e2", "published": "2030-03-10"})
    assert [row[3] for row in figures(folder)] == ["500", "600", "650", "700"]
    assert len(outcome.said) == 2
    case = load_case(folder)
    seen = [
        sorted(r.persons or 0 for r in case.as_of(date(2030, 3, day)).reports if r.series == "agency")
        for day in (9, 10)
    ]
    assert seen == [[500, 600], [500, 650, 700]]


def test_other_publishers_stay_rivals(tmp_path: Path, folder: Path) -> None:
    """Two publishers that say the same, or something else, of one day are both kept."""
    for number, persons in ((1, 500), (2, 500), (3, 650)):
        path = put(tmp_path, f"{number}.csv", f"date,crossing,persons\n2030-03-07,south,{persons}\n")
        ingest(folder, path, source={"source_id": f"p{number}", "publisher": f"P{number}"}, fixed={"series": "press"})
    assert [row[3] for row in figures(folder)] == ["500", "500", "650"]
    assert len([r for r in load_case(folder).as_of(TODAY).reports if r.series == "press"]) == 3


def test_row_removed_or_edited_by_hand_is_not_brought_back(tmp_path: Path, folder: Path) -> None:
    """What a person decided stays decided when the same file comes again."""
    path = put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,south,500\n2030-03-08,south,600\n")
    ingest(folder, path)
    table = folder / "observations.csv"
    lines = table.read_text().splitlines(keepends=True)
    table.write_text("".join([*lines[:-2], lines[-1].replace(",600,", ",606,")]))
    outcome = ingest(folder, path)
    assert [row[3] for row in figures(folder)] == ["606"]
    assert outcome.said == ["2 rows left out: ingested before, and since edited or removed by hand; not brought back"]


def test_a_publication_that_bears_the_id_of_another_is_refused(tmp_path: Path, folder: Path) -> None:
    """Else its figures would be known since the day of the other one."""
    first = put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,south,500\n")
    ingest(folder, first)
    later = {**SOURCE, "published": "2030-05-01"}
    second = put(tmp_path, "b.csv", "date,crossing,persons\n2030-04-20,south,700\n")
    with pytest.raises(InputError, match="another publication of this id is there"):
        ingest(folder, second, source=later)
    ingest(folder, second, source={**later, "source_id": "second"})
    assert [row[3] for row in figures(folder)] == ["500", "700"]
