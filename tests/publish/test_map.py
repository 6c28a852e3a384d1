import json
import math
from dataclasses import replace
from importlib import resources

from makers.briefing import make_world
from sarai.publish.map import clip_ring, draw_map, read_countries, roads_drawn
from sarai.publish.words import read_words


def test_the_base_map_says_where_it_comes_from() -> None:
    """The outlines name Natural Earth, its scale, its public domain and the package they came in."""
    text = resources.files("sarai.publish").joinpath("countries.geojson").read_text(encoding="utf-8")
    source = json.loads(text)["source"]
    assert "Natural Earth" in source and "1:50m" in source and "public domain" in source and "world-atlas" in source
    assert len(text) < 1_000_000


def test_countries_of_the_built_in_cases_are_there() -> None:
    """Outlines hold the countries that the cases are about, with longitudes and latitudes in range."""
    countries = dict(read_countries())
    assert {"Pakistan", "Afghanistan", "Sudan", "S. Sudan"} <= set(countries)
    for rings in countries.values():
        assert all(-180.01 <= x <= 180.01 and -90 <= y <= 90 for ring in rings for x, y in ring)


def test_clipping_keeps_what_is_inside() -> None:
    """A square cut in half by a box keeps its half, one inside stays whole, one outside is gone."""
    square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]

    def area(points: list[tuple[float, float]]) -> float:
        pairs = zip(points, [*points[1:], points[0]], strict=True)
        return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2

    assert area(clip_ring(square, -1, -1, 1, 3)) == 2.0
    assert area(clip_ring(square, -1, -1, 3, 3)) == 4.0
    assert clip_ring(square, 5, 5, 6, 6) == []


def test_every_crossing_is_named_on_the_map() -> None:
    """Whatever else lacks room, crossings carry their names."""
    world = make_world()
    svg = draw_map(read_words("en"), world, "map")
    assert svg is not None
    for place in world.places_of("crossing"):
        assert f">{place.name}</text>" in svg
    assert "nan" not in svg


def test_no_coordinates_no_map() -> None:
    """Without a single point there is no map, and that is an answer."""
    world = make_world()
    bare = {key: replace(place, lat=None) for key, place in world.places.items()}
    assert draw_map(read_words("en"), replace(world, places=bare), "map") is None


def test_one_place_alone_is_a_map() -> None:
    """A single point still gives a frame of finite size."""
    world = make_world()
    one = {"bridge": world.places["bridge"]}
    svg = draw_map(read_words("en"), replace(world, places=one, routes=()), "map")
    assert svg is not None and "Bridge" in svg


def test_roads_keep_to_the_nearest() -> None:
    """An origin is joined to at most two crossings, each other place to one."""
    world = make_world()
    drawn = roads_drawn(world)
    assert drawn == [("bridge", "valley"), ("hill", "bridge"), ("hill", "pass")]
    assert all(math.isfinite(route.distance_km) for route in world.routes)
