"""Claims: the returns engine conserves people and follows the theory of each of its parts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sarai.model.parameters import Parameters
from sarai.model.returns import HOURS, ReturnsModel, build_returns, central_parameters
from sarai.simulate.ensemble import Ensemble
from sarai.simulate.simulate import simulate_returns
from sarai.world.calendar import Calendar
from sarai.world.place import Route
from sarai.world.population import Stratum
from sarai.world.world import World
from verify.claims import claim
from verify.made_up import make_place, make_world, random_world, spread_parameters

Floats = NDArray[np.float64]
WEEK = 7


def members(count: int, first: int = 0) -> NDArray[np.uint64]:
    """Ids of members."""
    return np.arange(first, first + count, dtype=np.uint64)


def run(model: ReturnsModel, parameters: Parameters, days: int, seed: int, **how: Any) -> Ensemble:
    """Simulate the first `days` days of a model."""
    last = model.first_day + days - 1
    return simulate_returns(model, parameters, first_day=model.first_day, last_day=last, seed=seed, **how)


def everybody(ensemble: Ensemble) -> Floats:
    """(day, member) persons anywhere."""
    standing = [ensemble[name] for name in ("remaining", "held", "on_road", "onward_road")]
    standing += [ensemble["queue"].sum(axis=1), ensemble["occupancy"].sum(axis=1)]
    total: Floats = np.sum(standing, axis=0) + np.cumsum(ensemble["arrivals"].sum(axis=1), axis=0)
    return total


def quiet_world(persons: int = 100_000_000, **changes: Any) -> World:
    """One group, one crossing, no wave: a base flow from so many people that it is Poisson."""
    world = make_world(
        origins=1, statuses=("undocumented",), crossings=1, sites=1, holding=False, calendar=Calendar(), **changes
    )
    route = Route(from_id="o000", to_id="x000", distance_km=0.0, speed_km_day=100.0)
    stratum = Stratum(origin="o000", status="undocumented", low_persons=persons, high_persons=persons)
    crossing = replace(world.crossings[0], service_log_sd=0.0)
    return replace(world, routes=(route,), strata=(stratum,), crossings=(crossing,))


def alone(model: ReturnsModel, count: int, **changes: float) -> Parameters:
    """Members at the centre of the priors, single travellers, with some values set for all."""
    parameters = central_parameters(model, members(count))
    values = {"household_size": 1.0, "diversion_fraction": 0.0, **changes}
    return parameters.change(**{name: 0.0 * getattr(parameters, name) + value for name, value in values.items()})


def normal_p(difference: float, error: float, allowed: float = 0.0) -> float:
    """Two-sided p-value of a difference beyond an allowed bias."""
    return float(2.0 * stats.norm.sf(max(0.0, abs(difference) - allowed) / error))


@claim(
    states="On any network everybody is somewhere, once, each day in each member", sees="one person lost once",
    runs=100_000, exact=True,
)  # fmt: skip
def conservation(seed: int, runs: int, planted: bool) -> float:
    """Total persons by day and member on random networks of 1 to 4 places of each kind, 30 days, 2 members."""
    for network in range(runs):
        model = build_returns(random_world(seed % 2**31 + network))
        ensemble = run(model, spread_parameters(model, 2), 30, seed, threads=1, accuracy="fast")
        total = everybody(ensemble)
        total[17, 1] -= float(planted and network == runs // 2)
        if not (total == total[0]).all():
            return 0.0
    return 1.0


@claim(
    states="The queue of a crossing is that of M/D/c: mean waiting as by Spitzer's identity",
    sees="a mean queue 5 % too long", runs=40_000,
)  # fmt: skip
def queue_of_md_c(seed: int, runs: int, planted: bool) -> float:
    """Poisson arrivals of 100 a day, 105 crossed a day at most, all on one hour: Q' = max(Q + A - C, 0)."""
    arrivals, capacity = 100.0, 105
    world = quiet_world(desks=capacity / 200.0)
    model = build_returns(world)
    share = np.zeros((2, 1, HOURS))
    share[0, 0, 3], share[1, 0, 5] = 1.0, 1.0
    model = replace(model, arrival_share=share[0], open_share=share[1])
    parameters = alone(model, runs, base_persons_day=arrivals, capacity_factor=1.0)
    ensemble = run(model, parameters, 120, seed, stages="border", observe=("queue",))
    queue = ensemble["queue"][-1, 0].astype(float) * (1.05 if planted else 1.0)
    k = np.arange(1, 4000)
    n, c = arrivals * k, capacity * k
    theory = float(np.sum((n * stats.poisson.sf(c - 1, n) - c * stats.poisson.sf(c, n)) / k))
    return normal_p(queue.mean() - theory, queue.std() / np.sqrt(runs))


