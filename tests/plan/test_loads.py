from dataclasses import replace

import numpy as np
import pytest

from makers.briefing import make_forecast, make_world
from sarai.forecast.forecast import Forecast, Series
from sarai.plan.arrivals import stage_arrivals
from sarai.plan.loads import site_loads
from sarai.plan.plan import SiteLoad
from sarai.world.reception import Capacity
from sarai.world.world import World

PRESENT = 37.0


def held(world: World) -> Forecast:
    """The made-up forecast, with 37 people present at the zero point of the bridge whenever one looks."""
    forecast = make_forecast(world)
    occupancy = forecast.series["site occupancy"]
    present = np.full_like(occupancy.samples, PRESENT)
    both = Series(target="site occupancy", locations=("camp_stay", "bridge_zero"),
                  samples=np.concatenate([occupancy.samples, present], axis=1))  # fmt: skip
    return replace(forecast, series={**forecast.series, "site occupancy": both})


def load_of(capacity: Capacity, stay_days: float) -> tuple[SiteLoad, float]:
    """The line of the zero point, and how many pass it on the fullest day in the middle future."""
    world = make_world()
    stages = tuple(
        replace(stage, capacity=capacity, stay_days=stay_days) if stage.id == "bridge_zero" else stage
        for stage in world.stages
    )
    world = replace(world, stages=stages)
    forecast = held(world)
    passing = stage_arrivals(world, forecast)["bridge_zero"].max(axis=0)
    return next(line for line in site_loads(world, forecast) if line.stage == "bridge_zero"), float(np.median(passing))


@pytest.mark.parametrize("stay_days", [0.0, 0.3])
def test_people_a_day_are_those_who_pass_and_not_those_who_are_there(stay_days: float) -> None:
    """A stage that people pass through in hours, of unknown capacity: `people a day` counts all who pass that day."""
    line, passing = load_of(Capacity(value=None), stay_days)
    assert line.unit == "persons/day" and line.peak_p50 == pytest.approx(passing) and passing > 10 * PRESENT


def test_room_for_so_many_persons_is_held_against_those_present() -> None:
    """Where a zero point has room for 500 persons at once, people present are held against it, and called so."""
    line, _ = load_of(Capacity(value=500.0), 0.3)
    assert line.unit == "persons" and line.peak_p50 == PRESENT and line.breach_probability == 0.0
