"""Draws for blocks: household clumping in fast mode, allotting persons, roads."""

from __future__ import annotations

import numpy as np
import pytest

from sarai.simulate.blocks import EXACT, FAST, MEAN, allot, clump_fast, clump_fractions, draw_counts, put_on_road
from sarai.simulate.draws import cell_key, purpose_key, stream_key, uniform_row

MEMBERS = np.arange(60_000, dtype=np.int64)
CELL = cell_key("test")


def leavers(
    people: float, fraction: float, size: float, mode: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Persons who leave in each of many members."""
    count = len(MEMBERS)
    n, p, s = (np.full(count, value) for value in (people, fraction, size))
    out, u = np.empty(count), np.empty(count)
    streams = [np.uint64(stream_key(8, purpose_key(name))) for name in ("clump", "leave")]
    clump_fractions(p, n, s, u, np.empty(count), np.empty(count), MEMBERS, streams[0], 5, CELL, mode)
    draw_counts(out, n, p, MEMBERS, streams[1], 5, CELL, mode)
    return out


@pytest.mark.parametrize("mode", [EXACT, FAST])
@pytest.mark.parametrize("households", [0.4, 2.0, 7.0, 9.0, 60.0])
def test_clumping_keeps_mean_and_variance(mode: int, households: float) -> None:
    """However few households are expected to leave, the mean is n p and the variance s n p q, exact or fast."""
    people, size = 30_000.0, 6.0
    p = households * (size - 1.0) / people
    left = leavers(people, p, size, mode)
    assert abs(left.mean() / (people * p) - 1.0) < 5.0 * np.sqrt(size / (people * p) / len(MEMBERS))
    assert abs(left.var() / (size * people * p * (1.0 - p)) - 1.0) < 0.06


def test_households_are_a_whole_number_the_nearest() -> None:
    """Seventeen people in households of six are three of them in fast mode (17 over 5), eighteen four: parts leave."""
    for people, households in ((17.0, 3), (18.0, 4), (27.4, 5), (27.6, 6)):
        fractions = {clump_fast((k + 0.5) / 400, people, 0.4, 6.0) for k in range(400)}
        assert fractions == {k / households for k in range(households + 1)}


@pytest.mark.parametrize("seldom", [1, 40])
def test_rows_of_households_are_the_scalar_fractions(seldom: int) -> None:
    """Many or few households settled together, each member has the fraction of the scalar function."""
    count = 4_000
    rng = np.random.default_rng(6)
    n = np.floor(10 ** rng.uniform(0, 5, count))
    n = np.where(np.arange(count) % seldom == 0, n, 200_000.0)
    p = np.where(np.arange(count) % seldom == 0, 10 ** rng.uniform(-4, 0, count), 0.02)
    p[::31], p[1::31] = 0.0, 1.0
    size = rng.uniform(1.0, 9.0, count)
    u, row, scratch = np.empty(count), p.copy(), np.empty((2, count))
    stream = np.uint64(stream_key(8, purpose_key("clump")))
    uniform_row(u, MEMBERS[:count], stream, 5, CELL)
    wanted = [clump_fast(*lane) for lane in zip(u, n, p, size, strict=True)]
    clump_fractions(row, n, size, u, *scratch, MEMBERS[:count], stream, 5, CELL, FAST)
    assert row.tolist() == wanted


def test_everybody_on_a_road_arrives_once_on_the_day_that_is_theirs() -> None:
    """Those ahead after their days, those behind a day later, the slowest too; the ring of days is gone round."""
    days = np.array([2.0, 3.0, 4.0, 2.0, 4.0])
    ahead, behind = np.array([5.0, 7.0, 1.0, 0.0, 9.0]), np.array([1.0, 0.0, 6.0, 8.0, 2.0])
    road = np.zeros((7, 3, 5))
    put_on_road(road, 1, 5, 2, 4, days, ahead, behind)
    wanted = np.zeros((7, 3, 5))
    for member in range(5):
        wanted[(5 + int(days[member])) % 7, 1, member] += ahead[member]
        wanted[(6 + int(days[member])) % 7, 1, member] += behind[member]
    np.testing.assert_array_equal(road, wanted)


def test_mean_mode_draws_nothing() -> None:
    """In mode mean the expectation comes back, whatever the households."""
    np.testing.assert_allclose(leavers(1000.0, 0.3, 6.0, MEAN), 300.0)


def test_allotted_persons_add_up_and_keep_their_expectation() -> None:
    """The rows give as many as are drawn, none more than it has, and each its share on average."""
    lanes = 20_000
    rng = np.random.default_rng(1)
    left = np.tile(np.array([[3.0], [0.0], [11.0], [6.0]]), (1, lanes))
    total, drawn, u = left.sum(axis=0), np.full(lanes, 7.0), rng.random(lanes)
    taken, before, done, share = np.zeros_like(left), np.empty(lanes), np.empty(lanes), np.empty(lanes)
    start = left.copy()
    allot(left, taken, total, drawn, u, before, done, share, EXACT)
    np.testing.assert_array_equal(taken.sum(axis=0), drawn)
    np.testing.assert_array_equal(left + taken, start)
    assert (left >= 0.0).all()
    np.testing.assert_allclose(taken.mean(axis=1), start[:, 0] * 7.0 / 20.0, atol=0.02)
