"""From the items of case.yaml to the types of the world: places, population, calendar and reception of a Case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sarai.observe.case_schema import CaseFile, HoldingItem, Item, PlaceItem, StageItem, TotalItem, WaveItem
from sarai.world.calendar import Closure, Wave, WaveChange
from sarai.world.case import Assumption, Case, Holiday, NamedSetting, StageCapacity
from sarai.world.place import Basis, City, Place, PlaceKind
from sarai.world.population import Status, Stratum
from sarai.world.reception import Capacity, Crossing, DestinationShare, HoldingCentre, Routing, Stage
from sarai.world.report import Source
from sarai.world.world import Setting


def build_case(name: str, file: CaseFile, sources: Mapping[str, Source], tables: Mapping[str, Any]) -> Case:
    """A Case from a checked case.yaml and the rows of its tables.

    sources  by id: an item that cites a dated source and has no `known` is known from the day it was published
    tables   fields of Case that come from tables: reports, series, events, estimates, facts, routes, sources
    """
    builder = CaseBuilder(sources)
    statuses = tuple(Status(id=item.id, name=item.name or item.id) for item in file.statuses)
    population = file.population
    total = isinstance(population, TotalItem)
    return Case(
        name=name,
        title=file.title or name,
        timezone=file.timezone,
        start=file.start,
        country_from=file.country_from,
        country_to=file.country_to,
        places=builder.places(file),
        statuses=statuses,
        strata=() if isinstance(population, TotalItem) else builder.strata(population),
        total=(builder.total(population),) if isinstance(population, TotalItem) and total else (),
        crossings=builder.services(file),
        stages=tuple(builder.stage(item) for item in file.stages),
        capacities=builder.capacities(file),
        routing=builder.routing(file),
        holding=tuple(builder.holding(item) for item in file.holding),
        destination_shares=builder.destination_shares(file),
        waves=tuple(builder.wave(item, [s.id for s in file.statuses]) for item in file.calendar.waves),
        changes=builder.changes(file),
        closures=builder.closures(file),
        holidays=tuple(Holiday(day=h.date, name=h.name, basis=builder.basis(h)) for h in file.calendar.holidays),
        settings=builder.settings(file),
        assumptions=tuple(
            Assumption(number=number, text=item, known=date.min)
            if isinstance(item, str)
            else Assumption(number=number, text=item.text, known=item.known)
            for number, item in file.assumptions.items()
        ),
        **tables,
    )


class CaseBuilder:
    """Turns items into the types of the world; knows the sources, to date what cites them."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.sources = sources

    def basis(self, item: Item) -> Basis:
        """The basis of an item: its own `known`, else the day its source was published, else always."""
        source = self.sources.get(item.source)
        published = source.published if source is not None else None
        known = item.known or published or date.min
        assumed = item.known_assumed or (item.known is None and bool(item.source))
        return Basis(source_id=item.source, assumption=item.assumption, known=known, known_assumed=assumed)

    def place(self, item: PlaceItem, kind: PlaceKind) -> Place:
        """A place of one kind."""
        return Place(
            id=item.id,
            name=item.name or item.id.replace("_", " ").capitalize(),
            kind=kind,
            lat=item.lat,
            lon=item.lon,
            country=item.country,
            admin1=item.admin1,
            approximate=item.approximate,
            pcode=item.pcode,
            cities=tuple(City(name=city.name, lat=city.lat, lon=city.lon) for city in item.cities),
            basis=self.basis(item),
        )

    def places(self, file: CaseFile) -> tuple[Place, ...]:
        """All places of the case."""
        return (
            *(self.place(item, "origin") for item in file.origins),
            *(self.place(item, "crossing") for item in file.crossings),
            *(self.place(item, "site") for item in file.sites),
            *(self.place(item, "destination") for item in file.destinations),
        )

    def strata(self, items: Any) -> tuple[Stratum, ...]:
        """Population ranges by origin and status."""
        return tuple(
            Stratum(
                origin=item.origin,
                status=item.status,
                low_persons=item.low,
                high_persons=item.high,
                basis=self.basis(item),
            )
            for item in items
        )

    def total(self, item: TotalItem) -> Stratum:
        """The population as one range."""
        return Stratum(origin="", status="", low_persons=item.low, high_persons=item.high, basis=self.basis(item))

    def services(self, file: CaseFile) -> tuple[Crossing, ...]:
        """Hours and desks of crossings."""
        return tuple(
            Crossing(
                place_id=crossing.id,
                opens_hour=item.opens_hour,
                closes_hour=item.closes_hour,
                desks=item.desks,
                persons_desk_hour=item.persons_desk_hour,
                service_log_sd=item.service_log_sd,
                basis=self.basis(item),
            )
            for crossing in file.crossings
            for item in crossing.service
        )

    def stage(self, item: StageItem) -> Stage:
        """A stage, its capacity not known until `capacities` says more."""
        basis = self.basis(item)
        unit = item.capacity[0].unit if item.capacity else "persons"
        return Stage(
            id=item.id,
            site=item.site,
            kind=item.kind,
            setting=item.setting,
            agency=item.agency,
            opens_hour=item.opens_hour,
            closes_hour=item.closes_hour,
            capacity=Capacity(value=None, unit=unit),
            stay_days=item.stay_days,
            basis=basis,
        )

    def capacities(self, file: CaseFile) -> tuple[StageCapacity, ...]:
        """Capacities of stages with their dates."""
        return tuple(
            StageCapacity(
                stage=stage.id,
                capacity=Capacity(value=item.value, unit=item.unit, assumed=item.assumed, basis=self.basis(item)),
            )
            for stage in file.stages
            for item in stage.capacity
        )

    def routing(self, file: CaseFile) -> tuple[Routing, ...]:
        """Shares from crossings and stages to the next stage."""
        return tuple(
            Routing(
                from_id=item.from_,
                to_id=item.to,
                status=item.status,
                kind=item.kind,
                share=item.share,
                basis=self.basis(item),
            )
            for item in file.routing
        )

    def holding(self, item: HoldingItem) -> HoldingCentre:
        """A holding centre."""
        basis = self.basis(item)
        capacity = Capacity(value=item.capacity, unit=item.unit, assumed=item.capacity_assumed, basis=basis)
        return HoldingCentre(id=item.id, origin=item.origin, capacity=capacity, stay_days=item.stay_days, basis=basis)

    def destination_shares(self, file: CaseFile) -> tuple[DestinationShare, ...]:
        """Destination shares, one row for each crossing and destination."""
        return tuple(
            DestinationShare(crossing=item.crossing, destination=name, share=share, basis=self.basis(item))
            for item in file.destination_shares
            for name, share in sorted(item.shares.items())
        )

    def wave(self, item: WaveItem, statuses: list[str]) -> Wave:
        """A wave as first announced; without `known` it is known from its announcement."""
        basis = self.basis(item)
        if basis.known == date.min:
            basis = replace(basis, known=item.announced, known_assumed=True)
        return Wave(
            id=item.id,
            title=item.title or item.id,
            announced=item.announced,
            deadline=item.deadline,
            enforcement=item.enforcement or item.deadline + timedelta(days=1),
            deadline_first=item.deadline,
            statuses=tuple(sorted(item.statuses or statuses)),
            origins=tuple(sorted(item.origins)),
            basis=basis,
        )

    def changes(self, file: CaseFile) -> tuple[WaveChange, ...]:
        """Extensions and withdrawals."""
        return tuple(
            WaveChange(
                wave=item.wave,
                deadline=item.deadline,
                enforcement=item.enforcement,
                withdrawn=item.withdrawn,
                basis=self.basis(item),
            )
            for item in file.calendar.changes
        )

    def closures(self, file: CaseFile) -> tuple[Closure, ...]:
        """Closures of crossings; without `known` one is known from its first day."""
        out = []
        for item in file.calendar.closures:
            basis = self.basis(item)
            if basis.known == date.min:
                basis = replace(basis, known=item.start, known_assumed=True)
            out.append(
                Closure(
                    crossing=item.crossing,
                    start=item.start,
                    end=item.end,
                    fraction_closed=item.fraction_closed,
                    basis=basis,
                )
            )
        return tuple(out)

    def settings(self, file: CaseFile) -> tuple[NamedSetting, ...]:
        """Settings that replace defaults of the parameter table."""
        return tuple(
            NamedSetting(parameter=item.parameter, setting=Setting(value=item.value, basis=self.basis(item)))
            for item in file.settings
        )
