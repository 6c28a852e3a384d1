"""Session: one case on one day with its members ready, and what the page needs to know before the first question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarai import __version__
from sarai.calibrate.calibrate import calibrate
from sarai.lab.controls import list_controls, place_name
from sarai.lab.crossings import Counted, count_crossings
from sarai.lab.geography import draw_ground
from sarai.observe.scenario_file import ScenarioText
from sarai.plan.supplies import default_supplies
from sarai.plan.unmet import week_goes_on
from sarai.reconcile.picture import Picture
from sarai.reconcile.reconcile import reconcile
from sarai.simulate.ensemble import Ensemble
from sarai.whatif.contrast import Side, count_bands
from sarai.whatif.futures import Futures, fear_share, find_services, grow_futures
from sarai.whatif.indicators import measure_windows
from sarai.whatif.scenario import Applied
from sarai.world.civil import day_date
from sarai.world.responsible_use import RESPONSIBLE_USE
from sarai.world.world import World

PICTURE_SAMPLES = 200
WEEKS = (7, 14, 30)
"""Days of the windows that are summed besides the whole horizon."""
SCHEMA = 1
"""Version of the JSON that the API gives and of the scenario file; it rises when a name or a meaning changes."""


TOTALS = ("crossed", "queue")
"""Daily series that are also shown for all places together."""


@dataclass(frozen=True, kw_only=True)
class PlacesTotal:
    """A daily series of all places together: daily (day, member) persons, bands (quantile, day)."""

    daily: NDArray[np.int32]
    bands: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Session:
    """A case as known on a day, its future as announced, and the scenarios that the case ships.

    windows  days -> indicator id -> (member,), of the future as announced; the whole horizon last
    """

    world: World
    futures: Futures
    shipped: tuple[ScenarioText, ...]
    member_count: int
    windows: Mapping[int, Mapping[str, NDArray[np.float64]]]

    @property
    def days(self) -> tuple[str, ...]:
        """Every day ahead, ISO."""
        return tuple(day_date(int(day)).isoformat() for day in self.futures.base.days)

    @property
    def last_day(self) -> date:
        """The last day ahead."""
        return day_date(int(self.futures.base.days[-1]))

    @property
    def window_days(self) -> tuple[int, ...]:
        """Lengths of the windows, the whole horizon last."""
        return tuple(self.windows)

    @cached_property
    def totals(self) -> Mapping[str, PlacesTotal]:
        """All places together, of the future as announced, by name."""
        return {name: sum_places(self.futures.side, name) for name in TOTALS}

    @cached_property
    def crossings(self) -> Counted:
        """Queues and people who cross by window, of the future as announced."""
        return count_crossings(self.futures.side, self.window_days)

    @cached_property
    def picture(self) -> Picture:
        """The daily picture of the case, made when it is first asked for."""
        return reconcile(self.world, sample_count=PICTURE_SAMPLES, seed=self.futures.trunk.seed)

    def week_goes_on(self, days: int) -> float:
        """People who would cross in some days if the last week went on."""
        return week_goes_on(self.picture, days)

    @property
    def desks(self) -> NDArray[np.bool_]:
        """(stage,) True where the capacity is a daily pace."""
        return self.futures.trunk.model.reception.capacity_daily


def open_session(
    world: World, shipped: Sequence[ScenarioText], *, horizon_days: int, member_count: int, seed: int
) -> Session:
    """Calibrate, run the members to the as-of date, and on as announced. Fast draws: exports rerun exactly."""
    futures = grow_futures(
        world,
        calibrate(world),
        horizon_days=horizon_days,
        member_count=member_count,
        seed=seed,
        accuracy="fast",
    )
    announced = Applied(world=world, supplies=default_supplies())
    lengths = (*(days for days in WEEKS if days < horizon_days), horizon_days)
    windows = count_windows(futures, futures.base, announced, lengths)
    return Session(world=world, futures=futures, shipped=tuple(shipped), member_count=member_count, windows=windows)


def sum_places(side: Side, name: str) -> PlacesTotal:
    """A daily series summed over its places in each member."""
    daily = side.daily[name].sum(axis=1, dtype=np.int32)
    return PlacesTotal(daily=daily, bands=count_bands(daily))


def count_windows(
    futures: Futures, ensemble: Ensemble, applied: Applied, lengths: Sequence[int]
) -> dict[int, dict[str, NDArray[np.float64]]]:
    """Every indicator of an ensemble over the first days ahead, with what people find at the sites."""
    services = find_services(ensemble, futures.first_day, applied.world, applied.supplies)
    desks = futures.trunk.model.reception.capacity_daily
    return measure_windows(ensemble, futures.first_day, desks, services, fear_share(applied.world), lengths)


def describe_world(session: Session) -> dict[str, Any]:
    """The case, its calendar as announced, its places, what may be changed, and the shipped scenarios."""
    world = session.world
    return {
        "schema": SCHEMA,
        "version": __version__,
        "case": world.name,
        "title": world.title,
        "as_of": world.as_of.isoformat(),
        "days": session.days,
        "members": session.member_count,
        "lines": RESPONSIBLE_USE,
        "calendar": list_calendar(world),
        "controls": list_controls(world),
        "scenarios": [
            {"name": text.name, "why": text.why, "changes": [split_line(line) for line in text.lines]}
            for text in session.shipped
        ],
        "map": draw_ground(world),
    }


def split_line(line: str) -> dict[str, str]:
    """A line PATH=VALUE as path and value."""
    path, _, value = line.partition("=")
    return {"path": path.strip(), "value": value.strip()}


def list_calendar(world: World) -> list[dict[str, Any]]:
    """What is announced, for the time line: waves and closures with their days; a mark where it is an assumption."""
    waves = [
        {
            "kind": "wave",
            "path": f"calendar.{wave.id}",
            "name": wave.title,
            "announced": wave.announced.isoformat(),
            "deadline": wave.deadline.isoformat(),
            "enforcement": wave.enforcement.isoformat(),
            "withdrawn": wave.withdrawn,
            "assumed": not wave.basis.source_id,
        }
        for wave in world.calendar.waves
    ]
    closures = [
        {
            "kind": "closure",
            "path": f"crossings.{closure.crossing}",
            "name": place_name(world, closure.crossing),
            "first": closure.start.isoformat(),
            "last": closure.end.isoformat() if closure.end else None,
            "assumed": not closure.basis.source_id,
        }
        for closure in world.calendar.closures
    ]
    return [*waves, *closures]
