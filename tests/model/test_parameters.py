"""Parameters: members that travel with their ids."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from makers.parameters import spread_parameters
from makers.worlds import make_world
from sarai.model.parameters import concat
from sarai.model.returns import build_returns
from sarai.world.errors import RequestError


def test_taking_members_takes_their_ids_along() -> None:
    """take keeps order and repeats, in every array."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 6, first_id=40)
    taken = parameters.take([5, 0, 5])
    assert taken.member_ids.tolist() == [45, 40, 45]
    for name, array in parameters.arrays():
        np.testing.assert_array_equal(getattr(taken, name), array[..., [5, 0, 5]])


def test_joining_is_the_opposite_of_taking() -> None:
    """concat of two halves is the whole."""
    model = build_returns(make_world())
    parameters = spread_parameters(model, 6)
    joined = concat([parameters.take([0, 1]), parameters.take([2, 3, 4, 5])])
    np.testing.assert_array_equal(joined.member_ids, parameters.member_ids)
    for name, array in parameters.arrays():
        np.testing.assert_array_equal(getattr(joined, name), array)


def test_sets_that_do_not_fit_are_not_joined() -> None:
    """Another first day or another shape is refused."""
    one = spread_parameters(build_returns(make_world()), 2)
    other = spread_parameters(build_returns(make_world(origins=3)), 2)
    with pytest.raises(RequestError, match="shape"):
        concat([one, other])
    with pytest.raises(RequestError, match="different days"):
        concat([one, replace(one, first_day=one.first_day + 1)])


def test_every_fault_is_named_with_its_bounds() -> None:
    """Two parameters out of bounds give two faults."""
    parameters = spread_parameters(build_returns(make_world()), 3)
    wrong = parameters.change(rise_rate=-1.0 + 0.0 * parameters.rise_rate, stay_factor=np.full(3, np.nan))
    with pytest.raises(RequestError) as caught:
        wrong.validate()
    assert {fault.column for fault in caught.value.faults} == {"rise_rate", "stay_factor"}
