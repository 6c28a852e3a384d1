"""Departures of the flight law: who sets out on a day, from where, and how many are left."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from makers.flight import make_law, place, run, tiny
from sarai.model.flight.law import build_law
from sarai.model.flight.quirks import STRICT
from sarai.simulate.draws import binomial, uniform_at
from sarai.simulate.flight.arrays import STAGE_SPAWN, draw_cell, flatten_law
from sarai.simulate.flight.departures import share_out

FAST = "move_rules:\n  max_move_speed: 5000\n  max_walk_speed: 5000\n"


def test_departures_by_data_are_split_one_place_after_another(tmp_path: Path) -> None:
    """By population times intensity: each place draws among those whom the places before it did not send."""
    places = "".join(
        place(name, "conflict_zone", number=number) for name, number in (("A", 900), ("B", 300), ("C", 60))
    )
    law = flatten_law(make_law(tmp_path, tiny(places + place("D", "camp"), "A,D,90\nB,D,90\nC,D,90\n", "", days=2)))
    law = law._replace(spawn=np.ones_like(law.spawn))
    spawned = np.zeros(law.places, dtype=np.int64)
    people, word = np.array([900, 300, 60, 0]), 7
    stream = np.uint64(3)
    for member in range(40):
        spawned[:] = 0
        share_out(law, spawned, people, 0, 57, stream, member, word)
        left, rest = 57, 1260.0
        for at in (0, 1):
            cell = np.uint64(draw_cell(law.path_key[at], STAGE_SPAWN, 0, 0, 0, 0, 0, 0))
            count = binomial(uniform_at(stream, np.uint64(member), word, cell), left, people[at] / rest)
            assert spawned[at] == count
            left, rest = left - count, rest - people[at]
        assert spawned[2] == left and spawned[3] == 0


def test_conflict_rates_follow_the_intensity(tmp_path: Path) -> None:
    """k = 100: 100 a day for ten days make 1,000; three places at 1,1,1 and then 0,1,0.5 make 2 x 300 + 2 x 150."""
    spawn = "spawn_rules:\n  conflict_driven_spawning:\n    spawn_mode: constant\n    displaced_per_conflict_day: 100\n"
    one = tiny(place("A", "conflict_zone") + place("B", "town", "Y"), "A,B,100\n", spawn + FAST, days=10,
               conflicts="#Day,A\n" + "0,1\n" * 10)  # fmt: skip
    assert run(make_law(tmp_path / "one", one)).total[-1, 0] == 1000
    places = "".join(place(name, "town") for name in "ACD") + place("B", "town", "Y")
    rows = "#Day,A,C,D\n" + "0,1,1,1\n" * 2 + "0,0,1,0.5\n" * 2
    three = tiny(places, "A,B,100\nC,B,100\nD,B,100\n", spawn + FAST, days=4, conflicts=rows)
    law = make_law(tmp_path / "three", three)
    assert run(law).total[-1, 0] == 1000  # Flee ignores the change from 1 to 0.5
    assert run(build_law(law.case, STRICT)).total[-1, 0] == 900


@pytest.mark.parametrize(("mode", "rate"), [("constant", 3), ("pop_ratio", 0.03)])
def test_rates_of_departure_are_cut_to_persons(tmp_path: Path, mode: str, rate: float) -> None:
    """Three a day, or 3 in a hundred, at an intensity of 0.65 are 1.95: one sets out, as in Flee, and not two."""
    places = place("A", "conflict_zone", number=100) + place("B", "town", "Y")
    spawn = f"spawn_rules:\n  conflict_driven_spawning: {{spawn_mode: {mode}, displaced_per_conflict_day: {rate}}}\n"
    law = make_law(tmp_path, tiny(places, "A,B,100\n", spawn, days=3, conflicts="#Day,A\n" + "0,0.65\n" * 3))
    assert run(law).total[:, 0].tolist() == [1, 2, 3]


def test_floods_drive_people_out(tmp_path: Path) -> None:
    """A flood of level 1 at 100 people a level sends out 100 a day; with move chance 0 all stay at A."""
    settings = (
        "spawn_rules:\n  take_from_population: True\n  flood_zone_spawning_only: True\n"
        "  conflict_zone_spawning_only: False\n  flood_driven_spawn_mode:\n    spawn_mode: constant\n"
        "    displaced_per_flood_day: [0, 100, 200, 300, 400]\nmove_rules:\n  foreign_weight: 0.0\n  flood_rules:\n"
        "    flood_movechances: [0.0, 0.0, 0.0, 0.0, 0.0]\n    flood_loc_weights: [1.0, 0.5, 0.2, 0.1, 0.0]\n"
    )
    changes = tiny(place("A", "flood_zone", number=100000) + place("B", "town", "Y"), "A,B,100\n", settings, days=10)
    changes["input_csv/flood_level.csv"] = "#Day,A,B\n" + "0,1,0\n" * 10
    ensemble = run(make_law(tmp_path, changes))
    assert ensemble.place[-1, :, 0].tolist() == [1000, 0]


def test_an_empty_population_sends_out_nobody_more(tmp_path: Path) -> None:
    """take_from_population: departures stop at the people there are."""
    places = place("A", "conflict_zone", number=120) + place("B", "camp", "Y")
    spawn = ("spawn_rules:\n  take_from_population: True\n  conflict_driven_spawning:\n"
             "    displaced_per_conflict_day: 50\n")  # fmt: skip
    changes = tiny(places, "A,B,100\n", spawn, days=5, conflicts="#Day,A\n" + "0,1\n" * 5)
    assert run(make_law(tmp_path, changes)).total[:, 0].tolist() == [50, 100, 120, 120, 120]
