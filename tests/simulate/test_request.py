"""Requests that make no sense are refused before the first step, with what was found and wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from makers.parameters import spread_parameters
from makers.runs import everybody, run
from makers.worlds import make_world
from sarai.model.returns import build_returns
from sarai.world.errors import RequestError


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"seed": -1}, "seed"),
        ({"mode": "median"}, "mode"),
        ({"accuracy": "approximate"}, "accuracy"),
        ({"stages": "some"}, "stages"),
        ({"start": 738_900, "days": -20}, "out of order"),
        ({"observe": ["ghosts"]}, "ghosts"),
        ({"block_members": 0}, "block_members"),
        ({"threads": -2}, "threads"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(changes: dict[str, Any], told: str) -> None:
    """Each bad option is named before the first step."""
    model = build_returns(make_world())
    with pytest.raises(RequestError, match=told):
        run(model, spread_parameters(model, 2), **changes)


@pytest.mark.parametrize(
    ("name", "value"),
    [("enforce_rate", -0.1), ("rise_rate", float("nan")), ("announce_rate", 9.0), ("rise_days", 0.0),
     ("capacity_factor", -1.0), ("household_size", 0.5), ("population", float("inf"))],
)  # fmt: skip
def test_values_out_of_bounds_are_refused(name: str, value: float) -> None:
    """A rate that is negative, not finite or beyond a day's meaning is refused with its name and its bounds."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 3)
    wrong = getattr(parameters, name).copy()
    wrong[..., 1] = value
    with pytest.raises(RequestError, match=name):
        run(model, parameters.change(**{name: wrong}))


def test_a_member_id_beyond_32_bits_is_refused() -> None:
    """Two ids that differ only above their low 32 bits would draw the same: any such id is named."""
    model = build_returns(make_world())
    ids = np.array([0, 2**32 - 1, 5], dtype=np.uint64)
    parameters = replace(spread_parameters(model, 3), member_ids=ids)
    assert run(model, parameters, days=1)["remaining"].shape == (1, 3)
    with pytest.raises(RequestError, match="member id"):
        run(model, replace(parameters, member_ids=ids + np.array([0, 1, 0], dtype=np.uint64)), days=1)


def test_more_people_than_a_count_can_hold_are_refused() -> None:
    """Counts are 32-bit: of four groups of 540 million all together are too many in one member, of 530 million not."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 2)
    with pytest.raises(RequestError, match="more persons than can be counted"):
        run(model, parameters.change(population=np.full((4, 2), 540e6)), days=1)
    seen = run(model, parameters.change(population=np.full((4, 2), 530e6)), days=1)
    np.testing.assert_array_equal(everybody(seen), np.full((1, 2), 2_120e6))


def test_more_cells_than_memory_is_refused_with_the_numbers() -> None:
    """An ensemble that cannot fit is refused before anything is allocated, and the message says what would fit."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 2)
    with pytest.raises(RequestError, match="memory"):
        run(model, parameters, memory_bytes=10_000)


def test_each_thread_at_work_counts_towards_memory() -> None:
    """Blocks that run side by side hold a state each: two threads are told to need more than one."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 16)
    needed = []
    for threads in (1, 2):
        with pytest.raises(RequestError, match="memory") as told:
            run(model, parameters, memory_bytes=1, threads=threads, block_members=8)
        needed.append(str(told.value))
    assert needed[0] != needed[1]


def test_parameters_of_another_model_are_refused() -> None:
    """Arrays that do not fit the model are named."""
    model, other = build_returns(make_world(origins=3)), build_returns(make_world())
    with pytest.raises(RequestError, match="population"):
        run(model, spread_parameters(other, 2))
