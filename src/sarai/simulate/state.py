"""Beliefs and state of a block of members, as the kernel holds them: the member is always the last axis."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel
from sarai.simulate.layout import Layout
from sarai.world.civil import day_date

Floats = NDArray[np.float64]

LONGEST_WAIT_DAYS = 30.0  # an expected wait beyond this is felt like this one; assumption A100
WEEK_DAYS = 7
YEAR_DAYS = 365.25


POOL, BEYOND, BASE = 0, 1, 2  # rows of Beliefs.stratum
ANNOUNCE, RISE, RISE_DAYS, FALL_DAYS, ENFORCE, ONSET_DAYS, ENFORCE_DAYS, LAG = range(8)  # rows of Beliefs.wave
INTENSITY, DEPORTED_BASE, DEPORTED_ENFORCED, FACILITATED_SHARE = range(4)  # rows of Beliefs.status
CROSSING_AFFINITY, CAPACITY_FACTOR = 0, 1  # rows of Beliefs.crossing
HOUSEHOLD, DISTANCE_WEIGHT, WAIT_WEIGHT, SLOWNESS, DIVERT_FRACTION, DIVERT_WAIT, STAY_FACTOR, HOLD_FACTOR, CONTAGION = (
    range(9)
)  # rows of Beliefs.common
STOCK, HELD_STOCK = 0, 1  # rows of State.people
EARLIER, TODAY = 0, 1  # rows of State.waiting
ALL, ENFORCED = 0, 1  # rows of State.wave_hazard, State.pattern_hazard
PULL, CONDITION = 0, 1  # rows of State.choice
RECENT, LEFT, WAY, ONWARD_WAY = range(4)  # rows of State.tally


class Beliefs(NamedTuple):
    """What each member of a block believes; last axis member.

    members          (member,) ids
    stratum          (3, G)    POOL persons at risk at the start, BEYOND persons not at risk, BASE persons/day who leave
    wave             (8, W)    ANNOUNCE, RISE, ENFORCE hazards per day; the others days
    wave_weight      (P, W)    weight of a wave's hazard in a pattern: its fraction over that of all together
    origin_intensity (O,)
    status           (4, S)    INTENSITY, DEPORTED_BASE, DEPORTED_ENFORCED, FACILITATED_SHARE
    crossing         (2, X)    CROSSING_AFFINITY logit, CAPACITY_FACTOR
    common           (9,)      HOUSEHOLD ... CONTAGION; SLOWNESS is 1 / speed factor
    log_effect       (T,)      log of the factor of the day: discrepancy and the optional effects
    crossing_effect  (T, X)    logit
    """

    members: NDArray[np.uint64]
    stratum: Floats
    wave: Floats
    wave_weight: Floats
    origin_intensity: Floats
    status: Floats
    crossing: Floats
    common: Floats
    log_effect: Floats
    crossing_effect: Floats


class State(NamedTuple):
    """Where the persons of a block are, and the space to work in. Nothing is allocated after this.

    people         (2, G)         STOCK not yet left and at risk, HELD_STOCK before the border
    road           (slot, X, F)   on the way to a crossing, by day of arrival modulo the slots
    waiting        (2, X, F)      in the queue since EARLIER days, since TODAY
    present        (C,)           at a reception stage
    onward         (slot, D)      on the way from the border
    tally          (4,)           RECENT: persons who left, a running week; LEFT: today; WAY, ONWARD_WAY: on the roads
    record         (row,)         today's observables
    the others     scratch of one day
    """

    people: Floats
    road: Floats
    waiting: Floats
    present: Floats
    onward: Floats
    tally: Floats
    record: Floats
    attraction: Floats
    choice: Floats
    wave_hazard: Floats
    pattern_hazard: Floats
    leaving: Floats
    chosen: Floats
    crossed: Floats
    inflow: Floats
    going: Floats
    lanes: Floats


LINE = 8  # doubles of a line of cache
LANES = 16  # rows of scratch in State.lanes


def wave_weights(parameters: Parameters, layout: Layout) -> tuple[Floats, Floats]:
    """(pattern, wave, member) weights of hazards and (pattern, member) fraction at risk of each pattern.

    The fraction at risk under several waves is 1 - prod(1 - fraction); where no wave names anyone, all are at risk of
    the base flow. A pattern's hazard is sum(fraction x hazard) / fraction of the pattern, so that the flow before
    depletion is the sum of the waves' flows.
    """
    named = layout.pattern_wave[..., None].astype(np.float64)
    fraction = named * parameters.at_risk_fraction[None]
    stay = np.ones((named.shape[0], parameters.member_count))
    for wave in range(named.shape[1]):
        stay *= 1.0 - fraction[:, wave]
    union = 1.0 - stay
    safe = np.where(union > 0.0, union, 1.0)
    return np.where(union[:, None] > 0.0, fraction / safe[:, None], 0.0), np.where(union > 0.0, union, 1.0)


def day_effects(model: ReturnsModel, parameters: Parameters, days: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """(day, member) log effect of each day and (day, crossing, member) logit effect; 0 outside the rows given."""
    count = parameters.member_count
    total = np.zeros((len(days), count))
    crossing = np.zeros((len(days), len(model.crossings), count))
    at = days - parameters.first_day
    inside = (at >= 0) & (at < parameters.discrepancy.shape[0])
    total[inside] = parameters.discrepancy[at[inside]]
    inside = (at >= 0) & (at < parameters.crossing_discrepancy.shape[0])
    crossing[inside] = parameters.crossing_discrepancy[at[inside]]
    if "weekday_effect" in model.switches:
        total += parameters.weekday_effect[[day_date(int(day)).weekday() for day in days]]
    if "holiday_effect" in model.switches:
        total += np.isin(days, model.holidays)[:, None] * parameters.holiday_effect
    if "season_amplitude" in model.switches or "season_peak_day" in model.switches:
        year_day = np.array([day_date(int(day)).timetuple().tm_yday for day in days], dtype=np.float64)
        total += parameters.season_amplitude * rational_cosine(year_day[:, None] - parameters.season_peak_day)
    return total, crossing


def rational_cosine(day: Floats) -> Floats:
    """Cosine of a yearly cycle by Bhaskara's rational formula (error below 0.002): the same bits on every machine."""
    degrees = np.abs(day * (360.0 / YEAR_DAYS))
    degrees = np.where(degrees > 360.0, degrees - 360.0, degrees)
    degrees = np.where(degrees > 180.0, 360.0 - degrees, degrees)
    mirrored = np.where(degrees > 90.0, 180.0 - degrees, degrees)
    square = mirrored * mirrored
    value = (32400.0 - 4.0 * square) / (32400.0 + square)
    return np.where(degrees > 90.0, -value, value)


