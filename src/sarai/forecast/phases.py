"""One model by phase of the emergency: where it wins, beside the baseline that does best in that phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.baselines import BASELINES
from sarai.forecast.score_row import ScoreRow
from sarai.forecast.summary import origin_means
from sarai.forecast.weights import DOCUMENTED

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class PhaseScore:
    """A model in one phase: mean scores over its origins, and their ratios to the best baseline of phase and scale."""

    phase: str
    origins: int
    targets: int
    wis: float
    wis_log: float
    best: str
    ratio: float
    best_log: str
    ratio_log: float


def by_phase(rows: Sequence[ScoreRow], model: str = "pool") -> list[PhaseScore]:
    """A score for each phase that has origins, in their order; none where the model or every baseline is missing."""
    models = {row.model for row in rows}
    baselines = [name for name in BASELINES if name in models]
    if model not in models or not baselines:
        return []
    found = []
    for phase in DOCUMENTED:
        mine = [row for row in rows if row.phase == phase]
        origins = sorted({row.origin for row in mine})
        if not origins:
            continue
        means = {name: origin_means(mine, name, origins).mean(axis=0)[:2] for name in (model, *baselines)}
        best, best_log = best_of(means, baselines, 0), best_of(means, baselines, 1)
        found.append(
            PhaseScore(
                phase=phase,
                origins=len(origins),
                targets=len({(row.origin, row.target_id) for row in mine}),
                wis=float(means[model][0]),
                wis_log=float(means[model][1]),
                best=best,
                ratio=float(means[model][0] / means[best][0]),
                best_log=best_log,
                ratio_log=float(means[model][1] / means[best_log][1]),
            )
        )
    return found


def best_of(means: Mapping[str, Floats], baselines: Sequence[str], scale: int) -> str:
    """The baseline with the smallest mean score on a scale, 0 in persons, 1 on log1p."""
    return min(baselines, key=lambda name: float(means[name][scale]))
