"""Knots of the discrepancies: dense where reports are recent, sparse long ago; a Markov process between them.

The value at knots is an Ornstein-Uhlenbeck process seen at uneven times: correlation rho to the power of the distance
in days. Between knots it is interpolated; after the last knot, the as-of day, a forecast continues it day by day.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def place_knots(first_day: int, last_day: int, near_step: int, far_step: int, near_days: int) -> Ints:
    """Knot days from first_day to last_day, both included: every near_step in the last near_days, then far_step."""
    days = [last_day]
    while days[-1] > first_day:
        step = near_step if last_day - days[-1] < near_days else far_step
        days.append(max(days[-1] - step, first_day))
    return np.array(days[::-1], dtype=np.int64)


def markov_precision(days: Ints, rho: float, sd: float) -> Floats:
    """Precision matrix of the process at these days: marginal sd `sd`, correlation rho ** days apart."""
    n = days.size
    precision = np.zeros((n, n))
    precision[0, 0] = 1.0 / sd**2
    for k in range(1, n):
        corr = rho ** float(days[k] - days[k - 1])
        weight = 1.0 / (sd**2 * (1.0 - corr**2))
        precision[k, k] += weight
        precision[k - 1, k - 1] += weight * corr**2
        precision[k, k - 1] -= weight * corr
        precision[k - 1, k] -= weight * corr
    return precision


def interpolation_weights(knot_days: Ints, first_day: int, last_day: int) -> tuple[Ints, Floats]:
    """For each day from first_day to last_day: the knot to its left and the weight of the one to its right.

    Days before the first knot or after the last take that knot.
    """
    days = np.arange(first_day, last_day + 1)
    if knot_days.size == 1:
        return np.zeros(days.size, dtype=np.int64), np.zeros(days.size)
    left = np.clip(np.searchsorted(knot_days, days, side="right") - 1, 0, knot_days.size - 2)
    gap = (knot_days[left + 1] - knot_days[left]).astype(np.float64)
    share = np.clip((days - knot_days[left]) / gap, 0.0, 1.0)
    return left.astype(np.int64), share


def interpolate(values: Floats, left: Ints, share: Floats) -> Floats:
    """Daily values (day, ...) from values at knots (knot, ...)."""
    right = np.minimum(left + 1, values.shape[0] - 1)
    shape = (share.size,) + (1,) * (values.ndim - 1)
    weight = share.reshape(shape)
    out: Floats = values[left] * (1.0 - weight) + values[right] * weight
    return out


def continue_process(last: Floats, normals: Floats, rho: float, sd: float) -> Floats:
    """The process on the days after `last` (..., member), from normals (day, ..., member)."""
    out = np.empty_like(normals)
    current = last
    step = sd * np.sqrt(1.0 - rho**2)
    for day in range(normals.shape[0]):
        current = rho * current + step * normals[day]
        out[day] = current
    return out
