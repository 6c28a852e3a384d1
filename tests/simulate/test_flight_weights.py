"""Weights of routes and room in camps worked out by hand: the kernel and its twin could both misread the law."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from makers.flight import AGES, GENDERS, make_law, tiny
from sarai.model.flight.law import FlightLaw, build_law
from sarai.model.flight.quirks import STRICT
from sarai.simulate.flight.arrays import flatten_law
from sarai.simulate.flight.choice import new_choices, open_paths, power
from sarai.simulate.flight.conditions import room_left
from sarai.simulate.flight.twin import FlightTwin
from sarai.simulate.flight.weights import weigh

PLACES = "A,r,H,1,1,conflict_zone,0,0,,\nB,r,F,1,1,camp,0,900,,\nC,r,F,1,1,camp,0,0,,\nD,r,H,1,1,town,0,625,,\n"
ROADS = "A,B,80\nA,C,180\nA,D,30\nD,C,200\n"


def weights_from(
    law: FlightLaw, name: str, group: int = 0, room: dict[str, float] | None = None, day: int = 0
) -> dict[str, float]:
    """Weight of each route from a place on a day, named by the places along it; the twin's are the same."""
    flat, names = flatten_law(law), [place.name for place in law.case.places]
    place, row, link_row = names.index(name), int(flat.place_row[day]), int(flat.link_row[day])
    choices, twin = new_choices(flat), FlightTwin(law, 1)
    open_paths(flat, choices, link_row, row)
    twin.row, twin.link_row = row, link_row
    for end, left in (room or {}).items():
        choices.room[names.index(end)] = twin.room[names.index(end)] = left
    weigh(flat, choices, row, place, flat.population)
    routes, sums = twin._running(place, group)
    base = int(flat.routes_start[place]) + place
    assert choices.running[flat.kind[group], base : base + len(sums)].tolist() == sums
    found = {}
    for path, weight in zip(routes, np.diff(sums).tolist(), strict=True):
        steps, at = "", path
        while at >= len(names):
            at = int(flat.path_after[at])
            steps += names[int(flat.path_origin[at])]
        if weight > 0.0:
            found[steps] = weight
    return found


def law_with(folder: Path, rules: str, roads: str = ROADS, places: str = PLACES, **files: str) -> FlightLaw:
    """Conflict A, camps B and C, and D, a town of 625, under some rules of movement."""
    changes: dict[str, str | None] = {**tiny(places, roads, f"move_rules: {{{rules}}}\n", days=2)}
    changes |= {f"input_csv/{name}.csv": text for name, text in files.items()}
    return make_law(folder, changes)


SOFT = "softening: 20, weight_softening: 0.5, distance_power: 1.5, weight_power: 2, camp_weight: 3"


def test_the_room_of_a_camp_scales_the_softened_score(tmp_path: Path) -> None:
    """W = [(0.5 + score) / (20 + km)^1.5 x m]^2, with m of what the softening adds as well."""
    found = weights_from(law_with(tmp_path, SOFT), "A", room={"B": 0.6, "C": 0.8})
    assert found == pytest.approx({
        "B": (3.5 / 100**1.5 * 0.6) ** 2, "C": (3.5 / 200**1.5 * 0.8) ** 2, "D": (1.5 / 50**1.5) ** 2,
    }, rel=1e-12)  # fmt: skip


def test_towns_draw_by_population_and_camps_do_not(tmp_path: Path) -> None:
    """D of 625 to the power of a half: 25 times its score, before the softening is added."""
    found = weights_from(
        law_with(tmp_path, SOFT + ", use_pop_for_loc_weight: True, pop_power_for_loc_weight: 0.5"), "A"
    )
    assert found["D"] == pytest.approx((25.5 / 50**1.5) ** 2, rel=1e-12)
    assert found["B"] == pytest.approx((3.5 / 100**1.5) ** 2, rel=1e-12)


