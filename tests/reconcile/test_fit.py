"""The fit: passes do not grow with the picture."""

from __future__ import annotations

from benchmarks.reconcile import large_world

from sarai.reconcile.fit import FEWEST_PASSES
from sarai.reconcile.observations import build_observations
from sarai.reconcile.setting import settle_figures


def test_a_few_days_that_do_not_settle_do_not_keep_the_others_waiting() -> None:
    """5,000 reports over 40 crossings take no more passes than any picture does."""
    world = large_world(182, 40, 5000)
    fit = settle_figures(world, [], build_observations(world)).fit
    assert fit.settled
    assert fit.passes <= FEWEST_PASSES + 1
