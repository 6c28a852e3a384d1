"""Data out: HXL-tagged CSV, a forecast hub folder, GeoJSON, Parquet, and the package file that describes them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sarai import __version__
from sarai.forecast.forecast import COLUMNS, Forecast
from sarai.forecast.hub import forecast_table, sample_rows
from sarai.publish.allowed import allowed_forecast
from sarai.publish.briefing import Briefing
from sarai.publish.flat import flat_bytes
from sarai.publish.levels import LICENCE, Level, file_facts, level_of
from sarai.publish.release import Release
from sarai.world.world import World

HXL = {
    "first": "#date+start", "last": "#date+end", "crossing": "#loc+crossing", "status": "#indicator+status",
    "kind": "#indicator+kind", "persons": "#affected+mean+f_rounded", "step": "#meta+step",
    "held_back": "#meta+held_back", "level": "#meta+sensitivity", "reference_date": "#date+reference",
    "record": "#meta+record", "licence": "#meta+licence",
}  # fmt: skip
HXL_NOTES = {
    "persons": "Mean of the reconciled figure in steps of `step`, as the briefing prints it: means add up.",
    "held_back": "true where the figure is small, or would tell a small one",
}
HUB_UTC = "Africa/Abidjan"
"""The hub's list of time zones has no UTC; this one keeps the same clock all year."""
HUB_TEAM, HUB_MODEL = "sarai", "pool"
HUB_SAMPLES = 100  # joint samples of the daily crossings, as many as the hubs ask for; they are half of the file
JOINT = "day crossings"
"""The target with joint samples: one sample is a possible world over all days and crossings, weeks are sums of it."""
HUB_SCHEMA = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v6.0.0/tasks-schema.json"
MEDIA_TYPES = {
    "csv": "text/csv", "json": "application/json", "geojson": "application/geo+json", "yml": "application/yaml",
    "parquet": "application/vnd.apache.parquet",
}  # fmt: skip
FIELD_TYPES = {"reference_date": "date", "target_end_date": "date", "horizon": "integer", "value": "number"}
PUBLIC_FILES = ("data/crossings.hxl.csv", "data/places.geojson")
FORMATS: tuple[str, ...] = ("pdf", "docx", "markdown", "charts", "data")


def data_files(briefing: Briefing, release: Release) -> dict[str, bytes]:
    """Every data file by name, and datapackage.json over them. Same briefing, same bytes."""
    world, forecast, record_id = briefing.world, briefing.forecast, briefing.record_id
    rows = forecast_rows(briefing)
    samples = joint_samples(briefing)
    reference = world.as_of.isoformat()
    facts = file_facts(level_of(briefing.include), reference, record_id)
    files = {
        "data/crossings.hxl.csv": _crossings_hxl(release, reference, record_id),
        "data/needs.parquet": _needs_parquet(briefing),
        "data/forecast.parquet": flat_bytes(COLUMNS, rows, ".parquet", facts),
        "data/places.geojson": _places_geojson(world, reference, record_id),
        f"hub/model-output/{HUB_TEAM}-{HUB_MODEL}/{reference}-{HUB_TEAM}-{HUB_MODEL}.csv": flat_bytes(
            COLUMNS, [*(row for row in rows if row[5] == "quantile"), *samples]
        ),
        f"hub/model-metadata/{HUB_TEAM}-{HUB_MODEL}.yml": _hub_metadata(),
        "hub/hub-config/tasks.json": _hub_tasks(forecast, [*rows, *samples]),
        "hub/hub-config/admin.json": _hub_admin(world),
    }  # fmt: skip
    files["datapackage.json"] = _package(world, files, record_id, level_of(briefing.include))
    return files


def forecast_csv(briefing: Briefing) -> bytes:
    """The flat table of the forecast in the hubs' columns, and behind them level, record and licence of the file."""
    facts = file_facts(level_of(briefing.include), "", briefing.record_id)
    behind = (facts["level"], facts["record"], facts["licence"])
    return flat_bytes((*COLUMNS, "level", "record", "licence"), ((*row, *behind) for row in forecast_rows(briefing)))


