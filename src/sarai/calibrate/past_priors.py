"""Priors from past emergencies: a hierarchical normal over what each of them taught, on the fitted scale.

For a parameter with documented prior N(m, s^2) the emergencies' own values are x_c ~ N(mu, tau^2), with
mu ~ N(m, s^2 / 2) and tau half-normal with E[tau^2] = s^2 / 2: before any emergency the next value is exactly the
documented prior. What an emergency tells of x_c is its posterior with its prior divided out. The prediction is mixed
with the documented prior, its weight growing by a fifth with each emergency that informs the parameter, and the mixture
is written as a normal with the same two moments (A320). Source of the model: Gelman et al., Bayesian Data Analysis,
3rd ed., section 5.4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.calibrate import calibrate
from sarai.calibrate.diagnostics import posterior_sd
from sarai.calibrate.posterior import Posterior
from sarai.calibrate.unknowns import WAVE_PARAMETERS, to_coordinate
from sarai.ledger.run_record import inputs_sha256
from sarai.model.prior import ParameterPrior
from sarai.model.table import ParameterRow, parameter_table
from sarai.observe.case_writer import snapshot
from sarai.world.world import World

Floats = NDArray[np.float64]

ENOUGH = 5  # A320: emergencies from which on the documented prior has no weight of its own
SEEN_DAYS = 60  # A320: a wave is looked at so long after its deadline, when its tail is known
LEAST_LEARNED = 0.05  # A320: part of its precision that an estimate must add to its prior to count
TAU_GRID = np.linspace(0.02, 3.0, 150)  # in units of the documented sd
SKETCH_SIZE = 64  # A321: smallest report ids kept of a case, to know it again under another name


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What one source says of one parameter on the fitted scale: value and sd, its prior divided out."""

    value: float
    sd: float


