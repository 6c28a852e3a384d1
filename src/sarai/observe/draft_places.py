"""Places of a new case by the names that people give them: found, or said not to be found with what is close."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches

from sarai.observe.case_draft import DraftPlace, distinct
from sarai.observe.gazetteer import GazetteerPlace, crossings_between, find_place, places_of, slug, suggest_places
from sarai.observe.geonames import country_names, find_country, find_town, town_names
from sarai.observe.personal_words import plain_words

CROSSING_KINDS = ("border_crossing", "city")
AREA_KINDS = ("province", "city")


@dataclass(frozen=True, kw_only=True)
class Countries:
    """Names as given and ISO alpha-3 codes of both countries; a code is empty where the name is not known."""

    start: str
    end: str
    start_code: str
    end_code: str

    @property
    def codes(self) -> frozenset[str]:
        """The codes that are known."""
        return frozenset({self.start_code, self.end_code} - {""})


def read_countries(start: str, end: str) -> Countries:
    """Both countries of a return."""
    first, last = _country(start), _country(end)
    return Countries(
        start=first.name if first else start, end=last.name if last else end,
        start_code=first.country if first else "", end_code=last.country if last else "",
    )  # fmt: skip


def close_countries(name: str) -> list[str]:
    """Names of countries that look like a name that is not one."""
    if _country(name) is not None:
        return []
    names = {plain_words(known): known for known in country_names()}
    return [names[key] for key in get_close_matches(plain_words(name), list(names), n=3, cutoff=0.7)]


def known_crossings(countries: Countries) -> tuple[str, ...]:
    """Names of the crossings that the gazetteer has from one country to the other."""
    found = crossings_between(countries.start_code, countries.end_code) if len(countries.codes) == 2 else []
    return tuple(place.name for place in found)


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


def whole_country(name: str) -> tuple[DraftPlace, ...]:
    """The country of departure as one area, at its capital, where its name is known."""
    found = _country(name)
    return (replace(draft_place(found), level="country"),) if found else ()


def areas_of_return(country: Countries) -> tuple[DraftPlace, ...]:
    """All provinces that the gazetteer has of the country of return, else its interior at the capital, else nothing."""
    known = places_of("province", country.end_code) if country.end_code else []
    if known:
        return distinct([draft_place(place) for place in known])
    found = _country(country.end)
    if found is None:
        return ()
    return (replace(draft_place(found), id="interior", name=f"{found.name}, interior", aliases=()),)


def draft_place(place: GazetteerPlace) -> DraftPlace:
    """A place of the gazetteer as a place of a draft."""
    return DraftPlace(
        id=place.id.removesuffix("_province"), name=place.name, lat=place.lat, lon=place.lon, country=place.country,
        admin1=place.admin1, approximate=place.approximate,
    )  # fmt: skip


def _country(name: str) -> GazetteerPlace | None:
    return find_place(name, ("country",)) or find_country(name)


def _close(name: str, kinds: tuple[str, ...], codes: frozenset[str]) -> list[str]:
    shipped = [near for code in sorted(codes) or [""] for near in suggest_places(name, kinds, code)]
    towns = town_names(codes)
    near_towns = [towns[key] for key in get_close_matches(plain_words(name), list(towns), n=3, cutoff=0.75)]
    return list(dict.fromkeys([*shipped, *near_towns]))[:3]