def forecast_rows(briefing: Briefing) -> list[tuple[Any, ...]]:
    """The flat table of the forecast as it may go out, in the hubs' columns."""
    return forecast_table(allowed_forecast(briefing.forecast, briefing.include)).rows()


def joint_samples(briefing: Briefing) -> list[tuple[Any, ...]]:
    """Rows of joint samples of the daily crossings, as they may go out, in the hubs' columns."""
    forecast = allowed_forecast(briefing.forecast, briefing.include)
    return sample_rows(forecast, forecast.series[JOINT], HUB_SAMPLES).rows()


def _crossings_hxl(release: Release, reference: str, record_id: str) -> bytes:
    rows: list[Sequence[Any]] = [list(HXL.values())]
    for cell in release.cells:
        shown = cell.value is not None
        rows.append(
            (cell.first, cell.last, cell.crossing, cell.status, cell.kind,
             f"{cell.value:.0f}" if cell.value is not None else "", f"{cell.step:.0f}" if shown else "",
             "" if shown else "true", "public", reference, record_id, LICENCE["name"])
        )  # fmt: skip
    return flat_bytes(list(HXL), rows)


def _needs_parquet(briefing: Briefing) -> bytes:
    columns = ("date", "site", "sector", "item", "unit", "standard", "p50", "p80", "p95", "level", "reference_date",
               "record", "licence")  # fmt: skip
    reference = briefing.world.as_of.isoformat()
    rows = [
        (need.day.isoformat(), need.site, need.sector, need.item, need.unit, need.standard_id, round(need.p50, 1),
         round(need.p80, 1), round(need.p95, 1), "restricted", reference, briefing.record_id, LICENCE["name"])
        for need in briefing.plan.needs
    ]  # fmt: skip
    facts = file_facts("restricted", reference, briefing.record_id)
    return flat_bytes(columns, rows, ".parquet", facts)


def _places_geojson(world: World, reference: str, record_id: str) -> bytes:
    """Places of the case as points, without any figure, so that origins stay without numbers."""
    features = [
        {
            "type": "Feature", "id": place.id,
            "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
            "properties": {"name": place.name, "kind": place.kind, "country": place.country, "admin1": place.admin1,
                           "pcode": place.pcode, "approximate": place.approximate},
        }
        for place in sorted(world.places.values(), key=lambda place: place.id)
        if place.lat is not None and place.lon is not None
    ]  # fmt: skip
    meta = file_facts("public", reference, record_id)
    return _json({"type": "FeatureCollection", "metadata": meta, "features": features})


def _hub_metadata() -> bytes:
    lines = (
        f"team_name: {HUB_TEAM}", f"team_abbr: {HUB_TEAM}", f"model_name: {HUB_MODEL}", f"model_abbr: {HUB_MODEL}",
        f'model_version: "{__version__}"', "model_contributors: []", "designated_model: true", "license: CC-BY-4.0",
        "methods: law of departure, road, queue and reception, pooled with statistical baselines",
    )  # fmt: skip
    return ("\n".join(lines) + "\n").encode()


def _hub_tasks(forecast: Forecast, rows: Sequence[Sequence[Any]]) -> bytes:
    """The hub's task file: what this round holds, by target."""
    targets = [target for target in forecast.series if any(row[1] == target for row in rows)]
    return _json(
        {
            "schema_version": HUB_SCHEMA,
            "rounds": [
                {
                    "round_id_from_variable": True, "round_id": "reference_date",
                    "model_tasks": [_hub_task(target, rows, forecast) for target in targets],
                    "submissions_due": {"relative_to": "reference_date", "start": 0, "end": 1},
                }
            ],
        }
    )  # fmt: skip


