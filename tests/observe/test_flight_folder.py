"""Reading folders of Flee: what is read, and every fault before day 0."""

from __future__ import annotations

from pathlib import Path

import pytest

from makers.flight import AGES, FILES, GENDERS, make_case, shared_flee, write_case
from sarai.observe.flee.folder import read_flee_case
from sarai.world.errors import CaseError

LOCATIONS, ROUTES = FILES["input_csv/locations.csv"], FILES["input_csv/routes.csv"]


def test_a_whole_folder_becomes_a_case(tmp_path: Path) -> None:
    """Places, links, closures, period, counts and settings arrive as written."""
    case = make_case(tmp_path)
    assert [place.name for place in case.places] == ["North", "Mill", "Ford", "Inn", "Bridge", "Lake"]
    assert [place.kind for place in case.places] == ["conflict", "town", "marker", "forward", "camp", "camp"]
    assert (case.places[4].number, case.days, case.start.isoformat()) == (90, 25, "2012-03-01")
    assert (len(case.links), case.links[0].length_km, case.closures[0].kind) == (9, 100.0, "country")
    assert case.settings.max_move_speed == 200.0
    assert case.settings.default_movechance == 0.3
    assert [table.name for table in case.layout] == ["total", "Bridge", "Lake"]


def test_flees_own_flat_layout_is_found(tmp_path: Path) -> None:
    """Inputs and counts may lie in conflict_input/NAME and conflict_validation/NAME."""
    write_case(tmp_path)
    (tmp_path / "conflict_input").mkdir()
    (tmp_path / "conflict_validation").mkdir()
    (tmp_path / "input_csv").rename(tmp_path / "conflict_input" / "river")
    (tmp_path / "source_data").rename(tmp_path / "conflict_validation" / "river")
    case = read_flee_case(tmp_path / "conflict_input" / "river", settings=tmp_path / "simsetting.yml")
    assert case.days == 25


def test_attributes_and_redirections_are_kept_or_named(tmp_path: Path) -> None:
    """Free columns of places and links are read; what has no effect is said so."""
    header, *rows = LOCATIONS.splitlines()
    places = "\n".join([header + ",initial_idps,capacity_per_day", *[row + ",7,3" for row in rows]])
    routes = "#a,b,c,d,max_move_speed,walk_probability\nNorth,Mill,100,2,50,0.25\n" + "\n".join(ROUTES.splitlines()[2:])
    case = make_case(tmp_path, {"input_csv/locations.csv": places, "input_csv/routes.csv": routes})
    assert case.places[0].attributes == {"initial_idps": "7", "capacity_per_day": "3"}
    assert (case.links[0].max_move_speed, case.links[0].walk_probability) == (50.0, 0.25)
    assert any("forced_redirection" in note for note in case.notes)


def test_settings_without_effect_are_named_once(tmp_path: Path) -> None:
    """Nothing is silently ignored: a log level and a crossing speed each leave a note."""
    settings = "log_levels:\n  agent: 1\nmove_rules:\n  max_crossing_speed: 20\n"
    case = make_case(tmp_path, {"simsetting.yml": settings})
    assert [note.split(":")[0] for note in case.notes] == ["log_levels.agent", "move_rules.max_crossing_speed"]


def replaced(text: str, old: str, new: str) -> str:
    """The text with one piece changed; the piece must be there."""
    assert old in text
    return text.replace(old, new, 1)


def settings(line: str) -> dict[str, str | None]:
    """A settings file with one more line."""
    return {"simsetting.yml": FILES["simsetting.yml"] + line}


