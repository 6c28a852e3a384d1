"""One member of the flight law, day by day, by counts. The readable twin is in `twin.py`; both make the same draws."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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
    split_over_routes,
    update_leave,
    update_room,
    weigh,
)
from sarai.simulate.flight.departures import place_day0, send_out
from sarai.simulate.flight.few import count_of, pick_one
from sarai.simulate.kernel import kernel
from sarai.simulate.philox import uniform_at

Ints = NDArray[np.int64]
OK, NO_ROOM, TOO_MANY_HOPS = 0, 1, 2
MOST_VISITS = 4096  # A172
BAG = 8  # arrivals within a day that may wait at once, for each cell of room (A173)
PACK = 8  # arrivals that lie side by side in memory (A180)


class Member(NamedTuple):
    """Working arrays of one member.

    stand, road, stops   cells at places, on links, and at places within the day; stand and road twice,
    by parity of the day
    bag, bag_next, bag_held   arrivals within the day (who, recent, persons) in packs; the next pack of the same
    distance; how many a pack holds
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
        heap_size=np.zeros(1, dtype=np.int64), bag=np.empty((packs, PACK, 3), dtype=np.int64),
        bag_next=np.empty(packs, dtype=np.int64), bag_held=np.empty(packs, dtype=np.int64),
        here=np.zeros(law.places, dtype=np.int64), still=np.zeros(law.places, dtype=np.int64),
        population=law.population.copy(), closing=np.zeros(len(law.link_start), dtype=np.uint8),
        spawned=np.zeros(law.places, dtype=np.int64), choices=new_choices(law),
    )  # fmt: skip


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


@kernel()
def first_phase(law: Law, member: Member, out: Output, now: Cells, stand: Cells, road: Cells, row: int, link_row: int,
                day: int, k: int, stream: np.uint64, identity: int, day_word: int) -> int:  # fmt: skip
    """Everybody at a place acts once; those who leave stand at the start of a link."""
    choices, places, paths = member.choices, law.places, len(law.path_end)
    path_origin, path_end, path_link, path_key = law.path_origin, law.path_end, law.path_link, law.path_key
    routes, routes_start, camp, open_links = law.routes, law.routes_start, law.camp[row], law.open_links[link_row]
    leaf_path, leaf_count, stack, running = choices.leaf_path, choices.leaf_count, choices.stack, choices.running
    stale, leave, full, travel, stints = choices.stale, choices.leave, choices.full, out.travel, law.stints
    kind, view, home, harvest = law.kind, law.view, law.home, law.harvest[day] == 1
    for entry in range(now.used[0]):
        staying = now.persons[entry]
        if staying == 0:
            continue
        path, group, first, _, since = unpack_who(now.who[entry])
        _, recent = unpack_where(now.where[entry])
        later = recent >> 1 if stints else 0
        if harvest and home[group] >= 0:
            if put(stand, pack_who(path, group, first, 1, since), pack_where(0, later), staying) == FULL:
                return NO_ROOM
            continue
        place = path
        found = 0
        if path >= paths:
            place = path - paths
        elif path >= places:
            place = path_origin[path]
            if open_links[path_link[path]] == 1 and full[path_end[path]] == 0:
                leaf_path[0] = path
                leaf_count[0] = staying
                found = 1
        else:
            cell = draw_cell(path_key[place], STAGE_MOVE, group, first, 0, 0, recent, since)
            u = uniform_at(stream, identity, day_word, cell)
            chance = leave[view[group], place]
            moving = count_of(u, staying, chance) if staying > 1 else (1 if u < chance else 0)
            start = routes_start[place]
            if moving > 0 and stale[place] == 1:
                weigh(law, choices, row, place, member.population)
            if staying == 1 and moving == 1:
                v = u / min(chance, 1.0)
                chosen = pick_one(v, running[kind[group]], start + place, routes_start[place + 1] - start)
                if chosen >= 0:
                    leaf_path[0] = routes[start + chosen]
                    leaf_count[0] = 1
                    found = 1
            elif moving > 0:
                found = split_over_routes(
                    running[kind[group]], start, routes_start[place + 1] - start, start + place, routes, path_key,
                    leaf_path, leaf_count, stack, group, first, 0, 0, recent, since, moving, stream, identity, day_word,
                )  # fmt: skip
        for i in range(found):
            if full[path_end[leaf_path[i]]] == 0:
                staying -= leaf_count[i]
                who = pack_who(leaf_path[i], group, first, 0, since)
                if put(road, who, pack_where(0, recent), leaf_count[i]) == FULL:
                    return NO_ROOM
        if staying > 0:
            if since > 0 and camp[place] == 1:
                travel[place, day - (since - 1), k] += staying
                since = 0
            if put(stand, pack_who(place, group, first, 0, since), pack_where(0, later), staying) == FULL:
                return NO_ROOM
    return OK


