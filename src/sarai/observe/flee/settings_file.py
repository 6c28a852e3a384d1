"""Reading `simsetting.yml`: every key is used, has a known lack of effect, or is refused by name."""

from __future__ import annotations

from pathlib import Path

import yaml

from sarai.model.flight.settings import SECTIONS, SETTING_ROWS, FlightSettings, SettingRow, Value, default_settings
from sarai.observe.flee.rows import Findings, nearest

ROW_OF_KEY = {row.key: row for row in SETTING_ROWS}
ALIASES = {
    "spawn_rules.camps_are_sicks": "spawn_rules.camps_are_sinks",
    "spawn_rules.flood_driven_spawn_mode.flood_spawn_mode": "spawn_rules.flood_driven_spawn_mode.spawn_mode",
}
"""Keys under which Flee's code and Flee's manual know the same setting."""


def _leaves(node: yaml.Node, path: str, label: str, findings: Findings) -> list[tuple[str, int, yaml.Node]]:
    """Dotted path, line and value node of every key that is not a section."""
    if not isinstance(node, yaml.MappingNode):
        findings.fault(
            label,
            node.start_mark.line + 1,
            path,
            "a section must hold keys",
            wanted="key: value",
            mend="indent its keys",
        )
        return []
    found: list[tuple[str, int, yaml.Node]] = []
    seen: set[str] = set()
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = f"{path}.{key_node.value}" if path else str(key_node.value)
        if key in seen:
            findings.fault(label, line, key, "the key stands twice", mend="keep one of the two")
        seen.add(key)
        if key in SECTIONS:
            if value_node.tag == "tag:yaml.org,2002:null":
                found.append((key, line, value_node))
            else:
                found.append((key, line, value_node))
                found.extend(_leaves(value_node, key, label, findings))
        else:
            found.append((ALIASES.get(key, key), line, value_node))
    return found


def _plain(node: yaml.Node) -> object:
    """Value of a node; its text where YAML takes it for something that does not exist, as 30 February."""
    try:
        return yaml.SafeLoader("").construct_object(node, deep=True)
    except (ValueError, yaml.YAMLError):
        return str(node.value)


def _float_list(value: object) -> tuple[float, ...] | None:
    items = list(value.values()) if isinstance(value, dict) else value
    if isinstance(items, list) and items and all(type(item) in (int, float) for item in items):
        return tuple(float(item) for item in items)
    return None


def _checked(row: SettingRow, value: object) -> tuple[Value, str]:
    """The value in its type, and what is wrong with it (empty when nothing is)."""
    if row.kind == "bool":
        return (value, "") if isinstance(value, bool) else (None, "true or false, without quotes")
    if row.kind == "word":
        word = str(value).lower()
        return (word, "") if word in row.words else (None, "one of " + ", ".join(row.words))
    if row.kind == "list":
        if value is None or value == []:
            return row.default, "" if value is None or row.default == () else "at least one number"
        numbers = _float_list(value)
        if numbers is None:
            return None, "a list of numbers, as in [1.0, 0.5]"
        bad = [item for item in numbers if not _inside(row, item)]
        return (numbers, "") if not bad else (None, _bounds(row) + " in every place of the list")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None, "a number" + _bounds(row, lead=", ")
    if row.kind == "int":
        if float(value) != int(value):
            return None, "a whole number"
        value = int(value)
    else:
        value = float(value)
    return (value, "") if _inside(row, value) else (None, _bounds(row))


def _inside(row: SettingRow, value: float) -> bool:
    return (row.low is None or value >= row.low) and (row.high is None or value <= row.high)


def _bounds(row: SettingRow, lead: str = "") -> str:
    if row.low is None and row.high is None:
        return ""
    if row.high is None:
        return f"{lead}{row.low:g} or more"
    return f"{lead}{row.low:g} to {row.high:g}"


