"""The returns law, compiled: all days of one block of members. Threads run whole blocks, so they change no bit."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.blocks import MEAN, allot, copy_row, fill_row, fill_uniforms, has_persons
from sarai.simulate.border_kernel import (
    day_capacity,
    divert_arrivals,
    join_queue,
    record_crossing,
    serve_hours,
)
from sarai.simulate.departure_kernel import (
    DEPARTURES,
    DEPARTURES_STATUS,
    DEPORTED,
    day_factor,
    end_tally,
    hold_deported,
    leave_stratum,
    release_above_capacity,
    step_hazards,
)
from sarai.simulate.journey_kernel import set_out, start_attraction, step_pull
from sarai.simulate.kernel import kernel
from sarai.simulate.layout import (
    CAPACITY,
    DAY,
    DIVERT,
    DIVERT_DAYS,
    HOLDING_CAPACITY,
    HOLDING_STAY,
    ORDER,
    PATTERN,
    ROAD_DAYS,
    ROUTE,
    SERVE,
    SERVICE_LOG_SD,
    STAGE_STAY,
    STATUS,
    STAY,
    WORD,
    Layout,
)
from sarai.simulate.reception_kernel import (
    ARRIVALS,
    OCCUPANCY,
    STAGE_ARRIVALS,
    arrive,
    count_above,
    route,
    send_onward,
    step_cell,
)
from sarai.simulate.record_kernel import add_road, add_row, add_rows, count_road, keep_rows
from sarai.simulate.rows import are_paired
from sarai.simulate.state import (
    ALL,
    BASE,
    BEYOND,
    CAPACITY_FACTOR,
    EARLIER,
    ENFORCED,
    HELD_STOCK,
    HOLD_FACTOR,
    LEFT,
    ONWARD_WAY,
    POOL,
    SLOWNESS,
    STAY_FACTOR,
    STOCK,
    TODAY,
    WAY,
    Beliefs,
    State,
)

REMAINING, HELD, ON_ROAD, ONWARD_STOCK = 10, 11, 12, 13  # positions in ensemble.AXES


@kernel(nogil=True)
def span(row: NDArray[np.float64]) -> tuple[float, float]:
    """The least and the greatest of a row."""
    low, high = row[0], row[0]
    for m in range(len(row)):
        low = row[m] if row[m] < low else low
        high = row[m] if row[m] > high else high
    return low, high


@kernel(nogil=True, borrows=True)
def run_block(
    layout: Layout,
    beliefs: Beliefs,
    state: State,
    members: NDArray[np.int64],
    kept: NDArray[np.int64],
    counts: NDArray[np.int32],
    means: NDArray[np.float64],
    first: int,
    mode: int,
    border: bool,
    begin: int,
    end: int,
    usual: NDArray[np.float64],
) -> None:
    """Run one block of members through days begin .. end - 1 of the layout; the state goes on from where it stands.

    members (member,) ids    kept  rows of the record to keep
    counts, means (day, kept, member): the one that the mode writes is full size
    first   position of the block's first member    mode: blocks.MEAN, EXACT or FAST    border: stop after the crossing
    usual (crossing,)  room to work in
    """
    lanes, record, row, streams = state.lanes, state.record, layout.row, layout.streams
    crossings, classes = layout.crossing.shape[1], layout.label.shape[1]
    statuses, cells = layout.class_of.shape[0], len(layout.cell_stage)
    factor, top, left = lanes[1], lanes[0], lanes[3]
    old, new, queue, capacity, served, part = lanes[8], lanes[9], lanes[10], lanes[11], lanes[12], lanes[13]
    flat_road = state.road.reshape((state.road.shape[0], crossings * classes, len(members)))
    ids = members[:1] if are_paired(members) else members  # the first alone where the others run on from it
    pace = span(beliefs.common[SLOWNESS])
    if begin == 0:
        for g in range(state.people.shape[1]):
            copy_row(state.people[STOCK, g], beliefs.stratum[POOL, g])
    fill_row(state.tally[WAY], 0.0)
    fill_row(state.tally[ONWARD_WAY], 0.0)
    add_road(state.tally[WAY], flat_road, begin - 1, 0, flat_road.shape[1])
    add_road(state.tally[ONWARD_WAY], state.onward, begin - 1, 0, state.onward.shape[1])
    start_attraction(layout.road, beliefs.crossing, beliefs.common, state.attraction)
    for t in range(begin, end):
        word = layout.calendar[WORD, t]
        record[:] = 0.0

        # leaving
        step_hazards(
            layout.calendar[DAY, t], layout.wave_day, layout.pattern_wave,
            beliefs.wave, beliefs.wave_weight, state.wave_hazard, state.pattern_hazard,
        )  # fmt: skip
        for x in range(crossings):
            usual[x] = layout.crossing[CAPACITY, x] * layout.open_fraction[t, x]
        last_open = step_pull(
            usual, state.waiting, beliefs.crossing, beliefs.common, beliefs.crossing_effect[t], top, state.choice
        )
        day_factor(beliefs.log_effect[t], beliefs.stratum, beliefs.common, state.tally, factor)
        for o in range(len(layout.origin_start) - 1):
            state.leaving[:] = 0.0
            low, high = layout.origin_start[o], layout.origin_start[o + 1]
            holds = layout.holding[HOLDING_CAPACITY, o] > 0.0 and layout.holding[HOLDING_STAY, o] > 0.0
            for g in range(low, high):
                if not (has_persons(state.people[STOCK, g]) or has_persons(state.people[HELD_STOCK, g])):
                    continue
                s, k = layout.stratum[STATUS, g], layout.stratum[PATTERN, g]
                leave_stratum(
                    word, layout.stratum_key[g], streams, ids, mode,
                    state.people[STOCK, g], beliefs.stratum[BASE, g],
                    state.pattern_hazard[ALL, k], state.pattern_hazard[ENFORCED, k],
                    beliefs.origin_intensity[o], beliefs.status, s, beliefs.common, factor,
                    layout.class_of, state.leaving, lanes, left,
                )  # fmt: skip
                add_row(record[row[DEPARTURES] + o], left)
                add_row(record[row[DEPARTURES_STATUS] + s], left)
                add_row(state.tally[LEFT], left)
                if holds:
                    hold_deported(
                        word, layout.stratum_key[g], streams, ids, mode,
                        layout.holding[HOLDING_STAY, o], beliefs.common[HOLD_FACTOR],
                        state.people[HELD_STOCK, g], state.leaving[layout.class_of[s, DEPORTED]], lanes,
                    )  # fmt: skip
            if holds and layout.holding[HOLDING_CAPACITY, o] < math.inf:
                release_above_capacity(
                    layout.holding[HOLDING_CAPACITY, o], state.people[HELD_STOCK, low:high],
                    layout.stratum[STATUS, low:high], layout.class_of, state.leaving,
                )  # fmt: skip
            set_out(
                t, word, layout.choice_key[o], layout.journey_key[o], streams, ids, mode,
                state.attraction[o], state.choice, last_open, layout.road[ROAD_DAYS, o], beliefs.common[SLOWNESS], pace,
                state.leaving, state.chosen, flat_road, state.tally[WAY], lanes,
            )  # fmt: skip
        end_tally(state.tally)

        # the border
        slot = t % state.road.shape[0]
        for x in range(crossings):
            to = layout.divert_to[x]
            if to >= 0 and usual[to] > 0.0:
                divert_arrivals(
                    t, word, layout.queue_key[x], streams[DIVERT], ids, mode,
                    usual[x], beliefs.crossing[CAPACITY_FACTOR, x], beliefs.common,
                    x, to, layout.crossing[DIVERT_DAYS, x],
                    state.waiting[EARLIER, x], state.road, lanes,
                )  # fmt: skip
            join_queue(x, state.road[slot, x], state.waiting, old, new, state.tally[WAY])
            crossed = state.crossed[x]
            crossed[:] = 0.0
            if has_persons(old) or has_persons(new):
                log_sd = layout.crossing[SERVICE_LOG_SD, x]
                day_capacity(
                    word, layout.crossing_key[x], streams[SERVE], ids, mode,
                    usual[x], log_sd, beliefs.crossing[CAPACITY_FACTOR, x], lanes[7], capacity,
                )  # fmt: skip
                serve_hours(layout.hours, x, log_sd, old, new, capacity, queue, served, part, mode)
                if mode != MEAN:
                    fill_uniforms(lanes[7], ids, streams[ORDER], word, layout.crossing_key[x])
                if has_persons(part):
                    allot(state.waiting[EARLIER, x], crossed, old, part, lanes[7], lanes[4], lanes[5], lanes[6], mode)
                if has_persons(served):
                    allot(
                        state.waiting[TODAY, x], state.chosen, new, served, lanes[7], lanes[4], lanes[5], lanes[6], mode
                    )
                    for f in range(classes):
                        add_row(crossed[f], state.chosen[f])
            record_crossing(x, layout.label, statuses, row, crossed, state.waiting, record)

        # reception and the onward journey
        if not border:
            state.inflow[:] = 0.0
            for x in range(crossings):
                for f in range(classes):
                    if has_persons(state.crossed[x, f]):
                        entry = x * classes + f
                        route(
                            word, layout.edge_key, streams[ROUTE], ids, mode, state.crossed[x, f],
                            layout.entry_start[entry], layout.entry_start[entry + 1],
                            layout.edge_to, layout.edge_cond, state.inflow, lanes,
                        )  # fmt: skip
            for c in range(cells):
                stage = layout.cell_stage[c]
                step_cell(
                    word, layout.cell_key[c], streams[STAY], ids, mode,
                    layout.stage[STAGE_STAY, stage], beliefs.common[STAY_FACTOR],
                    state.present[c], state.inflow[c], old,
                    record[row[STAGE_ARRIVALS] + stage], record[row[OCCUPANCY] + stage], lanes,
                )  # fmt: skip
                if has_persons(old):
                    route(
                        word, layout.edge_key, streams[ROUTE], ids, mode, old,
                        layout.edge_start[c], layout.edge_start[c + 1],
                        layout.edge_to, layout.edge_cond, state.inflow, lanes,
                    )  # fmt: skip
            count_above(layout.stage, row, record)
            for group in range(len(layout.group_start) - 1):
                low, high = layout.group_start[group], layout.group_start[group + 1]
                send_onward(
                    t, word, layout.onward_key, layout.source_key[low:high], streams, ids, mode,
                    layout.source_start[low : high + 1], layout.onward_to, layout.onward_edge,
                    beliefs.common[SLOWNESS], pace, state.inflow[cells + low : cells + high],
                    state.going, state.onward, state.tally[ONWARD_WAY], lanes,
                )  # fmt: skip
            arrive(
                state.onward[t % state.onward.shape[0]], record[row[ARRIVALS] : row[ARRIVALS + 1]],
                state.tally[ONWARD_WAY],
            )  # fmt: skip
            count_road(record[row[ONWARD_STOCK]], state.onward, t, 1, state.tally[ONWARD_WAY], mode)

        # stocks
        add_rows(record[row[REMAINING]], state.people[STOCK])
        add_rows(record[row[REMAINING]], beliefs.stratum[BEYOND])
        add_rows(record[row[HELD]], state.people[HELD_STOCK])
        count_road(record[row[ON_ROAD]], flat_road, t, crossings, state.tally[WAY], mode)
        keep_rows(record, kept, counts, means, t, first, mode)
