"""The table of cells: persons by two key words, however they collide."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from sarai.simulate.flight.arrays import draw_cell
from sarai.simulate.flight.cells import (
    FULL,
    clear,
    new_cells,
    pack_where,
    pack_who,
    put,
    unpack_where,
    unpack_who,
)


@pytest.mark.parametrize("room", [200, 333])
def test_a_table_is_a_dictionary_of_counts(room: int) -> None:
    """Keys that share their first word, their second, or their slot: each has its own persons, in order of coming."""
    rng = np.random.default_rng(room)
    cells = new_cells(room, 20)
    for _ in range(3):
        wanted: Counter[tuple[int, int]] = Counter()
        ways: Counter[tuple[int, int]] = Counter()
        for _ in range(4 * room):
            who, where = int(rng.integers(0, 40)), int(rng.integers(0, 5))
            persons, way = int(rng.integers(1, 9)), int(rng.integers(0, 99))
            entry = put(cells, who, where, persons, way)
            wanted[who, where] += persons
            ways[who, where] += way
            assert list(wanted)[entry] == (who, where)
        used = int(cells.used[0])
        seen = {(int(cells.who[e]), int(cells.where[e])): int(cells.persons[e]) for e in range(used)}
        assert seen == wanted
        assert ways == {(int(cells.who[e]), int(cells.where[e])): int(cells.way[e]) for e in range(used)}
        clear(cells)
        assert cells.used[0] == 0 and (cells.slots == -1).all()


def test_a_full_table_says_so_and_still_takes_whom_it_knows() -> None:
    """No cell more than there is room for."""
    cells = new_cells(3, 0)
    assert [put(cells, 7, where, 1, 0) for where in (1, 2, 3, 4)] == [0, 1, 2, FULL]
    assert put(cells, 7, 2, 5, 0) == 1 and cells.persons[1] == 6


def test_key_words_hold_their_parts_up_to_the_largest() -> None:
    """What is packed comes back, and no part runs into its neighbour."""
    for parts in ((0, 0, 0, 0, 0), (2**28 - 1, 0, 1, 0, 1), (0, 2**16 - 1, 0, 1, 4095), (5, 3, 1, 1, 77)):
        assert unpack_who(pack_who(*parts)) == parts
    for steps in ((0, 0), (3, 2**24 - 1), (2**20, 0)):
        assert unpack_where(pack_where(*steps)) == steps


def test_no_two_states_of_one_place_share_a_cell() -> None:
    """Every field up to its width, bit by bit: none runs into its neighbour."""
    widths = (3, 6, 1, 4, 21, 21, 12)
    states = {(0,) * len(widths)}
    for field, width in enumerate(widths):
        states |= {tuple(1 << bit if at == field else 0 for at in range(len(widths))) for bit in range(width)}
    cells = {int(draw_cell(np.uint64(12345), *state)) for state in states}
    assert len(states) == sum(widths) + 1 == len(cells)
