"""One member of the flight law, day by day, by counts. The readable twin is in `twin.py`; both make the same draws."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sarai.simulate.binomial import binomial
from sarai.simulate.flight.arrays import STAGE_MOVE, STAGE_SINK, STAGE_WALK, Law, draw_cell
from sarai.simulate.flight.cells import (
    FULL,
    Cells,
    clear,
    new_cells,
    pack_where,
    pack_who,
    put,
    unpack_where,
    unpack_who,
)
from sarai.simulate.flight.choice import (
    Choices,
    new_choices,
    note_scores,
    open_paths,
    power,
    split_over_routes,
    update_room,
)
from sarai.simulate.flight.departures import place_day0, send_out
from sarai.simulate.philox import uniform_at

Ints = NDArray[np.int64]
HALF_ROOM = 0.5  # below this a camp counts as full at the moment of leaving (law of Flee, action of an agent)
OK, NO_ROOM, TOO_MANY_HOPS = 0, 1, 2
MOST_VISITS = 4096  # A172


class Member(NamedTuple):
    """Working arrays of one member.

    stand, road, stops   cells at places, on links, and at places within the day; stand and road twice, by parity of the day
    next_stop, first_stop   lists of stops by distance moved today     heap   distances in use, smallest first
    here, still   (place,) persons standing, persons who stopped moving for good     population  (place,)
    closing       (link,) 1 where the link closed today                visits (stop,) how often a stop was handled
    """

    stand_even: Cells
    stand_odd: Cells
    road_even: Cells
    road_odd: Cells
    stops: Cells
    next_stop: Ints
    first_stop: Ints
    heap: Ints
    heap_size: Ints
    visits: Ints
    here: Ints
    still: Ints
    population: Ints
    closing: NDArray[np.uint8]
    spawned: Ints
    choices: Choices


class Output(NamedTuple):
    """Results, member last. place (day, place), link (day, directed link), travel (place, days under way), totals (day,)."""

    place: NDArray[np.int32]
    link: NDArray[np.int32]
    travel: NDArray[np.int64]
    total: NDArray[np.int64]


def new_member(law: Law, room: int) -> Member:
    """Working arrays with room for `room` cells in each table."""
    longest = int(max(law.link_speed.max(initial=1), law.walk_speed)) + int(law.link_length.max(initial=1)) + 2
    return Member(
        stand_even=new_cells(room), stand_odd=new_cells(room), road_even=new_cells(room), road_odd=new_cells(room),
        stops=new_cells(room), next_stop=np.full(room, -1, dtype=np.int64),
        first_stop=np.full(longest, -1, dtype=np.int64), heap=np.zeros(longest + 1, dtype=np.int64),
        heap_size=np.zeros(1, dtype=np.int64), visits=np.zeros(room, dtype=np.int64),
        here=np.zeros(law.places, dtype=np.int64), still=np.zeros(law.places, dtype=np.int64),
        population=law.population.copy(), closing=np.zeros(len(law.link_start), dtype=np.uint8),
        spawned=np.zeros(law.places, dtype=np.int64), choices=new_choices(law),
    )  # fmt: skip


@njit(cache=True, error_model="numpy", forceinline=True)
def chance_to_leave(law: Law, row: int, place: int, day: int, population: Ints) -> float:
    """p of the law for somebody without a route."""
    if law.flood_chance[row, place] >= 0.0:
        return law.flood_chance[row, place]
    chance = law.chance[row, place]
    if law.chance_factor != 0.0:
        held = max(population[place], law.capacity[place] + law.capacity_per_day[place] * (day + 1), 0)
        chance = chance * power(float(held) / law.chance_base, law.chance_factor)
    hungry = law.starving[row, place]
    return hungry + (1.0 - hungry) * chance if hungry > 0.0 else chance


@njit(cache=True, error_model="numpy", forceinline=True)
def is_full(law: Law, choices: Choices, row: int, path: int) -> bool:
    """Whether the end of a path is a camp that turns people back."""
    end = law.path_end[path]
    return law.camp[row, end] == 1 and choices.room[end] < HALF_ROOM


@njit(cache=True, error_model="numpy")
def can_follow(law: Law, choices: Choices, row: int, link_row: int, path: int) -> bool:
    """Whether somebody with this path left takes its first link now."""
    return law.open_links[link_row, law.path_link[path]] == 1 and not is_full(law, choices, row, path)


@njit(cache=True, error_model="numpy")
def add_stop(member: Member, moved: int, who: int, recent: int, persons: int) -> bool:
    """People who reach a place after `moved` steps today and act once more. False where a table is full."""
    entry = put(member.stops, who, pack_where(moved, recent), 0)
    if entry == FULL:
        return False
    if member.stops.persons[entry] == 0:
        if member.first_stop[moved] == -1:
            at = member.heap_size[0]
            member.heap_size[0] = at + 1
            member.heap[at] = moved
            while at > 0 and member.heap[(at - 1) // 2] > member.heap[at]:
                up = (at - 1) // 2
                member.heap[at], member.heap[up] = member.heap[up], member.heap[at]
                at = up
        member.next_stop[entry] = member.first_stop[moved]
        member.first_stop[moved] = entry
    member.stops.persons[entry] += persons
    return True


@njit(cache=True, error_model="numpy")
def drop_nearest(member: Member) -> None:
    """Take the smallest distance off the heap."""
    heap = member.heap
    size = member.heap_size[0] - 1
    member.heap_size[0] = size
    heap[0] = heap[size]
    at = 0
    while True:
        low = 2 * at + 1
        if low >= size:
            return
        if low + 1 < size and heap[low + 1] < heap[low]:
            low = low + 1
        if heap[at] <= heap[low]:
            return
        heap[at], heap[low] = heap[low], heap[at]
        at = low


@njit(cache=True, error_model="numpy")
def rest(law: Law, out: Output, stand: Cells, row: int, day: int, k: int, path: int, group: int, first: int,
         recent: int, since: int, persons: int) -> bool:  # fmt: skip
    """People stay where they are for the night. `path` may be law paths + place: a route that starts with no link."""
    if since > 0:
        place = law.path_origin[path] if path < len(law.path_end) else path - len(law.path_end)
        if law.camp[row, place] == 1:
            out.travel[place, day - (since - 1), k] += persons
            since = 0
    return put(stand, pack_who(path, group, first, 0, since), pack_where(0, recent), persons) != FULL


@njit(cache=True, error_model="numpy", forceinline=True)
def recent_after(law: Law, recent: int, moved: int) -> int:
    """r at the end of a day, in steps and rounded down, which changes no comparison (docs/explanation/flight-law.md)."""
    return (recent + moved) >> 1 if law.stints else 0


@njit(cache=True, error_model="numpy")
def go(law: Law, member: Member, out: Output, stand: Cells, road: Cells, row: int, day: int, k: int, path: int,
       group: int, first: int, orphan: int, since: int, km: int, recent: int, moved: int, persons: int,
       on_foot: bool, sent_back: bool) -> bool:  # fmt: skip
    """People on a link move on by one day's speed: still under way, at the other end, or back at the start."""
    link = law.path_link[path]
    speed = law.walk_speed if on_foot else law.link_speed[link]
    length = law.link_length[link]
    position = km + speed
    if position < length or (law.beyond and position == length):
        who = pack_who(path, group, first, orphan, since)
        return put(road, who, pack_where(position, recent_after(law, recent, moved + speed)), persons) != FULL
    moved = moved + length - km
    if sent_back:
        back = law.path_back[path]
        home = back if back >= 0 else len(law.path_end) + law.link_start[link]
        return rest(law, out, stand, row, day, k, home, group, 0, recent_after(law, recent, moved), since, persons)
    after = law.path_after[path]
    if moved < speed:
        return add_stop(member, moved, pack_who(after, group, 0, 0, since), recent, persons)
    return rest(law, out, stand, row, day, k, after, group, 0, recent_after(law, recent, moved), since, persons)


