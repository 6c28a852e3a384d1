"""Shapes of what comes in: the API's own description is written from these."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sarai.plan.bounds import MOST_UNITS

LONGEST_VALUE = 200
MOST_CHANGES = 50
MOST_SCENARIOS = 12
LONGEST_DAYS = 3660
MOST_BOUNDS = 100
MOST_USD = 1e12

ShortText = Annotated[str, Field(min_length=1, max_length=LONGEST_VALUE)]
LongText = Annotated[str, Field(max_length=2 * LONGEST_VALUE)]


class Strict(BaseModel):
    """Nothing that is not named comes in."""

    model_config = ConfigDict(extra="forbid")


class ChangeIn(Strict):
    """One change: a path of the closed list and its value."""

    path: ShortText
    value: ShortText


def pairs(changes: Sequence[ChangeIn]) -> tuple[tuple[str, str], ...]:
    """Changes as plain pairs, which can be a key of the cache."""
    return tuple((change.path, change.value) for change in changes)


class Question(Strict):
    """What to change."""

    changes: Annotated[list[ChangeIn], Field(max_length=MOST_CHANGES)] = []


class ReadyQuestion(Question):
    """What to change, and for how many days ahead to be ready."""

    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS, description="days ahead, the first is the day after")] = 14


class BoundIn(Strict):
    """Units of a supply at a site: ids as in `stores` of /api/world."""

    site: ShortText
    supply: ShortText
    units: Annotated[float, Field(ge=0.0, le=MOST_UNITS, allow_inf_nan=False)]


class Money(Strict):
    """What a plan under a budget asks besides changes, days and bounds."""

    budget_usd: Annotated[float, Field(ge=0.0, le=MOST_USD, allow_inf_nan=False, description="US dollars there are")]
    in_place_by: Annotated[
        date | None, Field(description="day from which what is sent is there; null: the day after the as-of date")
    ] = None
    by_order: Annotated[
        bool, Field(description="true: nothing is there sooner than an order of the as-of day brings it")
    ] = False
    figure_persons: Annotated[
        float | None,
        Field(ge=0.0, le=MOST_UNITS, allow_inf_nan=False,
              description="single planning figure to compare with, people over the days; null: last week goes on"),
    ] = None  # fmt: skip


class PrepositionQuestion(ReadyQuestion, Money):
    """What to send where under a budget, if the changes came true."""

    at_least: Annotated[list[BoundIn], Field(max_length=MOST_BOUNDS, description="promises that are kept")] = []
    at_most: Annotated[list[BoundIn], Field(max_length=MOST_BOUNDS, description="what a site can have")] = []


class PrepositionAddress(Money):
    """The same, asked by an address."""

    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS, description="days ahead, the first is the day after")] = 14
    set: Annotated[list[LongText], Field(max_length=MOST_CHANGES, description="one change, PATH=VALUE")] = []
    at_least: Annotated[list[LongText], Field(max_length=MOST_BOUNDS, description="SITE:SUPPLY=UNITS")] = []
    at_most: Annotated[list[LongText], Field(max_length=MOST_BOUNDS, description="SITE:SUPPLY=UNITS")] = []


class ScenarioIn(Question):
    """A named set of changes."""

    name: Annotated[str, Field(min_length=1, max_length=60)]


class Comparison(Strict):
    """Scenarios to set side by side."""

    scenarios: Annotated[list[ScenarioIn], Field(min_length=1, max_length=MOST_SCENARIOS)]
