"""Laws of the returns engine on random networks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from makers.networks import random_world
from makers.parameters import spread_parameters
from makers.runs import everybody
from sarai.model.returns import build_returns
from sarai.simulate.ensemble import Ensemble
from sarai.simulate.simulate import simulate_returns
from sarai.world.place import Place
from sarai.world.world import World

SEEDS = st.integers(min_value=0, max_value=2**31)
DAYS = 55


def run(world: World, members: int = 3, **how: Any) -> Ensemble:
    """Simulate a world with spread members."""
    model = build_returns(world)
    parameters = spread_parameters(model, members)
    last = model.first_day + DAYS - 1
    return simulate_returns(model, parameters, first_day=model.first_day, last_day=last, seed=9, threads=1, **how)


@settings(max_examples=60)
@given(SEEDS)
def test_people_are_conserved_on_any_network(seed: int) -> None:
    """Every day, in every member, everybody is somewhere, once; nothing is negative."""
    ensemble = run(random_world(seed))
    total = everybody(ensemble)
    assert (total == total[0]).all()
    for values in ensemble.observables.values():
        assert (values >= 0).all()


@settings(max_examples=25)
@given(SEEDS)
def test_expectations_are_conserved_on_any_network(seed: int) -> None:
    """The same in mode mean, to rounding, and nothing falls below zero."""
    ensemble = run(random_world(seed), mode="mean")
    total = everybody(ensemble)
    np.testing.assert_allclose(total, total[:1] + 0.0 * total, rtol=1e-9, atol=1e-6)
    for values in ensemble.observables.values():
        assert (values >= -1e-6).all()


@settings(max_examples=25)
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_a_network_changes_no_bit(seed: int, order: Any) -> None:
    """Every table of a case may stand in any order."""
    world = random_world(seed)

    def mixed(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        listed = list(rows)
        order.shuffle(listed)
        return tuple(listed)

    turned = replace(
        world,
        **{
            name: mixed(getattr(world, name))
            for name in ("statuses", "strata", "crossings", "routes", "stages", "routing", "holding",
                         "destination_shares")
        },
    )  # fmt: skip
    one, other = run(world), run(turned)
    for name in one.observables:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@settings(max_examples=25)
@given(SEEDS)
def test_names_and_coordinates_of_places_with_routes_change_no_bit(seed: int) -> None:
    """Renaming a place (its name, not its id) changes nothing."""
    world = random_world(seed)
    renamed: dict[str, Place] = {key: replace(place, name=f"{place.name}, new") for key, place in world.places.items()}
    one, other = run(world), run(replace(world, places=renamed))
    for name in one.observables:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@settings(max_examples=25)
@given(SEEDS)
def test_blocks_and_threads_change_no_bit_on_any_network(seed: int) -> None:
    """Blocks of 1, 2 and 5 members, in 1 or 3 threads, give the same bits."""
    world = random_world(seed)
    usual = run(world, members=5)
    model = build_returns(world)
    parameters = spread_parameters(model, 5)
    for threads, block in ((1, 1), (3, 2), (2, 5)):
        other = simulate_returns(
            model, parameters, first_day=model.first_day, last_day=model.first_day + DAYS - 1, seed=9,
            threads=threads, block_members=block,
        )  # fmt: skip
        for name in usual.observables:
            np.testing.assert_array_equal(usual[name], other[name], err_msg=name)


@settings(max_examples=25)
@given(SEEDS)
def test_nobody_leaves_without_a_hazard_on_any_network(seed: int) -> None:
    """No announcement, no deadline, no enforcement, no base flow: everybody stays."""
    model = build_returns(random_world(seed))
    parameters = spread_parameters(model, 3)
    names = ("announce_rate", "rise_rate", "enforce_rate", "base_persons_day")
    parameters = parameters.change(**{name: 0.0 * getattr(parameters, name) for name in names})
    ensemble = simulate_returns(
        model, parameters, first_day=model.first_day, last_day=model.first_day + DAYS, seed=9, threads=1
    )
    assert ensemble["departures"].sum() == 0


@settings(max_examples=20)
@given(SEEDS, st.integers(min_value=1, max_value=40))
def test_one_more_person_changes_one_fate_at_home(seed: int, day: int) -> None:
    """One person more in one group leaves the departures of every other origin as they were, and adds at most one."""
    model = build_returns(random_world(seed))
    parameters = spread_parameters(model, 3)
    alone = {"base_persons_day": 0.0 * parameters.base_persons_day, "household_size": np.ones(3),
             "at_risk_fraction": np.ones_like(parameters.at_risk_fraction)}  # fmt: skip
    more = np.floor(parameters.population + 0.5)
    more[0] += 1.0
    last = model.first_day + day
    one, other = (
        simulate_returns(model, parameters.change(population=people, **alone), first_day=model.first_day,
                         last_day=last, seed=9, threads=1)
        for people in (np.floor(parameters.population + 0.5), more)
    )  # fmt: skip
    change = other["departures"].astype(int).sum(axis=0) - one["departures"].sum(axis=0)
    assert (change[1:] == 0).all()
    assert ((change[0] == 0) | (change[0] == 1)).all()
