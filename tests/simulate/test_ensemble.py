"""What can be asked of an ensemble, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from sarai.simulate.ensemble import Ensemble
from sarai.world.errors import RequestError

FIRST = 738_000


def made_up() -> Ensemble:
    """Five days, two origins, three members; every count another power of two, so that no two sums are alike."""
    left = (2 ** np.arange(30)).reshape(5, 2, 3).astype(np.int32)
    return Ensemble(
        days=np.arange(FIRST, FIRST + 5), axes={"origin": ("o1", "o2")}, member_ids=np.arange(3, dtype=np.uint64),
        observables={"departures": left}, mode="draws", accuracy="exact", stages="border", seed=1,
    )  # fmt: skip


@pytest.mark.parametrize(("first", "last"), [(0, 4), (1, 3), (2, 2), (0, 0), (3, 4)])
def test_a_window_holds_its_first_and_its_last_day(first: int, last: int) -> None:
    """The sum over civil days, both ends among them, for each origin and member."""
    ensemble = made_up()
    seen = ensemble.window_sum("departures", FIRST + first, FIRST + last)
    wanted = np.zeros((2, 3))
    for t in range(first, last + 1):
        wanted += ensemble["departures"][t]
    assert seen.dtype == np.float64
    np.testing.assert_array_equal(seen, wanted)


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (2, 5), (3, 2)])
def test_a_window_outside_the_days_is_refused(first: int, last: int) -> None:
    """Before the first day, after the last, or the wrong way round."""
    with pytest.raises(RequestError, match="window is not inside"):
        made_up().window_sum("departures", FIRST + first, FIRST + last)


def test_what_was_not_kept_is_refused_by_name() -> None:
    """The observables that there are stand in the refusal."""
    with pytest.raises(RequestError, match="departures"):
        made_up()["queue"]
