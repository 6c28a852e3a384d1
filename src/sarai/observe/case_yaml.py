"""Plain values as YAML that a person can read: a line for each entry of a list, no aliases, no folded surprises."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_]*( [A-Za-z0-9_]+)*")
_RESERVED = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def write_yaml(document: Mapping[str, Any]) -> str:
    """The document as YAML: keys at the left, lists one entry a line, everything deeper in braces."""
    lines: list[str] = []
    for key, value in document.items():
        lines += _block(key, value, 0)
    return "\n".join(lines) + "\n"


def _block(key: str, value: Any, depth: int) -> list[str]:
    pad = "  " * depth
    if isinstance(value, Mapping) and value and depth < 2:
        return [f"{pad}{_text(key)}:", *(line for k, v in value.items() for line in _block(k, v, depth + 1))]
    if isinstance(value, list) and value and any(isinstance(item, Mapping) for item in value):
        return [f"{pad}{_text(key)}:", *(f"{pad}  - {_flow(item)}" for item in value)]
    return [f"{pad}{_text(key)}: {_flow(value)}"]


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return repr(value) if isinstance(value, int | float) else _text(str(value))


def _text(value: str) -> str:
    bare = _BARE.fullmatch(value) and value.lower() not in _RESERVED
    return value if bare else json.dumps(value, ensure_ascii=False)
