"""Forecast: predictive samples of every target, and their flat table in the forecast hubs' columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

QUANTILE_LEVELS: tuple[float, ...] = (
    0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5,
    0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.975, 0.99,
)  # fmt: skip
TARGETS: tuple[str, ...] = (
    "day crossings",
    "week crossings",
    "day departures",
    "queue at close",
    "site occupancy",
    "day arrivals",
)
COLUMNS: tuple[str, ...] = (
    "reference_date",
    "target",
    "horizon",
    "location",
    "target_end_date",
    "output_type",
    "output_type_id",
    "value",
)


@dataclass(frozen=True, kw_only=True)
class Series:
    """Predictive samples of one target at several locations: samples (horizon, location, member), persons."""

    target: str
    locations: tuple[str, ...]
    samples: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What is likely to come. Day h of a series is reference_date + h (h = 1 .. horizon_days).

    series     by target name; `week crossings` has one entry per full week; location `all` is the sum over crossings
    breach     (stage, horizon + 1) probability that occupancy first exceeds a known capacity on that day, last: none
    model      name of the model that made it (`pool` by default), weights: model name -> weight
    notes      what the reader must know: degraded parts, what the data say nothing about
    enforced   wave id -> share of the members of the law in which its deadline is enforced; confidential
    """

    reference_date: date
    horizon_days: int
    member_count: int
    series: Mapping[str, Series]
    breach_stages: tuple[str, ...]
    breach: NDArray[np.float64]
    model: str
    weights: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    enforced: Mapping[str, float] = field(default_factory=dict)
