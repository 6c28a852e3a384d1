"""Where the persons of a block are held."""

from __future__ import annotations

import numpy as np

from makers.parameters import spread_parameters
from makers.worlds import make_world
from sarai.model.returns import build_returns
from sarai.simulate.ensemble import Ensemble
from sarai.simulate.simulate import simulate_returns
from sarai.simulate.state import ONWARD_WAY, WAY, aligned_copy, aligned_zeros, copy_state, rational_cosine
from sarai.simulate.trunk import grow_trunk


def test_arrays_begin_where_a_line_of_cache_begins() -> None:
    """Zeros and copies alike, whatever their shape, and a copy shares nothing."""
    for shape in ((3,), (2, 5, 7), (4, 256)):
        zeros = aligned_zeros(shape)
        assert zeros.shape == shape and not zeros.any() and zeros.flags.c_contiguous
        assert zeros.ctypes.data % 64 == 0
        ids = np.arange(zeros.size, dtype=np.uint64).reshape(shape)
        copy = aligned_copy(ids)
        np.testing.assert_array_equal(copy, ids)
        assert copy.dtype == ids.dtype and copy.ctypes.data % 64 == 0 and not np.shares_memory(copy, ids)


def test_the_yearly_cycle_is_a_cosine() -> None:
    """Exact each quarter of a year of 365.25 days and at thirds of the way, within 0.002 on every day of two years."""
    quarter = 365.25 / 4.0
    for quarters, value in ((0, 1.0), (1, 0.0), (2, -1.0), (3, 0.0), (4, 1.0), (5, 0.0), (2 / 3, 0.5), (4 / 3, -0.5)):
        at = np.array([quarters * quarter, -quarters * quarter])
        np.testing.assert_allclose(rational_cosine(at), value, atol=1e-12)
    days = np.arange(-366.0, 367.0)
    np.testing.assert_allclose(rational_cosine(days), np.cos(days * (2.0 * np.pi / 365.25)), atol=0.002)


def run_until(day: int) -> tuple[Ensemble, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    """Observables of a run of ten members to `day`, and those who are on both roads at its end, counted one by one."""
    model = build_returns(make_world(origins=3, crossings=2))
    parameters = spread_parameters(model, 10)
    span = {"first_day": model.first_day, "last_day": model.first_day + 60, "seed": 3}
    trunk = grow_trunk(model, parameters, branch_day=model.first_day + day, **span)  # type: ignore[arg-type]
    ((_, state),) = trunk.states
    np.testing.assert_array_equal(state.tally[WAY], state.road.sum(axis=(0, 1, 2)))
    np.testing.assert_array_equal(state.tally[ONWARD_WAY], state.onward.sum(axis=(0, 1)))
    assert copy_state(state).road.tobytes() == state.road.tobytes()
    return simulate_returns(model, parameters, **span), state.tally  # type: ignore[arg-type]


def test_the_running_count_of_people_on_the_roads_is_their_number() -> None:
    """Counted as they set out and arrive, they are those who stand on the road; what is published is that count."""
    for day in (5, 40):
        ensemble, tally = run_until(day)
        np.testing.assert_array_equal(ensemble["on_road"][day].ravel(), tally[WAY])
        np.testing.assert_array_equal(ensemble["onward_road"][day].ravel(), tally[ONWARD_WAY])
    assert tally[WAY].max() > 0.0 and tally[ONWARD_WAY].max() > 0.0