@njit(cache=True, error_model="numpy")
def ride(law: Law, member: Member, out: Output, stand: Cells, road: Cells, row: int, day: int, k: int, path: int,
         group: int, first: int, orphan: int, since: int, km: int, recent: int, moved: int, persons: int, visit: int,
         sent_back: bool, stream: np.uint64, identity: int, day_word: int) -> bool:  # fmt: skip
    """`go`, after those who walk are drawn."""
    link = law.path_link[path]
    if law.on_foot and first == 1:
        return go(law, member, out, stand, road, row, day, k, path, group, first, orphan, since, km, recent, moved,
                  persons, True, sent_back)  # fmt: skip
    walking = 0
    if law.walkers and law.link_walk[link] > 0.0:
        cell = draw_cell(law.path_key[path], STAGE_WALK, group, first, visit, km + moved, recent, since)
        walking = binomial(uniform_at(stream, identity, day_word, cell), persons, law.link_walk[link])
    fine = True
    if walking > 0:
        fine = go(law, member, out, stand, road, row, day, k, path, group, first, orphan, since, km, recent, moved,
                  walking, True, sent_back)  # fmt: skip
    if persons > walking:
        fine = fine and go(law, member, out, stand, road, row, day, k, path, group, first, orphan, since, km, recent,
                           moved, persons - walking, False, sent_back)  # fmt: skip
    return fine


