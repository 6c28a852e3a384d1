"""Score rows by hand, for tests of summaries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from sarai.forecast.backtest import score_samples
from sarai.forecast.marks import Mark, marked
from sarai.forecast.score_row import ScoreRow
from sarai.forecast.targets import Target

ORIGIN = date(2030, 3, 1)


def score_row(
    *, model: str = "pool", origin: date = ORIGIN, start: int = 1, days: int = 1, observed: int = 100,
    samples: tuple[float, ...] = (100.0,), crossings: tuple[str, ...] = ("gate",), seed: int = 1, ready: float = 150.0,
    chance: float = 0.0, peak: int | None = None,
) -> ScoreRow:  # fmt: skip
    """A row of a window that begins `start` days after the origin, with these samples, ready for `ready` a day."""
    first = origin + timedelta(days=start)
    last = first + timedelta(days=days - 1)
    target = Target(id=f"{first}{last}{crossings}", case="c", series="s", row_ids=("r",), start=first, end=last,
                    crossings=crossings, status="all", persons=observed, known=last)  # fmt: skip
    row = score_samples("c", origin, "before", model, seed, target, np.array(samples))
    day = None if peak is None else origin + timedelta(days=peak)
    return marked(replace(row), Mark(level=100.0, ready=ready), chance, day)