def build_beliefs(model: ReturnsModel, parameters: Parameters, layout: Layout, whole: bool) -> Beliefs:
    """The beliefs of every member. `whole`: persons are rounded to whole numbers (mode `draws`)."""
    weight, union = wave_weights(parameters, layout)
    population = np.floor(parameters.population + 0.5) if whole else parameters.population
    pool = population * union[layout.stratum[2]]
    pool = np.floor(pool + 0.5) if whole else pool
    total = np.zeros(parameters.member_count)
    for stratum in range(population.shape[0]):
        total = total + population[stratum]
    share = population / np.where(total > 0.0, total, 1.0)
    log_effect, crossing_effect = day_effects(model, parameters, layout.calendar[0])
    p = parameters
    return Beliefs(
        members=p.member_ids,
        stratum=np.stack([pool, population - pool, share * p.base_persons_day]),
        wave=np.stack(
            [
                p.announce_rate,
                p.rise_rate * p.rise_multiplier,
                p.rise_days,
                p.fall_days,
                p.enforce_rate * p.enforce_multiplier,
                p.enforce_onset_days,
                p.enforce_days,
                p.lag_days,
            ]
        ),
        wave_weight=weight,
        origin_intensity=p.origin_intensity,
        status=np.stack(
            [p.status_intensity, p.deported_base_fraction, p.deported_enforced_fraction, p.facilitated_fraction]
        ),
        crossing=np.stack([p.crossing_affinity, p.capacity_factor]),
        common=np.stack(
            [
                p.household_size,
                p.distance_weight,
                p.wait_weight,
                1.0 / p.journey_speed_factor,
                p.diversion_fraction,
                p.diversion_wait_days,
                p.stay_factor,
                p.holding_stay_factor,
                p.contagion_weight,
            ]
        ),
        log_effect=log_effect,
        crossing_effect=crossing_effect,
    )


