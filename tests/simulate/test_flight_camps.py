"""Camps and towns of the flight law: who is let in, who is turned back, and who stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from makers.flight import make_case, make_law, place, run, tiny
from sarai.model.flight.changes import open_camp
from sarai.model.flight.law import build_law
from sarai.simulate.flight.arrays import flatten_law
from sarai.simulate.flight.choice import new_choices
from sarai.simulate.flight.conditions import update_leave
from sarai.simulate.flight.run import simulate_flight
from sarai.simulate.flight.twin import FlightTwin


def test_a_town_that_becomes_a_camp_no_longer_draws_by_its_population(tmp_path: Path) -> None:
    """Newcomers of days 1 and 4 choose between camp C and B, a town of a million until it is a camp on day 3.

    As a town B draws by its population and takes nearly all; as a camp it scores as C does, and each takes half.
    """
    places = place("A", "conflict_zone", number=1000) + place("B", "town", number=1_000_000) + place("C", "camp")
    settings = (
        "spawn_rules:\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 300\n"
        "move_rules:\n  camp_movechance: 0\n  default_movechance: 0.006\n  use_pop_for_loc_weight: True\n"
        "  pop_power_for_loc_weight: 1\n"
    )
    changes = tiny(places, "A,B,700\nA,C,700\n", settings, days=5, conflicts="#Day,A\n0,0\n1,1\n2,0\n3,0\n4,1\n")
    law = build_law(open_camp(make_case(tmp_path, changes), "B", 3, 10_000))
    ensemble = run(law, 200)
    for day, to_town in ((1, 1.0), (4, 0.5)):
        out = ensemble.link[day, [0, 2]].sum(axis=1)
        assert abs(out[0] / out.sum() - to_town) < 0.01
    places_of_twin, _ = FlightTwin(law, 1, 0).run()
    np.testing.assert_array_equal(places_of_twin, ensemble.place[..., 0])


def test_a_town_closed_off_keeps_its_people(tmp_path: Path) -> None:
    """One newcomer a day at A; the only link closes after day 2: three arrived at B, 97 wait at A."""
    places = place("A", "conflict_zone") + place("B", "camp", "Y") + place("C", "camp", "Y")
    spawn = "spawn_rules:\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 1\n"
    changes = tiny(places, "A,B,5\n", spawn + "move_rules:\n  camp_movechance: 0\n", days=100,
                   conflicts="#Day,A\n" + "0,1\n" * 100, closures="location,B,,3,200\n")  # fmt: skip
    ensemble = run(make_law(tmp_path, changes))
    assert ensemble.place[-1, :, 0].tolist() == [97, 3, 0]


def test_a_full_camp_turns_people_back_at_departure(tmp_path: Path) -> None:
    """A camp of 50 that holds 60 takes nobody more; those meant for it stay where they are."""
    places = place("A", "conflict_zone") + place("B", "camp", "Y", 50, "60")
    spawn = "spawn_rules:\n  insert_day0: False\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 10\n"
    changes = tiny(places, "A,B,50\n", spawn + "move_rules:\n  camp_movechance: 0\n", days=3,
                   conflicts="#Day,A\n" + "0,1\n" * 3)  # fmt: skip
    ensemble = run(make_law(tmp_path, changes))
    assert ensemble.place[:, 1, 0].tolist() == [70, 70, 70]  # on the first morning every place counts as empty
    assert ensemble.place[:, 0, 0].tolist() == [0, 10, 20]


@pytest.mark.parametrize(("held", "takes"), [(940, True), (948, True), (952, False), (999, False)])
def test_a_camp_turns_people_back_from_half_of_its_buffer(tmp_path: Path, held: int, takes: bool) -> None:
    """Room falls from 1 at nine tenths of the capacity to 0 at the whole: below a half of it nobody sets out."""
    places = place("A", "conflict_zone") + place("B", "camp", "Y", 1000, str(held))
    spawn = "spawn_rules:\n  insert_day0: False\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 1\n"
    changes = tiny(
        places, "A,B,50\n", spawn + "move_rules:\n  camp_movechance: 0\n", days=2, conflicts="#Day,A\n0,0\n1,1\n"
    )
    ensemble = run(make_law(tmp_path, changes))
    assert ensemble.place[0, :, 0].tolist() == [0, held + 1]  # on the first morning every place counts as empty
    assert ensemble.place[1, :, 0].tolist() == ([0, held + 2] if takes else [1, held + 1])


def test_a_closed_camp_turns_nobody_back(tmp_path: Path) -> None:
    """Closed, it is a town that deters by its capacity: with room below a half its only road is still taken."""
    places = place("A", "conflict_zone") + place("B", "camp", "Y", 1000, "960")
    spawn = "spawn_rules:\n  insert_day0: False\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 1\n"
    changes = tiny(places, "A,B,50\n", spawn + "move_rules:\n  camp_movechance: 0\n  default_movechance: 0\n", days=2,
                   conflicts="#Day,A\n0,0\n1,1\n", closures="camp,B,,0,9\n")  # fmt: skip
    before = run(make_law(tmp_path, changes)).place[0, 1, 0]
    assert run(make_law(tmp_path, changes)).place[1, :, 0].tolist() == [0, before + 1]


def test_camp_sinks_hold_people_for_good(tmp_path: Path) -> None:
    """With deactivation_probability 1 everybody who sleeps in B stays there, whatever its move chance."""
    places = place("A", "conflict_zone") + place("B", "camp", "Y", 0, "", "1.0")
    spawn = "spawn_rules:\n  camps_are_sinks: True\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 100\n"
    changes = tiny(places, "A,B,100\n", spawn + "move_rules:\n  camp_movechance: 0.5\n", days=20,
                   conflicts="#Day,A\n0,1\n" + "1,0\n" * 19)  # fmt: skip
    held = run(make_law(tmp_path, changes), 5).place[:, 1]
    assert (np.diff(held, axis=0) >= 0).all()
    assert (held[-1] > 90).all()


def test_a_capacity_grows_by_the_day(tmp_path: Path) -> None:
    """Row 3: 100 + 10000 t before day t. Flee adds a part as the day begins, so that day t itself has one part more."""
    changes = tiny("A,r,H,1,1,conflict,0,50,,\nB,r,F,2,1,camp,0,100,,\n", "A,B,10\n",
                   "spawn_rules:\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 150\n", days=10,
                   conflicts="#Day,A\n" + "0,1\n" * 10)  # fmt: skip
    header = "#name,region,country,x,y,type,date,number,capacity_per_day\n"
    grows = header + "A,r,H,1,1,conflict_zone,0,50,\nB,r,F,2,1,camp,0,100,{}\n"
    law = make_law(tmp_path / "a", changes | {"input_csv/locations.csv": grows.format(10000)})
    twin = FlightTwin(law, 1)
    for twin.day in range(10):
        at_the_end = 100 + 10000 * (twin.day + 1)
        assert twin._room(1, at_the_end) == 0.0
        assert twin._room(1, at_the_end - 1) > 0.0
    small = make_law(tmp_path / "b", changes | {"input_csv/locations.csv": grows.format(30)})
    places, _ = FlightTwin(small, 1).run()
    assert np.array_equal(places, simulate_flight(small, seed=1).place[..., 0])
    fixed = simulate_flight(make_law(tmp_path / "c", changes | {"input_csv/locations.csv": grows.format(0)}), seed=1)
    assert places[-1, 1] > fixed.place[-1, 1, 0]


def test_the_chance_to_leave_a_camp_grows_with_its_capacity(tmp_path: Path) -> None:
    """movechance_pop: 0.01 x (100 + 30 parts) / 100 in a camp, one part on day 0; in a town its population counts."""
    header = "#name,region,country,x,y,type,date,number,capacity_per_day\n"
    settings = (
        "move_rules:\n  camp_movechance: 0.01\n  default_movechance: 0.02\n  movechance_pop_base: 100\n"
        "  movechance_pop_scale_factor: 1\n"
    )
    changes = tiny("A,r,H,1,1,conflict,0,50,,\nB,r,F,2,1,camp,0,100,,\nT,r,F,3,1,town,0,700,,\n", "A,B,10\nB,T,10\n",
                   settings, days=6)  # fmt: skip
    rows = header + "A,r,H,1,1,conflict_zone,0,50,\nB,r,F,2,1,camp,0,100,30\nT,r,F,3,1,town,0,700,\n"
    law = make_law(tmp_path, changes | {"input_csv/locations.csv": rows})
    flat, choices, twin = flatten_law(law), new_choices(flatten_law(law)), FlightTwin(law, 1)
    for day in range(6):
        row = int(flat.place_row[day])
        update_leave(flat, choices, row, day, flat.population)
        twin.day, twin.row = day, row
        for at, wanted in ((1, 0.01 * (100 + 30 * (day + 1)) / 100), (2, 0.02 * 700 / 100)):
            assert choices.leave[0, at] == pytest.approx(wanted, rel=1e-12)
            assert twin._chance(at, 0) == choices.leave[0, at]
