"""The tables of a case folder: their columns, and the rows they become."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sarai.observe.case_specs import TableSpec, read_specs
from sarai.observe.case_table import Row
from sarai.world.calendar import Event
from sarai.world.decision import Decision
from sarai.world.local_name import LocalName
from sarai.world.place import Basis, Route
from sarai.world.population import PopulationEstimate
from sarai.world.report import Report, SeriesRegime, Source
from sarai.world.response import Provision
from sarai.world.world import Fact

_TABLES = read_specs()
OBSERVATIONS, SOURCES, EVENTS, SERIES, ROUTES, POPULATION, RESPONSE, DECISIONS, NAMES = (
    _TABLES[name]
    for name in (
        "observations",
        "sources",
        "events",
        "series",
        "routes",
        "population",
        "response",
        "decisions",
        "names",
    )
)
FACT_TABLES: tuple[TableSpec, ...] = tuple(_TABLES[name] for name in ("capacity", "journey", "profile", "assistance"))
SPECS: tuple[TableSpec, ...] = (
    SOURCES,
    OBSERVATIONS,
    EVENTS,
    SERIES,
    ROUTES,
    POPULATION,
    *FACT_TABLES,
    RESPONSE,
    DECISIONS,
    NAMES,
)

# Lag from the last day of the data to the day it is known, where a row does not say (A15)
DAILY_LAG_DAYS, WEEKLY_LAG_DAYS, TOTAL_LAG_DAYS, MONTHLY_LAG_DAYS, LONGER_LAG_DAYS = 1, 3, 10, 20, 45


def content_id(kind: str, values: Sequence[Any]) -> str:
    """Twelve hex digits that depend on the content of a row alone, never on where it stands."""
    text = "\x1f".join("" if value is None else str(value) for value in (kind, *values))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read_report(row: Row, crossing: str, series: str) -> Report:
    """A report from a row of observations.csv; `crossing` and `series` as resolved by the caller."""
    c = row.cells
    known = c["known"] or assumed_known(c["start_date"], max(c["end_date"], c["as_of"] or date.min), c["cumulative"])
    inferred = c["known_inferred"] or c["known"] is None
    status, kind = c["status"] or "all", c["kind"] or "return_all"
    values = (
        c["start_date"], c["end_date"], crossing, status, kind, c["persons"], c["families"], c["cumulative"],
        c["as_of"], c["source_id"], c["note"], series, known, inferred,
    )  # fmt: skip
    return Report(
        id=content_id("report", values),
        start=c["start_date"],
        end=c["end_date"],
        crossing=crossing,
        status=status,
        kind=kind,
        persons=c["persons"],
        families=c["families"],
        cumulative=c["cumulative"],
        as_of=c["as_of"],
        source_id=c["source_id"],
        note=c["note"],
        series=series,
        known=known,
        known_inferred=inferred,
    )


def assumed_known(start: date, end: date, cumulative: bool) -> date:
    """The day from which an undated row may be used: its last day plus a lag by length of its window (A15)."""
    days = (end - start).days + 1
    if cumulative:
        lag = TOTAL_LAG_DAYS
    elif days <= 1:
        lag = DAILY_LAG_DAYS
    elif days <= 7:
        lag = WEEKLY_LAG_DAYS
    elif days <= 15:
        lag = TOTAL_LAG_DAYS
    else:
        lag = MONTHLY_LAG_DAYS if days <= 31 else LONGER_LAG_DAYS
    return end + timedelta(days=lag)


def read_source(row: Row) -> Source:
    """A source; a publication date that is not a full date stays open."""
    c = row.cells
    try:
        published = date.fromisoformat(c["published"]) if len(c["published"]) == 10 else None
    except ValueError:
        published = None
    return Source(
        source_id=c["source_id"], publisher=c["publisher"], title=c["title"], published=published, url=c["url"]
    )


def read_event(row: Row) -> Event:
    """An event; without `known` it counts as known on its own date."""
    c = row.cells
    known, inferred = c["known"] or c["date"], c["known_inferred"] or c["known"] is None
    values = (
        c["date"], c["end_date"], c["kind"], c["place"], c["description"], c["magnitude"], c["unit"], c["source_id"],
        known, inferred,
    )  # fmt: skip
    return Event(
        id=content_id("event", values),
        start=c["date"],
        end=c["end_date"],
        kind=c["kind"],
        place=c["place"],
        description=c["description"],
        magnitude=c["magnitude"],
        unit=c["unit"],
        source_id=c["source_id"],
        known=known,
        known_inferred=inferred,
    )


def read_estimate(row: Row) -> PopulationEstimate:
    """A population estimate; without `known` it counts as known from the day it is about."""
    c = row.cells
    return PopulationEstimate(
        as_of=c["as_of"],
        area=c["province"] if c["province"] != "all" or not c["country"] else c["country"],
        status=c["status"],
        value=c["value"],
        unit=c["unit"] or "persons",
        source_id=c["source_id"],
        note=c["note"],
        known=c["known"] or c["as_of"],
    )


def read_fact(row: Row, spec: TableSpec) -> Fact:
    """A fact; cells without a field of their own go to `extra`. Without `known` it is taken as always known."""
    c, roles = row.cells, spec.roles
    plain = {"start_date", "end_date", "value", "unit", "source_id", "note", "known", *roles.values()}
    extra = {name: _text(value) for name, value in c.items() if name not in plain and _text(value)}
    try:
        value, text = float(c["value"]), ""
    except ValueError:
        value, text = None, c["value"]
    cells: dict[str, Any] = {
        "start": c["start_date"],
        "end": c["end_date"],
        "place": c[roles["place"]] if "place" in roles else "",
        "topic": c[roles["topic"]] if "topic" in roles else "",
        "item": c[roles["item"]],
        "value": value,
        "text": text,
        "unit": c["unit"],
        "source_id": c["source_id"],
        "note": c["note"],
        "known": c["known"] or date.min,
    }
    values = [*cells.values(), *(part for pair in sorted(extra.items()) for part in pair)]
    return Fact(id=content_id(spec.name, values), table=spec.name, extra=extra, **cells)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return "" if value is None else str(value)


def read_route(row: Row, from_id: str, to_id: str, speed_km_day: float) -> Route:
    """A route; without `known` it is taken as always known."""
    c = row.cells
    basis = Basis(
        source_id=c["source_id"],
        assumption=c["assumption"],
        known=c["known"] or date.min,
        known_assumed=c["known_inferred"],
    )
    return Route(
        from_id=from_id,
        to_id=to_id,
        distance_km=c["distance_km"],
        speed_km_day=c["speed_km_day"] or speed_km_day,
        basis=basis,
    )


def read_provision(row: Row) -> Provision:
    """A line of the 3W; without `known` it is taken as always known."""
    c = row.cells
    return Provision(
        site=c["site"],
        item=c["item"],
        agency=c["agency"],
        quantity=c["quantity"],
        per="day" if c["per"] == "day" else "once",
        start=c["start_date"],
        end=c["end_date"],
        basis=Basis(
            source_id=c["source_id"],
            assumption=c["assumption"],
            known=c["known"] or date.min,
            known_assumed=c["known_inferred"],
        ),
    )


def read_name(row: Row) -> LocalName:
    """A name in another language."""
    c = row.cells
    return LocalName(id=c["id"], language=c["language"], name=c["label"].strip(), source=c["source"],
                     known=c["known"] or date.min)  # fmt: skip


def read_regime(row: Row, scope: tuple[str, ...]) -> SeriesRegime:
    """A regime of a series; empty priors mean no bias and the scales of an unknown publisher (A13)."""
    c = row.cells
    return SeriesRegime(
        series=c["series"],
        start=c["from"] or date.min,
        end=c["to"],
        publisher=c["publisher"],
        scope=scope,
        statuses=tuple(sorted((c["statuses"] or "all").split("+"))),
        unit=c["unit"] or "persons",
        origin=c["origin_date"],
        keeping=c["keeping"],
        rounding=c["rounding"] or 1,
        bias_log_mean=c["bias_log_mean"] or 0.0,
        bias_log_sd=0.25 if c["bias_log_sd"] is None else c["bias_log_sd"],
        noise_log_sd=0.25 if c["noise_log_sd"] is None else c["noise_log_sd"],
        known=c["known"] or date.min,
        note=c["note"],
    )


def read_decision(row: Row) -> Decision:
    """An accepted finding."""
    c = row.cells
    return Decision(
        finding=c["finding"],
        reports=tuple(part.strip() for part in c["reports"].split("+") if part.strip()),
        series=c["series"],
        action=c["action"],
        value=c["value"],
        why=c["why"],
        by=c["by"],
        known=c["known"],
    )
