"""A new case from few answers: what an interview or a filled-in spreadsheet can say about an emergency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, kw_only=True)
class DraftService:
    """Hours (local) and desks of a crossing."""

    opens_hour: float
    closes_hour: float
    desks: float
    persons_desk_hour: float


@dataclass(frozen=True, kw_only=True)
class DraftPlace:
    """A place of a draft; coordinates None where they are not known. `aliases`: other ids that counts may use."""

    id: str
    name: str
    lat: float | None = None
    lon: float | None = None
    country: str = ""
    admin1: str = ""
    approximate: bool = False
    level: str = ""
    aliases: tuple[str, ...] = ()
    note: str = ""
    service: DraftService | None = None


@dataclass(frozen=True, kw_only=True)
class DraftSource:
    """A publication: an organisation, a title and a day; None where it shows none. Never a person."""

    publisher: str
    title: str
    published: date | None


@dataclass(frozen=True, kw_only=True)
class DraftRange:
    """The range of persons of one status in one origin area."""

    origin: str
    status: str
    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class DraftClosure:
    """A crossing shut from `start` to `end`, inclusive; no end while no reopening is known."""

    crossing: str
    start: date
    end: date | None
    source: DraftSource


@dataclass(frozen=True, kw_only=True)
class DraftStage:
    """A stage of reception behind a crossing; `share` of those who come from the stage before pass it."""

    crossing: str
    name: str
    kind: str
    agency: str
    capacity: int | None
    unit: str
    stay_days: float
    share: float
    source: DraftSource


@dataclass(frozen=True, kw_only=True)
class DraftCount:
    """One figure of a source. crossing: an id, ids joined by +, or `all`; known: first day on which it may be used."""

    start: date
    end: date
    crossing: str
    persons: int | None
    families: int | None
    kind: str
    cumulative: bool
    known: date | None
    source: DraftSource


@dataclass(frozen=True, kw_only=True)
class DraftName:
    """What a place, status, call to leave or the case is called in another language, as a row of names.csv."""

    id: str
    language: str
    label: str
    source: str = ""
    known: date | None = None


@dataclass(frozen=True, kw_only=True)
class DraftPriors:
    """Priors learned from other emergencies: settings by parameter, where they come from, since when they are known."""

    settings: tuple[tuple[str, float], ...]
    known: date
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The answers. Dates None where there is no announcement; `low_persons` None where nobody has published a range.

    source    where announcement and range were published
    ranges    by origin and status, in place of the one range
    holidays  days and names; they are listed, and act on nothing until the case switches `holiday_effect` on
    borrow    whether priors are to be learned from other emergencies; `priors` once they are
    """

    title: str
    timezone: str
    country_from: str
    country_to: str
    crossings: tuple[DraftPlace, ...]
    origins: tuple[DraftPlace, ...] = ()
    destinations: tuple[DraftPlace, ...] = ()
    statuses: tuple[str, ...] = ()
    low_persons: int | None = None
    high_persons: int | None = None
    ranges: tuple[DraftRange, ...] = ()
    announced: date | None = None
    deadline: date | None = None
    enforcement: date | None = None
    source: DraftSource
    closures: tuple[DraftClosure, ...] = ()
    stages: tuple[DraftStage, ...] = ()
    counts: tuple[DraftCount, ...] = ()
    holidays: tuple[tuple[date, str], ...] = ()
    names: tuple[DraftName, ...] = ()
    borrow: bool = False
    priors: DraftPriors | None = None


def with_distinct_ids(draft: Draft) -> Draft:
    """The draft with `_from` or `_to` behind the id of an area that has the id of another place."""
    taken = {name for place in draft.crossings for name in (place.id, *place.aliases)}
    renamed = {p.id: f"{p.id}_from" for p in draft.origins if p.id in taken}
    origins = tuple(replace(p, id=renamed.get(p.id, p.id), aliases=()) for p in draft.origins)
    ranges = tuple(replace(r, origin=renamed.get(r.origin, r.origin)) for r in draft.ranges)
    taken |= {place.id for place in origins}
    destinations = tuple(replace(p, id=f"{p.id}_to" if p.id in taken else p.id, aliases=()) for p in draft.destinations)
    return replace(draft, origins=origins, destinations=destinations, ranges=ranges)


def distinct(places: Sequence[DraftPlace]) -> tuple[DraftPlace, ...]:
    """Each place once."""
    return tuple({place.id: place for place in places}.values())
