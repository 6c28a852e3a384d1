"""Defaults: what a world takes for granted where a case is silent. Each one is a numbered assumption.

The numbers here have their home in docs/assumptions.md (A1 to A19); a case replaces any of them by saying more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from sarai.world.place import Basis, Place, Route
from sarai.world.population import Status, Stratum
from sarai.world.reception import Capacity, Crossing, DestinationShare, Routing, Stage
from sarai.world.report import Report, SeriesRegime
from sarai.world.series_defaults import default_regimes
from sarai.world.world import World

NOTICE_DAYS = 28  # A1
DETOUR_FACTOR = 1.3  # A2
TRUCK_KM_DAY = 350.0  # A3
UNKNOWN_DISTANCE_KM = 300.0  # A4
SHARE_FOLD_KM = 250.0  # A10
OPENS_HOUR, CLOSES_HOUR = 8.0, 18.0  # A5
DESKS, PERSONS_DESK_HOUR, SERVICE_LOG_SD = 20.0, 60.0, 0.5  # A5
NO_ESTIMATE = "A7"
UNKNOWN_LOW_PERSONS, UNKNOWN_HIGH_PERSONS = 10_000, 3_000_000  # A7
ZERO_POINT_STAY_DAYS = 0.25  # A11

ASSUMED: Mapping[str, str] = {
    "A1": "The first simulated day is 28 days before the first announcement, or the first day of the first report.",
    "A2": "Road distances that the case does not give are 1.3 times the straight line.",
    "A3": "A loaded family truck covers 350 km a day.",
    "A4": "Where a place has no coordinates, a journey of 300 km is taken.",
    "A5": "A crossing without stated hours works 08:00 to 18:00 with 20 desks and 60 persons a desk and hour.",
    "A6": "A population given only as a total is spread evenly over origins and statuses.",
    "A7": "No population estimate was known on this day: 10,000 to 3,000,000 persons are taken.",
    "A8": "A case without statuses has those that its population and reports name, or the one status `returnees`.",
    "A9": "A case without origin areas has one, the country of departure.",
    "A10": "A case without destinations has one, the interior; shares not given fall with distance, e-fold at 250 km.",
    "A11": "A crossing without a reception network has one zero point of unknown capacity with a stay of 6 hours.",
    "A12": "A place whose onward routing is not given sends everybody onward.",
    "A13": "A series without a row in series.csv counts persons, at all crossings, with the usual bias of its kind.",
}


def complete_world(world: World, *, total: tuple[Stratum, ...], said: Mapping[str, str]) -> World:
    """The world with every gap filled from the defaults above; `assumptions` lists those that were needed.

    total   population given as a total (origin and status empty), as known on the day; at most one
    said    assumptions of the case itself, by number: always listed, and their wording wins
    """
    named = () if world.statuses else ("A8",)
    world = _with_statuses(world)
    world = _with_end_points(world)
    world = _with_strata(world, total)
    world = _with_service(world)
    world = _with_reception(world)
    world = _with_destination_shares(world)
    world = replace(world, routes=world.routes + tuple(missing_routes(world)))
    world = replace(world, routes=tuple(sorted(world.routes, key=lambda r: (r.from_id, r.to_id))))
    world, used = _with_start(world)
    world, more = _with_series(world)
    return replace(world, assumptions=_list_assumptions(world, named + used + more, said))


def great_circle_km(a: Place, b: Place) -> float | None:
    """Great-circle distance in km on a sphere of radius 6371.0088 km; None where a coordinate is not known."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(half)))


def missing_routes(world: World) -> Iterable[Route]:
    """A route for each leg of a journey that the case has none for (A2 to A4).

    From each origin to each crossing and on to each destination always; to, between and from reception sites only
    where a place has no coordinates, because the rest can be measured.
    """
    have = {(route.from_id, route.to_id) for route in world.routes}
    crossings, ends = world.places_of("crossing"), world.places_of("destination")
    sites = world.places_of("site")
    inner = [*product(crossings, sites), *product(sites, sites), *product(sites, ends)]
    unmeasured = [(a, b) for a, b in inner if a.id != b.id and great_circle_km(a, b) is None]
    for start, end in [*product(world.places_of("origin"), crossings), *product(crossings, ends), *unmeasured]:
        if (start.id, end.id) in have:
            continue
        straight = great_circle_km(start, end)
        distance = UNKNOWN_DISTANCE_KM if straight is None else max(1.0, round(straight * DETOUR_FACTOR))
        basis = Basis(assumption="A4" if straight is None else "A2")
        yield Route(from_id=start.id, to_id=end.id, distance_km=distance, speed_km_day=TRUCK_KM_DAY, basis=basis)