def test_who_avoids_hazards_weighs_safety_twice(tmp_path: Path) -> None:
    """Groups of power 1 and 2: the score counts once for one and squared for the other, and so does 1 of a town."""
    law = law_with(tmp_path, SOFT + ", WomenAvoidHazards: True", demographics_age=AGES, demographics_gender=GENDERS)
    assert law.groups.exponents.tolist() == [1, 2]
    for group, score in ((0, 3.0), (1, 9.0)):
        found = weights_from(law, "A", group)
        assert found["B"] == pytest.approx(((0.5 + score) / 100**1.5) ** 2, rel=1e-12)
        assert found["D"] == pytest.approx((1.5 / 50**1.5) ** 2, rel=1e-12)


def test_the_score_counts_twice_under_fixed_routes_and_so_does_what_scales_it(tmp_path: Path) -> None:
    """W = [(0.5 + f score) / (20 + km)^1.5]^2 x f score; room does not weigh, and C is reached one way only."""
    law = law_with(tmp_path, SOFT + ", fixed_routes: True, awareness_level: 2")
    pulled = replace(law, calendar=replace(law.calendar, factor=law.calendar.factor * np.array([1.0, 0.4, 1.0, 1.0])))
    for one, f in ((law, 1.0), (pulled, 0.4)):
        assert weights_from(one, "A", room={"B": 0.6}) == pytest.approx({
            "B": ((0.5 + 3 * f) / 100**1.5) ** 2 * 3 * f, "C": (3.5 / 200**1.5) ** 2 * 3, "D": (1.5 / 50**1.5) ** 2,
        }, rel=1e-12)  # fmt: skip


def test_people_choose_evenly_where_no_destination_weighs_anything(tmp_path: Path) -> None:
    """A quirk of Flee; under --strict they have nowhere to go, nor under fixed routes, where such an entry is none."""
    law = law_with(tmp_path, "camp_weight: 0", roads="A,B,80\nA,C,180\n")
    assert weights_from(law, "A") == {"B": 1.0, "C": 1.0}
    assert weights_from(build_law(law.case, STRICT), "A") == {}
    assert (
        weights_from(law_with(tmp_path / "fixed", "camp_weight: 0, fixed_routes: True", "A,B,80\nA,C,180\n"), "A") == {}
    )


def test_a_major_route_needs_the_route_that_leads_to_it(tmp_path: Path) -> None:
    """A major route goes on from D to C. On day 1 D is a marker: no route ends there, so that from A none goes on."""
    changes = {"major_routes": "D,C\n", "location_changes": "#name,type,day\nD,marker,1\n"}
    law = law_with(tmp_path, "fixed_routes: True", "A,B,80\nA,D,30\nD,C,200\n", **changes)
    assert set(weights_from(law, "A")) == {"B", "D", "DC"}
    assert set(weights_from(law, "A", day=1)) == {"B"}
    assert set(weights_from(law, "D", day=1)) == {"A", "C"}


def test_nothing_to_the_power_of_nought_is_one() -> None:
    """With weight_power 0 all destinations weigh alike, a full camp too; with any other nothing stays nothing."""
    assert [power(0.0, exponent) for exponent in (0.0, 0.5, 1.0, 2.0)] == [1.0, 0.0, 0.0, 0.0]
    assert [power(9.0, exponent) for exponent in (0.0, 0.5, 1.0, 2.0)] == pytest.approx(
        [1.0, 3.0, 9.0, 81.0], rel=1e-14
    )


@pytest.mark.parametrize("scaling", [0.5, 1.0, 2.0])
def test_room_falls_from_the_buffer_to_the_scaled_capacity(tmp_path: Path, scaling: float) -> None:
    """B holds 900, or half or twice as many: room is whole up to 0.8 of that, nought at the whole, linear between."""
    law = law_with(tmp_path, f"capacity_scaling: {scaling}, capacity_buffer: 0.8")
    flat, twin = flatten_law(law), FlightTwin(law, 1)
    twin.row = int(flat.place_row[0])
    for part, left in ((0.0, 1.0), (0.8, 1.0), (0.85, 0.75), (0.9, 0.5), (0.95, 0.25), (1.0, 0.0), (1.5, 0.0)):
        persons = round(part * 900 * scaling)
        found = room_left(flat, twin.row, 1, 0, persons)
        assert found == pytest.approx(left, abs=0.01) and found == twin._room(1, persons)
