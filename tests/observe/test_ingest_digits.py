"""Counts in several scripts and spellings; what is ambiguous or no count is refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarai.observe.digits import MOST_PERSONS, read_count


@pytest.mark.parametrize(
    "text",
    [
        "24000",
        "24,000",
        "24 000",
        "24\u00a0000",
        "24\u202f000",
        "24'000",
        "24’000",
        "24000.0",
        "24000.",
        "2.4E+04",
        "2.4e4",
        "۲۴۰۰۰",
        "۲۴٬۰۰۰",
        "٢٤٠٠٠",
        "٢٤٬٠٠٠",
        "२४०००",
        "24，000",
        "~24,000",
        "about 24,000",
        "over 24 000",
        "24,000+",
        "≈ 24000",
        "plus de 24 000",
        "حدود ۲۴۰۰۰",
    ],
)
def test_spellings_of_one_number(text: str) -> None:
    """All of these are twenty-four thousand."""
    assert read_count(text).value == 24000


@pytest.mark.parametrize(
    ("text", "about"), [("24,000", False), ("~24,000", True), ("nearly 24,000", True), ("24,000+", True)]
)
def test_about_is_kept(text: str, about: bool) -> None:
    """A figure that its source calls rounded is marked."""
    assert read_count(text).about is about


@pytest.mark.parametrize("text", ["", " ", "-", "–", "n/a", "NA", "...", "null"])
def test_no_figure_is_no_zero(text: str) -> None:
    """A cell that says that there is no figure is not read as nought."""
    assert read_count(text).value is None


def test_lakh_grouping() -> None:
    """South Asian grouping: 1,23,456."""
    assert read_count("1,23,456").value == 123456
    assert read_count("12,34,567").value == 1234567


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("24.000", "point_groups"),
        ("1.234.567", "point_groups"),
        ("12,5", "whole"),
        ("12.5", "whole"),
        ("-5", "negative"),
        ("24k", "number out"),
        ("1.7 million", "number out"),
        ("2 lakh", "number out"),
        ("12%", "percentage"),
        ("twelve", "whole"),
        ("24,0000", "whole"),
        ("2,4000", "whole"),
        ("24,000²", "raised"),
        ("①", "raised"),
        ("1" * 50, "not a number"),
        (str(MOST_PERSONS + 1), "alive"),
        ("12-15", "whole"),
        ("NaN", "whole"),
        ("inf", "whole"),
        ("0x10", "whole"),
        ("1e400", "whole"),
    ],
)
def test_what_is_no_count_says_why(text: str, reason: str) -> None:
    """Fractions, negatives, percentages, words for thousands and unclear points are refused, each with its reason."""
    with pytest.raises(ValueError, match=reason):
        read_count(text)


def test_points_group_only_when_declared() -> None:
    """1.234 is one thousand two hundred and thirty-four only where the mapping says so."""
    assert read_count("1.234.567", point_groups=True).value == 1234567


@given(st.integers(0, MOST_PERSONS), st.sampled_from(["{}", "{:,}"]), st.sampled_from(["", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"]))
def test_every_count_reads_back(number: int, style: str, digits: str) -> None:
    """Any whole number, grouped or not, in any of three scripts."""
    text = style.format(number)
    if digits:
        text = text.translate({ord(str(i)): digits[i] for i in range(10)})
    assert read_count(text).value == number


@given(st.text(max_size=30))
def test_any_text_is_a_count_or_a_reason(text: str) -> None:
    """No text makes it fail in another way."""
    try:
        count = read_count(text)
    except ValueError as error:
        assert str(error)
    else:
        assert count.value is None or 0 <= count.value <= MOST_PERSONS
