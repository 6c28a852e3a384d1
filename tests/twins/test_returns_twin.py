"""The readable law and the kernel, fed with the same draws."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from makers.networks import random_world
from makers.parameters import spread_parameters
from makers.worlds import close_crossing, make_world
from sarai.model.returns import build_returns
from sarai.simulate.ensemble import AXES, BORDER
from sarai.simulate.returns_twin import simulate_twin
from sarai.simulate.simulate import simulate_returns
from sarai.world.calendar import Calendar
from sarai.world.reception import Capacity
from sarai.world.world import Setting, World

DAYS = 62


def busy_world(**changes: Any) -> World:
    """Queues, a closure, diversion, holding above capacity, every optional effect."""
    settings = {
        "contagion_weight": 0.3,
        "weekday_effect.fri": -0.6,
        "season_amplitude": 0.2,
        "holiday_effect": -0.4,
        "affinity.o001.x001": 0.8,
        "facilitated_fraction.por": 0.4,
    }
    world = make_world(
        origins=3, crossings=3, desks=2.0, waves=2, settings={k: Setting(value=v) for k, v in settings.items()}
    )
    crowded = tuple(replace(centre, capacity=Capacity(value=4.0)) for centre in world.holding)
    crowded += (replace(crowded[0], id="h-o002", origin="o002", stay_days=0.0),)  # where nobody stays
    short = tuple(replace(stage, stay_days=0.6) if stage.id == "s001-stay" else stage for stage in world.stages)
    world = replace(world, holding=crowded, stages=short)
    third = replace(world.routing[0], to_id="s001-stay", share=0.35)  # a third way out of the first crossing
    world = replace(world, routing=(replace(world.routing[0], share=0.5), *world.routing[1:], third))
    world = close_crossing(world, "x001", 45, 6)
    world = close_crossing(world, "x002", 50, 4, 0.5)
    return replace(world, **changes)


def assert_twins_agree(world: World, members: int = 3, **how: str) -> None:
    """Every observable of the kernel equals the twin's, bit for bit."""
    model = build_returns(world)
    parameters = spread_parameters(model, members)
    last = model.first_day + DAYS - 1
    kernel = simulate_returns(model, parameters, first_day=model.first_day, last_day=last, seed=11, **how)  # type: ignore[arg-type]
    twin = simulate_twin(model, parameters, first_day=model.first_day, last_day=last, seed=11, **how)
    for name in AXES if how.get("stages", "all") == "all" else BORDER:
        flat = kernel[name].reshape(DAYS, -1, members)
        np.testing.assert_array_equal(flat, twin[name].reshape(DAYS, -1, members), err_msg=name)


@pytest.mark.parametrize("accuracy", ["exact", "fast"])
def test_kernel_and_twin_draw_the_same_persons(accuracy: str) -> None:
    """In mode draws the kernel and the readable law agree on every observable, bit for bit."""
    assert_twins_agree(busy_world(), accuracy=accuracy)


def test_kernel_and_twin_expect_the_same_persons() -> None:
    """In mode mean the kernel and the readable law agree on every observable, bit for bit."""
    assert_twins_agree(busy_world(), mode="mean")


def test_kernel_and_twin_agree_at_the_border() -> None:
    """A simulation that stops at the border agrees with the readable law too."""
    assert_twins_agree(busy_world(), stages="border")
    assert_twins_agree(busy_world(), stages="border", mode="mean")


def test_twins_agree_where_parts_are_missing() -> None:
    """No wave, no holding centre, no reception stage, one crossing: still the same persons."""
    bare = make_world(crossings=1, sites=0, holding=False, calendar=Calendar(), destination_shares=())
    assert_twins_agree(bare)
    assert_twins_agree(bare, mode="mean")


@pytest.mark.parametrize("seed", range(12))
def test_twins_agree_on_any_network(seed: int) -> None:
    """Any shape of network and from one person to a hundred thousand a group, in every mode."""
    world = random_world(seed)
    for how in ({"accuracy": "exact"}, {"accuracy": "fast"}, {"mode": "mean"}):
        assert_twins_agree(world, members=2, **how)
