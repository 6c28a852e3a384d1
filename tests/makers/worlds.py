"""Worlds made up for tests and benchmarks: the shape of a real case, none of its figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from sarai.world.calendar import Calendar, Closure, Wave
from sarai.world.place import Place, Route
from sarai.world.population import Status, Stratum
from sarai.world.reception import Capacity, Crossing, DestinationShare, HoldingCentre, Routing, Stage
from sarai.world.world import World

START = date(2023, 9, 15)


def make_place(name: str, kind: str, row: int, column: int) -> Place:
    """A place on a grid in the hills."""
    return Place(id=name, name=name, kind=kind, lat=30.0 + 0.7 * row, lon=66.0 + 0.5 * column)  # type: ignore[arg-type]


def make_world(
    *,
    origins: int = 2,
    statuses: tuple[str, ...] = ("por", "undocumented"),
    crossings: int = 2,
    sites: int = 2,
    destinations: int = 3,
    persons: int = 20_000,
    desks: float = 6.0,
    holding: bool = True,
    days: int = 60,
    waves: int = 1,
    **changes: Any,
) -> World:
    """A world of the asked size: strata of 0.8 to 1.25 times `persons`, stages at each crossing."""
    origin_ids = [f"o{n:03d}" for n in range(origins)]
    crossing_ids = [f"x{n:03d}" for n in range(crossings)]
    destination_ids = [f"d{n:03d}" for n in range(destinations)]
    places = [make_place(name, "origin", n, 8) for n, name in enumerate(origin_ids)]
    places += [make_place(name, "crossing", 2 * n, 4) for n, name in enumerate(crossing_ids)]
    places += [make_place(f"s{n:03d}", "site", n, 3) for n in range(sites)]
    places += [make_place(name, "destination", n, 0) for n, name in enumerate(destination_ids)]
    world = World(
        name="made-up",
        title="A made-up return",
        as_of=START + timedelta(days=days),
        timezone="Asia/Karachi",
        start=START,
        country_from="PAK",
        country_to="AFG",
        places={place.id: place for place in places},
        statuses=tuple(Status(id=name, name=name) for name in statuses),
        strata=tuple(
            Stratum(origin=o, status=s, low_persons=int(persons * 0.8), high_persons=int(persons * 1.25))
            for o in origin_ids
            for s in statuses
        ),
        crossings=tuple(
            Crossing(
                place_id=name, opens_hour=7.0, closes_hour=17.0, desks=desks, persons_desk_hour=20.0, service_log_sd=0.1
            )
            for name in crossing_ids
        ),
        routes=tuple(
            Route(from_id=o, to_id=x, distance_km=60.0 + 90.0 * ((i + 2 * j) % 7), speed_km_day=250.0)
            for i, o in enumerate(origin_ids)
            for j, x in enumerate(crossing_ids)
        ),
        stages=make_stages(sites),
        routing=make_routing(crossing_ids, sites),
        holding=tuple(
            HoldingCentre(id=f"h-{o}", origin=o, capacity=Capacity(value=200.0), stay_days=2.5)
            for o in (origin_ids[: 1 + origins // 2] if holding else ())
        ),
        destination_shares=make_destinations(crossing_ids, destination_ids),
        calendar=Calendar(waves=tuple(make_wave(n, statuses) for n in range(waves))),
        reports=(),
        series=(),
        sources={},
    )
    return replace(world, **changes)


def make_wave(number: int, statuses: tuple[str, ...]) -> Wave:
    """A wave: announced on day 18, deadline on day 46, each further one 40 days later."""
    shift = timedelta(days=40 * number)
    deadline = START + timedelta(days=46) + shift
    return Wave(
        id=f"wave-{number + 1}",
        title=f"phase {number + 1}",
        announced=START + timedelta(days=18) + shift,
        deadline=deadline,
        enforcement=deadline + timedelta(days=1),
        deadline_first=deadline,
        statuses=statuses if number == 0 else statuses[:1],
    )


def make_stages(sites: int) -> tuple[Stage, ...]:
    """Two stages a site: a desk passed the same day, and a centre with a stay."""
    stages = []
    for n in range(sites):
        stages.append(
            Stage(
                id=f"s{n:03d}-desk",
                site=f"s{n:03d}",
                kind="registration",
                setting="zero_point",
                agency="",
                opens_hour=7.0,
                closes_hour=17.0,
                capacity=Capacity(value=None, unit="persons_day"),
                stay_days=0.0,
            )
        )
        stages.append(
            Stage(
                id=f"s{n:03d}-stay",
                site=f"s{n:03d}",
                kind="transit_centre",
                setting="transit",
                agency="",
                opens_hour=0.0,
                closes_hour=24.0,
                capacity=Capacity(value=500.0),
                stay_days=1.6 + 0.4 * n,
            )
        )
    return tuple(stages)


def make_routing(crossing_ids: list[str], sites: int) -> tuple[Routing, ...]:
    """Crossing k sends to site k modulo the sites; facilitated people go straight to the stay."""
    if sites == 0:
        return ()
    rows = []
    for k, crossing in enumerate(crossing_ids):
        site = f"s{k % sites:03d}"
        rows += [
            Routing(from_id=crossing, to_id=f"{site}-desk", status="all", kind="all", share=0.85),
            Routing(from_id=crossing, to_id="onward", status="all", kind="all", share=0.15),
            Routing(from_id=crossing, to_id=f"{site}-stay", status="all", kind="facilitated", share=1.0),
        ]
    for n in range(sites):
        rows += [
            Routing(from_id=f"s{n:03d}-desk", to_id=f"s{n:03d}-stay", status="all", kind="all", share=0.4),
            Routing(from_id=f"s{n:03d}-desk", to_id="onward", status="all", kind="all", share=0.6),
            Routing(from_id=f"s{n:03d}-desk", to_id=f"s{n:03d}-stay", status="all", kind="deported", share=0.7),
            Routing(from_id=f"s{n:03d}-desk", to_id="onward", status="all", kind="deported", share=0.3),
        ]
    return tuple(rows)


def make_destinations(crossing_ids: list[str], destination_ids: list[str]) -> tuple[DestinationShare, ...]:
    """The first crossing has shares of its own, the others share a table."""
    count = len(destination_ids)
    weights = np.arange(1, count + 1, dtype=np.float64)
    tables = {"all": weights / weights.sum(), crossing_ids[0]: weights[::-1] / weights.sum()}
    return tuple(
        DestinationShare(crossing=name, destination=destination, share=float(share))
        for name, shares in tables.items()
        for destination, share in zip(destination_ids, shares, strict=True)
    )


def close_crossing(world: World, crossing: str, first: int, days: int, fraction: float = 1.0) -> World:
    """The same world with one crossing closed from day `first` of the run."""
    start = START + timedelta(days=first)
    closure = Closure(crossing=crossing, start=start, end=start + timedelta(days=days - 1), fraction_closed=fraction)
    return replace(world, calendar=replace(world.calendar, closures=(*world.calendar.closures, closure)))


def reference_world(**changes: Any) -> World:
    """Reference size of the main job: 7 origins x 4 statuses x 5 crossings, 6 sites, 34 destinations."""
    sizes: dict[str, Any] = {
        "origins": 7,
        "statuses": ("acc", "other", "por", "undocumented"),
        "crossings": 5,
        "sites": 6,
        "destinations": 34,
        "persons": 110_000,
        "desks": 40.0,
    }
    return make_world(**{**sizes, **changes})
