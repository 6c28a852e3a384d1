"""Futures: calibrated members up to the as-of day, from which every scenario goes on with the same draws."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.posterior import Posterior
from sarai.calibrate.scope import BACKGROUND, background_wave
from sarai.forecast.reopening import reopened_model, reopened_world
from sarai.model.returns import ReturnsModel, build_returns
from sarai.plan.care import Service, list_services
from sarai.plan.in_place import list_days
from sarai.plan.loads import OVERNIGHT_DAYS
from sarai.plan.needs import site_demands
from sarai.plan.rates import fear_fact
from sarai.plan.supplies import Supply, default_supplies
from sarai.simulate.branch import Newcomers, Segment
from sarai.simulate.course import Course, run_course, run_scenario_on
from sarai.simulate.ensemble import Ensemble
from sarai.simulate.trunk import Trunk, grow_trunk
from sarai.whatif.contrast import Contrast, Side, contrast, take_side
from sarai.whatif.indicators import days_before, measure
from sarai.whatif.scenario import Applied, Scenario, apply_scenario
from sarai.whatif.values import Pause, Surge
from sarai.world.civil import day_date
from sarai.world.errors import Fault, RequestError
from sarai.world.world import World

OBSERVED = ("crossed", "queue", "waiting_over_24h", "stage_arrivals", "occupancy", "above_capacity")


@dataclass(frozen=True, kw_only=True)
class Futures:
    """One set of members and their future as announced, against which scenarios are set."""

    world: World
    course: Course
    side: Side

    @property
    def trunk(self) -> Trunk:
        """The members up to the as-of day."""
        return self.course.trunk

    @property
    def base(self) -> Ensemble:
        """The days after it as announced."""
        return self.side.ensemble

    @property
    def first_day(self) -> int:
        """The day after the as-of date."""
        return self.trunk.branch_day + 1


def grow_futures(
    world: World,
    posterior: Posterior,
    *,
    horizon_days: int,
    member_count: int,
    seed: int,
    accuracy: Literal["exact", "fast"] = "exact",
) -> Futures:
    """Run the calibrated members to the as-of date, and on as announced for `horizon_days`.

    A crossing that is shut with no day of reopening known opens on the median day of those that a forecast draws.
    """
    world, model = reopened_world(world), reopened_model(posterior.model)
    last_day = posterior.as_of_day + horizon_days
    ids = np.arange(member_count, dtype=np.uint64)
    trunk = grow_trunk(
        model,
        posterior.draw(ids, seed, last_day),
        first_day=model.first_day,
        branch_day=posterior.as_of_day,
        last_day=last_day,
        seed=seed,
        accuracy=accuracy,
    )
    course = run_course(trunk, OBSERVED)
    applied = Applied(world=world, supplies=default_supplies())
    return Futures(world=world, course=course, side=look_at(course.ensemble, trunk, applied))


def look_at(ensemble: Ensemble, trunk: Trunk, applied: Applied) -> Side:
    """An ensemble counted, with what people find at each site under the same scenario."""
    first_day = trunk.branch_day + 1
    services = find_services(ensemble, first_day, applied.world, applied.supplies)
    desks = trunk.model.reception.capacity_daily
    return take_side(ensemble, first_day, measure(ensemble, first_day, desks, services, fear_share(applied.world)))


def fear_share(world: World) -> float:
    """Share of those who cross without being deported who left for fear of arrest; 0 where no survey says it."""
    fact = fear_fact(world)
    return fact.value / 100.0 if fact is not None and fact.value is not None else 0.0


def find_services(
    ensemble: Ensemble,
    first_day: int,
    world: World,
    supplies: Sequence[Supply],
    *,
    day_count: int | None = None,
    stated: bool = True,
) -> tuple[Service, ...]:
    """What people find at each site on each of `day_count` days from first_day on, by default on all.

    stated  leave out supplies of which nothing says what is in place
    """
    begin = days_before(ensemble, first_day)
    keep = slice(begin, None if day_count is None else begin + day_count)
    sleeping = {stage.id for stage in world.stages if stage.stay_days >= OVERNIGHT_DAYS}
    arrivals = by_place(ensemble, "stage", ensemble["stage_arrivals"][keep])
    nights = by_place(ensemble, "stage", ensemble["occupancy"][keep], sleeping)
    queues = by_place(ensemble, "crossing", ensemble["queue"][keep])
    crossed = {} if world.stages else by_place(ensemble, "crossing", ensemble["crossed"][keep].sum(axis=2))
    days = list_days(day_date(first_day), len(ensemble.days[keep]))
    demands = site_demands(world, arrivals, nights, crossed, queues)
    return list_services(world, demands, supplies, days, stated=stated)


def by_place(
    ensemble: Ensemble, axis: str, values: NDArray[Any], only: Collection[str] | None = None
) -> dict[str, NDArray[np.float64]]:
    """Persons (day, member) of each place of an axis, by id, of values (day, place, member)."""
    names = enumerate(ensemble.axes[axis])
    return {name: values[:, at].astype(np.float64) for at, name in names if only is None or name in only}


def run_scenario(futures: Futures, scenario: Scenario, stop: Callable[[], bool] | None = None) -> Ensemble:
    """The same members under a scenario; stop as in `run_applied`. Raises RequestError with all its faults."""
    return run_applied(futures, apply_scenario(futures.world, scenario), stop)


def run_applied(futures: Futures, applied: Applied, stop: Callable[[], bool] | None = None) -> Ensemble:
    """The same members under a scenario that is checked and applied.

    stop  asked now and then: where it says yes the run is given up. Raises Abandoned.
    """
    model = build_returns(fitted_world(applied.world, futures.trunk))
    check_axes(futures.trunk.model, model)
    segments = find_segments(futures.trunk, model, applied.pauses)
    return run_scenario_on(futures.course, segments, find_newcomers(futures, applied), stop=stop)


def fitted_world(world: World, trunk: Trunk) -> World:
    """The world as the members were fitted to it: with the waves that still matter, or the usual movement alone."""
    waves = tuple(wave for wave in world.calendar.waves if wave.id in trunk.model.waves)
    if trunk.model.waves == (BACKGROUND,):
        waves = (background_wave(world, day_date(int(trunk.model.wave_announced[0]))),)
    return replace(world, start=day_date(trunk.first_day), calendar=replace(world.calendar, waves=waves))


def compare(futures: Futures, scenario: Scenario, stop: Callable[[], bool] | None = None) -> Contrast:
    """What a scenario changes against the future as announced, paired member by member and draw by draw.

    stop  as in `run_applied`
    """
    applied = apply_scenario(futures.world, scenario)
    changed = look_at(run_applied(futures, applied, stop), futures.trunk, applied)
    return contrast(scenario.name, futures.side, changed)


def check_axes(base: ReturnsModel, changed: ReturnsModel) -> None:
    """A scenario moves numbers, never the list of places, statuses or waves."""
    for axis in ("origins", "statuses", "crossings", "waves", "strata", "stages", "destinations"):
        if getattr(base, axis) != getattr(changed, axis):
            raise RequestError(Fault(what=f"a scenario cannot change the list of {axis}", mend="make a case of it"))


def find_segments(trunk: Trunk, model: ReturnsModel, pauses: Sequence[Pause]) -> list[Segment]:
    """Periods with and without a pause, in order, from the day after the branch to the last day."""
    edges = {trunk.last_day}
    for pause in pauses:
        edges |= {pause.period.start.toordinal() - 1, pause.period.end.toordinal()}
    segments = []
    for last in sorted(edge for edge in edges if trunk.branch_day < edge <= trunk.last_day):
        factors = trunk.parameters.enforce_multiplier.copy()
        for pause in pauses:
            if pause.period.start.toordinal() <= last <= pause.period.end.toordinal():
                factors[model.waves.index(pause.wave)] = 0.0
        parameters = trunk.parameters.change(enforce_multiplier=factors)
        segments.append(Segment(last_day=last, model=model, parameters=parameters))
    return segments


def find_newcomers(futures: Futures, applied: Applied) -> list[Newcomers]:
    """The people of every surge, day by day, within the days that are simulated."""
    status = _surge_status(futures.world)
    return [
        Newcomers(day=day, crossing=surge.crossing, status=status, persons=round(surge.persons_day))
        for surge in applied.surges
        for day in _surge_days(futures.trunk, surge)
    ]


def _surge_days(trunk: Trunk, surge: Surge) -> range:
    first = max(surge.period.start.toordinal(), trunk.branch_day + 1)
    return range(first, min(surge.period.end.toordinal(), trunk.last_day) + 1)


def _surge_status(world: World) -> str:
    """People of a surge count as those whom the latest wave names, or as the first status of the case (A216)."""
    named = [status for wave in world.calendar.waves[-1:] for status in wave.statuses]
    known = sorted(status.id for status in world.statuses)
    return next((status for status in named if status in known), known[0])
