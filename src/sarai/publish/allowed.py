"""What may go out at all: tables by their level, forecasts without what is confidential, unless asked for by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sarai.forecast.forecast import TARGETS, Forecast, Series
from sarai.publish.levels import INCLUDES, LEVELS
from sarai.publish.table import Table

ALL = "all"  # the location of a sum over places, as the table of a forecast calls it
BY_ORIGIN: frozenset[str] = frozenset({"day departures"})


def allowed_tables(tables: Iterable[Table], include: Sequence[str] = ()) -> tuple[Table, ...]:
    """Tables that may go out: confidential ones only where asked for by their own name.

    Raises ValueError on a level that is not known, and on a confidential table that no flag asks for.
    """
    found = []
    for table in tables:
        if table.level not in LEVELS or (table.level == "confidential") != (table.asked_by in INCLUDES):
            raise ValueError(f"table {table.id} has no known level")
        if table.level != "confidential" or table.asked_by in include:
            found.append(table)
    return tuple(found)


def allowed_forecast(forecast: Forecast, include: Sequence[str] = ()) -> Forecast:
    """A forecast as it may go out: sums over origin areas, no odds of enforcement, unless asked for by name.

    Raises ValueError on a target that has no known level.
    """
    unknown = sorted(set(forecast.series) - set(TARGETS))
    if unknown:
        raise ValueError(f"no known level: {', '.join(unknown)}")
    series = dict(forecast.series)
    for target in () if "origins" in include else BY_ORIGIN & series.keys():
        series[target] = _sum_over_origins(series[target])
    return replace(forecast, series=series, enforced=forecast.enforced if "enforcement" in include else {})


def _sum_over_origins(series: Series) -> Series:
    if ALL in series.locations:
        place = series.locations.index(ALL)
        whole = series.samples[:, place : place + 1]
    else:
        whole = series.samples.sum(axis=1, keepdims=True)
    return Series(target=series.target, locations=(ALL,), samples=whole)
