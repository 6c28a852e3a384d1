"""One member of the flight law, day by day, by counts. The readable twin is in `twin/`; both make the same draws."""

from __future__ import annotations

import numpy as np

from sarai.simulate.flight.arrays import Law
from sarai.simulate.flight.cells import Cells, clear, unpack_who
from sarai.simulate.flight.choice import open_paths
from sarai.simulate.flight.conditions import note_scores, update_leave, update_room
from sarai.simulate.flight.departures import place_day0, send_out
from sarai.simulate.flight.evening import count_here, stop_in_camps
from sarai.simulate.flight.member import NO_ROOM, OK, Member, Output
from sarai.simulate.flight.standing import first_phase
from sarai.simulate.flight.travelling import second_phase
from sarai.simulate.kernel import kernel


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