def read_settings(path: Path, findings: Findings, label: str = "simsetting.yml") -> FlightSettings | None:
    """Settings of a run. Unknown keys, wrong types, values out of bounds and refused settings are faults."""
    if not path.is_file():
        findings.fault(label, 0, "", "the settings file is missing", mend=f"add {label}, or name one with --settings")
        return None
    try:
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        findings.fault(
            label, line, "", "this is not YAML", found=str(error).splitlines()[0], mend="mend the indentation"
        )
        return None
    before = len(findings.faults)
    values: dict[str, Value] = {}
    present: set[str] = set()
    leaves = [] if root is None else _leaves(root, "", label, findings)
    for key, line, node in leaves:
        present.add(key)
        if key not in SECTIONS:
            _take(key, line, node, label, values, findings)
    settings = _assemble(values, present, label, findings)
    return settings if len(findings.faults) == before else None


def _take(key: str, line: int, node: yaml.Node, label: str, values: dict[str, Value], findings: Findings) -> None:
    row = ROW_OF_KEY.get(key)
    if row is None:
        tail = key.rpartition(".")[2]
        by_tail = {known.rpartition(".")[2]: known for known in ROW_OF_KEY}
        mend = f"move it: the key is {by_tail[tail]}" if tail in by_tail else nearest(key, [*ROW_OF_KEY, *SECTIONS])
        findings.fault(label, line, key, "no such setting", mend=mend)
        return
    value = _plain(node)
    if row.status == "no effect":
        findings.note(f"{key}: no effect here; {row.says}")
    elif row.status == "refused":
        if value not in (False, None, 0, []):
            findings.fault(label, line, key, f"this setting is refused: {row.says}", found=str(value), mend="remove it")
    else:
        checked, wanted = _checked(row, value)
        if wanted:
            findings.fault(
                label, line, key, "the value does not fit", found=repr(value), wanted=wanted, mend="correct it"
            )
        else:
            values[row.field] = checked


def _assemble(values: dict[str, Value], present: set[str], label: str, findings: Findings) -> FlightSettings | None:
    """Settings from the values read, after the checks that need more than one of them."""

    def clash(key: str, what: str, mend: str) -> None:
        findings.fault(label, 0, key, what, mend=mend)

    floods_only = bool(values.get("flood_zone_spawning_only", False))
    if floods_only and values.get("conflict_zone_spawning_only", True):
        clash(
            "spawn_rules.flood_zone_spawning_only",
            "people cannot leave from conflict zones only and from flood zones only",
            "set conflict_zone_spawning_only to False",
        )
    conflict_driven = "spawn_rules.conflict_driven_spawning" in present and not floods_only
    flood_driven = "spawn_rules.flood_driven_spawn_mode" in present and floods_only
    flood_rules = "move_rules.flood_rules" in present or flood_driven
    if flood_driven and not values.get("take_from_population", False):
        clash(
            "spawn_rules.take_from_population",
            "flood-driven spawning needs a population to take people from",
            "set take_from_population to True",
        )
    if "spawn_rules.flood_driven_spawn_mode" in present and not floods_only:
        findings.note("spawn_rules.flood_driven_spawn_mode: no effect unless flood_zone_spawning_only is True")
    if flood_rules and (values.get("flood_loc_weights") is None or values.get("flood_movechances") is None):
        clash(
            "move_rules.flood_rules",
            "flood rules need both lists by flood level",
            "give flood_movechances and flood_loc_weights",
        )
    settings = default_settings(
        **values, conflict_driven=conflict_driven, flood_driven=flood_driven, flood_rules=flood_rules
    )
    if settings.conflict_driven and settings.conflict_spawn_mode != "pop_ratio":
        rate = settings.displaced_per_conflict_day or 0.0
        if rate != int(rate):
            clash(
                "spawn_rules.conflict_driven_spawning.displaced_per_conflict_day",
                "constant and poisson spawning count whole people",
                f"write {int(rate)}, or use spawn_mode pop_ratio",
            )
    return settings
