"""Forecast as a flat table in the forecast hubs' columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np

from sarai.forecast.forecast import COLUMNS, QUANTILE_LEVELS, Forecast
from sarai.publish.disclosure import allowed_forecast

WEEK_DAYS = 7
Row = tuple[str, str, int, str, str, str, str, str]


def forecast_csv(forecast: Forecast, include: Sequence[str] = ()) -> str:
    """The whole forecast as CSV text: quantiles of every target, first breach as a cdf over days and `none`.

    Columns as in `forecast.COLUMNS`; values in persons with at most one decimal; rows in target, location, horizon
    order. `week crossings` of horizon w ends on day 7 w after the reference date. Departures by origin area and the
    probability that a deadline is enforced (`deadline enforced`, by wave) only where `include` asks for them.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(forecast_rows(forecast, include))
    return text.getvalue()


def forecast_rows(forecast: Forecast, include: Sequence[str] = ()) -> Iterator[Row]:
    """Rows of the flat table. Quantile values are made monotone in the level by construction of np.quantile."""
    reference = forecast.reference_date
    allowed = allowed_forecast(forecast, include)
    for target, series in allowed.series.items():
        step = WEEK_DAYS if target.startswith("week") else 1
        values = np.quantile(series.samples, QUANTILE_LEVELS, axis=-1)
        for place, location in enumerate(series.locations):
            for index in range(series.samples.shape[0]):
                end = (reference + timedelta(days=step * (index + 1))).isoformat()
                for level, value in zip(QUANTILE_LEVELS, values[:, index, place], strict=True):
                    yield (
                        reference.isoformat(), target, index + 1, location, end, "quantile", f"{level:g}",
                        f"{round(float(value), 1):g}" if value < 1e5 else f"{value:.0f}",
                    )  # fmt: skip
    yield from _breach_rows(allowed)
    yield from _enforcement_rows(allowed)


def _breach_rows(forecast: Forecast) -> Iterator[Row]:
    """First breach by stage: probability that it has happened by each day; `none` closes the distribution at 1."""
    reference = forecast.reference_date
    for place, stage in enumerate(forecast.breach_stages):
        reached = np.cumsum(forecast.breach[place, :-1])
        for index, value in enumerate(reached):
            end = (reference + timedelta(days=index + 1)).isoformat()
            yield (reference.isoformat(), "first breach", index + 1, stage, end, "cdf", end, f"{value:.4f}")
        last = (reference + timedelta(days=len(reached))).isoformat()
        yield (reference.isoformat(), "first breach", len(reached), stage, last, "cdf", "none", "1.0000")


def _enforcement_rows(forecast: Forecast) -> Iterator[Row]:
    """Whether each deadline is enforced within the horizon's futures or not, as a pmf. Confidential."""
    reference = forecast.reference_date
    end = (reference + timedelta(days=forecast.horizon_days)).isoformat()
    for wave, chance in forecast.enforced.items():
        for name, value in (("enforced", chance), ("not_enforced", 1.0 - chance)):
            yield (reference.isoformat(), "deadline enforced", forecast.horizon_days, wave, end, "pmf", name,
                   f"{value:.4f}")  # fmt: skip
