"""Picture: the reconciled daily flow, as joint samples, with the evidence for each figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

KINDS: tuple[str, ...] = ("deported", "facilitated", "other")


@dataclass(frozen=True, kw_only=True)
class SeriesFit:
    """What was learned about one regime of a series: its bias (log reported / true) and noise (sd of log error)."""

    series: str
    regime_start: int
    bias_log_mean: float
    bias_log_sd: float
    noise_log_sd: float
    report_count: int


@dataclass(frozen=True, kw_only=True)
class Bearing:
    """How one report bears on the picture: its standardised residual and its weight in [0, 1] after down-weighting.

    A report that does not enter has weight 0 and says why in `reason`. start, end: civil days of the window that the
    figure is about (of a difference: the days between two totals); form: `count`, `level` or `difference`;
    persons: the figure over that window; log_sd: sd of its log error after down-weighting; residual_log: log of the
    figure over what the picture and the bias of its series make of it
    """

    report_id: str
    series: str
    residual: float
    weight: float
    reason: str = ""
    start: int = 0
    end: int = 0
    scope: tuple[str, ...] = ()
    count_class: str = "all"
    status: str = "all"
    form: str = ""
    persons: float = 0.0
    log_sd: float = 0.0
    residual_log: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Latent daily crossings inferred from rival reports.

    days          (day,) civil day numbers, contiguous
    crossings     ids in stable order: the axis `crossing`
    flow          (day, crossing, sample) persons/day crossing the border, float64 > 0; samples are joint
    kind_share    (day, crossing, kind, sample) shares over KINDS; sums to 1 over kind
    status_share  (day, crossing, status, sample) shares over `statuses`; sums to 1 over status
    completeness  (day, crossing) fraction in [0, 1] of the day's information that comes from a report and not the prior
    status        `ok`, or a sentence that says what is degraded
    """

    days: NDArray[np.int64]
    crossings: tuple[str, ...]
    statuses: tuple[str, ...]
    flow: NDArray[np.float64]
    kind_share: NDArray[np.float64]
    status_share: NDArray[np.float64]
    completeness: NDArray[np.float64]
    series: tuple[SeriesFit, ...]
    bearings: tuple[Bearing, ...]
    status: Literal["ok"] | str = "ok"
