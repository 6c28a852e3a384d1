"""The chain of a multinomial: every conditional share to its last bits, however small those that come last."""

from __future__ import annotations

import numpy as np
import pytest
from verify.multinomial_bounds import chain_distance, drawn_chain, exact_chain

from sarai.simulate.multinomial import add_exactly


def falling_shares(count: int, tail: float, seed: int) -> list[float]:
    """One large share, then `count` of them that are about `tail` together; every fifth is closed."""
    rng = np.random.default_rng(seed)
    shares = [1.0, *(rng.uniform(0.0, 2.0 * tail / count, count)).tolist()]
    return [0.0 if place % 5 == 3 else share for place, share in enumerate(shares)]


@pytest.mark.parametrize("count", [4, 30, 400])
@pytest.mark.parametrize("tail", [2.0, 1e-3, 1e-6, 1e-9, 1e-11])
def test_every_conditional_share_is_right_to_its_last_digits(count: int, tail: float) -> None:
    """Against exact fractions; a rest in one double loses as many digits as the shares before it were larger."""
    for seed in range(3):
        shares = falling_shares(count, tail, seed)
        wanted = exact_chain(shares)
        drawn = drawn_chain(10**7, shares)
        assert drawn.keys() == wanted.keys()
        for place, fraction in drawn.items():
            assert abs(fraction / float(wanted[place]) - 1.0) < 1e-15, (place, fraction)


@pytest.mark.parametrize(("count", "tail"), [(5, 1e-7), (100, 1e-5), (900, 1e-7)])
def test_a_chain_stays_within_1e_9_of_its_law(count: int, tail: float) -> None:
    """10^7 people over up to 900 alternatives: shares to their last bits, and the first draws bisected."""
    assert chain_distance(10**7, falling_shares(count, tail, 5), bisected=2) < 1e-9


def test_what_one_double_cannot_hold_is_kept_beside_it() -> None:
    """1, then 10^-20, then 1 taken away again: 10^-20 is left."""
    high, low = add_exactly(1.0, 0.0, 1e-20)
    assert (high, low) == (1.0, 1e-20)
    assert sum(add_exactly(high, low, -1.0)) == 1e-20
