"""A what-if sees a crossing open again whose day of reopening nobody knows, on the median day."""

from __future__ import annotations

from datetime import date

from sarai.calibrate.calibrate import calibrate
from sarai.forecast.reopening import reopened_model
from sarai.observe.case_folder import load_case
from sarai.whatif.futures import grow_futures


def test_people_cross_again_after_the_median_day_and_not_before_it() -> None:
    """high_pass was shut the day before, and nobody has said until when."""
    world = load_case("teaching").as_of(date(2031, 3, 25))
    posterior = calibrate(world)
    futures = grow_futures(world, posterior, horizon_days=28, member_count=40, seed=1)
    place = posterior.model.crossings.index("high_pass")
    shut_days = int(reopened_model(posterior.model).closure_end[-1]) - posterior.as_of_day
    assert 3 <= shut_days <= 20
    crossed = futures.base["crossed"][-28:, place].sum(axis=(1, 2))
    assert crossed[:shut_days].sum() == 0 and crossed[shut_days:].sum() > 0
