"""Claims: how long people take from home to their province, and how long they queue, against exact distributions.

A crossing serves at most its day's capacity, which is drawn anew each day; it is no M/M/c queue, where each desk has a
clock of its own. Its law is Lindley's: Q' = max(Q + A - C, 0) with independent A and C, and that has an exact answer at
every day, which is a sharper test than a stationary mean.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sarai.model.returns import HOURS, build_returns
from verify.claim_returns import alone, normal_p, quiet_world, run
from verify.claims import claim

Floats = NDArray[np.float64]


@claim(
    states="Home to province takes road, nights in the centre and onward road, in law on each day",
    sees="a stay 3 % too long", runs=6_000,
)  # fmt: skip
def first_passage(seed: int, runs: int, planted: bool) -> float:
    """Base flow of 50 a day, road of 2.3 days, a centre with a mean of 2.5 nights, onward 1.6 days; 18 days.

    Only means are Poisson's: parts of a day are rounded by one uniform a cohort, so that arrivals vary less.
    """
    rate, days = 50.0, 18
    world = quiet_world(desks=5000.0)
    first = next(row for row in world.routing if row.from_id == "x000" and row.kind == "all" and row.to_id != "onward")
    ways = (
        replace(first, to_id="s000-stay", share=1.0),
        replace(first, from_id="s000-stay", to_id="onward", share=1.0),
    )
    stages = tuple(replace(stage, stay_days=2.5) for stage in world.stages)
    route = replace(world.routes[0], distance_km=230.0)
    model = build_returns(replace(world, routing=ways, stages=stages, routes=(route,)))
    reception = replace(model.reception, onward_days=np.full_like(model.reception.onward_days, 1.6))
    model = replace(model, reception=reception, arrival_share=model.open_share)
    parameters = alone(
        model, runs, base_persons_day=rate, journey_speed_factor=1.0, stay_factor=1.03 if planted else 1.0
    )
    seen = run(model, parameters, days, seed, observe=("arrivals",))["arrivals"].sum(axis=1).astype(float)
    expected = rate * np.cumsum(passage_law(days))
    possible = expected > 0.0
    if seen[~possible].any():
        return 0.0
    errors = seen[possible].std(axis=1) / np.sqrt(runs)
    ps = [normal_p(d, e) for d, e in zip(seen[possible].mean(axis=1) - expected[possible], errors, strict=True)]
    return min(1.0, len(ps) * min(ps))


def passage_law(days: int) -> Floats:
    """Probability (day,) that home to province takes so many days: road, geometric nights, onward road."""
    road, onward, nights = np.zeros(days), np.zeros(days), np.zeros(days)
    road[[2, 3]] = 0.7, 0.3
    onward[[1, 2]] = 0.4, 0.6
    nights[1:] = 0.4 * 0.6 ** np.arange(days - 1)
    law: Floats = np.convolve(np.convolve(road, nights)[:days], onward)[:days]
    return law


@claim(
    states="A queue with noisy service is Lindley's, day by day: its whole distribution, not only its mean",
    sees="a capacity 1 % too large", runs=40_000,
)  # fmt: skip
def queue_of_lindley(seed: int, runs: int, planted: bool) -> float:
    """Poisson arrivals of 60 a day, lognormal capacity with mean 63 and log sd 0.3, rounded down; 40 days."""
    rate, capacity, log_sd, days = 60.0, 63.0, 0.3, 40
    world = quiet_world(desks=capacity / 200.0)
    world = replace(world, crossings=(replace(world.crossings[0], service_log_sd=log_sd),))
    model = build_returns(world)
    share = np.zeros((2, 1, HOURS))
    share[0, 0, 3], share[1, 0, 5] = 1.0, 1.0
    model = replace(model, arrival_share=share[0], open_share=share[1])
    parameters = alone(model, runs, base_persons_day=rate, capacity_factor=1.01 if planted else 1.0)
    queue = run(model, parameters, days, seed, stages="border", observe=("queue",))["queue"][-1, 0]
    law = lindley_law(rate, capacity, log_sd, days)
    edges = np.unique(np.searchsorted(np.cumsum(law), np.linspace(0.05, 0.95, 19)))
    inside = np.diff(np.concatenate([[0.0], np.cumsum(law)[edges], [1.0]])) * runs
    seen = np.bincount(np.searchsorted(edges, queue, side="left"), minlength=inside.size)
    return float(stats.chi2.sf(np.sum((seen - inside) ** 2 / inside), inside.size - 1))


def lindley_law(rate: float, capacity: float, log_sd: float, days: int, size: int = 2048) -> Floats:
    """Distribution (persons,) of the queue after some days from empty, by convolution of its daily steps."""
    whole = np.arange(size + 1)
    with np.errstate(divide="ignore"):
        z = (np.log(whole / capacity) + 0.5 * log_sd**2) / log_sd
    served = np.diff(stats.norm.cdf(z))  # P(floor(C) = k) = P(k <= C < k + 1)
    arrived = stats.poisson.pmf(np.arange(size), rate)
    step = np.convolve(arrived, served[::-1])  # index i: A - C = i - (size - 1)
    law = np.zeros(size)
    law[0] = 1.0
    for _ in range(days):
        moved = np.convolve(law, step)
        law = moved[size - 1 : 2 * size - 1].copy()
        law[0] += moved[: size - 1].sum()
    return law
