"""Map: origins, roads, crossings, reception sites and provinces of return on Natural Earth country outlines."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

from sarai.publish.svg import Point, Scale, drawing, element, label, line_path
from sarai.publish.words import Words
from sarai.world.place import Place
from sarai.world.world import World

WIDTH = 640.0
TALLEST, SHORTEST = 640.0, 360.0
MARGIN_DEGREES = 1.2
LABEL_ROOM = 11.0
GRID = 28
ORDER = ("crossing", "origin", "destination", "site")
PLACINGS = (
    (9, 4, "start"), (-9, 4, "end"), (0, -9, "middle"), (0, 17, "middle"), (8, -6, "start"), (-8, -6, "end"),
    (8, 14, "start"), (-8, 14, "end"),
)  # fmt: skip
SAME_SPOT = 9.0

Ring = tuple[Point, ...]


@cache
def read_countries() -> tuple[tuple[str, tuple[Ring, ...]], ...]:
    """Country names and outer rings (longitude, latitude) of publish/countries.geojson, Natural Earth 1:50m."""
    text = resources.files("sarai.publish").joinpath("countries.geojson").read_text(encoding="utf-8")
    return tuple(
        (feature["properties"]["name"],
         tuple(tuple((x, y) for x, y in polygon[0]) for polygon in feature["geometry"]["coordinates"]))
        for feature in json.loads(text)["features"]
    )  # fmt: skip


def draw_map(words: Words, world: World, key: str) -> str | None:
    """An SVG map of the case's places; None where no place has coordinates."""
    places = [place for place in world.places.values() if place.lat is not None and place.lon is not None]
    if not places:
        return None
    across, up, height = _frame(places)
    parts = [element("rect", x=0, y=0, width=WIDTH, height=height, class_="sea")]
    parts.extend(_countries(places, across, up, height))
    parts.extend(_roads(world, across, up))
    parts.extend(_symbols(places, across, up))
    parts.extend(_labels(places, across, up, height))
    title, summary = words.say("map_title"), words.say("map_summary", count=words.count(len(places)))
    return drawing(WIDTH, height, "".join(parts), title, summary, key)


def clip_ring(ring: Sequence[Point], west: float, south: float, east: float, north: float) -> list[Point]:
    """A ring cut to a box (Sutherland and Hodgman, doi:10.1145/360767.360802); empty where they do not meet."""
    points = list(ring)
    for axis, bound, keep_above in ((0, west, True), (0, east, False), (1, south, True), (1, north, False)):
        points = _clip_side(points, axis, bound, keep_above)
        if not points:
            return []
    return points


def _clip_side(points: Sequence[Point], axis: int, bound: float, keep_above: bool) -> list[Point]:
    kept: list[Point] = []
    for before, after in zip([points[-1], *points[:-1]], points, strict=True):
        inside_before = (before[axis] >= bound) is keep_above or before[axis] == bound
        inside_after = (after[axis] >= bound) is keep_above or after[axis] == bound
        if inside_before != inside_after:
            part = (bound - before[axis]) / (after[axis] - before[axis])
            kept.append((before[0] + part * (after[0] - before[0]), before[1] + part * (after[1] - before[1])))
        if inside_after:
            kept.append(after)
    return kept


def _frame(places: Sequence[Place]) -> tuple[Scale, Scale, float]:
    """Scales of a plate carree map whose degrees of longitude are shortened by the cosine of the middle latitude."""
    lons = [place.lon or 0.0 for place in places]
    lats = [place.lat or 0.0 for place in places]
    west, east = min(lons) - MARGIN_DEGREES, max(lons) + MARGIN_DEGREES
    south, north = min(lats) - MARGIN_DEGREES, max(lats) + MARGIN_DEGREES
    shrink = max(0.2, math.cos(math.radians((south + north) / 2)))
    height = WIDTH * (north - south) / ((east - west) * shrink)
    if height > TALLEST:
        spread = (north - south) * WIDTH / (TALLEST * shrink) - (east - west)
        west, east, height = west - spread / 2, east + spread / 2, TALLEST
    elif height < SHORTEST:
        spread = (east - west) * shrink * SHORTEST / WIDTH - (north - south)
        south, north, height = south - spread / 2, north + spread / 2, SHORTEST
    return (
        Scale(low=west, high=east, start=0.0, end=WIDTH),
        Scale(low=south, high=north, start=height, end=0.0),
        height,
    )


def _countries(places: Sequence[Place], across: Scale, up: Scale, height: float) -> Iterator[str]:
    symbols = [(across(place.lon or 0.0), up(place.lat or 0.0)) for place in places]
    for name, rings in read_countries():
        largest: tuple[float, list[Point]] = (0.0, [])
        paths = []
        for ring in rings:
            points = clip_ring(ring, across.low, up.low, across.high, up.high)
            if len(points) >= 3:
                shape = [(across(x), up(y)) for x, y in points]
                paths.append(line_path(shape) + "Z")
                largest = max(largest, (abs(_area(shape)), shape))
        if paths:
            yield element("path", d="".join(paths), class_="land")
        if largest[0] > 0.06 * WIDTH * height:
            x, y = _roomy_point(largest[1], symbols, WIDTH, height)
            yield label(name, x, y, class_="country", text_anchor="middle")