BROKEN: dict[str, tuple[dict[str, str | None], str, int, str]] = {
    "a route to an unknown place": (
        {"input_csv/routes.csv": replaced(ROUTES, "Mill,Bridge", "Mill,Brigde")}, "routes.csv", 3, "name2"),
    "a number with separators": (
        {"input_csv/locations.csv": replaced(LOCATIONS, "0,5000", '0,"5,000"')}, "locations.csv", 7, "pop/cap"),
    "a number that is none": (
        {"input_csv/locations.csv": replaced(LOCATIONS, "0,5000", "0,many")}, "locations.csv", 7, "pop/cap"),
    "no conflicts": ({"input_csv/conflicts.csv": None}, "conflicts.csv", 0, ""),
    "no file of a camp": ({"source_data/lake.csv": None}, "lake.csv", 0, ""),
    "no camp in the layout": (
        {"source_data/data_layout.csv": "total,all.csv\nBridge,bridge.csv\n"}, "data_layout.csv", 0, "name"),
    "too few days of conflict": (
        {"input_csv/conflicts.csv": "#Day,North\n" + "0,1\n" * 20}, "conflicts.csv", 21, ""),
    "a conflict somewhere unknown": (
        {"input_csv/conflicts.csv": "#Day,Nowhere\n" + "0,1\n" * 25}, "conflicts.csv", 2, "Nowhere"),
    "the same place twice": (
        {"input_csv/locations.csv": replaced(LOCATIONS, "Mill,r", "North,r")}, "locations.csv", 3, "name"),
    "parallel links": ({"input_csv/routes.csv": ROUTES + "Mill,North,90\n"}, "routes.csv", 11, "name1, name2"),
    "a place without a type": (
        {"input_csv/locations.csv": replaced(LOCATIONS, "town", "")}, "locations.csv", 3, "location_type"),
    "a header without #": (
        {"input_csv/locations.csv": LOCATIONS[1:]}, "locations.csv", 1, "location_type"),
    "a short row": ({"input_csv/locations.csv": LOCATIONS + "Far,r,Home\n"}, "locations.csv", 8, ""),
    "a link of no length": ({"input_csv/routes.csv": replaced(ROUTES, "Inn,60", "Inn,x")}, "routes.csv", 6, "distance"),
    "a link to itself": ({"input_csv/routes.csv": ROUTES + "Mill,Mill,9\n"}, "routes.csv", 11, "name2"),
    "a closure of an unknown country": (
        {"input_csv/closures.csv": "country,Home,Abroad,1,2\n"}, "closures.csv", 1, "name2"),
    "a closure of an unknown kind": (
        {"input_csv/closures.csv": "border,Home,Away,1,2\n"}, "closures.csv", 1, "closure_type"),
    "a correction without a record": (
        {"input_csv/registration_corrections.csv": "Lake,2012-03-22\n"}, "registration_corrections.csv", 1, "date"),
    "a correction of an unknown camp": (
        {"input_csv/registration_corrections.csv": "Lak,2012-03-21\n"}, "registration_corrections.csv", 1, "camp"),
    "a date that is none": (
        {"source_data/lake.csv": "2012-03-01,8\n2012-02-30,9\n"}, "lake.csv", 2, "date"),
    "an unknown setting": (settings("  defualt_movechance: 0.4\n"), "simsetting.yml", 3,
    "move_rules.defualt_movechance"),
    "a setting in the wrong section": (settings("  sum_from_camps: True\n"), "simsetting.yml", 3,
    "move_rules.sum_from_camps"),
    "a switch in quotes": (settings("  start_on_foot: 'false'\n"), "simsetting.yml", 3, "move_rules.start_on_foot"),
    "awareness 0": (settings("  awareness_level: 0\n"), "simsetting.yml", 3, "move_rules.awareness_level"),
    "a refused setting": (
        settings("  MatchCampReligion: True\n"), "simsetting.yml", 3, "move_rules.MatchCampReligion"),
    "single people": (
        settings("spawn_rules:\n  read_from_agents_csv_file: True\n"), "simsetting.yml", 4,
        "spawn_rules.read_from_agents_csv_file"),
    "a rule without its table": (
        settings("  WomenAvoidHazards: True\n"), "demographics_gender.csv", 0, ""),
    "a period without a start": ({"input_csv/sim_period.csv": "Length,25\n"}, "sim_period.csv", 0, "StartDate"),
    "a number cut in two by its comma": (
        {"input_csv/locations.csv": replaced(LOCATIONS, "0,5000", "0,5,000")}, "locations.csv", 7, "pop/cap"),
    "a length cut in two by its comma": (
        {"input_csv/routes.csv": replaced(ROUTES, "Mill,Bridge,250,0", "Mill,Bridge,1,250,0")}, "routes.csv", 3,
        "distance"),
    "a count cut in two by its comma": (
        {"source_data/lake.csv": "2012-03-01,8\n2012-03-21,1,208\n"}, "lake.csv", 2, "count"),
    "a count below zero": ({"source_data/lake.csv": "2012-03-01,8\n2012-03-21,-5\n"}, "lake.csv", 2, "count"),
    "a date without a count": ({"source_data/lake.csv": "2012-03-01,8\n2012-03-21\n"}, "lake.csv", 2, "count"),
    "more people than there are": (
        {"input_csv/locations.csv": replaced(LOCATIONS, "0,5000", "0,99999999999")}, "locations.csv", 7, "pop/cap"),
    "a road around the Earth and more": (
        {"input_csv/routes.csv": replaced(ROUTES, "Inn,60", "Inn,90000")}, "routes.csv", 6, "distance"),
    "a major route to an unknown place": (
        settings("  fixed_routes: True\n") | {"input_csv/major_routes.csv": "North,Mill,Bridg\n"},
        "major_routes.csv", 1, "place 3"),
    "a major route over a missing link": (
        settings("  fixed_routes: True\n") | {"input_csv/major_routes.csv": "#a\nNorth,Bridge\n"},
        "major_routes.csv", 2, "place 2"),
    "a major route that comes back": (
        settings("  fixed_routes: True\n") | {"input_csv/major_routes.csv": "North,Mill,North\n"},
        "major_routes.csv", 1, ""),
    "an empty file of a camp": ({"source_data/lake.csv": ""}, "lake.csv", 1, ""),
    "empty conflicts": ({"input_csv/conflicts.csv": ""}, "conflicts.csv", 1, ""),
    "empty routes": ({"input_csv/routes.csv": "\n"}, "routes.csv", 1, ""),
    "no places": ({"input_csv/locations.csv": ""}, "locations.csv", 1, ""),
    "an empty layout": ({"source_data/data_layout.csv": ""}, "data_layout.csv", 1, ""),
    "a camp in the row of the total": (
        {"source_data/data_layout.csv": "Bridge,bridge.csv\nLake,lake.csv\n"}, "data_layout.csv", 1, "name"),
    "a row that names no file": (
        {"source_data/data_layout.csv": "total,all.csv\nBridge\nLake,lake.csv\n"}, "data_layout.csv", 2, "file"),
    "a row of conflicts with a cell too many": (
        {"input_csv/conflicts.csv": "#Day,North\n0,1\n1,1,000\n" + "0,1\n" * 30}, "conflicts.csv", 3, ""),
    "a correction without a date": (
        {"input_csv/registration_corrections.csv": "Lake\n"}, "registration_corrections.csv", 1, "date"),
    "two lengths of the period": (
        {"input_csv/sim_period.csv": "StartDate,2012-03-01\nLength,25\nLength,20\n"}, "sim_period.csv", 3, "Length"),
    "food without a day": (
        settings("  flee_when_starving: True\n") | {"input_csv/region_attributes_IPC.csv": "#Day,r\n"},
        "region_attributes_IPC.csv", 2, ""),
    "food above all people": (
        {"input_csv/region_attributes_IPC.csv": "#Day,r\n0,20\n9,120\n"}, "region_attributes_IPC.csv", 3, "r"),
    "a day in a setting that is none": (
        settings("  awareness_level: 2012-02-30\n"), "simsetting.yml", 3, "move_rules.awareness_level"),
    "no settings": ({"simsetting.yml": None}, "simsetting.yml", 0, ""),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_every_fault_names_file_row_column_and_mend(tmp_path: Path, what: str) -> None:
    """A broken folder is refused before day 0, and the message says where and how to mend it."""
    changes, file, row, column = BROKEN[what]
    with pytest.raises(CaseError) as raised:
        read_flee_case(write_case(tmp_path, changes))
    fault = next(fault for fault in raised.value.faults if fault.file.endswith(file))
    assert (fault.row, fault.column) == (row, column)
    assert fault.mend
    assert raised.value.exit_code == 2


def test_what_floods_drive_needs_no_row_of_a_total(tmp_path: Path) -> None:
    """Where no one leaves from data, the first row of the layout may be a camp; with no count its camps start empty."""
    spawn = "spawn_rules:\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 5\n"
    case = make_case(
        tmp_path,
        {
            "source_data/data_layout.csv": "Bridge,bridge.csv\nLake,lake.csv\n",
            "simsetting.yml": FILES["simsetting.yml"] + spawn,
        },
    )
    assert [table.name for table in case.layout] == ["Bridge", "Lake"]


def test_a_closure_that_ends_before_it_begins_is_named(tmp_path: Path) -> None:
    """Flee then never reopens; the note says so."""
    case = make_case(tmp_path, {"input_csv/closures.csv": "country,Home,Away,12,3\n"})
    assert any("never reopens" in note for note in case.notes)


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    """Three broken files give three faults in one message, sorted by file."""
    changes = BROKEN["parallel links"][0] | BROKEN["a date that is none"][0] | BROKEN["an unknown setting"][0]
    with pytest.raises(CaseError) as raised:
        read_flee_case(write_case(tmp_path, changes))
    files = [fault.file for fault in raised.value.faults]
    assert files == sorted(files)
    assert len(files) == 3


def test_a_misspelt_setting_gets_a_suggestion(tmp_path: Path) -> None:
    """The mend of an unknown key names the key that was meant."""
    with pytest.raises(CaseError, match=r"default_movechance"):
        read_flee_case(write_case(tmp_path, BROKEN["an unknown setting"][0]))


def test_demographics_are_read_only_where_a_rule_needs_them(tmp_path: Path) -> None:
    """Ages are read for the rule about children; a table that no rule needs is named and left alone."""
    tables: dict[str, str | None] = {
        "input_csv/demographics_age.csv": AGES,
        "input_csv/demographics_gender.csv": GENDERS,
        "input_csv/demographics_ethnicity.csv": "ethnicity,Default\nx,1\n",
    }
    case = make_case(tmp_path, tables | settings("  ChildrenAvoidHazards: True\n"))
    assert set(case.demographics) == {"age"}
    assert sum("not read" in note for note in case.notes) == 2


@pytest.mark.shared
def test_every_shared_case_is_read_unchanged() -> None:
    """The folders of Flee that come with reference ensembles are read without a fault."""
    for name in ("burundi", "car", "ethiopia", "mali2012", "ssudan", "syria2013", "toy", "toy_groups", "test_csv"):
        case = read_flee_case(shared_flee() / "cases" / name)
        assert case.days > 0


def test_a_flood_of_an_unknown_place_is_noted_and_left_out(tmp_path: Path) -> None:
    """As in Flee the column has no effect; the note says so, and its level does not spill over to another place."""
    rules = ("spawn_rules:\n  take_from_population: True\n  flood_zone_spawning_only: True\n"
             "  conflict_zone_spawning_only: False\n  flood_driven_spawn_mode:\n    spawn_mode: constant\nmove_rules:\n"
             "  flood_rules:\n    flood_movechances: [0.1, 0.2]\n    flood_loc_weights: [1.0, 0.5]\n")  # fmt: skip
    floods = "#Day,Mill,Mil\n" + "0,1,9\n" * 25
    case = make_case(tmp_path, {"simsetting.yml": rules, "input_csv/flood_level.csv": floods})
    assert any("'Mil' names no place" in note and "did you mean 'Mill'" in note for note in case.notes)
    assert case.floods is not None
    assert case.floods.names == ("Mill",)
    assert case.floods.values.max() == 1


def test_settings_that_cannot_be_read_make_no_fault_of_a_file_that_may_not_be_needed(tmp_path: Path) -> None:
    """With a flood table and no conflicts, a broken settings file is the only fault."""
    changes: dict[str, str | None] = {
        "simsetting.yml": "move_rules: [", "input_csv/conflicts.csv": None,
        "input_csv/flood_level.csv": "#Day,Mill\n" + "0,1\n" * 25,
    }  # fmt: skip
    with pytest.raises(CaseError) as raised:
        read_flee_case(write_case(tmp_path, changes))
    assert [fault.file for fault in raised.value.faults] == ["simsetting.yml"]


def test_a_period_beyond_conflicts_and_counts_ends_with_both(tmp_path: Path) -> None:
    """Twenty days of conflicts and of counts in a period of 25: twenty days are run, and a note says so.

    Where counts go on by a single day, rows of conflicts are missing (the fault "too few days of conflict").
    """
    changes: dict[str, str | None] = {
        "input_csv/conflicts.csv": "#Day,North\n" + "0,1\n" * 20,
        "source_data/all.csv": "2012-03-01,16\n2012-03-20,400\n",
        "source_data/bridge.csv": "2012-03-01,8\n2012-03-20,200\n",
        "source_data/lake.csv": "2012-03-01,8\n2012-03-20,200\n",
    }
    case = make_case(tmp_path, changes)
    assert case.days == 20
    assert [note for note in case.notes if "both end with day 19" in note and "5 days before" in note]
    changes["source_data/lake.csv"] = "2012-03-01,8\n2012-03-21,200\n"
    with pytest.raises(CaseError, match=r"the table ends before the period does"):
        make_case(tmp_path / "longer", changes)


def test_a_faulty_row_of_a_place_is_one_fault(tmp_path: Path) -> None:
    """Roads, closures and counts that name the place are not blamed for its wrong number."""
    broken = replaced(LOCATIONS, "Away,5,1,camp,0,5000", "Away,5,1,camp,0,5 thousand")
    with pytest.raises(CaseError) as raised:
        make_case(tmp_path, {"input_csv/locations.csv": broken})
    assert [(fault.file, fault.row) for fault in raised.value.faults] == [("input_csv/locations.csv", 7)]