def _with_statuses(world: World) -> World:
    if world.statuses:
        return world
    waves = world.calendar.waves
    named = {stratum.status for stratum in world.strata} | {report.status for report in world.reports}
    named |= {status for wave in waves for status in wave.statuses}
    ids = sorted(named - {"all", ""}) or ["returnees"]
    calendar = replace(
        world.calendar, waves=tuple(replace(wave, statuses=wave.statuses or tuple(ids)) for wave in waves)
    )
    statuses = tuple(Status(id=name, name=name.replace("_", " ")) for name in ids)
    return replace(world, statuses=statuses, calendar=calendar)


def _with_end_points(world: World) -> World:
    places = dict(world.places)
    if not world.places_of("origin"):
        name = world.country_from or "Country of departure"
        places["origin_area"] = Place(id="origin_area", name=name, kind="origin", basis=Basis(assumption="A9"))
    if not world.places_of("destination"):
        name = world.country_to or "Country of return"
        places["interior"] = Place(id="interior", name=name, kind="destination", basis=Basis(assumption="A10"))
    return replace(world, places={key: places[key] for key in sorted(places)})


def _with_strata(world: World, total: tuple[Stratum, ...]) -> World:
    if world.strata:
        return world
    cells = [(origin.id, status.id) for origin in world.places_of("origin") for status in world.statuses]
    low, high = UNKNOWN_LOW_PERSONS, UNKNOWN_HIGH_PERSONS
    basis = Basis(assumption=NO_ESTIMATE)
    if total:
        low, high, basis = total[0].low_persons, total[0].high_persons, replace(total[0].basis, assumption="A6")
    strata = tuple(
        Stratum(origin=origin, status=status, low_persons=a, high_persons=b, basis=basis)
        for (origin, status), a, b in zip(cells, _split(low, len(cells)), _split(high, len(cells)), strict=True)
    )
    return replace(world, strata=tuple(sorted(strata, key=lambda s: (s.origin, s.status))))


