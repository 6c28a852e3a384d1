"""Tables of studies of a flight case: scores, learned settings, effects of quirks and of changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.flight import FlightPosterior
from sarai.forecast.flight_scores import WIDTHS, FlightScore
from sarai.model.flight.declared import from_scale
from sarai.simulate.flight.ensemble import FlightEnsemble

SCORE_COLUMNS = ("measure", "camp", "mean", "q05", "q95")
LEARNED_COLUMNS = ("unknown", "in the case", "q05", "q50", "q95")
EFFECT_COLUMNS = ("place", "day", "as given", "changed", "difference", "q05", "q95")
FIGURES = 6


def _spread(values: NDArray[np.float64]) -> list[float]:
    low, high = np.quantile(values, (0.05, 0.95))
    return [round(float(value), FIGURES) for value in (values.mean(), low, high)]


def score_rows(score: FlightScore) -> Iterator[list[Any]]:
    """A row a measure: mean and 90 % interval over members where it has one a member."""
    yield ["averaged relative difference", "all", *_spread(score.error)]
    yield ["averaged relative difference, rescaled", "all", *_spread(score.rescaled)]
    for camp, values in zip(score.camps, score.camp_error, strict=True):
        yield ["averaged relative difference", camp, *_spread(values)]
    for name, values in zip(score.models, score.scaled_error, strict=True):
        if np.isfinite(values).all():
            yield [f"scaled error, {name}", "all", *_spread(values)]
    yield ["weighted interval score, persons", "all", round(score.wis, FIGURES), "", ""]
    yield ["weighted interval score, log1p", "all", round(score.wis_log, FIGURES), "", ""]
    for width, share in zip(WIDTHS, score.coverage, strict=True):
        yield [f"coverage of the central {width:.0%}", "all", round(float(share), FIGURES), "", ""]


def learned_rows(posterior: FlightPosterior) -> Iterator[list[Any]]:
    """A row an unknown: its value in the case and the quantiles of what was learned."""
    for k, item in enumerate(posterior.unknowns):
        values = posterior.values(item.name)
        given = 1.0 if item.name.startswith("camp:") else float(getattr(posterior.case.settings, item.name))
        yield [item.name, given, *(round(float(v), FIGURES) for v in np.quantile(values, (0.05, 0.5, 0.95)))]
        assert from_scale(item, float(posterior.posterior[k, 0])) == values[0]


def posterior_rows(posterior: FlightPosterior) -> Iterator[list[Any]]:
    """A row a member: the values of all unknowns, as `sarai flee run --learned` reads them."""
    columns = [posterior.values(item.name) for item in posterior.unknowns]
    for k in range(posterior.posterior.shape[1]):
        yield [k, *(repr(float(column[k])) for column in columns)]


def effect_rows(base: FlightEnsemble, changed: FlightEnsemble, places: Sequence[int]) -> Iterator[list[Any]]:
    """A row a place and tenth of the period: paired difference of persons with its 90 % interval."""
    days = np.unique(np.linspace(0, base.place.shape[0] - 1, 11).round().astype(int))
    for i in places:
        for day in days.tolist():
            one, two = base.place[day, i].astype(np.float64), changed.place[day, i].astype(np.float64)
            yield [
                base.case.places[i].name, day, round(float(one.mean()), 2), round(float(two.mean()), 2),
                *(round(value, 2) for value in _spread(two - one)),
            ]  # fmt: skip
