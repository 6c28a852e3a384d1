"""The evening of a day: who stands where, and who stops moving for good."""

from __future__ import annotations

import numpy as np

from sarai.simulate.flight.arrays import STAGE_SINK, Law, draw_cell
from sarai.simulate.flight.cells import Cells, unpack_where, unpack_who
from sarai.simulate.flight.few import count_of
from sarai.simulate.flight.member import Member
from sarai.simulate.kernel import kernel
from sarai.simulate.philox import uniform_at


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
        _, near = unpack_where(stand.where[entry])
        hops = 0 if path < law.places else 1
        key = law.path_key[path] if path < paths else law.path_key[place]
        cell = draw_cell(key, STAGE_SINK, group, first, hops + (2 if path >= paths else 0), 0, near, since)
        stopping = count_of(uniform_at(stream, identity, day_word, cell), stand.persons[entry], law.sink[place])
        stand.way[entry] -= stopping * (stand.way[entry] // max(stand.persons[entry], 1))
        stand.persons[entry] -= stopping
        member.still[place] += stopping
