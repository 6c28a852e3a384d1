"""Daily releases of a made-up emergency with many small figures, as the house publishes them and carelessly."""

from datetime import date, timedelta

import numpy as np

from sarai.publish.grid import day_windows, fold_days, key_sums, release_keys
from sarai.publish.holding_back import protect
from sarai.publish.release import Release, make_release, span_grid

START = date(2031, 1, 1)
CROSSINGS, STATUSES, KINDS = ("bridge", "ford", "pass"), ("card", "none"), ("deported", "other")
THRESHOLD = 10.0


def sparse_counts(
    days: int, seed: int = 3, shape: tuple[int, int, int] = (len(CROSSINGS), len(STATUSES), len(KINDS))
) -> np.ndarray:
    """Counts (day, crossing, status, kind) over four orders of magnitude, many of them small."""
    dice = np.random.default_rng(seed)
    level = np.exp(dice.normal(0.5, 2.0, shape))
    return dice.poisson(level * np.exp(dice.normal(0, 0.4, (days, *level.shape)))).astype(float)


def publish_days(counts: np.ndarray, memory: int | None = None) -> tuple[list[Release], int, int, int]:
    """One release a day; returns them with the numbers of figures, small figures and other figures held back.

    memory   earlier releases that each is held against; None for all of them
    """
    names = [axis[:size] for axis, size in zip((CROSSINGS, STATUSES, KINDS), counts.shape[1:], strict=True)]
    releases: list[Release] = []
    whole = small = lost = 0
    for day in range(1, counts.shape[0] + 1):
        as_of = START + timedelta(days=day - 1)
        windows = day_windows(START, as_of)
        earlier = releases if memory is None else releases[-memory:]
        grid = span_grid(START, as_of, windows, *names, earlier=earlier)
        keys = release_keys(grid, windows)
        base = fold_days(grid, START, counts[:day])
        values, steps, hidden = protect(grid, keys, base, THRESHOLD, earlier=earlier)
        little = key_sums(grid, keys) @ base < THRESHOLD
        whole, small = whole + len(keys), small + int(little.sum())
        lost += int((hidden & ~little).sum())
        releases.append(
            make_release(grid, keys, values, steps, hidden, as_of=as_of, record_id=f"r{day}", threshold=THRESHOLD)
        )
    return releases, whole, small, lost


def careless_days(counts: np.ndarray) -> list[Release]:
    """Releases that print to the person and hide small figures only, as if there were no audit."""
    releases = []
    for day in range(1, counts.shape[0] + 1):
        as_of = START + timedelta(days=day - 1)
        windows = day_windows(START, as_of)
        grid = span_grid(START, as_of, windows, CROSSINGS, STATUSES, KINDS)
        keys = release_keys(grid, windows)
        exact = key_sums(grid, keys) @ fold_days(grid, START, counts[:day])
        releases.append(
            make_release(
                grid, keys, exact, np.ones_like(exact), exact < THRESHOLD, as_of=as_of, record_id="x",
                threshold=THRESHOLD,
            )
        )  # fmt: skip
    return releases
