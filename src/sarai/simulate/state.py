"""Beliefs and state of a block of members, as the kernel holds them: the member is always the last axis."""

from __future__ import annotations

import math
from typing import NamedTuple

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


class Beliefs(NamedTuple):
    """What each member of a block believes; last axis member. Patterns are sets of waves that name a stratum.

    pool            (stratum,) persons at risk at the start, whole numbers in mode `draws`
    beyond          (stratum,) persons not at risk, who stay for the whole run
    base_daily      (stratum,) persons a day who leave in any case
    wave_weight     (pattern, wave) weight of a wave's hazard in a pattern: its fraction over that of all together
    log_effect      (day,) log of the factor of the day: discrepancy and the optional effects
    crossing_effect (day, crossing) logit
    """

    members: NDArray[np.uint64]
    pool: Floats
    beyond: Floats
    base_daily: Floats
    wave_weight: Floats
    announce_rate: Floats
    rise_rate: Floats
    rise_days: Floats
    fall_days: Floats
    enforce_rate: Floats
    enforce_onset_days: Floats
    enforce_days: Floats
    lag_days: Floats
    origin_intensity: Floats
    status_intensity: Floats
    household_size: Floats
    deported_base: Floats
    deported_enforced: Floats
    facilitated: Floats
    distance_weight: Floats
    wait_weight: Floats
    crossing_affinity: Floats
    slowness: Floats
    capacity_factor: Floats
    diversion_fraction: Floats
    diversion_wait: Floats
    stay_factor: Floats
    holding_stay_factor: Floats
    contagion: Floats
    log_effect: Floats
    crossing_effect: Floats


class State(NamedTuple):
    """Where the persons of a block are, and the space to work in. Nothing is allocated after this.

    pool, held        (stratum,) not yet left; held before the border
    road              (slot, crossing, class) on the way to a crossing, by day of arrival modulo the slots
    waiting_old, waiting_new   (crossing, class) in the queue since an earlier day, since today
    present           (cell,) at a reception stage
    onward            (slot, destination) on the way from the border
    recent, left      () persons who left lately (a running week) and today
    record            (row,) today's observables
    """

    pool: Floats
    held: Floats
    road: Floats
    waiting_old: Floats
    waiting_new: Floats
    present: Floats
    onward: Floats
    recent: Floats
    record: Floats
    attraction: Floats
    pull: Floats
    wave_hazard: Floats
    wave_enforced: Floats
    pattern_hazard: Floats
    pattern_enforced: Floats
    leaving: Floats
    condition: Floats
    chosen: Floats
    inflow: Floats
    crossed: Floats
    lanes: Floats


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
    pool = population * union[layout.stratum_pattern]
    pool = np.floor(pool + 0.5) if whole else pool
    total = np.zeros(parameters.member_count)
    for stratum in range(population.shape[0]):
        total = total + population[stratum]
    share = population / np.where(total > 0.0, total, 1.0)
    log_effect, crossing_effect = day_effects(model, parameters, layout.days)
    return Beliefs(
        members=parameters.member_ids,
        pool=pool,
        beyond=population - pool,
        base_daily=share * parameters.base_persons_day,
        wave_weight=weight,
        announce_rate=parameters.announce_rate,
        rise_rate=parameters.rise_rate * parameters.rise_multiplier,
        rise_days=parameters.rise_days,
        fall_days=parameters.fall_days,
        enforce_rate=parameters.enforce_rate * parameters.enforce_multiplier,
        enforce_onset_days=parameters.enforce_onset_days,
        enforce_days=parameters.enforce_days,
        lag_days=parameters.lag_days,
        origin_intensity=parameters.origin_intensity,
        status_intensity=parameters.status_intensity,
        household_size=parameters.household_size,
        deported_base=parameters.deported_base_fraction,
        deported_enforced=parameters.deported_enforced_fraction,
        facilitated=parameters.facilitated_fraction,
        distance_weight=parameters.distance_weight,
        wait_weight=parameters.wait_weight,
        crossing_affinity=parameters.crossing_affinity,
        slowness=1.0 / parameters.journey_speed_factor,
        capacity_factor=parameters.capacity_factor,
        diversion_fraction=parameters.diversion_fraction,
        diversion_wait=parameters.diversion_wait_days,
        stay_factor=parameters.stay_factor,
        holding_stay_factor=parameters.holding_stay_factor,
        contagion=parameters.contagion_weight,
        log_effect=log_effect,
        crossing_effect=crossing_effect,
    )


def take_block(beliefs: Beliefs, first: int, last: int) -> Beliefs:
    """The members first .. last - 1, each array contiguous."""
    parts = {name: np.ascontiguousarray(array[..., first:last]) for name, array in beliefs._asdict().items()}
    return Beliefs(**parts)


def road_slots(longest_days: Floats, slowest: float) -> int:
    """Days of road that must be kept apart: the longest journey of the slowest member, the day itself and one more."""
    longest = float(longest_days.max()) if longest_days.size else 0.0
    return math.ceil(longest * slowest) + 2


def state_shapes(layout: Layout, slowest: float, border: bool) -> dict[str, tuple[int, ...]]:
    """Shape of each array of the state before the member axis."""
    waves, patterns = layout.pattern_wave.shape[1], layout.pattern_wave.shape[0]
    strata, crossings = len(layout.stratum_origin), len(layout.capacity)
    origins, classes, cells = len(layout.origin_start) - 1, len(layout.class_status), len(layout.cell_stage)
    sources = len(layout.source_start) - 1
    arriving = int(layout.row[AT_ARRIVALS + 1] - layout.row[AT_ARRIVALS])
    before = road_slots(np.concatenate([layout.road_days.ravel(), layout.divert_days + 1.0]), slowest)
    after = 1 if border else road_slots(layout.onward_days, slowest)
    return {
        "pool": (strata,),
        "held": (strata,),
        "road": (before, crossings, classes),
        "waiting_old": (crossings, classes),
        "waiting_new": (crossings, classes),
        "present": (0 if border else cells,),
        "onward": (after, arriving),
        "recent": (2,),
        "record": (int(layout.row[-1]),),
        "attraction": (origins, crossings),
        "pull": (crossings,),
        "wave_hazard": (waves,),
        "wave_enforced": (waves,),
        "pattern_hazard": (patterns,),
        "pattern_enforced": (patterns,),
        "leaving": (classes,),
        "condition": (crossings,),
        "chosen": (crossings, classes),
        "inflow": (0 if border else cells + sources,),
        "crossed": (crossings, classes),
        "lanes": (LANES,),
    }


AT_ARRIVALS = 9  # position of `arrivals` in ensemble.AXES


def new_state(shapes: dict[str, tuple[int, ...]], members: int) -> State:
    """A state in which nobody is anywhere yet."""
    return State(**{name: np.zeros((*shape, members)) for name, shape in shapes.items()})
