"""Which of the emergencies that the tables of this room were learned from is the one at hand.

Told from what the case says of itself, never from the name of its folder: a copy under another name, or a case rebuilt
from a record, must have the same forecast, and nothing that was learned from itself.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from sarai.world.world import World


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """One emergency of the tables: between which countries, from its first to its last report."""

    case: str
    country_from: str
    country_to: str
    first: date
    last: date


@cache
def learned_from() -> tuple[Emergency, ...]:
    """The emergencies behind past_deadlines.csv and pool_evidence.csv."""
    text = (resources.files("sarai.forecast") / "emergencies.csv").read_text(encoding="utf-8")
    return tuple(
        Emergency(
            case=row["case"], country_from=row["country_from"], country_to=row["country_to"],
            first=date.fromisoformat(row["first"]), last=date.fromisoformat(row["last"]),
        )
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip


def same_emergencies(world: World) -> frozenset[str]:
    """Names of those that this world is a case of: the same two countries, and days in common."""
    return frozenset(
        one.case
        for one in learned_from()
        if (one.country_from.casefold(), one.country_to.casefold())
        == (world.country_from.casefold(), world.country_to.casefold())
        and min(world.start, world.as_of) <= one.last
        and world.as_of >= one.first
    )
