"""Levels: who an output is for, the least figure that may stand in it, and what must be asked for by name."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Literal

from sarai.world.errors import Fault, RequestError

Level = Literal["public", "restricted", "confidential"]
LEVELS: tuple[Level, ...] = ("public", "restricted", "confidential")
THRESHOLDS = MappingProxyType({"public": 10.0, "restricted": 5.0, "confidential": 0.0})
"""A144: a count of fewer persons than this is not shown at that level."""
LICENCE = {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC BY 4.0"}
INCLUDES: tuple[str, ...] = ("origins", "enforcement", "holding")
"""What is confidential and goes out only where an explicit flag asks for it, which the run record keeps."""


def check_includes(include: Sequence[str]) -> None:
    """Refuse a flag that is not known, so that nothing goes out by a slip of the pen."""
    unknown = sorted(set(include) - set(INCLUDES))
    if unknown:
        raise RequestError(
            Fault(column="--include", what="this cannot be asked for", found=", ".join(unknown),
                  wanted=" or ".join(INCLUDES), mend="leave the option out, or name one of these")
        )  # fmt: skip


def level_of(include: Sequence[str]) -> Level:
    """The level of an output that holds forecasts and needs, and what was asked for beyond them."""
    return "confidential" if include else "restricted"


def file_facts(level: Level, reference_date: str, record: str) -> dict[str, str]:
    """What every file says of itself: its level, the day it is as of, the run it comes from, its licence."""
    return {"level": level, "reference_date": reference_date, "record": record, "licence": LICENCE["name"]}
