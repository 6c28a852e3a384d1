"""What not knowing costs: held against closed forms and against a fit that was told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sarai.calibrate.calibrate import calibrate
from sarai.forecast.width import GROUPS, cost_of_not_knowing, explained_part
from sarai.model.table import parameter_table
from sarai.observe.case_folder import load_case

RNG = np.random.Generator(np.random.PCG64(7))


@pytest.mark.parametrize("share", [0.0, 0.25, 0.9])
def test_the_explained_part_is_the_share_of_variance(share: float) -> None:
    """For a sum of a known and an unknown normal the part is known in closed form."""
    known, rest = RNG.normal(size=(2, 20_000))
    outcome = np.sqrt(share) * known + np.sqrt(1 - share) * rest
    assert explained_part(outcome, known[:, np.newaxis]) == pytest.approx(share, abs=0.02)


def test_many_regressors_that_say_nothing_explain_nothing() -> None:
    """The adjustment takes away what chance alone would explain."""
    found = [explained_part(RNG.normal(size=300), RNG.normal(size=(300, 60))) for _ in range(20)]
    assert np.mean(found) < 0.05
    assert explained_part(np.ones(50), RNG.normal(size=(50, 2))) == 0.0
    assert explained_part(RNG.normal(size=5), RNG.normal(size=(5, 4))) == 0.0


def test_every_group_names_parameters_of_the_table() -> None:
    """A renamed parameter would silently cost nothing."""
    names = {name for group in GROUPS.values() for name in group}
    assert names <= set(parameter_table())


def test_a_narrow_range_of_people_costs_less_than_a_wide_one() -> None:
    """Before any report the range of the people concerned is a cost, and a narrow one costs little."""
    world = replace(load_case("teaching").as_of(date(2031, 3, 12)), reports=())
    wide = replace(world, strata=tuple(replace(s, low_persons=2_000, high_persons=900_000) for s in world.strata))
    narrow = replace(world, strata=tuple(replace(s, low_persons=50_000, high_persons=52_000) for s in world.strata))

    def people(one: object) -> tuple[float, float]:
        costs = cost_of_not_knowing(calibrate(one), member_count=400)  # type: ignore[arg-type]
        found = next(cost for cost in costs if cost.outcome == "all" and cost.group == "people")
        assert 1.0 <= found.ratio_known <= found.ratio
        return found.explained, found.ratio

    (part_wide, ratio_wide), (part_narrow, ratio_narrow) = people(wide), people(narrow)
    assert part_wide > 0.2 > 0.05 > part_narrow
    assert ratio_wide > ratio_narrow
