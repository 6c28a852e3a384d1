"""Distance of a drawn multinomial from the exact one: its chain of conditional binomials, link by link.

The joint law is a product of conditional laws, so its total variation distance is at most the sum of theirs: what the
conditional share that is drawn by differs from the exact one, and what the binomial at that share does.
"""

from __future__ import annotations

import math
import types
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from sarai.simulate.binomial import binomial
from sarai.simulate.multinomial import multinomial_into
from verify.binomial_bounds import measure_distance


def drawn_chain(n: int, shares: Sequence[float]) -> dict[int, float]:
    """Place of each alternative that draws -> the share of those who are left by which `multinomial_into` draws.

    The function is run as plain Python, with a binomial that notes its p and takes nobody.
    """
    noted: list[float] = []

    def note(u: float, left: int, fraction: float) -> int:
        noted.append(float(fraction))
        return 0

    source = multinomial_into.py_func  # type: ignore[attr-defined]
    plain = types.FunctionType(source.__code__, {**source.__globals__, "binomial": note})
    counts, keys = np.zeros(len(shares), dtype=np.int64), np.zeros(len(shares), dtype=np.uint64)
    plain(counts, n, np.array(shares), np.uint64(1), 0, 0, keys, True)
    return dict(zip(exact_chain(shares), noted, strict=True))


def exact_chain(shares: Sequence[float]) -> dict[int, Fraction]:
    """The same shares, exact; the last open alternative takes who is left and draws nothing."""
    open_ = [place for place, share in enumerate(shares) if share > 0.0]
    rest, chain = sum((Fraction(share) for share in shares), Fraction(0)), {}
    for place in open_[:-1]:
        chain[place] = Fraction(shares[place]) / rest
        rest -= Fraction(shares[place])
    return chain


def shift_distance(n: float, exact: Fraction, drawn: float) -> float:
    """Total variation distance of Binomial(n, drawn) and Binomial(n, exact) to first order in their difference.

    Half the sum of |d pmf / d p| is E|X - n p| / (2 p q), and E|X - n p| is below both its spread and 2 n p q.
    """
    p = float(exact)
    variance = n * p * (1.0 - p)
    if variance == 0.0:
        return n * abs(float(Fraction(drawn) - exact))
    away = min(math.sqrt(variance), 2.0 * variance)
    return away / (2.0 * p * (1.0 - p)) * abs(float(Fraction(drawn) - exact))


def chain_distance(n: int, shares: Sequence[float], bisected: int, law: Sequence[float] | None = None) -> float:
    """Bound on the total variation distance of the drawn counts of n people from Multinomial(n, shares).

    law   the shares of the exact law, where others than those drawn by: the planted fault
    Shares differ link by link, each at the mean of those who are left; the first `bisected` binomials are bisected at
    all of their boundaries too (`binomial_bounds`), at n p q up to some thousands a second or so each.
    """
    exact, drawn = exact_chain(shares if law is None else law), drawn_chain(n, shares)
    left, total = float(n), 0.0
    for number, (place, fraction) in enumerate(exact.items()):
        total += shift_distance(left, fraction, drawn[place])
        if number < bisected:
            total += measure_distance(binomial, round(left), drawn[place]).total_variation
        left *= float(1 - fraction)
    return total
