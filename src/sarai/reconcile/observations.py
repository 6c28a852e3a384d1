"""Observations: what the reports say about sums of daily flow over windows, crossings, statuses and kinds.

One operator for all who compare a flow with reports: reconcile infers the flow through it, calibrate fits the law.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.chain import Figure, Form, chain_figures
from sarai.reconcile.entry import SetAside, read_entries
from sarai.reconcile.repeat import drop_repeats
from sarai.world.report import SeriesRegime
from sarai.world.world import World


@dataclass(frozen=True, kw_only=True)
class Observations:
    """Figures as sums over windows: log value = log bias(regime) + log sum of flow + error.

    start, end   (obs,) first and last civil day number of the window, both inclusive
    scope        (obs, crossing) True where the figure counts the crossing; crossings in stable order
    statuses     document status counted by each, or `all`
    classes      kind counted by each: `all`, `deported`, `facilitated`, `other`, `not_deported`
    value        (obs,) persons, > 0 (a reported zero enters as half a person with a wide error)
    log_sd       (obs,) sd of the log error a priori, rounding included; the error is heavy-tailed (Student t, 4)
    noise_sd     (obs,) the part of it that belongs to the series; rounding_sd: the part due to rounding
    regime       (obs,) index into `regimes`: figures of one regime share one bias
    form         `count` for a period, `level` a running total, `difference` of two totals of one series and regime
    known        (obs,) civil day number on which the figure became known
    scored       (obs,) False where a report's day of knowledge was inferred
    report_ids   the reports that each figure is made of (two for a difference, more where outlets repeat one figure)
    set_aside    reports that do not enter, each with the reason
    """

    crossings: tuple[str, ...]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    scope: NDArray[np.bool_]
    statuses: tuple[str, ...]
    classes: tuple[str, ...]
    value: NDArray[np.float64]
    log_sd: NDArray[np.float64]
    noise_sd: NDArray[np.float64]
    rounding_sd: NDArray[np.float64]
    regime: NDArray[np.int64]
    regimes: tuple[SeriesRegime, ...]
    form: tuple[Form, ...]
    known: NDArray[np.int64]
    scored: NDArray[np.bool_]
    report_ids: tuple[tuple[str, ...], ...]
    set_aside: tuple[SetAside, ...] = ()

    @property
    def count(self) -> int:
        """Number of figures."""
        return len(self.value)


def build_observations(world: World) -> Observations:
    """All figures that the reports of `world` give on the flow at its crossings.

    Running totals of a series that rounds enter as levels; of a series kept by book-keeping as differences within one
    regime. Repeats of one figure enter once. What cannot be used is listed in `set_aside`; nothing is dropped silently.
    """
    crossings = tuple(place.id for place in world.places_of("crossing"))
    entries, regimes, unusable = read_entries(world, crossings)
    figures, off_chain = chain_figures(entries)
    kept, repeats = drop_repeats(figures)
    return collect_figures(kept, crossings, regimes, unusable + off_chain + repeats)


def collect_figures(
    figures: list[Figure], crossings: tuple[str, ...], regimes: tuple[SeriesRegime, ...], set_aside: list[SetAside]
) -> Observations:
    """Figures as arrays, ordered by end, start, series and value so that the order of the file does not matter."""
    ordered = sorted(figures, key=figure_order)
    scope = np.zeros((len(ordered), len(crossings)), dtype=np.bool_)
    place = {name: index for index, name in enumerate(crossings)}
    for row, figure in enumerate(ordered):
        for name in figure.scope:
            scope[row, place[name]] = True
    noise = np.array([figure.noise_sd for figure in ordered], dtype=np.float64)
    rounding = np.array([figure.rounding_sd for figure in ordered], dtype=np.float64)
    return Observations(
        crossings=crossings,
        start=np.array([figure.start for figure in ordered], dtype=np.int64),
        end=np.array([figure.end for figure in ordered], dtype=np.int64),
        scope=scope,
        statuses=tuple(figure.status for figure in ordered),
        classes=tuple(figure.count_class for figure in ordered),
        value=np.array([figure.value for figure in ordered], dtype=np.float64),
        log_sd=np.sqrt(noise * noise + rounding * rounding),
        noise_sd=noise,
        rounding_sd=rounding,
        regime=np.array([figure.regime for figure in ordered], dtype=np.int64),
        regimes=regimes,
        form=tuple(figure.form for figure in ordered),
        known=np.array([figure.known for figure in ordered], dtype=np.int64),
        scored=np.array([figure.scored for figure in ordered], dtype=np.bool_),
        report_ids=tuple(figure.report_ids for figure in ordered),
        set_aside=tuple(sorted(set_aside, key=lambda item: (item.report_id, item.reason))),
    )


def figure_order(figure: Figure) -> tuple[object, ...]:
    """Key by which figures are ordered, whatever the order of the rows in the file."""
    return (figure.end, figure.start, figure.regime, figure.scope, figure.count_class, figure.status, figure.form,
            figure.value, figure.report_ids)  # fmt: skip


def window_sums(
    observations: Observations, flow: NDArray[np.float64], first_day: int, fill: float = 0.0
) -> NDArray[np.float64]:
    """Sum of `flow` over each figure's window and crossings, whatever its kind and status.

    flow (day, crossing, member) persons/day from civil day `first_day`; returns (obs, member) persons. Days of a window
    outside the flow count `fill` persons a day at each crossing of the scope.
    """
    day_count, crossing_count, member_count = flow.shape
    cumulated = np.zeros((day_count + 1, crossing_count, member_count))
    np.cumsum(flow, axis=0, out=cumulated[1:])
    low = np.clip(observations.start - first_day, 0, day_count)
    high = np.clip(observations.end + 1 - first_day, 0, day_count)
    total = np.zeros((observations.count, member_count))
    missing = (observations.end + 1 - observations.start) - (high - low)
    for row in range(observations.count):
        inside = observations.scope[row]
        total[row] = (cumulated[high[row], inside] - cumulated[low[row], inside]).sum(axis=0)
        total[row] += fill * float(missing[row]) * float(inside.sum())
    return total
