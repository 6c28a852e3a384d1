"""Ensemble smoother with multiple data assimilation (Emerick & Reynolds 2013, doi:10.1016/j.cageo.2012.03.011)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def smoother_weights(passes: int, ratio: float) -> Floats:
    """Inflation of the data error in each pass: falling by `ratio`, inverses summing to 1."""
    falling = ratio ** -np.arange(passes, dtype=np.float64)
    return np.asarray(falling * np.sum(1.0 / falling))


def update_members(
    unknowns: Floats, predicted: Floats, observed: Floats, sd: Floats, noise: Floats, inflation: float
) -> Floats:
    """One pass: members moved towards the observations, by the covariance of unknowns and predictions.

    unknowns (unknown, member)   predicted (datum, member)   observed, sd (datum,)   noise (datum,
                                                                                            member) standard normal
    inflation  factor of the error variance in this pass
    The gain is worked out in the space of members, N x N, so that the number of data does not matter.
    """
    members = unknowns.shape[1]
    scale = np.sqrt(members - 1.0)
    spread = (unknowns - unknowns.mean(axis=1, keepdims=True)) / scale
    whitened = (predicted - predicted.mean(axis=1, keepdims=True)) / sd[:, None] / scale
    wanted = observed[:, None] + np.sqrt(inflation) * sd[:, None] * noise
    missing = (wanted - predicted) / sd[:, None]
    kernel = whitened.T @ whitened + inflation * np.eye(members)
    moved = spread @ np.linalg.solve(kernel, whitened.T @ missing)
    return np.asarray(unknowns + moved)
