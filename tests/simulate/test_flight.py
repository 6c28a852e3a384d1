"""The flight law in motion: conservation, keys of members, and groups of people."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from makers.flight import AGES, GENDERS, make_law, run
from sarai.simulate.flight.run import simulate_flight


def test_nobody_is_lost_or_made(tmp_path: Path) -> None:
    """Persons in the system equal the people of day 0 and all who left, on every day and in every member."""
    law = make_law(tmp_path, {"simsetting.yml": "move_rules:\n  awareness_level: 2\n  avoid_short_stints: True\n"})
    ensemble = run(law, 20)
    wanted = law.people.initial.sum() + np.cumsum(law.people.leaving)
    counted = ensemble.place.sum(axis=1) + ensemble.link.sum(axis=1)
    assert np.array_equal(counted, np.broadcast_to(wanted[:, None], counted.shape))
    assert np.array_equal(ensemble.total, counted)
    assert (ensemble.place >= 0).all()
    assert (ensemble.link >= 0).all()


def test_threads_and_order_of_members_change_no_byte(tmp_path: Path) -> None:
    """Member 3 is the same alone, among others, and on two threads; another seed is not."""
    law = make_law(tmp_path)
    many = simulate_flight(law, seed=5, members=6, threads=2)
    alone = simulate_flight(law, seed=5, members=[3])
    assert np.array_equal(many.place[..., 3], alone.place[..., 0])
    assert np.array_equal(many.place, simulate_flight(law, seed=5, members=6).place)
    assert not np.array_equal(many.place, simulate_flight(law, seed=6, members=6).place)


def test_keeping_travel_times_changes_no_count(tmp_path: Path) -> None:
    """People are sorted by day of departure only to be counted: everybody who reached a camp is in the table."""
    law = make_law(tmp_path, {"simsetting.yml": "move_rules:\n  camp_movechance: 0.0\n"})
    ensemble = run(law, 30, keep_travel=True)
    arrived = ensemble.place[-1, [4, 5]].sum(axis=0) - law.people.initial.sum()
    assert np.array_equal(ensemble.travel.sum(axis=(0, 1)), arrived)


def test_age_and_sex_tables_give_the_group_shares(tmp_path: Path) -> None:
    """Groups with different powers of the score end up in different camps, in the shares of the tables."""
    changes: dict[str, str | None] = {
        "simsetting.yml": "move_rules:\n  WomenAvoidHazards: True\n  camp_weight: 5.0\n",
        "input_csv/demographics_age.csv": AGES, "input_csv/demographics_gender.csv": GENDERS,
    }  # fmt: skip
    law = make_law(tmp_path, changes)
    assert law.groups.exponents.tolist() == [1, 2]
    assert run(law, 3).total[-1, 0] == law.people.leaving.sum() + law.people.initial.sum()
