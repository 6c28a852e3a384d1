"""A small gazetteer of crossings, provinces, main cities and reception sites of the emergencies that ship.

Coordinates: GeoNames (geonames.org, CC BY 4.0), printed coordinates of crossings and FabFlee; each row names its own.
Countries and towns of the rest of the world: `geonames.py`.
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

from sarai.observe.personal_words import plain_words


@dataclass(frozen=True, kw_only=True)
class GazetteerPlace:
    """One row. kind: country, province, city, border_crossing or reception_site; `approximate` as in the row."""

    id: str
    name: str
    variants: tuple[str, ...]
    kind: str
    country: str
    admin1: str
    lat: float | None
    lon: float | None
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


@cache
def shipped_names() -> dict[tuple[str, str], str]:
    """Names of shipped places by id and language (`gazetteer_names.csv`, which says where each is from)."""
    text = (resources.files("sarai.observe") / "gazetteer_names.csv").read_text(encoding="utf-8")
    return {(row["id"], row["language"]): row["name"] for row in csv.DictReader(io.StringIO(text))}


def find_place(text: str, kinds: Iterable[str] = (), country: str = "") -> GazetteerPlace | None:
    """The place of that name, variant or id, or None. Ties: `country` (ISO alpha-3), then the order of kinds."""
    wanted, order = plain_words(text), list(kinds)
    found = [p for p in read_gazetteer() if (not order or p.kind in order) and wanted in _names(p)]
    found.sort(key=lambda p: (bool(country) and p.country != country, order.index(p.kind) if order else 0))
    return next(iter(found), None)


def suggest_places(text: str, kinds: Iterable[str] = (), country: str = "") -> list[str]:
    """Up to three names of the gazetteer that look like a text."""
    allowed = set(kinds)
    names = {
        plain_words(name): place.name
        for place in read_gazetteer()
        if (not allowed or place.kind in allowed) and (not country or place.country == country)
        for name in (place.name, *place.variants)
    }
    return list(dict.fromkeys(names[key] for key in get_close_matches(plain_words(text), list(names), n=3, cutoff=0.6)))


def places_of(kind: str, country: str) -> list[GazetteerPlace]:
    """Places of a kind in a country, by id."""
    found = [place for place in read_gazetteer() if place.kind == kind and place.country == country]
    return sorted(found, key=lambda place: place.id)


def crossings_between(start: str, end: str) -> list[GazetteerPlace]:
    """Crossings whose row names the direction from one country to the other (ISO alpha-3)."""
    mark = f"{start}>{end}"
    return sorted((p for p in read_gazetteer() if p.kind == "border_crossing" and mark in p.note), key=lambda p: p.id)


def slug(text: str) -> str:
    """An id from a name: small letters, digits and underscores; empty where the name holds none of them."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", ascii_text.casefold()).strip("_")[:64]


@cache
def _names(place: GazetteerPlace) -> frozenset[str]:
    return frozenset(plain_words(name) for name in (place.id, place.name, *place.variants))
