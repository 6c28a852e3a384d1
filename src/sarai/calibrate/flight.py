"""Learning the settings of a flight case from the recorded counts of its first days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.flight_smoother import smoother_weights, update_members
from sarai.model.flight.case import FlightCase
from sarai.model.flight.declared import Declared, apply_values, centre, declare, from_scale
from sarai.model.flight.law import FlightLaw, build_law
from sarai.model.flight.quirks import FLEE, Quirks
from sarai.simulate.flight.ensemble import FlightEnsemble
from sarai.simulate.flight.run import simulate_flight
from sarai.simulate.kernel import kernel
from sarai.simulate.keys import cell_key, purpose_key
from sarai.simulate.philox import stream_key, uniform_at
from sarai.simulate.small_math import normal_quantile

Floats = NDArray[np.float64]
PASSES = 3  # A177
RATIO = 2.0  # A177: each pass trusts the data twice as much as the one before
MEMBERS = 60  # A177
SHARE_SD = 0.05  # A178: error of a camp's share of all recorded people on the last day of learning
FADING = 1.0 / 3.0  # A178: it grows by e within this share of the days of learning, backwards in time
STEP = 0.5  # A179: share of the way from the settings of the case to the smoothed members that is gone
KEPT = 0.25  # A179: share of these that is kept, the best on the last days of learning
PEOPLE = 5_000  # A175: people in the system while settings are learned
GRID = 12  # A178: at most so many days are compared


@dataclass(frozen=True, kw_only=True)
class FlightPosterior:
    """Settings that the counts support. prior, posterior (unknown, member) on the scales of the unknowns.

    error     averaged relative difference on the last days of learning: with the settings of the case, and kept members
    case      at the resolution that was asked for    divisor   of the runs that learned
    misfit    (pass + 1,) mean squared standardised distance of predictions, before and after each pass
    train     days first .. last - 1                   seed
    """

    case: FlightCase
    unknowns: tuple[Declared, ...]
    prior: Floats
    posterior: Floats
    misfit: tuple[float, ...]
    error: tuple[float, float]
    train: tuple[int, int]
    divisor: int
    seed: int

    def values(self, name: str) -> Floats:
        """Posterior values of one unknown, one a member."""
        k = [item.name for item in self.unknowns].index(name)
        return np.array([from_scale(self.unknowns[k], where) for where in self.posterior[k]])

    def laws(self, quirks: Quirks = FLEE, divisor: int | None = None) -> list[FlightLaw]:
        """One law a member, at the resolution of the case or another."""
        case = self.case if divisor is None else with_divisor(self.case, divisor)
        return build_laws(case, self.unknowns, self.posterior, quirks)


@kernel()
def _normals(stream: np.uint64, cells: NDArray[np.uint64], members: int, day: int) -> Floats:
    """Standard normal draws, one a cell and member."""
    out = np.empty((len(cells), members))
    for i in range(len(cells)):
        for k in range(members):
            out[i, k] = normal_quantile(uniform_at(stream, k, day, cells[i]))
    return out


def normals(seed: int, purpose: str, names: Sequence[str], members: int, step: int = 0) -> Floats:
    """Standard normal draws keyed by purpose, name and member; shape (name, member)."""
    cells = np.array([cell_key(purpose, name) for name in names], dtype=np.uint64)
    return np.asarray(_normals(np.uint64(stream_key(seed, int(purpose_key(purpose)))), cells, members, step))


def with_divisor(case: FlightCase, divisor: int) -> FlightCase:
    """The case at another resolution."""
    return replace(case, settings=replace(case.settings, hasten=divisor))


def build_laws(
    case: FlightCase, unknowns: Sequence[Declared], positions: Floats, quirks: Quirks = FLEE
) -> list[FlightLaw]:
    """One law a member; routes are shared."""
    first = build_law(case, quirks)
    return [build_law(apply_values(case, unknowns, position), quirks, like=first) for position in positions.T]


def learning_divisor(case: FlightCase) -> int:
    """Divisor that leaves about PEOPLE people in the system; never below that of the case."""
    law = build_law(with_divisor(case, 1))
    people = int(law.people.leaving.sum() + law.people.initial.sum())
    return max(case.settings.hasten, -(-people // PEOPLE), 1)


def shares(ensemble: FlightEnsemble, days: NDArray[np.int64], camps: NDArray[np.int64]) -> Floats:
    """Simulated persons of camps on days over all people recorded on the day: (day x camp, member)."""
    total = np.maximum(ensemble.recorded[:, camps].sum(axis=1), 1).astype(np.float64)
    counts = ensemble.camp_counts()[days][:, camps] / total[days][:, None, None]
    return np.asarray(counts.reshape(-1, counts.shape[-1]))


def calibrate_flight(
    case: FlightCase,
    train: tuple[int, int],
    *,
    seed: int,
    names: Sequence[str] | None = None,
    camps: bool = True,
    members: int = MEMBERS,
    passes: int = PASSES,
    divisor: int | None = None,
    quirks: Quirks = FLEE,
    threads: int = 1,
    report: Callable[[int, float], None] | None = None,
) -> FlightPosterior:
    """Settings and pulls of camps that fit the counts of days train[0] .. train[1] - 1; later counts are not read.

    An ensemble smoother moves prior members to the counts, the later the closer. Of the points half way from the
    settings of the case to its members, those with the smallest averaged relative difference on the last days are kept;
    where one of these does worse there than the settings of the case, they stand in its place.

    names     settings to learn (all declared ones by default)       camps  learn the pull of every camp too
    divisor   of the runs that learn (about PEOPLE people by default)   report  called after each pass with its misfit
    Raises RequestError for settings that are not declared; ValueError for an empty window.
    """
    first, last = train
    if not 0 <= first < last <= case.days:
        raise ValueError(f"the days to learn from must lie in 0:{case.days}")
    unknowns = declare(case, names, camps)
    labels = [item.name for item in unknowns]
    small = with_divisor(replace(case, days=last), divisor or learning_divisor(case))
    middle = centre(case, unknowns)[:, None]
    spread = np.array([item.sd for item in unknowns])[:, None]
    prior = middle + spread * normals(seed, "flight prior", labels, members)
    days = np.unique(np.linspace(first, last - 1, min(GRID, last - first)).round().astype(np.int64))

    def simulate(positions: Floats) -> FlightEnsemble:
        laws = build_laws(small, unknowns, positions, quirks)
        return simulate_flight(laws, seed=seed, members=len(laws), threads=threads, keep_links=False)

    position = prior
    misfits: list[float] = []
    for step, inflation in enumerate(smoother_weights(passes, RATIO).tolist()):
        ensemble = simulate(position)
        known = np.flatnonzero(ensemble.has_records)
        predicted = shares(ensemble, days, known)
        observed = observed_shares(ensemble, days, known)
        sd = np.repeat(SHARE_SD * np.exp((last - 1 - days) / (FADING * (last - first))), len(known))
        misfits.append(float((((predicted - observed[:, None]) / sd[:, None]) ** 2).mean()))
        if report is not None:
            report(step, misfits[-1])
        datum = [f"{day}:{ensemble.camp_names[j]}" for day in days for j in known]
        noise = normals(seed, "flight data error", datum, members, step)
        position = update_members(position, predicted, observed, sd, noise, inflation)
    tried = np.concatenate([middle, middle + STEP * (position - middle)], axis=1)
    late = (last - max(1, round(FADING * (last - first))), last)
    errors = late_errors(simulate(tried), late)
    best = 1 + np.argsort(errors[1:], kind="stable")[: max(2, round(KEPT * members))]
    kept = np.where(errors[best] <= errors[0], best, 0)
    return FlightPosterior(
        case=case, unknowns=unknowns, prior=prior, posterior=tried[:, np.sort(kept)], misfit=tuple(misfits),
        error=(float(errors[0]), float(errors[kept].mean())), train=train, divisor=small.settings.hasten, seed=seed,
    )  # fmt: skip


def observed_shares(ensemble: FlightEnsemble, days: NDArray[np.int64], camps: NDArray[np.int64]) -> Floats:
    """Recorded persons of camps on days over all people recorded on the day: (day x camp,)."""
    recorded = ensemble.recorded[:, camps]
    return np.asarray((recorded / np.maximum(recorded.sum(axis=1, keepdims=True), 1))[days].reshape(-1))


def late_errors(ensemble: FlightEnsemble, days: tuple[int, int]) -> Floats:
    """Averaged relative difference of each member over days first .. last - 1."""
    known = np.flatnonzero(ensemble.has_records)
    counts = ensemble.camp_counts()[days[0] : days[1]][:, known].astype(np.float64)
    data = ensemble.recorded[days[0] : days[1], known].astype(np.float64)
    total = np.maximum(data.sum(axis=1), 1.0)[:, None]
    return np.asarray((np.abs(counts - data[:, :, None]).sum(axis=1) / total).mean(axis=0))
