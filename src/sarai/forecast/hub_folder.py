"""A forecast hub's folder, or single files of model output, read in: settings held against a schema, rows against both.

Layout of a hub (hubverse v6): hub-config/tasks.json and admin.json, model-metadata/TEAM-MODEL.yml, and
model-output/TEAM-MODEL/DATE-TEAM-MODEL.csv or .parquet. A file outside a hub is read alike, without a task file.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import yaml

from sarai.forecast.forecast import COLUMNS
from sarai.forecast.outside import DAYS, OutsideForecast, Row, check_columns, read_outside
from sarai.world.errors import Fault, RequestError

CONFIG, OUTPUT, METADATA = "hub-config", "model-output", "model-metadata"
ENDINGS = (".csv", ".parquet")
FILE_NAME = re.compile(r"^(?:\d{4}-\d{2}-\d{2}-)?(?P<model>.+)$")
CHECKED = ("reference_date", "target", "horizon", "location", "target_end_date")


def read_models(path: Path, locations: Sequence[str], taken: Sequence[str]) -> list[OutsideForecast]:
    """Every forecast of a hub folder or of one file. Raises RequestError with all faults.

    locations  crossings of the case      taken   names of our own models, which no outside model may bear
    """
    if path.is_dir():
        return _read_hub(path, locations, taken)
    match = FILE_NAME.match(path.stem)
    return _read_file(path, path.name, match["model"] if match else path.stem, locations, taken, {})


def _read_hub(folder: Path, locations: Sequence[str], taken: Sequence[str]) -> list[OutsideForecast]:
    faults: list[Fault] = []
    tasks = checked_document(folder / CONFIG / "tasks.json", "tasks.json", faults)
    checked_document(folder / CONFIG / "admin.json", "admin.json", faults)
    for file in sorted((folder / METADATA).glob("*.y*ml")):
        checked_document(file, "metadata", faults)
    allowed = {} if faults or tasks is None else allowed_values(tasks)
    files = sorted(file for file in (folder / OUTPUT).glob("*/*") if file.suffix in ENDINGS)
    if not files:
        faults.append(
            Fault(file=OUTPUT, what="this hub holds no model output", wanted="TEAM-MODEL/DATE-TEAM-MODEL.csv")
        )
    found: list[OutsideForecast] = []
    for file in files:
        name = "/".join(file.parts[-3:])
        if not file.stem.endswith(f"-{file.parent.name}"):
            faults.append(Fault(file=name, what="file and folder name different models", found=file.stem,
                                wanted=f"DATE-{file.parent.name}"))  # fmt: skip
            continue
        try:
            found += _read_file(file, name, file.parent.name, locations, taken, allowed)
        except RequestError as error:
            faults += error.faults
    if faults:
        raise RequestError(faults)
    return found


def _read_file(
    path: Path, name: str, model: str, locations: Sequence[str], taken: Sequence[str], allowed: Mapping[str, set[str]]
) -> list[OutsideForecast]:
    if model in taken:
        raise RequestError(Fault(file=name, column="--outside", what="the model has the name of one of ours",
                                 found=model, wanted="another name, in the hubs TEAM-MODEL"))  # fmt: skip
    rows = list(read_rows(path, name))
    faults: dict[tuple[str, str], Fault] = {}
    for line, cells in rows:
        for column, values in allowed.items():
            if cells["target"] in DAYS and cells[column] not in values:
                fault = Fault(file=name, row=line, column=column, what="the task file of the hub has no such value",
                              found=cells[column], wanted=", ".join(sorted(values)[:6]))  # fmt: skip
                faults.setdefault((column, cells[column]), fault)
    if faults:
        raise RequestError(list(faults.values()))
    return read_outside(rows, model=model, file=name, locations=locations)


def read_rows(path: Path, name: str) -> Iterator[Row]:
    """Rows with their line in the file (the header is line 1), cells as text. Raises RequestError where unreadable."""
    try:
        if path.suffix == ".parquet":
            table = pl.read_parquet(path)
            check_columns(table.columns, name)
            texts = table.select(pl.col(column).cast(pl.String) for column in COLUMNS)
            for line, values in enumerate(texts.iter_rows(), start=2):
                yield line, dict(zip(COLUMNS, (value or "" for value in values), strict=True))
            return
        reader = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig")))
        check_columns(reader.fieldnames or (), name)
        for row in reader:
            yield reader.line_num, {column: row[column] or "" for column in COLUMNS}
    except (OSError, UnicodeDecodeError, csv.Error, pl.exceptions.PolarsError) as error:
        raise RequestError(Fault(file=name, column="--outside", what="this file cannot be read", found=str(error),
                                 wanted="CSV in UTF-8, or Parquet, in the hubs' columns")) from error  # fmt: skip


@cache
def hub_schema() -> dict[str, Any]:
    """Our own statement of what a hub folder must say."""
    text = (resources.files("sarai.forecast") / "hub_schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def checked_document(path: Path, kind: str, faults: list[Fault]) -> Any:
    """A settings file of a hub, held against its part of the schema; None where it cannot be read."""
    name = "/".join(path.parts[-2:])
    try:
        text = path.read_bytes().decode("utf-8-sig")
        document = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError) as error:
        faults.append(Fault(file=name, what="this file of the hub cannot be read", found=str(error).splitlines()[0],
                            wanted="the settings of a hubverse v6 hub"))  # fmt: skip
        return None
    schema = {**hub_schema(), "$ref": f"#/$defs/{kind}"}
    for broken in jsonschema.Draft202012Validator(schema).iter_errors(document):
        faults.append(Fault(file=name, column=broken.json_path, what="the hub's settings break the schema",
                            found=str(broken.instance)[:80], wanted=broken.message[:160]))  # fmt: skip
    return document


def allowed_values(tasks: Any) -> dict[str, set[str]]:
    """Values that the task file lists for our targets, by column; a column with no list at all is free."""
    found: dict[str, set[str]] = {}
    for task in (task for one in tasks["rounds"] for task in one["model_tasks"]):
        for column in CHECKED:
            listed = task["task_ids"].get(column, {})
            values = [*(listed.get("required") or ()), *(listed.get("optional") or ())]
            found.setdefault(column, set()).update(str(value) for value in values)
    return {column: values for column, values in found.items() if values}
