"""The store: append-only, bitemporal, and able to give any past state again bit for bit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from makers.ledger import FIRST_MOMENT, step_clock
from sarai.ledger.store import Ledger, open_ledger
from sarai.ledger.table_text import TableText, render_table
from sarai.ledger.writing import Act

HEADER = ("series", "crossing", "start_date", "persons")


def table(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> dict[str, TableText]:
    return {"observations.csv": TableText(name="observations.csv", header=header, rows=rows)}


def open_new(tmp_path: Path, step: timedelta = timedelta(days=1)) -> Ledger:
    return open_ledger(tmp_path / "l.sqlite", "case", step_clock(step))


def test_past_day_is_asked_again_by_day_moment_and_act(tmp_path: Path) -> None:
    """A replay gives the table as it stood at the end of a day, at a moment, or after an act."""
    one, two = ("s", "north", "2030-03-01", "10"), ("s", "north", "2030-03-02", "20")
    with open_new(tmp_path) as ledger:
        ledger.record(table(one), Act(verb="read"))
        ledger.record(table(one, two), Act(verb="read"))
        assert ledger.replay(FIRST_MOMENT.date()).tables["observations.csv"].rows == (one,)
        assert ledger.replay(FIRST_MOMENT + timedelta(hours=1)).tables["observations.csv"].rows == (one,)
        assert ledger.replay(1).tables["observations.csv"].rows == (one,)
        assert ledger.replay().tables["observations.csv"].rows == (one, two)
        assert ledger.replay(date(2030, 3, 31)).tables == {}


@pytest.mark.parametrize("name", ["batch", "offered_file", "row_version", "checkpoint"])
def test_no_record_can_be_changed_or_deleted(tmp_path: Path, name: str) -> None:
    """The database itself refuses updates and deletes, whatever program asks."""
    from sarai.ledger.record import FileEntry

    entry = FileEntry(file_hash="ab", name="f.csv", size_bytes=1, verdict="accepted")
    with open_new(tmp_path) as ledger:
        ledger.record(table(("s", "north", "2030-03-01", "10")), Act(verb="read", files=[entry]))
        for statement in (
            f"DELETE FROM {name}",
            f"UPDATE {name} SET batch = 7" if name != "batch" else "UPDATE batch SET why = 'x'",
        ):
            with pytest.raises(DatabaseError, match="append-only"), ledger.engine.begin() as connection:
                connection.execute(text(statement))


def test_clock_set_back_does_not_reorder_the_record(tmp_path: Path) -> None:
    """An act is never recorded before the one before it."""
    moments = iter([datetime(2030, 4, 2, tzinfo=UTC), datetime(2030, 4, 1, tzinfo=UTC)])
    with open_ledger(tmp_path / "l.sqlite", "case", lambda: next(moments)) as ledger:
        ledger.record(table(("s", "n", "2030-03-01", "1")), Act(verb="read"))
        ledger.record(table(("s", "n", "2030-03-01", "2")), Act(verb="read"))
        assert [recorded for _, recorded, _, _ in ledger.batches()] == [datetime(2030, 4, 2, tzinfo=UTC)] * 2


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    """The same tables again are no act."""
    with open_new(tmp_path) as ledger:
        ledger.record(table(("s", "n", "2030-03-01", "1")), Act(verb="read"))
        assert ledger.record(table(("s", "n", "2030-03-01", "1")), Act(verb="read")).batch == 0
        assert len(ledger.batches()) == 1


def test_planted_change_in_the_file_is_seen(tmp_path: Path) -> None:
    """A record altered behind the ledger's back no longer replays to the digest written then."""
    with open_new(tmp_path) as ledger:
        ledger.record(table(("s", "n", "2030-03-01", "10")), Act(verb="read"))
        assert ledger.check() == ()
        with ledger.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER row_version_no_update"))
            connection.execute(text("""UPDATE row_version SET cells = replace(cells, '"10"', '"11"')"""))
        assert [fault.file for fault in ledger.check()] == ["observations.csv"]


def test_two_cases_share_a_database_and_not_a_row(tmp_path: Path) -> None:
    """A team's database keeps cases apart."""
    clock = step_clock()
    with (
        open_ledger(tmp_path / "l.sqlite", "one", clock) as one,
        open_ledger(tmp_path / "l.sqlite", "two", clock) as two,
    ):
        one.record(table(("s", "n", "2030-03-01", "1")), Act(verb="read"))
        two.record(table(("s", "n", "2030-03-01", "2")), Act(verb="read"))
        assert one.replay().tables["observations.csv"].rows[0][-1] == "1"
        assert two.replay().tables["observations.csv"].rows[0][-1] == "2"
        assert len(one.versions()) == len(two.versions()) == 1


cells = st.tuples(
    st.sampled_from("ab"),
    st.sampled_from(["n", "s"]),
    st.sampled_from(["2030-03-01", "2030-03-02"]),
    st.sampled_from("0123"),
)
states = st.lists(st.lists(cells, max_size=6), min_size=1, max_size=6)


@settings(max_examples=60)
@given(history=states)
def test_any_history_of_a_table_replays_bit_for_bit(
    history: list[list[tuple[str, str, str, str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever was edited, moved, doubled, removed or put back: each past state comes back with its very bytes."""
    with open_new(tmp_path_factory.mktemp("l")) as ledger:
        written = {}
        for rows in history:
            receipt = ledger.record(table(*rows), Act(verb="read"))
            written[receipt.batch or max(written, default=0)] = render_table(HEADER, rows)
        for batch, data in written.items():
            if batch:
                assert ledger.replay(batch).files["observations.csv"] == data
        assert ledger.check() == ()


def test_header_change_is_kept(tmp_path: Path) -> None:
    """A column put in or moved is part of the record."""
    with open_new(tmp_path) as ledger:
        ledger.record(table(("s", "n", "2030-03-01", "1")), Act(verb="read"))
        ledger.record(table(("1", "s", "n", "2030-03-01"), header=("persons", *HEADER[:3])), Act(verb="read"))
        assert ledger.replay(1).tables["observations.csv"].header == HEADER
        assert ledger.replay(2).tables["observations.csv"].header == ("persons", *HEADER[:3])
