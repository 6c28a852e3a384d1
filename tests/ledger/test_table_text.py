"""Tables as text: read, rendered and appended to without a byte of the rest changing."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarai.ledger.table_text import append_rows, parse_table, render_table
from sarai.world.errors import CaseError

HEADER = ("a", "b")
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=8)
rows = st.lists(st.tuples(texts, texts).filter(any), max_size=5)


@given(rows)
def test_rendered_table_reads_back(some: list[tuple[str, str]]) -> None:
    """Whatever stands in the cells, commas, quotes and line breaks too."""
    table = parse_table("t.csv", render_table(HEADER, some))
    assert table.rows == tuple(some)
    assert table.header == HEADER


@given(rows, rows)
def test_appended_rows_come_after_an_untouched_head(some: list[tuple[str, str]], more: list[tuple[str, str]]) -> None:
    """Appending keeps the bytes that stood there and adds exactly the new rows."""
    before = render_table(HEADER, some)
    after = append_rows(before, HEADER, [dict(zip(HEADER, row, strict=True)) for row in more])
    assert after.startswith(before)
    assert parse_table("t.csv", after).rows == (*some, *more)


@pytest.mark.parametrize("before", [b"b,a\r\n1,2\r\n", b"b,a\n1,2", b"\xef\xbb\xbfb,a\n1,2\n"])
def test_append_keeps_column_order_and_line_ends(before: bytes) -> None:
    """A table saved by a spreadsheet keeps its own order of columns, line ends and mark."""
    after = append_rows(before, HEADER, [{"a": "x", "b": "y"}])
    assert after.startswith(before)
    assert parse_table("t.csv", after).rows[-1] == ("y", "x")
    assert (b"\r\n" in before) == after.endswith(b"\r\n")


def test_row_with_a_column_that_the_table_lacks_is_refused() -> None:
    """No cell is dropped silently."""
    with pytest.raises(CaseError, match="lacks columns"):
        append_rows(b"a\n1\n", HEADER, [{"a": "1", "b": "2"}])


@pytest.mark.parametrize("data", [b"a,b\n1\n", b"a,a\n1,2\n", b"a,b\n\xff,1\n", b'a,b\n"1,2\n'])
def test_file_that_is_no_table_is_refused(data: bytes) -> None:
    """Rows of another width, doubled names, bytes that are not UTF-8 and open quotes are named."""
    with pytest.raises(CaseError):
        parse_table("t.csv", data)


def test_csv_module_agrees() -> None:
    """What we render, any CSV reader reads."""
    data = render_table(HEADER, [('x "y"', "1,2"), ("line\nbreak", "")])
    assert list(csv.reader(io.StringIO(data.decode(), newline=""))) == [
        ["a", "b"],
        ['x "y"', "1,2"],
        ["line\nbreak", ""],
    ]
