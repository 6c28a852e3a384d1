"""Outside models beside ours: scored on the targets that they answer, and compared on those alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.backtest import score_quantiles, score_samples
from sarai.forecast.forecast import QUANTILE_LEVELS
from sarai.forecast.marks import Mark, breach_chance, chance_from_quantiles, marked
from sarai.forecast.outside import OutsideForecast
from sarai.forecast.score_row import ScoreRow
from sarai.forecast.scores import pit_from_quantiles
from sarai.forecast.targets import Target, targets_of_origin

Floats = NDArray[np.float64]


def score_outside(
    forecasts: Sequence[OutsideForecast], ours: Sequence[ScoreRow], targets: Sequence[Target],
    crossings: Sequence[str], horizon_days: int,
) -> list[ScoreRow]:  # fmt: skip
    """Scores of outside forecasts made on an origin of `ours`, for every target due there that they answer.

    A row is repeated for each seed of ours, so that means over seeds compare like with like.
    """
    origins = {(row.origin, row.seed): row for row in ours}
    marks = {
        (row.origin, row.crossings): Mark(level=row.level, ready=row.ready)
        for row in ours if row.level is not None and row.ready is not None
    }  # fmt: skip
    found: list[ScoreRow] = []
    for (origin, seed), row in sorted(origins.items()):
        due = targets_of_origin(targets, origin, horizon_days)
        for forecast in forecasts:
            if forecast.reference_date != origin:
                continue
            for target in due:
                answer = forecast.answer(target, crossings)
                if answer is None:
                    continue
                values, kind = answer
                if kind == "sample":
                    made = score_samples(row.case, origin, row.phase, forecast.model, seed, target, values)
                else:
                    pit = float(pit_from_quantiles(values, float(target.persons), QUANTILE_LEVELS)[0])
                    made = score_quantiles(row.case, origin, row.phase, forecast.model, seed, target, values, pit)
                found.append(_marked(made, values, kind, marks.get((origin, target.crossings))))
    return found


def _marked(row: ScoreRow, values: Floats, kind: str, mark: Mark | None) -> ScoreRow:
    """The row with the mark that our rows of the same scope have; an outside file says no day of the peak."""
    if mark is None:
        return row
    read = breach_chance if kind == "sample" else chance_from_quantiles
    return marked(row, mark, read(values, mark.ready, (row.end - row.start).days + 1), None)


def shared_rows(outside: Sequence[ScoreRow], ours: Sequence[ScoreRow]) -> list[ScoreRow]:
    """Rows of one outside model, and those of ours on the same targets from the same origins."""
    answered = {(row.origin, row.seed, row.target_id) for row in outside}
    return [*outside, *[row for row in ours if (row.origin, row.seed, row.target_id) in answered]]
