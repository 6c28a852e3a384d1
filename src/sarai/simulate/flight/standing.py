"""First phase of a day: everybody who stands at a place acts once."""

from __future__ import annotations

import numpy as np

from sarai.simulate.flight.acting import act, keep, over_night, recent_of, spend_night
from sarai.simulate.flight.arrays import Law
from sarai.simulate.flight.cells import FULL, Cells, pack_who, unpack_who
from sarai.simulate.flight.member import NO_ROOM, OK, Member, Output
from sarai.simulate.kernel import kernel


@kernel()
def first_phase(law: Law, member: Member, out: Output, now: Cells, stand: Cells, road: Cells, row: int, link_row: int,
                day: int, k: int, stream: np.uint64, identity: int, day_word: int) -> int:  # fmt: skip
    """Everybody at a place acts once; those who leave stand at the start of a link. Returns OK, or why it stopped."""
    choices, places, paths, population = member.choices, law.places, len(law.path_end), member.population
    camp, leave, harvest = law.camp[row], choices.leave, law.harvest[day] == 1
    for entry in range(now.used[0]):
        persons = now.persons[entry]
        if persons == 0:
            continue
        path, group, first, _, since = unpack_who(now.who[entry])
        _, near, recent = recent_of(law, now, entry)
        later = over_night(law, recent)
        if harvest and law.home[group] >= 0:
            if keep(law, stand, pack_who(path, group, first, 1, since), 0, later, persons) == FULL:
                return NO_ROOM
            continue
        place = path
        if path >= paths:
            place = path - paths
        elif path >= places:
            place = law.path_origin[path]
        going, staying = act(law, choices, population, row, link_row, path, leave[law.view[group], place], group, first,
                             0, 0, near, since, persons, stream, identity, day_word)  # fmt: skip
        for i in range(going):
            who = pack_who(choices.leaf_path[i], group, first, 0, since)
            if keep(law, road, who, 0, recent, choices.leaf_count[i]) == FULL:
                return NO_ROOM
        if staying > 0 and spend_night(law, stand, camp, out.travel, place, place, group, first, since, later, staying,
                                       day, k) == FULL:  # fmt: skip
            return NO_ROOM
    return OK
