"""Multinomials: conserved, paired when alternatives come and go, and of the right law."""

import numpy as np
from scipy import stats

from sarai.simulate.keys import cell_key, purpose_key, stable_order
from sarai.simulate.multinomial import multinomial_into
from sarai.simulate.philox import stream_key
from sarai.simulate.plain import plain

STREAM = stream_key(5, purpose_key("choose"))


def split(n, shares, names, member=0, exact=True, added=()):
    """Counts by name, whatever the order in which the alternatives are listed."""
    order = stable_order(names, added)
    counts = np.zeros(len(names), np.int64)
    left = multinomial_into(
        counts,
        n,
        np.array([shares[i] for i in order]),
        STREAM,
        member,
        77,
        np.array([cell_key("choose", names[i]) for i in order]),
        exact,
    )
    return {names[i]: int(count) for i, count in zip(order, counts, strict=True)}, left


def test_conserved_and_closed_stay_empty():
    """Everyone goes somewhere, nobody to a closed alternative; with all closed everyone is left over."""
    for member in range(200):
        for shares in ([0.2, 0.0, 0.5, 0.3], [0, 0, 0, 1e-9], [5.0, 1.0, 0.0, 0.0], [1e-300, 1, 1, 1e-17]):
            counts, left = split(10_000, shares, ["a", "b", "c", "d"], member, exact=member % 2 == 0)
            assert left == 0
            assert sum(counts.values()) == 10_000
            assert all(counts[name] >= 0 for name in counts)
            assert all(counts[name] == 0 for name, share in zip("abcd", shares, strict=True) if share == 0)
    assert split(7, [0.0, 0.0], ["a", "b"]) == ({"a": 0, "b": 0}, 7)
    assert split(0, [0.5, 0.5], ["a", "b"]) == ({"a": 0, "b": 0}, 0)


def test_listing_order_changes_no_count():
    """The same alternatives in another order give the same counts."""
    assert split(999, [0.2, 0.3, 0.5], ["torkham", "chaman", "ghulam_khan"]) == split(
        999, [0.5, 0.2, 0.3], ["ghulam_khan", "torkham", "chaman"]
    )


def test_a_closed_or_added_alternative_leaves_the_others_alone():
    """A new alternative without a share, or one that stands last with none, moves nobody."""
    plain_split, _ = split(5000, [0.2, 0.3, 0.5], ["b", "c", "d"])
    closed, _ = split(5000, [0.0, 0.2, 0.3, 0.5], ["a", "b", "c", "d"])
    assert {name: closed[name] for name in "bcd"} == plain_split
    opened, _ = split(5000, [0.02, 0.2, 0.3, 0.48], ["a", "b", "c", "d"], added=["a"])
    assert opened["b"] == plain_split["b"]
    assert opened["c"] == plain_split["c"]
    assert opened["d"] + opened["a"] == plain_split["d"]


def test_marginals_and_pairs_follow_the_law():
    """Single counts and sums of two are binomial: Kolmogorov distance below 0.03 over 4,000 members."""
    shares = np.array([0.15, 0.4, 0.0, 0.25, 0.2])
    drawn = np.array([list(split(40, shares, list("abcde"), m)[0].values()) for m in range(4000)])
    for picked in ([0], [1], [3], [4], [0, 1], [1, 4], [3, 4]):
        seen = np.cumsum(np.bincount(drawn[:, picked].sum(axis=1), minlength=41)) / 4000
        assert np.abs(seen - stats.binom.cdf(np.arange(41), 40, shares[picked].sum())).max() < 0.03


def test_plain_python_gives_the_same_counts():
    """Compiled and plain, exact and fast."""
    shares, keys = np.array([0.3, 0.0, 0.6, 0.1]), np.array([cell_key("x", k) for k in "abcd"])
    for exact in (True, False):
        one, two = np.zeros(4, np.int64), np.zeros(4, np.int64)
        multinomial_into(one, 12_345, shares, STREAM, 9, 5, keys, exact)
        plain(multinomial_into)(two, 12_345, shares, STREAM, 9, 5, keys, exact)
        assert one.tolist() == two.tolist()