@claim(
    states="A stage with a stay is M/M/infinity in days: occupancy is Poisson with mean arrivals x stay",
    sees="a stay 2 % too long, or a variance 5 % off", runs=20_000,
)  # fmt: skip
def stay_of_mm_infinity(seed: int, runs: int, planted: bool) -> float:
    """Everybody is sent to one stage with a mean stay of 3 nights; occupancy after 60 days."""
    world = quiet_world(desks=1000.0)
    rows = tuple(replace(row, share=1.0) for row in world.routing if row.from_id == "x000" and row.to_id != "onward")
    rows = tuple(replace(row, to_id="s000-stay") for row in rows if row.kind == "all")
    stages = tuple(replace(stage, stay_days=3.0) for stage in world.stages)
    leave = replace(rows[0], from_id="s000-stay", to_id="onward")
    model = build_returns(replace(world, routing=(*rows, leave), stages=stages))
    model = replace(model, arrival_share=model.open_share)
    parameters = alone(model, runs, base_persons_day=40.0, stay_factor=1.02 if planted else 1.0)
    present = run(model, parameters, 60, seed, observe=("occupancy",))["occupancy"][-1].sum(axis=0).astype(float)
    mean = 120.0
    by_mean = normal_p(present.mean() - mean, np.sqrt(mean / runs))
    by_variance = normal_p(present.var() / mean - 1.0, np.sqrt((2.0 + 1.0 / mean) / runs))
    return min(1.0, 2.0 * min(by_mean, by_variance))


@claim(
    states="Single travellers leave as a binomial of all days together: a thinning of those who are there",
    sees="a variance 5 % off, or a mean 0.2 % off", runs=40_000,
)  # fmt: skip
def thinning(seed: int, runs: int, planted: bool) -> float:
    """47 days of a wave on 40,000 persons: mean and variance of all who left."""
    model = build_returns(make_world(origins=1, statuses=("acc",), crossings=1, holding=False, desks=5000.0))
    parameters = alone(
        model, runs, at_risk_fraction=1.0, base_persons_day=0.0, origin_intensity=1.002 if planted else 1.0
    )
    parameters = parameters.change(population=np.full((1, runs), 40_000.0))
    day = 47
    expected = run(model, parameters.take([0]).change(origin_intensity=np.ones((1, 1))), day, seed, mode="mean")
    sample = run(model, parameters, day, seed, observe=("departures",))["departures"].sum(axis=0)[0].astype(float)
    mean = float(expected["departures"].sum())
    variance = mean * (1.0 - mean / 40_000.0)
    by_mean = normal_p(sample.mean() - mean, np.sqrt(variance / runs))
    by_variance = normal_p(sample.var() / variance - 1.0, np.sqrt(2.0 / runs))
    return min(1.0, 2.0 * min(by_mean, by_variance))


@claim(
    states="Households of s leave together: the variance of a day's leavers is s n p q",
    sees="a variance 6 % off", runs=40_000,
)  # fmt: skip
def households(seed: int, runs: int, planted: bool) -> float:
    """The first day of a base flow of 4,000 a day from 40,000 persons in households of 6."""
    size, people, base = 6.0, 40_000.0, 4_000.0
    model = build_returns(make_world(origins=1, statuses=("acc",), crossings=1, holding=False, calendar=Calendar()))
    parameters = alone(model, runs, base_persons_day=base, household_size=size * (1.06 if planted else 1.0))
    parameters = parameters.change(population=np.full((1, runs), people))
    sample = run(model, parameters, 1, seed, observe=("departures",))["departures"][0, 0].astype(float)
    p = 1.0 - np.exp(-base / people)
    # the Beta value adds (s - 1)(n - 1)/(n - 1) npq to npq: size x n p q exactly
    variance = size * people * p * (1.0 - p)
    return normal_p(sample.var() / variance - 1.0, np.sqrt(2.0 / runs) * 1.02)


@claim(
    states="Mode mean is the average of many members to 0.5 % where queues are not full",
    sees="a bias of 2 %", runs=100_000,
)  # fmt: skip
def mean_mode(seed: int, runs: int, planted: bool) -> float:
    """Crossings of the fullest week by crossing and kind: expectation against members with the same parameters."""
    model = build_returns(make_world(origins=3, crossings=3, desks=60.0, holding=False))
    parameters = alone(model, runs, household_size=6.0)
    first, last = model.first_day + 44, model.first_day + 44 + WEEK - 1
    expected = run(model, parameters.take([0]), 55, seed, mode="mean", stages="border").window_sum(
        "crossed", first, last
    )
    sample = run(model, parameters, 55, seed, stages="border", observe=("crossed",), accuracy="fast")
    sums = sample.window_sum("crossed", first, last).reshape(-1, runs)
    theory = expected.reshape(-1) * (1.02 if planted else 1.0)
    error = sums.std(axis=1) / np.sqrt(runs)
    ps = [normal_p(sums[k].mean() - theory[k], error[k], 0.005 * theory[k]) for k in np.flatnonzero(theory)]
    return min(1.0, len(ps) * min(ps))


