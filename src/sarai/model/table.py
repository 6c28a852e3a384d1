"""The table of parameters: what each is, its unit, prior, bounds, basis and who may change it."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal

PriorKind = Literal["lognormal", "normal", "logitnormal", "fixed", "range", "series"]


@dataclass(frozen=True, kw_only=True)
class Prior:
    """A prior of one parameter. `centre` is the median (lognormal, logitnormal), mean (normal) or the fixed value.

    spread  sd of the log, of the value or of the logit; 0 where fixed.  rho  of an AR(1) series, else 0
    """

    kind: PriorKind
    centre: float
    spread: float = 0.0
    rho: float = 0.0


@dataclass(frozen=True, kw_only=True)
class ParameterRow:
    """One entry of `parameters.toml`. `axis` names the axes before `member`; ("constant",) has no member axis."""

    name: str
    meaning: str
    unit: str
    axis: tuple[str, ...]
    prior: Prior
    low: float
    high: float
    who: str
    basis: str
    switch: bool = False
    off: float = 0.0


def read_prior(entry: Mapping[str, object]) -> Prior:
    """A prior from its inline table."""
    kind = str(entry["kind"])
    centre = entry.get("median", entry.get("mean", entry.get("value", 0.0)))
    return Prior(
        kind=kind,  # type: ignore[arg-type]
        centre=float(centre),  # type: ignore[arg-type]
        spread=float(entry.get("sd", 0.0)),  # type: ignore[arg-type]
        rho=float(entry.get("rho", 0.0)),  # type: ignore[arg-type]
    )


@cache
def parameter_table() -> Mapping[str, ParameterRow]:
    """Every parameter of the returns law by name, in the order of the file. Part of the package, read once."""
    text = resources.files("sarai.model").joinpath("parameters.toml").read_text(encoding="utf-8")
    rows = {}
    for name, entry in tomllib.loads(text).items():
        rows[name] = ParameterRow(
            name=name,
            meaning=entry["meaning"],
            unit=entry["unit"],
            axis=tuple(entry["axis"]),
            prior=read_prior(entry["prior"]),
            low=float(entry["low"]),
            high=float(entry["high"]),
            who=entry["who"],
            basis=entry["basis"],
            switch=bool(entry.get("switch", False)),
            off=float(entry.get("off", 0.0)),
        )
    return MappingProxyType(rows)


def setting_bounds(name: str, entry: str = "") -> tuple[float, float]:
    """Least and greatest value of a setting `name` or `name.entry` of a case; `affinity` is a logit of a crossing."""
    if entry == "spread":
        return 0.0, math.inf
    row = parameter_table()["crossing_affinity" if name == "affinity" else name]
    return row.low, row.high
