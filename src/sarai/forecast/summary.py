"""Scores brought together: mean within an origin, then over origins; ratios to the best baseline; coverage.

An origin counts once however many targets it has, and a seed is averaged away before an interval is formed, because
targets of one origin share their errors. Intervals come from resampling origins (block bootstrap).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.noise import keyed_uniforms
from sarai.forecast.baselines import BASELINES
from sarai.forecast.score_row import ScoreRow

Floats = NDArray[np.float64]
RESAMPLES = 2000
WIDTHS = (50, 80, 90, 95)


@dataclass(frozen=True, kw_only=True)
class ModelSummary:
    """One model over all origins. `ratio` and `ratio_log` are to the best baseline of each scale.

    coverage    share of targets inside the band, by width; interval: its 90 % range over resampled origins
    width90     mean width of the 90 % band, persons
    """

    model: str
    targets: int
    origins: int
    wis: float
    wis_log: float
    dispersion: float
    under: float
    over: float
    ratio: float
    ratio_log: float
    ratio_interval: tuple[float, float]
    ratio_log_interval: tuple[float, float]
    coverage: dict[int, float]
    coverage_interval: dict[int, tuple[float, float]]
    width90: float
    loss80: float
    loss95: float
    pit: tuple[float, ...]


def summarise(rows: Sequence[ScoreRow]) -> tuple[ModelSummary, ...]:
    """A summary of each model, best log score first. Raises ValueError where no baseline was scored."""
    models = sorted({row.model for row in rows})
    origins = sorted({row.origin for row in rows})
    table = {model: origin_means(rows, model, origins) for model in models}
    baselines = [model for model in models if model in BASELINES]
    if not baselines:
        raise ValueError("a ratio needs a baseline among the models")
    best = min(baselines, key=lambda model: table[model][:, 0].mean())
    best_log = min(baselines, key=lambda model: table[model][:, 1].mean())
    draws = resampled_origins(len(origins))
    made = [
        _summary(rows, model, table[model], table[best][:, 0], table[best_log][:, 1], draws, origins)
        for model in models
    ]
    return tuple(sorted(made, key=lambda item: item.wis_log))


def origin_means(rows: Sequence[ScoreRow], model: str, origins: Sequence[date]) -> Floats:
    """(origin, measure) means of one model: wis, wis_log, parts, coverage by width, width of 90 %, quantile losses."""
    out = np.zeros((len(origins), 12))
    for place, origin in enumerate(origins):
        mine = [row for row in rows if row.model == model and row.origin == origin]
        out[place] = np.mean([measures(row) for row in mine], axis=0)
    return out


def measures(row: ScoreRow) -> tuple[float, ...]:
    """The measures of one row that are averaged."""
    seen = row.observed
    bands = ((row.lower50, row.upper50), (row.lower80, row.upper80), (row.lower90, row.upper90),
             (row.lower95, row.upper95))  # fmt: skip
    inside = tuple(float(low <= seen <= high) for low, high in bands)
    return (row.wis, row.wis_log, row.dispersion, row.under, row.over, *inside, row.upper90 - row.lower90, row.loss80,
            row.loss95)  # fmt: skip


def resampled_origins(count: int) -> NDArray[np.int64]:
    """(resample, origin) positions drawn with replacement, by key, so that intervals are the same every time."""
    ids = np.arange(RESAMPLES, dtype=np.uint64)
    uniforms = np.stack([keyed_uniforms(1, "bootstrap", ids, str(place)) for place in range(count)], axis=1)
    return np.minimum((uniforms * count).astype(np.int64), count - 1)


def _summary(
    rows: Sequence[ScoreRow], model: str, mine: Floats, best: Floats, best_log: Floats, draws: NDArray[np.int64],
    origins: Sequence[date],
) -> ModelSummary:  # fmt: skip
    mean = mine.mean(axis=0)
    own = [row for row in rows if row.model == model]
    return ModelSummary(
        model=model,
        targets=len({(row.origin, row.target_id) for row in own}),
        origins=len(origins),
        wis=float(mean[0]),
        wis_log=float(mean[1]),
        dispersion=float(mean[2]),
        under=float(mean[3]),
        over=float(mean[4]),
        ratio=float(mean[0] / best.mean()),
        ratio_log=float(mean[1] / best_log.mean()),
        ratio_interval=interval_of(mine[draws, 0].mean(axis=1) / best[draws].mean(axis=1)),
        ratio_log_interval=interval_of(mine[draws, 1].mean(axis=1) / best_log[draws].mean(axis=1)),
        coverage={width: float(mean[5 + k]) for k, width in enumerate(WIDTHS)},
        coverage_interval={width: interval_of(mine[draws, 5 + k].mean(axis=1)) for k, width in enumerate(WIDTHS)},
        width90=float(mean[9]),
        loss80=float(mean[10]),
        loss95=float(mean[11]),
        pit=tuple(np.histogram([row.pit for row in own], bins=10, range=(0.0, 1.0))[0] / max(len(own), 1)),
    )


def interval_of(values: Floats) -> tuple[float, float]:
    """The range that holds nine in ten values."""
    low, high = np.quantile(values, (0.05, 0.95))
    return float(low), float(high)


def summary_text(summaries: Sequence[ModelSummary]) -> str:
    """The summary as a Markdown table; `ratio` columns show the 90 % interval over resampled origins."""
    lines = [
        "| model | WIS | log WIS | ratio | 90 % | log ratio | 90 % | 50 % band | 90 % band | width 90 |",
        "|---|---:|---:|---:|---|---:|---|---|---|---:|",
    ]
    for s in summaries:
        ends = s.coverage_interval
        cover = [f"{s.coverage[w]:.2f} [{ends[w][0]:.2f}, {ends[w][1]:.2f}]" for w in (50, 90)]
        lines.append(
            f"| {s.model} | {s.wis:,.0f} | {s.wis_log:.3f} | {s.ratio:.2f} "
            f"| {s.ratio_interval[0]:.2f} to {s.ratio_interval[1]:.2f} | {s.ratio_log:.2f} "
            f"| {s.ratio_log_interval[0]:.2f} to {s.ratio_log_interval[1]:.2f} | {cover[0]} | {cover[1]} "
            f"| {s.width90:,.0f} |"
        )
    return "\n".join(lines) + "\n"


def plain_text(rows: Sequence[ScoreRow]) -> str:
    """Scores as a Markdown table where no baseline was scored: no ratio, no interval."""
    origins = sorted({row.origin for row in rows})
    lines = ["| model | WIS | log WIS | 50 % band | 90 % band | width 90 |", "|---|---:|---:|---:|---:|---:|"]
    for model in sorted({row.model for row in rows}):
        mean = origin_means(rows, model, origins).mean(axis=0)
        fifty, ninety = mean[5 + WIDTHS.index(50)], mean[5 + WIDTHS.index(90)]
        lines.append(f"| {model} | {mean[0]:,.0f} | {mean[1]:.3f} | {fifty:.2f} | {ninety:.2f} | {mean[9]:,.0f} |")
    return "\n".join(lines) + "\n"
