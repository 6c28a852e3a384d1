"""Simulate the flight law: one call, many members."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.law import FlightLaw
from sarai.simulate.flight.arrays import Law, flatten_law
from sarai.simulate.flight.ensemble import NO_RECORD, FlightEnsemble
from sarai.simulate.flight.kernel import run_member
from sarai.simulate.flight.member import NO_ROOM, OK, Output, new_member
from sarai.simulate.keys import SUB_STEPS_PER_DAY, day_word, purpose_key
from sarai.simulate.philox import stream_key
from sarai.world.errors import Fault, RequestError, SaraiError

ROOM_A_PATH = 4  # cells a path, at first; a member that needs more runs again with four times the room (A173)
LEAST_ROOM = 4096  # A173


def simulate_flight(
    laws: FlightLaw | Sequence[FlightLaw], *, seed: int, members: int | Sequence[int] = 1, threads: int = 1,
    keep_travel: bool = False, keep_links: bool = True,
) -> FlightEnsemble:  # fmt: skip
    """Run members of one law, or one member of each of several laws on the same network and days.

    seed         64-bit, non-negative        members  how many (ids 0, 1, ...), or their ids
    threads      members run side by side; any number gives the same bytes
    keep_travel  also keep the days from leaving home to the first night in a camp
    Raises RequestError for counts or seeds out of range; SaraiError where a network lets people hop without end.
    """
    many = [laws] if isinstance(laws, FlightLaw) else list(laws)
    ids = list(range(members)) if isinstance(members, int) else [int(i) for i in members]
    if len(many) > 1 and isinstance(members, int) and members == 1:
        ids = list(range(len(many)))
    _check(many, ids, seed)
    case = many[0].case
    out = Output(
        place=np.zeros((case.days, len(case.places), len(ids)), dtype=np.int32),
        link=np.zeros((case.days if keep_links else 1, 2 * len(case.links), len(ids)), dtype=np.int32),
        travel=np.zeros((len(case.places), case.days if keep_travel else 1, len(ids)), dtype=np.int64),
        total=np.zeros((case.days, len(ids)), dtype=np.int64),
    )
    flat = [flatten_law(law) for law in many]
    stream = np.uint64(stream_key(seed, int(purpose_key("flight"))))

    def one(k: int) -> None:
        _run_one(flat[k if len(flat) > 1 else 0], out, k, keep_travel, keep_links, stream, ids[k], day_word(case.start))

    if threads > 1 and len(ids) > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(one, range(len(ids))))
    else:
        for k in range(len(ids)):
            one(k)
    return _gather(many[0], out, ids, seed)


def _run_one(
    law: Law, out: Output, k: int, track: bool, keep_links: bool, stream: np.uint64, identity: int, first_word: int
) -> None:
    room = max(LEAST_ROOM, ROOM_A_PATH * len(law.path_end))
    status = NO_ROOM
    while status == NO_ROOM:
        out.link[:, :, k] = 0
        out.travel[:, :, k] = 0
        status = run_member(
            law, new_member(law, room), out, k, track, keep_links, stream, identity, first_word, SUB_STEPS_PER_DAY
        )
        room *= 4
    if status != OK:
        raise SaraiError(
            "people hop between places without end within one day: links of length 0 join places that everybody leaves."
            " Give these links a length in routes.csv."
        )


def _check(laws: list[FlightLaw], ids: list[int], seed: int) -> None:
    faults = []
    if not 0 <= seed < 2**64:
        faults.append(Fault(file="--seed", what="the seed is out of range", found=str(seed), wanted="0 to 2^64 - 1"))
    if not ids:
        faults.append(Fault(file="--members", what="there is nothing to run", found="0", wanted="1 or more"))
    if len(laws) > 1 and len(laws) != len(ids):
        faults.append(Fault(what="one law a member", found=f"{len(laws)} laws, {len(ids)} members"))
    if faults:
        raise RequestError(faults)


def _gather(law: FlightLaw, out: Output, ids: list[int], seed: int) -> FlightEnsemble:
    case = law.case
    camps = tuple(int(i) for i in np.flatnonzero(law.calendar.start_camps))
    return FlightEnsemble(
        case=case, place=out.place, link=out.link, total=out.total, camps=camps, recorded=camp_records_of(law, camps),
        recorded_total=law.people.recorded[:, 0] if law.people.layout else np.full(case.days, NO_RECORD),
        travel=out.travel, members=np.array(ids, dtype=np.uint64), seed=seed,
    )  # fmt: skip


def camp_records_of(law: FlightLaw, camps: Sequence[int]) -> NDArray[np.int64]:
    """Recorded counts of camps, (day, camp); NO_RECORD where the layout has no such row."""
    row = {name: j for j, name in enumerate(law.people.layout)}
    recorded = np.full((law.case.days, len(camps)), NO_RECORD, dtype=np.int64)
    for j, i in enumerate(camps):
        name = law.case.places[i].name
        if name in row:
            recorded[:, j] = law.people.recorded[:, row[name]]
    return recorded
