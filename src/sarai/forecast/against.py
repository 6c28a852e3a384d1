"""One model against each baseline: ratios of mean scores with intervals over resampled origins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.baselines import BASELINES
from sarai.forecast.score_row import ScoreRow
from sarai.forecast.summary import interval_of, origin_means, resampled_origins

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A model against one baseline: ratio of mean scores, and 90 % intervals over resampled origins."""

    model: str
    baseline: str
    ratio: float
    interval: tuple[float, float]
    ratio_log: float
    interval_log: tuple[float, float]


def against_each(rows: Sequence[ScoreRow], model: str = "pool") -> list[Pair]:
    """`model` against every baseline that was scored, the hardest to beat on the log scale first."""
    models = {row.model for row in rows}
    if model not in models:
        return []
    origins = sorted({row.origin for row in rows})
    draws = resampled_origins(len(origins))
    mine = origin_means(rows, model, origins)
    pairs = [_pair(model, name, mine, origin_means(rows, name, origins), draws) for name in BASELINES if name in models]
    return sorted(pairs, key=lambda pair: -pair.ratio_log)


def _pair(model: str, baseline: str, mine: Floats, theirs: Floats, draws: NDArray[np.int64]) -> Pair:
    ratios = [mine[:, scale].mean() / theirs[:, scale].mean() for scale in (0, 1)]
    ends = [interval_of(mine[draws, s].mean(axis=1) / theirs[draws, s].mean(axis=1)) for s in (0, 1)]
    return Pair(model=model, baseline=baseline, ratio=float(ratios[0]), interval=ends[0], ratio_log=float(ratios[1]),
                interval_log=ends[1])  # fmt: skip