@kernel()
def second_phase(law: Law, member: Member, out: Output, travelling: Cells, stand: Cells, road: Cells, row: int,
                 link_row: int, day: int, k: int, stream: np.uint64, identity: int, day_word: int) -> int:  # fmt: skip
    """Everybody on a link travels; those who arrive before the day is over act again, nearest first, and travel on.

    One loop takes, in this order: people who have just left a place today, the next cell of people on a link, the next
    stop. So the steps of a link and of a night stand here once.
    """
    choices, places, paths = member.choices, law.places, len(law.path_end)
    path_origin, path_end, path_link, path_key = law.path_origin, law.path_end, law.path_link, law.path_key
    path_after, path_back, link_length, link_speed = law.path_after, law.path_back, law.link_length, law.link_speed
    routes, routes_start, camp, open_links = law.routes, law.routes_start, law.camp[row], law.open_links[link_row]
    leaf_path, leaf_count, stack, running = choices.leaf_path, choices.leaf_count, choices.stack, choices.running
    stale, leave, full, travel, stints = choices.stale, choices.leave, choices.full, out.travel, law.stints
    kind, view, home, harvest = law.kind, law.view, law.home, law.harvest[day] == 1
    town, link_walk, link_start, closing, stops = (
        law.town[row],
        law.link_walk,
        law.link_start,
        member.closing,
        member.stops,
    )
    heap, heap_size, first_stop = member.heap, member.heap_size, member.first_stop
    pending, at, last, at_stop, moved_stop, turn, spare, used = 0, 0, travelling.used[0], 0, -1, 0, -1, 0
    bag, bag_next, bag_held = member.bag, member.bag_next, member.bag_held
    group, first, orphan, since, km, recent, moved, visit = 0, 0, 0, 0, 0, 0, 0, 0
    while True:
        if pending > 0:
            pending -= 1
            path, persons, first, orphan, km, sent_back = leaf_path[pending], leaf_count[pending], 0, 0, 0, False
        elif at < last:
            path, group, first, orphan, since = unpack_who(travelling.who[at])
            km, recent = unpack_where(travelling.where[at])
            persons, moved, visit = travelling.persons[at], 0, 0
            link = path_link[path]
            if closing[link] == 1 and km > 0:
                orphan = 1
            sent_back = orphan == 1 and (law.send_back or open_links[link] == 0)
            at += 1
        elif at_stop < stops.used[0]:
            entry = at_stop
            at_stop += 1
            staying = stops.persons[entry]
            visit = turn
            path, group, _, _, since = unpack_who(stops.who[entry])
            _, recent = unpack_where(stops.where[entry])
            moved = moved_stop
            later = (recent + moved) >> 1 if stints else 0
            if harvest and home[group] >= 0:
                if put(stand, pack_who(path, group, 0, 1, since), pack_where(0, later), staying) == FULL:
                    return NO_ROOM
                continue
            place = path_origin[path]
            found = 0
            if path >= places:
                if open_links[path_link[path]] == 1:
                    leaf_path[0] = path
                    leaf_count[0] = staying
                    found = 1
            else:
                chance = leave[view[group], place]
                if stints and town[place] == 1 and recent + moved < law.full_day:
                    chance = 1.0
                cell = draw_cell(path_key[place], STAGE_MOVE, group, 0, visit, moved, recent, since)
                u = uniform_at(stream, identity, day_word, cell)
                moving = count_of(u, staying, chance) if staying > 1 else (1 if u < chance else 0)
                start = routes_start[place]
                if moving > 0 and stale[place] == 1:
                    weigh(law, choices, row, place, member.population)
                if staying == 1 and moving == 1:
                    v = u / min(chance, 1.0)
                    chosen = pick_one(v, running[kind[group]], start + place, routes_start[place + 1] - start)
                    if chosen >= 0:
                        leaf_path[0] = routes[start + chosen]
                        leaf_count[0] = 1
                        found = 1
                elif moving > 0:
                    found = split_over_routes(
                        running[kind[group]], start, routes_start[place + 1] - start, start + place, routes, path_key,
                        leaf_path,
                        leaf_count, stack, group, 0, visit, moved, recent, since, moving, stream, identity, day_word,
                    )  # fmt: skip
            for i in range(found):
                if full[path_end[leaf_path[i]]] == 0:
                    leaf_path[pending] = leaf_path[i]
                    leaf_count[pending] = leaf_count[i]
                    staying -= leaf_count[i]
                    pending += 1
            if staying > 0:
                kept = since
                if kept > 0 and camp[place] == 1:
                    travel[place, day - (kept - 1), k] += staying
                    kept = 0
                if put(stand, pack_who(place, group, 0, 0, kept), pack_where(0, later), staying) == FULL:
                    return NO_ROOM
            continue
        elif heap_size[0] > 0:
            turn = turn + 1 if heap[0] == moved_stop else 1
            moved_stop = heap[0]
            moved = moved_stop
            clear(stops)
            at_stop = 0
            pack = first_stop[moved]
            if pack < 0:
                drop_nearest(heap, heap_size)
            elif turn > MOST_VISITS:
                return TOO_MANY_HOPS
            first_stop[moved] = -1
            while pack >= 0:
                for item in range(bag_held[pack]):
                    if put(stops, bag[pack, item, 0], pack_where(0, bag[pack, item, 1]), bag[pack, item, 2]) == FULL:
                        return NO_ROOM
                after = bag_next[pack]
                bag_next[pack] = spare
                spare = pack
                pack = after
            continue
        else:
            break
        link = path_link[path]
        length = link_length[link]
        walking = 0
        if law.on_foot and first == 1:
            walking = persons
        elif law.walkers and link_walk[link] > 0.0:
            cell = draw_cell(path_key[path], STAGE_WALK, group, first, visit, km + moved, recent, since)
            walking = count_of(uniform_at(stream, identity, day_word, cell), persons, link_walk[link])
        for part in range(2):
            count = walking if part == 0 else persons - walking
            if count == 0:
                continue
            speed = law.walk_speed if part == 0 else link_speed[link]
            position = km + speed
            if position < length or (law.beyond and position == length):
                later = (recent + moved + speed) >> 1 if stints else 0
                if put(road, pack_who(path, group, first, orphan, since), pack_where(position, later), count) == FULL:
                    return NO_ROOM
                continue
            covered = moved + length - km
            target = path_after[path]
            place = path_origin[target]
            if sent_back:
                place = link_start[link]
                target = path_back[path] if path_back[path] >= 0 else paths + place
            elif covered < speed:
                pack = first_stop[covered]
                if pack < 0 and not (heap_size[0] > 0 and heap[0] == covered):
                    push_distance(heap, heap_size, covered)
                if pack < 0 or bag_held[pack] == PACK:
                    fresh = spare
                    if fresh >= 0:
                        spare = bag_next[fresh]
                    elif used < len(bag):
                        fresh = used
                        used += 1
                    else:
                        return NO_ROOM
                    bag_next[fresh] = pack
                    bag_held[fresh] = 0
                    first_stop[covered] = fresh
                    pack = fresh
                item = bag_held[pack]
                bag[pack, item, 0] = pack_who(target, group, 0, 0, since)
                bag[pack, item, 1] = recent
                bag[pack, item, 2] = count
                bag_held[pack] = item + 1
                continue
            kept = since
            if kept > 0 and camp[place] == 1:
                travel[place, day - (kept - 1), k] += count
                kept = 0
            later = (recent + covered) >> 1 if stints else 0
            if put(stand, pack_who(target, group, 0, 0, kept), pack_where(0, later), count) == FULL:
                return NO_ROOM
    return OK


