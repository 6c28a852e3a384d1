"""Rows of members: the numbers of the scalar functions, in any block, in any order of members, on any thread."""

import math
import threading

import numpy as np
import pytest
from verify.claims import load_claims

from makers.claims import hold_sample
from sarai.simulate.binomial import binomial, binomial_fast
from sarai.simulate.keys import cell_key, purpose_key
from sarai.simulate.philox import stream_key, uniform_at
from sarai.simulate.plain import plain
from sarai.simulate.rows import binomial_row, quantile_row, uniform_row

STREAM = stream_key(3, purpose_key("rows"))
CELL = cell_key("leave", "kabul")
DAY = 738_000 * 1024


def mixed_lanes(size, seed):
    """Persons and fractions of every kind side by side: none, few, many, all."""
    rng = np.random.default_rng(seed)
    n = np.floor(10 ** rng.uniform(0, 7, size)).astype(np.int64)
    p = np.where(rng.uniform(size=size) < 0.5, rng.uniform(size=size), 10 ** rng.uniform(-7, 0, size))
    n[::17], p[::19], p[::23] = 0, 0.0, 1.0
    p[::7] = 1 - p[::7] * 1e-6
    return n, p


def row(n, p, members, exact):
    """A drawn row."""
    out = np.empty(len(n), np.int64)
    binomial_row(out, n, p, members, STREAM, DAY, CELL, exact)
    return out


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize(
    "members",
    [
        np.arange(900),
        np.arange(900) + 7,
        np.arange(900)[::-1] * 3,
        np.full(900, 5),
        np.full(900, 4),
        np.arange(1798, 898, -1),
        np.arange(0, 1800, 2),
        np.append(0, np.arange(2, 901)),
        np.append(np.arange(899), 900),
        np.arange(900) // 2,
    ],
)
def test_row_equals_scalar_draws(members, exact):
    """Every lane is the scalar draw of its member, whichever passes the row went through."""
    draw = binomial if exact else binomial_fast
    for n, p in (
        mixed_lanes(900, 1),
        (np.arange(900) % 40, np.full(900, 0.05)),
        (np.full(900, 120), np.linspace(0.02, 0.09, 900)),
        (np.full(900, 40), np.linspace(0.01, 0.024, 900)),
        (np.full(900, 40), np.linspace(0.03, 0.06, 900)),
        (np.full(900, 40), np.linspace(0.94, 0.97, 900)),
        (np.full(900, 10**7), np.linspace(0.1, 0.9, 900)),
        (np.where(np.arange(900) % 2, 40, 10**6), np.where(np.arange(900) % 2, 1 - 1e-4, 0.4)),
        (np.where(np.arange(900) % 3, 70, 0), np.where(np.arange(900) % 2, 1 - 1e-3, 1e-3)),
    ):
        u = np.empty(900)
        uniform_row(u, members, STREAM, DAY, CELL)
        assert u.tolist() == [uniform_at(STREAM, int(m), DAY, CELL) for m in members]
        assert row(n, p, members, exact).tolist() == [draw(*lane) for lane in zip(u, n, p, strict=True)]


@pytest.mark.parametrize("count", [2, 3, 256, 901])
@pytest.mark.parametrize("first", [0, 6, 2**31 - 2])
def test_ids_that_run_on_need_only_the_first(count, first):
    """From an even id on, the first alone stands for all that follow it."""
    short, whole = np.empty(count), np.empty(count)
    members = np.arange(first, first + count)
    uniform_row(short, members[:1], STREAM, DAY, CELL)
    uniform_row(whole, members, STREAM, DAY, CELL)
    assert short.tolist() == whole.tolist() == [uniform_at(STREAM, int(m), DAY, CELL) for m in members]


