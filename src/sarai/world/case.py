"""Case: everything ever known of an emergency, and the one way to what was known on a day.

Rows and items carry `known`, the first day on which a run may use them. `Case.as_of` keeps what is known, applies
changes of the calendar in the order in which they became known, fills in defaults (each a numbered assumption), and
returns a World in which nothing known later is left, not even a count of what was dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol, TypeVar

from sarai.world.calendar import Calendar, Closure, Event, Wave, WaveChange
from sarai.world.case_defaults import complete_world
from sarai.world.civil import FIRST_YEAR, LAST_YEAR
from sarai.world.decision import Decision
from sarai.world.errors import Fault, RequestError
from sarai.world.local_name import LocalName
from sarai.world.place import NO_BASIS, Basis, Place, Route
from sarai.world.population import PopulationEstimate, Status, Stratum
from sarai.world.reception import Capacity, Crossing, DestinationShare, HoldingCentre, Routing, Stage
from sarai.world.report import Report, SeriesRegime, Source
from sarai.world.response import Provision
from sarai.world.supersede import drop_superseded
from sarai.world.telling import known_ids
from sarai.world.world import Fact, Setting, World


class _Based(Protocol):
    @property
    def basis(self) -> Basis: ...


class _Dated(Protocol):
    @property
    def known(self) -> date: ...


B = TypeVar("B", bound=_Based)
D = TypeVar("D", bound=_Dated)


@dataclass(frozen=True, kw_only=True)
class StageCapacity:
    """A capacity of a stage as it became known; the last one known on the as-of date holds."""

    stage: str
    capacity: Capacity

    @property
    def basis(self) -> Basis:
        """The basis of the capacity."""
        return self.capacity.basis


@dataclass(frozen=True, kw_only=True)
class NamedSetting:
    """A setting as it became known; the last one known on the as-of date holds."""

    parameter: str
    setting: Setting

    @property
    def basis(self) -> Basis:
        """The basis of the setting."""
        return self.setting.basis


@dataclass(frozen=True, kw_only=True)
class Holiday:
    """A public holiday and since when its date was known."""

    day: date
    name: str
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """A numbered assumption of a case, and since when it has been needed."""

    number: str
    text: str
    known: date = date.min


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything ever known of one emergency. Nothing downstream takes a Case; call `as_of` for a World.

    Several entries for the same thing (a stratum, the hours of a crossing, a capacity, a setting, the routing from
    one place, the destination shares of one crossing) may stand side by side with different `known`.
    """

    name: str
    title: str
    timezone: str
    start: date | None = None
    country_from: str = ""
    country_to: str = ""
    places: tuple[Place, ...] = ()
    statuses: tuple[Status, ...] = ()
    strata: tuple[Stratum, ...] = ()
    total: tuple[Stratum, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    routes: tuple[Route, ...] = ()
    stages: tuple[Stage, ...] = ()
    capacities: tuple[StageCapacity, ...] = ()
    routing: tuple[Routing, ...] = ()
    holding: tuple[HoldingCentre, ...] = ()
    destination_shares: tuple[DestinationShare, ...] = ()
    waves: tuple[Wave, ...] = ()
    changes: tuple[WaveChange, ...] = ()
    closures: tuple[Closure, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    events: tuple[Event, ...] = ()
    reports: tuple[Report, ...] = ()
    series: tuple[SeriesRegime, ...] = ()
    sources: tuple[Source, ...] = ()
    estimates: tuple[PopulationEstimate, ...] = ()
    facts: tuple[Fact, ...] = ()
    settings: tuple[NamedSetting, ...] = ()
    decisions: tuple[Decision, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    response: tuple[Provision, ...] = ()
    names: tuple[LocalName, ...] = ()

    def as_of(self, day: date) -> World:
        """The world as it was known on `day`: the only way from a case to anything that is computed.

        day      any civil date; before the first report the world simply has no reports
        Raises RequestError for a day outside the years 1900 to 2199.
        returns  a World that does not change when every row and item known after `day` is deleted from the case
        """
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            wanted = f"a day from {FIRST_YEAR} to {LAST_YEAR}"
            raise RequestError(Fault(what="the as-of date is out of range", found=day.isoformat(), wanted=wanted))
        world = World(
            name=self.name,
            title=self.title,
            as_of=day,
            timezone=self.timezone,
            start=self.start or date.min,
            country_from=self.country_from,
            country_to=self.country_to,
            places={place.id: place for place in sorted(_based(self.places, day), key=lambda p: p.id)},
            statuses=self.statuses,
            strata=_latest(self.strata, day, lambda s: (s.origin, s.status)),
            crossings=_latest(self.crossings, day, lambda c: (c.place_id,)),
            routes=_latest(self.routes, day, lambda r: (r.from_id, r.to_id)),
            stages=self._stages(day),
            routing=_latest_group(self.routing, day, lambda r: r.from_id),
            holding=_latest(self.holding, day, lambda h: (h.id,)),
            destination_shares=_latest_group(self.destination_shares, day, lambda s: s.crossing),
            calendar=self._calendar(day),
            reports=tuple(
                sorted(drop_superseded(_dated(self.reports, day)), key=lambda r: (r.known, r.end, r.start, r.id))
            ),
            series=_regimes(self.series, day, {p.id for p in _based(self.places, day)}),
            sources={},
            estimates=tuple(sorted(_dated(self.estimates, day), key=_estimate_order)),
            facts=tuple(sorted(_dated(self.facts, day), key=lambda f: (f.table, f.id))),
            decisions=tuple(
                sorted(_dated(self.decisions, day), key=lambda d: (d.known, d.finding, d.reports, d.value))
            ),
            response=_latest(self.response, day, lambda p: (p.site, p.item, p.agency, str(p.start))),
            settings={s.parameter: s.setting for s in _latest(self.settings, day, lambda s: (s.parameter,))},
        )
        said = {item.number: item.text for item in _dated(self.assumptions, day)}
        world = complete_world(world, total=_latest(self.total, day, lambda s: (s.origin, s.status)), said=said)
        named = known_ids(world)
        world = replace(world, names=tuple(sorted(
            (item for item in _dated(self.names, day) if item.id in named), key=lambda item: (item.language, item.id)
        )))  # fmt: skip
        cited = cited_source_ids(world)
        kept = sorted((s for s in self.sources if s.source_id in cited), key=lambda s: s.source_id)
        return replace(world, sources={source.source_id: source for source in kept})

    def last_known(self) -> date:
        """The day on which the last report, event or order became known; where there is none, the first simulated day
        or, failing that, the day of the last publication. Raises RequestError where nothing has a day.
        """
        days = [row.known for row in self.reports] + [row.known for row in self.events]
        days += [wave.basis.known for wave in self.waves]
        if not days and self.start is None:
            days = [source.published for source in self.sources if source.published is not None]
        if not days and self.start is None:
            raise RequestError(
                Fault(file="case.yaml", column="--as-of", what="nothing in this case has a day", wanted="a day",
                      mend="give --as-of with a day, or enter a report, an announcement or `start`")
            )  # fmt: skip
        return max(days, default=self.start or date.min)

    def _stages(self, day: date) -> tuple[Stage, ...]:
        """Stages known on `day`, each with the last capacity known for it."""
        capacity = {c.stage: c.capacity for c in _latest(self.capacities, day, lambda c: (c.stage,))}
        return tuple(
            replace(stage, capacity=capacity.get(stage.id, stage.capacity))
            for stage in _latest(self.stages, day, lambda s: (s.id,))
        )

    def _calendar(self, day: date) -> Calendar:
        """Waves with the changes known on `day` applied, closures as last reported, events and holidays."""
        waves = [apply_changes(wave, _based(self.changes, day)) for wave in _based(self.waves, day)]
        return Calendar(
            waves=tuple(sorted(waves, key=lambda w: (w.announced, w.id))),
            closures=_latest(self.closures, day, lambda c: (c.crossing, c.start.isoformat())),
            events=tuple(sorted(_dated(self.events, day), key=lambda e: (e.start, e.id))),
            holidays=tuple(sorted({(h.day, h.name) for h in _based(self.holidays, day)})),
        )


def apply_changes(wave: Wave, changes: Iterable[WaveChange]) -> Wave:
    """The wave after the changes that name it, in the order in which they became known; ties in folder order.

    A deadline that is set after the phase was called off puts it in force again.
    """
    for change in sorted((c for c in changes if c.wave == wave.id), key=lambda c: c.basis.known):
        moved = change.deadline is not None and change.deadline != wave.deadline
        wave = replace(
            wave,
            deadline=change.deadline or wave.deadline,
            enforcement=change.enforcement or _moved_enforcement(wave, change),
            enforcement_first=wave.enforcement_first or wave.enforcement,
            extensions=(*wave.extensions, change.deadline) if moved and change.deadline else wave.extensions,
            withdrawn=change.withdrawn or (wave.withdrawn and change.deadline is None),
            changes=(*wave.changes, change),
        )
    return wave


def cited_source_ids(world: World) -> frozenset[str]:
    """Ids of the sources that something in the world cites."""
    based: list[_Based] = [
        *world.places.values(), *world.strata, *world.crossings, *world.routes, *world.stages, *world.routing,
        *world.holding, *world.destination_shares, *world.calendar.waves, *world.calendar.closures,
        *world.settings.values(), *world.response, *(stage.capacity for stage in world.stages),
        *(change for wave in world.calendar.waves for change in wave.changes),
        *(centre.capacity for centre in world.holding),
    ]  # fmt: skip
    cited = {thing.basis.source_id for thing in based}
    cited |= {row.source_id for row in world.reports} | {row.source_id for row in world.facts}
    cited |= {row.source_id for row in world.estimates} | {row.source_id for row in world.calendar.events}
    return frozenset(cited)


def _moved_enforcement(wave: Wave, change: WaveChange) -> date:
    """Enforcement keeps its distance to the deadline unless the change names a new start."""
    if change.deadline is None:
        return wave.enforcement
    return date.fromordinal(change.deadline.toordinal() + (wave.enforcement - wave.deadline).days)


def _based(items: Iterable[B], day: date) -> list[B]:
    return [item for item in items if item.basis.known <= day]


def _dated(rows: Iterable[D], day: date) -> list[D]:
    return [row for row in rows if row.known <= day]


def _latest(items: Iterable[B], day: date, key: Callable[[B], tuple[str, ...]]) -> tuple[B, ...]:
    """For each key the item that became known last by `day`; ties go to the later one in the folder; in key order."""
    held: dict[tuple[str, ...], B] = {}
    for item in _based(items, day):
        name = key(item)
        if name not in held or held[name].basis.known <= item.basis.known:
            held[name] = item
    return tuple(held[name] for name in sorted(held))


def _latest_group(items: Iterable[B], day: date, key: Callable[[B], str]) -> tuple[B, ...]:
    """For each key all items of the group (same key, same `known`) that became known last by `day`."""
    groups: dict[str, dict[date, list[B]]] = {}
    for item in _based(items, day):
        groups.setdefault(key(item), {}).setdefault(item.basis.known, []).append(item)
    return tuple(item for name in sorted(groups) for item in groups[name][max(groups[name])])


def _regimes(rows: Iterable[SeriesRegime], day: date, places: Collection[str]) -> tuple[SeriesRegime, ...]:
    """Regimes known on `day`, over the places known; one ends the day before the next of its series begins."""
    ordered = sorted(_dated(rows, day), key=lambda r: (r.series, r.start, r.known))
    last = {(row.series, row.start): row for row in ordered}
    kept = [last[name] for name in sorted(last)]
    out: list[SeriesRegime] = []
    for index, row in enumerate(kept):
        follower = kept[index + 1] if index + 1 < len(kept) and kept[index + 1].series == row.series else None
        until = follower.start - timedelta(days=1) if follower else None
        ends = [end for end in (row.end, until) if end is not None]
        scope = tuple(name for name in row.scope if name in places)
        out.append(replace(row, scope=scope, end=min(ends) if ends else None))
    return tuple(out)


def _estimate_order(row: PopulationEstimate) -> tuple[date, str, str, str, float]:
    return row.as_of, row.area, row.status, row.source_id, row.value
