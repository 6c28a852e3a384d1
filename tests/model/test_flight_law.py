"""The flight law's parts: records, routes, calendar, people, quirks."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers.flight import AGES, GENDERS, make_case, make_law, tiny
from sarai.model.flight.groups import exponent_of
from sarai.model.flight.law import with_settings
from sarai.model.flight.people import daily_leavers
from sarai.model.flight.quirks import FLEE, MEANING, STRICT, Quirks
from sarai.model.flight.recent import COARSE, EXACT_PEOPLE, FINE, MOST_CLASSES, people_expected, recent_step, stop_step
from sarai.model.flight.series import add_records, correct_records, daily_counts, value_on
from sarai.simulate.flight.twin.tally import Crowd, People


def records(*pairs: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Records of days and counts."""
    return np.array([day for day, _ in pairs], dtype=float), np.array([count for _, count in pairs], dtype=float)


def test_counts_are_straight_lines_cut_to_persons() -> None:
    """Constant outside the records, linear between them, cut and not rounded."""
    table = records((2, 10), (5, 20), (9, 8))
    assert [value_on(table, day) for day in (0, 2, 3, 4, 5, 6, 8, 9, 30)] == [10, 10, 13, 16, 20, 17, 11, 8, 8]


@given(st.lists(st.tuples(st.integers(-20, 60), st.integers(0, 500)), min_size=1, max_size=8, unique_by=lambda x: x[0]))
def test_all_days_at_once_equal_one_day_at_a_time(pairs: list[tuple[int, int]]) -> None:
    """The vector form gives the same persons as the rule, day by day."""
    table = records(*sorted((float(day), float(count)) for day, count in pairs))
    assert daily_counts(table, 50).tolist() == [value_on(table, day) for day in range(50)]


def test_files_are_added_as_flee_adds_them() -> None:
    """Days of either file appear with the last value of the other; what the first has after the second is dropped."""
    first, second = records((0, 10), (4, 20), (9, 40)), records((0, 1), (2, 5), (4, 7))
    days, counts = add_records(first, second)
    assert list(zip(days, counts, strict=True)) == [(0, 11), (2, 25), (4, 27)]
    days, counts = add_records(first, second, keep_last=True)
    assert (days[-1], counts[-1]) == (9, 47)


def test_a_correction_scales_everything_before_it() -> None:
    """With 100 before and 50 on the day, all earlier counts are halved."""
    _, counts = correct_records(records((0, 40), (3, 100), (7, 50), (9, 60)), 7)
    assert counts.tolist() == [20, 50, 50, 60]


def test_falling_counts_are_a_debt(tmp_path: Path) -> None:
    """When counts fall nobody leaves until the fall is made up for."""
    case = make_case(tmp_path)
    recorded = np.array([[0, 0], [9, 10], [9, 4], [9, 8], [9, 15]])
    leaving, debt = daily_leavers(with_settings(case).__class__(**{**vars(case), "days": 5, "layout": case.layout[:2]}),
                                  recorded, FLEE)  # fmt: skip
    assert leaving.tolist() == [0, 10, 0, 0, 5]
    assert debt.tolist() == [0, 0, 6, 2, 0]


def test_the_step_measures_every_length_and_speed(tmp_path: Path) -> None:
    """Lengths of 100, 250 ... km at 200 km a day have a step of 10 km; a speed of 42.5 km makes it 2.5 km."""
    assert make_law(tmp_path / "a").network.step_m == 10_000
    slow = {"simsetting.yml": "move_rules:\n  max_move_speed: 42.5\n"}
    assert make_law(tmp_path / "b", slow).network.step_m == 2_500


def routes_from(law: object, place: str) -> list[tuple[str, ...]]:
    """Routes from a place as names."""
    names = [p.name for p in law.case.places]  # type: ignore[attr-defined]
    i = names.index(place)
    found = []
    for path in law.routes[law.routes_start[i] : law.routes_start[i + 1]]:  # type: ignore[attr-defined]
        steps = []
        at = int(path)
        while at >= len(names):
            at = int(law.paths.after[at])  # type: ignore[attr-defined]
            steps.append(names[int(law.paths.origin[at])])  # type: ignore[attr-defined]
        found.append(tuple(steps))
    return found


def test_routes_end_at_places_and_pass_markers_for_nothing(tmp_path: Path) -> None:
    """A - B, A - marker C, both on to camp D, awareness 5: four routes from A, none ends at the marker."""
    places = "A,r,H,1,1,town,0,0,,\nB,r,H,1,1,town,0,0,,\nC,r,H,1,1,marker,0,0,,\nD,r,H,1,1,camp,0,0,,\n"
    law = make_law(tmp_path, tiny(places, "A,B,834\nA,C,834\nB,D,834\nC,D,834\n",
                                  "move_rules:\n  awareness_level: 5\n  max_move_speed: 5000\n", days=2))  # fmt: skip
    assert set(routes_from(law, "A")) == {("B",), ("B", "D"), ("C", "D"), ("C", "D", "B")}