@pytest.mark.parametrize("exact", [True, False])
def test_the_ends_of_n_and_p(exact):
    """p of 0, 1e-300, 1 - 1e-16 and 1, n of 0, 1 and 10^7: rows give the counts that certainty leaves, scalars too."""
    draw = binomial if exact else binomial_fast
    for p, wanted in ((0.0, lambda n: 0), (1e-300, lambda n: 0), (1 - 1e-16, lambda n: n), (1.0, lambda n: n)):
        for n in (0, 1, 2, 10**4, 10**7):
            sizes, members = np.full(200, n), np.arange(200)
            assert row(sizes, np.full(200, p), members, exact).tolist() == [wanted(n)] * 200
            assert [draw(u, n, p) for u in (2.0**-20, 0.5, 1 - 2.0**-30)] == [wanted(n)] * 3


@pytest.mark.parametrize("n", [2**24 + 7, 10**9 + 1, 10**12 + 3, 2**53 - 11])
@pytest.mark.parametrize("stay", [0.4, 3.3, 30.0, 300.0])
def test_all_but_a_few_of_very_many(n, stay):
    """More than single precision counts: those who go are all but those who stay by the mirrored draw, in rows too."""
    p = 1.0 - stay / n
    u = np.random.default_rng(n % 1000).uniform(size=500)
    counts = u.copy()
    quantile_row(counts, np.full(500, float(n)), np.full(500, p), True)
    assert counts.tolist() == [n - binomial(1.0 - x, n, 1.0 - p) for x in u]
    assert counts.tolist() == [binomial(x, n, p) for x in u]


@pytest.mark.parametrize("exact", [True, False])
def test_rows_and_scalars_turn_at_the_same_uniform(exact):
    """Around a boundary of the cdf, found by bisection of the scalar draw, the row gives its count at every double.

    Two sums of one pmf in another order differ in their last bit, which no random uniform would show.
    """
    draw, turned = binomial if exact else binomial_fast, 0
    cells = [(n, p) for n in (1, 2, 4, 7, 12, 30) for p in (1 / 3, 0.1, 0.5, 0.75, 0.97)]
    cells += [(1000, 0.0029), (10**7, 2.3e-7), (10**6, 1 - 8.7e-7), (55, 0.2), (400, 0.6), (10**5, 9.2e-5)]
    for n, p in cells:
        centre, spread = int(n * p), 1 + int(math.sqrt(n * p * (1 - p)))
        for k in range(max(0, centre - 2 * spread), min(n, centre + 2 * spread + 1)):
            low, high = 2.0**-54, 1 - 2.0**-53
            if draw(low, n, p) > k or draw(high, n, p) <= k:
                continue
            while np.nextafter(low, 1) < high:
                middle = (low + high) / 2
                low, high = (middle, high) if draw(middle, n, p) <= k else (low, middle)
            u = low + (np.arange(-40, 41) * np.spacing(low))
            u = u[(u > 0) & (u < 1)]
            counts = u.copy()
            quantile_row(counts, np.full(len(u), float(n)), np.full(len(u), p), exact)
            assert counts.tolist() == [draw(x, n, p) for x in u.tolist()], (n, p, k)
            turned += 1
    assert turned > 100


def test_claim_sample():
    """A sample of the nightly claim: rows of every kind agree beside boundaries, and a p wrong by 1e-8 is seen."""
    (item,) = load_claims("rows").values()
    hold_sample(item, "test_claim_sample[rows]", runs=30_000)


