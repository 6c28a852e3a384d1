"""The ground of the map: outlines of countries, roads to the crossings, crossings and sites, in pixels of one frame."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from sarai.publish.map import clip_ring, read_countries
from sarai.publish.svg import Point, Scale
from sarai.world.place import Place
from sarai.world.world import World

WIDTH = 640.0
MARGIN_DEGREES = 0.9
TALLEST, SHORTEST = 620.0, 300.0
FINENESS = 1  # decimals of a pixel
Frame = tuple[Scale, Scale, float]


def draw_ground(world: World) -> dict[str, Any] | None:
    """Width, height, country outlines, roads and places; None where no crossing or site has coordinates."""
    places = [place for place in world.places.values() if place.kind in ("crossing", "site") and place.lat is not None]
    if not places:
        return None
    frame = make_frame(places)
    return {
        "width": WIDTH,
        "height": round(frame[2], FINENESS),
        "countries": [*outline_countries(frame)],
        "roads": [*draw_roads(world, frame)],
        "places": [
            {"id": place.id, "name": place.name, "kind": place.kind, "x": x, "y": y}
            for place in places
            for x, y in [at(frame, place)]
        ],
    }


def make_frame(places: Sequence[Place]) -> Frame:
    """Scales of a plate carree map; degrees of longitude are shortened by the cosine of the middle latitude."""
    lons, lats = [place.lon or 0.0 for place in places], [place.lat or 0.0 for place in places]
    west, east = min(lons) - MARGIN_DEGREES, max(lons) + MARGIN_DEGREES
    south, north = min(lats) - MARGIN_DEGREES, max(lats) + MARGIN_DEGREES
    shrink = max(0.2, math.cos(math.radians((south + north) / 2)))
    height = min(TALLEST, max(SHORTEST, WIDTH * (north - south) / ((east - west) * shrink)))
    wider = max(0.0, (north - south) * WIDTH / (height * shrink) - (east - west)) / 2
    taller = max(0.0, height * (east - west) * shrink / WIDTH - (north - south)) / 2
    across = Scale(low=west - wider, high=east + wider, start=0.0, end=WIDTH)
    return across, Scale(low=south - taller, high=north + taller, start=height, end=0.0), height


def at(frame: Frame, place: Place) -> tuple[float, float]:
    """Where a place stands, in pixels."""
    return round(frame[0](place.lon or 0.0), FINENESS), round(frame[1](place.lat or 0.0), FINENESS)


def outline_countries(frame: Frame) -> Iterator[dict[str, Any]]:
    """Countries that reach into the frame: a path, and where its name fits."""
    across, up, height = frame
    for name, rings in read_countries():
        shapes = []
        for ring in rings:
            points = clip_ring(ring, across.low, up.low, across.high, up.high)
            if len(points) >= 3:
                shapes.append([(across(x), up(y)) for x, y in points])
        if shapes:
            largest = max(shapes, key=area)
            middle = [round(value, FINENESS) for value in centre(largest)]
            roomy = area(largest) > 0.06 * WIDTH * height
            yield {"name": name, "path": "".join(map(path_of, shapes)), "label": middle if roomy else None}


def path_of(shape: Sequence[Point]) -> str:
    """A closed path through points."""
    return "M" + "L".join(f"{x:.{FINENESS}f} {y:.{FINENESS}f}" for x, y in shape) + "Z"


def area(shape: Sequence[Point]) -> float:
    """Area of a ring, by the shoelace formula."""
    return abs(sum(crosses(shape))) / 2


def centre(shape: Sequence[Point]) -> tuple[float, float]:
    """Centre of gravity of a ring whose area is not zero."""
    parts = crosses(shape)
    ends = list(zip(shape, [*shape[1:], shape[0]], strict=True))
    moments = (sum((a[axis] + b[axis]) * part for (a, b), part in zip(ends, parts, strict=True)) for axis in (0, 1))
    x, y = (moment / (3 * sum(parts)) for moment in moments)
    return x, y


def crosses(shape: Sequence[Point]) -> list[float]:
    """Cross product of each corner with the next."""
    return [a[0] * b[1] - b[0] * a[1] for a, b in zip(shape, [*shape[1:], shape[0]], strict=True)]


def draw_roads(world: World, frame: Frame) -> Iterator[list[float]]:
    """Straight lines from the areas that people leave to the crossings. No area is weighed or ranked."""
    for road in world.routes:
        ends = [world.places.get(end) for end in (road.from_id, road.to_id)]
        if all(end is not None and end.lat is not None for end in ends) and ends[1].kind == "crossing":  # type: ignore[union-attr]
            yield [value for end in ends if end is not None for value in at(frame, end)]
