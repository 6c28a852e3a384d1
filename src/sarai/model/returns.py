"""The returns law of one emergency as frozen arrays: who may leave, by which roads, through what, to where.

Every axis is in stable-id order (sorted ids; waves as in the calendar), so that the order of the input changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.model.reception_network import ReceptionNetwork

KINDS: tuple[str, ...] = ("deported", "facilitated", "other")
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class ReturnsModel:
    """The structure of the law and its fixed numbers. What differs between members is in `Parameters`.

    origins, statuses, crossings, waves    ids: the axes of those names
    strata               (origin id, status id) pairs, sorted: the axis `stratum`
    stratum_origin, stratum_status         (stratum,) positions
    stratum_low, stratum_high              (stratum,) persons, the range of the population table
    wave_announced, wave_deadline, wave_enforcement, wave_until   (wave,) civil days; no effect after wave_until
    wave_names           (wave, stratum) True where the wave names the stratum
    facilitated          (status,) True where returns of that status can be UNHCR-facilitated
    class_status, class_kind               (class,) a class is a status with a kind of return; positions
    holding_capacity     (origin,) persons, inf where not known, 0 where the origin has no holding centre
    holding_stay_days    (origin,) mean days held before the border; exogenous
    distance_km, road_days                 (origin, crossing) road km, and days at speed factor 1
    affinity             (origin, crossing) logit; settings `affinity.<origin>.<crossing>` of the case
    capacity_persons_day, service_log_sd   (crossing,) hours x desks x persons per desk-hour; sd of its daily log noise
    arrival_share, open_share              (crossing, hour) of a day's arrivals, of a day's capacity; rows sum to 1
    closure_crossing, closure_start, closure_end, closure_fraction   (closure,) end inclusive, last possible day if open
    divert_to, divert_days                 (crossing,) where a diverted share goes on to (-1: nowhere), days of road
    holidays             (holiday,) civil days
    reception            stages, routing and onward journeys
    switches             names of the optional effects that the case's settings switched on
    """

    name: str
    first_day: int
    as_of_day: int
    origins: tuple[str, ...]
    statuses: tuple[str, ...]
    crossings: tuple[str, ...]
    waves: tuple[str, ...]
    strata: tuple[tuple[str, str], ...]
    stratum_origin: Ints
    stratum_status: Ints
    stratum_low: Floats
    stratum_high: Floats
    wave_announced: Ints
    wave_deadline: Ints
    wave_enforcement: Ints
    wave_until: Ints
    wave_names: Bools
    facilitated: Bools
    class_status: Ints
    class_kind: Ints
    holding_capacity: Floats
    holding_stay_days: Floats
    distance_km: Floats
    road_days: Floats
    affinity: Floats
    capacity_persons_day: Floats
    service_log_sd: Floats
    arrival_share: Floats
    open_share: Floats
    closure_crossing: Ints
    closure_start: Ints
    closure_end: Ints
    closure_fraction: Floats
    divert_to: Ints
    divert_days: Floats
    holidays: Ints
    reception: ReceptionNetwork
    switches: tuple[str, ...] = ()

    @property
    def stages(self) -> tuple[str, ...]:
        """Ids of the reception stages: the axis `stage`."""
        return self.reception.stages

    @property
    def destinations(self) -> tuple[str, ...]:
        """Ids of the places people go on to: the axis `destination`."""
        return self.reception.destinations
