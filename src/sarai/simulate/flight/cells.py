"""Counts by state: a table of cells that holds only what is occupied, in the order in which it was first filled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.kernel import kernel

Ints = NDArray[np.int64]
FULL = -2


class Cells(NamedTuple):
    """Slot -> entry or -1; entry -> two key words, persons, sum of their recent distances, slot. used[0]: entries.

    direct   so many first slots belong to the cells that nothing but their path tells apart, one a path; the others are
             found by open addressing in the slots behind
    """

    direct: int
    slots: NDArray[np.int32]
    who: Ints
    where: Ints
    persons: Ints
    way: Ints
    slot_of: NDArray[np.int32]
    used: Ints


def new_cells(room: int, direct: int) -> Cells:
    """Empty table for up to `room` entries, with slots of their own for `direct` paths."""
    size = 1 << max(int(room * 2 - 1).bit_length(), 4)
    return Cells(
        direct=direct,
        slots=np.full(direct + size, -1, dtype=np.int32),
        who=np.empty(room, dtype=np.int64),
        where=np.empty(room, dtype=np.int64),
        persons=np.empty(room, dtype=np.int64),
        way=np.empty(room, dtype=np.int64),
        slot_of=np.empty(room, dtype=np.int32),
        used=np.zeros(1, dtype=np.int64),
    )


@kernel(inline=True)
def put(cells: Cells, who: int, where: int, persons: int, way: int) -> int:
    """Add persons to the cell of two key words; its entry, or FULL where there is no room for a new one.

    way   sum of the recent distances of these persons, in steps
    """
    if where == 0 and who < cells.direct:
        slot = who
        entry = np.int64(cells.slots[slot])
        if entry >= 0:
            cells.persons[entry] += persons
            cells.way[entry] += way
            return int(entry)
    else:
        mask = len(cells.slots) - cells.direct - 1
        mixed = np.uint64(who) * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(where) * np.uint64(0xC2B2AE3D27D4EB4F)
        mixed = mixed ^ (mixed >> np.uint64(29))
        slot = int(np.int64(mixed & np.uint64(mask)))
        while True:
            entry = np.int64(cells.slots[cells.direct + slot])
            if entry < 0:
                break
            if cells.who[entry] == who and cells.where[entry] == where:
                cells.persons[entry] += persons
                cells.way[entry] += way
                return int(entry)
            slot = (slot + 1) & mask
        slot = cells.direct + slot
    entry = cells.used[0]
    if entry >= len(cells.who):
        return FULL
    cells.slots[slot] = entry
    cells.who[entry] = who
    cells.where[entry] = where
    cells.persons[entry] = persons
    cells.way[entry] = way
    cells.slot_of[entry] = slot
    cells.used[0] = entry + 1
    return int(entry)


@kernel()
def clear(cells: Cells) -> None:
    """Empty the table."""
    for entry in range(cells.used[0]):
        cells.slots[cells.slot_of[entry]] = -1
    cells.used[0] = 0


_PATH_BITS = 28
_GROUP_AT = 28
_FIRST_AT = 44
_ORPHAN_AT = 45
_SINCE_AT = 46
_KM_AT = 24
PATH_MASK = (1 << _PATH_BITS) - 1
GROUP_MASK = (1 << (_FIRST_AT - _GROUP_AT)) - 1
RECENT_MASK = (1 << _KM_AT) - 1


@kernel(inline=True)
def pack_who(path: int, group: int, first: int, orphan: int, since: int) -> int:
    """Path, group, never arrived yet, orphan, day of departure + 1 (0: not kept).

    orphan   on a link: it closed under way; at a place: gone home for the harvest
    """
    return path | (group << _GROUP_AT) | (first << _FIRST_AT) | (orphan << _ORPHAN_AT) | (since << _SINCE_AT)


@kernel(inline=True)
def unpack_who(who: int) -> tuple[int, int, int, int, int]:
    """The five parts of `pack_who`."""
    return (
        who & PATH_MASK,
        (who >> _GROUP_AT) & GROUP_MASK,
        (who >> _FIRST_AT) & 1,
        (who >> _ORPHAN_AT) & 1,
        who >> _SINCE_AT,
    )


@kernel(inline=True)
def pack_where(km: int, recent: int) -> int:
    """Steps on the link and class of recent distance."""
    return (km << _KM_AT) | recent


@kernel(inline=True)
def unpack_where(where: int) -> tuple[int, int]:
    """The two parts of `pack_where`."""
    return where >> _KM_AT, where & RECENT_MASK
