"""How much do common keys cut the variance of a difference? Peaks of queues under a change, paired and with other keys.

Run: `python -m benchmarks paired`, or `python -m benchmarks.paired [--members 600]`. A ratio is the variance of the
change of the peak between members with different keys over that between members with the same keys, with the interval
from the 10th to the 90th percentile of 200 resamplings of members. In the third queue nobody looks at waits when a
crossing is chosen: no draw of two runs can differ there, so that its ratios are what pairing can reach. What is left is
the change itself, which is not the same in every possible world.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from verify.made_up import make_world

from sarai.model.parameters import Parameters
from sarai.model.returns import build_returns, central_parameters
from sarai.simulate.simulate import simulate_returns
from sarai.world.calendar import Closure
from sarai.world.world import World

DAYS = 60
SEED = 5
RESAMPLINGS = 200
SHUT_AFTER = 40
QUEUES = (
    ("full to the last day", 1.5, None),
    ("passes a flat top", 2.0, None),
    ("passes a flat top, waits not looked at", 3.0, 0.0),
)
"""Desks at each of two crossings for 240,000 people of six strata, and what a day of waiting weighs in their choice."""
Peaks = NDArray[np.float64]


def changes(world: World) -> Iterator[tuple[str, World, float]]:
    """A name, the changed world, and what everybody's share that goes on to the other crossing becomes."""
    first, others = world.crossings[0], world.crossings[1:]
    day = date.fromordinal(build_returns(world).first_day + SHUT_AFTER)
    shut = Closure(crossing=first.place_id, start=day, end=day + timedelta(2))

    def desks(factor: float) -> World:
        return replace(world, crossings=tuple(replace(each, desks=each.desks * factor) for each in world.crossings))

    yield "desks + 10 %", desks(1.1), 0.0
    longer = tuple(replace(each, closes_hour=each.closes_hour + 1) for each in world.crossings)
    yield "open an hour longer", replace(world, crossings=longer), 0.0
    yield "one of two + 20 %", replace(world, crossings=(replace(first, desks=first.desks * 1.2), *others)), 0.0
    yield "one shut for 3 days", replace(world, calendar=replace(world.calendar, closures=(shut,))), 0.0
    yield "3 in 10 go on to the other", world, 0.3
    yield "desks + 50 %", desks(1.5), 0.0


def believed(world: World, members: NDArray[np.uint64], diverted: float, wait_weight: float | None) -> Parameters:
    """Members at the centre of the priors, with these values for all of them."""
    parameters = central_parameters(build_returns(world), members)
    values = {"household_size": 6.0, "diversion_fraction": diverted}
    values |= {} if wait_weight is None else {"wait_weight": wait_weight}
    return parameters.change(**{name: 0.0 * getattr(parameters, name) + value for name, value in values.items()})


def peaks(world: World, members: NDArray[np.uint64], diverted: float, wait_weight: float | None) -> Peaks:
    """(member,) the most people who wait at both crossings together."""
    model = build_returns(world)
    last = model.first_day + DAYS - 1
    parameters = believed(world, members, diverted, wait_weight)
    queue = simulate_returns(
        model, parameters, first_day=model.first_day, last_day=last, seed=SEED, stages="border", observe=("queue",)
    )["queue"]
    return np.asarray(queue.sum(axis=1).max(axis=0), dtype=np.float64)


def ratio(base: Peaks, same: Peaks, other: Peaks) -> tuple[float, float, float]:
    """Variance of the change with other keys over that with the same, and its 10th and 90th percentile."""
    rng = np.random.default_rng(SEED)
    found = [np.var(other - base) / np.var(same - base)]
    for _ in range(RESAMPLINGS):
        part = rng.integers(0, len(base), len(base))
        found.append(np.var(other[part] - base[part]) / np.var(same[part] - base[part]))
    low, high = np.percentile(found[1:], [10, 90])
    return float(found[0]), float(low), float(high)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=600)
    count = parser.parse_args().members
    own, others = np.arange(count, dtype=np.uint64), np.arange(count, 2 * count, dtype=np.uint64)
    print("| queue | change | of the peak | spread | variance cut |\n" + "|---" * 5 + "|")
    for queue, desks, weight in QUEUES:
        world = make_world(origins=3, crossings=2, desks=desks, persons=40_000)
        base = peaks(world, own, 0.0, weight)
        for name, changed, diverted in changes(world):
            same, other = (peaks(changed, each, diverted, weight) for each in (own, others))
            change, (middle, low, high) = same - base, ratio(base, same, other)
            cut = f"{middle:.0f} [{low:.0f}, {high:.0f}]"
            print(f"| {queue} | {name} | {change.mean():+,.0f} | {change.std():.0f} | {cut} |", flush=True)


if __name__ == "__main__":
    main()