@pytest.mark.parametrize("awareness", [1, 2, 3, 4, 5])
def test_routes_are_the_simple_paths_within_awareness(tmp_path: Path, awareness: int) -> None:
    """Against a plain search: every simple path that uses at most k places that are no markers, each once."""
    law = make_law(tmp_path, {"simsetting.yml": f"move_rules:\n  awareness_level: {awareness}\n"})
    names = [place.name for place in law.case.places]
    near: dict[str, list[str]] = {name: [] for name in names}
    for link in law.case.links:
        near[names[link.first]].append(names[link.second])
        near[names[link.second]].append(names[link.first])

    def search(trail: list[str], units: int) -> list[tuple[str, ...]]:
        found = []
        for name in near[trail[-1]]:
            if name in trail or units >= awareness:
                continue
            more = units + (name != "Ford")
            if name != "Ford":
                found.append((*trail[1:], name))
            found += search([*trail, name], more)
        return found

    for name in names:
        assert sorted(routes_from(law, name)) == sorted(search([name], 0))


def test_what_remains_of_a_route_is_a_route(tmp_path: Path) -> None:
    """The path after the first link, and the path of somebody sent back, name the right places."""
    law = make_law(tmp_path, {"simsetting.yml": "move_rules:\n  awareness_level: 4\n"})
    paths, net = law.paths, law.network
    for number in range(len(law.case.places), len(paths.end)):
        after = int(paths.after[number])
        assert paths.end[after] == paths.end[number]
        assert paths.origin[after] == net.end[paths.link[number]]
        back = int(paths.back[number])
        if back >= 0:
            assert paths.origin[back] == paths.origin[number]
            assert paths.hops[back] == paths.hops[number] - 1
            assert back < len(law.case.places) or paths.after[back] == paths.after[after]


def test_conflicts_begin_end_and_decay(tmp_path: Path) -> None:
    """Mill is in conflict on days 8 to 17; its weight decays after each step of the list and ends with the conflict."""
    law = make_law(tmp_path, {"simsetting.yml": "spawn_rules:\n  conflict_spawn_decay: [1.0, 0.5]\n"
                                                "  conflict_spawn_decay_interval: 4\n"})  # fmt: skip
    weight = law.calendar.spawn[law.calendar.spawn_row, 1]
    assert weight[7] == 0.0
    assert weight[8:13].tolist() == [1.0] * 5  # one day late: the weights of day 12 were made on day 11
    assert weight[13] == 0.5
    assert weight[18] == 0.0
    strict = make_law(tmp_path, quirks=STRICT)
    assert strict.calendar.spawn[strict.calendar.spawn_row, 1][8] == 1.0


def test_a_place_after_conflict_is_a_town_or_what_it_was(tmp_path: Path) -> None:
    """Flee makes a hub a town when its conflict ends; --strict makes it a hub again."""
    conflicts = "#Day,North,Inn\n" + "".join(f"{day},1,{int(2 <= day < 5)}\n" for day in range(25))
    changes: dict[str, str | None] = {"input_csv/conflicts.csv": conflicts}
    flee, strict = make_law(tmp_path, changes), make_law(tmp_path, changes, STRICT)
    chance = [law.calendar.chance[law.calendar.place_row, 3] for law in (flee, strict)]
    assert chance[0][[0, 3, 6]].tolist() == [1.0, 1.0, 0.3]
    assert chance[1][[0, 3, 6]].tolist() == [1.0, 1.0, 1.0]


def test_closures_close_both_directions_on_their_day_only(tmp_path: Path) -> None:
    """The border of Home and Away is shut from day 12 to 14; the links that shut are listed on day 12."""
    law = make_law(tmp_path)
    crossing = [k for k, link in enumerate(law.case.links) if {link.first, link.second} & {4, 5} and
                not {link.first, link.second} <= {4, 5}]  # fmt: skip
    state = law.calendar.open_links[law.calendar.link_row]
    for k in crossing:
        assert state[[11, 12, 14, 15], 2 * k].tolist() == [1, 0, 0, 1]
        assert state[12, 2 * k + 1] == 0
    shut = law.calendar.closing_links[law.calendar.closing_start[12] : law.calendar.closing_start[13]]
    assert len(shut) == 2 * len(crossing)


def test_day_0_lowers_capacity_and_strict_leaves_it(tmp_path: Path) -> None:
    """Bridge holds 90 and counts 8 on day 0: 82 are left to it in Flee, 90 under --strict."""
    assert make_law(tmp_path).people.capacity[4] == 82
    assert make_law(tmp_path, quirks=STRICT).people.capacity[4] == 90


