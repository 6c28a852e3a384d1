"""Random networks for laws and claims: any shape that a case may have, from one number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from makers.worlds import close_crossing, make_world
from sarai.world.place import Route
from sarai.world.reception import Capacity
from sarai.world.world import World

STATUSES = ("acc", "other", "por", "undocumented")


def random_world(seed: int) -> World:
    """A small world: 1 to 4 of everything, some roads of no length, some crossings without desks, some closed."""
    rng = np.random.default_rng(seed)

    def some(low: int, high: int) -> int:
        return int(rng.integers(low, high + 1))

    world = make_world(
        origins=some(1, 4),
        statuses=STATUSES[: some(1, 4)],
        crossings=some(1, 4),
        sites=some(0, 3),
        destinations=some(1, 5),
        persons=int(10 ** rng.uniform(0, 5)),
        desks=float(rng.choice([0.0, 0.3, 2.0, 40.0])),
        holding=bool(rng.integers(2)),
        waves=some(0, 3),
    )
    routes = tuple(
        Route(
            from_id=r.from_id,
            to_id=r.to_id,
            distance_km=float(rng.choice([0.0, 40.0, 250.0, 700.0])),
            speed_km_day=r.speed_km_day,
        )
        for r in world.routes
    )
    stages = tuple(
        replace(
            stage,
            stay_days=float(rng.choice([0.0, 0.3, 1.0, 2.5, 9.0])),
            capacity=Capacity(value=None if rng.integers(2) else float(some(0, 300))),
        )
        for stage in world.stages
    )
    world = replace(world, routes=routes, stages=stages)
    for crossing in world.crossings:
        if rng.integers(2):
            fraction = float(rng.choice([0.5, 1.0]))
            world = close_crossing(world, crossing.place_id, some(0, 40), some(1, 15), fraction)
    return world
