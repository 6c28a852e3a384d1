"""Places: origin areas, crossings, reception sites and destinations. Aggregates only; no address below a town."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

PlaceKind = Literal["origin", "crossing", "site", "destination"]


@dataclass(frozen=True, kw_only=True)
class Basis:
    """Where a figure comes from: a row of sources.csv, or a numbered assumption, and since when it was known."""

    source_id: str = ""
    assumption: str = ""
    known: date = date.min
    known_assumed: bool = False


NO_BASIS = Basis()


@dataclass(frozen=True, kw_only=True)
class City:
    """A main city of an area, for the map."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place. `id` is ours and stable; `lat`, `lon` in decimal degrees (WGS84), None where not known.

    country      ISO 3166-1 alpha-3        admin1  name of the province or region
    approximate  True when the point stands for an area or is a proxy town
    """

    id: str
    name: str
    kind: PlaceKind
    lat: float | None = None
    lon: float | None = None
    country: str = ""
    admin1: str = ""
    approximate: bool = False
    pcode: str = ""
    cities: tuple[City, ...] = ()
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class Route:
    """A road between two places. `distance_km` > 0; `speed_km_day` is what a loaded family truck covers in a day."""

    from_id: str
    to_id: str
    distance_km: float
    speed_km_day: float
    basis: Basis = NO_BASIS