def test_hazard_rules_make_six_groups_and_three_powers(tmp_path: Path) -> None:
    """Age and sex decide how often safety counts: 2 for those who avoid, 0 for those who take risks, 1 otherwise."""
    rules = "move_rules:\n" + "".join(f"  {name}: True\n" for name in (
        "WomenAvoidHazards", "ChildrenAvoidHazards", "ElderlyAvoidHazards", "BoysTakeRisk"))  # fmt: skip
    tables: dict[str, str | None] = {
        "simsetting.yml": rules, "input_csv/demographics_age.csv": AGES, "input_csv/demographics_gender.csv": GENDERS,
    }  # fmt: skip
    law = make_law(tmp_path, tables)
    powers = {(age, male): exponent_of(law.case, age, male) for age in (5, 16, 40, 70) for male in (False, True)}
    assert powers == {
        (5, False): 2, (16, False): 2, (40, False): 2, (70, False): 2, (5, True): 2, (16, True): 0, (40, True): 0,
        (70, True): 0,
    }  # fmt: skip
    assert law.groups.exponents.tolist() == [0, 2]
    assert law.groups.shares[0] == pytest.approx([0.4, 0.6])
    assert law.groups.shares[1] == pytest.approx([0.5 * 0.95, 1 - 0.5 * 0.95])


def test_every_quirk_says_what_flee_does_and_what_strict_does() -> None:
    """The list of quirks, its two sentences and the two modes go together."""
    names = set(vars(FLEE))
    assert set(MEANING) == names
    assert all(vars(FLEE).values())
    assert not any(vars(STRICT).values())
    assert Quirks() == FLEE


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=14), st.integers(1, 20),
)  # fmt: skip
def test_rounding_the_recent_distance_down_changes_no_decision(moved: list[int], full_day: int) -> None:
    """r + moved < a full day is decided alike by exact halves and by whole steps rounded down, on every day."""
    exact, steps = Fraction(0), 0
    for distance in moved:
        assert (exact + distance < full_day) == (steps + distance < full_day)
        exact, steps = (exact + distance) / 2, (steps + distance) // 2


@given(
    st.lists(st.lists(st.integers(0, 400), min_size=5, max_size=5), min_size=1, max_size=12), st.integers(2, 40),
    st.integers(200, 400),
)  # fmt: skip
def test_sharing_the_mean_of_a_class_changes_only_decisions_within_two_classes(
    nights: list[list[int]], width: int, full_day: int
) -> None:
    """Five who share means decide like exact halves, but within two classes of a full day; their mean is kept."""
    exact, shared = [Fraction(0)] * 5, [0] * 5
    for moved in nights:
        for one, other, distance in zip(exact, shared, moved, strict=True):
            assert abs(one - other) < 2 * width
            if abs(one + distance - full_day) >= 2 * width:
                assert (one + distance < full_day) == (other + distance < full_day)
        assert -3 < sum(shared) / 5 - float(sum(exact)) / 5 <= 0
        exact = [(one + distance) / 2 for one, distance in zip(exact, moved, strict=True)]
        crowd = Crowd()
        halved = [(other + distance) // 2 for other, distance in zip(shared, moved, strict=True)]
        for half in halved:
            crowd.add(People(0, 0, near=half // width), 1, half)
        shared = [crowd[People(0, 0, near=half // width)].recent for half in halved]


@pytest.mark.parametrize("mode", ["data", "constant", "poisson", "pop_ratio"])
def test_recent_distance_is_exact_up_to_a_number_of_people(tmp_path: Path, mode: str) -> None:
    """Few people: steps of the network. Many: parts of a full day, however departures are driven."""
    rate = 0.01 if mode == "pop_ratio" else 5
    spawn = f"{{spawn_mode: {mode}, displaced_per_conflict_day: {rate}}}" if mode != "data" else ""
    settings = f"spawn_rules: {{conflict_driven_spawning: {spawn}}}\n" if spawn else ""
    law = make_law(
        tmp_path, {"simsetting.yml": settings + "move_rules: {avoid_short_stints: True, max_move_speed: 363}"}
    )
    few = people_expected(law.people, law.calendar, law.mode, law.rate)
    assert 0 < few <= EXACT_PEOPLE
    assert law.recent_step == 1
    people, rate = law.people, law.rate
    if mode == "data":
        people = replace(people, leaving=people.leaving * EXACT_PEOPLE)
    else:
        rate = rate * EXACT_PEOPLE
    assert recent_step(law.network, people, law.calendar, law.mode, rate) == law.network.full_day // FINE > 1
    assert stop_step(law.network, 1) == stop_step(law.network, 2) == 1
    metres = replace(law.network, full_day=363_000, speed=law.network.speed * 1000)
    assert recent_step(metres, people, law.calendar, law.mode, rate) == 363_000 // COARSE
    assert stop_step(metres, 363_000 // COARSE) == 363_000 // FINE and stop_step(metres, 1) == 1
    faster = replace(metres, speed=metres.speed * 1000)
    assert int(faster.speed.max()) // stop_step(faster, 2) <= MOST_CLASSES


def test_reading_again_with_another_law_shares_its_routes(tmp_path: Path) -> None:
    """Routes are taken over where awareness and markers are the same, and made anew where not."""
    from sarai.model.flight.law import build_law

    law = make_law(tmp_path)
    same = build_law(with_settings(law.case, camp_weight=2.0), like=law)
    other = build_law(with_settings(law.case, awareness_level=2), like=law)
    assert same.paths is law.paths
    assert len(other.paths.end) > len(law.paths.end)
