"""FlightCase: everything a displacement case says, as read, before settings turn it into a law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.settings import FlightSettings

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class FlightPlace:
    """A place. kind: the first of camp, idpcamp, conflict, forward, marker, flood_zone, town that its type text names.

    x, y  as in the file (Flee's folders hold latitude in x);  number  capacity of a camp, else population, persons
    conflict_date  day from which a conflict zone of `locations.csv` is one (0: from the start)
    """

    name: str
    region: str
    country: str
    x: float
    y: float
    kind: str
    conflict_date: int
    number: int
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_camp(self) -> bool:
        """True for camps of both kinds."""
        return self.kind in ("camp", "idpcamp")


@dataclass(frozen=True, kw_only=True)
class FlightLink:
    """A road between two places, both directions: indices of the places, length, and what the file adds."""

    first: int
    second: int
    length_km: float
    max_move_speed: float | None = None
    walk_probability: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Closure:
    """kind: country, location, camp, idpcamp, link. Names: countries for `country`, else places; days of each act."""

    kind: str
    first: str
    second: str
    close_day: int
    open_day: int


@dataclass(frozen=True, kw_only=True)
class DayTable:
    """Values by day: names (column), days (row), values (row, column). Rows are days 0, 1, ... where days is None."""

    names: tuple[str, ...]
    values: Floats
    days: Floats | None = None


@dataclass(frozen=True, kw_only=True)
class CampTable:
    """One row of `data_layout.csv`: its name and, for each of its files, day offsets and counts in file order."""

    name: str
    parts: tuple[tuple[Floats, Floats], ...]


@dataclass(frozen=True, kw_only=True)
class Shares:
    """One demographics file: values of the attribute and weights by column (`Default` or a place)."""

    values: tuple[str, ...]
    weights: Mapping[str, Floats]


@dataclass(frozen=True, kw_only=True)
class FlightCase:
    """A case as read. days: length of the period; layout[0] is the total row; corrections: (camp, day offset).

    pulls   factor of the weight of a place beside its score, by name; none in Flee, learned in calibration
    opened  capacity in persons of places that a what-if makes camps
    major_routes  places along each major route; they count under fixed_routes
    """

    name: str
    start: date
    days: int
    places: tuple[FlightPlace, ...]
    links: tuple[FlightLink, ...]
    closures: tuple[Closure, ...]
    conflicts: DayTable | None
    layout: tuple[CampTable, ...]
    corrections: tuple[tuple[str, int], ...]
    settings: FlightSettings
    floods: DayTable | None = None
    food: DayTable | None = None
    type_changes: tuple[tuple[str, str, int], ...] = ()
    demographics: Mapping[str, Shares] = field(default_factory=dict)
    pulls: Mapping[str, float] = field(default_factory=dict)
    opened: Mapping[str, int] = field(default_factory=dict)
    major_routes: tuple[tuple[int, ...], ...] = ()
    notes: tuple[str, ...] = ()

    def date_of(self, day: int) -> date:
        """Civil date of day `day`."""
        return self.start + timedelta(days=day)


KINDS: tuple[str, ...] = ("idpcamp", "camp", "conflict", "forward", "marker", "flood_zone", "town")


def kind_of(text: str) -> str | None:
    """Kind named by a type text; first match in Flee's order; None where none is."""
    low = text.lower()
    if "camp" in low:
        return "idpcamp" if "idp" in low else "camp"
    for word, kind in (
        ("conflict", "conflict"),
        ("forward", "forward"),
        ("marker", "marker"),
        ("flood_zone", "flood_zone"),
        ("default", "town"),
        ("town", "town"),
    ):
        if word in low:
            return kind
    return None