@njit(cache=True, error_model="numpy")
def first_phase(law: Law, member: Member, out: Output, now: Cells, stand: Cells, road: Cells, row: int, link_row: int,
                day: int, k: int, stream: np.uint64, identity: int, day_word: int) -> bool:  # fmt: skip
    """Everybody at a place acts once; those who leave stand at the start of a link."""
    choices = member.choices
    paths = len(law.path_end)
    for entry in range(now.used[0]):
        persons = now.persons[entry]
        if persons == 0:
            continue
        path, group, first, _, since = unpack_who(now.who[entry])
        _, recent = unpack_where(now.where[entry])
        later = recent_after(law, recent, 0)
        if path >= law.places:
            if path < paths and can_follow(law, choices, row, link_row, path):
                if put(road, pack_who(path, group, first, 0, since), pack_where(0, recent), persons) == FULL:
                    return False
                continue
            place = path - paths if path >= paths else law.path_origin[path]
            if not rest(law, out, stand, row, day, k, place, group, first, later, since, persons):
                return False
            continue
        chance = chance_to_leave(law, row, path, day, member.population)
        cell = draw_cell(law.path_key[path], STAGE_MOVE, group, first, 0, 0, recent, since)
        moving = binomial(uniform_at(stream, identity, day_word, cell), persons, chance)
        staying = persons - moving
        if moving > 0:
            found = split_over_routes(law, choices, row, path, group, first, 0, 0, recent, since, moving,
                                      member.population, stream, identity, day_word)  # fmt: skip
            if found == 0:
                staying = persons
            for i in range(found):
                route = choices.leaf_path[i]
                count = choices.leaf_count[i]
                if is_full(law, choices, row, route):
                    staying = staying + count
                elif put(road, pack_who(route, group, first, 0, since), pack_where(0, recent), count) == FULL:
                    return False
        if staying > 0 and not rest(law, out, stand, row, day, k, path, group, first, later, since, staying):
            return False
    return True


