"""Scores of a flight ensemble against recorded camp counts: the field's own measure, and proper ones.

Averaged relative difference: Suleimenova, Bell, Groen 2017 (doi:10.1038/s41598-017-13828-9), as Flee computes it, with
absolute differences rounded to four decimals. Mean absolute scaled error: Hyndman & Koehler 2006, against the six naive
models that Flee names MASE7, MASE30 and their sloped and ratio forms. Interval scores: `sarai.forecast.scores`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.forecast import QUANTILE_LEVELS
from sarai.forecast.scores import covers, weighted_interval_score
from sarai.simulate.flight.ensemble import NO_RECORD

Floats = NDArray[np.float64]
ROUNDED_TO = 4  # decimals of an absolute difference, as in Flee
TRAINING_DAYS = (7, 30)  # last training day of the naive models, as in Flee
WIDTHS = (0.5, 0.8, 0.95)


@dataclass(frozen=True, kw_only=True)
class FlightScore:
    """Scores over a window of days. Arrays of a score end in member.

    error, rescaled   averaged relative difference, 0 to 2                              (member,)
    camp_error        mean over days of |simulated - recorded| / total recorded          (camp, member)
    scaled_error      MASE against each naive model, weighted by recorded persons        (model, member)
    wis, wis_log      weighted interval score a camp and day, in persons and on log1p    scalar
    coverage          share of camp-days inside the central interval of each of WIDTHS   (width,)
    """

    days: tuple[int, int]
    camps: tuple[str, ...]
    error: Floats
    rescaled: Floats
    camp_error: Floats
    models: tuple[str, ...]
    scaled_error: Floats
    wis: float
    wis_log: float
    coverage: Floats


def relative_differences(simulated: NDArray[np.int32], recorded: NDArray[np.int64], *, rescaled: bool) -> Floats:
    """|S - D| / max(1, sum of D) by day, camp and member; S times U / A where rescaled.

    simulated (day, camp, member)   recorded (day, camp)
    """
    counts = simulated.astype(np.float64)
    data = recorded.astype(np.float64)[:, :, None]
    total = data.sum(axis=1, keepdims=True)
    if rescaled:
        held = counts.sum(axis=1, keepdims=True)
        counts = counts * np.divide(total, held, out=np.zeros_like(held), where=held > 0)
    return np.asarray(np.round(np.abs(counts - data), ROUNDED_TO) / np.maximum(total, 1.0))


def naive_counts(recorded: NDArray[np.int64]) -> dict[str, tuple[int, Floats]]:
    """Six naive forecasts from the first 7 or 30 days: last training day and counts (day, camp).

    flat    the count of the training day stays
    sloped  the straight line from day 0 to the training day goes on
    ratio   the share of the recorded total on the training day stays
    """
    data = recorded.astype(np.float64)
    day = np.arange(len(data))[:, None]
    total = data.sum(axis=1, keepdims=True)
    models: dict[str, tuple[int, Floats]] = {}
    for wanted in TRAINING_DAYS:
        last = min(wanted, len(data) - 1)
        slope = (data[last] - data[0]) / max(last, 1)
        share = data[last] / max(float(total[last, 0]), 1.0)
        models[f"MASE{wanted}"] = (last, np.broadcast_to(data[last], data.shape).copy())
        models[f"MASE{wanted}-sloped"] = (last, np.maximum(data[0] + slope * day, 0.0))
        models[f"MASE{wanted}-ratio"] = (last, share * total)
    return models


def scaled_errors(simulated: NDArray[np.int32], recorded: NDArray[np.int64]) -> tuple[tuple[str, ...], Floats]:
    """MASE of the rescaled simulation against each naive model, a mean over camps weighted by recorded persons.

    Returns names and values (model, member). Camps that a naive model meets exactly are left out of its mean; NaN where
    it meets all.
    """
    data = recorded.astype(np.float64)
    total = data.sum(axis=1, keepdims=True)[:, :, None]
    held = simulated.sum(axis=1, keepdims=True).astype(np.float64)
    counts = simulated * np.divide(total, held, out=np.zeros_like(held), where=held > 0)
    miss = np.abs(counts - data[:, :, None]).mean(axis=0)
    weight = data.sum(axis=0)
    names, values = [], []
    for name, (last, naive) in naive_counts(recorded).items():
        after = slice(last + 1, None)
        base = np.abs(naive[after] - data[after]).mean(axis=0) if len(data) > last + 1 else np.zeros(data.shape[1])
        use = (base > 0) & (weight > 0)
        ratio = np.divide(miss, base[:, None], out=np.zeros_like(miss), where=use[:, None])
        share = np.where(use, weight, 0.0)
        values.append(share @ ratio / share.sum() if share.sum() > 0 else np.full(simulated.shape[2], np.nan))
        names.append(name)
    return tuple(names), np.array(values)


def score_flight(
    simulated: NDArray[np.int32],
    recorded: NDArray[np.int64],
    camps: tuple[str, ...],
    days: tuple[int, int] | None = None,
) -> FlightScore:
    """All scores over days first .. last - 1 (all days by default), camps without a record left out.

    simulated (day, camp, member) persons   recorded (day, camp) persons, NO_RECORD without one
    On log1p a negative count, see NO_RECORD, is 0.
    Raises ValueError where no camp has a record, or the window is empty.
    """
    first, last = days or (0, len(recorded))
    known = recorded[0] != NO_RECORD if len(recorded) else np.zeros(0, dtype=bool)
    if not known.any() or not 0 <= first < last <= len(recorded):
        raise ValueError("there is nothing to score: no camp has a record, or the window holds no day")
    counts, data = simulated[first:last, known], recorded[first:last, known]
    plain = relative_differences(counts, data, rescaled=False)
    rescaled = relative_differences(counts, data, rescaled=True)
    models, scaled = scaled_errors(simulated[:, known], recorded[:, known])
    levels = np.array(QUANTILE_LEVELS)
    quantiles = np.moveaxis(np.quantile(counts, levels, axis=-1), 0, -1)
    truth = data.astype(np.float64)
    logs = np.log1p(np.maximum(truth, 0.0))
    return FlightScore(
        days=(first, last),
        camps=tuple(name for name, use in zip(camps, known, strict=True) if use),
        error=plain.sum(axis=1).mean(axis=0),
        rescaled=rescaled.sum(axis=1).mean(axis=0),
        camp_error=plain.mean(axis=0),
        models=models,
        scaled_error=scaled,
        wis=float(weighted_interval_score(quantiles, truth, levels).total.mean()),
        wis_log=float(weighted_interval_score(np.log1p(quantiles), logs, levels).total.mean()),
        coverage=np.array([float(covers(quantiles, truth, levels, width).mean()) for width in WIDTHS]),
    )
