"""The folder that a draft makes: case.yaml with what is still open said in comments, and the tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from sarai.observe.case_draft import Draft, DraftPlace, DraftSource, DraftStage, with_distinct_ids
from sarai.observe.case_folder import case_from_files
from sarai.observe.case_reference import schema_text
from sarai.observe.case_tables import EVENTS, NAMES, OBSERVATIONS, SOURCES
from sarai.observe.case_yaml import write_yaml
from sarai.observe.gazetteer import slug

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
WAVE_ID = "first"
LEARNED = "A320"  # number of the assumption under which learned priors stand
SETTINGS = {"zero_point": "zero_point", "registration": "zero_point"}  # everything else keeps people: transit


def draft_files(draft: Draft) -> dict[str, bytes]:
    """The files of the case folder that a draft makes. Raises CaseError where it does not hold together."""
    draft = with_distinct_ids(draft)
    sources = source_ids(draft)
    text = HEAD.format(title=" ".join(draft.title.split())) + write_yaml(_document(draft, sources))
    tables = {
        "observations.csv": _table([c.name for c in OBSERVATIONS.columns], _observations(draft, sources)),
        "sources.csv": _table([c.name for c in SOURCES.columns], _sources(sources)),
        "events.csv": _table([c.name for c in EVENTS.columns], _events(draft, sources)),
    }
    if draft.names:
        tables["names.csv"] = _table([c.name for c in NAMES.columns], _names(draft))
    files = {name: content.encode() for name, content in {"case.yaml": text, **tables}.items()}
    case_from_files("draft", files)
    return {**files, "case_schema.json": schema_text().encode()}


def source_ids(draft: Draft) -> dict[DraftSource, str]:
    """A short id for each publication of a draft: its publisher, with a number where two share one."""
    cited = [draft.source, *(item.source for group in (draft.closures, draft.stages, draft.counts) for item in group)]
    ids: dict[DraftSource, str] = {}
    for source in cited:
        if source not in ids:
            base = slug(source.publisher)[:40] or "source"
            taken, number = set(ids.values()), 1
            while (name := base if number == 1 else f"{base}_{number}") in taken:
                number += 1
            ids[source] = name
    return ids


def _document(draft: Draft, sources: dict[DraftSource, str]) -> dict[str, Any]:
    basis = _basis(draft.source, sources)
    document: dict[str, Any] = {
        "schema": 1, "title": draft.title, "timezone": draft.timezone, "country_from": draft.country_from,
        "country_to": draft.country_to,
    }  # fmt: skip
    if draft.statuses:
        document["statuses"] = [{"id": slug(name), "name": name} for name in draft.statuses]
    if draft.origins:
        document["origins"] = [_place(place) for place in draft.origins]
    document["crossings"] = [_crossing(place, basis) for place in draft.crossings]
    if draft.stages:
        document["sites"] = [_site(draft, stage, number) for number, stage in enumerate(draft.stages, start=1)]
    if draft.destinations:
        document["destinations"] = [_place(place) for place in draft.destinations]
    document["population"] = _population(draft, basis)
    document["calendar"] = _calendar(draft, sources)
    if draft.stages:
        document["stages"] = [_stage(draft, stage, n, sources) for n, stage in enumerate(draft.stages, start=1)]
        document["routing"] = _routing(draft)
    if draft.priors is not None:
        document["settings"] = [
            {"parameter": name, "value": value, "assumption": LEARNED, "known": draft.priors.known}
            for name, value in draft.priors.settings
        ]
        document["assumptions"] = {LEARNED: draft.priors.sentence}
    return document


def _basis(source: DraftSource, sources: dict[DraftSource, str]) -> dict[str, Any]:
    known = {"known": source.published} if source.published else {}
    return {"source": sources[source], **known}


def _place(place: DraftPlace) -> dict[str, Any]:
    point = {} if place.lat is None or place.lon is None else {"lat": place.lat, "lon": place.lon}
    out: dict[str, Any] = {"id": place.id, "name": place.name, **point}
    for key in ("country", "admin1", "approximate", "level", "aliases", "note"):
        if getattr(place, key):
            out[key] = getattr(place, key)
    return out


def _crossing(place: DraftPlace, basis: dict[str, Any]) -> dict[str, Any]:
    if place.service is None:
        return _place(place)
    return {**_place(place), "service": [{**vars(place.service), **basis}]}


def _population(draft: Draft, basis: dict[str, Any]) -> Any:
    if draft.ranges:
        return [{**vars(r), "status": slug(r.status), **basis} for r in draft.ranges]
    if draft.low_persons is None or draft.high_persons is None:
        return []
    return {"low": draft.low_persons, "high": draft.high_persons, **basis}


def _calendar(draft: Draft, sources: dict[DraftSource, str]) -> dict[str, Any]:
    calendar: dict[str, Any] = {}
    if draft.announced and draft.deadline:
        wave: dict[str, Any] = {
            "id": WAVE_ID, "title": draft.title, "announced": draft.announced, "deadline": draft.deadline,
        }  # fmt: skip
        if draft.enforcement:
            wave["enforcement"] = draft.enforcement
        known = max(day for day in (draft.announced, draft.source.published) if day is not None)
        calendar["waves"] = [{**wave, "source": sources[draft.source], "known": known}]
    if draft.closures:
        calendar["closures"] = [
            {"crossing": c.crossing, "start": c.start, **({"end": c.end} if c.end else {}), **_basis(c.source, sources)}
            for c in draft.closures
        ]
    if draft.holidays:
        calendar["holidays"] = [{"date": day, "name": name} for day, name in draft.holidays]
    return calendar


def _stage_id(draft: Draft, number: int) -> str:
    stage = draft.stages[number - 1]
    return f"{stage.crossing}_{stage.kind}_{number}"


def site_id(draft: Draft, number: int) -> str:
    """The id of the site of a stage; stages are counted from 1."""
    return f"{_stage_id(draft, number)}_site"


def _site(draft: Draft, stage: DraftStage, number: int) -> dict[str, Any]:
    gate = next(place for place in draft.crossings if place.id == stage.crossing)
    point = {} if gate.lat is None else {"lat": gate.lat, "lon": gate.lon, "approximate": True}
    return {"id": site_id(draft, number), "name": stage.name or f"{gate.name} reception", **point}


def _stage(draft: Draft, stage: DraftStage, number: int, sources: dict[DraftSource, str]) -> dict[str, Any]:
    identity = _stage_id(draft, number)
    capacity = {} if stage.capacity is None else {"value": stage.capacity, **_basis(stage.source, sources)}
    return {
        "id": identity, "site": site_id(draft, number), "kind": stage.kind,
        "setting": SETTINGS.get(stage.kind, "transit"), "agency": stage.agency, "stay_days": stage.stay_days,
        "capacity": [{**capacity, "unit": stage.unit}],
    }  # fmt: skip


def _routing(draft: Draft) -> list[dict[str, Any]]:
    """From each crossing through its stages in the order of the draft; who does not pass a stage goes onward."""
    rows: list[dict[str, Any]] = []
    for gate in draft.crossings:
        here = gate.id
        for number, stage in enumerate(draft.stages, start=1):
            if stage.crossing != gate.id:
                continue
            there = _stage_id(draft, number)
            rows.append({"from": here, "to": there, "share": stage.share})
            if stage.share < 1:
                rows.append({"from": here, "to": "onward", "share": round(1 - stage.share, 9)})
            here = there
        rows.append({"from": here, "to": "onward", "share": 1})
    return rows


def _observations(draft: Draft, sources: dict[DraftSource, str]) -> list[list[str]]:
    rows = []
    for count in draft.counts:
        name = sources[count.source]
        known = "" if count.known is None else count.known.isoformat()
        rows.append(
            [
                count.start.isoformat(), count.end.isoformat(), count.crossing, "all", count.kind, _text(count.persons),
                _text(count.families), "true" if count.cumulative else "false",
                count.end.isoformat() if count.cumulative else "", name, "", slug(count.source.publisher) or name,
                known, "false",
            ]
        )  # fmt: skip
    return rows


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _sources(sources: dict[DraftSource, str]) -> list[list[str]]:
    return [
        [name, source.publisher, source.title, source.published.isoformat() if source.published else "", ""]
        for source, name in sources.items()
    ]


def _names(draft: Draft) -> list[list[str]]:
    return [
        [item.id, item.language, item.label, item.source, item.known.isoformat() if item.known else ""]
        for item in draft.names
    ]


def _events(draft: Draft, sources: dict[DraftSource, str]) -> list[list[str]]:
    rows = []
    if draft.announced is not None and draft.deadline is not None:
        known = max(day for day in (draft.announced, draft.source.published) if day is not None)
        words = f"Departure announced with the deadline {draft.deadline.isoformat()}"
        days = str((draft.deadline - draft.announced).days)
        rows.append(
            [
                draft.announced.isoformat(), draft.deadline.isoformat(), "announcement", draft.country_from, words,
                days, "days notice", sources[draft.source], known.isoformat(), "false",
            ]
        )  # fmt: skip
    for closure in draft.closures:
        known_day: date = closure.source.published or closure.start
        rows.append(
            [
                closure.start.isoformat(), closure.end.isoformat() if closure.end else "", "crossing_closed",
                closure.crossing, "Crossing closed", "", "", sources[closure.source], known_day.isoformat(), "false",
            ]
        )  # fmt: skip
    return rows


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