@kernel()
def count_here(law: Law, member: Member, stand: Cells) -> None:
    """Persons standing at each place, those who stopped moving and those at home for the harvest included."""
    paths = len(law.path_end)
    for place in range(law.places):
        member.here[place] = member.still[place]
    for entry in range(stand.used[0]):
        path, group, _, away, _ = unpack_who(stand.who[entry])
        place = path - paths if path >= paths else law.path_origin[path]
        if away == 1:
            place = law.home[group]
        member.here[place] += stand.persons[entry]


@kernel()
def stop_in_camps(law: Law, member: Member, stand: Cells, row: int, stream: np.uint64, identity: int,
                  day_word: int) -> None:  # fmt: skip
    """Camp sinks: people in camps stop moving for good with the chance of the place; they stay counted there."""
    paths = len(law.path_end)
    for entry in range(stand.used[0]):
        path, group, first, away, since = unpack_who(stand.who[entry])
        place = path - paths if path >= paths else law.path_origin[path]
        if law.camp[row, place] == 0 or law.sink[place] <= 0.0 or away == 1:
            continue
        _, recent = unpack_where(stand.where[entry])
        hops = 0 if path < law.places else 1
        key = law.path_key[path] if path < paths else law.path_key[place]
        cell = draw_cell(key, STAGE_SINK, group, first, hops + (2 if path >= paths else 0), 0, recent, since)
        stopping = count_of(uniform_at(stream, identity, day_word, cell), stand.persons[entry], law.sink[place])
        stand.persons[entry] -= stopping
        member.still[place] += stopping


@kernel()
def run_day(law: Law, member: Member, out: Output, day: int, k: int, now: Cells, stand: Cells, travelling: Cells,
            road: Cells, track: bool, keep_links: bool, stream: np.uint64, identity: int,
            day_word: int) -> int:  # fmt: skip
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
    update_leave(law, choices, row, day, member.population)
    status = first_phase(law, member, out, now, stand, travelling, row, link_row, day, k, stream, identity, day_word)
    if status != OK:
        return status
    count_here(law, member, stand)
    update_room(law, choices, row, day, member.here)
    status = second_phase(law, member, out, travelling, stand, road, row, link_row, day, k, stream, identity, day_word)
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


@kernel(nogil=True)
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