@njit(cache=True, error_model="numpy")
def handle_stop(law: Law, member: Member, out: Output, stand: Cells, road: Cells, row: int, link_row: int, day: int,
                k: int, entry: int, persons: int, stream: np.uint64, identity: int, day_word: int) -> bool:  # fmt: skip
    """People who reached a place early act once more, and travel on at once if they leave."""
    choices = member.choices
    path, group, _, _, since = unpack_who(member.stops.who[entry])
    moved, recent = unpack_where(member.stops.where[entry])
    visit = member.visits[entry]
    later = recent_after(law, recent, moved)
    place = law.path_origin[path]
    pushed = law.stints and law.town[row, place] == 1 and recent + moved < law.full_day
    if path >= law.places:
        if can_follow(law, choices, row, link_row, path):
            return ride(law, member, out, stand, road, row, day, k, path, group, 0, 0, since, 0, recent, moved, persons,
                        visit, False, stream, identity, day_word)  # fmt: skip
        return rest(law, out, stand, row, day, k, place, group, 0, later, since, persons)
    moving = persons
    if not pushed:
        cell = draw_cell(law.path_key[path], STAGE_MOVE, group, 0, visit, moved, recent, since)
        chance = chance_to_leave(law, row, path, day, member.population)
        moving = binomial(uniform_at(stream, identity, day_word, cell), persons, chance)
    staying = persons - moving
    if moving > 0:
        found = split_over_routes(law, choices, row, path, group, 0, visit, moved, recent, since, moving,
                                  member.population, stream, identity, day_word)  # fmt: skip
        if found == 0:
            staying = persons
        for i in range(found):
            route = choices.leaf_path[i]
            count = choices.leaf_count[i]
            if is_full(law, choices, row, route):
                staying = staying + count
            elif not ride(law, member, out, stand, road, row, day, k, route, group, 0, 0, since, 0, recent, moved, count,
                          visit, False, stream, identity, day_word):  # fmt: skip
                return False
    return staying == 0 or rest(law, out, stand, row, day, k, path, group, 0, later, since, staying)


@njit(cache=True, error_model="numpy")
def second_phase(law: Law, member: Member, out: Output, travelling: Cells, stand: Cells, road: Cells, row: int,
                 link_row: int, day: int, k: int, stream: np.uint64, identity: int, day_word: int) -> int:  # fmt: skip
    """Everybody on a link travels; those who arrive early act again, nearest first."""
    for entry in range(travelling.used[0]):
        path, group, first, orphan, since = unpack_who(travelling.who[entry])
        km, recent = unpack_where(travelling.where[entry])
        link = law.path_link[path]
        if member.closing[link] == 1 and km > 0:
            orphan = 1
        sent_back = orphan == 1 and (law.send_back or law.open_links[link_row, link] == 0)
        if not ride(law, member, out, stand, road, row, day, k, path, group, first, orphan, since, km, recent, 0,
                    travelling.persons[entry], 0, sent_back, stream, identity, day_word):  # fmt: skip
            return NO_ROOM
    status = OK
    while member.heap_size[0] > 0 and status == OK:
        moved = member.heap[0]
        while member.first_stop[moved] >= 0:
            entry = member.first_stop[moved]
            member.first_stop[moved] = member.next_stop[entry]
            persons = member.stops.persons[entry]
            member.stops.persons[entry] = 0
            member.visits[entry] += 1
            if member.visits[entry] > MOST_VISITS:
                return TOO_MANY_HOPS
            if not handle_stop(law, member, out, stand, road, row, link_row, day, k, entry, persons, stream, identity,
                               day_word):  # fmt: skip
                return NO_ROOM
        drop_nearest(member)
    for entry in range(member.stops.used[0]):
        member.visits[entry] = 0
    clear(member.stops)
    return status


@njit(cache=True, error_model="numpy")
def count_here(law: Law, member: Member, stand: Cells) -> None:
    """Persons standing at each place, those who stopped moving included."""
    paths = len(law.path_end)
    for place in range(law.places):
        member.here[place] = member.still[place]
    for entry in range(stand.used[0]):
        path = unpack_who(stand.who[entry])[0]
        place = path - paths if path >= paths else law.path_origin[path]
        member.here[place] += stand.persons[entry]


