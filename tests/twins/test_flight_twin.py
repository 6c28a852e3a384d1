"""The readable engine and the kernel make the same draws and agree bit for bit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from makers.flight import make_law
from makers.flight_laws import LAWS, TABLES
from sarai.model.flight.quirks import FLEE, STRICT
from sarai.simulate.flight.run import simulate_flight
from sarai.simulate.flight.twin import FlightTwin

SETTINGS: dict[str, str] = {
    "defaults": "",
    "awareness 2 on foot": "move_rules: {awareness_level: 2, start_on_foot: True}",
    "awareness 3, short stints": "move_rules: {awareness_level: 3, avoid_short_stints: True, max_move_speed: 170}",
    "groups": "move_rules: {WomenAvoidHazards: True, ChildrenAvoidHazards: True, BoysTakeRisk: True, camp_weight: 3,"
              " conflict_weight: 0.25}",
    "powers": "move_rules: {weight_power: 2, weight_softening: 0.2, foreign_weight: 1.5, pruning_threshold: 3,"
              " awareness_level: 2, use_pop_for_loc_weight: True, movechance_pop_base: 1000,"
              " movechance_pop_scale_factor: 0.3}",
    "decay": "spawn_rules: {conflict_spawn_decay: [1, 0.5, 0.1], conflict_spawn_decay_interval: 3}",
    "poisson": "spawn_rules: {conflict_driven_spawning: {spawn_mode: poisson, displaced_per_conflict_day: 9}}",
    "ratio": "spawn_rules: {take_from_population: True,"
             " conflict_driven_spawning: {spawn_mode: pop_ratio, displaced_per_conflict_day: 0.02}}",
    "taken": "spawn_rules: {take_from_population: True}\nmove_rules: {use_pop_for_loc_weight: True}",
    "fixed routes": "move_rules: {fixed_routes: True, camp_weight: 2, conflict_movechance: 0.8}",
    "fixed routes, groups": "move_rules: {fixed_routes: True, awareness_level: 2, WomenAvoidHazards: True,"
                            " weight_power: 2, weight_softening: 0.1, use_pop_for_loc_weight: True}",
    "empty start": "spawn_rules: {empty_camps_on_day0: True, sum_from_camps: False}",
}  # fmt: skip


@pytest.mark.parametrize("what", SETTINGS)
@pytest.mark.parametrize("quirks", [FLEE, STRICT], ids=["flee", "strict"])
def test_twin_and_kernel_agree(tmp_path: Path, what: str, quirks: object) -> None:
    """Every place and link, every day, for settings that use every mechanism."""
    law = make_law(tmp_path, TABLES | {"simsetting.yml": SETTINGS[what]}, quirks)  # type: ignore[arg-type]
    for member in (0, 5):
        ensemble = simulate_flight(law, seed=11, members=[member])
        places, links = FlightTwin(law, 11, member).run()
        assert np.array_equal(places, ensemble.place[..., 0])
        assert np.array_equal(links, ensemble.link[..., 0])
    assert places[-1].sum() > 0


@pytest.mark.parametrize(("recent", "stop"), [(2, 1), (5, 1), (17, 1), (5, 17), (1, 13), (40, 90)])
def test_twin_and_kernel_agree_on_classes_of_distance(tmp_path: Path, recent: int, stop: int) -> None:
    """Crowded laws share the means of classes of distance, at night, on the road, at stops and where people stay."""
    law = make_law(tmp_path, TABLES | {"simsetting.yml": SETTINGS["awareness 3, short stints"]})
    law = replace(law, recent_step=recent, stop_step=stop)
    ensemble = simulate_flight(law, seed=11, members=1)
    places, links = FlightTwin(law, 11).run()
    assert np.array_equal(places, ensemble.place[..., 0])
    assert np.array_equal(links, ensemble.link[..., 0])
    exact = simulate_flight(replace(law, recent_step=1, stop_step=1), seed=11)
    assert not np.array_equal(places, exact.place[..., 0])


@pytest.mark.parametrize("move_rules", ["awareness_level: 2", "awareness_level: 1, fixed_routes: True"])
def test_twin_and_kernel_agree_where_places_change_their_type(tmp_path: Path, move_rules: str) -> None:
    """A town that becomes a marker and a marker that becomes a town: what is within reach changes with them."""
    changed = "#name,type,day\nMill,marker,5\nFord,town,9\nMill,town,13\nInn,camp,16\n"
    changes: dict[str, str | None] = {
        "input_csv/location_changes.csv": changed,
        "input_csv/major_routes.csv": "Mill,Bridge,Lake\n",
        "simsetting.yml": f"move_rules: {{use_pop_for_loc_weight: True, {move_rules}}}",
    }
    law = make_law(tmp_path, TABLES | changes)
    assert len(np.unique(law.calendar.marker, axis=0)) > 2
    ensemble = simulate_flight(law, seed=2, members=1)
    places, links = FlightTwin(law, 2).run()
    assert np.array_equal(places, ensemble.place[..., 0])
    assert np.array_equal(links, ensemble.link[..., 0])


@pytest.mark.parametrize("what", LAWS)
def test_twin_and_kernel_agree_on_walkers_sinks_and_hops(tmp_path: Path, what: str) -> None:
    """Every place and link, every day."""
    law = LAWS[what](tmp_path)
    ensemble = simulate_flight(law, seed=2, members=1)
    places, links = FlightTwin(law, 2).run()
    assert np.array_equal(places, ensemble.place[..., 0])
    assert np.array_equal(links, ensemble.link[..., 0])


class Recorder(FlightTwin):
    """A twin that draws no uniform twice: two are equal where their keys are, of one day or of two."""

    seen: set[float]

    def _uniform(self, cell: np.uint64) -> float:
        u = super()._uniform(cell)
        assert u not in self.seen, "a key for two decisions"
        self.seen.add(u)
        return u


@pytest.mark.parametrize("what", [*SETTINGS, *LAWS])
def test_no_key_serves_two_decisions(tmp_path: Path, what: str) -> None:
    """Who sets out, who moves, by which route, who walks, who stops for good: each by a key of its own, every day."""
    make = LAWS.get(what, lambda folder: make_law(folder, TABLES | {"simsetting.yml": SETTINGS[what]}))
    twin = Recorder(make(tmp_path), 11)
    twin.seen = set()
    twin.run()
    assert len(twin.seen) > 100


def test_a_planted_fault_is_seen(tmp_path: Path) -> None:
    """With one step less on one link the twin and the kernel no longer agree."""
    law = make_law(tmp_path)
    ensemble = simulate_flight(law, seed=11, members=1)
    law.network.length[8] -= 1
    places, _ = FlightTwin(law, 11).run()
    law.network.length[8] += 1
    assert np.array_equal(FlightTwin(law, 11).run()[0], ensemble.place[..., 0])
    law.network.speed[:] -= 1
    assert not np.array_equal(FlightTwin(law, 11).run()[0], ensemble.place[..., 0]) or not np.array_equal(
        places, ensemble.place[..., 0]
    )
