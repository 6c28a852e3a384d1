"""Reading case.yaml: plain values with the line of every key, no surprises from YAML 1.1.

Only these plain scalars are anything but text: true, false, null or nothing, whole and decimal numbers, and ISO dates.
So `no`, `on`, `07:00` and `1_000` stay text, and a date that is no date stays text and is reported as such.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from sarai.world.civil import FIRST_YEAR, LAST_YEAR
from sarai.world.errors import Fault

Path = tuple[str | int, ...]
_WHOLE = re.compile(r"[-+]?\d+")
_DECIMAL = re.compile(r"[-+]?(\d+\.\d*|\.\d+|\d+(\.\d*)?[eE][-+]?\d+)")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_DEPTH, MOST_ENTRIES = 20, 200_000


def read_yaml(text: str, file: str) -> tuple[Any, Mapping[Path, int], list[Fault]]:
    """The document as dicts, lists and scalars; the line of each path, from 1; and what is wrong with the text."""
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        return None, {}, [_syntax_fault(error, file)]
    except RecursionError:
        fault = Fault(
            file=file, what="the file is nested too deeply", wanted="the layout of a case", mend="see `sarai new`"
        )
        return None, {}, [fault]
    lines: dict[Path, int] = {}
    faults: list[Fault] = []
    value = _value(node, (), lines, faults, file) if node is not None else None
    return value, lines, faults


def _value(node: yaml.Node, path: Path, lines: dict[Path, int], faults: list[Fault], file: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if len(path) > MOST_DEPTH or len(lines) > MOST_ENTRIES:
        what = "the file is nested too deeply, has too many entries, or an alias that holds itself"
        fault = Fault(file=file, row=lines[path], what=what, mend="write entries out, without `&` and `*`")
        if fault not in faults[-1:]:
            faults.append(fault)
        return None
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines, faults, file)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, i), lines, faults, file) for i, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(
    node: yaml.MappingNode, path: Path, lines: dict[Path, int], faults: list[Fault], file: str
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
        row = key_node.start_mark.line + 1
        if key in out:
            column = ".".join(map(str, (*path, key)))
            what = "the key stands twice"
            faults.append(Fault(file=file, row=row, column=column, what=what, found=key, mend="keep one of the two"))
        out[key] = _value(value_node, (*path, key), lines, faults, file)
        lines[(*path, key)] = row
    return out


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if getattr(node, "style", None) in ("'", '"', "|", ">"):
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE.fullmatch(text):
        return int(text) if len(text) < 20 else text
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _ISO_DATE.fullmatch(text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return text
        return day if FIRST_YEAR <= day.year <= LAST_YEAR else text
    return text


def _syntax_fault(error: yaml.YAMLError, file: str) -> Fault:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Fault(
        file=file,
        row=mark.line + 1 if mark is not None else 0,
        what="the file is not valid YAML",
        found=str(problem),
        wanted="`key: value` lines, lists with `- `, spaces and no tabs for indenting",
        mend="look at this line and the one above it for a missing colon, quote or bracket",
    )
