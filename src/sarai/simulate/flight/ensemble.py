"""FlightEnsemble: daily counts of every place and link, member last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.case import FlightCase

ALL_CAMPS = "all camps"
NO_RECORD = -(2**62)  # no count: with `empty_camps_on_day0` counts go on from that of day 0 and may be negative


@dataclass(frozen=True, kw_only=True)
class FlightEnsemble:
    """What many members did. Persons after division by `hasten`.

    place    (day, place, member) persons standing at the end of the day
    link     (day, directed link, member) persons under way; link 2k runs from first to second place of link k
    total    (day, member) persons in the system
    recorded_total  (day,) persons counted in all, NO_RECORD where there is no layout
    recorded (day, camp) persons counted, NO_RECORD where there is no row     camps  indices of the places compared
    travel   (camp, days, member) people by days from leaving home to the first night in a camp; empty unless kept
    members  ids, uint64        seed  of the run
    """

    case: FlightCase
    place: NDArray[np.int32]
    link: NDArray[np.int32]
    total: NDArray[np.int64]
    camps: tuple[int, ...]
    recorded: NDArray[np.int64]
    recorded_total: NDArray[np.int64]
    travel: NDArray[np.int64]
    members: NDArray[np.uint64]
    seed: int

    @property
    def camp_names(self) -> tuple[str, ...]:
        """Names of the camps, in the order of the file."""
        return tuple(self.case.places[i].name for i in self.camps)

    @property
    def has_records(self) -> NDArray[np.bool_]:
        """Camps with a row of recorded counts, (camp,)."""
        return np.asarray(self.recorded[0] != NO_RECORD)

    @property
    def can_be_scored(self) -> bool:
        """Whether anything was counted, in camps or in all."""
        return bool(self.has_records.any() or self.recorded_total[0] != NO_RECORD)

    def to_score(self) -> tuple[NDArray[np.int32], NDArray[np.int64], tuple[str, ...]]:
        """Simulated (day, camp, member), recorded (day, camp), names; all camps as one where only a total is known."""
        if self.has_records.any():
            return self.camp_counts(), self.recorded, self.camp_names
        together = self.camp_counts().sum(axis=1, keepdims=True, dtype=np.int32)
        return together, self.recorded_total[:, None], (ALL_CAMPS,)

    def camp_counts(self) -> NDArray[np.int32]:
        """Persons in camps, (day, camp, member)."""
        return self.place[:, list(self.camps), :]
