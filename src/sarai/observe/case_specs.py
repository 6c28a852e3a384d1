"""The tables of a case folder as data: names, cells and meaning of every column, from case_tables.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

CellKind = Literal["text", "date", "maybe_date", "count", "number", "flag"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: what its cells hold, whether the header must name it, other names it goes by, what it means."""

    name: str
    kind: CellKind
    about: str
    needed: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TableSpec:
    """A table by file name, what a row of it is, and for fact tables which columns are place, topic and item."""

    file: str
    about: str
    columns: tuple[Column, ...]
    roles: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file name without its ending."""
        return self.file.removesuffix(".csv")


@cache
def read_specs() -> Mapping[str, TableSpec]:
    """Every table of a case folder, by name, in the order in which they are documented."""
    text = (resources.files("sarai.observe") / "case_tables.toml").read_text(encoding="utf-8")
    return {name: _spec(name, entry) for name, entry in tomllib.loads(text).items()}


def _spec(name: str, entry: Mapping[str, Any]) -> TableSpec:
    columns = tuple(
        Column(
            name=column["name"],
            kind=column["cells"],
            about=column["about"],
            needed=column.get("needed", False),
            also=tuple(column.get("also", ())),
        )
        for column in entry["columns"]
    )
    return TableSpec(file=f"{name}.csv", about=entry["about"], columns=columns, roles=entry.get("roles", {}))