def _hub_task(target: str, rows: Sequence[Sequence[Any]], forecast: Forecast) -> dict[str, Any]:
    own = [row for row in rows if row[1] == target and row[5] == "quantile"]
    levels = sorted({float(row[6]) for row in own})
    return {
        "task_ids": {
            "reference_date": {"required": None, "optional": [forecast.reference_date.isoformat()]},
            "target": {"required": None, "optional": [target]},
            "horizon": {"required": None, "optional": sorted({int(row[2]) for row in own})},
            "location": {"required": None, "optional": sorted({str(row[3]) for row in own})},
            "target_end_date": {"required": None, "optional": sorted({str(row[4]) for row in own})},
        },
        "output_type": {
            "quantile": {
                "output_type_id": {"required": levels},
                "is_required": True, "value": {"type": "double", "minimum": 0},
            },
            **_hub_samples(target, rows),
        },
        "target_metadata": [
            {
                "target_id": target, "target_name": target, "target_units": "persons",
                "target_keys": {"target": target}, "target_type": "continuous", "is_step_ahead": True,
                "time_unit": "week" if target.startswith("week") else "day",
            }
        ],
    }  # fmt: skip


def _hub_samples(target: str, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The output type of joint samples, for a target that has some: one index is one world over all its tasks."""
    count = len({row[6] for row in rows if row[1] == target and row[5] == "sample"})
    params = {"type": "integer", "min_samples_per_task": count, "max_samples_per_task": count,
              "compound_taskid_set": ["reference_date"]}  # fmt: skip
    value = {"type": "double", "minimum": 0}
    return {"sample": {"output_type_id_params": params, "is_required": False, "value": value}} if count else {}


def _hub_admin(world: World) -> bytes:
    return _json(
        {
            "schema_version": HUB_SCHEMA.replace("tasks-schema", "admin-schema"),
            "name": world.title, "maintainer": "the publishing agency", "contact": {"name": "the publishing agency",
            "email": "not-given@example.org"}, "repository": {"host": "github", "owner": "sarai", "name": "hub"},
            "file_format": ["csv"], "timezone": HUB_UTC if world.timezone == "UTC" else world.timezone,
        }
    )  # fmt: skip


def _package(world: World, files: Mapping[str, bytes], record_id: str, level: Level) -> bytes:
    """A Frictionless data package over the data files, with hash, level and record of each."""
    resources = [
        {
            "name": name.rsplit("/", 1)[-1].lower().replace(".", "-"), "path": name, "bytes": len(data),
            "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "format": _format(name),
            "mediatype": MEDIA_TYPES.get(_format(name), "application/octet-stream"), "encoding": "utf-8",
            "licenses": [LICENCE], **_schema(name, data),
            "sarai:level": "public" if name in PUBLIC_FILES else level,
        }
        for name, data in sorted(files.items())
    ]  # fmt: skip
    return _json(
        {
            "profile": "data-package", "name": package_name(world.title), "title": world.title, "licenses": [LICENCE],
            "sarai:reference_date": world.as_of.isoformat(), "sarai:record": record_id, "sarai:version": __version__,
            "resources": resources,
        }
    )  # fmt: skip


def _format(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def _schema(name: str, data: bytes) -> dict[str, Any]:
    """Profile, fields and dialect of a CSV: an HXL file has a row of tags below its header."""
    if not name.endswith(".csv"):
        return {"profile": "data-resource"}
    head = data.decode().splitlines()[0].split(",")
    tagged = ".hxl." in name
    fields = [{"name": field, "type": "string" if tagged else FIELD_TYPES.get(field, "string"),
               **({"description": HXL_NOTES[field]} if tagged and field in HXL_NOTES else {})}
              for field in head]  # fmt: skip
    return {"profile": "tabular-data-resource", "schema": {"fields": fields}}


def _json(data: Any) -> bytes:
    return (json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def package_name(title: str) -> str:
    """A title as the name of a data package: lower case, digits and hyphens. The folder's name never shows."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "case"
