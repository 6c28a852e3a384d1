"""Words beside the lines of a chart: none crosses another word or a line."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from sarai.publish.chart_marks import GAP, LETTER, Mark, place_marks
from sarai.publish.svg import Scale

FIRST = date(2023, 10, 1)
ACROSS = Scale(low=FIRST.toordinal(), high=FIRST.toordinal() + 60, start=50, end=368)


def marks(*days: tuple[int, str]) -> list[Mark]:
    """Marks on days after the first."""
    return [Mark(day=FIRST + timedelta(days=day), text=text, style="deadline") for day, text in days]


@pytest.mark.parametrize(
    "days",
    [
        ((35, "as of"), (30, "deadline")),
        ((30, "as of"), (31, "deadline"), (33, "deadline")),
        ((0, "deadline"), (60, "as of")),
        ((1, "as of"), (1, "deadline")),
        ((57, "as of"), (59, "deadline"), (60, "deadline")),
        tuple((day, "deadline") for day in range(0, 60, 7)),
    ],
)
def test_no_word_meets_a_line_or_another_word(days: tuple[tuple[int, str], ...]) -> None:
    """In the first row no word reaches a line or a word; others have rows of their own; all are in the picture."""
    placed = place_marks(marks(*days), ACROSS)
    assert [one.mark.day for one in placed] == sorted(FIRST + timedelta(days=day) for day, _ in days)
    spans = []
    for one in placed:
        width = LETTER * len(one.mark.text)
        left = one.x - GAP - width if one.before else one.x + GAP
        spans.append((one.row, left, left + width))
        assert left >= 0 and left + width <= 380
    first_row = sorted(span[1:] for span in spans if span[0] == 0)
    assert all(a[1] <= b[0] for a, b in pairwise(first_row))
    assert all(not left < one.x < right for left, right in first_row for one in placed)
    other = [span[0] for span in spans if span[0]]
    assert len(set(other)) == len(other)


def test_a_word_stands_before_its_line_where_there_is_room() -> None:
    """What comes after a line stays free; a mark at the edge has its word inside."""
    alone = place_marks(marks((30, "as of")), ACROSS)
    assert alone[0].before and alone[0].row == 0
    assert not place_marks(marks((0, "deadline")), ACROSS)[0].before


def test_words_keep_clear_in_the_larger_type_of_a_phone() -> None:
    """Two lines 56 apart leave no room between them for the eight letters of `échéance`, which are 58 on a phone."""
    first, second = place_marks(
        [
            Mark(day=FIRST, text="connu au", style="as_of"),
            Mark(day=FIRST + timedelta(days=1), text="échéance", style="x"),
        ],
        Scale(low=FIRST.toordinal() - 3, high=FIRST.toordinal() + 3, start=55.2, end=393.6),
    )
    assert second.x - first.x == pytest.approx(56.4)
    assert not second.before
