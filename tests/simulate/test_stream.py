"""Streaming: the same numbers as a whole ensemble, without holding it."""

from __future__ import annotations

import numpy as np
import pytest

from makers.parameters import spread_parameters
from makers.worlds import make_world
from sarai.model.returns import build_returns
from sarai.simulate.ensemble import AXES
from sarai.simulate.simulate import simulate_returns
from sarai.simulate.stream import Window, group_observables, simulate_in_parts, stream_returns
from sarai.world.errors import RequestError


@pytest.mark.parametrize("memory_bytes", [1, 40_000, 500_000_000])
def test_streamed_quantiles_and_sums_are_those_of_the_whole(memory_bytes: int) -> None:
    """Quantiles of all members and window sums of each are exact, in one pass or in many."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 23)
    days = {"first_day": model.first_day, "last_day": model.first_day + 49}
    whole = simulate_returns(model, parameters, seed=4, **days)
    window = Window(observable="crossed", first_day=model.first_day + 40, last_day=model.first_day + 46)
    reduced = stream_returns(
        model, parameters, seed=4, levels=(0.05, 0.5, 0.95), windows=(window,), members_at_once=7,
        memory_bytes=memory_bytes, **days,
    )  # fmt: skip
    assert set(reduced.quantiles) == set(AXES)
    for name in AXES:
        np.testing.assert_array_equal(reduced.quantiles[name], np.quantile(whole[name], (0.05, 0.5, 0.95), axis=-1))
    np.testing.assert_array_equal(reduced.windows[0], whole.window_sum("crossed", window.first_day, window.last_day))


@pytest.mark.parametrize("members_at_once", [1, 11, 22, 23, 40])
def test_no_member_is_lost_however_many_go_at_a_time(members_at_once: int) -> None:
    """Parts that end with one member, with a full part or with all of them hold every member once."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 23)
    days = {"first_day": model.first_day, "last_day": model.first_day + 5}
    whole = simulate_returns(model, parameters, seed=4, **days)
    parts = list(simulate_in_parts(model, parameters, members_at_once, seed=4, **days))
    assert np.concatenate([part.member_ids for part in parts]).tolist() == parameters.member_ids.tolist()
    joined = np.concatenate([part["departures"] for part in parts], axis=-1)
    np.testing.assert_array_equal(joined, whole["departures"])


def test_sums_alone_keep_no_quantiles() -> None:
    """Without levels only the sums are kept, member by member."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 5)
    window = Window(observable="departures", first_day=model.first_day, last_day=model.first_day + 9)
    reduced = stream_returns(
        model, parameters, first_day=model.first_day, last_day=model.first_day + 9, seed=1, windows=(window,)
    )
    assert reduced.quantiles == {}
    assert reduced.windows[0].shape == (2, 5)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"levels": (1.5,)}, "levels"),
        ({"windows": (Window(observable="queue", first_day=1, last_day=2),)}, "flows"),
        ({"members_at_once": 0}, "members_at_once"),
    ],
)
def test_a_reduction_that_makes_no_sense_is_refused(changes: dict[str, object], told: str) -> None:
    """Levels outside 0 to 1, sums of stocks and no members at a time are named."""
    model = build_returns(make_world())
    days = {"first_day": model.first_day, "last_day": model.first_day + 3}
    with pytest.raises(RequestError, match=told):
        stream_returns(model, spread_parameters(model, 2), seed=1, **days, **changes)  # type: ignore[arg-type]


def test_no_pass_holds_more_rows_than_there_is_room_for() -> None:
    """Observables go together while they fit; one that is larger than the room gets a pass of its own."""
    model = build_returns(make_world(origins=3, crossings=2, destinations=5))
    names = ("departures", "queue", "arrivals", "remaining")  # 3, 2, 5 and 1 rows
    assert group_observables(model, names, 11) == [names]
    assert group_observables(model, names, 5) == [("departures", "queue"), ("arrivals",), ("remaining",)]
    assert group_observables(model, names, 1) == [("departures",), ("queue",), ("arrivals",), ("remaining",)]