def _roads(world: World, across: Scale, up: Scale) -> Iterator[str]:
    for pair in roads_drawn(world):
        ends = [world.places[key] for key in pair]
        points = [(across(place.lon or 0.0), up(place.lat or 0.0)) for place in ends]
        yield element("path", d=line_path(points), class_="road")


def roads_drawn(world: World) -> list[tuple[str, str]]:
    """The roads worth a line: each origin to its two nearest crossings, each other place from the nearest end."""
    placed = {key for key, place in world.places.items() if place.lat is not None and place.lon is not None}
    routes = [route for route in world.routes if route.from_id in placed and route.to_id in placed]
    found: set[tuple[str, str]] = set()
    for key in sorted(placed):
        origin = world.places[key].kind == "origin"
        own = [route for route in routes if (route.from_id if origin else route.to_id) == key]
        own.sort(key=lambda route: (route.distance_km, route.from_id, route.to_id))
        if world.places[key].kind != "crossing":
            found.update((route.from_id, route.to_id) for route in own[: 2 if origin else 1])
    return sorted(found)


def _symbols(places: Sequence[Place], across: Scale, up: Scale) -> Iterator[str]:
    for kind in ("destination", "site", "origin", "crossing"):
        for place in sorted((item for item in places if item.kind == kind), key=lambda item: item.id):
            x, y = across(place.lon or 0.0), up(place.lat or 0.0)
            if kind == "crossing":
                yield element("path", d=f"M{x - 6:.1f},{y + 5:.1f}l6,-11l6,11Z", class_="symbol crossing")
            elif kind == "site":
                yield element("rect", x=x - 4, y=y - 4, width=8, height=8, class_="symbol site")
            else:
                yield element("circle", cx=x, cy=y, r=5 if kind == "origin" else 3, class_=f"symbol {kind}")


def _labels(places: Sequence[Place], across: Scale, up: Scale, height: float) -> Iterator[str]:
    """Names beside the symbols, most important first; a name with no room of its own is left to the list below."""
    taken: list[tuple[float, float, float, float]] = [
        (across(p.lon or 0.0) - 6, up(p.lat or 0.0) - 6, across(p.lon or 0.0) + 6, up(p.lat or 0.0) + 6) for p in places
    ]
    labelled: list[tuple[float, float, float, float]] = []
    ranked = sorted(places, key=lambda place: (ORDER.index(place.kind), place.id))
    gates = [(across(p.lon or 0.0), up(p.lat or 0.0)) for p in places if p.kind == "crossing"]
    for place in ranked:
        x, y = across(place.lon or 0.0), up(place.lat or 0.0)
        if place.kind == "site" and any(math.hypot(x - gx, y - gy) < SAME_SPOT for gx, gy in gates):
            continue
        width = 6.4 * len(place.name)
        for dx, dy, anchor in PLACINGS:
            left = x + dx if anchor == "start" else x + dx - width if anchor == "end" else x - width / 2
            box = (left, y + dy - LABEL_ROOM, left + width, y + dy + 2)
            inside = box[0] >= 2 and box[2] <= WIDTH - 2 and box[1] >= 2 and box[3] <= height - 2
            own = (x - 6, y - 6, x + 6, y + 6)
            blocked = labelled if place.kind == "crossing" else [*taken, *labelled]
            if inside and not any(_overlap(box, other) for other in blocked if other != own):
                labelled.append(box)
                yield label(place.name, x + dx, y + dy, class_=f"place {place.kind}", text_anchor=anchor)
                break


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _area(points: Sequence[Point]) -> float:
    return 0.5 * sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True))


def _roomy_point(ring: Sequence[Point], avoid: Sequence[Point], width: float, height: float) -> Point:
    """The point of a coarse grid inside the ring that lies farthest from its edge, the frame and the symbols."""
    best, found = -1.0, _middle(ring)
    for row in range(1, GRID):
        for column in range(1, GRID):
            x, y = width * column / GRID, height * row / GRID
            if not _inside(ring, x, y):
                continue
            room = min(
                min(math.hypot(x - px, (y - py) * 2.0) for px, py in ring),
                min((math.hypot(x - px, (y - py) * 2.0) for px, py in avoid), default=width), x, width - x,
            )  # fmt: skip
            if room > best:
                best, found = room, (x, y)
    return found


def _inside(ring: Sequence[Point], x: float, y: float) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) is not (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _middle(points: Sequence[Point]) -> Point:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
