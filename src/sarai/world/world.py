"""World: everything that is known of an emergency on one day. The only thing that downstream rooms are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sarai.world.calendar import Calendar
from sarai.world.decision import Decision
from sarai.world.local_name import LocalName
from sarai.world.place import NO_BASIS, Basis, Place, Route
from sarai.world.population import PopulationEstimate, Status, Stratum
from sarai.world.reception import Crossing, DestinationShare, HoldingCentre, Routing, Stage
from sarai.world.report import Report, SeriesRegime, Source
from sarai.world.response import Provision


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A cited figure of the journey, profile, assistance, capacity or other fact tables, for showing and for rates.

    table  name of the table it stands in; start, end: the period it is about; numbers that are not numbers keep `text`
    """

    id: str
    table: str
    start: date | None
    end: date | None
    place: str
    topic: str
    item: str
    value: float | None
    text: str
    unit: str
    source_id: str
    note: str
    known: date
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A number of the case that replaces the default of the parameter table, with its basis."""

    value: float
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class World:
    """What is known on `as_of`. Made only by `Case.as_of`; nothing known later can be in it.

    start     first simulated day (the reference period of the case begins here)
    places    by id; crossings, strata, stages, waves in stable-id order wherever order matters
    settings  parameters of the case that differ from model/parameters.toml, by parameter name
    """

    name: str
    title: str
    as_of: date
    timezone: str
    start: date
    country_from: str
    country_to: str
    places: Mapping[str, Place]
    statuses: tuple[Status, ...]
    strata: tuple[Stratum, ...]
    crossings: tuple[Crossing, ...]
    routes: tuple[Route, ...]
    stages: tuple[Stage, ...]
    routing: tuple[Routing, ...]
    holding: tuple[HoldingCentre, ...]
    destination_shares: tuple[DestinationShare, ...]
    calendar: Calendar
    reports: tuple[Report, ...]
    series: tuple[SeriesRegime, ...]
    sources: Mapping[str, Source]
    estimates: tuple[PopulationEstimate, ...] = ()
    facts: tuple[Fact, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    response: tuple[Provision, ...] = ()
    names: tuple[LocalName, ...] = ()

    def places_of(self, kind: str) -> tuple[Place, ...]:
        """Places of one kind, in id order."""
        return tuple(self.places[key] for key in sorted(self.places) if self.places[key].kind == kind)
