"""Reading a case folder: what is refused, how it is told, and that everything is told in one go."""

# ruff: noqa: E501 - the table of broken folders reads best with one a line
from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makers.folder import OBSERVATIONS, SMALLEST_YAML, smallest_case
from sarai.observe.case_folder import built_in_cases, case_from_files, find_case, load_case, read_case
from sarai.world.errors import CaseError, InputError, PersonalDataError, RequestError

HEADER = OBSERVATIONS.splitlines()[0]


def yaml_with(old: str, new: str) -> str:
    """The smallest case.yaml with one piece replaced; the piece must be there."""
    assert old in SMALLEST_YAML
    return SMALLEST_YAML.replace(old, new)


def rows_with(old: str, new: str) -> str:
    """The observations with one piece replaced; the piece must be there."""
    assert old in OBSERVATIONS
    return OBSERVATIONS.replace(old, new)


SERIES_HEAD = "series,from,to,publisher,scope,keeping,bias_log_sd\n"
ROUTES_HEAD = "from,to,distance_km\n"
POPULATION_HEAD = "as_of,province,district_or_city,status,value,unit,source_id,note\n"
FULL = SMALLEST_YAML.replace(
    "population: {low: 100000, high: 300000, source: ministry, known: 2030-03-01}",
    """statuses: [{id: card}, {id: none_held}]
origins: [{id: east}, {id: west}]
sites: [{id: camp}]
destinations: [{id: hills}, {id: plain}]
population:
  - {origin: east, status: card, low: 1000, high: 2000}
stages:
  - {id: tent, site: camp, kind: reception_centre, setting: camp, stay_days: 1}
routing:
  - {from: north_gate, to: tent, share: 1}
  - {from: tent, to: onward, share: 1}
destination_shares:
  - {shares: {hills: 0.5, plain: 0.5}}
""",
)


def full_with(old: str, new: str) -> str:
    """A fuller case.yaml with one piece replaced; the piece must be there."""
    assert old in FULL
    return FULL.replace(old, new)


