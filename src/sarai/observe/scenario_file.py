"""Scenarios read from a small readable file: a list of name, why and set (PATH=VALUE lines)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sarai.observe.case_folder import find_case
from sarai.world.errors import Fault, RequestError

SCENARIO_FILE = "scenarios.yaml"
KEYS = {"name", "why", "set"}
LARGEST_FILE = 1_000_000
LARGEST_COUNT = 200


@dataclass(frozen=True, kw_only=True)
class ScenarioText:
    """A scenario as it is written: its name, the question it answers, and lines PATH=VALUE."""

    name: str
    why: str
    lines: tuple[str, ...]


def case_scenarios(name_or_path: str | Path) -> tuple[ScenarioText, ...]:
    """The scenarios that a case ships in scenarios.yaml; none where it has no such file."""
    _, folder = find_case(name_or_path)
    file = folder / SCENARIO_FILE
    return parse_scenarios(file.read_text(encoding="utf-8"), SCENARIO_FILE) if file.is_file() else ()


def read_scenarios(path: Path) -> tuple[ScenarioText, ...]:
    """The scenarios of a file, YAML or the JSON that the lab saves. Raises RequestError with every fault of it."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise RequestError(Fault(file=str(path), what="this file is too large for scenarios", mend="split it"))
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError(
            Fault(file=str(path), what="this file cannot be read", found=str(error), mend="give a scenario file")
        ) from error
    return parse_scenarios(text, path.name)


def parse_scenarios(text: str, file: str) -> tuple[ScenarioText, ...]:
    """The scenarios of a text. Raises RequestError with every fault of it."""
    try:
        data = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
    except (yaml.YAMLError, json.JSONDecodeError) as error:
        raise RequestError(
            Fault(
                file=file, what="this is neither YAML nor JSON", found=str(error).splitlines()[0], mend="see the docs"
            )
        ) from error
    items = data.get("scenarios") if isinstance(data, Mapping) else data
    if not isinstance(items, list) or len(items) > LARGEST_COUNT:
        raise RequestError(
            Fault(
                file=file,
                what="scenarios are a list",
                found=type(items).__name__,
                wanted=f"up to {LARGEST_COUNT} entries of name, why and set",
                mend="start each with `- name: ...`",
            )
        )
    faults = [fault for number, item in enumerate(items, 1) for fault in entry_faults(item, number, file)]
    if faults:
        raise RequestError(faults)
    return tuple(_scenario(item) for item in items)


def entry_faults(item: Any, number: int, file: str) -> list[Fault]:
    """Faults of one entry: no name, unknown keys, changes that are not a list."""
    place = f"entry {number}"
    if not isinstance(item, Mapping) or not str(item.get("name") or "").strip():
        return [Fault(file=file, column=place, what="a scenario needs a name", mend="start it with `- name: ...`")]
    faults = [
        Fault(file=file, column=f"{place}, {key}", what="no such key", wanted="name, why, set", mend="take it out")
        for key in item
        if key not in KEYS | {"changes"}
    ]
    if not isinstance(item.get("set", item.get("changes", [])), list | Mapping):
        faults.append(Fault(file=file, column=f"{place}, set", what="changes are a list of PATH=VALUE"))
    return faults


def _scenario(item: Mapping[str, Any]) -> ScenarioText:
    changes = item.get("set", item.get("changes", []))
    pairs = [f"{path}={value}" for path, value in changes.items()] if isinstance(changes, Mapping) else changes
    return ScenarioText(
        name=str(item["name"]).strip(), why=str(item.get("why") or ""), lines=tuple(str(line) for line in pairs)
    )
