"""Before any figure the law stands on ranges alone: they bear on the forecast whole, whatever the emergency's size."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sarai.calibrate.calibrate import calibrate
from sarai.forecast.make import law_paths
from sarai.observe.case_folder import load_case
from sarai.world.world import World

IDS = np.arange(300, dtype=np.uint64)


def announced(low: int, high: int) -> World:
    """The teaching case on the day after its announcement, without figures and with this range in each stratum."""
    world = load_case("teaching").as_of(date(2031, 3, 11))
    strata = tuple(replace(s, low_persons=low, high_persons=high) for s in world.strata)
    return replace(world, reports=(), strata=strata)


def total_ahead(world: World) -> np.ndarray:
    """Persons who cross in the next 45 days, by member."""
    return law_paths(calibrate(world), IDS, 1, 45).sum(axis=(0, 1))


@pytest.mark.parametrize("size", [1_000, 50_000, 2_000_000])
def test_the_size_of_the_emergency_scales_the_forecast(size: int) -> None:
    """A small emergency is not emptied by the usual movement of a large one: a like share leaves in each."""
    share = total_ahead(announced(size // 2, size * 2)) / (4 * size)
    assert 0.02 < np.median(share) < 0.5


def test_a_wide_range_of_people_makes_a_wide_forecast() -> None:
    """With a range of a hundred to one the band is several times as wide as with a known number."""

    def ratio(world: World) -> float:
        low, high = np.quantile(total_ahead(world), [0.05, 0.95])
        return float(high / max(low, 1.0))

    assert ratio(announced(10_000, 1_000_000)) > 3.0 * ratio(announced(99_000, 101_000))
