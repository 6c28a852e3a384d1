"""How fast is a draw? Keyed binomial rows against `numpy.random.Generator.binomial`, uniforms alone beside them.

Run: `python benchmarks/draws.py [--rounds 15]`, or `python -m benchmarks draws`. Each round times every contender once,
one after another, in CPU time of one thread on the same n and p, which each finds read just before. Nanoseconds are
those of the least round, with the median beside: on a shared core CPU time counts what others do to its caches. A ratio
is formed within a round; the table gives its median with the interval from the 10th to the 90th percentile. n and p
vary from draw to draw.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.draws import (
    binomial_row,
    cell_key,
    clump_row,
    clumped_fraction,
    purpose_key,
    stream_key,
    uniform_row,
)
from sarai.simulate.kernel import kernel

ROW = 1_000
ROWS = 100
MEMBERS = np.arange(1)  # the first id alone: the others run on from it, as in a block of the engine
STREAM = stream_key(1, purpose_key("benchmark"))
CELL = cell_key("benchmark")
Row = NDArray[np.float64]
Rows = list[tuple[NDArray[np.int64], NDArray[np.float64]]]


def mixes() -> dict[str, Rows]:
    """The work: rows of 1,000 members, each row a place on a day, n and p different in every member."""
    rng = np.random.default_rng(20231101)

    def rows(low: float, high: float, p_low: float, p_high: float) -> Rows:
        made = []
        for _ in range(ROWS):
            centre_n, centre_p = np.exp(rng.uniform(np.log([low, p_low]), np.log([high, p_high])))
            n = np.maximum(centre_n * np.exp(0.3 * rng.standard_normal(ROW)), 1).astype(np.int64)
            made.append((n, np.minimum(centre_p * np.exp(0.3 * rng.standard_normal(ROW)), 0.95)))
        return made

    small, large = rows(1, 500, 1e-3, 0.2), rows(3e3, 3e6, 3e-4, 0.05)
    return {
        "large n p q (n 10^3..10^6, p .1..9)": rows(1e3, 1e6, 0.1, 0.9),
        "n = 10^7": rows(9.9e6, 1e7, 0.1, 0.5),
        "n p q around 9": rows(100, 400, 0.03, 0.05),
        "many small n p": small,
        "large n, small p": large,
        "returns law: half small n p, half large n": [*small[: ROWS // 2], *large[: ROWS // 2]],
    }


def timed(work: Callable[[], object]) -> float:
    """CPU seconds."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


@kernel()
def draw_rows(out: NDArray[np.int64], n: NDArray[np.int64], p: NDArray[np.float64], exact: bool) -> None:
    """Every row, from inside a kernel, as the engine draws."""
    for day in range(len(n)):
        binomial_row(out, n[day], p[day], MEMBERS, STREAM, day, CELL, exact)


@kernel()
def draw_uniforms(u: NDArray[np.float64], rows: int) -> None:
    """Uniforms alone."""
    for day in range(rows):
        uniform_row(u, MEMBERS, STREAM, day, CELL)


def stacked(rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """n and p, (row, member)."""
    return np.array([n for n, _ in rows]), np.array([p for _, p in rows])


def contenders(n: NDArray[np.int64], p: NDArray[np.float64]) -> dict[str, Callable[[], object]]:
    """What is timed, on the same n and p; numpy gets them in one array call."""
    out, u = np.empty(ROW, np.int64), np.empty(ROW)
    generator = np.random.default_rng(7)
    return {
        "uniform": lambda: draw_uniforms(u, len(n)),
        "fast": lambda: draw_rows(out, n, p, False),
        "exact": lambda: draw_rows(out, n, p, True),
        "numpy": lambda: generator.binomial(n, p),
        "numpy uniform": lambda: generator.random(n.shape),
    }


def measure(rows: Rows, rounds: int) -> dict[str, NDArray[np.float64]]:
    """Nanoseconds a draw, (round,) for each contender, interleaved."""
    n, p = stacked(rows)
    works = contenders(n, p)
    for work in works.values():
        work()
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            n.max(), p.max()  # whoever came before took the cache for arrays of its own
            times[name].append(timed(work) / n.size * 1e9)
    return {name: np.array(values) for name, values in times.items()}


def interval(values: NDArray[np.float64], digits: int = 1) -> str:
    """Median and 10th to 90th percentile."""
    low, middle, high = np.percentile(values, [10, 50, 90])
    return f"{middle:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def least(values: NDArray[np.float64]) -> str:
    """The least, and the median."""
    return f"{values.min():.2f} ({np.median(values):.2f})"


@kernel()
def clump_rows(p: Row, n: Row, size: Row, u: Row, fraction: Row) -> None:
    """Beta values of a row of members, `ROWS` times."""
    for _ in range(ROWS):
        p[:] = fraction
        clump_row(p, n, size, u, True)


@kernel()
def clump_each(p: Row, n: Row, size: Row, u: Row, fraction: Row) -> None:
    """The same values one by one."""
    for _ in range(ROWS):
        for m in range(len(p)):
            p[m] = clumped_fraction(u[m], int(n[m]), fraction[m], size[m])


def clump_cost(rounds: int) -> str:
    """Nanoseconds of a Beta value of household clumping: by the expansion (n = 50,000, p = 1 %), and solved (0.1 %)."""
    n, size, u, p = np.full(ROW, 5e4), np.full(ROW, 6.0), np.empty(ROW), np.empty(ROW)
    uniform_row(u, MEMBERS, STREAM, 3, CELL)
    many = np.full(ROW, 0.01)
    few = 0.001 * np.exp(0.3 * np.random.default_rng(4).standard_normal(ROW))
    works: dict[str, Callable[[], object]] = {
        "expanded": lambda: clump_rows(p, n, size, u, many),
        "solved": lambda: clump_rows(p, n, size, u, few),
        "solved one by one": lambda: clump_each(p, n, size, u, few),
    }
    for work in works.values():
        work()
    times = {name: np.empty(rounds) for name in works}
    for turn in range(rounds):
        for name, work in works.items():
            times[name][turn] = timed(work) / (ROW * ROWS) * 1e9
    told = ", ".join(f"{name} {interval(each)} ns" for name, each in times.items())
    return f"{told}; one by one / row {interval(times['solved one by one'] / times['solved'])}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    print(f"{platform.machine()} {platform.processor()} one thread; rows of {ROW} members; {rounds} interleaved rounds")
    print(
        "nanoseconds a draw: least (median); ratio: how many times faster than numpy, median [10th, 90th percentile]\n"
    )
    head = ("mix of n and p", "uniform", "fast", "exact", "numpy", "numpy/fast", "numpy/exact")
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for name, rows in mixes().items():
        t = measure(rows, rounds)
        cells = [least(t[key]) for key in ("uniform", "fast", "exact")]
        ratios = [interval(t["numpy"] / t[key]) for key in ("fast", "exact")]
        print(f"| {name} | " + " | ".join([*cells, least(t["numpy"]), *ratios]) + " |", flush=True)
    print(f"\nnumpy uniform: {interval(t['numpy uniform'], 2)} ns; Beta value of clumping: {clump_cost(rounds)}")


if __name__ == "__main__":
    main()
