"""How fast is the returns law? The engine against a straightforward numba loop over Generator.binomial.

Run: `python -m benchmarks returns`, or `python benchmarks/returns.py [--rounds 5] [--large]`. Contenders take turns in
one process; times are wall-clock of a warm run on `--threads` threads, and CPU time beside it. The ratio is of CPU
times, so that it says the same on a busy machine, and formed within a round; the table gives the median and the
interval from the lowest to the highest round. `--plot FILE.svg` draws seconds against members and places.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from verify.made_up import make_world, reference_world, spread_parameters

from benchmarks.returns_yardstick import run_yardstick
from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel, build_returns
from sarai.simulate.layout import build_layout
from sarai.simulate.returns_twin import Twin
from sarai.simulate.simulate import simulate_returns
from sarai.simulate.state import build_beliefs, take_block

DAYS = 120
MEMBERS = 1_000
YARDSTICK_MEMBERS = 20


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall-clock and CPU seconds of one call."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def reference() -> tuple[ReturnsModel, Parameters]:
    """The reference size: 7 origins x 4 statuses x 5 crossings, 6 sites, 34 destinations, 1,000 members."""
    model = build_returns(reference_world())
    return model, spread_parameters(model, MEMBERS, days=DAYS)


class Counting(Twin):
    """A readable law that counts its draws: all uniforms, and those that decide about somebody."""

    uniforms = 0
    about_somebody = 0

    def uniform(self, purpose: int, cell: np.uint64, sub_step: int = 0) -> float:
        """Count, then draw."""
        self.uniforms += 1
        return super().uniform(purpose, cell, sub_step)

    def count(self, n: float, p: float, purpose: int, cell: np.uint64, sub_step: int = 0) -> float:
        """Count where there is somebody to draw from, then draw."""
        self.about_somebody += n > 0.0
        return super().count(n, p, purpose, cell, sub_step)


def draws_per_member_day(model: ReturnsModel, parameters: Parameters) -> tuple[float, float]:
    """Uniforms a member and day, and binomial counts about one person or more, of the first member."""
    layout = build_layout(model, model.first_day, model.first_day + DAYS - 1, 7)
    beliefs = build_beliefs(model, parameters.take([0]), layout, whole=True)
    twin = Counting(layout, take_block(beliefs, 0, 1), "draws", "fast", False)
    for t in range(DAYS):
        twin.day(t)
    return twin.uniforms / DAYS, twin.about_somebody / DAYS


def compare(rounds: int, threads: int) -> None:
    """Engine against yardstick, taking turns."""
    model, parameters = reference()
    last = model.first_day + DAYS - 1

    def engine(**how: str) -> Callable[[], object]:
        return lambda: simulate_returns(
            model, parameters, first_day=model.first_day, last_day=last, seed=7, threads=threads, **how
        )  # type: ignore[arg-type]

    few = parameters.take(range(YARDSTICK_MEMBERS))
    contenders: dict[str, Callable[[], object]] = {
        "exact": engine(accuracy="exact"),
        "fast": engine(accuracy="fast"),
        "mean": engine(mode="mean"),
        "mean, border": engine(mode="mean", stages="border"),
    }
    simulate_returns(model, few, first_day=model.first_day, last_day=model.first_day, seed=7)
    run_yardstick(model, few, model.first_day, model.first_day, 7)
    seen: dict[str, list[tuple[float, float, float]]] = {name: [] for name in contenders}
    yard_seen = []
    for _ in range(rounds):
        _, yard = timed(lambda: run_yardstick(model, few, model.first_day, last, 7))
        yard *= MEMBERS / YARDSTICK_MEMBERS
        yard_seen.append(yard)
        for name, work in contenders.items():
            wall, cpu = timed(work)
            seen[name].append((wall, cpu, yard / cpu))
    print(f"returns law, {MEMBERS} members x {DAYS} days, all stages, {threads} threads, {rounds} rounds")
    uniforms, counts = draws_per_member_day(model, parameters)
    print(f"draws per member-day: {counts:.0f} counts of one person or more, {uniforms:.0f} uniforms with all others")
    print(f"{'run':<16}{'wall s':>9}{'CPU s':>9}{'us/member-day':>15}   yardstick / engine (CPU)")
    for name, rows in seen.items():
        wall, cpu, ratio = np.median(rows, axis=0)
        low, high = min(row[2] for row in rows), max(row[2] for row in rows)
        each = cpu / MEMBERS / DAYS * 1e6
        print(f"{name:<16}{wall:>9.2f}{cpu:>9.2f}{each:>15.1f}   {ratio:6.1f} [{low:.1f}, {high:.1f}]")
    yard = np.median(yard_seen)
    print(f"{'yardstick':<16}{'':>9}{yard:>9.2f}   one thread, {YARDSTICK_MEMBERS} members, scaled to {MEMBERS}")


def large(threads: int) -> None:
    """100 million people, 500 origins, 40 crossings, 365 days, 100 members, one status, fast."""
    world = make_world(
        origins=500, statuses=("undocumented",), crossings=40, sites=40, destinations=40, persons=200_000, desks=80.0
    )
    model = build_returns(world)
    parameters = spread_parameters(model, 100, days=365)
    last = model.first_day + 364
    wall, cpu = timed(
        lambda: simulate_returns(
            model, parameters, first_day=model.first_day, last_day=last, seed=7, accuracy="fast", threads=threads
        )
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    people = float(parameters.population.sum(axis=0).mean())
    print(
        f"{people / 1e6:.0f} million people, 500 origins, 40 crossings, 365 days, 100 members: {wall:.1f} s wall, "
        f"{cpu:.1f} s CPU, peak {peak:.2f} GB on {threads} threads"
    )


def scaling(threads: int) -> dict[str, list[tuple[int, float]]]:
    """CPU seconds against members and against places: both should follow a straight line."""
    lines: dict[str, list[tuple[int, float]]] = {"members": [], "places": []}
    print("members      CPU s   us/member-day")
    for members in (1, 10, 100, 1_000, 10_000, 100_000):
        model = build_returns(make_world(origins=3, crossings=2))
        parameters = spread_parameters(model, members)
        cpu = cost(model, parameters, 30, threads)
        lines["members"].append((members, cpu))
        print(f"{members:>7} {cpu:>10.3f} {cpu / members / 30 * 1e6:>14.1f}", flush=True)
    print("origins      CPU s   us/origin-day-member")
    for origins in (10, 100, 1_000, 10_000):
        model = build_returns(make_world(origins=origins, statuses=("undocumented",), holding=False))
        parameters = spread_parameters(model, 64)
        cpu = cost(model, parameters, 10, threads)
        lines["places"].append((origins, cpu))
        print(f"{origins:>7} {cpu:>10.3f} {cpu / origins / 64 / 10 * 1e6:>14.2f}", flush=True)
    return lines


def cost(model: ReturnsModel, parameters: Parameters, days: int, threads: int) -> float:
    """CPU seconds of one warm run in fast mode up to the border, the lesser of two."""
    last = model.first_day + days - 1
    return min(
        timed(
            lambda: simulate_returns(
                model, parameters, first_day=model.first_day, last_day=last, seed=7, accuracy="fast",
                threads=threads, stages="border", observe=("crossed",),
            )
        )[1]
        for _ in range(2)
    )  # fmt: skip


def plot(lines: dict[str, list[tuple[int, float]]], path: Path) -> None:
    """Both lines on logarithmic axes, each with the straight line of slope 1 through its largest run."""
    import altair as alt
    import polars as pl

    charts = []
    for name, points in lines.items():
        most, longest = points[-1]
        rows = [(size, seconds, "measured") for size, seconds in points]
        rows += [(size, longest * size / most, "in proportion") for size, _ in points]
        table = pl.DataFrame(rows, schema=[name, "CPU seconds", "line"], orient="row")
        base = alt.Chart(table).encode(
            x=alt.X(f"{name}:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~s")),
            y=alt.Y("CPU seconds:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~g")),
            color=alt.Color("line:N", title=None, scale=alt.Scale(range=["#8a8a8a", "#1b6ca8"])),
            strokeDash=alt.StrokeDash("line:N", title=None),
        )
        charts.append(base.mark_line(point=True).properties(width=300, height=240))
    alt.hconcat(*charts).save(str(path))


def main() -> None:
    """Parse options and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--large", action="store_true", help="also the 100-million case")
    parser.add_argument("--scaling", action="store_true", help="also seconds against members and places")
    parser.add_argument("--plot", type=Path, help="draw that as an SVG or PNG file")
    options = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    if options.rounds:
        compare(options.rounds, options.threads)
    if options.large:
        large(options.threads)
    if options.scaling or options.plot:
        lines = scaling(options.threads)
        if options.plot:
            plot(lines, options.plot)


if __name__ == "__main__":
    main()
