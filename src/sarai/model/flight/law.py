"""FlightLaw: the arrays that say how likely every move is, built once from a case; the kernel knows nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.calendar import Calendar, build_calendar
from sarai.model.flight.case import FlightCase
from sarai.model.flight.fixed import MAJOR_SHORTENS, ORDINARY, Candidates, in_order, with_major_routes
from sarai.model.flight.groups import Groups, build_groups
from sarai.model.flight.network import Network, build_network
from sarai.model.flight.paths import Paths, build_paths
from sarai.model.flight.people import People, build_people
from sarai.model.flight.quirks import FLEE, Quirks
from sarai.model.flight.recent import recent_step, stop_step

EARTH_KM = 6371.0  # radius in Flee's distance between places
MODES = ("data", "constant", "poisson", "pop_ratio")


@dataclass(frozen=True, kw_only=True)
class FlightLaw:
    """A case under its settings, ready to run.

    routes_start, routes  paths that may be chosen at a place: routes[routes_start[i] : routes_start[i + 1]]
    via                   for each of them ORDINARY, or what has to be in the table for a major route
    divisor_km            (softening + length)^distance_power of every path
    nearness              factor of every path for stay_close_to_home, 1 where it is off
    reach_start, reach    places with a route that ends at place v: reach[reach_start[v] : reach_start[v + 1]]
    markers_are_free      markers use up no awareness
    mode                  how departures are driven: one of MODES      rate  k of that mode
    recent_step           width of a class of recent distance in steps of the network; 1 is exact
    stop_step             the same of today's distance at a stop
    """

    case: FlightCase
    quirks: Quirks
    network: Network
    paths: Paths
    calendar: Calendar
    people: People
    groups: Groups
    routes_start: NDArray[np.int64]
    routes: NDArray[np.int64]
    via: NDArray[np.int64]
    markers_are_free: bool
    reach_start: NDArray[np.int64]
    reach: NDArray[np.int64]
    divisor_km: NDArray[np.float64]
    nearness: NDArray[np.float64]
    mode: str
    rate: float
    recent_step: int
    stop_step: int


def build_law(case: FlightCase, quirks: Quirks = FLEE, like: FlightLaw | None = None) -> FlightLaw:
    """Arrays of the law of a case. Raises RequestError where there are too many routes to hold.

    like   a law of the same folder whose routes are taken over where awareness and markers are the same
    """
    rules = case.settings
    network = build_network(case)
    groups = build_groups(case)
    calendar = build_calendar(case, network, quirks, groups.heeds)
    people = build_people(case, calendar.start_camps, quirks)
    free = not (rules.fixed_routes and quirks.markers_use_awareness_of_fixed_routes)
    if like is not None and _same_routes(like, case, calendar, free):
        paths, routes = like.paths, Candidates(path=like.routes, via=like.via)
    else:
        paths, routes = _routes(case, network, calendar, free)
    count = len(case.places)
    pairs = np.unique(paths.end[routes.path] * count + paths.origin[routes.path])
    mode, rate = _departures(case)
    recent = recent_step(network, people, calendar, mode, rate) if rules.avoid_short_stints else 1
    shortened = np.ones(len(paths.end))
    shortened[routes.path[routes.via != ORDINARY]] = MAJOR_SHORTENS
    return FlightLaw(
        case=case, quirks=quirks, network=network, paths=paths, calendar=calendar, people=people, groups=groups,
        routes_start=np.searchsorted(paths.origin[routes.path], np.arange(count + 1)).astype(np.int64),
        routes=routes.path, via=routes.via, markers_are_free=free,
        reach_start=np.searchsorted(pairs // count, np.arange(count + 1)).astype(np.int64),
        reach=(pairs % count).astype(np.int64),
        divisor_km=np.power((rules.softening + paths.length_km) / shortened, rules.distance_power),
        nearness=_nearness(case, paths), mode=mode, rate=rate,
        recent_step=recent, stop_step=stop_step(network, recent),
    )  # fmt: skip


def _routes(case: FlightCase, network: Network, calendar: Calendar, free: bool) -> tuple[Paths, Candidates]:
    """All paths, and those that may be chosen, by the place they start from."""
    rules = case.settings
    markers = calendar.ever_marker if free else np.zeros_like(calendar.ever_marker)
    paths = build_paths(network, markers, rules.awareness_level)
    always_marker = np.all(calendar.marker == 1, axis=0)
    chosen = np.flatnonzero((paths.hops > 0) & ~always_marker[paths.end])
    if rules.fixed_routes:
        paths, added = with_major_routes(case, network, paths)
        return paths, in_order(paths, network, chosen, added, rules.distance_power * rules.weight_power)
    order = chosen[np.argsort(paths.origin[chosen], kind="stable")]
    return paths, Candidates(path=order, via=np.full(len(order), ORDINARY, dtype=np.int64))


def _same_routes(like: FlightLaw, case: FlightCase, calendar: Calendar, free: bool) -> bool:
    """Whether the routes of a law hold for a case too."""
    return (
        like.case.links == case.links
        and like.case.settings.awareness_level == case.settings.awareness_level
        and np.array_equal(like.calendar.ever_marker, calendar.ever_marker)
        and np.array_equal(np.all(like.calendar.marker == 1, axis=0), np.all(calendar.marker == 1, axis=0))
        and like.markers_are_free == free
        and not (like.case.settings.fixed_routes or case.settings.fixed_routes)
    )


def _departures(case: FlightCase) -> tuple[str, float]:
    rules = case.settings
    if rules.flood_driven:
        return rules.flood_spawn_mode, 1.0
    if rules.conflict_driven:
        return rules.conflict_spawn_mode, float(rules.displaced_per_conflict_day or 0.0)
    return "data", 0.0


def _nearness(case: FlightCase, paths: Paths) -> NDArray[np.float64]:
    """1 over the distance from the present place to the end of a path, to home_distance_power; 1 where the rule is off.

    As in Flee, the distance is taken from where people are, not from home, with x as longitude and y as latitude.
    """
    rules = case.settings
    if not rules.stay_close_to_home:
        return np.ones(len(paths.end))
    east = np.radians([place.x for place in case.places])
    north = np.radians([place.y for place in case.places])
    one, two = paths.end, paths.origin
    half = (
        np.sin((north[two] - north[one]) / 2) ** 2
        + np.cos(north[one]) * np.cos(north[two]) * np.sin((east[two] - east[one]) / 2) ** 2
    )
    km = EARTH_KM * 2 * np.arctan2(np.sqrt(half), np.sqrt(np.maximum(1 - half, 0.0)))
    return np.asarray(1.0 / np.maximum(1.0, km) ** rules.home_distance_power)


def with_settings(case: FlightCase, **changes: object) -> FlightCase:
    """The case with some settings changed."""
    return replace(case, settings=replace(case.settings, **changes))  # type: ignore[arg-type]


def unplaced_leavers(law: FlightLaw) -> tuple[int, int]:
    """People due to leave on days when no place has any weight, and the first such day (-1: none).

    Flee stops there; here nobody sets out on such a day, and the debt stays. With take_from_population places may also
    run empty, which this does not foresee.
    """
    weight = (law.calendar.spawn * np.maximum(law.people.population, 0)).sum(axis=1)
    lost = np.where(weight[law.calendar.spawn_row] <= 0.0, law.people.leaving, 0)
    return int(lost.sum()), int(np.argmax(lost > 0)) if lost.any() else -1
