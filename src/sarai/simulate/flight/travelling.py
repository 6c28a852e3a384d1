"""Second phase of a day: everybody on a link travels, and acts again where the day is not over."""

from __future__ import annotations

import numpy as np

from sarai.simulate.flight.acting import act, keep, over_night, recent_of, spend_night
from sarai.simulate.flight.arrays import STAGE_BITS, STAGE_WALK, STAGE_WALK_BACK, VISITS, Law, draw_cell
from sarai.simulate.flight.arrivals import gather_stops, keep_arrival
from sarai.simulate.flight.cells import FULL, Cells, pack_who, unpack_who
from sarai.simulate.flight.few import count_of
from sarai.simulate.flight.member import NO_ROOM, OK, Member, Output
from sarai.simulate.kernel import kernel
from sarai.simulate.philox import uniform_at


@kernel(inline=True)
def walkers(law: Law, path: int, group: int, first: int, chose: int, orphan: int, visit: int, way: int, near: int,
            since: int, persons: int, stream: np.uint64, identity: int, day_word: int) -> int:  # fmt: skip
    """How many of the people on a link walk today: all who start on foot, else by the chance of the link.

    way    steps on the link, or class of the distance covered before it today; near  class of the recent distance
    chose  1: they chose the path today at a stop, where others go on along it: two draws, so two keys. Orphans, too,
           have a key of their own.
    """
    if law.on_foot and first == 1:
        return persons
    share = law.link_walk[law.path_link[path]] if law.walkers else 0.0
    if share <= 0.0:
        return 0
    stage = STAGE_WALK_BACK if orphan == 1 else STAGE_WALK
    cell = draw_cell(law.path_key[path], stage, group, first | chose, visit, way, near, since)
    return int(count_of(uniform_at(stream, identity, day_word, cell), persons, share))


@kernel(inline=True)
def ride(law: Law, member: Member, out: Output, stand: Cells, road: Cells, camp: np.ndarray, path: int, group: int,
         first: int, orphan: int, since: int, km: int, recent: int, moved: int, sent_back: bool, speed: int,
         persons: int, day: int, k: int) -> bool:  # fmt: skip
    """People go a day's way, or the rest of it: along the link, back to its start, to its end for the night, or there
    with part of the day left. False where there is no room.
    """
    link, position = law.path_link[path], km + speed
    length = law.link_length[link]
    if position < length or (law.beyond and position == length):
        later = over_night(law, recent + moved + speed)
        who = pack_who(path, group, first, orphan, since)
        return bool(keep(law, road, who, position, later, persons) != FULL)
    covered = moved + length - km
    target = law.path_after[path]
    place = law.path_origin[target]
    if sent_back:
        place = law.link_start[link]
        target = law.path_back[path] if law.path_back[path] >= 0 else len(law.path_end) + place
    elif covered < speed:
        return bool(keep_arrival(law, member, covered, pack_who(target, group, 0, 0, since), recent, persons))
    later = over_night(law, recent + covered)
    return bool(
        spend_night(law, stand, camp, out.travel, place, target, group, 0, since, later, persons, day, k) != FULL
    )


@kernel()
def second_phase(law: Law, member: Member, out: Output, travelling: Cells, stand: Cells, road: Cells, row: int,
                 link_row: int, day: int, k: int, stream: np.uint64, identity: int, day_word: int) -> int:  # fmt: skip
    """Everybody on a link travels; those who arrive before the day is over act again, nearest first, and travel on.

    One loop takes, in this order: people who have just left a place today, the next cell of people on a link, the next
    stop. So the steps of a link and of a night stand here once. Returns OK, or why it stopped.
    """
    choices, population, stops, stints = member.choices, member.population, member.stops, law.stints
    leaf_path, leaf_count, leave = choices.leaf_path, choices.leaf_count, choices.leave
    camp, town, open_links, harvest = law.camp[row], law.town[row], law.open_links[link_row], law.harvest[day] == 1
    member.packs[0], member.packs[1] = -1, 0
    pending, at, last, at_stop, stage, turn = 0, 0, travelling.used[0], 0, -1, 0
    group, first, chose, orphan, since, km, near, recent, moved, visit, reach = 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    while True:
        if pending > 0:
            pending -= 1
            path, persons, first, orphan, km, sent_back = leaf_path[pending], leaf_count[pending], 0, 0, 0, False
        elif at < last:
            path, group, first, orphan, since = unpack_who(travelling.who[at])
            km, near, recent = recent_of(law, travelling, at)
            persons, moved, visit, chose, reach = travelling.persons[at], 0, 0, 0, 0
            link = law.path_link[path]
            if member.closing[link] == 1 and km > 0:
                orphan = 1
            sent_back = orphan == 1 and (law.send_back or open_links[link] == 0)
            at += 1
        elif at_stop < stops.used[0]:
            path, group, _, _, since = unpack_who(stops.who[at_stop])
            _, near, recent = recent_of(law, stops, at_stop)
            persons, visit, chose = stops.persons[at_stop], turn, 1 if path < law.places else 0
            moved = stage if law.stop_step == 1 else member.covered[at_stop] // persons
            reach = stage if turn < VISITS else stage | (turn // VISITS) << STAGE_BITS
            at_stop += 1
            later = over_night(law, recent + moved)
            if harvest and law.home[group] >= 0:
                if keep(law, stand, pack_who(path, group, 0, 1, since), 0, later, persons) == FULL:
                    return NO_ROOM
                continue
            place = law.path_origin[path]
            chance = leave[law.view[group], place]
            if stints and town[place] == 1 and recent + moved < law.full_day:
                chance = 1.0
            pending, staying = act(law, choices, population, row, link_row, path, chance, group, 0, visit, reach,
                                   near, since, persons, stream, identity, day_word)  # fmt: skip
            if staying > 0 and spend_night(law, stand, camp, out.travel, place, place, group, 0, since, later, staying,
                                           day, k) == FULL:  # fmt: skip
                return NO_ROOM
            continue
        elif member.heap_size[0] > 0:
            turn = turn + 1 if member.heap[0] == stage else 1
            stage = member.heap[0]
            at_stop = 0
            status = gather_stops(law, member, stage, turn)
            if status != OK:
                return status
            continue
        else:
            return OK
        walking = walkers(law, path, group, first, chose, orphan, visit, km + reach, near, since, persons, stream,
                          identity, day_word)  # fmt: skip
        for part in range(2):
            count = walking if part == 0 else persons - walking
            speed = law.walk_speed if part == 0 else law.link_speed[law.path_link[path]]
            if count > 0 and not ride(law, member, out, stand, road, camp, path, group, first, orphan, since, km,
                                      recent, moved, sent_back, speed, count, day, k):  # fmt: skip
                return NO_ROOM