def _split(total: int, parts: int) -> list[int]:
    """`total` in `parts` whole parts that add up to it and differ by one at most."""
    return [total * (k + 1) // parts - total * k // parts for k in range(parts)]


def _with_service(world: World) -> World:
    have = {crossing.place_id for crossing in world.crossings}
    new = tuple(
        Crossing(
            place_id=place.id,
            opens_hour=OPENS_HOUR,
            closes_hour=CLOSES_HOUR,
            desks=DESKS,
            persons_desk_hour=PERSONS_DESK_HOUR,
            service_log_sd=SERVICE_LOG_SD,
            basis=Basis(assumption="A5"),
        )
        for place in world.places_of("crossing")
        if place.id not in have
    )
    return replace(world, crossings=tuple(sorted(world.crossings + new, key=lambda c: c.place_id)))


def _with_reception(world: World) -> World:
    """A zero point for each crossing where the case has no stage at all, and onward routing where none is given."""
    places, stages, routing = dict(world.places), list(world.stages), list(world.routing)
    if not stages:
        for crossing in world.places_of("crossing"):
            site, stage = _zero_point(crossing)
            places[site.id] = site
            stages.append(stage)
            routing = [row for row in routing if row.from_id != crossing.id]
            routing.append(_all_to(crossing.id, stage.id, "A11"))
    routed = {row.from_id for row in routing}
    starts = [place.id for place in world.places_of("crossing")] + [stage.id for stage in stages]
    routing += [_all_to(start, "onward", "A12") for start in starts if start not in routed]
    return replace(
        world,
        places={key: places[key] for key in sorted(places)},
        stages=tuple(sorted(stages, key=lambda s: s.id)),
        routing=tuple(sorted(routing, key=lambda r: (r.from_id, r.to_id, r.status, r.kind))),
    )


def _zero_point(crossing: Place) -> tuple[Place, Stage]:
    basis = Basis(assumption="A11")
    name = f"{crossing.name} zero point"
    site = replace(crossing, id=f"{crossing.id}_zero_point", name=name, kind="site", basis=basis, cities=())
    stage = Stage(
        id=f"{crossing.id}_screening",
        site=site.id,
        kind="zero_point",
        setting="zero_point",
        agency="",
        opens_hour=OPENS_HOUR,
        closes_hour=CLOSES_HOUR,
        capacity=Capacity(value=None, basis=basis),
        stay_days=ZERO_POINT_STAY_DAYS,
        basis=basis,
    )
    return site, stage


def _all_to(start: str, end: str, assumption: str) -> Routing:
    return Routing(from_id=start, to_id=end, status="all", kind="all", share=1.0, basis=Basis(assumption=assumption))


def _with_destination_shares(world: World) -> World:
    given = {share.crossing for share in world.destination_shares}
    ends = world.places_of("destination")
    new = [
        DestinationShare(crossing=crossing.id, destination=end.id, share=share, basis=Basis(assumption="A10"))
        for crossing in world.places_of("crossing")
        for end, share in zip(ends, distance_shares(crossing, ends), strict=True)
        if crossing.id not in given and "all" not in given
    ]
    rows = sorted((*world.destination_shares, *new), key=lambda s: (s.crossing, s.destination))
    return replace(world, destination_shares=tuple(rows))


def distance_shares(start: Place, ends: Sequence[Place]) -> list[float]:
    """Shares that fall with straight-line distance (A10); equal where any point is not known. They sum to 1."""
    straight = [great_circle_km(start, end) for end in ends]
    known = [km for km in straight if km is not None]
    if len(known) < len(ends):
        return [1 / len(ends)] * len(ends)
    weights = [math.exp(-(km - min(known)) / SHARE_FOLD_KM) for km in known]
    return [weight / math.fsum(weights) for weight in weights]


def _with_start(world: World) -> tuple[World, tuple[str, ...]]:
    """The first simulated day: as the case says, or by default; at least 28 days before the as-of date (A1)."""
    latest = world.as_of - timedelta(days=NOTICE_DAYS)
    if world.start != date.min:
        return replace(world, start=min(world.start, latest)), ()
    announced = min((wave.announced for wave in world.calendar.waves), default=None)
    first = min((report.start for report in world.reports), default=latest)
    start = first if announced is None else announced - timedelta(days=NOTICE_DAYS)
    return replace(world, start=min(start, latest)), ("A1",)


def _with_series(world: World) -> tuple[World, tuple[str, ...]]:
    have = {regime.series for regime in world.series}
    orphans: dict[str, list[Report]] = {}
    for report in world.reports:
        if report.series not in have:
            orphans.setdefault(report.series, []).append(report)
    crossings = tuple(place.id for place in world.places_of("crossing"))
    new: list[SeriesRegime] = [r for name in sorted(orphans) for r in default_regimes(name, orphans[name], crossings)]
    rows = sorted((*world.series, *new), key=lambda r: (r.series, r.start))
    return replace(world, series=tuple(rows)), ("A13",) if new else ()


def _list_assumptions(world: World, used: tuple[str, ...], said: Mapping[str, str]) -> tuple[str, ...]:
    based: list[Place | Stratum | Crossing | Route | Stage | Routing | DestinationShare] = [
        *world.places.values(), *world.strata, *world.crossings, *world.routes, *world.stages, *world.routing,
        *world.destination_shares,
    ]  # fmt: skip
    numbers = {thing.basis.assumption for thing in based} | set(used) | set(said)
    if any(route.speed_km_day == TRUCK_KM_DAY for route in world.routes):
        numbers.add("A3")
    texts = {**{number: ASSUMED[number] for number in numbers if number in ASSUMED}, **said}
    return tuple(f"{number}: {texts[number]}" for number in sorted(texts, key=assumption_order))


def assumption_order(number: str) -> tuple[int, str]:
    """Order of an assumption: by the number in its id, then by the id."""
    digits = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    return (int(digits) if digits.isdigit() else 10**6, number)
