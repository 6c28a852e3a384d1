"""Scores of a forecast against what was later reported. Every score is negatively oriented: smaller is better.

Quantile forecasts are arrays (..., level); samples are (..., member); observations are (...). All scores are per
target; averaging is the caller's affair. On the log scale give `log1p` of forecast and observation.

Sources: Bracher et al. 2021 (doi:10.1371/journal.pcbi.1008618) for the weighted interval score and its parts,
Bosse et al. 2023 (doi:10.1371/journal.pcbi.1011393) for the log scale, Ferro 2014 (doi:10.1002/qj.2270) for the fair
continuous ranked probability score, Brier 1950 and Murphy 1973 for probabilities of events.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class WisParts:
    """Weighted interval score and its parts, one value per target: total = dispersion + under + over.

    under  penalty for observations above the forecast; over: penalty for observations below it
    """

    total: Floats
    dispersion: Floats
    under: Floats
    over: Floats


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """Murphy's parts of a Brier score: brier = reliability - resolution + uncertainty (within the bins used).

    forecast, observed  mean probability and observed frequency per bin; count: forecasts per bin (empty bins left out)
    """

    reliability: float
    resolution: float
    uncertainty: float
    forecast: Floats
    observed: Floats
    count: NDArray[np.int64]


def quantile_loss(quantile: ArrayLike, observed: ArrayLike, level: ArrayLike) -> Floats:
    """Pinball loss of a quantile forecast, in units of the target. Shapes broadcast; `level` lies in (0, 1)."""
    q, y, tau = (np.asarray(value, dtype=np.float64) for value in (quantile, observed, level))
    loss: Floats = np.where(y >= q, tau * (y - q), (1.0 - tau) * (q - y))
    return loss


def interval_score(lower: ArrayLike, upper: ArrayLike, observed: ArrayLike, alpha: ArrayLike) -> Floats:
    """Score of the central (1 - alpha) interval: its width plus 2/alpha times the distance by which it misses."""
    low, high, y, a = (np.asarray(value, dtype=np.float64) for value in (lower, upper, observed, alpha))
    below = np.maximum(low - y, 0.0)
    above = np.maximum(y - high, 0.0)
    score: Floats = (high - low) + 2.0 / a * (below + above)
    return score


def check_levels(levels: ArrayLike) -> Floats:
    """The quantile levels as an array; ValueError unless they rise, are symmetric around 0.5 and contain it."""
    tau = np.asarray(levels, dtype=np.float64)
    symmetric = tau.size % 2 == 1 and np.allclose(tau + tau[::-1], 1.0, atol=1e-9)
    if not symmetric or np.any(np.diff(tau) <= 0.0):
        raise ValueError(f"quantile levels must rise, be symmetric and contain 0.5; found {tau.tolist()}")
    return tau


def weighted_interval_score(quantiles: ArrayLike, observed: ArrayLike, levels: ArrayLike) -> WisParts:
    """Weighted interval score of quantiles (..., level) with the usual weights alpha/2 and 1/2 for the median.

    With K intervals: (|y - median|/2 + sum of alpha/2 x interval score) / (K + 1/2). It equals twice the mean pinball
    loss over the levels. Raises ValueError when levels are not symmetric or quantiles cross.
    """
    tau = check_levels(levels)
    q = np.asarray(quantiles, dtype=np.float64)
    y = np.asarray(observed, dtype=np.float64)
    if np.any(np.diff(q, axis=-1) < 0.0):
        raise ValueError("quantiles cross: they must not fall as the level rises")
    middle = tau.size // 2
    weight = 1.0 / (middle + 0.5)
    alpha = 2.0 * tau[:middle]
    low = q[..., :middle]
    high = q[..., :middle:-1]
    y_wide = y[..., np.newaxis]
    dispersion = weight * np.sum(alpha / 2.0 * (high - low), axis=-1)
    miss_median = y - q[..., middle]
    over = weight * (np.sum(np.maximum(low - y_wide, 0.0), axis=-1) + 0.5 * np.maximum(-miss_median, 0.0))
    under = weight * (np.sum(np.maximum(y_wide - high, 0.0), axis=-1) + 0.5 * np.maximum(miss_median, 0.0))
    return WisParts(total=dispersion + under + over, dispersion=dispersion, under=under, over=over)


def crps_fair(samples: ArrayLike, observed: ArrayLike) -> Floats:
    """Fair CRPS of samples (..., member): unbiased for the CRPS of the distribution they are drawn from.

    Needs two members or more; with one it is the absolute error.
    """
    x = np.sort(np.asarray(samples, dtype=np.float64), axis=-1)
    y = np.asarray(observed, dtype=np.float64)
    count = x.shape[-1]
    distance: Floats = np.mean(np.abs(x - y[..., np.newaxis]), axis=-1)
    if count < 2:
        return distance
    rank_weight = 2.0 * np.arange(1, count + 1) - count - 1.0
    spread = np.sum(rank_weight * x, axis=-1) / (count * (count - 1.0))
    score: Floats = distance - spread
    return score


def covers(quantiles: ArrayLike, observed: ArrayLike, levels: ArrayLike, width: float) -> NDArray[np.bool_]:
    """Whether the central interval of probability `width` (0.5, 0.8, 0.9, 0.95) holds the observation."""
    lower, upper = central_interval(quantiles, levels, width)
    y = np.asarray(observed, dtype=np.float64)
    return (lower <= y) & (y <= upper)


def central_interval(quantiles: ArrayLike, levels: ArrayLike, width: float) -> tuple[Floats, Floats]:
    """Ends of the central interval of probability `width`. Raises ValueError when its levels are not given."""
    q = np.asarray(quantiles, dtype=np.float64)
    tau = np.asarray(levels, dtype=np.float64)
    ends = []
    for level in ((1.0 - width) / 2.0, (1.0 + width) / 2.0):
        found = np.flatnonzero(np.abs(tau - level) < 1e-9)
        if found.size != 1:
            raise ValueError(f"the level {level:g} is not among the quantile levels")
        ends.append(q[..., int(found[0])])
    return ends[0], ends[1]


def pit_from_samples(samples: ArrayLike, observed: ArrayLike) -> Floats:
    """Probability integral transform: share of samples (..., member) below the observation, ties counted half."""
    x = np.asarray(samples, dtype=np.float64)
    y = np.asarray(observed, dtype=np.float64)[..., np.newaxis]
    share: Floats = np.mean((x < y) + 0.5 * (x == y), axis=-1)
    return share


def pit_from_quantiles(quantiles: ArrayLike, observed: ArrayLike, levels: ArrayLike) -> Floats:
    """Probability integral transform read off quantiles by linear interpolation; outside the levels the end level."""
    q = np.atleast_2d(np.asarray(quantiles, dtype=np.float64))
    tau = np.asarray(levels, dtype=np.float64)
    y = np.atleast_1d(np.asarray(observed, dtype=np.float64))
    return np.array([np.interp(value, row, tau) for row, value in zip(q, y, strict=True)])


def brier_score(probability: ArrayLike, happened: ArrayLike) -> Floats:
    """Squared difference of a probability and what happened (0 or 1)."""
    score: Floats = np.square(np.asarray(probability, dtype=np.float64) - np.asarray(happened, dtype=np.float64))
    return score


def reliability(probability: ArrayLike, happened: ArrayLike, bins: int = 10) -> Reliability:
    """Murphy's decomposition of the mean Brier score over `bins` equal bins of [0, 1]."""
    p = np.asarray(probability, dtype=np.float64).ravel()
    o = np.asarray(happened, dtype=np.float64).ravel()
    if p.size == 0:
        raise ValueError("no forecasts to decompose")
    index = np.minimum((p * bins).astype(np.int64), bins - 1)
    count = np.bincount(index, minlength=bins)
    used = count > 0
    mean_p = np.bincount(index, weights=p, minlength=bins)[used] / count[used]
    mean_o = np.bincount(index, weights=o, minlength=bins)[used] / count[used]
    share = count[used] / p.size
    base = float(np.mean(o))
    return Reliability(
        reliability=float(np.sum(share * (mean_p - mean_o) ** 2)),
        resolution=float(np.sum(share * (mean_o - base) ** 2)),
        uncertainty=base * (1.0 - base),
        forecast=mean_p,
        observed=mean_o,
        count=count[used],
    )
