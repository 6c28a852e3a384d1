"""Headings of several parts, headers of two rows, and what is asked to be declared before a table is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from makers.ingest import SOURCE, put
from makers.ledger import write_folder
from makers.workbook import workbook
from sarai.observe.crossing_names import like_crossing
from sarai.observe.dates import DateStyle, read_window
from sarai.observe.digits import read_count
from sarai.observe.heading import read_heading
from sarai.observe.ingest import Request, ingest_files
from sarai.observe.mapping import parse_mapping
from sarai.observe.suggest import suggest_mapping
from sarai.observe.xlsx_parts import shown_by_format
from sarai.world.errors import InputError

GATES = {"north gate": "north", "teknaf": "teknaf", "spin boldak": "chaman"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Teknaf (HH)", {"crossing": "teknaf", "unit": "families"}),
        ("North Gate / Ind.", {"crossing": "north"}),
        ("Spin Boldak - deported", {"crossing": "chaman", "kind": "deported"}),
        ("Teknaf (undocumented returns)", {"crossing": "teknaf", "status": "undocumented"}),
        ("Cumulative Teknaf", {"crossing": "teknaf", "cumulative": True}),
        ("1-7 Mar 2030 (families)", {"unit": "families", "day": date(2030, 3, 1), "last_day": date(2030, 3, 7)}),
        ("North Gate and Teknaf", {"crossing": "north+teknaf"}),
        ("Point de passage / Teknaf", {"crossing": "teknaf"}),
        ("Type of return / Forced returns (ind.)", {"kind": "deported"}),
        ("deportados_acumulado", {"kind": "deported", "cumulative": True}),
        ("Personnes expulsées", {"kind": "deported"}),
        ("Teknaf / داوطلبانه", {"crossing": "teknaf", "kind": "not_deported"}),
        ("Teknaf to date", {"crossing": "teknaf", "cumulative": True}),
        ("Deported so far (families)", {"kind": "deported", "unit": "families", "cumulative": True}),
        ("Facilitated returns (convoys)", {"kind": "registered_assisted"}),
        ("Deported since 1 March 2030", {"kind": "deported", "cumulative": True}),
        ("Arrivals (last 24 hours)", {"days": 1}),
        ("Teknaf past 24h (HH)", {"crossing": "teknaf", "unit": "families", "days": 1}),
        ("24-hour arrivals", {"days": 1}),
        ("Individuals in the last 7 days", {"days": 7}),
        ("Deported / past 48 hours", {"kind": "deported", "days": 2}),
        ("Arrivées (24 dernières heures)", {"days": 1}),
        ("Arrivées au cours des dernières 24 heures", {"days": 1}),
        ("Llegadas en las últimas 24 horas", {"days": 1}),
        ("Son 24 saatte geçiş", {"days": 1}),
        ("За последние 24 часа", {"days": 1}),
        ("العائدون خلال الـ24 ساعة الماضية", {"days": 1}),
        ("عدد الأفراد خلال آخر ٢٤ ساعة", {"days": 1}),
        ("عودت کنندگان در ۲۴ ساعت گذشته", {"days": 1}),
        ("گزشتہ 24 گھنٹوں میں تعداد", {"days": 1}),
        ("Teknaf, families since 1 March 2030", {"crossing": "teknaf", "unit": "families", "cumulative": True}),
    ],
)
def test_headings_of_several_parts(text: str, said: dict[str, object]) -> None:
    """Crossing, unit, kind, status, days and running total, in any order."""
    heading = read_heading(text, GATES, DateStyle())
    assert heading is not None and heading.wide is not None
    assert heading.wide.model_dump(exclude_defaults=True) == said


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("# of individuals", "persons"),
        ("Reporting week", "window"),
        ("Cumulative returns (persons)", "persons_cumulative"),
        ("Data as of", "as_of"),
        ("Nombre de personnes rapatriées", "persons"),
        ("Total inflow", "persons"),
        ("Date d’arrivée", "date"),
        ("نقطة الدخول", "crossing"),
        ("arrivals_total", "persons"),
        ("Reporting Date (dd/mm/yy)", "date"),
        ("Returns to date", "persons_cumulative"),
        ("Households YTD", "families_cumulative"),
        ("Cum. individuals", "persons_cumulative"),
        ("To date", "end_date"),
        ("Reporting / To date", "end_date"),
        ("As of / Date", "as_of"),
        ("Total returnees since 01.03.2030", "persons_cumulative"),
        ("Returnees since 1 March 2030", "persons_cumulative"),
        ("Returnees since 1 March 2030 / Persons", "persons_cumulative"),
        ("Families since 1 March 2030", "families_cumulative"),
        ("Cumulative arrivals from both countries since 4 May 2030", "persons_cumulative"),
        ("Week / Start", "start_date"),
        ("Reporting period / To", "end_date"),
        ("Epi week", "window"),
        ("attributes.reportDate", "date"),
        ("borderPoint", "crossing"),
        ("attributes.totalIndividuals", "persons"),
    ],
)
def test_headings_of_one_column(text: str, name: str) -> None:
    """Words that say nothing are passed over."""
    heading = read_heading(text, GATES, DateStyle())
    assert heading is not None and heading.name == name


@pytest.mark.parametrize(
    "text",
    [
        "Teknaf (women)",
        "Teknaf 5-17 years",
        "Hombres",
        "Teknaf % of total",
        "Families and persons",
        "Femmes rapatriées",
        "Number of convoys",
        "Returnees since 1 March 2030 / of which children",
        "Arrivals (7 days)",
        "Arrivals next 7 days",
        "Arrivals last week",
        "Arrivals (last 36 hours)",
        "Women, last 24 hours",
        "Cumulative arrivals, last 24 hours",
    ],
)
def test_a_heading_with_a_word_that_is_not_understood_is_not_read(text: str) -> None:
    """Parts of a count are never taken for the whole."""
    assert read_heading(text, GATES, DateStyle()) is None


def test_a_heading_may_say_since_when_it_counts() -> None:
    """Then nobody has to declare it."""
    heading = read_heading("Cumul depuis le 01/03/2030", GATES, DateStyle(dayfirst=True))
    assert heading is not None
    assert (heading.name, heading.since) == ("persons_cumulative", date(2030, 3, 1))


def test_a_heading_in_persian_may_say_since_when_it_counts() -> None:
    """The day is read in the calendar that is declared."""
    style = DateStyle(calendar="solar_hijri")
    heading = read_heading("مجموع عودت کنندگان از ۱ حمل ۱۴۱۵", GATES, style)
    assert heading is not None
    assert (heading.name, heading.since) == ("persons_cumulative", date(2036, 3, 20))


@pytest.mark.parametrize(
    ("text", "style", "window"),
    [
        ("S10 2030", DateStyle(weeks="iso"), ("2030-03-04", "2030-03-10")),
        ("Week 10", DateStyle(weeks="epi", year=2030), ("2030-03-03", "2030-03-09")),
        ("2030 W01", DateStyle(weeks="epi"), ("2029-12-30", "2030-01-05")),
        ("15-21 Oct", DateStyle(year=2030), ("2030-10-15", "2030-10-21")),
        ("28 Oct - 3 Nov", DateStyle(year=2030), ("2030-10-28", "2030-11-03")),
        ("15.10 - 21.10", DateStyle(year=2030), ("2030-10-15", "2030-10-21")),
        ("28 Dec - 3 Jan 2031", DateStyle(), ("2030-12-28", "2031-01-03")),
        ("Mar-30", DateStyle(dayfirst=True), ("2030-03-01", "2030-03-31")),
        ("Semaine du 3 au 9 octobre 2030", DateStyle(), ("2030-10-03", "2030-10-09")),
        ("del 3 al 9 de octubre de 2030", DateStyle(), ("2030-10-03", "2030-10-09")),
        ("30 de septiembre al 6 de octubre de 2030", DateStyle(), ("2030-09-30", "2030-10-06")),
        ("del 30/09/2030 al 06/10/2030", DateStyle(dayfirst=True), ("2030-09-30", "2030-10-06")),
        ("3 a 9 de março de 2030", DateStyle(), ("2030-03-03", "2030-03-09")),
        ("octubre de 2030", DateStyle(), ("2030-10-01", "2030-10-31")),
    ],
)
def test_windows_with_what_is_declared(text: str, style: DateStyle, window: tuple[str, str]) -> None:
    """Weeks by number, dates without a year, months with a short one."""
    assert tuple(day.isoformat() for day in read_window(text, style)) == window


@pytest.mark.parametrize(
    ("text", "style", "wanted"),
    [
        ("Week 10 2030", DateStyle(), "--weeks"),
        ("Week 10", DateStyle(weeks="iso"), "--year"),
        ("15-21 Oct", DateStyle(), "--year"),
        ("15/10", DateStyle(), "--year"),
        ("Mar-30", DateStyle(), "--dayfirst"),
        ("3/4", DateStyle(year=2030), "--dayfirst"),
        ("28 Dec - 3 Jan", DateStyle(year=2030), "New Year"),
        ("Week 53 2030", DateStyle(weeks="iso"), "no such week"),
        ("Semaine du 3 octobre 2030", DateStyle(), "first and the last day"),
    ],
)
def test_what_is_not_declared_is_asked_for(text: str, style: DateStyle, wanted: str) -> None:
    """Never guessed; the sentence names the option."""
    with pytest.raises(ValueError, match=wanted):
        read_window(text, style)


@pytest.mark.parametrize(
    ("cell", "value", "mark"), [("1,234*", 1234, "*"), ("1 234 (a)", 1234, "a"), ("~500†", 500, "†")]
)
def test_footnote_marks(cell: str, value: int, mark: str) -> None:
    """The number is read and the mark kept."""
    count = read_count(cell)
    assert (count.value, count.mark) == (value, mark)


@pytest.mark.parametrize(
    ("code", "shown"), [("mmm-yy", "month"), ("yyyy-mm-dd", "day"), ("d-mmm", "day"), ("mm:ss", "day"), ("0.00", None)]
)
def test_a_number_format_tells_a_month_from_a_day(code: str, shown: str | None) -> None:
    """A first of the month that is shown as a month is one."""
    assert shown_by_format(code) == shown


def ingest(folder: Path, path: Path, **mapping: object) -> list[str]:
    """The lines that went in, as start, end, crossing, persons, families."""
    before = (folder / "observations.csv").read_text().splitlines()
    ingest_files(folder, Request(files=(path,), mapping=parse_mapping("m.yaml", {"source": SOURCE, **mapping})))
    lines = [line.split(",") for line in (folder / "observations.csv").read_text().splitlines()[len(before) :]]
    return [" ".join((*line[:3], line[5], line[6])) for line in lines]


def test_a_group_over_its_columns(tmp_path: Path, folder: Path) -> None:
    """A crossing in merged cells over families and persons, or with the rest left empty, is the crossing of both."""
    expected = ["2030-03-07 2030-03-07 north_gate 10 2", "2030-03-07 2030-03-07 south_gate 20 4"]
    text = "Day,North gate,,South gate,,Total\n,HH,Ind,HH,Ind,\n2030-03-07,2,10,4,20,30\n"
    assert ingest(folder, put(tmp_path, "a.csv", text)) == expected
    rows = [line.split(",") for line in text.splitlines()]
    other = write_folder(tmp_path / "other")
    data = workbook(*rows, change=lambda page: [page.merge_cells(cells) for cells in ("A1:A2", "B1:C1", "D1:E1")])
    assert ingest(other, put(tmp_path, "a.xlsx", data)) == expected


@pytest.mark.parametrize(
    ("form", "day"), [("dd/mm/yyyy", "2030-03-07"), ("JJ/MM/AAAA", "2030-03-07"), ("mm/dd/yyyy", "2030-07-03")]
)
def test_a_heading_may_say_the_order_of_day_and_month(form: str, day: str, tmp_path: Path, folder: Path) -> None:
    """Then it is declared, by the file itself."""
    text = f"Date ({form}),North gate\n07/03/2030,10\n"
    assert ingest(folder, put(tmp_path, "a.csv", text), source={**SOURCE, "published": "2030-08-01"}) == [
        f"{day} {day} north_gate 10 "
    ]


def test_a_second_row_of_a_header_may_hang_below_crossings_alone(tmp_path: Path, folder: Path) -> None:
    """Parts of counts below each crossing that nobody merged, with nothing below the date: no row of counts."""
    head = "Date;North gate;;South gate;\n;Rapatriés (24 dernières heures);dont femmes;Individus;\n"
    assert ingest(folder, put(tmp_path, "a.csv", f"{head}2030-03-07;10;3;20;\n")) == [
        "2030-03-07 2030-03-07 north_gate 10 ",
        "2030-03-07 2030-03-07 south_gate 20 ",
    ]


def test_families_said_once_above_all_crossings(tmp_path: Path, folder: Path) -> None:
    """A group that says families is not lost: its figures are no persons."""
    text = ",Households,\nDate,North gate,South gate\n2030-03-07,2,4\n"
    assert ingest(folder, put(tmp_path, "a.csv", text)) == [
        "2030-03-07 2030-03-07 north_gate  2",
        "2030-03-07 2030-03-07 south_gate  4",
    ]


def test_a_heading_may_say_how_many_days_its_counts_span(tmp_path: Path, folder: Path) -> None:
    """The last 24 hours are the day of the row, whatever window it shows; the last 7 days end with it."""
    head = "Date,Crossing,Arrivals (last 24 hours),Arrivals (last 7 days),Total"
    path = put(tmp_path, "a.csv", f"{head}\n2030-03-07,South,50,300,900\n")
    assert ingest(folder, path) == ["2030-03-07 2030-03-07 south_gate 50 ", "2030-03-01 2030-03-07 south_gate 300 "]
    path = put(tmp_path, "b.csv", "Period,Crossing,Arrivals (past 24h)\n8-14 March 2030,South,60\n")
    assert ingest(folder, path) == ["2030-03-14 2030-03-14 south_gate 60 "]


def test_days_of_a_column_go_with_no_other_window() -> None:
    """A mapping may say how many days a column spans, not beside days of its own or of a running total."""
    for other in ({"day": "2030-03-07"}, {"cumulative": True}):
        with pytest.raises(InputError, match="neither day nor cumulative"):
            parse_mapping("m.yaml", {"wide": {"New": {"days": 7, **other}}})


def test_a_window_is_not_the_start_of_a_total_beside_counts(tmp_path: Path, folder: Path) -> None:
    """A running total beside the count of a week does not begin with the week."""
    path = put(tmp_path, "a.csv", "Period,Crossing,Persons,Cumulative\n1-7 March 2030,South,50,900\n")
    with pytest.raises(InputError, match="since when"):
        ingest(folder, path)
    assert ingest(folder, path, cumulative_since="2030-01-01") == [
        "2030-03-01 2030-03-07 south_gate 50 ",
        "2030-01-01 2030-03-07 south_gate 900 ",
    ]


def test_columns_without_a_known_name_are_told_by_what_stands_in_them(tmp_path: Path, folder: Path) -> None:
    """Dates and crossings, where only one column can be it; figures never."""
    path = put(tmp_path, "a.csv", "Wann,Wo,Persons\n2030-03-07,North gate,50\n2030-03-08,South,60\n")
    assert ingest(folder, path, header_row=1) == [
        "2030-03-07 2030-03-07 north_gate 50 ",
        "2030-03-08 2030-03-08 south_gate 60 ",
    ]


def test_subtotals_in_the_middle_are_left_out(tmp_path: Path, folder: Path) -> None:
    """A row that begins with a word for a total is none of its parts."""
    text = "date,crossing,persons\n2030-03-07,South,50\nSubtotal week 10,,50\n2030-03-08,South,60\nTotal March,,110\n"
    assert len(ingest(folder, put(tmp_path, "a.csv", text))) == 2


def test_one_fault_for_a_name_that_is_not_known(tmp_path: Path, folder: Path) -> None:
    """Not one a row; with the crossing that it is like."""
    text = "date,crossing,persons,families\n" + "".join(f"2030-03-0{day},Nort gate,50,9\n" for day in range(1, 9))
    with pytest.raises(InputError) as caught:
        ingest(folder, put(tmp_path, "a.csv", text))
    (fault,) = caught.value.faults
    assert "7 further rows" in fault.found
    assert "Is it north_gate?" in fault.mend


def test_faults_of_one_cause_are_told_once_with_all_their_rows(tmp_path: Path, folder: Path) -> None:
    """Sixty dates of another calendar are one thing to mend."""
    days = "".join(f"1402/08/{day:02d},South,50\n" for day in range(1, 10))
    with pytest.raises(InputError) as caught:
        ingest(folder, put(tmp_path, "a.csv", f"date,crossing,persons\n{days}"))
    (fault,) = caught.value.faults
    assert fault.row == 2
    assert fault.found == "1402/08/01 (and the like on 8 further rows: 3-10)"


def test_a_few_faults_are_told_each_with_what_was_found(tmp_path: Path, folder: Path) -> None:
    """Three cells that are no number may be three mistakes."""
    text = "date,crossing,persons\n2030-03-07,South,a\n2030-03-08,South,b\n2030-03-09,South,c\n"
    with pytest.raises(InputError) as caught:
        ingest(folder, put(tmp_path, "a.csv", text))
    assert [fault.found for fault in caught.value.faults] == ["a", "b", "c"]


def test_dates_with_points_are_told_from_numbers(tmp_path: Path, folder: Path) -> None:
    """A column of days that nobody named is found by what stands in it, points or not."""
    text = "Eingang;Ort;Persons\n04.03.2030;South;50\n13.03.2030;South;60\n"
    assert ingest(folder, put(tmp_path, "a.csv", text), header_row=1) == [
        "2030-03-04 2030-03-04 south_gate 50 ",
        "2030-03-13 2030-03-13 south_gate 60 ",
    ]


def test_a_header_that_names_what_its_groups_are(tmp_path: Path, folder: Path) -> None:
    """`Point de passage` over crossings, weeks in words, cells over two rows, a footnote mark in the header."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        workbook(
            ["Semaine", "Point de passage", "", "", "Total¹"],
            ["", "North gate", "South gate (Hilltown)", "South gate (women)", ""],
            ["1-7 mars 2030", "1 200", "300", "100", "1 500"],
            change=lambda page: [page.merge_cells(cells) for cells in ("A1:A2", "B1:D1", "E1:E2")],
        )
    )
    outcome = ingest_files(folder, Request(files=(path,), mapping=parse_mapping("m.yaml", {"source": SOURCE})))
    assert [row.cells["persons"] for row in outcome.rows["observations.csv"]] == ["1200"]
    said = "\n".join(outcome.left_out)
    assert "South gate (Hilltown)): the heading is not understood; if it counts all who crossed at south_gate" in said
    assert "Total¹): adds up others" in said


