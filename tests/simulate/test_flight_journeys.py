"""Journeys of the flight law: how far a day leads, and what becomes of people under way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from makers.flight import line, make_law, place, run, tiny
from sarai.model.flight.law import build_law
from sarai.model.flight.quirks import STRICT
from sarai.simulate.flight.ensemble import FlightEnsemble
from sarai.world.errors import SaraiError


@pytest.mark.parametrize(("km", "nights"), [(150, 0), (550, 2), (1190, 5)])
def test_travel_times_count_the_days_from_home_to_the_first_night_in_a_camp(
    tmp_path: Path, km: int, nights: int
) -> None:
    """At 200 km a day, and on the day of departure 200 km already: five people a day for ten days."""
    places = place("A", "conflict_zone") + place("B", "camp")
    settings = (
        "spawn_rules:\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 5\n"
        "move_rules:\n  camp_movechance: 0\n  max_move_speed: 200\n"
    )
    changes = tiny(places, f"A,B,{km}\n", settings, days=10, conflicts="#Day,A\n" + "0,1\n" * 10)
    travel = run(make_law(tmp_path, changes), keep_travel=True).travel[..., 0]
    wanted = np.zeros_like(travel)
    wanted[1, nights] = 5 * (10 - nights)
    np.testing.assert_array_equal(travel, wanted)


def leaving_once(
    tmp_path: Path, middle: str, settings: str, days: int, km: float, quirks: object = None
) -> FlightEnsemble:
    """100 people walk from camp A over B to C, all moving at once; a hub in the middle."""
    places = place("A", "camp", people="100") + place("B", middle) + place("C", "camp")
    law = make_law(tmp_path, tiny(places, line("A", "B", "C", km=km), settings, days=days))
    return run(build_law(law.case, quirks) if quirks else law, 1)  # type: ignore[arg-type]


def test_a_full_day_of_speed_is_left_after_an_early_arrival(tmp_path: Path) -> None:
    """A-B-C with 350 km links at 360 km a day: 700 km are covered on day 0, because 350 < 360 leaves a full speed."""
    settings = "move_rules:\n  camp_movechance: 1.0\n  awareness_level: 2\n  camp_weight: 1.0\n"
    ensemble = leaving_once(tmp_path, "forwarding_hub", settings, 1, 350.0)
    assert ensemble.place[0, 2, 0] + ensemble.place[0, 0, 0] + ensemble.place[0, 1, 0] == 100
    assert ensemble.place[0, 2, 0] > 0
    assert ensemble.link[0].sum() == 0


def test_arrival_needs_more_than_the_length(tmp_path: Path) -> None:
    """A link of 360 km at 360 km a day ends on day 1, and under --strict on day 0."""
    places = place("A", "conflict_zone", people="") + place("B", "camp", "Y")
    spawn = "spawn_rules:\n  conflict_driven_spawning:\n    spawn_mode: constant\n    displaced_per_conflict_day: 50\n"
    changes = tiny(places, "A,B,360\n", spawn, days=2, conflicts="#Day,A\n0,1\n1,0\n")
    law = make_law(tmp_path, changes)
    assert run(law).place[:, 1, 0].tolist() == [0, 50]
    assert run(build_law(law.case, STRICT)).place[:, 1, 0].tolist() == [50, 50]


def test_riders_of_a_closed_link_are_sent_back(tmp_path: Path) -> None:
    """A link of 1,000 km closes on day 1 and reopens on day 2: its riders finish it and stand at A again."""
    places = place("A", "conflict_zone") + place("B", "camp", "Y")
    spawn = "spawn_rules:\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 40\n"
    changes = tiny(places, "A,B,1000\n", spawn + "move_rules:\n  conflict_movechance: 1.0\n", days=4,
                   conflicts="#Day,A\n0,1\n" + "1,0\n" * 3, closures="country,H,Y,1,2\n")  # fmt: skip
    law = make_law(tmp_path, changes)
    assert run(law).link[:2].sum(axis=(1, 2)).tolist() == [40, 40]
    assert run(law).place[2, :, 0].tolist() == [40, 0]
    assert run(build_law(law.case, STRICT)).place[2, :, 0].tolist() == [0, 40]


@pytest.mark.parametrize(("km", "pushed"), [(199, True), (200, False)])
def test_a_full_day_ends_in_a_town(tmp_path: Path, km: int, pushed: bool) -> None:
    """Under the rule on short stints 199 km of a day of 200 push all on to the camp, 200 km hardly anybody."""
    places = place("A", "conflict_zone") + place("B", "town") + place("C", "camp", "Y")
    rules = ("spawn_rules:\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 10\nmove_rules:\n"
             "  avoid_short_stints: True\n  max_move_speed: 200\n  default_movechance: 0.01\n"
             "  foreign_weight: 1000000000.0\n")  # fmt: skip
    changes = tiny(places, f"A,B,{km},0,400\nB,C,50\n", rules, days=1, conflicts="#Day,A\n0,1\n")
    reached = run(make_law(tmp_path, changes)).place[0, 2, 0]
    assert reached == 10 if pushed else reached < 3


def test_walkers_are_slower(tmp_path: Path) -> None:
    """With walk_probability 0.25 on a 300 km link at 360 km a day, three quarters arrive on day 0."""
    places = place("A", "conflict_zone") + place("B", "camp", "Y")
    spawn = "spawn_rules:\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 200\n"
    changes = tiny(places, "A,B,300,0,360,0.25\n", spawn, days=1, conflicts="#Day,A\n0,1\n")
    ensemble = run(make_law(tmp_path, changes), 300)
    assert abs(ensemble.place[0, 1].mean() - 150) < 4 * np.sqrt(200 * 0.1875 / 300)


def test_the_first_link_is_walked_only_once(tmp_path: Path) -> None:
    """Start on foot: 100 km at 35 km a day take three days, the next 100 km none."""
    places = place("A", "conflict_zone") + place("B", "forwarding_hub") + place("C", "camp", "Y")
    spawn = "spawn_rules:\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 30\n"
    moves = "move_rules:\n  start_on_foot: True\n  awareness_level: 2\n  foreign_weight: 1000000000.0\n"
    changes = tiny(places, line("A", "B", "C", km=100), spawn + moves, days=4, conflicts="#Day,A\n0,1\n" + "1,0\n" * 3)
    ensemble = run(make_law(tmp_path, changes))
    assert ensemble.place[:, 2, 0].tolist() == [0, 0, 30, 30]


def test_zero_lengths_that_everybody_leaves_are_refused(tmp_path: Path) -> None:
    """Two hubs joined by 0 km would make people hop for ever; the run says so instead of hanging."""
    places = place("A", "conflict_zone") + place("B", "forwarding_hub") + place("C", "forwarding_hub")
    spawn = "spawn_rules:\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 10\n"
    changes = tiny(
        places, "A,B,10\nB,C,0\n", spawn + "move_rules:\n  weight_power: 40\n", days=1, conflicts="#Day,A\n0,1\n"
    )
    with pytest.raises(SaraiError, match="length 0"):
        run(make_law(tmp_path, changes))
