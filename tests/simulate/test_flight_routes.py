"""Choices of the flight law: the weight of each route, which routes are known, and fixed routes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from makers.flight import make_law, place, run, tiny
from sarai.model.flight.law import FlightLaw
from sarai.simulate.flight.twin import FlightTwin


def test_choices_follow_the_weights(tmp_path: Path) -> None:
    """From A to camps at 90 and 190 km: shares 1/100 to 1/200, hence two thirds and one third."""
    places = place("A", "conflict_zone") + place("B", "camp") + place("C", "camp")
    spawn = "spawn_rules:\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 300\n"
    changes = tiny(places, "A,B,90\nA,C,190\n", spawn + "move_rules:\n  camp_movechance: 0\n", days=1,
                   conflicts="#Day,A\n0,1\n")  # fmt: skip
    ensemble = run(make_law(tmp_path, changes), 400)
    counts = ensemble.place[0, 1].astype(float)
    assert abs(counts.mean() - 200) < 4 * np.sqrt(300 * 2 / 9 / 400)
    assert 0.75 < counts.var() / (300 * 2 / 9) < 1.3


@pytest.mark.parametrize(("threshold", "kept"), [(1.99, False), (2.0, True), (2.01, True)])
def test_routes_lighter_than_the_pruning_allows_are_dropped(tmp_path: Path, threshold: float, kept: bool) -> None:
    """Of weights 1/100 and 1/200 the second is no less than half of the first: it goes only below a threshold of 2."""
    places = place("A", "conflict_zone") + place("B", "camp") + place("C", "camp")
    settings = (
        "spawn_rules:\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 300\n"
        f"move_rules:\n  camp_movechance: 0\n  pruning_threshold: {threshold}\n"
    )
    changes = tiny(places, "A,B,90\nA,C,190\n", settings, days=1, conflicts="#Day,A\n0,1\n")
    ensemble = run(make_law(tmp_path, changes), 20)
    assert (ensemble.place[0, 2] > 0).all() == kept
    assert (ensemble.place[0].sum(axis=0) == 300).all()


@pytest.mark.parametrize("fixed", ["", "  fixed_routes: True\n"], ids=["planned", "fixed"])
def test_staying_close_keeps_people_from_the_far_place(tmp_path: Path, fixed: str) -> None:
    """A (0,0), B (1,1), C (100,100) with power 5: hardly anybody of 100 reaches C in 20 days."""
    rows = "A,r,H,0,0,conflict_zone,0,100,,\nB,r,H,1,1,town,0,0,,\nC,r,H,100,100,town,0,0,,\n"
    settings = ("spawn_rules:\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 100\nmove_rules:\n"
                "  max_move_speed: 100\n  default_movechance: 1.0\n  stay_close_to_home: True\n"
                "  home_distance_power: 5\n") + fixed  # fmt: skip
    changes = tiny(rows, "A,B,100\nB,C,100\n", settings, days=20, conflicts="#Day,A\n0,1\n" + "1,0\n" * 19)
    assert run(make_law(tmp_path, changes), 50).place[-1, 2].mean() < 2


def table_of(law: FlightLaw, name: str) -> dict[str, list[str]]:
    """Fixed routes of a place on day 0: names along the route, by destination."""
    twin = FlightTwin(law, 1)
    twin.row, twin.link_row = law.calendar.place_row[0], law.calendar.link_row[0]
    names = [place.name for place in law.case.places]
    table = {}
    for end, path in twin._table(names.index(name)).items():
        steps, at = [], path
        while at >= len(names):
            at = int(law.paths.after[at])
            steps.append(names[int(law.paths.origin[at])])
        table[names[end]] = steps
    return table


FIVE = "".join(place(name, "town", "H" if name == "A" else "F") for name in "ABCDE")
FIVE_LINKS = "A,B,100\nA,C,200\nB,D,100\nC,D,100\nD,E,100\n"


def test_fixed_routes_hold_the_shortest_way_to_each_destination(tmp_path: Path) -> None:
    """Two hops ahead B, C and D are known, D by way of B; a major route to E adds E (expectations 27 to 30)."""
    settings = "move_rules: {fixed_routes: True, awareness_level: 2}"
    law = make_law(tmp_path / "a", tiny(FIVE, FIVE_LINKS, settings, days=2))
    assert table_of(law, "A") == {"B": ["B"], "C": ["C"], "D": ["B", "D"]}
    assert law.calendar.score[law.calendar.place_row[0], 1] == 1.0
    major: dict[str, str] = {"input_csv/major_routes.csv": "A,B,D,E\n"}
    law = make_law(tmp_path / "b", tiny(FIVE, FIVE_LINKS, settings, days=2) | major)
    assert table_of(law, "A") == {"B": ["B"], "C": ["C"], "D": ["B", "D"], "E": ["B", "D", "E"]}
    assert table_of(law, "E")["A"] == ["D", "B", "A"]


def test_a_major_route_is_known_from_where_an_ordinary_route_meets_it(tmp_path: Path) -> None:
    """One hop ahead A knows B and C; the major route B, D, E carries on from B, at a quarter of the whole length."""
    major: dict[str, str] = {"input_csv/major_routes.csv": "B,D,E\n"}
    settings = "move_rules: {fixed_routes: True}"
    law = make_law(tmp_path, tiny(FIVE, FIVE_LINKS, settings, days=2) | major)
    assert table_of(law, "A") == {"B": ["B"], "C": ["C"], "E": ["B", "D", "E"]}
    path = int(law.routes[np.flatnonzero(law.via >= 0)[0]])
    assert law.divisor_km[path] == pytest.approx((10 + law.paths.length_km[path]) / 4)


def test_people_reach_the_end_of_a_major_route(tmp_path: Path) -> None:
    """The share that sets out for E by the major route, counted under way: W of E over the sum of all.

    Weights of B, C and E from A are 1/110, 1/210 and 1/(310/4); with its last link closed the major route is none.
    """
    rows = place("A", "conflict_zone") + FIVE.split("\n", 1)[1]
    settings = ("spawn_rules:\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 20000\n"
                "move_rules:\n  fixed_routes: True\n  max_move_speed: 50\n")  # fmt: skip
    changes = tiny(rows, FIVE_LINKS, settings, days=1) | {"input_csv/major_routes.csv": "A,B,D,E\n"}
    changes["input_csv/conflicts.csv"] = "#Day,A\n0,1\n"
    ensemble = run(make_law(tmp_path / "open", changes), 4)
    weight = {"B": 1 / 110, "C": 1 / 210, "E": 4 / 310}
    share = (weight["B"] + weight["E"]) / sum(weight.values())
    assert ensemble.link[0, 0].mean() / 20000 == pytest.approx(share, abs=0.006)
    changes["input_csv/closures.csv"] = "link,D,E,0,5\n"
    shut = run(make_law(tmp_path / "shut", changes), 4)
    assert shut.link[0, 0].mean() / 20000 == pytest.approx(weight["B"] / (weight["B"] + weight["C"]), abs=0.006)


def test_food_rules_raise_move_chances_and_lower_scores(tmp_path: Path) -> None:
    """At 40 % deprivation a move chance of 0.3 becomes 0.4 + 0.6 x 0.3, and a score at home 1 - 0.16 of itself."""
    changes = {
        "simsetting.yml": "move_rules:\n  flee_when_starving: True\n  avoid_food_deprived_locations: True\n",
        "input_csv/region_attributes_IPC.csv": "#Day,r\n0,20\n10,40\n30,40\n",
    }
    law = make_law(tmp_path, changes)
    row = law.calendar.place_row[12]
    assert law.calendar.starving[row, 1] == pytest.approx(0.4)
    assert law.calendar.score[row, 2] == pytest.approx(1 - 0.16)
    assert law.calendar.score[row, 5] == 1.0
    assert run(law).total[-1, 0] > 0
