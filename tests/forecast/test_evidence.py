"""Weights of the pool are learned from other emergencies only, and move by a fifth for each."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from sarai.forecast.evidence import (
    CANDIDATES,
    NOBODY,
    PoolEvidence,
    best_mixture,
    evidence_for,
    learned_weights,
    pool_evidence,
    shrink_weights,
)
from sarai.forecast.scores import crps_fair
from sarai.forecast.weights import DOCUMENTED, pool_weights
from sarai.forecast.yardsticks import Outlook, climatology_factor, past_deadlines
from sarai.observe.case_folder import built_in_cases, load_case
from sarai.reconcile.reconcile import reconcile


def evidence(case: str, outcome: list[float], left_out: str = NOBODY, phase: str = "turn") -> PoolEvidence:
    """Evidence in which all models say the same thing, at these distances from what came."""
    between = np.ones((len(CANDIDATES), len(CANDIDATES))) - np.eye(len(CANDIDATES))
    return PoolEvidence(
        left_out=left_out, case=case, phase=phase, origins=1, outcome=np.array(outcome), between=0.1 * between
    )


def test_the_mixture_is_the_best_on_a_grid() -> None:
    """The search over sets of models finds what trying every mixture in steps of a fiftieth finds, score for score."""
    rng = np.random.default_rng(3)
    samples, came = rng.normal([[0.0], [1.0], [3.0]], [[1.0], [0.3], [2.0]], (3, 60)), rng.normal(0.7, 0.8, 40)
    outcome = np.abs(samples[:, :, None] - came).mean(axis=(1, 2))
    between = np.abs(samples[:, None, :, None] - samples[None, :, None, :]).mean(axis=(2, 3))
    score = lambda w: w @ outcome - 0.5 * w @ between @ w  # noqa: E731
    grid = [np.array([i, j, 50 - i - j]) / 50 for i, j in product(range(51), range(51)) if i + j <= 50]
    best = min(grid, key=score)
    found = best_mixture(outcome, between)
    assert found.sum() == pytest.approx(1.0) and score(found) <= score(best) + 1e-6
    np.testing.assert_allclose(found, best, atol=0.04)


def test_two_models_that_say_the_same_weigh_as_one_and_a_hopeless_one_nothing() -> None:
    """Neither a singular system nor a score a million times worse upsets the search."""
    outcome = np.array([1.0, 1.0, 1.2, 1e6])
    between = np.array([[0.5, 0.5, 0.9, 1e6], [0.5, 0.5, 0.9, 1e6], [0.9, 0.9, 0.5, 1e6], [1e6, 1e6, 1e6, 0.5]])
    first, same, third, hopeless = best_mixture(outcome, between)
    np.testing.assert_allclose([first + same, third, hopeless], [0.75, 0.25, 0.0], atol=1e-6)


def test_the_quadratic_is_the_crps_of_the_pool() -> None:
    """Distances give the score of a mixture without making it."""
    rng = np.random.default_rng(4)
    first, second, came = rng.normal(0, 1, 400), rng.normal(1, 2, 400), 0.6
    weights = np.array([0.5, 0.5])
    outcome = np.array([np.abs(x - came).mean() for x in (first, second)])
    between = np.array([[np.abs(x[:, None] - y).mean() for y in (first, second)] for x in (first, second)])
    pooled = np.concatenate([first, second])
    direct = float(crps_fair(pooled, came))
    assert weights @ outcome - 0.5 * weights @ between @ weights == pytest.approx(direct, rel=5e-3)


def test_weights_move_by_a_fifth_for_each_emergency() -> None:
    """None: documented. One: a fifth of the way. Five and more: learned alone."""
    wanted = [9.0] * len(CANDIDATES)
    wanted[CANDIDATES.index("persistence")] = 0.1
    documented = {"law": 0.6, "reversion": 0.4}
    assert shrink_weights(documented, []) == documented
    one = shrink_weights(documented, [evidence("a", wanted)])
    assert one["law"] == pytest.approx(0.48, abs=0.01) and one["persistence"] == pytest.approx(0.2, abs=0.01)
    many = shrink_weights(documented, [evidence(name, wanted) for name in "abcdef"])
    assert many["persistence"] == pytest.approx(1.0, abs=0.01) and next(iter(many)) == "law"
    assert sum(many.values()) == pytest.approx(1.0)


def test_an_emergency_has_no_part_in_its_own_weights() -> None:
    """Its rows are never read for it, and the rows that are were made without it; for others all count."""
    for case, phase in product(built_in_cases(), DOCUMENTED):
        for row in evidence_for({case}, phase):
            assert row.case != case and row.left_out in (case, NOBODY)
            assert row.left_out == case or case == "teaching" or case not in {r.left_out for r in pool_evidence()}
    table = [evidence("a", [1.0] * 6), evidence("b", [2.0] * 6), evidence("b", [3.0] * 6, left_out="a")]
    assert [row.outcome[0] for row in evidence_for({"a"}, "turn", table)] == [3.0]
    assert [row.outcome[0] for row in evidence_for(set(), "turn", table)] == [1.0, 2.0]


def test_what_an_emergency_did_changes_no_weight_of_its_own_pool() -> None:
    """Its evidence turned upside down: other pools change, its own does not."""

    def spoil(row: PoolEvidence) -> PoolEvidence:
        return (
            evidence(row.case, row.outcome[::-1].tolist(), row.left_out, row.phase)
            if row.case == "pakistan-2023"
            else row
        )

    spoilt = [spoil(row) for row in pool_evidence()]
    own = [learned_weights(evidence_for({"pakistan-2023"}, "before", t)) for t in (list(pool_evidence()), spoilt)]
    other = [learned_weights(evidence_for({"pakistan-2016"}, "before", t)) for t in (list(pool_evidence()), spoilt)]
    assert own[0] == own[1] and other[0] != other[1]


def test_the_climatology_behind_the_evidence_leaves_two_emergencies_out() -> None:
    """With both that have deadlines hidden nothing is left, and the climatology is the level itself."""
    pick = np.linspace(0.01, 0.99, 20)
    cases = {case for case, _ in past_deadlines()}
    alone = Outlook(tau=-10, without=frozenset(cases))
    assert (climatology_factor(alone, 14, pick) == 1.0).all()
    assert (climatology_factor(Outlook(tau=-10, without=frozenset({"pakistan-2016"})), 14, pick) != 1.0).any()


def test_every_part_of_the_pool_is_a_candidate_and_the_pool_uses_what_was_learned() -> None:
    """Documented parts are among the candidates; the pool of a case is the shrunk mixture for its phase."""
    assert {name for parts in DOCUMENTED.values() for name in parts} <= set(CANDIDATES)
    case = load_case("pakistan-2016")
    world = case.as_of(case.last_known())
    weights = pool_weights(world, reconcile(world, 50, 1))
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights == shrink_weights(DOCUMENTED["after"], evidence_for({"pakistan-2016"}, "after"))
