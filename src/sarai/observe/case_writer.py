"""A World as the text of a case folder: what was known on the day and nothing else, from which it can be rebuilt."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sarai.observe.case_folder import CASE_FILE
from sarai.observe.case_tables import (
    DECISIONS,
    EVENTS,
    FACT_TABLES,
    NAMES,
    OBSERVATIONS,
    POPULATION,
    RESPONSE,
    ROUTES,
    SERIES,
    SOURCES,
)
from sarai.observe.case_yaml import write_yaml
from sarai.world.calendar import Wave
from sarai.world.local_name import LocalName
from sarai.world.place import Basis, Place
from sarai.world.reception import Capacity
from sarai.world.response import Provision
from sarai.world.world import Fact, World


def snapshot(world: World) -> dict[str, str]:
    """The files of a case folder by name. `case_from_files(world.name, ...)` of them, seen on the same day, is `world`.

    Entries that a later one replaced are gone, defaults are written out with their assumption, and no file depends on
    anything known after `world.as_of`.
    """
    files = {CASE_FILE: write_yaml(case_document(world))}
    files["observations.csv"] = _table(OBSERVATIONS.columns, [_report_cells(row) for row in world.reports])
    files["sources.csv"] = _table(SOURCES.columns, [_source_cells(world, name) for name in world.sources])
    files["events.csv"] = _table(EVENTS.columns, [_event_cells(row) for row in world.calendar.events])
    files["series.csv"] = _table(SERIES.columns, [_regime_cells(row) for row in world.series])
    files["routes.csv"] = _table(ROUTES.columns, [_route_cells(row) for row in world.routes])
    files["population.csv"] = _table(POPULATION.columns, [_estimate_cells(row) for row in world.estimates])
    files["decisions.csv"] = _table(DECISIONS.columns, [_decision_cells(row) for row in world.decisions])
    files["response.csv"] = _table(RESPONSE.columns, [_provision_cells(row) for row in world.response])
    files["names.csv"] = _table(NAMES.columns, [_name_cells(row) for row in world.names])
    for spec in FACT_TABLES:
        rows = [_fact_cells(fact, spec.roles) for fact in world.facts if fact.table == spec.name]
        files[spec.file] = _table(spec.columns, rows)
    return files


def case_document(world: World) -> dict[str, Any]:
    """case.yaml of a world, as plain values."""
    calendar = world.calendar
    return {
        "schema": 1,
        "title": world.title,
        "timezone": world.timezone,
        "start": world.start,
        "country_from": world.country_from,
        "country_to": world.country_to,
        "statuses": [{"id": status.id, "name": status.name} for status in world.statuses],
        "origins": [_place(place) for place in world.places_of("origin")],
        "crossings": [{**_place(place), "service": _service(world, place.id)} for place in world.places_of("crossing")],
        "sites": [_place(place) for place in world.places_of("site")],
        "destinations": [_place(place) for place in world.places_of("destination")],
        "population": [
            {"origin": s.origin, "status": s.status, "low": s.low_persons, "high": s.high_persons, **_basis(s.basis)}
            for s in world.strata
        ],
        "calendar": {
            "waves": [_wave(wave) for wave in calendar.waves],
            "changes": [change for wave in calendar.waves for change in _changes(wave)],
            "closures": [
                {
                    "crossing": c.crossing,
                    "start": c.start,
                    **({"end": c.end} if c.end else {}),
                    "fraction_closed": c.fraction_closed,
                    **_basis(c.basis),
                }
                for c in calendar.closures
            ],
            "holidays": [{"date": day, "name": name} for day, name in calendar.holidays],
        },
        "stages": [_stage(stage) for stage in world.stages],
        "routing": [
            {"from": r.from_id, "to": r.to_id, "status": r.status, "kind": r.kind, "share": r.share, **_basis(r.basis)}
            for r in world.routing
        ],
        "holding": [_holding(centre) for centre in world.holding],
        "destination_shares": _destination_shares(world),
        "settings": [
            {"parameter": name, "value": item.value, **_basis(item.basis)}
            for name, item in sorted(world.settings.items())
        ],
        "assumptions": dict(line.split(": ", 1) for line in world.assumptions),
    }


def _basis(basis: Basis) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if basis.source_id:
        out["source"] = basis.source_id
    if basis.assumption:
        out["assumption"] = basis.assumption
    if basis.known != date.min:
        out["known"] = basis.known
    if basis.known_assumed:
        out["known_assumed"] = True
    return out


def _place(place: Place) -> dict[str, Any]:
    out: dict[str, Any] = {"id": place.id, "name": place.name}
    if place.lat is not None:
        out["lat"] = place.lat
    if place.lon is not None:
        out["lon"] = place.lon
    for key in ("country", "admin1", "approximate", "pcode"):
        if getattr(place, key):
            out[key] = getattr(place, key)
    if place.cities:
        out["cities"] = [{"name": city.name, "lat": city.lat, "lon": city.lon} for city in place.cities]
    return {**out, **_basis(place.basis)}


def _service(world: World, crossing: str) -> list[dict[str, Any]]:
    keys = ("opens_hour", "closes_hour", "desks", "persons_desk_hour", "service_log_sd")
    rows = [row for row in world.crossings if row.place_id == crossing]
    return [{**{key: getattr(row, key) for key in keys}, **_basis(row.basis)} for row in rows]


def _wave(wave: Wave) -> dict[str, Any]:
    out: dict[str, Any] = {
        "id": wave.id,
        "title": wave.title,
        "announced": wave.announced,
        "deadline": wave.deadline_first,
        "enforcement": wave.enforcement_first or wave.enforcement,
        "statuses": list(wave.statuses),
    }
    if wave.origins:
        out["origins"] = list(wave.origins)
    return {**out, **_basis(wave.basis)}


def _changes(wave: Wave) -> list[dict[str, Any]]:
    out = []
    for change in wave.changes:
        row: dict[str, Any] = {"wave": wave.id}
        if change.deadline is not None:
            row["deadline"] = change.deadline
        if change.enforcement is not None:
            row["enforcement"] = change.enforcement
        if change.withdrawn:
            row["withdrawn"] = True
        out.append({**row, **_basis(change.basis)})
    return out


def _capacity(capacity: Capacity) -> dict[str, Any]:
    value = {} if capacity.value is None else {"value": capacity.value}
    assumed = {"assumed": True} if capacity.assumed else {}
    return {**value, "unit": capacity.unit, **assumed, **_basis(capacity.basis)}


def _stage(stage: Any) -> dict[str, Any]:
    keys = ("id", "site", "kind", "setting", "agency", "opens_hour", "closes_hour", "stay_days")
    fields = {key: getattr(stage, key) for key in keys}
    return {**fields, **_basis(stage.basis), "capacity": [_capacity(stage.capacity)]}


def _holding(centre: Any) -> dict[str, Any]:
    out: dict[str, Any] = {"id": centre.id, "origin": centre.origin, "stay_days": centre.stay_days}
    if centre.capacity.value is not None:
        out["capacity"] = centre.capacity.value
    if centre.capacity.assumed:
        out["capacity_assumed"] = True
    return {**out, "unit": centre.capacity.unit, **_basis(centre.basis)}


def _destination_shares(world: World) -> list[dict[str, Any]]:
    groups: dict[tuple[str, Basis], dict[str, float]] = {}
    for row in world.destination_shares:
        groups.setdefault((row.crossing, row.basis), {})[row.destination] = row.share
    return [{"crossing": crossing, "shares": shares, **_basis(basis)} for (crossing, basis), shares in groups.items()]


def _report_cells(row: Any) -> dict[str, Any]:
    return {
        "start_date": row.start, "end_date": row.end, "crossing": row.crossing, "status": row.status, "kind": row.kind,
        "persons": row.persons, "families": row.families, "cumulative": row.cumulative, "as_of": row.as_of,
        "source_id": row.source_id, "note": row.note, "series": row.series, "known": row.known,
        "known_inferred": row.known_inferred,
    }  # fmt: skip


def _source_cells(world: World, name: str) -> dict[str, Any]:
    source = world.sources[name]
    keys = ("source_id", "publisher", "title", "published", "url")
    return {key: getattr(source, key) for key in keys}


def _event_cells(row: Any) -> dict[str, Any]:
    return {
        "date": row.start, "end_date": row.end, "kind": row.kind, "place": row.place, "description": row.description,
        "magnitude": row.magnitude, "unit": row.unit, "source_id": row.source_id, "known": row.known,
        "known_inferred": row.known_inferred,
    }  # fmt: skip


def _regime_cells(row: Any) -> dict[str, Any]:
    return {
        "series": row.series, "from": row.start, "to": row.end, "publisher": row.publisher,
        "scope": "+".join(row.scope), "statuses": "+".join(row.statuses), "unit": row.unit,
        "origin_date": row.origin, "keeping": row.keeping, "rounding": row.rounding,
        "bias_log_mean": row.bias_log_mean, "bias_log_sd": row.bias_log_sd, "noise_log_sd": row.noise_log_sd,
        "known": row.known, "note": row.note,
    }  # fmt: skip


def _route_cells(row: Any) -> dict[str, Any]:
    return {
        "from": row.from_id, "to": row.to_id, "distance_km": float(row.distance_km),
        "speed_km_day": float(row.speed_km_day),
        "source_id": row.basis.source_id, "assumption": row.basis.assumption, "known": row.basis.known,
        "known_inferred": row.basis.known_assumed,
    }  # fmt: skip


def _estimate_cells(row: Any) -> dict[str, Any]:
    return {
        "as_of": row.as_of, "province": row.area, "status": row.status, "value": row.value, "unit": row.unit,
        "source_id": row.source_id, "note": row.note, "known": row.known,
    }  # fmt: skip


def _decision_cells(row: Any) -> dict[str, Any]:
    keys = ("finding", "series", "action", "value", "why", "by", "known")
    return {**{key: getattr(row, key) for key in keys}, "reports": "+".join(row.reports)}


def _provision_cells(row: Provision) -> dict[str, Any]:
    return {
        "start_date": row.start, "end_date": row.end, "agency": row.agency, "item": row.item, "site": row.site,
        "quantity": row.quantity, "per": row.per, "source_id": row.basis.source_id,
        "assumption": row.basis.assumption, "known": row.basis.known, "known_inferred": row.basis.known_assumed,
    }  # fmt: skip


def _name_cells(row: LocalName) -> dict[str, Any]:
    return {"id": row.id, "language": row.language, "label": row.name, "source": row.source, "known": row.known}


def _fact_cells(row: Fact, roles: Mapping[str, str]) -> dict[str, Any]:
    cells: dict[str, Any] = {
        "start_date": row.start,
        "end_date": row.end,
        "value": row.text if row.value is None else row.value,
        "unit": row.unit,
        "source_id": row.source_id,
        "note": row.note,
        "known": row.known,
        **row.extra,
    }
    return {**cells, **{roles[role]: getattr(row, role) for role in roles}}


def _table(columns: Sequence[Any], rows: Iterable[Mapping[str, Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    names = [column.name for column in columns]
    writer.writerow(names)
    writer.writerows([[_cell(row.get(name)) for name in names] for row in rows])
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None or value == date.min:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
