"""Exponential smoothing in state-space form, fitted by least squares on a grid, one series at a time.

Source: Hyndman, Koehler, Ord and Snyder 2008 for ETS(A,Ad,N); Hyndman and Billah 2003 for Theta as smoothing with
drift.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ALPHAS = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99])
BETA_FRACTIONS = np.array([0.01, 0.05, 0.1, 0.2, 0.4])  # beta = fraction x alpha
DAMPINGS = np.array([0.8, 0.9, 0.95, 0.98])
SMALLEST_SD = 0.05  # A116: log sd of one step below which a fit is thought too good


def fit_ets(series: Floats, horizon: int) -> tuple[Floats, Floats]:
    """Point forecast (horizon,) and impulse response (horizon,) times the sd of one step, of ETS(A,Ad,N).

    series  (day,) on the scale that is smoothed. A path is the forecast plus the impulses convolved with normals.
    """
    if series.size < 4:
        return np.full(horizon, series[-1]), np.full(horizon, 0.3)
    alpha, fraction, phi = (grid.ravel() for grid in np.meshgrid(ALPHAS, BETA_FRACTIONS, DAMPINGS, indexing="ij"))
    beta = fraction * alpha
    level = np.full(alpha.size, series[0])
    trend = np.zeros(alpha.size)
    squares = np.zeros(alpha.size)
    for value in series[1:]:
        error = value - level - phi * trend
        squares += error * error
        level, trend = level + phi * trend + alpha * error, phi * trend + beta * error
    best = int(np.argmin(squares))
    sd = max(float(np.sqrt(squares[best] / (series.size - 1))), SMALLEST_SD)
    fade = np.cumsum(phi[best] ** np.arange(1, horizon + 1))
    impulse = np.concatenate([[1.0], alpha[best] + beta[best] * fade[: horizon - 1]])
    return level[best] + fade * trend[best], sd * impulse


def fit_theta(series: Floats, horizon: int) -> tuple[Floats, Floats]:
    """Point forecast and impulse response of the standard Theta method (two lines, theta 0 and 2, equal weights)."""
    if series.size < 4:
        return np.full(horizon, series[-1]), np.full(horizon, 0.3)
    days = np.arange(series.size) - (series.size - 1) / 2.0
    drift = 0.5 * float(days @ series / (days @ days))
    level = np.full(ALPHAS.size, series[0])
    squares = np.zeros(ALPHAS.size)
    for value in series[1:]:
        error = value - level
        squares += error * error
        level = level + ALPHAS * error
    best = int(np.argmin(squares))
    alpha = float(ALPHAS[best])
    sd = max(float(np.sqrt(squares[best] / (series.size - 1))), SMALLEST_SD)
    steps = np.arange(horizon)
    correction = (1.0 - (1.0 - alpha) ** series.size) / alpha
    centre = level[best] + drift * (steps + correction)
    return centre, sd * np.concatenate([[1.0], np.full(horizon - 1, alpha)])
