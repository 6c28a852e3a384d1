"""Dates in several orders, scripts and calendars; nothing ambiguous is guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarai.observe.dates import DateStyle, read_date, read_window, settle_style
from sarai.observe.solar_hijri import FIRST_YEAR, LAST_YEAR, gregorian_date, is_leap_year, month_days

NOVEMBER_FIRST = date(2023, 11, 1)
SOLAR = DateStyle(calendar="solar_hijri")


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-01",
        "2023/11/1",
        "2023.11.01",
        "20231101",
        "2023-11-01 00:00:00",
        "2023-11-01T06:00:00Z",
        "1 November 2023",
        "1 Nov 2023",
        "01-Nov-2023",
        "1st November 2023",
        "1st of November, 2023",
        "November 1, 2023",
        "Nov 1 2023",
        "Wednesday, 1 November 2023",
        "Wed 1 Nov 2023",
        "1 novembre 2023",
        "1er novembre 2023",
        "le 1er novembre 2023",
        "1 de noviembre de 2023",
        "1 novembro de 2023",
        "1 Kasım 2023",
        "1 ноября 2023",
        "1 листопада 2023",
        "۲۰۲۳/۱۱/۰۱",
        "٢٠٢٣-١١-٠١",
        "۱ نومبر ۲۰۲۳",
        "١ نوفمبر ٢٠٢٣",
        "١ تشرين الثاني ٢٠٢٣",
    ],
)
def test_spellings_of_one_day(text: str) -> None:
    """All of these are the first of November 2023 without any option."""
    assert read_date(text, DateStyle()) == NOVEMBER_FIRST


@pytest.mark.parametrize("text", ["01/11/2023", "1.11.2023", "01-11-23", "۰۱/۱۱/۲۰۲۳"])
def test_day_first_is_declared(text: str) -> None:
    """Day and month of two small numbers are told apart by the option, or not at all."""
    assert read_date(text, DateStyle(dayfirst=True)) == NOVEMBER_FIRST
    assert read_date(text, DateStyle(dayfirst=False)) == date(2023, 1, 11)
    with pytest.raises(ValueError, match="dayfirst"):
        read_date(text, DateStyle())


def test_column_proves_its_own_order() -> None:
    """One 13 in first place settles a column; contradicting cells settle nothing."""
    assert settle_style(DateStyle(), ["01/11/2023", "13/11/2023"]).dayfirst is True
    assert settle_style(DateStyle(), ["11/01/2023", "11/13/2023"]).dayfirst is False
    assert settle_style(DateStyle(), ["01/11/2023", "02/11/2023"]).dayfirst is None
    assert settle_style(DateStyle(), ["13/11/2023", "11/13/2023"]).dayfirst is None
    assert settle_style(DateStyle(dayfirst=False), ["13/11/2023"]).dayfirst is False


@pytest.mark.parametrize(
    "text", ["1402-08-10", "۱۴۰۲/۰۸/۱۰", "10 عقرب 1402", "10 Aqrab 1402", "۱۰ لړم ۱۴۰۲", "10 Aban 1402", "۱۰ آبان ۱۴۰۲"]
)
def test_solar_hijri_is_read_when_declared_and_never_guessed(text: str) -> None:
    """The same day in the calendar of Afghanistan; without the option the message names it."""
    assert read_date(text, SOLAR) == NOVEMBER_FIRST
    with pytest.raises(ValueError, match="--calendar"):
        read_date(text, DateStyle())


def test_declared_calendar_holds() -> None:
    """A Gregorian year in a file declared Solar Hijri is a fault, not an exception to the rule."""
    with pytest.raises(ValueError, match="gregorian"):
        read_date("2023-11-01", SOLAR)


def test_lunar_hijri_is_read_when_declared() -> None:
    """17 Rabi II 1445 (Umm al-Qura) was 1 November 2023."""
    assert read_date("1445-04-16", DateStyle(calendar="hijri")) == date(2023, 10, 31)
    assert read_date("1445-04-17", DateStyle(calendar="hijri")) == NOVEMBER_FIRST


# first day of the year in March, as almanacs and the Persian calendar of the ICU library have it
NOWRUZ = {
    **{1300: "1921-21", 1304: "1925-21", 1309: "1930-21", 1342: "1963-21", 1347: "1968-21", 1357: "1978-21"},
    **{1358: "1979-21", 1370: "1991-21", 1375: "1996-20", 1376: "1997-21", 1380: "2001-21", 1387: "2008-20"},
    **{1395: "2016-20", 1396: "2017-21", 1399: "2020-20", 1400: "2021-21", 1401: "2022-21", 1402: "2023-21"},
    **{1403: "2024-20", 1404: "2025-21", 1405: "2026-21", 1408: "2029-20", 1409: "2030-21"},
}


@pytest.mark.parametrize("year", NOWRUZ)
def test_new_year_falls_where_almanacs_have_it(year: int) -> None:
    """The first of Hamal in known years, four- and five-year leap gaps among them."""
    assert gregorian_date(year, 1, 1).strftime("%Y-%d") == NOWRUZ[year]


def test_solar_hijri_days_follow_one_another() -> None:
    """Every day from 1300 to 1500 is one day after the day before, and every year has 365 or 366."""
    expected = date(1921, 3, 21)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for month in range(1, 13):
            assert gregorian_date(year, month, 1) == expected
            expected += timedelta(days=month_days(year, month))
        assert gregorian_date(year, 12, month_days(year, 12)) == expected - timedelta(days=1)
        assert expected.month == 3 and expected.day in {19, 20, 21, 22}


def test_leap_day_exists_only_in_leap_years() -> None:
    """30 Hut 1403 was a day, 30 Hut 1402 was not."""
    assert is_leap_year(1403) and not is_leap_year(1402)
    assert gregorian_date(1403, 12, 30) == date(2025, 3, 20)
    with pytest.raises(ValueError, match="no such day"):
        gregorian_date(1402, 12, 30)


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-30",
        "2023-13-01",
        "31/13/2023",
        "0000-00-00",
        "yesterday",
        "2023",
        "Nov 2023",
        "1 Foo 2023",
        "12345",
        "9999-01-01",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    """Days that no calendar has, months alone and words."""
    with pytest.raises(ValueError):
        read_date(text, DateStyle(dayfirst=True))


@pytest.mark.parametrize(
    "text", ["2023-11-01 to 2023-11-07", "2023-11-01 - 2023-11-07", "2023-11-01/2023-11-07", "1 Nov 2023 – 7 Nov 2023"]
)
def test_window_in_one_cell(text: str) -> None:
    """Two days with a word or dash between them."""
    assert read_window(text, DateStyle()) == (NOVEMBER_FIRST, date(2023, 11, 7))


@given(
    st.text(max_size=40), st.sampled_from(["gregorian", "solar_hijri", "hijri"]), st.sampled_from([None, True, False])
)
def test_any_text_is_a_date_or_a_reason(text: str, calendar: str, dayfirst: bool | None) -> None:
    """No text makes it fail in another way."""
    try:
        assert isinstance(read_date(text, DateStyle(calendar=calendar, dayfirst=dayfirst)), date)  # type: ignore[arg-type]
    except ValueError as error:
        assert str(error)


@given(
    st.dates(date(1960, 1, 1), date(2090, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y"]),
)
def test_every_day_reads_back(day: date, style: str) -> None:
    """Any day in any unambiguous spelling."""
    assert read_date(day.strftime(style), DateStyle()) == day
