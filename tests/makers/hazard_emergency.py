"""Invented emergencies whose truth is a law of hazards with numbers drawn from wide priors, as reports of them.

An announcement, a rise to the deadline, its fall and enforcement that fades, each a hazard of those who may leave,
times a departure from the shape with memory; households of six. The shape is close to that of the returns law: what
makes it hard is that its numbers differ by factors of two to four from one emergency to the next, and that the
departure is as large as on the return of 2023.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from makers.emergency import REPORTING, Emergency, Regime

Floats = NDArray[np.float64]

SEED, FLOW_SEED = 880, 33_000
REGIMES: tuple[Regime, ...] = ("enforced", "enforced", "late", "not enforced", "not enforced")
MEMORY, DEPARTURE = 0.85, 0.35  # of the departure from the shape: correlation a day, sd
FAMILY = 6.0  # persons who cross together
NUMBERS = {
    "at_risk_fraction": (0.4, 0.7),
    "announce_rate": (0.003, 0.9),
    "rise_rate": (0.03, 1.0),
    "rise_days": (3.0, 0.6),
    "fall_days": (1.7, 0.6),
    "enforce_rate": (0.0145, 1.0),
    "enforce_days": (30.0, 0.5),
}  # median and log sd of each number, by its name in the returns law
LAG_DAYS = (7.0, 0.6)


def draw_hazard_emergency(number: int) -> Emergency:
    """50,000 to 3 million people named, all by number; a usual movement of 0.016 % of them a day, log sd 1."""
    rng = np.random.default_rng(SEED + number)
    population = int(np.exp(rng.uniform(np.log(5e4), np.log(3e6))))
    regime = REGIMES[number % len(REGIMES)]
    return Emergency(
        name=f"hazards-{regime.replace(' ', '-')}", base=max(population * 1.6e-4 * float(np.exp(rng.normal())), 5.0),
        peak=0.0, regime=regime, crossings=int(rng.integers(1, 5)), reporting=REPORTING[int(rng.integers(4))],
        days=190, deadlines=(90,), notice=int(rng.choice([20, 28, 45])), population=population, seed=FLOW_SEED + number,
    )  # fmt: skip


def hazard_flow(kind: Emergency) -> Floats:
    """Persons who cross, (day, crossing)."""
    rng = np.random.default_rng(kind.seed + 5)

    def around(median: float, log_sd: float) -> float:
        return median * float(np.exp(rng.normal(0.0, log_sd)))

    drawn = {name: around(*spread) for name, spread in NUMBERS.items()}
    people = min(drawn["at_risk_fraction"], 0.95) * float(kind.population or 0)
    rise, rise_days, fall_days = drawn["rise_rate"], drawn["rise_days"], drawn["fall_days"]
    enforced, fade_days = drawn["enforce_rate"], drawn["enforce_days"]
    deadline = kind.deadlines[0] + (int(around(*LAG_DAYS)) + 1 if kind.regime == "late" else 0)
    if kind.regime == "not enforced":
        rise, enforced = 0.1 * rise, 0.0
    flow, departure = np.full(kind.days, kind.base), float(rng.normal(0.0, DEPARTURE))
    for day in range(kind.days):
        tau = float(day - deadline)
        departure = MEMORY * departure + float(rng.normal(0.0, DEPARTURE * np.sqrt(1.0 - MEMORY**2)))
        if day < kind.deadlines[0] - kind.notice:
            continue
        fade = np.exp(-max(tau, 0.0) / fade_days)
        hazard = drawn["announce_rate"] * fade + rise * np.exp(tau / rise_days if tau < 0.0 else -tau / fall_days)
        if tau >= 0.0:
            hazard += enforced * fade * (1.0 - np.exp(-(tau + 1.0) / 1.5))
        leave = people * (1.0 - np.exp(-hazard * np.exp(departure)))
        people -= leave
        flow[day] += leave
    steps = rng.normal(0.0, 0.03, (kind.days, kind.crossings))
    share = np.exp(rng.normal(0.0, 0.9, kind.crossings) + np.cumsum(steps, 0))
    share /= share.sum(axis=1, keepdims=True)
    out: Floats = FAMILY * rng.poisson(flow[:, np.newaxis] * share / FAMILY)
    return out
