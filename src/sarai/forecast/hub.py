"""The flat table of a forecast in the columns of the forecast hubs (hubverse v6): quantiles, samples and cdf.

Source: hubverse documentation of model output (hubverse.io), schema v6.0.0: output types `quantile` (output_type_id is
the level), `sample` (an integer index, the same for all rows of one joint draw) and `cdf` over ordered categories.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sarai.forecast.forecast import COLUMNS, QUANTILE_LEVELS, Forecast, Series

NO_BREACH = "none"
VALUE_DIGITS = 1
"""A quantile of persons is never finer than a tenth of one."""


def forecast_table(forecast: Forecast, *, sample_count: int = 0) -> pl.DataFrame:
    """Every target of a forecast as rows of COLUMNS: 23 quantiles, and the cdf of the first breach.

    sample_count  joint samples to add for the crossing targets (the first members), 0 for none
    `horizon` counts days, or weeks for `week crossings`; target_end_date is the last day of the target.
    """
    parts = [quantile_rows(forecast, series) for series in forecast.series.values() if series.samples.size]
    if forecast.breach_stages:
        parts.append(breach_rows(forecast))
    if forecast.enforced:
        parts.append(enforcement_rows(forecast))
    if sample_count > 0:
        parts += [
            sample_rows(forecast, forecast.series[name], sample_count)
            for name in ("day crossings", "week crossings")
            if forecast.series[name].samples.size
        ]
    return pl.concat(parts) if parts else empty_table()


def empty_table() -> pl.DataFrame:
    """A table without rows."""
    texts = dict.fromkeys(COLUMNS, pl.String)
    return pl.DataFrame(schema={**texts, "horizon": pl.Int64(), "value": pl.Float64()})


def days_per_step(target: str) -> int:
    """Days that one step of the horizon lasts: 7 for weekly targets, else 1."""
    return 7 if target.startswith("week ") else 1


def quantile_rows(forecast: Forecast, series: Series) -> pl.DataFrame:
    """Rows of one series: horizon, location, level; quantiles by linear interpolation between order statistics."""
    values = np.quantile(series.samples, QUANTILE_LEVELS, axis=2)
    ordered = np.moveaxis(values, 0, -1)
    ids = [f"{level:g}" for level in QUANTILE_LEVELS]
    return _rows(forecast, series.target, series.locations, ordered, "quantile", ids)


def sample_rows(forecast: Forecast, series: Series, count: int) -> pl.DataFrame:
    """Rows of joint samples: one output_type_id is one possible world over all crossings and horizons."""
    used = min(count, series.samples.shape[2])
    return _rows(
        forecast, series.target, series.locations, series.samples[:, :, :used], "sample", [str(i) for i in range(used)]
    )


def breach_rows(forecast: Forecast) -> pl.DataFrame:
    """Cumulative probability by day that a stage has been above its capacity; the last category, `none`, is 1."""
    days = [forecast.reference_date + timedelta(days=h) for h in range(1, forecast.horizon_days + 1)]
    ids = [day.isoformat() for day in days] + [NO_BREACH]
    cumulative = np.minimum(np.cumsum(forecast.breach, axis=1), 1.0)
    cumulative[:, -1] = 1.0
    end = forecast.reference_date + timedelta(days=forecast.horizon_days)
    count = len(forecast.breach_stages) * len(ids)
    return pl.DataFrame(
        {
            "reference_date": [forecast.reference_date.isoformat()] * count,
            "target": ["first breach"] * count,
            "horizon": pl.Series([forecast.horizon_days] * count, dtype=pl.Int64),
            "location": [stage for stage in forecast.breach_stages for _ in ids],
            "target_end_date": [end.isoformat()] * count,
            "output_type": ["cdf"] * count,
            "output_type_id": ids * len(forecast.breach_stages),
            "value": np.round(cumulative.ravel(), 6),
        }
    ).select(COLUMNS)


def enforcement_rows(forecast: Forecast) -> pl.DataFrame:
    """The pmf of whether each deadline is enforced. Confidential: a forecast that goes out holds none unless asked."""
    end = forecast.reference_date + timedelta(days=forecast.horizon_days)
    head = {"reference_date": forecast.reference_date.isoformat(), "target": "deadline enforced",
            "horizon": forecast.horizon_days, "target_end_date": end.isoformat(), "output_type": "pmf"}  # fmt: skip
    rows = [
        {**head, "location": wave, "output_type_id": name, "value": round(value, 6)}
        for wave, chance in forecast.enforced.items()
        for name, value in (("enforced", chance), ("not_enforced", 1.0 - chance))
    ]
    return pl.DataFrame(rows).select(COLUMNS)


def _rows(
    forecast: Forecast,
    target: str,
    locations: Sequence[str],
    values: NDArray[np.float64],
    output_type: str,
    ids: Sequence[str],
) -> pl.DataFrame:
    """Rows from values (horizon, location, id)."""
    steps, places, kinds = values.shape
    length = days_per_step(target)
    ends = [(forecast.reference_date + timedelta(days=length * (h + 1))).isoformat() for h in range(steps)]
    rows = steps * places * kinds
    return pl.DataFrame(
        {
            "reference_date": pl.Series([forecast.reference_date.isoformat()]).new_from_index(0, rows),
            "target": pl.Series([target]).new_from_index(0, rows),
            "horizon": np.repeat(np.arange(1, steps + 1, dtype=np.int64), places * kinds),
            "location": pl.Series(np.tile(np.repeat(np.array(locations, dtype=object), kinds), steps), dtype=pl.String),
            "target_end_date": pl.Series(np.repeat(np.array(ends, dtype=object), places * kinds), dtype=pl.String),
            "output_type": pl.Series([output_type]).new_from_index(0, rows),
            "output_type_id": pl.Series(list(ids) * (steps * places), dtype=pl.String),
            "value": np.round(values.ravel(), VALUE_DIGITS),
        }
    ).select(COLUMNS)