@dataclass(frozen=True, kw_only=True)
class PastCase:
    """One past emergency: where it came from, and what it says of each parameter.

    vintage  hash of the case as known    sketch   smallest report ids: two cases that share many are one emergency
    waves    (id of the wave, day as of which it was looked at)
    between  countries of departure and return; deadlines: as first announced, of every wave
    """

    name: str
    vintage: str
    sketch: tuple[str, ...]
    waves: tuple[tuple[str, date], ...]
    estimates: Mapping[str, Estimate]
    between: tuple[str, str] = ("", "")
    deadlines: tuple[date, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LearnedPrior:
    """The prior of one parameter for the next emergency, on the fitted scale, beside the documented one."""

    name: str
    transform: str
    mean: float
    sd: float
    documented_mean: float
    documented_sd: float
    emergencies: int


@dataclass(frozen=True, kw_only=True)
class PastPriors:
    """Priors learned from past emergencies, with where they came from. `version` of sarai made them."""

    version: str
    cases: tuple[PastCase, ...]
    priors: tuple[LearnedPrior, ...]


def learn_priors(cases: Sequence[PastCase], version: str) -> PastPriors:
    """Priors of the wave parameters from past emergencies; the order in which they are given changes nothing."""
    ordered = tuple(sorted(cases, key=lambda case: (case.name, case.vintage)))
    table = parameter_table()
    found = []
    for name in WAVE_PARAMETERS:
        seen = [case.estimates[name] for case in ordered if name in case.estimates]
        found.append(next_prior(table[name], seen))
    return PastPriors(version=version, cases=ordered, priors=tuple(found))


def next_prior(row: ParameterRow, seen: Sequence[Estimate]) -> LearnedPrior:
    """The prior of one parameter after these emergencies; the documented one where there is none."""
    transform, centre = to_coordinate(documented(row))
    mean, sd = float(centre[0]), row.prior.spread
    learned_mean, learned_var = predict_next(mean, sd, seen)
    weight = min(len(seen), ENOUGH) / ENOUGH
    mixed = weight * learned_mean + (1.0 - weight) * mean
    second = weight * (learned_var + learned_mean**2) + (1.0 - weight) * (sd**2 + mean**2)
    return LearnedPrior(
        name=row.name, transform=transform, mean=mixed, sd=float(np.sqrt(second - mixed**2)), documented_mean=mean,
        documented_sd=sd, emergencies=len(seen),
    )  # fmt: skip


def predict_next(mean: float, sd: float, seen: Sequence[Estimate]) -> tuple[float, float]:
    """Mean and variance of the value in the next emergency: mu integrated in closed form, tau on a grid."""
    half = sd / np.sqrt(2.0)
    tau = TAU_GRID * sd
    log_weight = -0.5 * (tau / half) ** 2
    precision, weighted = np.full(tau.size, 1.0 / half**2), np.full(tau.size, mean / half**2)
    for item in seen:
        own = 1.0 / (item.sd**2 + tau**2)
        before = weighted / precision
        spread = 1.0 / own + 1.0 / precision
        log_weight = log_weight - 0.5 * np.log(spread) - 0.5 * (item.value - before) ** 2 / spread
        precision, weighted = precision + own, weighted + own * item.value
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    middle = weighted / precision
    variance = tau**2 + 1.0 / precision
    found = float(weight @ middle)
    return found, float(weight @ (variance + middle**2)) - found**2


def documented(row: ParameterRow) -> ParameterPrior:
    """The prior of the parameter table, without any case."""
    return ParameterPrior(
        name=row.name, kind=row.prior.kind, axes=(), keys=(), centre=np.array([row.prior.centre]),
        spread=np.array([row.prior.spread]), rho=0.0, low=row.low, high=row.high,
    )  # fmt: skip


def past_case(as_of: Callable[[date], World], last: date) -> PastCase:
    """What one past emergency says: each of its waves fitted SEEN_DAYS after its deadline, with what was known then.

    as_of  the world as known on a day; last: the day on which everything is known
    A wave that was withdrawn says nothing; several waves of one emergency are averaged by precision, with the sd of a
    single one, because they are no independent emergencies.
    """
    world = as_of(last)
    waves, parts = [], []
    for wave in world.calendar.waves:
        if wave.withdrawn:
            continue
        day = min(wave.deadline + timedelta(days=SEEN_DAYS), last)
        posterior = calibrate(as_of(day))
        if wave.id in posterior.model.waves:
            waves.append((wave.id, day))
            parts.append(wave_estimates(posterior, wave.id))
    return replace(identity_of(world), waves=tuple(waves), estimates=join_waves(parts))


def identity_of(world: World) -> PastCase:
    """What an emergency is known by, before anything is learned from it."""
    return PastCase(
        name=world.name, vintage=inputs_sha256(snapshot(world)), sketch=sketch_of(world), waves=(), estimates={},
        between=(world.country_from, world.country_to), deadlines=deadlines_of(world),
    )  # fmt: skip


def deadlines_of(world: World) -> tuple[date, ...]:
    """The deadlines of a world as first announced, also of waves that were called off."""
    return tuple(sorted({wave.deadline_first for wave in world.calendar.waves}))


def sketch_of(world: World) -> tuple[str, ...]:
    """The smallest report ids of a world: a report has the same id in any case folder."""
    return tuple(sorted({report.id for report in world.reports})[:SKETCH_SIZE])


def wave_estimates(posterior: Posterior, wave: str) -> dict[str, Estimate]:
    """What the reports say of the parameters of one wave: its posterior with the prior of the fit divided out."""
    fit, sd = posterior.components[0].fit, posterior_sd(posterior.components[0].fit)
    found: dict[str, Estimate] = {}
    for name in WAVE_PARAMETERS:
        block = posterior.unknowns.by_name[name]
        place = block.keys.index(wave)
        at = block.start + place
        prior, own = 1.0 / block.spread[place] ** 2, 1.0 / sd[at] ** 2
        gain = own - prior
        if gain > LEAST_LEARNED * prior:
            value = (fit.mode[at] * own - block.mean[place] * prior) / gain
            found[name] = Estimate(value=float(value), sd=float(gain**-0.5))
    return found


def join_waves(parts: Sequence[Mapping[str, Estimate]]) -> dict[str, Estimate]:
    """One estimate of each parameter for an emergency from those of its waves."""
    found = {}
    for name in WAVE_PARAMETERS:
        seen = [part[name] for part in parts if name in part]
        if seen:
            weight = np.array([item.sd**-2 for item in seen])
            value = float(weight @ [item.value for item in seen] / weight.sum())
            found[name] = Estimate(value=value, sd=float(weight.mean() ** -0.5))
    return found
