"""Farmers go home in the months of harvest, and back afterwards (Flee's manual, farmers only)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from makers.flight import make_law, write_case
from sarai.model.flight.law import FlightLaw
from sarai.observe.flee.folder import read_flee_case
from sarai.simulate.flight.run import simulate_flight
from sarai.simulate.flight.twin import FlightTwin
from sarai.world.errors import CaseError

HEADER = "#name,region,country,x,y,type,date,number,farmer_fraction\n"
DAYS = 60  # from 20 January 2012: February is days 12 to 40


def farmers(
    share: float, *, leaves_on: int = 1, start: str = "2012-01-20", months: str = "[2]", road: float = 150.0
) -> dict[str, str | None]:
    """Hundred people leave Field over Town for Camp on one day, 200 km a day; some of them farm."""
    count = f"2012-01-20,0\n2012-01-{19 + leaves_on:02d},0\n2012-01-{20 + leaves_on:02d},100\n"
    return {
        "input_csv/locations.csv": HEADER + f"Field,r,H,1,1,conflict_zone,0,1000,{share}\nTown,r,H,2,1,town,0,9,\n"
        "Camp,r,H,3,1,camp,0,9999,\n",
        "input_csv/routes.csv": f"Field,Town,{road}\nTown,Camp,{road}\n",
        "input_csv/closures.csv": "",
        "input_csv/conflicts.csv": "#Day,Field\n" + "0,1\n" * DAYS,
        "input_csv/sim_period.csv": f"StartDate,{start}\nLength,{DAYS}\n",
        "source_data/data_layout.csv": "total,camp.csv\nCamp,camp.csv\n",
        "source_data/camp.csv": count,
        "simsetting.yml": f"move_rules:\n  max_move_speed: 200\n  harvest_months: {months}\n  camp_movechance: 0.0\n"
        "  default_movechance: 1.0\n  awareness_level: 2\n  conflict_weight: 0.0\n",
    }  # fmt: skip


def counts(law: FlightLaw, seed: int = 1) -> np.ndarray:
    """Persons at Field, Town, Camp by day."""
    return simulate_flight(law, seed=seed).place[..., 0]


def test_all_farmers_are_at_home_in_february(tmp_path: Path) -> None:
    """They leave on day 1 and stand in Camp from then on, save in February (days 12 to 40), which Field sees."""
    field, _, camp = counts(make_law(tmp_path, farmers(1.0))).T
    assert camp.tolist() == [0, *[100] * 11, *[0] * 29, *[100] * 19]
    assert field.tolist() == [0, *[0] * 11, *[100] * 29, *[0] * 19]


def test_nobody_farms_where_the_share_is_nought(tmp_path: Path) -> None:
    """In Flee all of them would go home; here only farmers do."""
    camp = counts(make_law(tmp_path, farmers(0.0)))[:, 2]
    assert camp.tolist() == [0, *[100] * (DAYS - 1)]


def test_the_share_that_farms_goes_and_comes_back_whole(tmp_path: Path) -> None:
    """About 30 of 100: the same persons return as went, and the others never move."""
    law = make_law(tmp_path, farmers(0.3))
    gone = [int(counts(law, seed)[20, 0]) for seed in range(200)]
    assert np.mean(gone) == pytest.approx(30, abs=4 * np.sqrt(100 * 0.3 * 0.7 / 200))
    one = counts(law)
    assert (one[1:].sum(axis=1) == 100).all()
    assert one[-1].tolist() == [0, 0, 100]


def test_who_sets_out_in_a_month_of_harvest_stays_at_home(tmp_path: Path) -> None:
    """Leaving on day 1, 2 February, all farmers wait at Field till March, though nobody else would stay."""
    changes = farmers(1.0, start="2012-02-01")
    changes["source_data/camp.csv"] = "2012-02-01,0\n2012-02-02,100\n"
    field, _, camp = counts(make_law(tmp_path, changes)).T
    assert field[:29].tolist() == [0, *[100] * 28]
    assert camp[29:].tolist() == [100] * (DAYS - 29)


def test_who_arrives_with_a_day_used_up_goes_home_the_next_morning(tmp_path: Path) -> None:
    """On the road on 31 January (day 11): the day's way ends in Camp on 1 February, after 2 x 150 km; home on the 2nd.

    They are 200 km along a road of 300 on day 11, reach Town after 100 km on day 12 and act there: they go home, and
    keep their way to Camp, where they stand from 1 March on.
    """
    late = counts(make_law(tmp_path / "a", farmers(1.0, leaves_on=11, road=300.0)))
    assert late[11].tolist() == [0, 0, 0]
    assert late[12:41].tolist() == [[100, 0, 0]] * 29
    assert late[41:43].tolist() == [[0, 0, 0], [0, 0, 100]]
    quick = counts(make_law(tmp_path / "b", farmers(1.0, leaves_on=11) | {
        "input_csv/routes.csv": "#a,b,c,d,max_move_speed\nField,Town,250,,\nTown,Camp,190,,\n"}))  # fmt: skip
    assert quick[11].tolist() == [0, 0, 0]
    assert quick[12].tolist() == [100, 0, 0]


def test_farmers_of_several_places_and_classes_agree_with_the_twin(tmp_path: Path) -> None:
    """Homes, hazards, routes kept over the month, sinks, short stints: every place, every link, every day."""
    header = "#name,region,country,x,y,location_type,conflict_date,pop/cap,deactivation_probability,farmer_fraction"
    rows = (
        "North,r,Home,1,1,conflict_zone,0,1000,,0.5", "Mill,r,Home,2,1,conflict,0,400,,0.2",
        "Ford,r,Home,2,2,marker,0,0,,", "Inn,r,Home,3,1,forwarding_hub,0,0,,1", "Bridge,r,Away,4,1,camp,0,90,0.02,0.4",
        "Lake,r,Away,5,1,idpcamp,0,5000,0.05,",
    )  # fmt: skip
    changes: dict[str, str | None] = {
        "input_csv/locations.csv": "\n".join([header, *rows]),
        "input_csv/conflicts.csv": "#Day, North, Mill\n" + "0,1,0.5\n" * DAYS,
        "input_csv/sim_period.csv": f"StartDate,2012-01-20\nLength,{DAYS}\n",
        "source_data/bridge.csv": "2012-01-20,8\n2012-03-31,308\n",
        "source_data/lake.csv": "2012-01-20,8\n2012-03-31,708\n",
        "input_csv/demographics_gender.csv": "gender,Default\nmale,1\nfemale,2\n",
        "simsetting.yml": "spawn_rules: {camps_are_sinks: True}\nmove_rules: {awareness_level: 3, camp_movechance: 0.1,"
        " harvest_months: [2], WomenAvoidHazards: True, avoid_short_stints: True, max_move_speed: 170}",
    }  # fmt: skip
    law = make_law(tmp_path, changes)
    assert law.groups.homes.tolist() == [-1, -1, 0, 0, 1, 1, 3, 3, 4, 4]
    for member in (0, 3):
        ensemble = simulate_flight(law, seed=4, members=[member])
        places, links = FlightTwin(law, 4, member).run()
        assert np.array_equal(places, ensemble.place[..., 0])
        assert np.array_equal(links, ensemble.link[..., 0])
        assert places[20, 0] > places[10, 0] + 20
        assert places[45, 0] < places[20, 0]


@pytest.mark.parametrize(
    ("changes", "file", "column"),
    [
        ({"months": "[0]"}, "simsetting.yml", "move_rules.harvest_months"),
        ({"months": "[2.5]"}, "simsetting.yml", "move_rules.harvest_months"),
        ({"months": "[13]"}, "simsetting.yml", "move_rules.harvest_months"),
        ({"share": 1.5}, "input_csv/locations.csv", "farmer_fraction"),
        ({"share": -0.1}, "input_csv/locations.csv", "farmer_fraction"),
    ],
)
def test_a_month_or_share_that_is_none_is_a_fault(tmp_path: Path, changes: dict, file: str, column: str) -> None:  # type: ignore[type-arg]
    """Months are 1 to 12, shares 0 to 1."""
    with pytest.raises(CaseError) as raised:
        read_flee_case(write_case(tmp_path, farmers(**({"share": 0.5} | changes))))
    assert [(fault.file, fault.column) for fault in raised.value.faults] == [(file, column)]


def test_a_harvest_without_farmers_is_a_fault_and_no_months_are_none(tmp_path: Path) -> None:
    """Without the attribute nobody would go; an empty list is Flee's own default."""
    changes = farmers(0.5)
    changes["input_csv/locations.csv"] = str(changes["input_csv/locations.csv"]).replace("farmer_fraction", "other")
    with pytest.raises(CaseError, match=r"how many people farm"):
        read_flee_case(write_case(tmp_path / "a", changes))
    law = make_law(tmp_path / "b", farmers(0.5, months="[]"))
    assert law.groups.homes.tolist() == [-1]
    assert law.calendar.harvest.sum() == 0
