"""Ensemble: what many members of one simulation did, every observable as an array with the member last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sarai.world.errors import Fault, RequestError

AXES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "departures": ("day", "origin"),
        "departures_status": ("day", "status"),
        "crossed": ("day", "crossing", "kind"),
        "crossed_status": ("day", "crossing", "status"),
        "queue": ("day", "crossing"),
        "waiting_over_24h": ("day", "crossing"),
        "stage_arrivals": ("day", "stage"),
        "occupancy": ("day", "stage"),
        "above_capacity": ("day", "stage"),
        "arrivals": ("day", "destination"),
        "remaining": ("day",),
        "held": ("day",),
        "on_road": ("day",),
        "onward_road": ("day",),
    }
)
"""Every observable with its axes before `member`. Meanings: `Ensemble`."""

BORDER: tuple[str, ...] = (
    "departures",
    "departures_status",
    "crossed",
    "crossed_status",
    "queue",
    "waiting_over_24h",
    "remaining",
    "held",
    "on_road",
)
"""The observables there are when a simulation stops at the border (`stages="border"`)."""


@dataclass(frozen=True, kw_only=True)
class Ensemble:
    """Daily flows and stocks of every member. Arrays are int32 persons in mode `draws`, float64 in mode `mean`.

    days         (day,) civil day numbers
    axes         ids along each axis: origin, status, crossing, kind, stage, destination
    member_ids   (member,) uint64
    observables  name -> array with the axes of `AXES`, then member:
        departures, departures_status   persons who left home that day, by origin, by document status
        crossed, crossed_status         persons who crossed the border that day
        queue                           persons at the crossing when it closes for the day
        waiting_over_24h                of those, persons who came there on an earlier day
        stage_arrivals                  persons who came to a reception stage that day
        occupancy                       persons who spend the following night there
        above_capacity                  persons above the capacity of the stage (0 where it is not known)
        arrivals                        persons who reached their destination that day
        remaining, held, on_road, onward_road   persons not yet left, held, on roads before and after the border
    status       `ok`, or a sentence that says what is degraded
    """

    days: NDArray[np.int64]
    axes: Mapping[str, tuple[str, ...]]
    member_ids: NDArray[np.uint64]
    observables: Mapping[str, NDArray[np.int32] | NDArray[np.float64]]
    mode: str
    accuracy: str
    stages: str
    seed: int
    scheme: int = 1
    status: str = "ok"
    notes: tuple[str, ...] = field(default=())

    def __getitem__(self, name: str) -> NDArray[np.int32] | NDArray[np.float64]:
        """The array of one observable. Raises RequestError when this run did not keep it."""
        if name not in self.observables:
            raise RequestError(
                Fault(
                    what="this simulation did not keep that observable",
                    found=name,
                    wanted=", ".join(self.observables),
                    mend="name it in observe=, or simulate with stages='all'",
                )
            )
        return self.observables[name]

    def window_sum(self, name: str, first_day: int, last_day: int) -> NDArray[np.float64]:
        """Sum of a daily flow from first_day to last_day (civil days, inclusive), other axes kept, float64.

        Raises RequestError when the window is not inside the simulated days.
        """
        low, high = first_day - int(self.days[0]), last_day - int(self.days[0])
        if not 0 <= low <= high < len(self.days):
            raise RequestError(
                Fault(
                    what="the window is not inside the simulated days",
                    found=f"{first_day} to {last_day}",
                    wanted=f"{int(self.days[0])} to {int(self.days[-1])}",
                )
            )
        total: NDArray[np.float64] = self[name][low : high + 1].sum(axis=0, dtype=np.float64)
        return total


def check_observables(names: Iterable[str], stages: str) -> tuple[str, ...]:
    """The named observables in the order of `AXES`. Raises RequestError naming each that there is not."""
    wanted = set(names)
    known = tuple(AXES) if stages == "all" else BORDER
    unknown = sorted(wanted - set(known))
    if unknown:
        raise RequestError(
            [
                Fault(column="observe", what="no such observable", found=name, wanted=", ".join(known))
                for name in unknown
            ]
        )
    return tuple(name for name in known if name in wanted)
