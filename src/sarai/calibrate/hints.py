"""Hints: what the reports and the case say of a law before it is fitted. They set centres and widths of its priors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.scope import BACKGROUND
from sarai.model.prior import RANGE_Z, ParameterPrior
from sarai.model.returns import ReturnsModel
from sarai.reconcile.observations import Observations
from sarai.world.world import World

Floats = NDArray[np.float64]

UNNAMED_LOGIT = 2.0  # A124: a crossing that no report names attracts so much less
BACKGROUND_RHO, BACKGROUND_SD = 0.995, 0.8  # A129: discrepancy of the usual movement, where no deadline is in force
BACKGROUND_AT_RISK = 0.95  # A129: anyone may be moved by it
PEOPLE_TO_COUNTED = 2.0  # A271: people there are at least, times those counted
UNNAMED_TO_COUNTED = 10.0  # A271: the same where nobody gave their number
UNNAMED_LOG_SD = 1.0  # A271: a range as wide as that gives no number: its ends lie 27 times apart
BACKGROUND_LOG_SD = 1.0  # A129: prior log sd of its rate
BASE_SHARE = 0.1  # A129: part of the usual movement that keeps its rate whatever the discrepancy


def background_priors(model: ReturnsModel, centre: float | None) -> tuple[Mapping[str, ParameterPrior], float]:
    """Priors where no deadline is in force, and the centre of the base flow: the rest moves with the discrepancy."""
    priors = dict(model.priors)
    usual = centre if centre is not None else float(priors["base_persons_day"].centre)
    fraction, rate = priors["at_risk_fraction"], priors["announce_rate"]
    priors["at_risk_fraction"] = replace(
        fraction, centre=np.full_like(fraction.centre, BACKGROUND_AT_RISK), spread=np.zeros_like(fraction.spread)
    )
    people = float(np.sum(priors["population"].centre) * BACKGROUND_AT_RISK)
    priors["announce_rate"] = replace(
        rate,
        centre=np.full_like(rate.centre, (1.0 - BASE_SHARE) * usual / max(people, 1.0)),
        spread=np.full_like(rate.spread, BACKGROUND_LOG_SD),
    )
    common = priors["discrepancy"]
    priors["discrepancy"] = replace(common, rho=BACKGROUND_RHO, spread=np.full_like(common.spread, BACKGROUND_SD))
    return priors, BASE_SHARE * usual


def with_enough_people(model: ReturnsModel, observations: Observations, usual: float | None) -> ReturnsModel:
    """The same law with a population that reports cannot contradict: some times those they count at least.

    Counted: `largest_count` within the window of the fit, and the usual movement over as long again as it lasts. A
    population table below that is raised in proportion; where it gives no number in truth, because its range is wide or
    because more people were counted than its upper end, it must not be what ends a rush.
    """
    prior = model.priors["population"]
    counted, times = largest_count(observations, model.first_day), PEOPLE_TO_COUNTED
    if model.waves == (BACKGROUND,):
        counted = max(counted, 2.0 * (usual or 0.0) * (model.as_of_day - model.first_day + 1))
    elif float(np.min(prior.spread, initial=np.inf)) > UNNAMED_LOG_SD or counted > upper_end(prior):
        times = UNNAMED_TO_COUNTED
    total = float(prior.centre.sum())
    if not 0.0 < total < times * counted:
        return model
    raised = replace(prior, centre=prior.centre * (times * counted / total))
    return replace(model, priors={**model.priors, "population": raised})


def upper_end(population: ParameterPrior) -> float:
    """Persons at the upper ends of the ranges of all strata."""
    return float(np.sum(population.centre * np.exp(RANGE_Z * population.spread)))


def largest_count(observations: Observations, first_day: int) -> float:
    """Persons counted since first_day, the known bias of a series taken out; 0 where nobody counted.

    By the series that counts most, or by those of single crossings together, of each crossing the one that counts most.
    """
    persons: dict[int, float] = {}
    for row in range(observations.count):
        if observations.start[row] < first_day:
            continue
        regime = int(observations.regime[row])
        value = float(observations.value[row]) / float(np.exp(observations.regimes[regime].bias_log_mean))
        level = observations.form[row] == "level"
        persons[regime] = max(persons.get(regime, 0.0), value) if level else persons.get(regime, 0.0) + value
    single = dict.fromkeys(range(len(observations.crossings)), 0.0)
    for row in np.flatnonzero(observations.scope.sum(axis=1) == 1).tolist():
        place = int(np.argmax(observations.scope[row]))
        single[place] = max(single[place], persons.get(int(observations.regime[row]), 0.0))
    return max(*persons.values(), sum(single.values()), 0.0)


def crossing_sizes(model: ReturnsModel, observations: Observations) -> Floats:
    """Prior log attraction of each crossing besides distance: its capacity, and whether any report names it.

    A crossing that no report names while others are named is a minor one: sources count where people cross (A124).
    """
    capacity = np.maximum(model.capacity_persons_day, 1.0)
    sizes: Floats = np.log(capacity / capacity.max())
    partial = observations.scope[~observations.scope.all(axis=1)] if observations.count else observations.scope
    named = np.zeros(len(observations.crossings), dtype=np.bool_)
    if partial.size:
        named |= np.any(partial, axis=0)
    if named.any():
        for name, is_named in zip(observations.crossings, named.tolist(), strict=True):
            sizes[model.crossings.index(name)] -= 0.0 if is_named else UNNAMED_LOGIT
    return sizes


def assumed_capacities(world: World, model: ReturnsModel) -> Floats:
    """1 for each crossing (in the order of the model) whose capacity rests on an assumption, 0 where it is cited."""
    basis = {crossing.place_id: crossing.basis for crossing in world.crossings}
    return np.array([0.0 if basis[x].source_id and not basis[x].assumption else 1.0 for x in model.crossings])


def base_from_reports(world: World, observations: Observations) -> float | None:
    """Persons a day at all crossings before the first announcement, from the reports; None if none speaks of it.

    Each figure of everyone who crossed, at half of the crossings or more, gives its daily mean; the geometric mean is
    taken. It is a centre only, of a prior with log sd 1: no figure is scaled up for the crossings that it leaves out.
    Where no announcement is known every figure counts.
    """
    named = [wave.announced.toordinal() for wave in world.calendar.waves if wave.id != BACKGROUND]
    announced = min(named, default=None)
    rates = []
    for row in range(observations.count):
        usable = observations.classes[row] in ("all", "other", "not_deported") and observations.statuses[row] == "all"
        wide = 2 * int(observations.scope[row].sum()) >= len(observations.crossings)
        recent = observations.end[row] >= world.start.toordinal()
        if usable and wide and recent and (announced is None or observations.end[row] < announced):
            rates.append(observations.value[row] / (observations.end[row] - observations.start[row] + 1))
    return float(np.exp(np.mean(np.log(np.maximum(rates, 1.0))))) if rates else None
