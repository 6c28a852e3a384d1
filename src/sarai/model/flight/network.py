"""The network of a case: directed links in stable order, lengths and speeds in whole steps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.case import FlightCase

METRES_PER_KM = 1000  # A170


@dataclass(frozen=True, kw_only=True)
class Network:
    """Directed links: 2k runs from first to second place of link k of the case, 2k + 1 back.

    start, end      places                               (link,)
    length_km       as read                              (link,)
    length, speed   in steps of `step_m` metres          (link,)
    walk_speed      steps a day on foot                  walk_share  probability to walk, a day and person  (link,)
    out_start, out  links that leave a place: out[out_start[i] : out_start[i + 1]], by name of their end
    full_day        max_move_speed in steps: the measure of a full day in the rule on short stints
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    length_km: NDArray[np.float64]
    length: NDArray[np.int64]
    speed: NDArray[np.int64]
    walk_share: NDArray[np.float64]
    out_start: NDArray[np.int64]
    out: NDArray[np.int64]
    walk_speed: int
    full_day: int
    step_m: int


def to_metres(km: float) -> int:
    """Whole metres, A170."""
    return round(km * METRES_PER_KM)


def build_network(case: FlightCase) -> Network:
    """Directed links of a case. The step is the largest length in whole metres that measures all lengths and speeds.

    Every distance covered in a day is a sum of these, so positions and days' distances are whole numbers of steps.
    """
    settings = case.settings
    default = to_metres(settings.max_move_speed)
    walk = to_metres(settings.max_walk_speed)
    lengths = [to_metres(link.length_km) for link in case.links]
    speeds = [default if link.max_move_speed is None else to_metres(link.max_move_speed) for link in case.links]
    shares = np.array([link.walk_probability for link in case.links], dtype=np.float64)
    walked = [walk] if settings.start_on_foot or bool(np.any(shares > 0)) else []
    step = math.gcd(default, *lengths, *speeds, *walked) or 1
    start = np.array([[link.first, link.second] for link in case.links], dtype=np.int64).reshape(-1)
    end = np.array([[link.second, link.first] for link in case.links], dtype=np.int64).reshape(-1)
    both = np.repeat(np.arange(len(case.links)), 2)
    rank = np.empty(len(case.places), dtype=np.int64)
    rank[sorted(range(len(case.places)), key=lambda i: case.places[i].name)] = np.arange(len(case.places))
    order = np.lexsort((rank[end], start)) if len(end) else np.zeros(0, dtype=np.int64)
    return Network(
        start=start,
        end=end,
        length_km=np.array([link.length_km for link in case.links], dtype=np.float64)[both],
        length=(np.array(lengths, dtype=np.int64) // step)[both],
        speed=(np.array(speeds, dtype=np.int64) // step)[both],
        walk_share=shares[both],
        out_start=np.searchsorted(start[order], np.arange(len(case.places) + 1)).astype(np.int64),
        out=order.astype(np.int64),
        walk_speed=walk // step,
        full_day=default // step,
        step_m=step,
    )
