"""The time zone near a point, from the tzdata package: a guess to be confirmed by the person who starts a case."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

from sarai.observe.personal_words import plain_words
from sarai.world.case_defaults import great_circle_km
from sarai.world.place import Place

_ZONE_POINT = re.compile(r"([+-])(\d{2,3})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


def nearest_timezone(lat: float, lon: float, countries: Iterable[str] = ()) -> str:
    """The time zone whose main city is nearest to a point, among those of the countries where any is known by name.

    A guess to be confirmed: borders between zones are not looked at.
    """
    here = Place(id="here", name="", kind="origin", lat=lat, lon=lon)
    codes = {_country_codes().get(plain_words(name), "") for name in countries} - {""}
    best, nearest = float("inf"), "Etc/UTC"
    for zone, code, zone_lat, zone_lon in _zones():
        there = Place(id="there", name="", kind="origin", lat=zone_lat, lon=zone_lon)
        distance = great_circle_km(here, there)
        if distance is not None and distance < best and (not codes or code in codes):
            best, nearest = distance, zone
    return nearest


def _zone_lines(file: str) -> list[list[str]]:
    text = (resources.files("tzdata") / "zoneinfo" / file).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _country_codes() -> dict[str, str]:
    """ISO alpha-2 by plain name, from the tzdata package."""
    return {plain_words(cells[1]): cells[0] for cells in _zone_lines("iso3166.tab") if len(cells) > 1}


@cache
def _zones() -> tuple[tuple[str, str, float, float], ...]:
    """Time zones with country and point of their main city, from the tzdata package."""
    out = []
    for cells in _zone_lines("zone.tab"):
        match = _ZONE_POINT.fullmatch(cells[1]) if len(cells) > 2 else None
        if match is not None:
            a, b, c, d, e, f, g, h = match.groups()
            out.append((cells[2], cells[0], _degrees(a, b, c, d), _degrees(e, f, g, h)))
    return tuple(out)


def _degrees(sign: str, degrees: str, minutes: str, seconds: str | None) -> float:
    value = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
    return -value if sign == "-" else value
