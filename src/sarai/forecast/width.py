"""What not knowing costs: how much narrower the forecast would be if one group of its unknowns were known.

For members of the posterior, run ahead with draws, the log of an outcome is regressed on the unknowns of a group. The
part of its variance that they explain (adjusted R², first-order sensitivity of a linear emulator; Saltelli et al. 2008,
Global Sensitivity Analysis, ch. 1) is the part that knowing them would take away, so the band of ratio w shrinks to
w ** sqrt(1 - R²). It is a reckoning of the law alone, before it is pooled with baselines, and it does not see what the
model takes as certain: distances, hours of work, routing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.posterior import Posterior
from sarai.forecast.reopening import reopened_model
from sarai.model.parameters import Parameters
from sarai.simulate.simulate import simulate_returns

Floats = NDArray[np.float64]

GROUPS: dict[str, tuple[str, ...]] = {
    "people": ("population",),
    "leavers": ("population", "at_risk_fraction"),  # their product: how many leave in the end
    "pace": (
        "announce_rate", "rise_rate", "rise_days", "fall_days", "enforce_rate", "enforce_onset_days", "enforce_days",
        "lag_days", "rise_multiplier", "enforce_multiplier", "base_persons_day", "origin_intensity", "status_intensity",
    ),
    "crossings": ("distance_weight", "crossing_affinity", "crossing_discrepancy", "wait_weight", "diversion_fraction"),
    "capacity": ("capacity_factor",),
    "surprise": ("discrepancy", "household_size"),
}  # fmt: skip
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What not knowing one group of unknowns costs one outcome.

    ratio         upper over lower end of the 90 % band of the outcome
    ratio_known   the same if the group were known; explained: part of the variance of its log, in [0, 1]
    """

    outcome: str
    group: str
    ratio: float
    ratio_known: float
    explained: float


def cost_of_not_knowing(
    posterior: Posterior, *, horizon_days: int = 28, member_count: int = 1000, seed: int = 1
) -> list[Cost]:
    """The cost of each group of GROUPS for all crossings together and for the busiest one, dearest first in each.

    Outcomes are persons who cross in the next `horizon_days` days. One run of `member_count` members.
    """
    ids = np.arange(member_count, dtype=np.uint64)
    last_day = posterior.as_of_day + horizon_days
    parameters = posterior.draw(ids, seed, last_day)
    model = reopened_model(posterior.model)
    ensemble = simulate_returns(
        model, parameters, first_day=model.first_day, last_day=last_day, seed=seed,
        stages="border", observe=("crossed",),
    )  # fmt: skip
    crossed = ensemble["crossed"][-horizon_days:].sum(axis=(0, 2), dtype=np.float64)
    busiest = int(np.median(crossed, axis=1).argmax())
    outcomes = {"all": crossed.sum(axis=0), model.crossings[busiest]: crossed[busiest]}
    unknowns = {group: regressors(parameters, names, horizon_days) for group, names in GROUPS.items()}
    costs = []
    for outcome, persons in outcomes.items():
        of_one = [_cost(outcome, group, persons, matrix) for group, matrix in unknowns.items()]
        costs += sorted(of_one, key=lambda cost: -cost.explained)
    return costs


def regressors(parameters: Parameters, names: tuple[str, ...], horizon_days: int) -> Floats:
    """Columns (member, regressor) of what varies: logs of positive values; a path by day as its mean ahead."""
    columns: list[Floats] = []
    for name, array in parameters.arrays():
        if name not in names:
            continue
        values = array[-horizon_days:].mean(axis=0) if name.endswith("discrepancy") and array.shape[0] else array
        rows = values.reshape(-1, values.shape[-1])
        columns += [np.log(row) if (row > 0).all() else row for row in rows if np.ptp(row) > 0]
    return np.stack(columns, axis=1) if columns else np.zeros((parameters.member_count, 0))


def explained_part(outcome: Floats, matrix: Floats) -> float:
    """Adjusted R² of a least-squares fit with intercept, clipped to [0, 1]; 0 where nothing varies."""
    count, width = matrix.shape
    spread = float(outcome.var())
    if width == 0 or spread == 0.0 or count <= width + 2:
        return 0.0
    design = np.column_stack([np.ones(count), matrix - matrix.mean(axis=0)])
    rest = outcome - design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
    variance_left = float((rest**2).sum()) / (count - width - 1)
    return float(np.clip(1.0 - variance_left / (spread * count / (count - 1)), 0.0, 1.0))


def _cost(outcome: str, group: str, persons: Floats, matrix: Floats) -> Cost:
    low, high = np.quantile(persons, [LOW, HIGH])
    ratio = float((high + 1.0) / (low + 1.0))
    explained = explained_part(np.log1p(persons), matrix)
    return Cost(
        outcome=outcome, group=group, ratio=ratio, ratio_known=ratio ** float(np.sqrt(1.0 - explained)),
        explained=explained,
    )  # fmt: skip
