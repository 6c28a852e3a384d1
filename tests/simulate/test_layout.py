"""The layout that kernel and twin both take: shares in order, running sums of a day, and keys that nobody shares."""

from __future__ import annotations

import numpy as np

from makers.worlds import make_world
from sarai.model.returns import build_returns
from sarai.simulate.layout import build_layout, conditional, cumulative


def test_conditional_shares_multiply_back() -> None:
    """Each of a group among those not passed yet; the last takes the rest; groups do not touch."""
    got = conditional(np.array([0.5, 0.3, 0.2, 0.25, 0.75]), [0, 3, 5])
    np.testing.assert_allclose(got, [0.5, 0.6, 1.0, 0.25, 1.0])


def test_running_shares_of_a_day_keep_a_short_last_hour() -> None:
    """A gate that closes at one minute past: that minute has its share; the day ends with 1 and not a bit less."""
    sums = cumulative(np.array([[0.5, 0.4985, 0.0015, 0.0], [0.1, 0.2, 0.3, 0.4]]))
    np.testing.assert_allclose(sums, [[0.5, 0.9985, 1.0, 1.0], [0.1, 0.3, 0.6, 1.0]], rtol=1e-15)
    assert (sums[:, -1] == 1.0).all()
    assert (cumulative(np.full((1, 24), 1.0 / 24.0))[0, -1:] == 1.0).all()


def test_no_two_cells_share_a_key() -> None:
    """Within a stream every key is another one, or two choices would move together; no key comes from a position."""
    world = make_world(origins=3, crossings=3, sites=2, statuses=("acc", "por", "undocumented"))
    layout = build_layout(build_returns(world), 738_000, 738_010, 5)
    fewer = build_layout(build_returns(make_world(origins=3, crossings=2, sites=2)), 738_000, 738_010, 5)
    for name, keys in layout._asdict().items():
        if name.endswith("_key") and name != "onward_key":  # sources of one group choose their provinces together
            flat = keys.ravel()
            assert np.unique(flat).size == flat.size, name
    assert set(fewer.journey_key.ravel()) < set(layout.journey_key.ravel())
    assert not set(layout.journey_key.ravel()) & set(layout.choice_key.ravel())
    assert np.unique(layout.streams).size == layout.streams.size