@njit(cache=True, error_model="numpy")
def stop_in_camps(law: Law, member: Member, stand: Cells, row: int, stream: np.uint64, identity: int,
                  day_word: int) -> None:  # fmt: skip
    """Camp sinks: people in camps stop moving for good with the chance of the place; they stay counted there."""
    paths = len(law.path_end)
    for entry in range(stand.used[0]):
        path, group, first, _, since = unpack_who(stand.who[entry])
        place = path - paths if path >= paths else law.path_origin[path]
        if law.camp[row, place] == 0 or law.sink[place] <= 0.0:
            continue
        _, recent = unpack_where(stand.where[entry])
        hops = 0 if path < law.places else 1
        key = law.path_key[path] if path < paths else law.path_key[place]
        cell = draw_cell(key, STAGE_SINK, group, first, hops + (2 if path >= paths else 0), 0, recent, since)
        stopping = binomial(uniform_at(stream, identity, day_word, cell), stand.persons[entry], law.sink[place])
        stand.persons[entry] -= stopping
        member.still[place] += stopping


@njit(cache=True, error_model="numpy")
def run_day(law: Law, member: Member, out: Output, day: int, k: int, now: Cells, stand: Cells, travelling: Cells,
            road: Cells, track: bool, keep_links: bool, stream: np.uint64, identity: int, day_word: int) -> int:  # fmt: skip
    """One day: departures, closures, the two phases, the count of the evening."""
    row = law.place_row[day]
    link_row = law.link_row[day]
    choices = member.choices
    if day == 0:
        open_paths(law, choices, link_row, row)
    else:
        before = law.place_row[day - 1]
        moved_markers = False
        if row != before:
            for place in range(law.places):
                if law.marker[row, place] != law.marker[before, place]:
                    moved_markers = True
            note_scores(law, choices, row, before)
        if link_row != law.link_row[day - 1] or moved_markers:
            open_paths(law, choices, link_row, row)
    if not send_out(law, now, member.population, member.spawned, choices, day, track, stream, identity, day_word):
        return NO_ROOM
    for i in range(law.closing_start[day], law.closing_start[day + 1]):
        member.closing[law.closing_links[i]] = 1
    update_room(law, choices, row, day, member.here)
    if not first_phase(law, member, out, now, stand, travelling, row, link_row, day, k, stream, identity, day_word):
        return NO_ROOM
    count_here(law, member, stand)
    update_room(law, choices, row, day, member.here)
    status = second_phase(
        law, member, out, travelling, stand, road, row, link_row, day, k, stream, identity, day_word
    )
    for i in range(law.closing_start[day], law.closing_start[day + 1]):
        member.closing[law.closing_links[i]] = 0
    count_here(law, member, stand)
    total = 0
    for place in range(law.places):
        out.place[day, place, k] = member.here[place]
        total += member.here[place]
    for entry in range(road.used[0]):
        link = law.path_link[unpack_who(road.who[entry])[0]]
        if keep_links:
            out.link[day, link, k] += road.persons[entry]
        total += road.persons[entry]
    out.total[day, k] = total
    if law.sinks:
        stop_in_camps(law, member, stand, row, stream, identity, day_word)
    clear(now)
    clear(travelling)
    return status


@njit(cache=True, error_model="numpy", nogil=True)
def run_member(law: Law, member: Member, out: Output, k: int, track: bool, keep_links: bool, stream: np.uint64,
               identity: int, first_word: int, words_a_day: int) -> int:  # fmt: skip
    """All days of one member into column k of the output. Returns OK, or why it stopped."""
    if not place_day0(law, member.stand_even, stream, identity, first_word):
        return NO_ROOM
    if not law.empty_first:
        count_here(law, member, member.stand_even)
    for day in range(law.days):
        even = day % 2 == 0
        now = member.stand_even if even else member.stand_odd
        stand = member.stand_odd if even else member.stand_even
        travelling = member.road_even if even else member.road_odd
        road = member.road_odd if even else member.road_even
        status = run_day(law, member, out, day, k, now, stand, travelling, road, track, keep_links,
                         stream, identity, first_word + day * words_a_day)  # fmt: skip
        if status != OK:
            return status
    return OK
