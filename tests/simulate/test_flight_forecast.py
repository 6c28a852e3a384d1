"""People who heed forecasts of floods: weights and move chances by hand, classes of awareness, faults."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from makers.flight import make_law, write_case
from sarai.model.flight.law import FlightLaw
from sarai.observe.flee.folder import read_flee_case
from sarai.simulate.flight.arrays import flatten_law
from sarai.simulate.flight.cells import new_cells, unpack_who
from sarai.simulate.flight.departures import put_groups
from sarai.simulate.flight.run import simulate_flight
from sarai.simulate.flight.twin import FlightTwin
from sarai.world.errors import CaseError

CHANCES, WEIGHTS = (0.0, 0.5, 0.8, 1.0), (1.0, 0.6, 0.2, 0.0)
LEVELS = ("0,1,0", "0,0,2", "0,1,2", "0,3,0", "0,0,0", "0,0,0", "0,0,0", "0,0,0", "0,0,0", "0,0,0")  # Shore, Quay, Isle
AWARE = "floodawareness,Default,Shore\n0.0,1,1\n1.0,2,1\n2.0,1,2\n"


def shore(
    *, awareness: str | None = AWARE, reach: int = 3, end: int = 9,
    importance: str = "[1, 1, 0.5, 1, 0.2, 1, 1, 1, 1, 1]",
    aware: str = "[0.0, 0.5, 1.0]", more: str = "",
) -> dict[str, str | None]:  # fmt: skip
    """Shore leads to Quay and to Isle, 100 km each; both are flooded on some days. 400 a day leave Shore."""
    rules = "".join(f"    {key}: {value}\n" for key, value in (
        ("flood_movechances", list(CHANCES)), ("flood_loc_weights", list(WEIGHTS)), ("flood_forecaster", True),
        ("flood_forecaster_timescale", reach), ("flood_forecaster_end_time", end),
        ("flood_forecaster_weights", importance), ("flood_awareness_weights", aware)) if value != "")  # fmt: skip
    return {
        "input_csv/locations.csv": "#name,region,country,x,y,type,date,number\nShore,r,H,1,1,conflict_zone,0,1000\n"
        "Quay,r,H,2,1,flood_zone,0,9\nIsle,r,H,3,1,town,0,9\n",
        "input_csv/routes.csv": "Shore,Quay,100\nShore,Isle,100\n",
        "input_csv/closures.csv": "",
        "input_csv/flood_level.csv": "#Day,Shore,Quay,Isle\n" + "".join(f"{d},{row}\n" for d, row in enumerate(LEVELS)),
        "input_csv/conflicts.csv": None,
        "input_csv/sim_period.csv": "StartDate,2012-03-01\nLength,10\n",
        "input_csv/demographics_floodawareness.csv": awareness,
        "source_data/data_layout.csv": "total,all.csv\n",
        "source_data/all.csv": "2012-03-01,0\n2012-03-11,4000\n",
        "simsetting.yml": "spawn_rules:\n  sum_from_camps: False\nmove_rules:\n  max_move_speed: 200\n"
        "  conflict_weight: 1.0\n  conflict_movechance: 0.4\n" + more + "  flood_rules:\n" + rules,
    }  # fmt: skip


def on_day(law: FlightLaw, day: int) -> int:
    """Row of the calendar on a day."""
    return int(law.calendar.place_row[day])


def test_weights_and_chances_by_hand(tmp_path: Path) -> None:
    """Three days ahead; classes heed the forecast not at all, by half, wholly.

    Made on day 0: Quay has levels 0, 1, 3 on days 1 to 3 with importance 1, 0.5, 1: weights 1, 0.6, 0 lose
    (0.5 x 0.4 + 1 x 1) / 3 = 0.4. Isle has levels 2, 2, 0: (0.8 + 0.5 x 0.8) / 3 = 0.4 is lost. Quay itself has level 1
    on day 0, which weighs 0.6 by itself. On day 2: Quay has 3, 0, 0: 1 / 3 is lost; Isle is dry.
    """
    law = make_law(tmp_path, shore())
    assert law.groups.heeds.tolist() == [0.0, 0.5, 1.0]
    assert law.groups.shares.sum(axis=1) == pytest.approx([1, 1, 1])
    assert law.groups.shares[0] == pytest.approx([0.25, 0.25, 0.5])
    assert law.groups.shares[1] == pytest.approx([0.25, 0.5, 0.25])
    factor = law.calendar.factor
    assert factor[on_day(law, 0)] == pytest.approx(np.array([[1, 0.6, 1], [1, 0.6 * 0.8, 0.8], [1, 0.6 * 0.6, 0.6]]))
    assert factor[on_day(law, 2)][2] == pytest.approx([1, 0.6 * (2 / 3), 0.2])
    assert factor[on_day(law, 9)] == pytest.approx(np.ones((3, 3)))
    steady, ahead = law.calendar.steady[on_day(law, 0)], law.calendar.ahead[on_day(law, 0)]
    assert steady[2] == pytest.approx([1, 1 - 1.5 / 3, 1 - 1.5 / 3])
    assert ahead[2] == pytest.approx([0, (0.5 * 0.5 + 1.0) / 3, (0.8 + 0.5 * 0.8) / 3])
    assert ahead[1] == pytest.approx(ahead[2] / 2)
    assert ahead[0].tolist() == [0, 0, 0]
    twin = FlightTwin(law, 1)
    twin.row, twin.link_row = on_day(law, 0), 0
    assert twin._chance(2, 2) == pytest.approx(0.5 * 0.3 + 1.2 / 3)
    assert twin._chance(1, 2) == pytest.approx(0.5 * 0.5 + 1.25 / 3)
    assert twin._chance(2, 0) == 0.3


def test_newcomers_are_split_over_all_classes(tmp_path: Path) -> None:
    """A quarter, a third of those left, and the rest: 40,000 people in the shares of the table, to four sigma."""
    law = make_law(tmp_path, shore())
    flat, people = flatten_law(law), 40_000
    cells = new_cells(16, 0)
    assert put_groups(flat, cells, 0, people, 0, 0, np.uint64(7), 3, 11)
    counts = [0, 0, 0]
    for entry in range(cells.used[0]):
        counts[unpack_who(cells.who[entry])[1]] += int(cells.persons[entry])
    assert sum(counts) == people
    for count, share in zip(counts, (0.25, 0.25, 0.5), strict=True):
        assert abs(count - people * share) < 4 * np.sqrt(people * share * (1 - share))


def test_people_who_heed_it_avoid_what_will_be_flooded(tmp_path: Path) -> None:
    """Those who leave Shore on day 1 choose between Quay and Isle, a week's way each.

    Isle has level 2 that day, which weighs 0.2, and levels 2, 0, 0 ahead with importance 0.5: heeded wholly, 0.4 / 3 of
    it is lost. Quay is dry that day, with levels 1, 3, 0 ahead: (0.5 x 0.4 + 1) / 3 = 0.4 is lost.
    """
    for aware, isle, quay in (("[0.0, 0.0, 0.0]", 0.2, 1.0), ("[1.0, 1.0, 1.0]", 0.2 * (1 - 0.4 / 3), 0.6)):
        changes = shore(aware=aware) | {"input_csv/routes.csv": "Shore,Quay,1400\nShore,Isle,1400\n"}
        links = simulate_flight(make_law(tmp_path / aware, changes), seed=3, members=60).link[1]
        to_quay, to_isle = int(links[0].sum()), int(links[2].sum())
        wanted = isle / (isle + quay)
        assert to_quay + to_isle > 5000
        bound = 4 * np.sqrt(wanted * (1 - wanted) / (to_quay + to_isle))
        assert to_isle / (to_quay + to_isle) == pytest.approx(wanted, abs=bound)


@pytest.mark.parametrize("rule", ["", "  WomenAvoidHazards: True\n  foreign_weight: 0.5\n", "  fixed_routes: True\n",
                                  "  avoid_short_stints: True\n  awareness_level: 2\n"])  # fmt: skip
def test_classes_of_awareness_agree_with_the_twin(tmp_path: Path, rule: str) -> None:
    """Every place and link, every day, with the other rules that make groups or routes."""
    changes = shore(more=rule) | {"input_csv/demographics_gender.csv": "gender,Default\nmale,1\nfemale,1\n"}
    changes["input_csv/routes.csv"] = "Shore,Quay,100\nShore,Isle,100\nQuay,Isle,50\n"
    law = make_law(tmp_path, changes)
    assert len(law.groups.views) == (6 if "Women" in rule else 3)
    for member in (0, 7):
        ensemble = simulate_flight(law, seed=8, members=[member])
        places, links = FlightTwin(law, 8, member).run()
        assert np.array_equal(places, ensemble.place[..., 0])
        assert np.array_equal(links, ensemble.link[..., 0])
    assert places[-1].sum() > 1000


def test_a_forecast_that_nobody_heeds_changes_no_bit(tmp_path: Path) -> None:
    """With awareness 0 throughout, the run is that without a forecaster; so it is with a reach of no day."""
    off = shore(awareness=None)
    off["simsetting.yml"] = str(off["simsetting.yml"]).partition("    flood_forecaster:")[0]
    plain = simulate_flight(make_law(tmp_path / "off", off), seed=5, members=2).place
    for name, changes in (
        ("unaware", shore(aware="[0.0, 0.0, 0.0]")), ("no reach", shore(reach=0)), ("dry", shore(end=0)),
    ):  # fmt: skip
        assert np.array_equal(plain, simulate_flight(make_law(tmp_path / name, changes), seed=5, members=2).place)
    heeded = simulate_flight(make_law(tmp_path / "on", shore()), seed=5, members=2).place
    assert not np.array_equal(plain, heeded)


def test_importance_counts_by_days_of_the_run_or_by_days_ahead(tmp_path: Path) -> None:
    """Three entries for three days ahead, in a forecast up to day 9, are days ahead: tomorrow, the next, the third."""
    ahead = make_law(tmp_path, shore(importance="[1.0, 0.5, 0.0]"))
    assert ahead.calendar.factor[on_day(ahead, 0)][2] == pytest.approx([1, 0.6 * (1 - 0.2 / 3), 1 - (0.8 + 0.4) / 3])
    assert ahead.calendar.factor[on_day(ahead, 2)][2] == pytest.approx([1, 0.6 * (1 - 1 / 3), 0.2])


def test_without_classes_everybody_heeds_it(tmp_path: Path) -> None:
    """Neither a table of classes nor weights: one class that heeds the forecast wholly, and a note."""
    case = read_flee_case(write_case(tmp_path, shore(awareness=None, aware="")))
    assert any("everybody heeds the forecast" in note for note in case.notes)


@pytest.mark.parametrize(
    ("changes", "file", "column"),
    [
        (shore(end=20), "input_csv/flood_level.csv", ""),
        (shore(importance="[1, 1]"), "simsetting.yml", "move_rules.flood_rules.flood_forecaster_weights"),
        (shore(importance=""), "simsetting.yml", "move_rules.flood_rules.flood_forecaster"),
        (shore(importance="[1, 2, 1]"), "simsetting.yml", "move_rules.flood_rules.flood_forecaster_weights"),
        (shore(aware=""), "simsetting.yml", "move_rules.flood_rules.flood_awareness_weights"),
        (shore(aware="[0.5, 1.0]"), "input_csv/demographics_floodawareness.csv", "floodawareness"),
        (shore(awareness=None), "input_csv/demographics_floodawareness.csv", ""),
        (shore(reach=-1), "simsetting.yml", "move_rules.flood_rules.flood_forecaster_timescale"),
    ],
    ids=["short table", "short weights", "no weights", "weight above 1", "no class weights", "class without weight",
         "no classes", "reach below 0"],
)  # fmt: skip
def test_a_forecast_that_cannot_be_read_is_a_fault(
    tmp_path: Path, changes: dict[str, str | None], file: str, column: str
) -> None:
    """Each is found before day 0, with a mend."""
    with pytest.raises(CaseError) as raised:
        read_flee_case(write_case(tmp_path, changes))
    assert (file, column) in [(fault.file, fault.column) for fault in raised.value.faults]
    assert all(fault.mend for fault in raised.value.faults)