BROKEN: dict[str, tuple[dict[str, str | bytes | None], str, int, str]] = {
    "unknown key": ({"case": yaml_with("timezone:", "time_zone:")}, "case.yaml", 2, "unknown key"),
    "unknown inner key": ({"case": yaml_with("deadline:", "dead_line:")}, "case.yaml", 11, "unknown key"),
    "missing key": ({"case": yaml_with("timezone: Asia/Karachi\n", "")}, "case.yaml", 1, "the key is missing"),
    "no schema": ({"case": yaml_with("schema: 1\n", "")}, "case.yaml", 1, "the key is missing"),
    "newer schema": ({"case": yaml_with("schema: 1", "schema: 2")}, "case.yaml", 1, "newer sarai"),
    "no such time zone": ({"case": yaml_with("Asia/Karachi", "Asia/Karatchi")}, "case.yaml", 2, "no such time zone"),
    "no date in yaml": ({"case": yaml_with("2030-03-31", "2030-02-31")}, "case.yaml", 11, "no date"),
    "deadline first": ({"case": yaml_with("2030-03-31", "2030-02-28")}, "case.yaml", 11, "before the announcement"),
    "range turned": ({"case": yaml_with("low: 100000", "low: 400000")}, "case.yaml", 14, "range ends below"),
    "negative population": ({"case": yaml_with("low: 100000", "low: -1")}, "case.yaml", 14, "must not be negative"),
    "half a person": ({"case": yaml_with("low: 100000", "low: 0.5")}, "case.yaml", 14, "no whole number"),
    "endless number": ({"case": full_with("stay_days: 1", "stay_days: .inf")}, "case.yaml", 21, "no number"),
    "no such source": ({"case": yaml_with("source: ministry\n", "source: minstry\n")}, "case.yaml", 12, "no such source"),
    "same id": ({"case": yaml_with("id: south_gate", "id: north_gate")}, "case.yaml", 5, "stands twice"),
    "same key": ({"case": yaml_with("schema: 1", "schema: 1\nschema: 1")}, "case.yaml", 2, "stands twice"),
    "no yaml": ({"case": "schema: [1\ntimezone: x"}, "case.yaml", 2, "not valid YAML"),
    "only text": ({"case": "just words"}, "case.yaml", 1, "holds no case"),
    "empty": ({"case": ""}, "case.yaml", 1, "holds no case"),
    "not utf-8": ({"case": SMALLEST_YAML.encode() + b"title: \xff\xfe\n"}, "case.yaml", 15, "not UTF-8"),
    "misspelt setting": (
        {"case": SMALLEST_YAML + "settings: [{parameter: houshold_size, value: 6}]\n"},
        "case.yaml",
        15,
        "no such parameter",
    ),
    "stratum below province": (
        {"case": full_with("{origin: east,", "{origin: east, district: lower,")},
        "case.yaml",
        19,
        "below province",
    ),
    "level below province": ({"case": full_with("{id: east}", "{id: east, level: district}")}, "case.yaml", 15, "fit"),
    "shares of routing": ({"case": full_with("to: tent, share: 1", "to: tent, share: 0.9")}, "case.yaml", 23, "sum to 1"),
    "shares of destinations": ({"case": full_with("hills: 0.5", "hills: 0.6")}, "case.yaml", 26, "sum to 1"),
    "circle": ({"case": full_with("to: onward", "to: tent")}, "case.yaml", 22, "circle"),
    "no such status": ({"case": full_with("status: card", "status: cart")}, "case.yaml", 19, "no such status"),
    "no such site": ({"case": full_with("site: camp", "site: cmap")}, "case.yaml", 21, "no such site"),
    "known too early": (
        {"case": full_with("{id: camp}", "{id: camp, known: 2030-04-01}")},
        "case.yaml",
        21,
        "known before the thing",
    ),
    "start a century off": ({"case": SMALLEST_YAML + "start: 1930-03-01\n"}, "case.yaml", 15, "long before"),
    "year 9999": ({"case": yaml_with("2030-03-31", "9999-12-31")}, "case.yaml", 11, "no date"),
    "year 9999 in a table": ({"observations": rows_with("2030-03-05,2030-03-05", "2030-03-05,9999-12-31")}, "observations.csv", 2, "no date"),
    "more people than there are": ({"case": yaml_with("high: 300000", "high: 99999999999")}, "case.yaml", 14, "out of its range"),
    "row before its crossing": ({"case": yaml_with("- id: south_gate", "- id: south_gate\n    known: 2030-03-20")}, "observations.csv", 3, "known before the place"),
    "misspelt table": ({"serie": SERIES_HEAD}, "serie.csv", 0, "no table of a case"),
    "missing file": ({"events": None}, "events.csv", 0, "missing"),
    "missing column": ({"observations": rows_with("persons,families", "people,families")}, "observations.csv", 1, "missing"),
    "unknown column": ({"events": "date,kind,description,source_id,colour\n"}, "events.csv", 1, "unknown column"),
    "empty table": ({"observations": b""}, "observations.csv", 1, "empty"),
    "table not utf-8": ({"sources": b"source_id,publisher,title\nx,\xe9,t\n"}, "sources.csv", 2, "not UTF-8"),
    "open quote": ({"observations": OBSERVATIONS + '2030-03-05,"2030'}, "observations.csv", 5, "not valid CSV"),
    "too many cells": ({"observations": OBSERVATIONS + "," * 20 + "1\n"}, "observations.csv", 5, "more cells"),
    "no date in table": ({"observations": rows_with("2030-03-05,2030-03-05", "2030-03-05,5 March")}, "observations.csv", 2, "date"),
    "negative persons": ({"observations": rows_with(",120,", ",-120,")}, "observations.csv", 2, "zero or more"),
    "fraction of a person": ({"observations": rows_with(",120,", ",120.5,")}, "observations.csv", 2, "whole number"),
    "persons in words": ({"observations": rows_with(",120,", ",many,")}, "observations.csv", 2, "whole number"),
    "nothing counted": ({"observations": rows_with(",120,", ",,")}, "observations.csv", 2, "counts nothing"),
    "window turned": ({"observations": rows_with("2030-03-05,2030-03-05", "2030-03-05,2030-03-04")}, "observations.csv", 2, "ends before"),
    "known before the window": ({"observations": rows_with("2030-03-06,false", "2030-03-01,false")}, "observations.csv", 2, "known before"),
    "no such crossing": ({"observations": rows_with("north_gate+south", "north_gate+west")}, "observations.csv", 3, "does not define"),
    "no such status of a row": ({"case": FULL, "observations": rows_with("north_gate,all,return_all,120", "north_gate,crad,return_all,120")}, "observations.csv", 2, "does not define this status"),
    "two statuses in one cell": ({"observations": rows_with("north_gate,all,return_all,120", "north_gate,card+none,return_all,120")}, "observations.csv", 2, "several statuses"),
    "no such status of a series": ({"case": FULL, "series": SERIES_HEAD.replace("scope", "scope,statuses") + "post_daily,2030-03-01,,Post,all,card+nnoe,levels,0.1\n"}, "series.csv", 2, "does not define this status"),
    "no such source of a row": ({"observations": rows_with("post,,post_daily,2030-03-06", "psot,,post_daily,2030-03-06")}, "observations.csv", 2, "no such source"),
    "row twice": ({"observations": OBSERVATIONS + OBSERVATIONS.splitlines()[1] + "\n"}, "observations.csv", 5, "twice"),
    "no such series": ({"series": SERIES_HEAD + "post_daily,2030-03-01,,Post,all,differences,0.1\n"}, "observations.csv", 4, "does not define this series"),
    "series keeping": ({"series": SERIES_HEAD + "post_daily,2030-03-01,,Post,all,sums,0.1\n"}, "series.csv", 2, "keeping"),
    "series scope": ({"series": SERIES_HEAD + "post_daily,2030-03-01,,Post,east_gate,levels,0.1\n"}, "series.csv", 2, "does not define"),
    "series turned": ({"series": SERIES_HEAD + "post_daily,2030-03-01,2030-01-01,Post,all,levels,0.1\n"}, "series.csv", 2, "ends before"),
    "series scale": ({"series": SERIES_HEAD + "post_daily,2030-03-01,,Post,all,levels,-1\n"}, "series.csv", 2, "not negative"),
    "nan": ({"series": SERIES_HEAD + "post_daily,2030-03-01,,Post,all,levels,nan\n"}, "series.csv", 2, "no number"),
    "route to nowhere": ({"routes": ROUTES_HEAD + "north_gate,moon,5\n"}, "routes.csv", 2, "no such place"),
    "route of no length": ({"routes": ROUTES_HEAD + "north_gate,south_gate,0\n"}, "routes.csv", 2, "above zero"),
    "population of a district": ({"population": POPULATION_HEAD + "2030-01-01,East,Lower,card,5,persons,post,\n"}, "population.csv", 2, "below province"),
    "negative estimate": ({"population": POPULATION_HEAD + "2030-01-01,East,,card,-5,persons,post,\n"}, "population.csv", 2, "not negative"),
    "source twice": ({"sources": "source_id,publisher,title\nministry,a,b\npost,a,b\npost,c,d\n"}, "sources.csv", 4, "twice"),
    "fact that is not finite": ({"profile": "indicator,value,source_id\nshare,nan,post\n"}, "profile.csv", 2, "not finite"),
    "no such action": ({"decisions": "finding,reports,action,why,known\nf,x,use_person,because,2030-03-10\n"}, "decisions.csv", 2, "no such action"),
    "decision on nothing": ({"decisions": "finding,reports,action,why,known\nf,,set_aside,because,2030-03-10\n"}, "decisions.csv", 2, "about nothing"),
    "value of a decision": ({"decisions": "finding,series,action,value,why,known\nf,post_daily,break_series,soon,because,2030-03-10\n"}, "decisions.csv", 2, "does not fit"),
    "event turned": ({"events": "date,end_date,kind,description,source_id\n2030-03-05,2030-03-01,x,y,post\n"}, "events.csv", 2, "ends before"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_folder_is_named_with_file_row_and_mend(name: str) -> None:
    """Each kind of fault is found at its file and line, says what is wrong, and nothing comes back."""
    replace, file, row, what = BROKEN[name]
    with pytest.raises(InputError) as caught:
        case_from_files("small", smallest_case(**replace))
    found = [(fault.file, fault.row, fault.what) for fault in caught.value.faults]
    assert any(f == file and r == row and what in w for f, r, w in found), found
    assert all(fault.mend or fault.wanted or fault.found for fault in caught.value.faults)


def test_all_faults_are_told_in_one_go() -> None:
    """Faults in four files come in one error, in file order."""
    files = smallest_case(
        case=yaml_with("Asia/Karachi", "Mars"),
        observations=rows_with(",120,", ",-1,"),
        events="date,kind,description,source_id\nyesterday,x,y,post\n",
        routes=ROUTES_HEAD + "a,b,-1\n",
    )
    with pytest.raises(CaseError) as caught:
        case_from_files("small", files)
    assert [fault.file for fault in caught.value.faults] == [
        "case.yaml", "events.csv", "observations.csv", "routes.csv", "routes.csv", "routes.csv",
    ]  # fmt: skip
    assert "nothing was written" in str(caught.value)


def test_faults_of_every_kind_are_told_together_and_no_other() -> None:
    """A fault in the shape of case.yaml hides none in the rest, and what stands in for it makes no new one."""
    case = full_with("timezone:", "time_zone: x\ntimezone:").replace("deadline: 2030-03-31", "deadline: 2030-02-31")
    case = case.replace("low: 1000,", "low: 0.5,").replace("to: tent, share: 1", "to: tent, share: 0.9")
    rows = rows_with(",120,", ",-120,").replace("2030-03-05,2030-03-05,north_gate", "2030-03-05,2030-03-05,moon_gate")
    routes = ROUTES_HEAD + "north_gate,south_gate,-3\n"
    with pytest.raises(CaseError) as caught:
        case_from_files("small", smallest_case(case=case, observations=rows, routes=routes))
    assert [(fault.file, fault.row, fault.column) for fault in caught.value.faults] == [
        ("case.yaml", 2, "time_zone"),
        ("case.yaml", 12, "calendar.waves.0.deadline"),
        ("case.yaml", 20, "population.0.low"),
        ("case.yaml", 24, "routing.0.share"),
        ("observations.csv", 2, "crossing"),
        ("observations.csv", 2, "persons"),
        ("routes.csv", 2, "distance_km"),
    ]
    assert all(fault.mend for fault in caught.value.faults)


@pytest.mark.parametrize("key", ["timezone", "calendar"])
def test_a_missing_part_is_the_only_fault(key: str) -> None:
    """Leaving out a needed key is one fault, not a cascade."""
    lines = SMALLEST_YAML.splitlines(keepends=True)
    first = next(i for i, line in enumerate(lines) if line.startswith(key))
    last = next((i for i in range(first + 1, len(lines)) if not lines[i].startswith(" ")), len(lines))
    with pytest.raises(CaseError) as caught:
        case_from_files("small", smallest_case(case="".join(lines[:first] + lines[last:])))
    assert [(fault.column, fault.what) for fault in caught.value.faults] == [(key, "the key is missing")]


def test_an_unknown_key_names_the_nearest_known_one() -> None:
    """A misspelt key is answered with the right one."""
    with pytest.raises(CaseError) as caught:
        case_from_files("small", smallest_case(case=yaml_with("timezone:", "timezon:")))
    assert any("`timezone`" in fault.mend for fault in caught.value.faults)


@pytest.mark.parametrize("column", ["name", "father_name", "cnic", "phone", "passport_no"])
def test_a_table_on_individuals_is_refused_and_not_repeated(column: str) -> None:
    """A column of names, identity or phone numbers is refused, and no cell of it is told."""
    lines = OBSERVATIONS.splitlines()
    text = "\n".join([lines[0] + f",{column}", *(line + ",Zarmina Example" for line in lines[1:])])
    with pytest.raises(PersonalDataError) as caught:
        case_from_files("small", smallest_case(observations=text))
    assert "Zarmina" not in str(caught.value)


def test_the_smallest_case_is_enough() -> None:
    """case.yaml with crossings, calendar, population and time zone, and three tables, make a world."""
    world = case_from_files("small", smallest_case()).as_of(date(2030, 3, 20))
    assert [crossing.place_id for crossing in world.crossings] == ["north_gate", "south_gate"]
    assert world.start == date(2030, 2, 1)
    assert {regime.series: regime.keeping for regime in world.series} == {
        "ministry_total": "differences",
        "post_daily": "differences",
    }
    assert [report.crossing for report in world.reports][1] == "north_gate+south_gate"


def test_headers_alone_are_enough() -> None:
    """A case without any report yet is a case."""
    world = case_from_files("small", smallest_case(observations=HEADER + "\n")).as_of(date(2030, 3, 20))
    assert world.reports == () and world.strata


def test_a_whole_number_written_with_a_zero_behind_the_point_is_read() -> None:
    """Data frames write 120.0 where a column has an empty cell; 120.5 stays a fault."""
    read = smallest_case(observations=OBSERVATIONS.replace("return_all,120,", "return_all,120.0,"))
    assert case_from_files("small", read).as_of(date(2030, 3, 20)).reports[0].persons == 120
    with pytest.raises(CaseError):
        case_from_files(
            "small", smallest_case(observations=OBSERVATIONS.replace("return_all,120,", "return_all,120.5,"))
        )


def test_yaml_has_no_surprises() -> None:
    """`no` is a word and 7:30 is not 450 minutes."""
    files = smallest_case(case=yaml_with("id: north_gate", "{id: north_gate, name: no}"))
    with pytest.raises(CaseError):
        case_from_files("small", smallest_case(case=full_with("stay_days: 1", "opens_hour: 7:30")))
    files = smallest_case(case=yaml_with("- id: north_gate", "- id: north_gate\n    name: no"))
    world = case_from_files("small", files).as_of(date(2030, 3, 20))
    assert world.places["north_gate"].name == "no"


def test_a_small_alias_does_not_blow_up() -> None:
    """Aliases of aliases are stopped and not followed into a billion entries."""
    lines = ["a: &a [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 10)}]" for n in range(9)]
    with pytest.raises(CaseError):
        case_from_files("small", smallest_case(case="\n".join(lines)))


def test_built_in_cases_are_whole() -> None:
    """Every case that ships loads, has reports, and can be seen before its first and after its last report."""
    assert "pakistan-2023" in built_in_cases()
    for name in built_in_cases():
        case = load_case(name)
        assert case.reports and case.as_of(date(1990, 1, 1)).reports == ()
        assert len(case.as_of(date(2100, 1, 1)).reports) == len(case.reports)


def test_a_name_that_is_no_case_is_answered_with_the_nearest() -> None:
    """A misspelt case says which ones there are."""
    with pytest.raises(RequestError) as caught:
        find_case("pakistan-2032")
    assert "pakistan-2023" in caught.value.faults[0].mend


def test_a_folder_is_read_in_place_of_a_name(tmp_path: Path) -> None:
    """Any path works where a name does, and so does its case.yaml."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, data in smallest_case().items():
        (folder / name).write_bytes(data)
    assert load_case(folder) == load_case(str(folder)) == load_case(folder / "case.yaml")
    assert load_case(folder).name == "mine"


@settings(max_examples=150)
@given(st.sampled_from(["case", "observations", "sources", "events"]), st.data())
def test_no_damage_to_a_file_escapes_as_anything_but_faults(which: str, data: st.DataObject) -> None:
    """Bytes cut out, put in or changed anywhere end in a case or in faults, never in another exception."""
    name = "case.yaml" if which == "case" else f"{which}.csv"
    original = smallest_case()[name]
    at = data.draw(st.integers(0, len(original)))
    cut = data.draw(st.integers(0, 30))
    put = data.draw(
        st.binary(max_size=8) | st.sampled_from([b": ", b"\n- ", b",", b'"', b"{", b"&a *a", b"\t", b"1e999"])
    )
    files = {**smallest_case(), name: original[:at] + put + original[at + cut :]}
    case, faults, personal = read_case("small", files)
    assert (case is None) == bool(faults or personal)
    if case is not None:
        case.as_of(date(2030, 3, 20))
