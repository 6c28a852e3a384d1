"""Evidence on the pool: what each past emergency says of the weights of its models, and the weights that follow.

The CRPS of a linear pool is a quadratic in its weights: sum w_i E|X_i - y| - 1/2 sum w_i w_j E|X_i - X_j| (Gneiting and
Raftery 2007, doi:10.1198/016214506000001437, equation 21). The two kinds of means, by phase, are all that weights need
to know of an emergency, so they are what the table holds. Made by benchmarks/pool_evidence.py.

An emergency never weighs its own pool. The table holds each emergency once for every emergency that may be left out,
because deadline climatology, a part of the pool, itself looks at other emergencies: the rows that weigh the pool of A
were made without A in the climatology either.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CANDIDATES = ("law", "persistence", "log_random_walk", "damped_trend", "reversion", "deadline_climatology")
COLUMNS = ("left_out", "case", "phase", "origins", "first", "second", "value")
OUTCOME = "outcome"  # in the column `second`: the distance of a model from what came
NOBODY = ""  # in the column `left_out`: for emergencies that are not in the table
ENOUGH = 5  # A322: emergencies from which on the documented weights have no say
SMALLEST = 0.02  # A322: a model with less than this is left out


@dataclass(frozen=True, kw_only=True)
class PoolEvidence:
    """What one emergency says in one phase: mean distances of CANDIDATES from what came, and from each other.

    Distances are in units of persistence's mean score, averaged over the natural and the log1p scale, and over
    `origins` origins. `left_out` was not used in any of its forecasts.
    """

    left_out: str
    case: str
    phase: str
    origins: int
    outcome: Floats
    between: Floats


@cache
def pool_evidence() -> tuple[PoolEvidence, ...]:
    """The table of the package, in its order."""
    text = (resources.files("sarai.forecast") / "pool_evidence.csv").read_text(encoding="utf-8")
    return parse_evidence(text)


def parse_evidence(text: str) -> tuple[PoolEvidence, ...]:
    """Evidence from the text of its table."""
    found: dict[tuple[str, str, str, int], tuple[Floats, Floats]] = {}
    size = len(CANDIDATES)
    for row in csv.DictReader(text.splitlines()):
        key = (row["left_out"], row["case"], row["phase"], int(row["origins"]))
        outcome, between = found.setdefault(key, (np.zeros(size), np.zeros((size, size))))
        first, value = CANDIDATES.index(row["first"]), float(row["value"])
        if row["second"] == OUTCOME:
            outcome[first] = value
        else:
            second = CANDIDATES.index(row["second"])
            between[first, second] = between[second, first] = value
    return tuple(
        PoolEvidence(left_out=left_out, case=case, phase=phase, origins=origins, outcome=outcome, between=between)
        for (left_out, case, phase, origins), (outcome, between) in found.items()
    )


def evidence_for(own: Set[str], phase: str, table: Sequence[PoolEvidence] | None = None) -> list[PoolEvidence]:
    """The evidence of other emergencies on a phase, made without those that are the one at hand (`own`)."""
    rows = pool_evidence() if table is None else table
    left_out = min(own & {row.left_out for row in rows}, default=NOBODY)
    return [row for row in rows if row.left_out == left_out and row.phase == phase and row.case not in own]


def learned_weights(evidence: Sequence[PoolEvidence]) -> dict[str, float]:
    """Weights on CANDIDATES that minimise the mean score over the emergencies, each counting once; they sum to 1."""
    outcome = np.mean([item.outcome for item in evidence], axis=0)
    between = np.mean([item.between for item in evidence], axis=0)
    return dict(zip(CANDIDATES, best_mixture(outcome, between).tolist(), strict=True))


def best_mixture(outcome: Floats, between: Floats) -> Floats:
    """The weights on a simplex that minimise w.outcome - w.between.w / 2: the best stationary point of its faces.

    Each set of models has one point where moving weight from one to another changes nothing. The minimum is the one of
    its own set, so six models take 63 small linear systems, and no search that has to be told when to stop.
    """
    best, least = np.full(outcome.size, 1.0 / outcome.size), float("inf")
    for count in range(1, outcome.size + 1):
        for chosen in combinations(range(outcome.size), count):
            weights = stationary_mixture(outcome, between, list(chosen))
            score = float(weights @ outcome - 0.5 * weights @ between @ weights)
            if weights.min() >= 0.0 and score < least:
                best, least = weights, score
    return best


def stationary_mixture(outcome: Floats, between: Floats, chosen: list[int]) -> Floats:
    """Weights (model,) that sum to 1 over the chosen models and score alike at the margin; they may be negative."""
    count = len(chosen)
    system = np.ones((count + 1, count + 1))
    system[:count, :count] = between[np.ix_(chosen, chosen)]
    system[count, count] = 0.0
    weights = np.zeros(outcome.size)
    weights[chosen] = np.linalg.lstsq(system, np.append(outcome[chosen], 1.0), rcond=None)[0][:count]
    return weights


def shrink_weights(documented: Mapping[str, float], evidence: Sequence[PoolEvidence]) -> dict[str, float]:
    """Documented weights moved towards learned ones by a fifth for each emergency; `law` first, they sum to 1."""
    part = min(len(evidence), ENOUGH) / ENOUGH
    learned = learned_weights(evidence) if evidence else {}
    names = ["law", *sorted((set(documented) | set(learned)) - {"law"})]
    mixed = {n: (1.0 - part) * documented.get(n, 0.0) + part * learned.get(n, 0.0) for n in names}
    kept = {name: weight for name, weight in mixed.items() if weight >= SMALLEST or name == "law"}
    total = sum(kept.values())
    return {name: weight / total for name, weight in kept.items()}