def test_a_mapping_proposes_the_crossing_that_a_heading_is_like(tmp_path: Path, folder: Path) -> None:
    """With a remark to check it; not where two headings are alike, of which one may be a part."""
    path = put(tmp_path, "a.csv", "Date,North gate,South gate (Hilltown)\n2030-03-07,5,6\n")
    text = suggest_mapping(folder, path, parse_mapping("m.yaml", {}))
    assert "keep these only if they count all who crossed there: South gate (Hilltown)" in text
    path = put(tmp_path, "b.csv", "Date,North gate,South gate (women),South gate (men)\n2030-03-07,5,6,7\n")
    assert "south_gate" not in suggest_mapping(folder, path, parse_mapping("m.yaml", {}))


def test_other_names_of_a_crossing_may_be_any_text(tmp_path: Path) -> None:
    """As the message on an unknown name says."""
    folder = write_folder(tmp_path / "case")
    text = (folder / "case.yaml").read_text()
    assert "aliases" in text
    (folder / "case.yaml").write_text(text.replace("aliases: [", "aliases: [Öncüpınar (kapı), ", 1))
    path = put(tmp_path, "a.csv", "date,crossing,persons\n2030-03-07,öncüpınar kapı,50\n")
    assert len(ingest(folder, path)) == 1


def test_suggestion_for_a_table_in_no_known_language(tmp_path: Path, folder: Path) -> None:
    """The row above the figures is the header; names that are like a crossing are proposed, and what to declare."""
    text = "Toiminta\nPäivä;Paikka;Ihmiset\n3/4/2030;Nort gate;1.234\n4/4/2030;South;1.500\n"
    made = suggest_mapping(folder, put(tmp_path, "a.csv", text), parse_mapping("m.yaml", {}))
    assert "header_row: 2" in made
    assert "date: Päivä" in made
    assert "# dayfirst: true" in made


def test_likeness_of_names() -> None:
    """A name inside another, or spelt much like it; never where two crossings are alike."""
    names = {"kassab": "kassab", "simon bolivar": "bolivar", "ghulam khan": "gk", "north one": "a", "north two": "b"}
    assert like_crossing("Kasab", names) == "kassab"
    assert like_crossing("Puente Simón Bolívar", names) == "bolivar"
    assert like_crossing("North", names) == ""
