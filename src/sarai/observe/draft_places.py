"""Places of a new case by the names that people give them: found, or said not to be found with what is close."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from sarai.observe.case_draft import DraftPlace, distinct
from sarai.observe.gazetteer import GazetteerPlace, crossings_between, find_place, places_of, slug, suggest_places
from sarai.observe.geonames import country_names, find_country, find_town, town_names
from sarai.observe.personal_words import plain_words
from sarai.observe.time_zones import nearest_timezone

CROSSING_KINDS = ("border_crossing", "city")
_LISTED = re.compile(r"[,;/،]|\s+(?:and|et|y|e|و)\s+")
AREA_KINDS = ("province", "city")
TOWN_KINDS = ("city", "province", "border_crossing")


@dataclass(frozen=True, kw_only=True)
class Countries:
    """Names as given and ISO alpha-3 codes of both sides, several where people leave or return to several countries.

    No code where a name is not known.
    """

    start: str
    end: str
    start_codes: frozenset[str]
    end_codes: frozenset[str]

    @property
    def codes(self) -> frozenset[str]:
        """The codes that are known."""
        return self.start_codes | self.end_codes


def read_countries(start: str, end: str) -> Countries:
    """Both sides of a return."""
    first, last = _countries(start), _countries(end)
    return Countries(
        start=", ".join(place.name for place in first) or start, end=", ".join(place.name for place in last) or end,
        start_codes=frozenset(place.country for place in first), end_codes=frozenset(place.country for place in last),
    )  # fmt: skip


def close_countries(name: str) -> list[str]:
    """Names of countries that look like a name that is not one."""
    if _countries(name):
        return []
    names = {plain_words(known): known for known in country_names()}
    return [names[key] for key in get_close_matches(plain_words(name), list(names), n=3, cutoff=0.7)]


def known_crossings(countries: Countries) -> tuple[str, ...]:
    """Names of the crossings that the gazetteer has from one country to the other."""
    pairs = [(start, end) for start in sorted(countries.start_codes) for end in sorted(countries.end_codes)]
    return tuple(place.name for start, end in pairs if start != end for place in crossings_between(start, end))


def look_up(name: str, kinds: tuple[str, ...], codes: frozenset[str]) -> tuple[DraftPlace | None, str]:
    """The place of a name in some countries, and a sentence on what was found or what is close to it.

    codes   ISO alpha-3; empty where the countries are not known, and then only the shipped gazetteer is searched
    """
    found = find_place(name, kinds, next(iter(sorted(codes)), ""))
    if found is not None and (not codes or found.country in codes):
        near = ", coordinates approximate" if found.approximate else ""
        return draft_place(found), f"{name}: {found.name} ({found.country}{near})"
    town = find_town(name, codes)
    if town is not None:
        identity = slug(name) or town.id
        aliases = (town.id,) if identity != town.id else ()
        place = replace(draft_place(town), id=identity, name=name, aliases=aliases, note=town.note)
        other = "" if plain_words(town.name) == plain_words(name) else f" {town.name}"
        return place, f"{name}: the town{other} ({town.country}, {town.note}); its middle stands for the place"
    elsewhere = f"; {found.name} of that name lies in {found.country}" if found is not None else ""
    close = _close(name, kinds, codes)
    return None, f"{name} is not in the gazetteer{elsewhere}" + (f"; close to it: {', '.join(close)}" if close else "")


def unknown_place(name: str, number: int, point: tuple[float, float] | None, identity: str = "") -> DraftPlace:
    """A place that no gazetteer has, with an id of its own."""
    lat, lon = point if point else (None, None)
    return DraftPlace(id=identity or slug(name) or f"place_{number}", name=name, lat=lat, lon=lon)


def place_beside(name: str, number: int, town: str, codes: frozenset[str], identity: str = "") -> DraftPlace | None:
    """A place that no gazetteer has, at the point of a town in or beside it; None where that has no point either."""
    found, _ = look_up(town, TOWN_KINDS, codes)
    if found is None or found.lat is None:
        return None
    place = unknown_place(name, number, None, identity)
    return replace(place, lat=found.lat, lon=found.lon, country=found.country, approximate=True,
                   note=found.note or f"point of {found.name}")  # fmt: skip


def whole_country(name: str) -> tuple[DraftPlace, ...]:
    """The country of departure as one area, at its capital, where its name is known; several as one each."""
    return tuple(replace(draft_place(found), level="country") for found in _countries(name))


def areas_of_return(countries: Countries) -> tuple[DraftPlace, ...]:
    """Of each country of return all provinces that the gazetteer has, else its interior at the capital."""
    found = _countries(countries.end)
    areas: list[DraftPlace] = []
    for country in found:
        identity = "interior" if len(found) == 1 else f"{country.id}_interior"
        interior = replace(draft_place(country), id=identity, name=f"{country.name}, interior", aliases=())
        areas += [draft_place(place) for place in places_of("province", country.country)] or [interior]
    return distinct(areas)


def guess_timezone(countries: Countries, crossings: Sequence[DraftPlace]) -> str:
    """The time zone at the first crossing that has a point, else at a capital; UTC where nothing has one."""
    near = [*crossings, *whole_country(countries.end), *whole_country(countries.start)]
    point = next(((c.lat, c.lon) for c in near if c.lat is not None and c.lon is not None), None)
    return nearest_timezone(*point, (countries.end, countries.start)) if point else "Etc/UTC"


def draft_place(place: GazetteerPlace) -> DraftPlace:
    """A place of the gazetteer as a place of a draft."""
    return DraftPlace(
        id=place.id.removesuffix("_province"), name=place.name, lat=place.lat, lon=place.lon, country=place.country,
        admin1=place.admin1, approximate=place.approximate,
    )  # fmt: skip


def _country(name: str) -> GazetteerPlace | None:
    return find_place(name, ("country",)) or find_country(name)


def _countries(name: str) -> list[GazetteerPlace]:
    """The country of a name, or the countries of a name that lists some; none if one of them is not known."""
    whole = _country(name)
    if whole is not None:
        return [whole]
    found = [_country(part.strip()) for part in _LISTED.split(name) if part.strip()]
    return [place for place in found if place is not None] if len(found) > 1 and all(found) else []


def _close(name: str, kinds: tuple[str, ...], codes: frozenset[str]) -> list[str]:
    shipped = [near for code in sorted(codes) or [""] for near in suggest_places(name, kinds, code)]
    towns = town_names(codes)
    near_towns = [towns[key] for key in get_close_matches(plain_words(name), list(towns), n=3, cutoff=0.75)]
    return list(dict.fromkeys([*shipped, *near_towns]))[:3]
