"""A new case from few answers: the folder that they make, with what is still open said in comments."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sarai.observe.case_folder import case_from_files
from sarai.observe.case_reference import schema_text
from sarai.observe.case_tables import EVENTS, OBSERVATIONS, SOURCES
from sarai.observe.case_yaml import write_yaml
from sarai.observe.gazetteer import GazetteerPlace

HEAD = """\
# yaml-language-server: $schema=case_schema.json
# {title}. Aggregate figures only: no table of a case may hold data on individuals.
# Every item may carry source (an id of sources.csv), assumption, known (first day on which a run may use it) and note.
# What is not said here has a default, and `sarai check` lists each one as an assumption. To say more, add:
#   sites, stages, routing   reception: who runs it, hours, capacity, stay (capacity unknown: leave the value out)
#   destination_shares       where people go on to, by crossing, from surveys
#   calendar.changes         extensions and withdrawals, each with the day on which it became known
#   routes.csv               roads; until then 1.3 times the straight line
#   series.csv               how each publisher counts; until then defaults by kind of count
# All keys and columns: `sarai cases --reference`.
"""


@dataclass(frozen=True, kw_only=True)
class DraftPlace:
    """A place of a draft; coordinates None where they are not known."""

    id: str
    name: str
    lat: float | None = None
    lon: float | None = None
    country: str = ""
    admin1: str = ""
    approximate: bool = False
    level: str = ""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The answers. Dates None where there is no announcement; `source` is publisher, title and day."""

    title: str
    timezone: str
    country_from: str
    country_to: str
    crossings: tuple[DraftPlace, ...]
    origins: tuple[DraftPlace, ...] = ()
    destinations: tuple[DraftPlace, ...] = ()
    statuses: tuple[str, ...] = ()
    low_persons: int
    high_persons: int
    announced: date | None = None
    deadline: date | None = None
    enforcement: date | None = None
    publisher: str
    source_title: str
    published: date


def draft_place(place: GazetteerPlace) -> DraftPlace:
    """A place of the gazetteer as a place of a draft."""
    return DraftPlace(
        id=place.id.removesuffix("_province"),
        name=place.name,
        lat=place.lat,
        lon=place.lon,
        country=place.country,
        admin1=place.admin1,
        approximate=place.approximate,
    )


def draft_files(draft: Draft) -> dict[str, bytes]:
    """The files of the case folder that the answers make. Raises CaseError where they do not hold together."""
    draft = with_distinct_ids(draft)
    basis = {"source": "first_source", "known": draft.published}
    document: dict[str, Any] = {
        "schema": 1,
        "title": draft.title,
        "timezone": draft.timezone,
        "country_from": draft.country_from,
        "country_to": draft.country_to,
    }
    if draft.statuses:
        document["statuses"] = [{"id": status, "name": status.replace("_", " ")} for status in draft.statuses]
    if draft.origins:
        document["origins"] = [_place(place) for place in draft.origins]
    document["crossings"] = [_place(place) for place in draft.crossings]
    if draft.destinations:
        document["destinations"] = [_place(place) for place in draft.destinations]
    document["population"] = {"low": draft.low_persons, "high": draft.high_persons, **basis}
    document["calendar"] = {"waves": _waves(draft, basis)} if draft.announced and draft.deadline else {}
    text = HEAD.format(title=draft.title.replace("\n", " ")) + write_yaml(document)
    tables = {
        "observations.csv": _table([c.name for c in OBSERVATIONS.columns], []),
        "sources.csv": _table([c.name for c in SOURCES.columns], [_source(draft)]),
        "events.csv": _table([c.name for c in EVENTS.columns], _events(draft)),
    }
    files = {name: content.encode() for name, content in {"case.yaml": text, **tables}.items()}
    case_from_files("draft", files)
    return {**files, "case_schema.json": schema_text().encode()}


def with_distinct_ids(draft: Draft) -> Draft:
    """The draft with `_from` or `_to` behind the id of an area that has the id of another place."""
    taken = {place.id for place in draft.crossings}
    origins = tuple(replace(p, id=f"{p.id}_from") if p.id in taken else p for p in draft.origins)
    taken |= {place.id for place in origins}
    destinations = tuple(replace(p, id=f"{p.id}_to") if p.id in taken else p for p in draft.destinations)
    return replace(draft, origins=origins, destinations=destinations)


def _place(place: DraftPlace) -> dict[str, Any]:
    point = {} if place.lat is None or place.lon is None else {"lat": place.lat, "lon": place.lon}
    out: dict[str, Any] = {"id": place.id, "name": place.name, **point}
    for key in ("country", "admin1", "approximate", "level"):
        if getattr(place, key):
            out[key] = getattr(place, key)
    return out


def _waves(draft: Draft, basis: dict[str, Any]) -> list[dict[str, Any]]:
    wave: dict[str, Any] = {
        "id": "first",
        "title": draft.title,
        "announced": draft.announced,
        "deadline": draft.deadline,
    }
    if draft.enforcement:
        wave["enforcement"] = draft.enforcement
    known = max(day for day in (draft.announced, draft.published) if day is not None)
    return [{**wave, **basis, "known": known}]


def _source(draft: Draft) -> list[str]:
    return ["first_source", draft.publisher, draft.source_title, draft.published.isoformat(), ""]


def _events(draft: Draft) -> list[list[str]]:
    if draft.announced is None or draft.deadline is None:
        return []
    known = max(draft.announced, draft.published).isoformat()
    words = f"Departure announced with the deadline {draft.deadline.isoformat()}"
    days = str((draft.deadline - draft.announced).days)
    end = draft.deadline.isoformat()
    return [
        [
            draft.announced.isoformat(),
            end,
            "announcement",
            draft.country_from,
            words,
            days,
            "days notice",
            "first_source",
            known,
            "false",
        ]
    ]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