def take_block(beliefs: Beliefs, first: int, last: int) -> Beliefs:
    """The members first .. last - 1, each array contiguous."""
    return Beliefs(*(aligned_copy(array[..., first:last]) for array in beliefs))


def aligned_zeros(shape: tuple[int, ...]) -> Floats:
    """Zeros that begin where a line of the processor's cache begins.

    So does then every row of 8 k members; a vector that lies across two lines costs two loads, and more to store.
    """
    size = math.prod(shape)
    room = np.zeros(size + LINE)
    at = -(room.ctypes.data // room.itemsize) % LINE
    return room[at : at + size].reshape(shape)


def aligned_copy(array: NDArray[Any]) -> NDArray[Any]:
    """A copy, contiguous, of an array of items of 8 bytes that begins where a line of the cache begins."""
    copy = aligned_zeros(array.shape).view(array.dtype)
    copy[...] = array
    return copy


def copy_state(state: State) -> State:
    """The same persons once more."""
    return State(*(aligned_copy(array) for array in state))


def road_slots(longest_days: Floats, slowest: float) -> int:
    """Days of road that must be kept apart: the longest journey of the slowest member, the day itself and one more."""
    longest = float(longest_days.max()) if longest_days.size else 0.0
    return math.ceil(longest * slowest) + 2


def state_shapes(layout: Layout, slowest: float, border: bool) -> dict[str, tuple[int, ...]]:
    """Shape of each array of the state before the member axis."""
    waves, patterns = layout.pattern_wave.shape[1], layout.pattern_wave.shape[0]
    strata, crossings = layout.stratum.shape[1], layout.crossing.shape[1]
    origins, classes, cells = len(layout.origin_start) - 1, layout.label.shape[1], len(layout.cell_stage)
    sources = len(layout.source_start) - 1
    arriving = int(layout.row[AT_ARRIVALS + 1] - layout.row[AT_ARRIVALS])
    before = road_slots(np.concatenate([layout.road[0].ravel(), layout.crossing[2] + 1.0]), slowest)
    after = 1 if border else road_slots(layout.onward_edge[1], slowest)
    return {
        "people": (2, strata),
        "road": (before, crossings, classes),
        "waiting": (2, crossings, classes),
        "present": (0 if border else cells,),
        "onward": (after, arriving),
        "tally": (4,),
        "record": (int(layout.row[-1]),),
        "attraction": (origins, crossings),
        "choice": (2, crossings),
        "wave_hazard": (2, waves),
        "pattern_hazard": (2, patterns),
        "leaving": (classes,),
        "chosen": (classes,),
        "crossed": (crossings, classes),
        "inflow": (0 if border else cells + sources,),
        "going": (2, 0 if border else sources),
        "lanes": (LANES,),
    }


AT_ARRIVALS = 9  # position of `arrivals` in ensemble.AXES


def new_state(shapes: dict[str, tuple[int, ...]], members: int) -> State:
    """A state in which nobody is anywhere yet."""
    return State(**{name: aligned_zeros((*shape, members)) for name, shape in shapes.items()})


def lengthen_roads(state: State, begin: int, slots: tuple[int, int]) -> State:
    """The state before day `begin`, with room on the roads for journeys of so many slots or as many as it had.

    slots  (to a crossing, onward)    Who arrives on day t lies in slot t modulo the slots, whatever their number.
    """
    road, onward = (
        lengthen_ring(ring, begin, most) for ring, most in zip((state.road, state.onward), slots, strict=True)
    )
    return state._replace(road=road, onward=onward)


def lengthen_ring(ring: Floats, begin: int, slots: int) -> Floats:
    """Slots of days from `begin` on, moved to a ring of `slots` slots; a ring that is long enough is returned as is."""
    had = ring.shape[0]
    if slots <= had:
        return ring
    longer = np.zeros((slots, *ring.shape[1:]))
    days = np.arange(begin, begin + had)
    longer[days % slots] = ring[days % had]
    return longer
