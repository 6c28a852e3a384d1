"""Chi-square: counts held against a pmf, and the p-value of many such statistics together."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Counts = NDArray[np.int64]


def chi_square(counts: Counts, pmf: Callable[[Counts], NDArray[np.float64]]) -> tuple[float, int]:
    """Pearson's statistic and degrees of freedom of counts under a pmf; cells expected below 10 are pooled."""
    low, high = int(counts.min()), int(counts.max())
    points = np.arange(low, high + 1)
    expected = pmf(points) * len(counts)
    seen = np.bincount(counts - low, minlength=len(points)).astype(float)
    edges = np.floor(np.cumsum(expected) / max(10.0, len(counts) / 60)).astype(int)
    binned = np.bincount(edges, weights=expected)
    observed = np.bincount(edges, weights=seen)
    rest = len(counts) - binned.sum()
    binned, observed = np.append(binned, max(rest, 0.0)), np.append(observed, 0.0)
    keep = binned >= 5.0
    small_expected, small_seen = binned[~keep].sum(), observed[~keep].sum()
    statistic = float((((observed - binned) ** 2)[keep] / binned[keep]).sum())
    if small_expected > 5.0:
        statistic += float((small_seen - small_expected) ** 2 / small_expected)
        return statistic, int(keep.sum())
    return statistic, max(int(keep.sum()) - 1, 0)


def pooled(parts: list[tuple[float, int]]) -> float:
    """P-value of the sum of independent chi-square statistics."""
    return float(stats.chi2.sf(sum(s for s, _ in parts), max(sum(d for _, d in parts), 1)))