@pytest.mark.parametrize("exact", [True, False])
def test_large_counts_turn_where_scalars_do_beside_middling_ones(exact):
    """A row of both kinds sees the large ones in single precision first: near a boundary that must say nothing.

    Uniforms from 10^-16 to 10^-7 on both sides of boundaries that the scalar draw shows; one sigma is up to 1,449.
    Just above n p q = 9 those who are left open keep to the expansion in fast mode, though sums from 0 would do.
    """
    draw = binomial if exact else binomial_fast
    rng = np.random.default_rng(17)
    for n, p in ((10**7, 0.3), (10**7, 0.9), (10**5, 0.6), (4_000, 0.02), (1_000, 0.0105), (1_000, 0.9895)):
        sizes, chances, uniforms = np.full(96, float(n)), np.full(96, p), np.full(96, 0.5)
        sizes[::4], chances[::4] = 40.0, 0.2
        for z in (-2.0, -0.5, 0.0, 0.7, 1.9):
            k = int(n * p + z * math.sqrt(n * p * (1 - p)))
            low, high = 1e-9, 1 - 1e-9
            while np.nextafter(low, 1) < high:
                middle = (low + high) / 2
                low, high = (middle, high) if draw(middle, n, p) <= k else (low, middle)
            uniforms[:] = low + rng.choice([-1, 1], 96) * 10 ** rng.uniform(-16, -7, 96)
            row = uniforms.copy()
            quantile_row(row, sizes, chances, exact)
            lanes = zip(uniforms.tolist(), sizes.astype(int).tolist(), chances.tolist(), strict=True)
            assert row.tolist() == [draw(*lane) for lane in lanes]


def test_rows_and_scalars_agree_at_exactly_nine():
    """From n p q = 9 on fast mode believes the expansion: at 9 itself too, alone and in rows of one kind or of two."""
    u = np.random.default_rng(23).uniform(size=6_000)
    for n, p in ((36, 0.5), (48, 0.25), (48, 0.75), (100, 0.1)):
        alone = [binomial_fast(x, n, p) for x in u.tolist()]
        assert alone != [binomial(x, n, p) for x in u.tolist()], (n, p)
        for others in (0, 3):
            sizes, chances, row = np.full(6_000, float(n)), np.full(6_000, p), u.copy()
            if others:
                sizes[::others], chances[::others] = 40.0, 0.2
            quantile_row(row, sizes, chances, False)
            same = sizes == n
            assert row[same].tolist() == [count for count, kept in zip(alone, same, strict=True) if kept], (n, p)


@pytest.mark.parametrize("exact", [True, False])
def test_blocks_and_order_change_no_bit(exact):
    """Cut into blocks of 1 to 1,000 or in another order of members, every member keeps its count."""
    n, p = mixed_lanes(500, 2)
    members = np.arange(500)
    whole = row(n, p, members, exact)
    for size in (1, 2, 3, 7, 17, 64, 1000):
        parts = [row(n[i : i + size], p[i : i + size], members[i : i + size], exact) for i in range(0, 500, size)]
        assert np.array_equal(np.concatenate(parts), whole)
    order = np.random.default_rng(3).permutation(500)
    assert np.array_equal(row(n[order], p[order], members[order], exact), whole[order])


@pytest.mark.parametrize("threads", [1, 2, 3, 5, 7, 11])
def test_threads_change_no_bit(threads):
    """The same row drawn by 1 to 11 threads at once, each its share, gives the same counts."""
    n, p = mixed_lanes(700, 4)
    members = np.arange(700)
    whole, shared = row(n, p, members, True), np.empty(700, np.int64)
    edges = np.linspace(0, 700, threads + 1).astype(int)

    def work(low, high):
        shared[low:high] = row(n[low:high], p[low:high], members[low:high], True)

    workers = [threading.Thread(target=work, args=edges[i : i + 2]) for i in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert np.array_equal(shared, whole)


def test_plain_python_row():
    """The row as plain Python, all the way down, gives the same bits as the vectorised kernel."""
    n, p = mixed_lanes(60, 5)
    members = np.arange(60) + 4
    for exact in (True, False):
        out = np.empty(60, np.int64)
        plain(binomial_row)(out, n, p, members, STREAM, DAY, CELL, exact)
        assert np.array_equal(out, row(n, p, members, exact))
    u, v = np.empty(60), np.empty(60)
    plain(uniform_row)(u, members, STREAM, DAY, CELL)
    uniform_row(v, members, STREAM, DAY, CELL)
    assert np.array_equal(u, v)


def test_empty_row():
    """A row without members draws nothing and fails nowhere."""
    none = np.empty(0, np.int64)
    assert len(row(none, np.empty(0), none, True)) == 0
