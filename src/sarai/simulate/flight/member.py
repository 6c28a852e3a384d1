"""Working arrays and results of one member of the flight law."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.flight.arrays import Law
from sarai.simulate.flight.cells import Cells, new_cells
from sarai.simulate.flight.choice import Choices, new_choices

Ints = NDArray[np.int64]
OK, NO_ROOM, TOO_MANY_HOPS = 0, 1, 2
BAG = 8  # arrivals within a day that may wait at once, for each cell of room (A173)
PACK = 8  # arrivals that lie side by side in memory (A180)


class Member(NamedTuple):
    """Working arrays of one member.

    stand, road, stops   cells at places, on links, and at places within the day; stand and road twice,
    by parity of the day
    bag, bag_next, bag_held   arrivals within the day (who, recent, persons, covered) in packs; the next pack of the
    same distance; how many a pack holds
    covered       (entry of stops,) sum of the distances of its people today, where these count by classes
    packs         first pack that is free again (-1: none), packs used so far
    first_stop    the first pack of a distance        heap   distances in use
    here, still   (place,) persons standing, persons who stopped moving for good     population  (place,)
    closing       (link,) 1 where the link closed today
    """

    stand_even: Cells
    stand_odd: Cells
    road_even: Cells
    road_odd: Cells
    stops: Cells
    first_stop: Ints
    heap: Ints
    heap_size: Ints
    bag: Ints
    bag_next: Ints
    bag_held: Ints
    packs: Ints
    covered: Ints
    here: Ints
    still: Ints
    population: Ints
    closing: NDArray[np.uint8]
    spawned: Ints
    choices: Choices


class Output(NamedTuple):
    """Results, member last: place (day, place), link (day, directed link), travel (place, days), total (day,)."""

    place: NDArray[np.int32]
    link: NDArray[np.int32]
    travel: NDArray[np.int64]
    total: NDArray[np.int64]


def new_member(law: Law, room: int) -> Member:
    """Working arrays with room for `room` cells in each table."""
    longest = int(max(law.link_speed.max(initial=1), law.walk_speed)) + int(law.link_length.max(initial=1)) + 2
    packs = -(-BAG * room // PACK) + min(longest, BAG * room)
    direct = len(law.path_end) + law.places
    stand_even, stand_odd, road_even, road_odd, stops = (new_cells(room, direct) for _ in range(5))
    return Member(
        stand_even=stand_even, stand_odd=stand_odd, road_even=road_even, road_odd=road_odd, stops=stops,
        first_stop=np.full(longest, -1, dtype=np.int64), heap=np.zeros(longest + 1, dtype=np.int64),
        heap_size=np.zeros(1, dtype=np.int64), bag=np.empty((packs, PACK, 4), dtype=np.int64),
        bag_next=np.empty(packs, dtype=np.int64), bag_held=np.empty(packs, dtype=np.int64),
        packs=np.array([-1, 0], dtype=np.int64), covered=np.empty(room, dtype=np.int64),
        here=np.zeros(law.places, dtype=np.int64), still=np.zeros(law.places, dtype=np.int64),
        population=law.population.copy(), closing=np.zeros(len(law.link_start), dtype=np.uint8),
        spawned=np.zeros(law.places, dtype=np.int64), choices=new_choices(law),
    )  # fmt: skip
