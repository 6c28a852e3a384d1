"""Claims: bands of the picture hold the truth as often as they say, and it errs half as much as any series alone.

Run: python -m verify.claim_reconcile [feeds] [first] prints the coverage of both kinds of feeds, numbered from first.
"""

from __future__ import annotations

import sys
from math import erfc

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.reconcile import infer
from verify.claims import claim
from verify.feeds import Feed, border_path, make_feed, single_series_path

DAYS = 60
SAMPLES = 1000  # as the commands draw: bands of 200 samples rest on ten sets of weights and hold 2 in 100 days less
BIAS = 0.3  # log sd of authorities' bias: ministers, families-only counts and forgotten crossings are no better
LOW, HIGH = 0.88, 0.92
SERIES = ("border_police", "interior_ministry", "monitoring_agency", "joint_total")
Floats = NDArray[np.float64]


def feed_of(seed: int, number: int) -> Feed:
    """Feeds of both generators in turn; every second one breaks the model's assumptions."""
    return make_feed(seed % 2**31 + number, days=DAYS, law="level" if number % 2 else "surge", bias=BIAS)


def band_hits(feed: Feed, narrow: float) -> float:
    """Part of all days and crossings whose truth lies in the 90 % band, the band scaled about its middle."""
    flow = infer(feed.world, SAMPLES, 1).samples.flow
    low, middle, high = np.log(np.quantile(flow, (0.05, 0.5, 0.95), axis=2))
    truth = np.log(feed.truth)
    return float(((middle + narrow * (low - middle) <= truth) & (truth <= middle + narrow * (high - middle))).mean())


def coverage_by_kind(feeds: int, first: int) -> dict[str, NDArray[np.float64]]:
    """Part of the days of each feed whose truth lies in the 90 % band, feeds of one kind together."""
    hits = np.array([band_hits(feed_of(first, number), 1.0) for number in range(feeds)])
    return {"surge": hits[::2], "level": hits[1::2], "both": hits}


def below(p_low: float) -> float:
    """Chance of a standard normal below a value."""
    return 0.5 * erfc(-p_low / 2.0**0.5)


@claim(
    states="90 % bands of the daily flow hold 88 to 92 of 100 days, half of them from feeds that break its assumptions",
    sees="bands a quarter too narrow",
    runs=24,
)
def coverage(seed: int, runs: int, planted: bool) -> float:
    """p-value of the distance of mean coverage from the stated range, feeds taken as independent."""
    hits = np.array([band_hits(feed_of(seed, number), 0.75 if planted else 1.0) for number in range(runs)])
    away = max(LOW - hits.mean(), hits.mean() - HIGH, 0.0)
    return 1.0 if away == 0.0 else 2.0 * below(-away / (hits.std(ddof=1) / np.sqrt(runs)))


def square_errors(feed: Feed) -> tuple[float, dict[str, float]]:
    """Mean square log error of the border's daily flow: of the picture, and of each series alone."""
    truth = np.log(feed.truth.sum(axis=1))
    flow = infer(feed.world, SAMPLES, 1).samples.flow.sum(axis=1)
    own = {name: path for name in SERIES if (path := border_path(feed, name)) is not None}
    mine = float(((np.log(np.median(flow, axis=1)) - truth) ** 2).mean())
    return mine, {name: float(((path - truth) ** 2).mean()) for name, path in own.items()}


@claim(
    states="the log error of the border's daily flow is at most half that of the best single series",
    sees="a picture that is the best single series by crossing",
    runs=16,
)
def error_ratio(seed: int, runs: int, planted: bool) -> float:
    """1 if the root mean square log error is at most half the best series', 0 otherwise."""
    mine, rivals = [], {name: [] for name in SERIES}
    for number in range(runs):
        feed = feed_of(seed, number)
        error, others = square_errors(feed)
        if planted:
            path = single_series_path(feed, "border_police")
            error = float(((np.log(np.exp(path).sum(axis=1)) - np.log(feed.truth.sum(axis=1))) ** 2).mean())
        mine.append(error)
        for name, value in others.items():
            rivals[name].append(value)
    best = min(float(np.mean(values)) for values in rivals.values() if values)
    return 1.0 if np.sqrt(np.mean(mine)) <= 0.5 * np.sqrt(best) else 0.0


def main() -> int:
    """Print a line a kind; the exit code says whether both together lie in the stated range."""
    told = [int(text) for text in sys.argv[1:]]
    found = coverage_by_kind(told[0] if told else 100, told[1] if len(told) > 1 else 1)
    for kind, hits in found.items():
        print(f"{kind:<8} {hits.mean():.3f} (standard error {hits.std(ddof=1) / np.sqrt(len(hits)):.3f})")
    return 0 if LOW <= found["both"].mean() <= HIGH else 1


if __name__ == "__main__":
    sys.exit(main())
