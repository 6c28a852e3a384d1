"""Rates: shares of the people who arrive that call for care of their own, each with its source."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib import resources

from sarai.world.world import Fact, World

UNACCOMPANIED = "unaccompanied_children"
FEAR_WORDS = ("left for fear of arrest", "left out of fear of being arrested")


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A share in per cent of those who arrive, as a range, with its source."""

    id: str
    what: str
    low: float
    high: float
    source: str
    note: str

    @property
    def middle(self) -> float:
        """The middle of the range, as a share."""
        return (self.low + self.high) / 200.0


@cache
def default_rates() -> dict[str, Rate]:
    """The table that ships with sarai (plan/rates.csv), by id."""
    text = (resources.files("sarai.plan") / "rates.csv").read_text(encoding="utf-8")
    return {
        row["id"]: Rate(
            id=row["id"], what=row["what"], low=float(row["low"]), high=float(row["high"]), source=row["source"],
            note=row["note"],
        )
        for row in csv.DictReader(io.StringIO(text))
    }  # fmt: skip


def fear_fact(world: World) -> Fact | None:
    """The latest survey known that says which share left for fear of arrest; None where there is none."""
    found = [
        fact
        for fact in world.facts
        if fact.table == "profile" and fact.unit == "percent" and fact.value is not None and fact.item in FEAR_WORDS
    ]
    return max(found, key=lambda fact: (fact.known, fact.id), default=None)
