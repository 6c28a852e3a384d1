"""What people at a place do: set out along a route, or spend the night."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.flight.arrays import STAGE_MOVE, Law, draw_cell
from sarai.simulate.flight.cells import Cells, pack_where, pack_who, put, unpack_where
from sarai.simulate.flight.choice import Choices
from sarai.simulate.flight.few import count_of, pick_one
from sarai.simulate.flight.split import split_over_routes
from sarai.simulate.flight.weights import weigh
from sarai.simulate.kernel import kernel
from sarai.simulate.philox import uniform_at

Ints = NDArray[np.int64]


@kernel(inline=True)
def act(law: Law, choices: Choices, population: Ints, row: int, link_row: int, path: int, chance: float, group: int,
        first: int, visit: int, reach: int, near: int, since: int, persons: int, stream: np.uint64, identity: int,
        day_word: int) -> tuple[int, int]:  # fmt: skip
    """One action of people at a place: who has a route left takes it, the others set out with a chance and choose one.

    visit, reach, near   which stop of the day this is, class of today's distance, and of the recent one: for the keys
    Returns on how many routes people set out (they stand in leaf_path, leaf_count), and how many persons stay: they
    have no route, its first link is shut, or it ends at a camp that turns people back.
    """
    leaf_path, leaf_count, full = choices.leaf_path, choices.leaf_count, choices.full
    found = 0
    if path < law.places:
        running = choices.running[law.kind[group]]
        start = law.routes_start[path]
        count = law.routes_start[path + 1] - start
        cell = draw_cell(law.path_key[path], STAGE_MOVE, group, first, visit, reach, near, since)
        u = uniform_at(stream, identity, day_word, cell)
        moving = count_of(u, persons, chance) if persons > 1 else (1 if u < chance else 0)
        if moving > 0 and choices.stale[path] == 1:
            weigh(law, choices, row, path, population)
        if persons == 1 and moving == 1:
            chosen = pick_one(u / min(chance, 1.0), running, start + path, count)
            if chosen >= 0:
                leaf_path[0] = law.routes[start + chosen]
                leaf_count[0] = 1
                found = 1
        elif moving > 0:
            found = split_over_routes(
                running, start, count, start + path, law.routes, law.path_key, leaf_path, leaf_count, choices.stack,
                group, first, visit, reach, near, since, moving, stream, identity, day_word,
            )  # fmt: skip
    elif path < len(law.path_end) and law.open_links[link_row, law.path_link[path]] == 1:
        leaf_path[0] = path
        leaf_count[0] = persons
        found = 1
    going = 0
    staying = persons
    for i in range(found):
        if full[law.path_end[leaf_path[i]]] == 0:
            leaf_path[going] = leaf_path[i]
            leaf_count[going] = leaf_count[i]
            staying -= leaf_count[i]
            going += 1
    return going, staying


@kernel(inline=True)
def over_night(law: Law, way: int) -> int:
    """Recent distance of tomorrow from the sum of that of this morning and of today's way: its half, in whole steps,
    rounded down; 0 without the rule on short stints.
    """
    return way >> 1 if law.stints else 0


@kernel(inline=True)
def keep(law: Law, cells: Cells, who: int, km: int, recent: int, persons: int) -> int:
    """Put persons into a cell, one for all whose recent distance is of one class; its entry, or FULL."""
    step = law.recent_step
    return int(put(cells, who, pack_where(km, recent if step == 1 else recent // step), persons, recent * persons))


@kernel(inline=True)
def recent_of(law: Law, cells: Cells, entry: int) -> tuple[int, int, int]:
    """Steps on the link, class of recent distance, and the mean of it over the persons of a cell, rounded down."""
    km, near = unpack_where(cells.where[entry])
    return km, near, near if law.recent_step == 1 else cells.way[entry] // cells.persons[entry]


@kernel(inline=True)
def spend_night(law: Law, stand: Cells, camp: NDArray[np.uint8], travel: Ints, place: int, path: int, group: int,
                first: int, since: int, later: int, persons: int, day: int, k: int) -> int:  # fmt: skip
    """People stand at a place for the night; their first one in a camp ends the time since they left home.

    Returns the entry of their cell, or FULL.
    """
    kept = since
    if kept > 0 and camp[place] == 1:
        travel[place, day - (kept - 1), k] += persons
        kept = 0
    return int(keep(law, stand, pack_who(path, group, first, 0, kept), 0, later, persons))
