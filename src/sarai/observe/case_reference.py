"""The reference page of the case folder and the JSON Schema of case.yaml, both made from the code that reads them."""

from __future__ import annotations

import json
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sarai.observe.case_schema import CaseFile, Item, case_json_schema
from sarai.observe.case_shape import models_of
from sarai.observe.case_specs import TableSpec
from sarai.observe.case_tables import SPECS

OPENING = """\
# The case folder

<!-- made from src/sarai/observe by `sarai cases --reference`; a test holds it to the code -->

A case is a folder of plain text: `case.yaml` and tables. The smallest valid case is `case.yaml` with `schema`,
`timezone`, `crossings` and `calendar`, and the tables `observations.csv`, `sources.csv` and `events.csv` (a header
alone is enough). Everything else has a default, and each default is a numbered assumption that `sarai check`
and the briefing list. Aggregate counts only: a table that looks like data on individuals is refused.

```yaml
schema: 1
timezone: Asia/Karachi
crossings:
  - {id: north_gate, name: North Gate, lat: 34.1, lon: 71.1}
calendar:
  waves:
    - {id: first, announced: 2030-03-01, deadline: 2030-03-31, source: ministry, known: 2030-03-01}
population: {low: 100000, high: 300000, source: ministry, known: 2030-03-01}
```

**As of a day.** `known` is the first day on which a run may use a row or item; without it an item is always known, a
wave from its announcement, a closure from its first day, and an item that cites a source with a full publication date
from that day. Several entries for one thing (the hours of a crossing, a capacity, a stratum, a setting, the routing
from one place, the destination shares of one crossing) may stand side by side with different `known`: the last one
known holds. A later decision on a wave is an entry of `calendar.changes`. Deleting everything known after a day changes
no output of a run as of that day.

**Basis.** Every item may say where it comes from: `source` (an id of sources.csv), `assumption` (a number such as A21),
`known`, `known_assumed: true` where that day is our judgement, and `note`, which never feeds the model.

**Text.** UTF-8. In `case.yaml` only `true`, `false`, `null`, numbers and dates (2023-10-28) are anything but text.
Tables are CSV with commas. Ids are small letters, digits and underscores.
"""


def schema_text() -> str:
    """The JSON Schema of case.yaml as the text of observe/case_schema.json."""
    return json.dumps(case_json_schema(), indent=2, ensure_ascii=False) + "\n"


def reference_text() -> str:
    """docs/reference/case.md."""
    parts = [OPENING, "\n## case.yaml\n"]
    parts += [_model_section(title, model) for title, model in _models()]
    parts.append("\n## Tables\n")
    parts += [_table_section(spec) for spec in SPECS]
    return "\n".join(parts)


def _models() -> Iterator[tuple[str, type[BaseModel]]]:
    """Every mapping of case.yaml once, outermost first."""
    queue: list[tuple[str, type[BaseModel]]] = [("case.yaml", CaseFile)]
    seen: set[type[BaseModel]] = set()
    while queue:
        title, model = queue.pop(0)
        if model in seen:
            continue
        seen.add(model)
        yield title, model
        for name, info in model.model_fields.items():
            key = info.alias or name
            queue += [(key if model is CaseFile else f"{title}.{key}", inner) for inner in models_of(info.annotation)]


def _model_section(title: str, model: type[BaseModel]) -> str:
    lines = [f"### `{title}`", "", (model.__doc__ or "").strip(), ""]
    lines += ["| key | value | default | meaning |", "|---|---|---|---|"]
    shared = set(Item.model_fields) if issubclass(model, Item) else set()
    for name, info in model.model_fields.items():
        if name not in shared:
            lines.append(_field_line(info.alias or name, info))
    if shared:
        lines.append(
            "| `source`, `assumption`, `known`, `known_assumed`, `note` | | none | where it comes from, see below |"
        )
    return "\n".join(lines) + "\n"


def _field_line(key: str, info: FieldInfo) -> str:
    default = "needed" if info.is_required() else _default(info)
    return f"| `{key}` | {_kind(info.annotation, info)} | {default} | {info.description or ''} |"


def _default(info: FieldInfo) -> str:
    value = info.get_default(call_default_factory=True)
    return "none" if value in (None, "", [], {}) else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _kind(annotation: Any, info: FieldInfo | None = None) -> str:
    bounds = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    metadata = info.metadata if info else []
    pairs = [(sign, getattr(item, key, None)) for item in metadata for key, sign in bounds.items()]
    notes = [f"{sign} {value:g}" for sign, value in pairs if isinstance(value, int | float)]
    text = _type_name(annotation)
    return f"{text} {', '.join(notes)}".strip()


def _type_name(annotation: Any) -> str:
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _type_name(args[0])
    if origin is typing.Literal:
        return " or ".join(f"`{value}`" for value in args)
    if origin is list:
        return f"list of {_type_name(args[0])}"
    if origin is dict:
        return f"{_type_name(args[0])}: {_type_name(args[1])}"
    if args:
        return " or ".join(_type_name(arg) for arg in args if arg is not type(None))
    names = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "date": "date"}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "mapping"
    return names.get(getattr(annotation, "__name__", ""), "text")


def _table_section(spec: TableSpec) -> str:
    lines = [f"### `{spec.file}`", "", spec.about, "", "| column | cells | needed | meaning |", "|---|---|---|---|"]
    words = {"maybe_date": "date or empty", "count": "whole number", "flag": "true or false"}
    for column in spec.columns:
        also = f" (or `{'`, `'.join(column.also)}`)" if column.also else ""
        needed = "yes" if column.needed else ""
        lines.append(f"| `{column.name}`{also} | {words.get(column.kind, column.kind)} | {needed} | {column.about} |")
    return "\n".join(lines) + "\n"
