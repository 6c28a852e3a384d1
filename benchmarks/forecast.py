"""How long does a forecast take? Calibration and 1,000 members of the reference case, and the memory of 20,000.

Run: `python benchmarks/forecast.py`, or `python -m benchmarks forecast`. Each is timed five times; the table gives the
median and the range of wall time and the CPU time, with compilation apart.
"""

from __future__ import annotations

import platform
import resource
import time
from collections.abc import Callable
from datetime import date

import numpy as np

from sarai.calibrate.calibrate import calibrate
from sarai.forecast.make import make_forecast
from sarai.observe.case_folder import load_case
from sarai.reconcile.reconcile import reconcile

ROUNDS = 5


def timed(work: Callable[[], object]) -> str:
    """First call, then median and range of wall time, and CPU time."""
    begun = time.perf_counter()
    work()
    first = time.perf_counter() - begun
    wall, cpu = [], []
    for _ in range(ROUNDS):
        begun, spent = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - spent)
    span = f"[{min(wall):.2f}, {max(wall):.2f}]"
    return f"first {first:6.2f} s   wall {np.median(wall):5.2f} s {span}   CPU {np.median(cpu):5.2f} s"


def main() -> None:
    """Time and print."""
    world = load_case("pakistan-2023").as_of(date(2023, 10, 28))
    picture, posterior = reconcile(world, 400, 1), calibrate(world)

    def run(members: int) -> object:
        return make_forecast(world, picture, posterior, horizon_days=28, member_count=members, seed=1)

    print(f"{platform.machine()}, {platform.system()}")
    print("calibrate              ", timed(lambda: calibrate(world)))
    print("forecast, 1,000 members", timed(lambda: run(1000)))
    print(f"peak memory so far      {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