@claim(
    states="As people grow in number the spread of shares falls as one over the root", sees="a slope of -0.45",
    runs=20_000,
)  # fmt: skip
def mean_field(seed: int, runs: int, planted: bool) -> float:
    """Slope of log sd of the share that left against log persons, 10^3 to 10^6 persons."""
    sizes = np.array([1e3, 1e4, 1e5, 1e6])
    spreads = []
    for size in sizes:
        model = build_returns(make_world(origins=1, statuses=("acc",), crossings=1, holding=False))
        parameters = alone(model, runs, base_persons_day=0.0, at_risk_fraction=1.0)
        parameters = parameters.change(population=np.full((1, runs), size))
        left = run(model, parameters, 50, seed, stages="border", observe=("departures",), accuracy="fast")
        spreads.append(float(np.std(left["departures"].sum(axis=(0, 1)) / size ** (0.95 if planted else 1.0))))
    x = np.log(sizes) - np.log(sizes).mean()
    slope = float((x * np.log(spreads)).sum() / (x * x).sum())
    error = np.sqrt(0.5 / runs) / np.sqrt((x * x).sum())
    return normal_p(slope + 0.5, error)


@claim(
    states="An origin split in two sends in law what the one sends", sees="a mean 0.5 % or a variance 6 % off",
    runs=20_000,
)  # fmt: skip
def splitting(seed: int, runs: int, planted: bool) -> float:
    """Crossings at each crossing up to the deadline: one origin of 40,000 against two of 20,000 at the same place."""
    one = make_world(origins=1, statuses=("acc",), crossings=2, holding=False, desks=500.0)
    two = replace(
        one,
        strata=tuple(replace(s, origin=o) for s in one.strata for o in ("o000", "o001")),
        routes=tuple(replace(r, from_id=o) for r in one.routes for o in ("o000", "o001")),
        places={**one.places, "o001": make_place("o001", "origin", 0, 8)},
    )
    sums = []
    for world, people, first in ((one, 40_000.0, 0), (two, 20_000.0, runs)):
        model = build_returns(world)
        intensity = 1.005 if planted and first else 1.0
        parameters = alone(model, runs, at_risk_fraction=1.0, base_persons_day=0.0, origin_intensity=intensity)
        parameters = replace(parameters, member_ids=members(runs, first))
        parameters = parameters.change(population=np.full((len(model.strata), runs), people))
        crossed = run(model, parameters, 47, seed, stages="border", observe=("crossed",), accuracy="fast")["crossed"]
        sums.append(crossed.sum(axis=(0, 2)).astype(float))
    ps = []
    for x in range(2):
        a, b = sums[0][x], sums[1][x]
        ps.append(normal_p(a.mean() - b.mean(), np.sqrt((a.var() + b.var()) / runs)))
        ps.append(normal_p(np.log(a.var() / b.var()), np.sqrt(4.0 / runs)))
    return min(1.0, len(ps) * min(ps))


@claim(
    states="Keys cut the variance of a change in peak queue at least 40 times where the queue is full",
    sees="pairing lost", runs=2_000,
)  # fmt: skip
def paired_differences(seed: int, runs: int, planted: bool) -> float:
    """Desks raised by a tenth at crossings that are full to the last day: paired and unpaired differences of the peak.

    The ratio is about 240. Where a queue passes a flat top, the day of its peak differs from member to member, and so
    does what the desks change: with two desks, which do catch up, the ratio is about 30 though no pairing is lost.
    """
    model = build_returns(make_world(origins=3, crossings=2, desks=1.5, persons=40_000))
    more = replace(model, capacity_persons_day=model.capacity_persons_day * 1.1)
    parameters = alone(model, runs, household_size=6.0)
    apart = replace(parameters, member_ids=members(runs, runs))

    def peak(which: ReturnsModel, who: Parameters) -> Floats:
        queue = run(which, who, 60, seed, stages="border", observe=("queue",))["queue"]
        return np.asarray(queue.sum(axis=1).max(axis=0), dtype=np.float64)

    base, other = peak(model, parameters), peak(more, apart)
    paired = other if planted else peak(more, parameters)
    ratio = np.var(other - base) / np.var(paired - base)
    return float(stats.f.cdf(ratio / 40.0, runs - 1, runs - 1))
