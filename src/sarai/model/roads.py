"""Road distances and days: from the routes of the case, else from the great circle times a detour."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.model.table import parameter_table
from sarai.world.errors import Fault
from sarai.world.world import World

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG; assumption A99
LONGEST_JOURNEY_DAYS = 366.0  # a road that takes longer is a slip of the pen; assumption A329


def constant(world: World, name: str) -> float:
    """A parameter that is the same in every member: the case's setting, else the table's value."""
    setting = world.settings.get(name)
    return parameter_table()[name].prior.centre if setting is None else setting.value


def great_circle_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Distance on the sphere in km between two points in decimal degrees (haversine)."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half_lat, half_lon = (phi2 - phi1) / 2.0, math.radians(lon2 - lon1) / 2.0
    square = math.sin(half_lat) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_lon) ** 2
    return 2.0 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(square)))


@dataclass(frozen=True, kw_only=True)
class Roads:
    """km and days at speed factor 1 between places; `via`: how a pair was found (`route`, `circle`, `none`)."""

    world: World
    by_pair: dict[tuple[str, str], tuple[float, float]]
    detour: float
    speed_km_day: float

    def leg(self, from_id: str, to_id: str) -> tuple[float, float]:
        """(km, days) from one place to another; (nan, nan) where neither a route nor both points are known."""
        if from_id == to_id:
            return 0.0, 0.0
        found = self.by_pair.get((from_id, to_id))
        if found is None:
            found = self.by_pair.get((to_id, from_id))
        if found is not None:
            return found
        start, end = self.world.places.get(from_id), self.world.places.get(to_id)
        if start is None or end is None or None in (start.lat, start.lon, end.lat, end.lon):
            return math.nan, math.nan
        assert start.lat is not None and start.lon is not None and end.lat is not None and end.lon is not None
        km = self.detour * great_circle_km(start.lat, start.lon, end.lat, end.lon)
        return km, km / self.speed_km_day

    def matrix(self, from_ids: tuple[str, ...], to_ids: tuple[str, ...]) -> NDArray[np.float64]:
        """(from, to, 2) km and days."""
        legs = [[self.leg(start, end) for end in to_ids] for start in from_ids]
        return np.array(legs, dtype=np.float64).reshape(len(from_ids), len(to_ids), 2)


def build_roads(world: World) -> Roads:
    """The roads of a case. A route serves both directions unless the other one is given too."""
    pairs = {(r.from_id, r.to_id): (r.distance_km, r.distance_km / r.speed_km_day) for r in world.routes}
    return Roads(
        world=world,
        by_pair=pairs,
        detour=constant(world, "road_detour"),
        speed_km_day=constant(world, "road_speed"),
    )


def route_faults(world: World) -> Iterator[Fault]:
    """Routes whose distance or speed is no number above zero, or that take longer than a year."""
    for route in world.routes:
        for name, value, low in (
            ("distance_km", route.distance_km, 0.0),
            ("speed_km_day", route.speed_km_day, 1e-9),
        ):
            if not (math.isfinite(value) and value >= low):
                yield Fault(
                    file="routes.csv",
                    column=name,
                    what=f"route from {route.from_id} to {route.to_id} has no usable {name}",
                    found=repr(value),
                    wanted="a finite number above 0",
                    mend="correct the row, or leave it out: the great circle times a detour is used then",
                )
        days = route.distance_km / route.speed_km_day if route.speed_km_day > 0.0 else math.nan
        if LONGEST_JOURNEY_DAYS < days < math.inf:
            yield Fault(
                file="routes.csv",
                column="speed_km_day",
                what=f"the journey from {route.from_id} to {route.to_id} takes longer than a year",
                found=f"{route.distance_km:g} km at {route.speed_km_day:g} km a day: {days:,.0f} days",
                wanted=f"at most {LONGEST_JOURNEY_DAYS:.0f} days",
                mend="correct the distance or the speed",
            )
