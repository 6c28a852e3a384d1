"""Arrivals before the day is over, by the distance covered today: a heap of distances, and packs of people for each.

Where people and places are very many, distances count by classes of `stop_step`; a cell keeps the mean of its people.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.flight.acting import keep
from sarai.simulate.flight.arrays import Law
from sarai.simulate.flight.cells import FULL, clear
from sarai.simulate.flight.member import NO_ROOM, OK, PACK, TOO_MANY_HOPS, Member
from sarai.simulate.kernel import kernel

Ints = NDArray[np.int64]
MOST_VISITS = 4096  # A172


@kernel()
def push_distance(heap: Ints, size: Ints, moved: int) -> None:
    """Put a distance on the heap."""
    at = size[0]
    size[0] = at + 1
    heap[at] = moved
    while at > 0 and heap[(at - 1) // 2] > heap[at]:
        up = (at - 1) // 2
        heap[at], heap[up] = heap[up], heap[at]
        at = up


@kernel()
def drop_nearest(heap: Ints, size: Ints) -> None:
    """Take the smallest distance off the heap."""
    last = size[0] - 1
    size[0] = last
    heap[0] = heap[last]
    at = 0
    while True:
        low = 2 * at + 1
        if low >= last:
            return
        if low + 1 < last and heap[low + 1] < heap[low]:
            low = low + 1
        if heap[at] <= heap[low]:
            return
        heap[at], heap[low] = heap[low], heap[at]
        at = low


@kernel(inline=True)
def keep_arrival(law: Law, member: Member, covered: int, who: int, recent: int, persons: int) -> bool:
    """Let people wait who have covered a distance today; False where there is no room."""
    bag_held, packs = member.bag_held, member.packs
    stage = covered if law.stop_step == 1 else covered // law.stop_step
    pack = member.first_stop[stage]
    if pack < 0 and not (member.heap_size[0] > 0 and member.heap[0] == stage):
        push_distance(member.heap, member.heap_size, stage)
    if pack < 0 or bag_held[pack] == PACK:
        fresh = packs[0]
        if fresh >= 0:
            packs[0] = member.bag_next[fresh]
        elif packs[1] < len(member.bag):
            fresh = packs[1]
            packs[1] += 1
        else:
            return False
        member.bag_next[fresh] = pack
        bag_held[fresh] = 0
        member.first_stop[stage] = fresh
        pack = fresh
    item = bag_held[pack]
    member.bag[pack, item, 0] = who
    member.bag[pack, item, 1] = recent
    member.bag[pack, item, 2] = persons
    member.bag[pack, item, 3] = covered
    bag_held[pack] = item + 1
    return True


@kernel(inline=True)
def gather_stops(law: Law, member: Member, stage: int, turn: int) -> int:
    """Bring together the people who have covered the smallest distance, one cell for all of equal state.

    stage, turn   that distance, or its class, and how often it has been the smallest one today
    Returns OK, or why it stopped.
    """
    first_stop, packs, stops = member.first_stop, member.packs, member.stops
    bag, bag_next, bag_held = member.bag, member.bag_next, member.bag_held
    clear(stops)
    pack = first_stop[stage]
    if pack < 0:
        drop_nearest(member.heap, member.heap_size)
    elif turn > MOST_VISITS:
        return TOO_MANY_HOPS
    first_stop[stage] = -1
    while pack >= 0:
        for item in range(bag_held[pack]):
            held = stops.used[0]
            persons = bag[pack, item, 2]
            entry = keep(law, stops, bag[pack, item, 0], 0, bag[pack, item, 1], persons)
            if entry == FULL:
                return NO_ROOM
            if law.stop_step > 1:
                before = member.covered[entry] if entry < held else 0
                member.covered[entry] = before + persons * bag[pack, item, 3]
        after = bag_next[pack]
        bag_next[pack] = packs[0]
        packs[0] = pack
        pack = after
    return OK
