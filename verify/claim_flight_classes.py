"""Claim: sharing the mean of a class of distance leaves the law of places and links as it is.

Crowded cases with short stints keep distances by classes (docs/explanation/flight-law.md). Few people keep theirs to
the step, which is exact; so a case of few people has an exact answer, and the same case forced into the classes of a
crowded one must have the same law, place by place and link by link.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sarai.model.flight.case import DayTable, FlightCase, FlightLink, FlightPlace
from sarai.model.flight.law import FlightLaw, build_law
from sarai.model.flight.recent import COARSE, FINE
from sarai.model.flight.settings import default_settings
from sarai.simulate.flight.run import simulate_flight
from verify.claims import claim

Floats = NDArray[np.float64]
SIDE, DAYS, LEAVE_A_DAY = 6, 24, 60
LOOK_AT = (3, 7, 12, 17, 23)  # days
LEAST_MEAN = 2.0  # persons


def lattice_case() -> FlightCase:
    """Thirty-six places on a lattice with links of 4 to 40 km to the metre, four camps, six conflicts; short stints."""
    rng = np.random.default_rng(20160401)
    count = SIDE * SIDE
    order = rng.permutation(count).tolist()
    conflicts, camps = sorted(order[:6]), set(order[6:10])
    places = tuple(
        FlightPlace(
            name=f"p{i:02d}", region="r", country="Away" if i in camps else "Home", x=float(i % SIDE),
            y=float(i // SIDE), kind="camp" if i in camps else "conflict" if i in conflicts else "town",
            conflict_date=0, number=-1 if i in camps else 50_000,
        )
        for i in range(count)
    )  # fmt: skip
    pairs = [(i, i + 1) for i in range(count) if i % SIDE < SIDE - 1] + [(i, i + SIDE) for i in range(count - SIDE)]
    links = tuple(FlightLink(first=i, second=j, length_km=float(rng.integers(400, 4000)) / 100) for i, j in pairs)
    settings = default_settings(
        conflict_driven=True, conflict_spawn_mode="constant", displaced_per_conflict_day=LEAVE_A_DAY // len(conflicts),
        insert_day0=False, avoid_short_stints=True, start_on_foot=True, awareness_level=2, default_movechance=0.3,
        camp_movechance=0.01,
    )  # fmt: skip
    table = DayTable(names=tuple(places[i].name for i in conflicts), values=np.ones((DAYS, len(conflicts))))
    return FlightCase(
        name="lattice", start=date(2016, 4, 1), days=DAYS, places=places, links=links, closures=(), conflicts=table,
        layout=(), corrections=(), settings=settings,
    )  # fmt: skip


def in_classes(law: FlightLaw, recent: int, stops: int) -> FlightLaw:
    """The law with so many classes a full day of recent distance, and of today's at stops."""
    full = law.network.full_day
    return replace(law, recent_step=full // recent, stop_step=full // stops)


def class_p_value(exact: FlightLaw, crowded: FlightLaw, seed: int, runs: int) -> float:
    """Smallest p-value of two-sample tests of all places and links on some days, times their number (Bonferroni).

    Means are compared (Welch): with 1,000 runs a shift by a fifth of the standard deviation over members is seen.
    """
    samples: list[Floats] = []
    for law, members in ((exact, range(runs)), (crowded, range(runs, 2 * runs))):
        run = simulate_flight(law, seed=seed, members=list(members))
        counts = np.concatenate([run.place[list(LOOK_AT)], run.link[list(LOOK_AT)]], axis=1)
        samples.append(counts.reshape(-1, runs).astype(np.float64))
    one, two = samples
    used = (one.std(axis=1) > 0) & (two.std(axis=1) > 0) & (one.mean(axis=1) > LEAST_MEAN)
    p_values = stats.ttest_ind(one[used], two[used], axis=1, equal_var=False).pvalue
    return min(1.0, float(p_values.min()) * len(p_values))


@claim(
    states="crowded laws, which keep distances by classes, give places and links the means of the exact law",
    sees="a full day of the rule on short stints is a tenth shorter",
    runs=1_000,
)
def coarse_classes(seed: int, runs: int, planted: bool) -> float:
    """Recent distance and stops both by classes, as where people and places are very many."""
    law = build_law(lattice_case())
    crowded = in_classes(law, COARSE, FINE)
    if planted:
        crowded = replace(crowded, network=replace(law.network, full_day=law.network.full_day * 9 // 10))
    return class_p_value(law, crowded, seed, runs)
