"""Parameters: one value of every parameter for every member. The last axis of each array is `member`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from sarai.model.table import parameter_table
from sarai.world.errors import Fault, RequestError

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What each member believes. Arrays are float64; axes before `member` follow the ids of the `ReturnsModel`.

    member_ids            (member,) uint64: names of the members in the random keys; they travel through `take`
    first_day             civil day of row 0 of the two day-indexed arrays
    discrepancy           (day, member) log; 0 rows mean none; days outside the rows take 0
    crossing_discrepancy  (day, crossing, member) logit; same rule
    population            (stratum, member) persons
    at_risk_fraction ... enforce_multiplier    (wave, member)
    origin_intensity      (origin, member)     status_intensity, deported_*, facilitated_fraction (status, member)
    crossing_affinity, capacity_factor         (crossing, member)
    weekday_effect        (7, member), Monday first
    all others            (member,)
    Units, bounds and meaning of each: `parameters.toml`.

    Regimes: on time = lag_days 0 and both multipliers 1; late = lag_days > 0; not enforced = enforce_multiplier 0
    and a small rise_multiplier.
    """

    member_ids: NDArray[np.uint64]
    first_day: int
    population: Floats
    at_risk_fraction: Floats
    announce_rate: Floats
    rise_rate: Floats
    rise_days: Floats
    fall_days: Floats
    enforce_rate: Floats
    enforce_onset_days: Floats
    enforce_days: Floats
    lag_days: Floats
    rise_multiplier: Floats
    enforce_multiplier: Floats
    base_persons_day: Floats
    origin_intensity: Floats
    status_intensity: Floats
    household_size: Floats
    deported_base_fraction: Floats
    deported_enforced_fraction: Floats
    facilitated_fraction: Floats
    distance_weight: Floats
    wait_weight: Floats
    crossing_affinity: Floats
    journey_speed_factor: Floats
    capacity_factor: Floats
    diversion_fraction: Floats
    diversion_wait_days: Floats
    stay_factor: Floats
    holding_stay_factor: Floats
    discrepancy: Floats
    crossing_discrepancy: Floats
    contagion_weight: Floats
    weekday_effect: Floats
    holiday_effect: Floats
    season_amplitude: Floats
    season_peak_day: Floats

    @property
    def member_count(self) -> int:
        """Number of members."""
        return int(self.member_ids.shape[0])

    def arrays(self) -> Iterator[tuple[str, Floats]]:
        """Name and array of every parameter, in the order of the class."""
        for entry in fields(self):
            if entry.name not in ("member_ids", "first_day"):
                yield entry.name, getattr(self, entry.name)

    def take(self, members: Sequence[int] | NDArray[np.integer]) -> Parameters:
        """The members at these positions, in this order; ids travel with them. Repeats are allowed."""
        index = np.asarray(members, dtype=np.int64)
        changed = {name: np.ascontiguousarray(array[..., index]) for name, array in self.arrays()}
        return replace(self, member_ids=self.member_ids[index], **changed)  # type: ignore[arg-type]

    def change(self, **changes: Floats) -> Parameters:
        """The same members with some arrays replaced. The new arrays must have the old shapes but for `day`."""
        return replace(self, **{name: np.asarray(array, dtype=np.float64) for name, array in changes.items()})  # type: ignore[arg-type]

    def validate(self) -> None:
        """Refuse values that are not finite or lie outside the bounds of the table, all of them at once.

        Raises RequestError with a fault for each parameter: how many values, the first one found, the bounds.
        """
        faults = [fault for name, array in self.arrays() for fault in value_faults(name, array)]
        count = self.member_count
        faults += [
            Fault(what=f"parameter {name} has {array.shape[-1]} members", wanted=f"{count} members, as in member_ids")
            for name, array in self.arrays()
            if array.shape[-1:] != (count,)
        ]
        if count == 0:
            faults.append(Fault(what="there are no members", found="0", wanted="1 or more", mend="ask for a member"))
        if faults:
            raise RequestError(faults)


def value_faults(name: str, array: Floats) -> Iterator[Fault]:
    """Faults of one array against the bounds of the table."""
    row = parameter_table()[name]
    wrong = ~(np.isfinite(array) & (array >= row.low) & (array <= row.high))
    if wrong.any():
        first = np.asarray(array)[wrong].flat[0]
        yield Fault(
            column=name,
            what=f"{int(wrong.sum())} of {array.size} values of {name} ({row.unit}) are out of bounds or not finite",
            found=repr(float(first)),
            wanted=f"a finite number from {row.low:g} to {row.high:g}",
            mend=f"{row.meaning}; see model/parameters.toml",
        )


def concat(parts: Sequence[Parameters]) -> Parameters:
    """The members of several sets, one after another. Ids are kept as they are; all must share `first_day`.

    Raises RequestError when the sets start on different days or differ in shape.
    """
    first = parts[0]
    if any(part.first_day != first.first_day for part in parts):
        raise RequestError(Fault(what="sets of parameters that start on different days cannot be joined"))
    joined = {}
    for name, array in first.arrays():
        arrays = [getattr(part, name) for part in parts]
        if any(other.shape[:-1] != array.shape[:-1] for other in arrays):
            raise RequestError(Fault(column=name, what="sets of parameters of different shape cannot be joined"))
        joined[name] = np.concatenate(arrays, axis=-1)
    ids = np.concatenate([part.member_ids for part in parts])
    return replace(first, member_ids=ids, **joined)  # type: ignore[arg-type]
