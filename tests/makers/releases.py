"""Daily releases of a made-up emergency with many small figures, as the house publishes them and carelessly."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np

from sarai.publish.figures import digit_step
from sarai.publish.grid import day_windows, fold_days, key_sums, release_keys
from sarai.publish.holding_back import protect
from sarai.publish.release import Release, make_release, span_grid

START = date(2031, 1, 1)
CROSSINGS, STATUSES, KINDS = ("bridge", "ford", "pass"), ("card", "none"), ("deported", "other")
THRESHOLD = 10.0
FINEST = 20.0
Choose = Callable[[Sequence[Release], np.ndarray], Sequence[Release]]
"""Which earlier releases a new one is held against, from all of them and today's estimates."""


def sparse_counts(
    days: int, seed: int = 3, shape: tuple[int, int, int] = (len(CROSSINGS), len(STATUSES), len(KINDS))
) -> np.ndarray:
    """Counts (day, crossing, status, kind) over four orders of magnitude, many of them small."""
    dice = np.random.default_rng(seed)
    level = np.exp(dice.normal(0.5, 2.0, shape))
    return dice.poisson(level * np.exp(dice.normal(0, 0.4, (days, *level.shape)))).astype(float)


def drifting_estimates(counts: np.ndarray, seed: int = 3, latest: int = 3) -> list[np.ndarray]:
    """What is estimated of each day on each day, one array (day, crossing, status, kind) per release.

    A day of a crossing is reported up to `latest` days late; until then it is taken to be like the last reported one.
    One report in thirty is corrected later, by a fifth. Each estimate also moves by a third of a per cent whenever it
    is made again, as sampling moves it, and by less than a person where figures are small.
    """
    dice = np.random.default_rng([seed, 1])
    days, crossings = counts.shape[:2]
    late = dice.integers(0, latest + 1, (days, crossings))
    corrected = np.where(dice.random((days, crossings)) < 1 / 30, dice.integers(2, 15, (days, crossings)), 10**6)
    wrong = np.exp(dice.choice([-0.2, 0.2], (days, crossings)))
    found = []
    for today in range(1, days + 1):
        known = counts[:today].copy()
        for crossing in range(crossings):
            last = counts[:, crossing].mean(axis=0)
            for day in range(today):
                if day + late[day, crossing] < today:
                    before = day + late[day, crossing] + corrected[day, crossing] >= today
                    slip = wrong[day, crossing] if before and corrected[day, crossing] < 10**6 else 1.0
                    last = counts[day, crossing] * slip
                known[day, crossing] = last
        noise = np.exp(dice.normal(0.0, 0.003, known.shape))
        found.append((known + dice.uniform(0.02, 0.3, known.shape)) * noise)
    return found


def publish_days(counts: np.ndarray, memory: int | None = None) -> tuple[list[Release], int, int, int]:
    """One release a day of counts that stay; returns as `publish_estimates` does.

    memory   earlier releases that each is held against; None for all of them
    """
    days = [counts[:day] for day in range(1, counts.shape[0] + 1)]
    return publish_estimates(days, lambda releases, _: releases if memory is None else releases[-memory:])


def publish_estimates(
    estimates: Sequence[np.ndarray], choose: Choose = lambda releases, _: releases, finest: float | None = None
) -> tuple[list[Release], int, int, int]:
    """One release a day; returns them with the numbers of figures, small figures and other figures held back.

    finest   step of the figures as a briefing prints them; None for the steps of counts without a range
    """
    names = [axis[:size] for axis, size in zip((CROSSINGS, STATUSES, KINDS), estimates[0].shape[1:], strict=True)]
    releases: list[Release] = []
    whole = small = lost = 0
    for day, counts in enumerate(estimates, start=1):
        as_of = START + timedelta(days=day - 1)
        windows = day_windows(START, as_of)
        earlier = choose(releases, counts)
        grid = span_grid(START, as_of, windows, *names, earlier=earlier)
        keys = release_keys(grid, windows)
        base = fold_days(grid, START, counts)
        exact = key_sums(grid, keys) @ base
        steps = None if finest is None else np.array([digit_step(value, 2, finest) for value in exact])
        values, steps, hidden = protect(grid, keys, base, THRESHOLD, steps=steps, earlier=earlier)
        little = exact < THRESHOLD
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
